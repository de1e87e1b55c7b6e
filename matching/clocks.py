"""Clocks of what somebody agreed to and nobody finished: a task first, then an end of its own.

An approved proposal with consent waits for its letter, an accepted referral for its contract, a seat for
the person or the result. The open tasks of CODES are made equal to what is wanted now, so a thing done
takes its task away, and one merely ticked off comes back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import enrolments, proposals, referrals, seats, tasks
from matching.consents import DISCLOSURE, Consent
from matching.courses import Course, Enrolment
from matching.referrals import Referral
from matching.rounds import Proposal
from matching.tasks import Task
from quota import journal, rates
from quota.calendar import add_working_days, local_day
from quota.rights import SYSTEM, Role

ISSUE, CONTRACT, BEGIN, RESULT = "issue_letter", "contract_missing", "seat_begin", "seat_result"
CODES = (ISSUE, CONTRACT, BEGIN, RESULT)


@dataclass(frozen=True, slots=True)
class Watched:
    """How many tasks were raised, proposals escalated, and things brought to their end."""

    raised: int
    escalated: int
    ended: int


@dataclass(frozen=True, slots=True)
class _Wanted:
    candidate_id: int
    code: str
    about: str  # the key of the record
    due_on: date


def watch(session: Session, *, now: datetime) -> Watched:
    """For the timer. Doing it twice changes nothing more."""
    ended = _end_referrals(session, now) + _end_proposals(session, now)
    ended += enrolments.expire_offers(session, SYSTEM, now=now)
    escalated = _escalate(session, now)
    return Watched(_match_tasks(session, now), escalated, ended)


def _end_proposals(session: Session, now: datetime) -> int:
    today = local_day(now)
    days = rates.rate_on(session, rates.REFER_CLOSE_DAYS, today)
    late = [p for p, due in _unreferred(session) if add_working_days(session, due, days) < today]
    for proposal in late:
        proposals.withdraw(session, SYSTEM, proposal, reason="not_referred", now=now)
    return len(late)


def _end_referrals(session: Session, now: datetime) -> int:
    today = local_day(now)
    days = rates.rate_on(session, rates.REFERRAL_CLOSE_DAYS, today)
    late = [r for r, due in _uncontracted(session) if add_working_days(session, due, days) < today]
    for referral in late:
        referrals.finish(session, SYSTEM, referral, "expire", reason="no_contract", now=now)
    return len(late)


def _escalate(session: Session, now: datetime) -> int:
    today = local_day(now)
    fresh = [p for p, due in _unreferred(session) if due < today and p.escalated_at is None]
    for proposal in fresh:
        journal.move(session, SYSTEM, proposal, "escalate", now=now, escalated_at=now)
    return len(fresh)


def _match_tasks(session: Session, now: datetime) -> int:
    wanted = {(w.candidate_id, w.code, w.about): w for w in _list_wanted(session, local_day(now))}
    standing = {
        (task.candidate_id, task.code, task.params.get("about", "")): task
        for task in session.scalars(
            select(Task).where(Task.code.in_(CODES), Task.done_at.is_(None)).order_by(Task.id)
        )
    }
    for key, task in standing.items():
        if key not in wanted:
            params = {"about": key[2]}
            tasks.settle_tasks(session, SYSTEM, (task.candidate_id, task.code), params, now=now)
    missing = [w for key, w in wanted.items() if key not in standing]
    for one in missing:
        task = Task(candidate_id=one.candidate_id, code=one.code, role=Role.STAFF.value)
        task.params, task.due_on = {"about": one.about}, one.due_on
        tasks.raise_task(session, SYSTEM, task, now=now)
    return len(missing)


def _list_wanted(session: Session, today: date) -> Iterator[_Wanted]:
    for proposal, due in _unreferred(session):
        if due < today:
            yield _Wanted(proposal.candidate_id, ISSUE, proposal.key, due)
    for referral, due in _uncontracted(session):
        if due < today:
            yield _Wanted(referral.candidate_id, CONTRACT, referral.key, due)
    for seat, course in _seats(session):
        if seat.state == "accepted" and course.starts_on < today:
            yield _Wanted(seat.candidate_id, BEGIN, course.key, course.starts_on)
        if seat.state == "attending" and course.ends_on < today:
            yield _Wanted(seat.candidate_id, RESULT, course.key, course.ends_on)


def _unreferred(session: Session) -> list[tuple[Proposal, date]]:
    """Approved proposals with consent that wait for their letter or seat, and until when they may."""
    rows = session.execute(
        select(Proposal, Consent, Enrolment)
        .join(Consent, Consent.proposal_id == Proposal.id)
        .outerjoin(
            Enrolment,
            (Enrolment.proposal_id == Proposal.id) & Enrolment.state.in_(seats.HELD),
        )
        .where(Proposal.state == "approved")
        .where(Consent.scope == DISCLOSURE, Consent.state == "given")
        .order_by(Proposal.id)
    )
    found = []
    for proposal, consent, seat in rows:
        if seat is not None and seat.state in seats.LIVE:
            continue  # the course's own clock runs
        since = (seat.ended_on if seat else None) or local_day(consent.given_at or consent.asked_at)
        days = rates.rate_on(session, rates.REFER_DAYS, since)
        found.append((proposal, add_working_days(session, since, days)))
    return found


def _uncontracted(session: Session) -> list[tuple[Referral, date]]:
    """Referrals an employer said yes to, and until when the contract may follow."""
    accepted = session.scalars(
        select(Referral).where(Referral.state == "accepted").order_by(Referral.id)
    )
    found = []
    for referral in accepted:
        since = local_day(referral.answered_at or referral.issued_at)
        days = rates.rate_on(session, rates.CONTRACT_DAYS, since)
        found.append((referral, add_working_days(session, since, days)))
    return found


def _seats(session: Session) -> list[tuple[Enrolment, Course]]:
    rows = session.execute(
        select(Enrolment, Course)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Enrolment.state.in_(("accepted", "attending")))
        .order_by(Enrolment.id)
    )
    return [(seat, course) for seat, course in rows]
