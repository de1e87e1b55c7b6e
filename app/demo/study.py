"""Retraining in the simulated year: seats offered and taken, courses attended, finished or left."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import enrolments, seats
from matching.candidates import Candidate, Readiness
from matching.consents import Consent
from matching.courses import Course, Enrolment
from matching.rounds import Proposal
from quota.calendar import local_day
from quota.errors import WrongState
from quota.rights import Actor

Learns = Callable[[int], bool]  # whether this person takes a seat now


def enrol(
    session: Session, staff: Actor, probation: Actor, *, learns: Learns, now: datetime
) -> None:
    """A seat for everybody who consented to a proposal by way of a course and takes it; a full one has
    none."""
    waiting = (
        select(Proposal)
        .join(Consent, Consent.proposal_id == Proposal.id)
        .outerjoin(Enrolment, Enrolment.proposal_id == Proposal.id)
        .where(Proposal.state == "approved", Proposal.course_id.is_not(None))
        .where(Consent.state == "given", Enrolment.id.is_(None))
        .order_by(Proposal.id)
    )
    for proposal in session.scalars(waiting).all():
        if not learns(proposal.candidate_id):
            continue
        try:
            with session.begin_nested():
                _take_seat(session, staff, probation, proposal, now=now)
        except WrongState:
            continue


def study(session: Session, staff: Actor, *, leaves: frozenset[int], now: datetime) -> None:
    """Courses begin and end; people of `leaves` (ids) leave theirs."""
    today = local_day(now)
    live = (
        select(Enrolment, Course)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Enrolment.state.in_(("accepted", "attending")), Course.starts_on <= today)
        .order_by(Enrolment.id)
    )
    for seat, course in session.execute(live).all():
        if seat.state == "accepted" and seats.count_settled(session, course) < course.least:
            if course.cancelled_at is None:
                enrolments.cancel_course(session, staff, course.key, reason="too_few", now=now)
            continue
        if seat.state == "accepted":
            enrolments.attend(session, staff, seat.key, now=now)
        if seat.candidate_id in leaves:
            enrolments.leave(session, staff, seat.key, reason="no_wish", now=now)
        elif course.ends_on <= today:
            number = f"С-{seat.id}"
            enrolments.complete(session, staff, seat.key, certificate=number, now=now)


def invite(
    session: Session, staff: Actor, probation: Actor, *, learns: Learns, now: datetime
) -> None:
    """A seat for who wished to learn what a course to come teaches and takes it, without a proposal."""
    seated = select(Enrolment.candidate_id)
    wishes = (
        select(Course, Candidate.id)
        .join(Candidate, Candidate.retraining_isco08 == Course.isco08)
        .where(Course.starts_on > local_day(now), Course.cancelled_at.is_(None))
        .where(Candidate.readiness == Readiness.READY, Candidate.id.not_in(seated))
        .order_by(Course.starts_on, Course.id, Candidate.id)
    )
    for course, person in session.execute(wishes).all():
        if not learns(person):
            continue
        try:
            with session.begin_nested():
                _seat(session, staff, probation, course, person, now=now)
        except WrongState:
            continue


def _take_seat(
    session: Session, staff: Actor, probation: Actor, proposal: Proposal, *, now: datetime
) -> None:
    course = session.get_one(Course, proposal.course_id)
    _seat(session, staff, probation, course, proposal.candidate_id, now=now)


def _seat(
    session: Session, staff: Actor, probation: Actor, course: Course, person: int, *, now: datetime
) -> None:
    key = _key_of(session, person)
    seat = enrolments.offer(session, staff, course.key, key, now=now)
    paper, today = f"О-{person}", local_day(now)
    if seats.needs_permit(session, seat):
        enrolments.permit(session, probation, seat.key, on=today, paper=paper, now=now)
    enrolments.accept(session, staff, seat.key, on=today, paper=paper, now=now)


def _key_of(session: Session, candidate_id: int) -> str:
    return session.get_one(Candidate, candidate_id).key
