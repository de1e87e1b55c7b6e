"""The nouns of the side bar: at most seven a role, each shown as soon as its page is served."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from litestar import Litestar

from quota.rights import Role
from web.guards import Reader
from web.i18n import N_, gettext

LABELS: Mapping[str, str] = {
    "/": N_("Today"),
    "/accounts": N_("Accounts"),
    "/candidates": N_("Candidates"),
    "/checkins": N_("Check-ins"),
    "/courses": N_("Courses"),
    "/desk": N_("My desk"),
    "/employers": N_("Employers"),
    "/journal": N_("Journal"),
    "/placements": N_("Placements"),
    "/proposals": N_("Proposals"),
    "/referrals": N_("Referrals"),
    "/reports": N_("Reports"),
    "/rounds": N_("Rounds"),
    "/vacancies": N_("Vacancies"),
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
    current: bool


def nouns_for(app: Litestar, reader: Reader | None, path: str) -> list[Noun]:
    """The reader's side bar on the page at `path`."""
    if reader is None:
        return []
    served = _served(app)
    return [
        Noun(noun, gettext(LABELS[noun]), noun == _first_part(path))
        for noun in NOUNS[reader.actor.role]
        if noun in served
    ]


@cache
def _served(app: Litestar) -> frozenset[str]:
    return frozenset(route.path for route in app.routes)


def _first_part(path: str) -> str:
    return "/" + path.strip("/").split("/")[0]
