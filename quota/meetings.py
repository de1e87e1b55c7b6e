"""Meetings and calls with employers: what was agreed, and when to talk again."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota import journal, rights
from quota.contacts import Contact
from quota.employers import Employer
from quota.errors import Fault, Invalid, NotFound, fault
from quota.rights import Actor
from quota.states import MEETING
from quota.tables import Code, Keyed, Table


class MeetingKind(StrEnum):
    MEETING = "meeting"
    CALL = "call"
    VISIT = "visit"
    LETTER = "letter"


class Outcome(StrEnum):
    AGREED = "agreed"  # will list vacancies or take people
    PLEDGED = "pledged"  # will sign, or pledges more places
    UNDECIDED = "undecided"
    REFUSED = "refused"
    NOT_REACHED = "not_reached"


class Meeting(Keyed, Table):
    """`at` is when it is or was to be; `next_on` the day agreed on for the next one."""

    __tablename__ = "meetings"
    WORKFLOW = MEETING

    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(12), default="planned")
    outcome: Mapped[Code | None]
    note: Mapped[str] = mapped_column(Text, default="")
    next_on: Mapped[date | None]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a meeting."""

    outcome: Outcome
    note: str = ""
    next_on: date | None = None


def plan_meeting(
    session: Session,
    actor: Actor,
    employer: Employer,
    kind: MeetingKind,
    *,
    at: datetime,
    contact: Contact | None = None,
    now: datetime,
) -> Meeting:
    """Puts a meeting into the calendar. Raises NotAllowed, NotFound or Invalid (a person of another
    employer)."""
    rights.check(actor, "meetings.edit", employer.scope())
    if contact is not None and contact.employer_id != employer.id:
        raise Invalid(fault("contact", "unknown_choice"))
    meeting = Meeting(
        employer_id=employer.id,
        contact_id=contact.id if contact else None,
        account_id=actor.account_id,
        kind=kind.value,
        at=at,
        state="planned",
    )
    session.add(meeting)
    session.flush()
    journal.write(session, actor, "plan", meeting, now=now, kind=kind.value)
    return meeting


def hold_meeting(
    session: Session, actor: Actor, key: str, result: Result, *, now: datetime
) -> Meeting:
    """Records what came of a planned meeting. Raises NotAllowed, NotFound, WrongState, or Invalid (a
    meeting still to come, a next one before this one)."""
    meeting = find_meeting(session, actor, key)
    faults: list[Fault] = []
    if meeting.at > now + timedelta(hours=1):
        faults.append(fault("at", "date_in_future"))
    if result.next_on and result.next_on < meeting.at.date():
        faults.append(fault("next_on", "before_start"))
    if faults:
        raise Invalid(*faults)
    journal.move(
        session,
        actor,
        meeting,
        "hold",
        now=now,
        outcome=result.outcome.value,
        note=result.note,
        next_on=result.next_on,
    )
    return meeting


def cancel_meeting(
    session: Session, actor: Actor, key: str, *, reason: str, now: datetime
) -> Meeting:
    """Takes a planned meeting out of the calendar. Raises NotAllowed, NotFound, Invalid or WrongState."""
    return _move(session, actor, key, "cancel", reason=reason, now=now)


def undo_meeting(
    session: Session, actor: Actor, key: str, *, reason: str, now: datetime
) -> Meeting:
    """Takes a cancelled or wrongly recorded meeting back to planned. Raises as `cancel_meeting`."""
    return _move(session, actor, key, "undo", reason=reason, now=now)


def find_meeting(session: Session, actor: Actor, key: str) -> Meeting:
    """The meeting with this key, for change. Raises NotAllowed, or NotFound also when out of reach."""
    meeting = session.scalar(select(Meeting).where(Meeting.key == key))
    if meeting is None:
        raise NotFound("not_found")
    rights.check(actor, "meetings.edit", session.get_one(Employer, meeting.employer_id).scope())
    return meeting


def list_meetings(session: Session, actor: Actor, employer: Employer) -> list[Meeting]:
    """An employer's meetings, the latest first. Raises NotAllowed or NotFound."""
    rights.check(actor, "meetings.read", employer.scope())
    mine = select(Meeting).where(Meeting.employer_id == employer.id)
    return list(session.scalars(mine.order_by(Meeting.at.desc(), Meeting.id.desc())))


def list_planned(session: Session, actor: Actor) -> list[tuple[Meeting, Employer]]:
    """Meetings in the calendar of the centre, the next first. Raises NotAllowed."""
    statement = rights.limit(
        select(Meeting, Employer).join(Employer, Employer.id == Meeting.employer_id),
        actor,
        "meetings.edit",
        centre=Employer.centre_id,
    ).where(Meeting.state == "planned")
    rows = session.execute(statement.order_by(Meeting.at, Meeting.id))
    return [(row[0], row[1]) for row in rows]


def _move(
    session: Session, actor: Actor, key: str, verb: str, *, reason: str, now: datetime
) -> Meeting:
    meeting = find_meeting(session, actor, key)
    if not reason.strip():
        raise Invalid(fault("reason", "required"))
    journal.move(session, actor, meeting, verb, now=now, reason=reason.strip())
    return meeting
