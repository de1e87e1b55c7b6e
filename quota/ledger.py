"""What papers and vacancies do to the ledger: places opened as pledged or stated, closed for a cause and
reopened when it ends, drawn by a vacancy and given back."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quota import journal, slots
from quota.decrees import Line
from quota.employers import Employer
from quota.errors import WrongState
from quota.memoranda import Memorandum, list_pledges
from quota.rights import Actor
from quota.slots import Slot, Source

UNLISTED = "unlisted"  # why a place beyond quota is closed whose vacancy was taken back


def open_pledged(
    session: Session, actor: Actor, memorandum: Memorandum, *, now: datetime
) -> list[Slot]:
    """Opens the places that a memorandum in force pledges and the ledger does not have yet.

    Raises NotAllowed, NotFound, or WrongState when it is not in force.
    """
    if memorandum.state != "active":
        raise WrongState("wrong_state", noun="memorandum", state=memorandum.state, verb="open")
    employer = session.get_one(Employer, memorandum.employer_id)
    there = Counter(
        session.scalars(select(Slot.pledge_id).where(Slot.memorandum_id == memorandum.id))
    )
    lines = list_pledges(session, memorandum)
    named: dict[int | None, int] = {line.id: line.number for line in lines}
    unnamed = memorandum.pledged - sum(named.values())
    wanted = {**named, None: unnamed}
    opened: list[Slot] = []
    for pledge_id, number in wanted.items():
        pattern = Slot(source=Source.MEMORANDUM, memorandum_id=memorandum.id, pledge_id=pledge_id)
        if (lacking := number - there[pledge_id]) > 0:
            opened += slots.open_slots(session, actor, employer, pattern, count=lacking, now=now)
    return opened


def open_stated(session: Session, actor: Actor, line: Line, *, now: datetime) -> list[Slot]:
    """Opens the places that a decree's line says are owed and the ledger does not have yet.

    Raises NotAllowed or NotFound.
    """
    employer = session.get_one(Employer, line.employer_id)
    pattern = Slot(source=Source.DECREE, line_id=line.id, category=line.category)
    there = select(func.count()).where(Slot.line_id == line.id)
    lacking = line.owed - (session.scalar(there) or 0)
    if lacking <= 0:
        return []
    return slots.open_slots(session, actor, employer, pattern, count=lacking, now=now)


def offer_beyond(
    session: Session, actor: Actor, vacancy: Any, *, count: int, now: datetime
) -> None:
    """Gives a vacancy `count` more places beyond quota: those it had before are reopened first."""
    before = [s for s in slots.list_listed(session, vacancy.id) if s.closed_for == UNLISTED][:count]
    reopen_closed(session, actor, before, (UNLISTED,), reason="", now=now)
    if fresh := count - len(before):
        employer = session.get_one(Employer, vacancy.employer_id)
        pattern = Slot(source=Source.BEYOND, vacancy_id=vacancy.id)
        slots.open_slots(session, actor, employer, pattern, count=fresh, now=now)


def close_open(
    session: Session,
    actor: Actor,
    places: Iterable[Slot],
    cause: str,
    *,
    reason: str,
    now: datetime,
) -> int:
    """Closes those of `places` that are open, because of `cause`, and sees to it that the taken ones
    close once they are free; returns how many closed. The right is the calling verb's. A place under a
    vacancy stays listed there, closed, until it is reopened."""
    standing = [slot for slot in places if slot.state != "closed"]
    closed = [slot for slot in standing if slot.state == "open"]
    for slot in standing:
        slot.closed_for = cause
    for slot in closed:
        slots.move_slot(session, actor, slot, "close", now=now, reason=reason)
    return len(closed)


def reopen_closed(
    session: Session,
    actor: Actor,
    places: Iterable[Slot],
    causes: Collection[str],
    *,
    reason: str,
    now: datetime,
) -> int:
    """Reopens those of `places` that were closed because of one of `causes`, and lets the taken ones
    open again once they are free; returns how many reopened."""
    found = [slot for slot in places if slot.closed_for in causes]
    closed = [slot for slot in found if slot.state == "closed"]
    for slot in found:
        slot.closed_for = None
    for slot in closed:
        slots.move_slot(session, actor, slot, "reopen", now=now, reason=reason)
    return len(closed)


def release_listing(session: Session, actor: Actor, vacancy_id: int, *, now: datetime) -> None:
    """Takes the places of a vacancy that nobody uses off it; the others follow once they are free."""
    for slot in slots.list_listed(session, vacancy_id):
        unlist(session, actor, slot, now=now)


def unlist(session: Session, actor: Actor, slot: Slot, *, now: datetime) -> None:
    """Takes a place that nobody uses off its vacancy: one of a decree or memorandum is free for another,
    one beyond quota is closed."""
    if slot.source == Source.BEYOND:
        if slot.state == "open":
            close_open(session, actor, [slot], UNLISTED, reason="", now=now)
    elif slot.state in ("open", "closed"):
        slot.vacancy_id = None
        journal.write(session, actor, "detach", slot, now=now)
