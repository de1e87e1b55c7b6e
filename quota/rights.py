"""Who may do what to whose records: the one place where role, centre, employer and territory decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, false

from quota.errors import NotAllowed, NotFound


class Role(StrEnum):
    STAFF = "staff"
    EMPLOYER = "employer"
    PROBATION = "probation"
    PROSECUTOR = "prosecutor"
    SPECIALIST = "specialist"
    CLERK = "clerk"
    ADMINISTRATOR = "administrator"
    OFFICER = "officer"  # data-protection officer
    CANDIDATE = "candidate"  # by a personal code, without an account
    SYSTEM = "system"  # the command line and the timer, on the office's own machine


ACCOUNT_ROLES = tuple(role for role in Role if role not in (Role.CANDIDATE, Role.SYSTEM))


class Reach(StrEnum):
    ALL = "all"
    CENTRE = "centre"
    TERRITORY = "territory"
    SUPERVISED = "supervised"  # of the territory, those under supervision
    KNOWN = "known"  # of the territory, those under supervision and whoever takes part in matching
    EMPLOYER = "employer"
    OWN = "own"
    ASSIGNED = "assigned"  # what the account itself has to do


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `territory` is a place path such as `/190000000/`; a record lies in it by prefix."""

    role: Role
    account_id: int | None = None
    centre_id: int | None = None
    employer_id: int | None = None
    candidate_id: int | None = None
    territory: str | None = None


