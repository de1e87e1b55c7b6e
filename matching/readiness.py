"""Readiness set by hand: whoever is taken out of the rounds has a coded reason, kept in the history."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from matching.candidates import Candidate, Readiness, change_candidate
from matching.surveys import REFUSALS
from quota.errors import Invalid, fault
from quota.rights import Actor

REASONS: Mapping[Readiness, Sequence[str]] = {
    Readiness.DECLINED: REFUSALS,
    Readiness.OUT_OF_SCOPE: ("studies", "health", "cares", "moves_away", "retired", "custody"),
}


def change_readiness(
    session: Session,
    actor: Actor,
    key: str,
    readiness: Readiness,
    *,
    reason: str = "",
    now: datetime,
) -> Candidate:
    """Sets the readiness at the desk; a ready person has nothing left to sort out first.

    `reason` is one of REASONS for a readiness that stands there, and is not kept for another. Raises
    NotAllowed, NotFound, WrongState for a closed record, or Invalid without the reason.
    """
    offered = REASONS.get(readiness, ())
    if offered and reason not in offered:
        raise Invalid(fault("reason", "unknown_choice" if reason else "required"))
    fields: dict[str, Any] = {"readiness": readiness}
    if readiness == Readiness.READY:
        fields["needs"] = []
    kept = reason if offered else ""
    return change_candidate(session, actor, key, fields, reason=kept, now=now)


def list_reasons() -> list[str]:
    """Every reason once, in the order in which it is offered."""
    return list(dict.fromkeys(code for codes in REASONS.values() for code in codes))
