"""Seats of a course: how many are taken, whether one is free for a person, who has to permit it, and until
when an offer stands."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.candidates import Candidate
from matching.courses import Course, Enrolment
from quota import rates
from quota.calendar import add_working_days, local_day
from quota.errors import WrongState
from quota.places import Place, find_place

LIVE = ("offered", "accepted", "attending")
HELD = (*LIVE, "completed")


def count_taken(session: Session, course: Course) -> int:
    """Seats taken or offered."""
    taken = select(func.count()).where(Enrolment.course_id == course.id, Enrolment.state.in_(HELD))
    return session.scalar(taken) or 0


def count_settled(session: Session, course: Course) -> int:
    """People who took a seat in writing, whatever came of it later."""
    settled = ("accepted", "attending", "completed")
    mine = Enrolment.course_id == course.id
    return session.scalar(select(func.count()).where(mine, Enrolment.state.in_(settled))) or 0


def need_seat(session: Session, course: Course, candidate: Candidate, *, today: date) -> None:
    """Raises WrongState when the course is over or full, or the person sits on another."""
    if course.cancelled_at is not None or course.ends_on < today:
        raise WrongState("course_over", noun="course")
    if count_taken(session, course) >= course.seats:
        raise WrongState("course_full", noun="course")
    elsewhere = select(Enrolment.id).where(
        Enrolment.candidate_id == candidate.id, Enrolment.state.in_(LIVE)
    )
    if session.scalar(elsewhere.limit(1)) is not None:
        raise WrongState("already_enrolled", noun="enrolment")


def needs_permit(session: Session, enrolment: Enrolment) -> bool:
    """Whether the course lies outside the district of a supervised person."""
    candidate = session.get_one(Candidate, enrolment.candidate_id)
    course = session.get_one(Course, enrolment.course_id)
    home, there = find_place(session, candidate.kato), find_place(session, course.kato)
    return lies_outside(candidate, home, there)


def lies_outside(candidate: Candidate, home: Place, there: Place) -> bool:
    """Whether `there` is in another district than the home of a supervised person."""
    return candidate.supervised and home.district != there.district


def answer_day(session: Session, enrolment: Enrolment) -> date:
    """The last day on which an offered seat can be taken, if the rate stays as it was that day."""
    since = local_day(enrolment.offered_at)
    days = rates.rate_on(session, rates.ENROLMENT_DAYS, since)
    return add_working_days(session, since, days)
