"""Closings: a measure ended without being done, which takes a reason, a signature and a second person."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from matching.programmes import Measure, find_measure, tell_support_done
from matching.reasons import CLOSINGS, choose
from quota import journal
from quota.calendar import local_day
from quota.errors import Fault, Invalid, WrongState, fault
from quota.rights import Actor

UNSIGNED = ("entered_by_mistake",)
MOST_PAPER = 60


@dataclass(frozen=True, slots=True)
class Closing:
    """A reason of CLOSINGS, and the person's signed refusal: its number, its day, or both."""

    reason: str
    refusal_paper: str = ""
    refused_on: date | None = None


def propose(
    session: Session, actor: Actor, key: str, closing: Closing, *, now: datetime
) -> Measure:
    """Asks to close a measure without doing it; it stays unsettled until somebody else confirms.

    Raises NotAllowed, NotFound, WrongState, or Invalid without a reason or a signed refusal.
    """
    measure, _ = find_measure(session, actor, key)
    faults = _check(closing, today=local_day(now))
    if faults:
        raise Invalid(*faults)
    journal.move(
        session,
        actor,
        measure,
        "propose_closing",
        now=now,
        reason=closing.reason,
        proposed_by=actor.account_id,
    )
    measure.reason = closing.reason
    measure.refusal_paper = closing.refusal_paper.strip()
    measure.refused_on = closing.refused_on
    measure.booked_at = None
    session.flush()
    return measure


def confirm(session: Session, actor: Actor, key: str, *, now: datetime) -> Measure:
    """Closes the measure; whoever asked for it cannot. Raises NotAllowed, NotFound or WrongState."""
    measure, candidate = find_measure(session, actor, key, right="measures.confirm")
    if actor.account_id is None or actor.account_id == measure.proposed_by:
        raise WrongState("second_to_confirm", noun="measure")
    journal.move(
        session,
        actor,
        measure,
        "confirm_closing",
        now=now,
        closed_by=actor.account_id,
        closed_at=now,
    )
    tell_support_done(session, actor, candidate, now=now)
    return measure


def keep_open(session: Session, actor: Actor, key: str, *, now: datetime) -> Measure:
    """Refuses the closing: the measure is planned again. Raises NotAllowed, NotFound or WrongState."""
    measure, _ = find_measure(session, actor, key, right="measures.confirm")
    return _reopen(session, actor, measure, "keep_open", now=now)


def undo(session: Session, actor: Actor, key: str, *, now: datetime) -> Measure:
    """Takes a closing back: the measure is planned again. Raises NotAllowed, NotFound or WrongState."""
    measure, _ = find_measure(session, actor, key, right="measures.confirm")
    return _reopen(session, actor, measure, "undo_closing", now=now)


def _reopen(
    session: Session, actor: Actor, measure: Measure, verb: str, *, now: datetime
) -> Measure:
    cleared: dict[str, Any] = dict.fromkeys(("proposed_by", "closed_by", "closed_at", "refused_on"))
    journal.move(session, actor, measure, verb, now=now, refusal_paper="", **cleared)
    measure.reason = None
    session.flush()
    return measure


def _check(closing: Closing, *, today: date) -> list[Fault]:
    faults: list[Fault] = []
    try:
        choose(CLOSINGS, closing.reason)
    except Invalid as refusal:
        faults += refusal.faults
    signed = bool(closing.refusal_paper.strip()) or closing.refused_on is not None
    if closing.reason not in UNSIGNED and not signed:
        faults.append(fault("refusal_paper", "needs_signed_refusal"))
    if len(closing.refusal_paper.strip()) > MOST_PAPER:
        faults.append(fault("refusal_paper", "too_long", most=MOST_PAPER))
    if closing.refused_on is not None and closing.refused_on > today:
        faults.append(fault("refused_on", "date_in_future"))
    return faults
