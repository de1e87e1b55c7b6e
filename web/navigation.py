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
    "/decrees": (N_("Decrees"), N_("Acts that set quotas, and whom they name.")),
    "/desk": (N_("My desk"), N_("Your obligations, vacancies and people, and what to do next.")),
    "/employers": (
        N_("Employers"),
        N_("Memoranda, quotas by decree, places and how well they answer."),
    ),
    "/evidence": (N_("Papers"), N_("What employers sent to prove what they reported.")),
    "/imports": (
        N_("Import a table"),
        N_("Rows of a table you keep in xlsx or csv."),
    ),
    "/inspections": (
        N_("Inspections"),
        N_("Drawn samples of employers, their evidence and results."),
    ),
    "/journal": (N_("Journal"), N_("Who saw or changed what, when and why.")),
    "/meetings": (N_("Meetings"), N_("Whom to meet next, and what came of it.")),
    "/placements": (N_("Placements"), N_("People at work, followed for a year.")),
    "/professions": (
        N_("Professions by hand"),
        N_("Look titles up, correct them, teach Senim what people call their work."),
    ),
    "/proposals": (N_("Proposals"), N_("Matches that wait for your decision.")),
    "/queue": (N_("My tasks"), N_("People to receive, group work, and what came of it.")),
    "/reference": (
        N_("Reference books"),
        N_("Rates, travel times and working days, with their acts."),
    ),
    "/referrals": (N_("Referrals"), N_("Letters under way, with their clocks and answers.")),
    "/reports": (N_("Reports"), N_("Quota, funnel, wages and the month in figures.")),
    "/requests": (
        N_("Requests"),
        N_("What people asked about their own data, and records whose time has passed."),
    ),
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
    Role.EMPLOYER: ("/", "/desk", "/vacancies", "/referrals", "/placements", "/evidence"),
    Role.PROBATION: ("/", "/proposals", "/candidates", "/checkins", "/employers", "/reports"),
    Role.PROSECUTOR: ("/", "/employers", "/inspections", "/reports"),
    Role.SPECIALIST: ("/", "/queue"),
    Role.CLERK: ("/", "/candidates", "/checkins"),
    Role.ADMINISTRATOR: ("/", "/accounts"),
    Role.OFFICER: ("/", "/journal", "/requests"),
}

# What a role needs now and then: reached from Today, so that the side bar stays short.
FURTHER: Mapping[Role, tuple[str, ...]] = {
    Role.STAFF: (
        "/proposals",
        "/placements",
        "/courses",
        "/imports",
        "/meetings",
        "/evidence",
        "/decrees",
        "/inspections",
        "/professions",
        "/requests",
        "/reference",
    ),
    Role.EMPLOYER: ("/inspections",),
    Role.PROBATION: ("/placements", "/imports", "/rounds", "/vacancies", "/decrees", "/reference"),
    Role.PROSECUTOR: ("/rounds", "/vacancies", "/evidence", "/decrees", "/reference"),
    Role.ADMINISTRATOR: ("/reference",),
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


def further_for(app: Litestar, reader: Reader) -> list[Noun]:
    """The reader's pages beside the side bar."""
    served = _served(app)
    paths = FURTHER.get(reader.actor.role, ())
    return [Noun(path, *map(gettext, LABELS[path]), False) for path in paths if path in served]


def is_served(app: Litestar, path: str) -> bool:
    """Whether the site has a page at this address yet."""
    return path in _served(app)


def name_page(path: str) -> str:
    """The name of the part of the site where an address lies, or nothing where it has none."""
    part = _first_part(path)
    return gettext(LABELS[part][0]) if part in LABELS else ""


@cache
def _served(app: Litestar) -> frozenset[str]:
    return frozenset(route.path for route in app.routes)


def _first_part(path: str) -> str:
    return "/" + path.strip("/").split("/")[0]
