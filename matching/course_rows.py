"""Courses as lists and pages show them: seats, who sits on them, who could."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.candidates import Candidate, Readiness, Status
from matching.courses import Attendance, Course, Enrolment, find_course
from matching.identities import open_names
from matching.rounds import Proposal
from matching.seats import HELD, LIVE, count_settled, lies_outside
from quota import rights
from quota.calendar import local_day
from quota.employers import Employer
from quota.places import Place, find_place, names_of
from quota.rights import Actor

MOST_WISHES = 20


@dataclass(frozen=True, slots=True)
class CourseRow:
    """`taken` counts seats offered, taken and finished."""

    key: str
    title: str
    provider: str
    isco08: str
    place: Mapping[str, str]
    starts_on: date
    ends_on: date
    seats: int
    least: int
    taken: int
    cancelled: bool


@dataclass(frozen=True, slots=True)
class SeatRow:
    key: str
    candidate_key: str
    name: str
    state: str
    held_until: date | None
    needs_permit: bool
    permit_on: date | None
    present: int
    absent: int
    certificate: str
    readiness: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody who could take a seat. `proposed`: a proposal goes by way of this course."""

    key: str
    name: str
    proposed: bool


@dataclass(frozen=True, slots=True)
class CoursePage:
    row: CourseRow
    settled: int
    cost: int
    payer: str
    pledged_key: str
    pledged_name: str
    cancel_reason: str | None
    seats: Sequence[SeatRow]
    people: Sequence[PersonRow]
    today: date


def list_courses(session: Session, actor: Actor, *, now: datetime) -> list[CourseRow]:
    """Courses within reach, those to come and under way first; three queries however many rows.

    Raises NotAllowed.
    """
    statement = rights.limit(
        select(Course), actor, "courses.read", centre=Course.centre_id, territory=Course.territory
    )
    today = local_day(now)
    courses = session.scalars(
        statement.order_by(Course.ends_on < today, Course.starts_on, Course.id)
    )
    return _rows(session, courses.all())


def show_course(session: Session, actor: Actor, key: str, *, now: datetime) -> CoursePage:
    """One course. Raises NotAllowed or NotFound."""
    course = find_course(session, actor, key)
    people = _people(session, course) if rights.has(actor, "courses.edit") else []
    firm = session.get_one(Employer, course.pledged_by) if course.pledged_by else None
    return CoursePage(
        row=_rows(session, [course])[0],
        settled=count_settled(session, course),
        cost=course.cost,
        payer=course.payer,
        pledged_key=firm.key if firm else "",
        pledged_name=firm.name if firm else "",
        cancel_reason=course.cancel_reason,
        seats=_seats(session, actor, course),
        people=people,
        today=local_day(now),
    )


def _rows(session: Session, courses: Sequence[Course]) -> list[CourseRow]:
    taken = select(Enrolment.course_id, func.count()).where(
        Enrolment.course_id.in_([c.id for c in courses]), Enrolment.state.in_(HELD)
    )
    counts = dict(session.execute(taken.group_by(Enrolment.course_id)).all())
    places = names_of(session, [course.kato for course in courses])
    return [
        CourseRow(
            key=course.key,
            title=course.title,
            provider=course.provider,
            isco08=course.isco08,
            place=places[course.kato],
            starts_on=course.starts_on,
            ends_on=course.ends_on,
            seats=course.seats,
            least=course.least,
            taken=counts.get(course.id, 0),
            cancelled=course.cancelled_at is not None,
        )
        for course in courses
    ]


def _seats(session: Session, actor: Actor, course: Course) -> list[SeatRow]:
    """The seats whose people the actor may see."""
    rows = session.execute(
        rights.limit(
            select(Enrolment, Candidate, Place)
            .join(Candidate, Candidate.id == Enrolment.candidate_id)
            .join(Place, Place.kato == Candidate.kato)
            .where(Enrolment.course_id == course.id)
            .order_by(Enrolment.id),
            actor,
            "candidates.read",
            centre=Candidate.centre_id,
            territory=Candidate.territory,
            supervised=Candidate.status == Status.ON_PROBATION,
        )
    ).all()
    there = find_place(session, course.kato)
    names = open_names(session, [candidate.id for _, candidate, _ in rows])
    days = _attendance(session, [enrolment.id for enrolment, _, _ in rows])
    return [
        SeatRow(
            key=enrolment.key,
            candidate_key=candidate.key,
            name=names.get(candidate.id, ""),
            state=enrolment.state,
            held_until=enrolment.held_until,
            needs_permit=enrolment.state == "offered" and lies_outside(candidate, home, there),
            permit_on=enrolment.probation_consent_on,
            present=days.get((enrolment.id, True), 0),
            absent=days.get((enrolment.id, False), 0),
            certificate=enrolment.certificate_number,
            readiness=candidate.readiness,
        )
        for enrolment, candidate, home in rows
    ]


def _attendance(session: Session, ids: Sequence[int]) -> dict[tuple[int, bool], int]:
    rows = session.execute(
        select(Attendance.enrolment_id, Attendance.present, func.count())
        .where(Attendance.enrolment_id.in_(ids))
        .group_by(Attendance.enrolment_id, Attendance.present)
    )
    return {(enrolment, present): number for enrolment, present, number in rows}


def _people(session: Session, course: Course) -> list[PersonRow]:
    """Those whose proposal goes by way of the course, then those who want to learn this."""
    seated = select(Enrolment.candidate_id).where(Enrolment.state.in_(LIVE))
    proposed = select(Proposal.candidate_id).where(
        Proposal.course_id == course.id, Proposal.state == "approved"
    )
    wanted = (Candidate.retraining_isco08 == course.isco08) & (
        Candidate.readiness == Readiness.READY
    )
    rows = session.execute(
        select(Candidate.id, Candidate.key, Candidate.id.in_(proposed).label("proposed"))
        .where(
            Candidate.centre_id == course.centre_id,
            Candidate.id.not_in(seated),
            Candidate.id.in_(proposed) | wanted,
        )
        .order_by(Candidate.id.in_(proposed).desc(), Candidate.surveyed_on, Candidate.id)
        .limit(MOST_WISHES)
    ).all()
    names = open_names(session, [row.id for row in rows])
    return [
        PersonRow(row.key, names[row.id], bool(row.proposed)) for row in rows if row.id in names
    ]
