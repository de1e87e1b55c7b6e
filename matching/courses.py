"""Courses of retraining, and enrolments: seats taken on them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.states import ENROLMENT
from quota import journal, rights
from quota.errors import Invalid, NotFound, fault
from quota.places import find_place
from quota.rights import Actor, Scope
from quota.tables import Code, Keyed, Table, Tenge

PAYERS = ("centre", "voucher", "employer", "provider", "other")


class Course(Keyed, Table):
    """`cost` is for one participant, and one of PAYERS bears it. `least` participants are needed for it to
    open.

    `pledged_by` is an employer who promised in writing to hire those who complete it.
    """

    __tablename__ = "courses"

    centre_id: Mapped[int] = mapped_column(ForeignKey("centres.id"), index=True)
    provider: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(200))
    isco08: Mapped[str] = mapped_column(String(4))
    kato: Mapped[str] = mapped_column(ForeignKey("places.kato"))
    territory: Mapped[str] = mapped_column(String(80))
    seats: Mapped[int]
    least: Mapped[int] = mapped_column(default=1)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    cost: Mapped[Tenge] = mapped_column(default=0)
    payer: Mapped[str] = mapped_column(String(20), default="centre")
    pledged_by: Mapped[int | None] = mapped_column(ForeignKey("employers.id"))
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[Code | None]

    def scope(self) -> Scope:
        return Scope(centre_id=self.centre_id, territory=self.territory)


class Enrolment(Keyed, Table):
    """A seat. `held_until` is the day up to which the slot behind it is kept; the person's consent and,
    for a course outside the unit, that of probation are kept with day and paper."""

    __tablename__ = "enrolments"
    WORKFLOW = ENROLMENT

    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id"))
    state: Mapped[str] = mapped_column(String(20), default="offered")
    offered_at: Mapped[datetime]
    held_until: Mapped[date | None]
    consent_on: Mapped[date | None]
    consent_paper: Mapped[str] = mapped_column(String(60), default="")
    probation_consent_on: Mapped[date | None]
    probation_paper: Mapped[str] = mapped_column(String(60), default="")
    result: Mapped[Code | None]
    certificate_number: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[Code | None]
    ended_on: Mapped[date | None]


class Attendance(Table):
    __tablename__ = "attendances"
    __table_args__ = (UniqueConstraint("enrolment_id", "day"),)

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    day: Mapped[date]
    present: Mapped[bool]


EDITABLE = (
    "provider",
    "title",
    "isco08",
    "kato",
    "seats",
    "least",
    "starts_on",
    "ends_on",
    "cost",
    "payer",
    "pledged_by",
)


def add_course(session: Session, actor: Actor, course: Course, *, now: datetime) -> Course:
    """Enters a course. Raises NotAllowed, NotFound, or Invalid with every faulty field."""
    rights.check(actor, "courses.edit", Scope(centre_id=course.centre_id))
    course.payer = course.payer or PAYERS[0]
    _refuse({name: getattr(course, name) for name in EDITABLE})
    course.territory = find_place(session, course.kato).path
    course.created_at = now
    session.add(course)
    session.flush()
    journal.write(session, actor, "add", course, now=now, seats=course.seats)
    return course


def change_course(
    session: Session, actor: Actor, course: Course, fields: Mapping[str, Any], *, now: datetime
) -> Course:
    """Changes some EDITABLE fields. Raises NotAllowed, NotFound or Invalid."""
    rights.check(actor, "courses.edit", course.scope())
    old = {name: getattr(course, name) for name in EDITABLE}
    _refuse(old | dict(fields))
    changed = sorted(name for name in fields if old[name] != fields[name])
    for name in changed:
        setattr(course, name, fields[name])
    if changed:
        course.territory = find_place(session, course.kato).path
        journal.write(session, actor, "change", course, now=now, fields=changed)
    return course


def find_course(session: Session, actor: Actor, key: str, *, right: str = "courses.read") -> Course:
    """The course with this key. Raises NotAllowed, or NotFound also when out of reach."""
    course = session.scalar(select(Course).where(Course.key == key))
    if course is None:
        raise NotFound("not_found")
    rights.check(actor, right, course.scope())
    return course


def _refuse(fields: Mapping[str, Any]) -> None:
    faults = [fault(name, "unknown_field") for name in fields if name not in EDITABLE]
    if fields["seats"] < 1:
        faults.append(fault("seats", "at_least", least=1))
    if not 1 <= fields["least"] <= max(1, fields["seats"]):
        faults.append(fault("least", "between", least=1, most=fields["seats"]))
    if fields["ends_on"] < fields["starts_on"]:
        faults.append(fault("ends_on", "before_start"))
    if fields["cost"] < 0:
        faults.append(fault("cost", "not_negative"))
    if fields["payer"] not in PAYERS:
        faults.append(fault("payer", "unknown_choice"))
    if faults:
        raise Invalid(*faults)
