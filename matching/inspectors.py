"""How many inspectors have to say yes to a proposal: a dated setting of the office for each kind.

A kind is the basis behind the place (a contract, a subsidy, a decree, the employer's goodwill), or that
the way leads over a course. Whatever the settings of several kinds ask, the most counts.
"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.rounds import Proposal
from quota import rates
from quota.employers import Basis, BasisKind
from quota.errors import NotEntered
from quota.memoranda import Memorandum
from quota.slots import Slot, Source

COURSE = "course"
KINDS = (*(kind.value for kind in BasisKind), COURSE)


def count_needed(session: Session, proposal: Proposal, day: date) -> int:
    """How many different accounts have to approve on `day`: 1, or 2 where a kind asks for it."""
    asked = (_asked(session, kind, day) for kind in _kinds_of(session, proposal))
    return min(2, max(1, *asked))


def _asked(session: Session, kind: str, day: date) -> int:
    try:
        return rates.rate_on(session, f"{rates.INSPECTORS}_{kind}", day)
    except NotEntered:
        return 1


def _kinds_of(session: Session, proposal: Proposal) -> tuple[str, ...]:
    basis = _basis_of(session, session.get_one(Slot, proposal.slot_id))
    return (basis, COURSE) if proposal.course_id is not None else (basis,)


def _basis_of(session: Session, slot: Slot) -> str:
    if slot.source == Source.DECREE:
        return BasisKind.DECREE.value
    kind = session.scalar(
        select(Basis.kind)
        .join(Memorandum, Memorandum.basis_id == Basis.id)
        .where(Memorandum.id == slot.memorandum_id)
    )
    return kind or BasisKind.GOODWILL.value
