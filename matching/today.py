"""Today: what is due, overdue or waits on others, as numbers by role without names."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from matching.candidates import Candidate, Status, are_supervised
from matching.checkins import MISSED, CheckIn
from matching.consents import DISCLOSURE, Consent
from matching.placement_rows import IN_WORK
from matching.placements import FollowUp, Placement
from matching.programmes import Measure
from matching.proposals import of_supervised
from matching.referrals import Referral
from matching.reviews import DECIDED_IN
from matching.rounds import Proposal, Round
from matching.snapshots import is_open
from matching.states import UNSETTLED
from matching.tasks import Task
from quota import rates, rights
from quota.calendar import local_day, midnight
from quota.cases import READING, WAITING
from quota.employers import Employer
from quota.evidence import Evidence
from quota.inspection_rows import list_inspections
from quota.inspections import list_campaigns
from quota.rights import Actor, Role

UNANSWERED = ("issued", "presented")


@dataclass(frozen=True, slots=True)
class Due:
    """`number` records wait on the reader (or, with `on_others`, on somebody else); `late` of them are
    past their day. `path` is the page where the work is done."""

    code: str
    number: int
    late: int
    path: str
    on_others: bool = False


def list_due(session: Session, actor: Actor, *, now: datetime) -> list[Due]:
    """What the reader's role has to do, with a number above zero, in a fixed order. A role without such
    work gets an empty list."""
    counts = _BY_ROLE.get(actor.role)
    return [due for due in counts(session, actor, now) if due.number] if counts else []


def _for_staff(session: Session, actor: Actor, now: datetime) -> Iterator[Due]:
    yield Due("to_publish", _solved_rounds(session, actor), 0, "/rounds")
    yield _reviews(session, actor, now, supervised=False)
    yield Due(
        "sent_back", _proposals(session, actor, Proposal.state == "sent_back"), 0, "/proposals"
    )
    yield Due("consents_asked", _consents(session, actor, "asked"), 0, "/proposals")
    yield Due("to_refer", _consents(session, actor, "given"), 0, "/proposals")
    yield Due("refusals_to_settle", _repeated_refusals(session, actor, now), 0, "/refusals")
    yield _follow_ups(session, actor, now)
    yield _closings(session, actor)
    late = _measures(session, actor, "measures.do", _is_late(now))
    yield Due("measures_late", late, late, "/candidates?mark=measure_late")
    yield Due("papers", _papers(session, actor, "sent"), 0, "/evidence")
    yield _reviews(session, actor, now, supervised=True, on_others=True)
    yield _answers(session, actor, now, on_others=True)


def _for_probation(session: Session, actor: Actor, now: datetime) -> Iterator[Due]:
    yield _reviews(session, actor, now, supervised=True)
    missed = _missed(session, actor)
    yield Due("check_ins_missed", missed, missed, "/checkins")
    yield _closings(session, actor)
    yield _answers(session, actor, now, on_others=True)


def _for_employer(session: Session, actor: Actor, now: datetime) -> Iterator[Due]:
    yield _answers(session, actor, now)
    accepted = _referrals(session, actor, Referral.state == "accepted")
    yield Due("contracts", accepted, 0, "/referrals")
    asked = list_inspections(session, actor, states=WAITING, now=now)
    yield Due("evidence", len(asked), sum(row.late for row in asked), "/inspections")
    yield _follow_ups(session, actor, now)
    returned = _papers(session, actor, "returned")
    yield Due("returned_papers", returned, 0, "/evidence?state=returned")


def _for_prosecutor(session: Session, actor: Actor, now: datetime) -> Iterator[Due]:
    rows = list_inspections(session, actor, now=now)
    drafts = [one for one in list_campaigns(session, actor) if one.state == "draft"]
    yield Due("to_draw", len(drafts), 0, "/inspections")
    yield Due("to_read", sum(row.state in READING for row in rows), 0, "/inspections")
    waiting = [row for row in rows if row.state in WAITING]
    late = sum(row.late for row in waiting)
    yield Due("evidence_asked", len(waiting), late, "/inspections", on_others=True)


def _for_specialist(session: Session, actor: Actor, now: datetime) -> Iterator[Due]:
    today = midnight(local_day(now))
    received = and_(
        Measure.booked_at >= today,
        Measure.booked_at < today + timedelta(days=1),
        Measure.state == "booked",
    )
    yield Due("received_today", _measures(session, actor, "measures.do", received), 0, "/queue")
    open_ones = _measures(session, actor, "measures.do", Measure.state.in_(("planned", "booked")))
    late = _measures(session, actor, "measures.do", _is_late(now))
    yield Due("my_measures", open_ones, late, "/queue")


def _for_clerk(session: Session, actor: Actor, now: datetime) -> Iterator[Due]:
    today = and_(CheckIn.state == "due", CheckIn.due_on == local_day(now))
    yield Due("check_ins_today", _check_ins(session, actor, today), 0, "/checkins")


_BY_ROLE: dict[Role, Callable[[Session, Actor, datetime], Iterator[Due]]] = {
    Role.STAFF: _for_staff,
    Role.PROBATION: _for_probation,
    Role.EMPLOYER: _for_employer,
    Role.PROSECUTOR: _for_prosecutor,
    Role.SPECIALIST: _for_specialist,
    Role.CLERK: _for_clerk,
}


def _reviews(
    session: Session, actor: Actor, now: datetime, *, supervised: bool, on_others: bool = False
) -> Due:
    waiting = and_(Proposal.state.in_(DECIDED_IN), Proposal.supervised.is_(supervised))
    number = _proposals(session, actor, waiting)
    late = _proposals(session, actor, and_(waiting, Proposal.due_at <= now))
    code = "with_probation" if on_others else "to_review"
    return Due(code, number, late, "/proposals", on_others)


def _answers(session: Session, actor: Actor, now: datetime, *, on_others: bool = False) -> Due:
    unanswered = Referral.state.in_(UNANSWERED)
    number = _referrals(session, actor, unanswered)
    late = _referrals(session, actor, and_(unanswered, Referral.answer_by < local_day(now)))
    code = "with_employers" if on_others else "to_answer"
    return Due(code, number, late, "/referrals", on_others)


def _follow_ups(session: Session, actor: Actor, now: datetime) -> Due:
    supervised = are_supervised(Placement.candidate_id)
    own = FollowUp.employer_at if actor.role is Role.EMPLOYER else FollowUp.kept_at
    statement = (
        select(func.count(Placement.id.distinct()))
        .join(FollowUp, FollowUp.placement_id == Placement.id)
        .where(Placement.state.in_(IN_WORK))
        .where(own.is_(None), FollowUp.due_on <= local_day(now))
    )
    return Due(
        "follow_ups",
        _count(session, statement, actor, "placements.read", Placement, supervised),
        0,
        "/placements",
    )


def _proposals(session: Session, actor: Actor, condition: ColumnElement[bool]) -> int:
    statement = (
        select(func.count())
        .select_from(Proposal)
        .join(Candidate, Candidate.id == Proposal.candidate_id)
        .where(condition)
    )
    return _count(session, statement, actor, "proposals.read", Candidate, of_supervised())


def _solved_rounds(session: Session, actor: Actor) -> int:
    statement = select(func.count()).select_from(Round).where(Round.state == "solved")
    return _count(session, statement, actor, "rounds.run", Round)


def _consents(session: Session, actor: Actor, state: str) -> int:
    """Approved proposals whose disclosure is asked about, or agreed to and not yet referred."""
    statement = (
        select(func.count())
        .select_from(Consent)
        .join(Candidate, Candidate.id == Consent.candidate_id)
        .join(Proposal, Proposal.id == Consent.proposal_id)
        .where(Consent.scope == DISCLOSURE, Consent.state == state, Proposal.state == "approved")
    )
    return _count(session, statement, actor, "consents.record", Candidate)


def _referrals(session: Session, actor: Actor, condition: ColumnElement[bool]) -> int:
    statement = select(func.count()).select_from(Referral).where(condition)
    supervised = are_supervised(Referral.candidate_id)
    return _count(session, statement, actor, "referrals.read", Referral, supervised)


def _closings(session: Session, actor: Actor) -> Due:
    """Closings asked for by somebody else."""
    asked = and_(Measure.state == "closing", Measure.proposed_by.is_distinct_from(actor.account_id))
    number = _measures(session, actor, "measures.confirm", asked)
    return Due("closings", number, 0, "/candidates?mark=closing_asked")


def _missed(session: Session, actor: Actor) -> int:
    """Missed check-ins nobody has looked into: their tasks are open."""
    statement = (
        select(func.count(Task.id))
        .join(Candidate, Candidate.id == Task.candidate_id)
        .where(Task.code == MISSED, Task.done_at.is_(None), is_open())
    )
    limited = rights.limit(
        statement,
        actor,
        "checkins.decide",
        territory=Candidate.territory,
        supervised=Candidate.status == Status.ON_PROBATION,
    )
    return session.scalar(limited) or 0


def _check_ins(session: Session, actor: Actor, condition: ColumnElement[bool]) -> int:
    statement = (
        select(func.count(CheckIn.id))
        .join(Candidate, Candidate.id == CheckIn.candidate_id)
        .where(condition, is_open(), Candidate.status == Status.ON_PROBATION)
    )
    limited = rights.limit(
        statement,
        actor,
        "checkins.read",
        territory=Candidate.territory,
        supervised=Candidate.status == Status.ON_PROBATION,
    )
    return session.scalar(limited) or 0


def _is_late(now: datetime) -> ColumnElement[bool]:
    return and_(Measure.state.in_(UNSETTLED), Measure.due_on < local_day(now))


def _measures(session: Session, actor: Actor, right: str, condition: ColumnElement[bool]) -> int:
    statement = (
        select(func.count(Measure.id))
        .join(Candidate, Candidate.id == Measure.candidate_id)
        .where(condition, is_open())
    )
    limited = rights.limit(
        statement,
        actor,
        right,
        centre=Candidate.centre_id,
        territory=Candidate.territory,
        supervised=Candidate.status == Status.ON_PROBATION,
        executor=Measure.executor_id,
    )
    return session.scalar(limited) or 0


def _papers(session: Session, actor: Actor, state: str) -> int:
    statement = rights.limit(
        select(func.count())
        .select_from(Evidence)
        .join(Employer, Employer.id == Evidence.employer_id)
        .where(Evidence.state == state),
        actor,
        "evidence.read",
        centre=Employer.centre_id,
        employer=Employer.id,
    )
    return session.scalar(statement) or 0


def _repeated_refusals(session: Session, actor: Actor, now: datetime) -> int:
    least = rates.rate_on(session, rates.REFUSALS_BEFORE_DECISION, local_day(now))
    people = (
        select(Referral.candidate_id)
        .where(Referral.counted, Referral.settled_at.is_(None))
        .group_by(Referral.candidate_id)
        .having(func.count() >= least)
    )
    statement = select(func.count()).select_from(Candidate).where(Candidate.id.in_(people))
    return _count(session, statement, actor, "candidates.edit", Candidate)


def _count(
    session: Session,
    statement: Any,
    actor: Actor,
    right: str,
    table: Any,
    supervised: ColumnElement[bool] | None = None,
) -> int:
    limited = rights.limit(
        statement,
        actor,
        right,
        centre=table.centre_id,
        employer=getattr(table, "employer_id", None),
        territory=table.territory,
        supervised=supervised,
    )
    return session.scalar(limited) or 0
