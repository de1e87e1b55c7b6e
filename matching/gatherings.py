"""Gatherings: group work of a specialist with several candidates, and who came."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.programmes import GROUP_WORK, NOTHING_DONE, Measure, Outcome, complete, find_measure
from matching.states import GATHERING
from quota import journal, rights
from quota.errors import Fault, Invalid, NotFound, WrongState, fault
from quota.rights import Actor, Scope
from quota.tables import Code, Keyed, Table

TOPICS = ("adaptation", "work_and_money", "family_ties", "conflicts")
MOST_SEATS = 30
CAME = Outcome("carried_out")


class Gathering(Keyed, Table):
    """A meeting of a group on a topic of TOPICS; `seats` is how many can be invited."""

    __tablename__ = "gatherings"
    WORKFLOW = GATHERING

    executor_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    topic: Mapped[Code]
    starts_at: Mapped[datetime]
    seats: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default="planned")


class Invitation(Table):
    """A measure of group work invited to a gathering; `came` once it was held."""

    __tablename__ = "invitations"
    __table_args__ = (UniqueConstraint("gathering_id", "measure_id"),)

    gathering_id: Mapped[int] = mapped_column(ForeignKey("gatherings.id"))
    measure_id: Mapped[int] = mapped_column(ForeignKey("measures.id"), index=True)
    came: Mapped[bool | None]


@dataclass(frozen=True, slots=True)
class NewGathering:
    topic: str
    starts_at: datetime
    seats: int


def call_together(session: Session, actor: Actor, new: NewGathering, *, now: datetime) -> Gathering:
    """Plans a meeting of the specialist's own. Raises NotAllowed or Invalid."""
    rights.check(actor, "receptions.hold", Scope(executor_id=actor.account_id))
    faults: list[Fault] = []
    if new.topic not in TOPICS:
        faults.append(fault("topic", "unknown_choice"))
    if new.starts_at <= now:
        faults.append(fault("day", "date_passed"))
    if not 2 <= new.seats <= MOST_SEATS:
        faults.append(fault("seats", "between", least=2, most=MOST_SEATS))
    if faults:
        raise Invalid(*faults)
    gathering = Gathering(
        executor_id=actor.account_id, topic=new.topic, starts_at=new.starts_at, seats=new.seats
    )
    session.add(gathering)
    session.flush()
    journal.write(session, actor, "plan", gathering, now=now, seats=new.seats)
    return gathering


def invite(
    session: Session, actor: Actor, key: str, measure_key: str, *, now: datetime
) -> Invitation:
    """Gives a measure of group work a seat. Raises NotAllowed, NotFound, or WrongState (not this
    specialist's group work, no seat left, or the meeting is over)."""
    gathering = find_gathering(session, actor, key, lock=True)
    measure, _ = find_measure(session, actor, measure_key)
    if measure.kind != GROUP_WORK or measure.executor_id != gathering.executor_id:
        raise WrongState("not_group_work", noun="measure")
    if gathering.state != "planned" or gathering.starts_at <= now:
        raise WrongState("group_over", noun="gathering")
    mine = Invitation.gathering_id == gathering.id
    if (session.scalar(select(func.count()).where(mine)) or 0) >= gathering.seats:
        raise WrongState("group_full", noun="gathering")
    journal.move(session, actor, measure, "book", now=now)
    invitation = Invitation(gathering_id=gathering.id, measure_id=measure.id)
    session.add(invitation)
    session.flush()
    return invitation


def hold(
    session: Session, actor: Actor, key: str, *, present: Collection[str], now: datetime
) -> Gathering:
    """Writes down who came, by keys of measures: theirs are done, the others' can be invited again.

    Raises NotAllowed, NotFound, or WrongState before its time.
    """
    gathering = find_gathering(session, actor, key, lock=True)
    if gathering.starts_at > now:
        raise WrongState("not_yet_time", noun="gathering")
    journal.move(session, actor, gathering, "hold", now=now)
    for invitation, measure in list_invited(session, gathering):
        if measure.state != "booked":  # closed or moved on meanwhile
            continue
        invitation.came = measure.key in present
        if invitation.came:
            complete(session, actor, measure.key, CAME, now=now)
        else:
            journal.move(session, actor, measure, "miss", now=now)
    return gathering


def undo_hold(session: Session, actor: Actor, key: str, *, now: datetime) -> Gathering:
    """Takes the attendance back, as if nobody had been marked. Raises NotAllowed, NotFound or WrongState,
    also when a measure has gone on meanwhile."""
    gathering = find_gathering(session, actor, key, lock=True)
    journal.move(session, actor, gathering, "undo_hold", now=now)
    for invitation, measure in list_invited(session, gathering):
        if invitation.came:
            journal.move(session, actor, measure, "undo_complete", now=now, **NOTHING_DONE)
        if invitation.came is not None:
            journal.move(session, actor, measure, "book", now=now)
        invitation.came = None
    return gathering


def cancel(session: Session, actor: Actor, key: str, *, now: datetime) -> Gathering:
    """Calls the meeting off; those invited can be invited again. Raises NotAllowed, NotFound or
    WrongState."""
    gathering = find_gathering(session, actor, key, lock=True)
    journal.move(session, actor, gathering, "cancel", now=now)
    for invitation, measure in list_invited(session, gathering):
        if measure.state == "booked":
            journal.move(session, actor, measure, "unbook", now=now)
        session.delete(invitation)
    session.flush()
    return gathering


def undo_cancel(session: Session, actor: Actor, key: str, *, now: datetime) -> Gathering:
    """The meeting takes place after all; people are invited anew. Raises NotAllowed, NotFound or
    WrongState."""
    gathering = find_gathering(session, actor, key, lock=True)
    journal.move(session, actor, gathering, "undo_cancel", now=now)
    return gathering


def find_gathering(session: Session, actor: Actor, key: str, *, lock: bool = False) -> Gathering:
    """The specialist's own meeting. Raises NotAllowed or NotFound."""
    statement = select(Gathering).where(Gathering.key == key)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    gathering = session.scalar(statement)
    if gathering is None:
        rights.reach(actor, "receptions.hold")
        raise NotFound("not_found")
    rights.check(actor, "receptions.hold", Scope(executor_id=gathering.executor_id))
    return gathering


def list_invited(session: Session, gathering: Gathering) -> list[tuple[Invitation, Measure]]:
    """The invited with their measures, in the order of inviting. Rights are the caller's."""
    rows = session.execute(
        select(Invitation, Measure)
        .join(Measure, Measure.id == Invitation.measure_id)
        .where(Invitation.gathering_id == gathering.id)
        .order_by(Invitation.id)
    )
    return [(row[0], row[1]) for row in rows]
