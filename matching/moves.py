"""Moves: somebody goes on at the same employer in another post; the place stays filled.

Whom probation has to tell follows the same acts as a change of work (`duties`).
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching import duties, proposals
from matching.candidates import Candidate
from matching.placements import Placement, find_placement
from matching.states import PLACEMENT
from quota import journal, rates
from quota.calendar import local_day
from quota.errors import Invalid, WrongState, fault
from quota.rights import Actor
from quota.tables import Table, Tenge


class Move(Table):
    """`pay_before` is what the way back restores."""

    __tablename__ = "placement_moves"

    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"), index=True)
    on: Mapped[date]
    post: Mapped[str] = mapped_column(String(200))
    pay: Mapped[Tenge]
    pay_before: Mapped[Tenge | None]
    recorded_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Post:
    """The new post as the employer reports it; `pay` is whole tenge a month."""

    post: str
    on: date
    pay: int


def move(session: Session, actor: Actor, key: str, new: Post, *, now: datetime) -> Placement:
    """Reports a transfer to another post. Raises NotAllowed, NotFound, WrongState, or Invalid with every
    faulty field (a day to come or before the start, pay below the day's minimum wage)."""
    placement = find_placement(session, actor, key, right="placements.record")
    PLACEMENT.next(placement.state, "end")
    faults = []
    if not new.post.strip():
        faults.append(fault("post", "required"))
    if new.on > local_day(now):
        faults.append(fault("moved_on", "date_in_future"))
    if new.on < placement.starts_on:
        faults.append(fault("moved_on", "before_start"))
    least = rates.rate_on(session, rates.MINIMUM_WAGE, new.on)
    if new.pay < least:
        faults.append(fault("pay", "below_minimum_wage", least=least))
    if faults:
        raise Invalid(*faults)
    row = Move(placement_id=placement.id, on=new.on, post=new.post.strip(), pay=new.pay)
    row.pay_before, row.recorded_at = placement.pay, now
    session.add(row)
    placement.pay = new.pay
    session.flush()
    journal.write(session, actor, "move", placement, now=now, on=new.on.isoformat())
    candidate = session.get_one(Candidate, placement.candidate_id)
    duties.tell_move(session, actor, candidate, placement.key, now=now)
    return placement


def undo_move(session: Session, actor: Actor, key: str, *, note: str, now: datetime) -> Placement:
    """Takes the last transfer back. Raises NotAllowed, NotFound, Invalid without a note, or WrongState
    when there is none."""
    placement = find_placement(session, actor, key, right="placements.record")
    note = proposals.need(note)
    known = list_moves(session, placement.id)
    if not known:
        raise WrongState("wrong_state", noun="placement", state=placement.state, verb="undo_move")
    known[-1].undone_at = now
    placement.pay = known[-1].pay_before
    session.flush()
    journal.write(session, actor, "undo_move", placement, now=now, reason=note)
    return placement


def list_moves(session: Session, placement_id: int) -> list[Move]:
    """The moves that stand, the earliest report first. Rights are the caller's."""
    mine = select(Move).where(Move.placement_id == placement_id, Move.undone_at.is_(None))
    return list(session.scalars(mine.order_by(Move.id)))