SYSTEM = Actor(Role.SYSTEM)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a record stands: each part that it has."""

    centre_id: int | None = None
    employer_id: int | None = None
    candidate_id: int | None = None
    executor_id: int | None = None
    territory: str | None = None
    supervised: bool = False
    takes_part: bool = False


_REGISTRY_READERS = {
    Role.STAFF: Reach.CENTRE,
    Role.PROBATION: Reach.TERRITORY,
    Role.PROSECUTOR: Reach.TERRITORY,
}
_CENTRE = {Role.STAFF: Reach.CENTRE}
_CENTRE_OR_EMPLOYER = {Role.STAFF: Reach.CENTRE, Role.EMPLOYER: Reach.EMPLOYER}

RIGHTS: Mapping[str, Mapping[Role, Reach]] = {
    "accounts.manage": {Role.ADMINISTRATOR: Reach.ALL},
    "aliases.edit": _CENTRE,
    "journal.read": {Role.OFFICER: Reach.ALL},
    "contacts.edit": _CENTRE,
    "contacts.read": _REGISTRY_READERS,
    "centres.read": dict.fromkeys(ACCOUNT_ROLES, Reach.ALL),
    "employers.read": {**_REGISTRY_READERS, Role.EMPLOYER: Reach.EMPLOYER},
    "employers.edit": _CENTRE,
    "meetings.edit": _CENTRE,
    "meetings.read": _REGISTRY_READERS,
    "memoranda.read": {**_REGISTRY_READERS, Role.EMPLOYER: Reach.EMPLOYER},
    "memoranda.edit": _CENTRE,
    "decrees.read": {**_REGISTRY_READERS, Role.EMPLOYER: Reach.EMPLOYER},
    "decrees.edit": _CENTRE,
    "slots.read": {**_REGISTRY_READERS, Role.EMPLOYER: Reach.EMPLOYER},
    "slots.edit": _CENTRE,
    "vacancies.read": {**_REGISTRY_READERS, Role.EMPLOYER: Reach.EMPLOYER},
    "vacancies.edit": _CENTRE_OR_EMPLOYER,
    "candidates.read": {Role.STAFF: Reach.CENTRE, Role.PROBATION: Reach.SUPERVISED},
    "candidates.browse": {
        Role.STAFF: Reach.CENTRE,
        Role.PROBATION: Reach.SUPERVISED,
        Role.CLERK: Reach.TERRITORY,
    },
    "candidates.edit": _CENTRE,
    "candidates.own": {Role.CANDIDATE: Reach.OWN},
    "surveys.take": {
        Role.STAFF: Reach.CENTRE,
        Role.CLERK: Reach.TERRITORY,
        Role.CANDIDATE: Reach.OWN,
    },
    "codes.issue": {Role.STAFF: Reach.CENTRE, Role.CLERK: Reach.TERRITORY},
    "tasks.do": {Role.STAFF: Reach.CENTRE, Role.PROBATION: Reach.SUPERVISED},
    "persons.report": {
        Role.STAFF: Reach.CENTRE,
        Role.OFFICER: Reach.ALL,
        Role.CANDIDATE: Reach.OWN,
    },
    "persons.ask": {
        Role.STAFF: Reach.CENTRE,
        Role.OFFICER: Reach.ALL,
        Role.CANDIDATE: Reach.OWN,
    },
    "persons.block": {Role.STAFF: Reach.CENTRE, Role.OFFICER: Reach.ALL},
    "persons.erase": {Role.OFFICER: Reach.ALL},
    # Of released people too: a ban may be for life, and one on work with minors minds past convictions.
    # But nobody hears of them before their consent to matching, nor after it was taken back.
    "restrictions.read": {Role.PROBATION: Reach.KNOWN},
    "restrictions.edit": {Role.PROBATION: Reach.KNOWN},
    "restrictions.effects": {Role.STAFF: Reach.CENTRE, Role.PROBATION: Reach.SUPERVISED},
    "programmes.read": {Role.STAFF: Reach.CENTRE, Role.PROBATION: Reach.SUPERVISED},
    "programmes.edit": _CENTRE,
    "measures.do": {Role.STAFF: Reach.CENTRE, Role.SPECIALIST: Reach.ASSIGNED},
    "measures.confirm": {Role.STAFF: Reach.CENTRE, Role.PROBATION: Reach.SUPERVISED},
    "receptions.hold": {Role.SPECIALIST: Reach.ASSIGNED},
    "checkins.read": {Role.PROBATION: Reach.SUPERVISED, Role.CLERK: Reach.TERRITORY},
    "checkins.decide": {Role.PROBATION: Reach.SUPERVISED},
    "checkins.confirm": {Role.CLERK: Reach.TERRITORY, Role.CANDIDATE: Reach.OWN},
    "courses.read": {Role.STAFF: Reach.CENTRE, Role.PROBATION: Reach.TERRITORY},
    "courses.edit": _CENTRE,
    "enrolments.answer": {Role.STAFF: Reach.CENTRE, Role.CANDIDATE: Reach.OWN},
    "enrolments.permit": {Role.PROBATION: Reach.SUPERVISED},
    "rounds.read": _REGISTRY_READERS,
    "rounds.run": _CENTRE,
    # Of people under supervision: whoever was released is not made known to an inspector by having work.
    "proposals.read": {Role.STAFF: Reach.CENTRE, Role.PROBATION: Reach.SUPERVISED},
    "proposals.review_supervised": {Role.PROBATION: Reach.TERRITORY},
    "proposals.review_other": _CENTRE,
    "consents.record": {Role.STAFF: Reach.CENTRE, Role.CANDIDATE: Reach.OWN},
    "referrals.read": {
        Role.STAFF: Reach.CENTRE,
        Role.PROBATION: Reach.SUPERVISED,
        Role.EMPLOYER: Reach.EMPLOYER,
    },
    "referrals.issue": _CENTRE,
    "referrals.answer": _CENTRE_OR_EMPLOYER,
    "referrals.decline": {Role.STAFF: Reach.CENTRE, Role.CANDIDATE: Reach.OWN},
    "desk.read": {Role.EMPLOYER: Reach.EMPLOYER},
    "desk.edit": _CENTRE_OR_EMPLOYER,
    "desk.manage": _CENTRE,
    "evidence.read": {
        Role.STAFF: Reach.CENTRE,
        Role.PROSECUTOR: Reach.TERRITORY,
        Role.EMPLOYER: Reach.EMPLOYER,
    },
    "evidence.send": _CENTRE_OR_EMPLOYER,
    "evidence.judge": _CENTRE,
    "placements.read": {
        Role.STAFF: Reach.CENTRE,
        Role.PROBATION: Reach.SUPERVISED,
        Role.EMPLOYER: Reach.EMPLOYER,
    },
    "placements.record": _CENTRE_OR_EMPLOYER,
    "placements.answer": {**_CENTRE_OR_EMPLOYER, Role.CANDIDATE: Reach.OWN},
    "reports.read": _REGISTRY_READERS,
    "inspections.run": {Role.PROSECUTOR: Reach.TERRITORY},
    "inspections.answer": {Role.EMPLOYER: Reach.EMPLOYER},
    "inspections.evidence": {Role.PROSECUTOR: Reach.TERRITORY, Role.EMPLOYER: Reach.EMPLOYER},
    "inspections.read": {
        Role.STAFF: Reach.CENTRE,
        Role.PROSECUTOR: Reach.TERRITORY,
        Role.EMPLOYER: Reach.EMPLOYER,
    },
    "offences.report": {Role.PROSECUTOR: Reach.TERRITORY},
    "imports.run": _CENTRE,
    # The acts name measures of the court, so the books are not for employers.
    "references.read": {role: Reach.ALL for role in ACCOUNT_ROLES if role is not Role.EMPLOYER},
    "references.edit": {Role.ADMINISTRATOR: Reach.ALL, Role.STAFF: Reach.ALL},
}


def has(actor: Actor, right: str) -> bool:
    return actor.role is Role.SYSTEM or actor.role in RIGHTS[right]


def reach(actor: Actor, right: str) -> Reach:
    """How far the actor's right goes; raises NotAllowed when the role has none."""
    if actor.role is Role.SYSTEM:
        return Reach.ALL
    if actor.role not in RIGHTS[right]:
        raise NotAllowed("not_allowed", right=right)
    return RIGHTS[right][actor.role]


