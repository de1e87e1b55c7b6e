"""The nouns of the side bar: at most seven a role, each shown as soon as its page is served."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from litestar import Litestar

from quota.rights import Role
from web.guards import Reader
from web.i18n import N_, gettext

# Each page of the side bar: its label, and what one comes for.
LABELS: Mapping[str, tuple[str, str]] = {
    "/": (N_("Today"), N_("What is due, what is late, who waits for an answer.")),
    "/accounts": (N_("Accounts"), N_("Who may sign in, and as what.")),
    "/candidates": (
        N_("Candidates"),
        N_("Surveys, professions, and what is possible when and where."),
    ),
    "/checkins": (N_("Check-ins"), N_("The week at a glance: who confirmed and who did not.")),
    "/courses": (N_("Courses"), N_("Seats, enrolment and results of retraining.")),
    "/desk": (N_("My desk"), N_("Your obligations, vacancies and people, and what to do next.")),
    "/employers": (
        N_("Employers"),
        N_("Memoranda, quotas by decree, places and how well they answer."),
    ),
    "/journal": (N_("Journal"), N_("Who saw or changed what, when and why.")),
    "/placements": (N_("Placements"), N_("People at work, followed for a year.")),
    "/proposals": (N_("Proposals"), N_("Matches that wait for your decision.")),
    "/referrals": (N_("Referrals"), N_("Letters under way, with their clocks and answers.")),
    "/reports": (N_("Reports"), N_("Quota, funnel, wages and the month in figures.")),
    "/rounds": (N_("Rounds"), N_("Match people, courses and places, with reasons.")),
    "/vacancies": (N_("Vacancies"), N_("Jobs listed against quota places.")),
}

NOUNS: Mapping[Role, tuple[str, ...]] = {
    Role.STAFF: (
        "/",
        "/employers",
        "/vacancies",
        "/candidates",
        "/rounds",
        "/referrals",
        "/reports",
    ),
    Role.EMPLOYER: ("/", "/desk", "/vacancies", "/referrals", "/placements"),
    Role.PROBATION: ("/", "/proposals", "/candidates", "/checkins", "/employers", "/reports"),
    Role.PROSECUTOR: ("/", "/employers", "/reports"),
    Role.SPECIALIST: ("/",),
    Role.CLERK: ("/", "/checkins"),
    Role.ADMINISTRATOR: ("/", "/accounts"),
    Role.OFFICER: ("/", "/journal"),
}


@dataclass(frozen=True, slots=True)
class Noun:
    path: str
    label: str
    about: str
    current: bool


def nouns_for(app: Litestar, reader: Reader | None, path: str) -> list[Noun]:
    """The reader's side bar on the page at `path`."""
    if reader is None:
        return []
    served = _served(app)
    return [
        Noun(noun, *map(gettext, LABELS[noun]), current=noun == _first_part(path))
        for noun in NOUNS[reader.actor.role]
        if noun in served
    ]


def is_served(app: Litestar, path: str) -> bool:
    """Whether the site has a page at this address yet."""
    return path in _served(app)


@cache
def _served(app: Litestar) -> frozenset[str]:
    return frozenset(route.path for route in app.routes)


def _first_part(path: str) -> str:
    return "/" + path.strip("/").split("/")[0]
