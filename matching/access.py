"""Access: everything stored about a person, who may see it and who did, for the person's own request.

Facts: Law of 21.05.2013 No. 94-V on personal data (access to what is kept, and to who saw it).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from matching.candidates import Candidate, Restriction
from matching.checkins import CheckIn
from matching.choices import list_choices
from matching.consents import Consent
from matching.courses import Course, Enrolment
from matching.fields import EDITABLE
from matching.identities import open_person
from matching.looks import Listed, Look, count_listed, list_looks
from matching.outcomes import Outcome
from matching.placements import Placement
from matching.programmes import Measure
from matching.referrals import Referral
from matching.standings import Kind, list_standings
from matching.surveys import Survey
from matching.tasks import Note, Task
from matching.viewers import Viewer, list_offices, list_viewers
from quota import journal, rights
from quota.employers import Employer
from quota.errors import NotFound
from quota.places import names_of
from quota.rights import Actor, Role


@dataclass(frozen=True, slots=True)
class Trace:
    """One line of what happened: about what or whom, in which state, since when."""

    about: str
    state: str
    since: datetime | date | None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything stored about a person, but the restrictions, which probation answers for: only who
    may erase learns how many are entered, and that they were. `referrals` say to which employers the
    person was named; `notes` and `tasks` are counted, since whoever wrote them reads them
    out; `standings` are how status and readiness changed; `viewers` are those
    who may see the person, told to the person by their offices alone."""

    key: str
    made_at: datetime
    person: Mapping[str, Any]
    record: Mapping[str, Any]
    choices: Sequence[Mapping[str, Any]]
    surveys: Sequence[Trace]
    consents: Sequence[tuple[str, Trace]]
    referrals: Sequence[Trace]
    enrolments: Sequence[Trace]
    placements: Sequence[Trace]
    measures: Sequence[Trace]
    outcomes: Sequence[Trace]
    check_ins: Sequence[Trace]
    standings: Sequence[Trace]
    notes: int
    tasks: int
    restrictions: int | None
    place: Mapping[str, str]
    retain_until: date | None
    blocked: bool
    erased: bool
    looks: Sequence[Look]
    listed: Sequence[Listed]
    viewers: Sequence[Viewer]


def report_on(session: Session, actor: Actor, key: str, *, now: datetime) -> Report:
    """The report to a person's request for access; making it is journalled. Raises NotAllowed or NotFound."""
    candidate = find_stored(session, actor, key, right="persons.report")
    journal.write(session, actor, "report", candidate, now=now)
    session.flush()
    person = open_person(session, candidate.id)
    silent = not rights.has(actor, "persons.erase")
    choices = list_choices(session, candidate)
    viewers = list_viewers(session, candidate)
    return Report(
        key=candidate.key,
        made_at=now,
        person=asdict(person) if person else {},
        record={name: getattr(candidate, name) for name in EDITABLE},
        choices=[{n: getattr(c, n) for n in ("rank", "title", "isco08", "years")} for c in choices],
        surveys=_trace(session, _surveys(candidate)),
        consents=_consents(session, candidate),
        referrals=_trace(session, _referrals(candidate)),
        enrolments=_trace(session, _enrolments(candidate)),
        placements=_trace(session, _placements(candidate)),
        measures=_trace(session, _measures(candidate)),
        outcomes=_trace(session, _outcomes(candidate)),
        check_ins=_trace(session, _check_ins(candidate)),
        standings=_standings(session, candidate),
        notes=_count(session, Note, candidate),
        tasks=_count(session, Task, candidate),
        restrictions=None if silent else _count(session, Restriction, candidate),
        place=names_of(session, [candidate.kato])[candidate.kato],
        retain_until=candidate.retain_until,
        blocked=candidate.blocked_at is not None,
        erased=candidate.erased_at is not None,
        looks=[k for k in list_looks(session, candidate) if not (silent and k.verb == "restrict")],
        listed=count_listed(session, candidate, now=now),
        viewers=list_offices(viewers) if actor.role is Role.CANDIDATE else viewers,
    )


def find_stored(session: Session, actor: Actor, key: str, *, right: str) -> Candidate:
    """The record with this key, also one that is closed. Raises NotAllowed or NotFound."""
    candidate = session.scalar(select(Candidate).where(Candidate.key == key))
    if candidate is None:
        rights.reach(actor, right)
        raise NotFound("not_found")
    rights.check(actor, right, candidate.scope())
    return candidate


def _surveys(candidate: Candidate) -> Select[str, str, datetime]:
    mine = Survey.candidate_id == candidate.id
    return select(Survey.way, Survey.state, Survey.saved_at).where(mine).order_by(Survey.id)


def _referrals(candidate: Candidate) -> Select[str, str, datetime]:
    return (
        select(Employer.name, Referral.state, Referral.issued_at)
        .join(Referral, Referral.employer_id == Employer.id)
        .where(Referral.candidate_id == candidate.id)
        .order_by(Referral.id)
    )


def _enrolments(candidate: Candidate) -> Select[str, str, datetime]:
    return (
        select(Course.title, Enrolment.state, Enrolment.offered_at)
        .join(Enrolment, Enrolment.course_id == Course.id)
        .where(Enrolment.candidate_id == candidate.id)
        .order_by(Enrolment.id)
    )


def _measures(candidate: Candidate) -> Select[str, str, date]:
    mine = Measure.candidate_id == candidate.id
    return select(Measure.kind, Measure.state, Measure.due_on).where(mine).order_by(Measure.id)


def _outcomes(candidate: Candidate) -> Select[str, str, date]:
    mine = Outcome.candidate_id == candidate.id
    return select(Outcome.kind, Outcome.state, Outcome.starts_on).where(mine).order_by(Outcome.id)


def _standings(session: Session, candidate: Candidate) -> list[Trace]:
    kinds = (Kind.STATUS, Kind.READINESS)
    changes = list_standings(session, candidate.id, kinds=kinds)
    return [Trace(one.kind, one.value_to, one.since or one.at) for one in changes]


def _check_ins(candidate: Candidate) -> Select[str, str, date]:
    mine = CheckIn.candidate_id == candidate.id
    return select(CheckIn.way, CheckIn.state, CheckIn.due_on).where(mine).order_by(CheckIn.due_on)


def _placements(candidate: Candidate) -> Select[str, str, date]:
    return (
        select(Employer.name, Placement.state, Placement.starts_on)
        .join(Placement, Placement.employer_id == Employer.id)
        .where(Placement.candidate_id == candidate.id)
        .order_by(Placement.id)
    )


def _consents(session: Session, candidate: Candidate) -> list[tuple[str, Trace]]:
    """Each consent by its scope; `about` is the employer, if it is to one."""
    rows = session.execute(
        select(Consent, Employer.name)
        .outerjoin(Employer, Employer.id == Consent.employer_id)
        .where(Consent.candidate_id == candidate.id)
        .order_by(Consent.id)
    )
    return [
        (c.scope, Trace(name or "", c.state, c.ended_at or c.given_at or c.asked_at))
        for c, name in rows
    ]


def _trace(session: Session, statement: Any) -> list[Trace]:
    return [Trace(about, state, since) for about, state, since in session.execute(statement)]


def _count(session: Session, table: Any, candidate: Candidate) -> int:
    return session.scalar(select(func.count()).where(table.candidate_id == candidate.id)) or 0
