"""Other letters and proposals of a person: closed by work found, and opened again when it was none."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import proposals, referrals
from matching.referrals import Referral
from matching.rounds import Proposal
from quota.errors import WrongState
from quota.journal import Entry
from quota.rights import Actor

HIRED_ELSEWHERE = "hired_elsewhere"


def close_others(
    session: Session,
    actor: Actor,
    candidate_id: int,
    *,
    hired_by: Referral | None = None,
    now: datetime,
) -> None:
    """Work found closes the person's other live referrals and proposals and frees their slots;
    `hired_by` is the referral it was found by, if by one."""
    reason = HIRED_ELSEWHERE
    for other in referrals.list_live(session, candidate_id):
        if hired_by is None or other.id != hired_by.id:
            referrals.finish(session, actor, other, "cancel", reason=reason, now=now)
    for proposal in referrals.list_proposals(session, candidate_id):
        proposals.withdraw(session, actor, proposal, reason=reason, now=now)


def reopen_others(
    session: Session,
    actor: Actor,
    candidate_id: int,
    *,
    hired_at: datetime,
    note: str,
    now: datetime,
) -> None:
    """Undoes `close_others` of the hire recorded at that moment, as far as the slots are still free."""
    for entry in _closed_by_hire(session, "referrals", hired_at):
        referral = session.scalars(select(Referral).where(Referral.key == entry.record_key)).one()
        if (referral.candidate_id, referral.state) == (candidate_id, "cancelled"):
            with suppress(WrongState), session.begin_nested():
                referrals.revive(session, actor, referral, "undo_cancel", note=note, now=now)
    for entry in _closed_by_hire(session, "proposals", hired_at):
        proposal = session.scalars(select(Proposal).where(Proposal.key == entry.record_key)).one()
        if (proposal.candidate_id, proposal.state) == (candidate_id, "withdrawn"):
            verb = "reinstate" if entry.state_from == "approved" else "undo_withdraw"
            with suppress(WrongState), session.begin_nested():
                proposals.revive(session, actor, proposal, verb, reason=note, now=now)
                proposals.restart_clock(session, proposal, now=now)


def _closed_by_hire(session: Session, noun: str, hired_at: datetime) -> list[Entry]:
    statement = select(Entry).where(
        Entry.noun == noun, Entry.at == hired_at, Entry.reason == HIRED_ELSEWHERE
    )
    return list(session.scalars(statement.order_by(Entry.id)))
