"""Proposals between publishing and referral: found within reach, given up, taken up again.

A proposal that is proposed, sent back or approved is the one claim on its slot; every other has none.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from matching.candidates import Candidate, Readiness, are_supervised
from matching.rounds import Proposal
from matching.states import PROPOSAL, WAITING
from quota import journal, listings, rates, rights
from quota.calendar import deadline, local_day
from quota.errors import Invalid, NotFound, WrongState, fault
from quota.rights import Actor
from quota.slots import Slot, find_slot, move_slot


def find_proposal(
    session: Session, actor: Actor, key: str, *, right: str = "proposals.read"
) -> Proposal:
    """The proposal with this key. Raises NotAllowed, or NotFound also when out of reach."""
    row = session.execute(
        select(Proposal, Candidate)
        .join(Candidate, Candidate.id == Proposal.candidate_id)
        .where(Proposal.key == key)
    ).one_or_none()
    if row is None:
        rights.reach(actor, right)
        raise NotFound("not_found")
    proposal: Proposal = row[0]
    scope = row[1].scope()
    mine = scope.supervised or _waits_for_probation(proposal)
    rights.check(actor, right, replace(scope, supervised=mine))
    return proposal


def of_supervised() -> ColumnElement[bool]:
    """Whether a proposal is of somebody under supervision, or still waits for probation: whoever was
    supervised when it was made is reviewed by nobody else."""
    waits = and_(Proposal.supervised, Proposal.state.in_(WAITING))
    return or_(waits, are_supervised(Proposal.candidate_id))


def _waits_for_probation(proposal: Proposal) -> bool:
    return proposal.supervised and proposal.state in WAITING


def withdraw(
    session: Session, actor: Actor, proposal: Proposal, *, reason: str, now: datetime
) -> None:
    """Takes a live proposal back and frees its slot. Rights are the caller's. Raises WrongState."""
    journal.move(session, actor, proposal, "withdraw", now=now, reason=reason)
    free_slot(session, actor, proposal, reason=reason, now=now)


def free_slot(
    session: Session, actor: Actor, proposal: Proposal, *, reason: str, now: datetime
) -> None:
    slot = find_slot(session, proposal.slot_id)
    move_slot(session, actor, slot, "release", now=now, reason=reason)
    listings.follow_slot(session, actor, slot, now=now)


def revive(
    session: Session, actor: Actor, proposal: Proposal, verb: str, *, reason: str, now: datetime
) -> None:
    """Brings a proposal back to life by `verb` and takes its slot again. Rights are the caller's.

    Raises WrongState, also when the slot went to somebody else or the person has work by now.
    """
    PROPOSAL.next(proposal.state, verb)
    candidate = session.get_one(Candidate, proposal.candidate_id)
    slot = find_slot(session, proposal.slot_id)
    check_free(candidate, slot)
    take = "hold" if proposal.course_id is not None else "reserve"
    holder = (candidate.key, proposal.category)
    move_slot(session, actor, slot, take, now=now, holder=holder, reason=reason)
    journal.move(session, actor, proposal, verb, now=now, reason=reason)


def check_free(candidate: Candidate, slot: Slot) -> None:
    """Raises WrongState when the person has work by now or the slot went to somebody else."""
    if candidate.readiness == Readiness.EMPLOYED:
        raise WrongState("already_employed", noun="candidate")
    if slot.is_taken:
        raise WrongState("slot_taken", noun="slot")


def restart_clock(session: Session, proposal: Proposal, *, now: datetime) -> None:
    """Gives the reviewers the full term again, from today."""
    days = rates.rate_on(session, rates.REVIEW_DAYS, local_day(now))
    proposal.due_at, proposal.escalated_at = deadline(session, now, days), None
    proposal.first_by = None


def need(text: str, field: str = "note") -> str:
    """The trimmed text. Raises Invalid when it is empty."""
    if not text.strip():
        raise Invalid(fault(field, "required"))
    return text.strip()
