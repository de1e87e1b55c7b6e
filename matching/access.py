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
from matching.checkins import CheckIn, CheckInOrder
from matching.choices import list_choices
from matching.code_messages import CodeMessage
from matching.consents import Consent
from matching.courses import Course, Enrolment
from matching.fields import EDITABLE
from matching.identities import open_person
from matching.looks import Listed, Look, count_listed, list_looks
from matching.outcomes import Outcome
from matching.placements import Placement
from matching.programmes import Measure
from matching.referrals import Referral
from matching.reviews import Review
from matching.rounds import Proposal
from matching.standings import Kind, list_standings
from matching.subject_requests import SubjectRequest
from matching.surveys import Survey
from matching.tasks import Note, Task
from matching.viewers import Viewer, list_offices, list_viewers
from quota import journal, rights
from quota.employers import Employer
from quota.errors import NotFound
from quota.places import names_of
from quota.rights import Actor, Role
from quota.vacancies import Vacancy


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
    person was named; `proposals` what the person was proposed for, and `words` what reviewers wrote to the
    person about it, as the state of a trace; their notes for the centre are not told; `notes` and
    `tasks` are counted, since whoever wrote them reads them out; `standings` are how status and readiness
    changed; `viewers` are those who may see the person, told to the person by their offices alone.
    `words` and `check_in_orders` are told to the person and to nobody else."""

    key: str
    made_at: datetime
    person: Mapping[str, Any]
    record: Mapping[str, Any]
    choices: Sequence[Mapping[str, Any]]
    surveys: Sequence[Trace]
    consents: Sequence[tuple[str, Trace]]
    proposals: Sequence[Trace]
    words: Sequence[Trace]
    referrals: Sequence[Trace]
    enrolments: Sequence[Trace]
    placements: Sequence[Trace]
    measures: Sequence[Trace]
    outcomes: Sequence[Trace]
    check_in_orders: Sequence[Trace]
    check_ins: Sequence[Trace]
    requests: Sequence[Trace]
    code_messages: Sequence[Trace]
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
    own = actor.role is Role.CANDIDATE
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
        proposals=_trace(session, _proposals(candidate)),
        words=_trace(session, _words(candidate)) if own else [],
        referrals=_trace(session, _referrals(candidate)),
        enrolments=_trace(session, _enrolments(candidate)),
        placements=_trace(session, _placements(candidate)),
        measures=_trace(session, _measures(candidate)),
        outcomes=_trace(session, _outcomes(candidate)),
        check_in_orders=_trace(session, _check_in_orders(candidate)) if own else [],
        check_ins=_trace(session, _check_ins(candidate)),
        requests=_trace(session, _requests(candidate)),
        code_messages=_code_messages(session, candidate),
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
        viewers=list_offices(viewers) if own else viewers,
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


def _proposals(candidate: Candidate) -> Select[str, str, datetime]:
    return (
        select(Vacancy.title, Proposal.state, Proposal.proposed_at)
        .join(Proposal, Proposal.vacancy_id == Vacancy.id)
        .where(Proposal.candidate_id == candidate.id)
        .order_by(Proposal.id)
    )


def _words(candidate: Candidate) -> Select[str, str, datetime]:
    return (
        select(Vacancy.title, Review.note_for_person, Review.at)
        .join(Proposal, Proposal.vacancy_id == Vacancy.id)
        .join(Review, Review.proposal_id == Proposal.id)
        .where(Proposal.candidate_id == candidate.id, Review.note_for_person != "")
        .order_by(Review.id)
    )


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


def _check_in_orders(candidate: Candidate) -> Select[str, str, date]:
    """By number and the day of the decision; the state is the weekdays, Monday 1."""
    mine = CheckInOrder.candidate_id == candidate.id
    columns = (CheckInOrder.number, CheckInOrder.days, CheckInOrder.decided_on)
    return select(*columns).where(mine).order_by(CheckInOrder.id)


def _requests(candidate: Candidate) -> Select[str, str, date]:
    """By kind and the day asked; the state is the outcome, empty while the request waits."""
    mine = SubjectRequest.candidate_id == candidate.id
    outcome = func.coalesce(SubjectRequest.outcome, "")
    columns = (SubjectRequest.kind, outcome, SubjectRequest.asked_on)
    return select(*columns).where(mine).order_by(SubjectRequest.id)


def _code_messages(session: Session, candidate: Candidate) -> list[Trace]:
    mine = select(CodeMessage).where(CodeMessage.candidate_id == candidate.id)
    sent = session.scalars(mine.order_by(CodeMessage.id))
    return [Trace(one.code, one.state, one.sent_at or one.made_at) for one in sent]


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
