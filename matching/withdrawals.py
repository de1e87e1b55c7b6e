"""A candidate takes a consent back, at any time: what rested on it ends in the same step."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import proposals, referrals
from matching.candidates import Candidate, Readiness, set_readiness
from matching.consents import MATCHING, Consent, find_consent, note_part
from matching.referrals import LIVE, Referral
from matching.rounds import Proposal
from quota import journal
from quota.rights import Actor

REASON = "consent_withdrawn"


def withdraw_consent(session: Session, actor: Actor, key: str, *, now: datetime) -> Consent:
    """Ends a given consent. That to a disclosure cancels its referral unless it led to a hire; that to
    matching also ends the person's other consents, proposals and referrals, and takes them out of rounds.

    Raises NotAllowed, NotFound or WrongState.
    """
    consent = find_consent(session, actor, key)
    _end(session, actor, consent, now=now)
    if consent.scope == MATCHING:
        end_everything(session, actor, consent.candidate_id, now=now)
    return consent


def end_everything(session: Session, actor: Actor, candidate_id: int, *, now: datetime) -> None:
    """Ends what the person agreed to and what rests on it. Rights are the caller's."""
    # Records made one may hold two consents to matching: none is left standing.
    given = select(Consent).where(Consent.candidate_id == candidate_id, Consent.state == "given")
    for consent in session.scalars(given.order_by(Consent.id)).all():
        _end(session, actor, consent, now=now)
    for proposal in referrals.list_proposals(session, candidate_id):
        proposals.withdraw(session, actor, proposal, reason=REASON, now=now)
    candidate = session.get_one(Candidate, candidate_id)
    if candidate.readiness != Readiness.EMPLOYED:
        set_readiness(session, actor, candidate, Readiness.DECLINED, reason=REASON, now=now)
        journal.write(session, actor, "leave_matching", candidate, now=now)


def _end(session: Session, actor: Actor, consent: Consent, *, now: datetime) -> None:
    journal.move(session, actor, consent, "withdraw", now=now, ended_at=now)
    note_part(session, consent.candidate_id)
    live = select(Referral).where(Referral.consent_id == consent.id, Referral.state.in_(LIVE))
    for referral in session.scalars(live).all():
        referrals.finish(session, actor, referral, "cancel", reason=REASON, now=now)
    proposal = consent.proposal_id and session.get_one(Proposal, consent.proposal_id)
    if proposal and proposal.state == "approved":
        proposals.withdraw(session, actor, proposal, reason=REASON, now=now)
