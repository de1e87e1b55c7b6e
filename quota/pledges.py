"""What a memorandum does to the ledger: signing opens its places, suspending and ending close those
still open, and the way back reopens exactly those."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from quota import journal, ledger
from quota.errors import Invalid, fault
from quota.memoranda import (
    Memorandum,
    change_memorandum,
    find_memorandum,
    sign_memorandum,
)
from quota.rights import Actor
from quota.slots import Slot

SUSPENDED, ENDED = "suspended", "ended"
_UNDO = {"draft": "undo_discard", SUSPENDED: "undo_end_suspended"}


def sign(session: Session, actor: Actor, key: str, *, now: datetime) -> Memorandum:
    """Puts a draft in force and opens its places, by its lines of profession and place. Raises
    NotAllowed, NotFound or WrongState."""
    memorandum = find_memorandum(session, actor, key, right="memoranda.edit")
    sign_memorandum(session, actor, memorandum, now=now)
    ledger.open_pledged(session, actor, memorandum, now=now)
    return memorandum


def amend(
    session: Session,
    actor: Actor,
    memorandum: Memorandum,
    fields: Mapping[str, Any],
    *,
    now: datetime,
) -> Memorandum:
    """Changes the paper; a pledge in force that grew opens the places it adds. Raises as
    `memoranda.change_memorandum`."""
    change_memorandum(session, actor, memorandum, fields, now=now)
    if memorandum.state == "active":
        ledger.open_pledged(session, actor, memorandum, now=now)
    return memorandum


def suspend(session: Session, actor: Actor, key: str, *, reason: str, now: datetime) -> Memorandum:
    """Stops a memorandum for a while: its open places close. Raises NotAllowed, NotFound, Invalid
    without a reason, or WrongState."""
    return _stop(session, actor, key, "suspend", reason=reason, now=now)


def end(session: Session, actor: Actor, key: str, *, reason: str, now: datetime) -> Memorandum:
    """Ends a memorandum: its open places close, people already at work stay counted. Raises as
    `suspend`."""
    return _stop(session, actor, key, "end", reason=reason, now=now)


def resume(session: Session, actor: Actor, key: str, *, reason: str, now: datetime) -> Memorandum:
    """Takes a suspended memorandum back into force. Raises as `suspend`."""
    return _restart(session, actor, key, "resume", reason=reason, now=now)


def undo_end(session: Session, actor: Actor, key: str, *, reason: str, now: datetime) -> Memorandum:
    """Takes an ending back: the memorandum is in force, suspended or a draft again, as it was before.
    Raises as `suspend`."""
    memorandum = find_memorandum(session, actor, key, right="memoranda.edit")
    verb = _UNDO.get(_state_before_end(session, memorandum) or "", "undo_end")
    return _restart(session, actor, key, verb, reason=reason, now=now)


def discard(session: Session, actor: Actor, key: str, *, reason: str, now: datetime) -> Memorandum:
    """Gives up a draft. Raises as `suspend`."""
    memorandum = _find(session, actor, key, reason)
    journal.move(session, actor, memorandum, "discard", now=now, reason=reason.strip())
    return memorandum


def list_pledged_slots(session: Session, memorandum: Memorandum) -> list[Slot]:
    mine = select(Slot).where(Slot.memorandum_id == memorandum.id)
    return list(session.scalars(mine.order_by(Slot.id)))


def _stop(
    session: Session, actor: Actor, key: str, verb: str, *, reason: str, now: datetime
) -> Memorandum:
    memorandum = _find(session, actor, key, reason)
    journal.move(session, actor, memorandum, verb, now=now, reason=reason.strip())
    pledged = list_pledged_slots(session, memorandum)
    ledger.close_open(session, actor, pledged, memorandum.state, reason=reason.strip(), now=now)
    return memorandum


def _restart(
    session: Session, actor: Actor, key: str, verb: str, *, reason: str, now: datetime
) -> Memorandum:
    memorandum = _find(session, actor, key, reason)
    journal.move(session, actor, memorandum, verb, now=now, reason=reason.strip())
    if memorandum.state == "active":
        pledged = list_pledged_slots(session, memorandum)
        causes = (SUSPENDED, ENDED)
        ledger.reopen_closed(session, actor, pledged, causes, reason=reason.strip(), now=now)
        ledger.open_pledged(session, actor, memorandum, now=now)  # it may have grown meanwhile
    return memorandum


def _state_before_end(session: Session, memorandum: Memorandum) -> str | None:
    entry = select(journal.Entry.state_from).where(
        journal.Entry.noun == memorandum.__tablename__,
        journal.Entry.record_key == memorandum.key,
        journal.Entry.state_to == ENDED,
    )
    return session.scalar(entry.order_by(journal.Entry.id.desc()).limit(1))


def _find(session: Session, actor: Actor, key: str, reason: str) -> Memorandum:
    memorandum = find_memorandum(session, actor, key, right="memoranda.edit")
    if not reason.strip():
        raise Invalid(fault("reason", "required"))
    return memorandum