def covers(actor: Actor, right: str, scope: Scope) -> bool:
    """Whether the actor has this right over a record that stands there."""
    return has(actor, right) and _covers(reach(actor, right), actor, scope)


def check(actor: Actor, right: str, scope: Scope) -> None:
    """Raises NotAllowed for a role without the right, NotFound for a record out of its reach."""
    if not _covers(reach(actor, right), actor, scope):
        raise NotFound("not_found")


def _covers(how_far: Reach, actor: Actor, scope: Scope) -> bool:
    match how_far:
        case Reach.ALL:
            return True
        case Reach.CENTRE:
            return actor.centre_id is not None and actor.centre_id == scope.centre_id
        case Reach.EMPLOYER:
            return actor.employer_id is not None and actor.employer_id == scope.employer_id
        case Reach.TERRITORY:
            return _lies_inside(actor, scope)
        case Reach.SUPERVISED:
            return scope.supervised and _lies_inside(actor, scope)
        case Reach.KNOWN:
            return (scope.supervised or scope.takes_part) and _lies_inside(actor, scope)
        case Reach.OWN:
            return actor.candidate_id is not None and actor.candidate_id == scope.candidate_id
        case Reach.ASSIGNED:
            return actor.account_id is not None and actor.account_id == scope.executor_id


def _lies_inside(actor: Actor, scope: Scope) -> bool:
    known = scope.territory is not None and actor.territory is not None
    return known and str(scope.territory).startswith(str(actor.territory))


Statement = TypeVar("Statement", bound=Select[*tuple[Any, ...]])


def limit(
    statement: Statement,
    actor: Actor,
    right: str,
    *,
    centre: ColumnElement[int] | Any = None,
    employer: ColumnElement[int] | Any = None,
    territory: ColumnElement[str] | Any = None,
    supervised: ColumnElement[bool] | Any = None,
    executor: ColumnElement[int] | Any = None,
) -> Statement:
    """`statement` narrowed to the rows within reach, by the columns that say where a row stands."""
    how_far = reach(actor, right)
    if how_far is Reach.ALL:
        return statement
    if how_far is Reach.CENTRE and centre is not None:
        return statement.where(centre == actor.centre_id)
    if how_far is Reach.EMPLOYER and employer is not None:
        return statement.where(employer == actor.employer_id)
    if how_far is Reach.ASSIGNED and executor is not None:
        return statement.where(executor == actor.account_id)
    if how_far is Reach.TERRITORY and territory is not None and actor.territory:
        return statement.where(territory.startswith(actor.territory))
    if how_far is Reach.SUPERVISED and supervised is not None and actor.territory:
        return statement.where(territory.startswith(actor.territory), supervised)
    return statement.where(false())
