"""Reviews: probation decides on people under supervision, a second person of the centre on the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching import bans, consents, inspectors, proposals, reasons, tasks
from matching.rounds import Proposal
from matching.states import WAITING
from matching.tasks import Task
from quota import journal, rates
from quota.calendar import add_working_days, local_day
from quota.errors import NotAllowed, SenimError
from quota.rights import SYSTEM, Actor, Role
from quota.tables import Keyed, Table

DECIDED_IN = ("proposed", "first_yes")  # a reviewer may say yes or no


class Review(Keyed, Table):
    """`note` is for the centre; `note_for_person` for the candidate."""

    __tablename__ = "reviews"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), index=True)
    decision: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    note_for_person: Mapped[str] = mapped_column(Text, default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Ruling:
    """What goes with a decision: a code of `reasons.REJECTIONS` for a no, and words for either side."""

    reason: str = ""
    note: str = ""
    note_for_person: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row of several; `code` names the refusal and is empty when it went well."""

    key: str
    code: str = ""
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expired:
    escalated: int
    freed: int


def approve(session: Session, actor: Actor, key: str, ruling: Ruling, *, now: datetime) -> Proposal:
    """Says yes, and asks the candidate for consent to the disclosure; where two inspectors are needed,
    the first yes waits for that of another account.

    Raises NotAllowed (also for the account that published, when a second person reviews, or that said
    the first yes), NotFound or WrongState.
    """
    proposal = _find_reviewable(session, actor, key)
    needed = inspectors.count_needed(session, proposal, local_day(now))
    if proposal.state == "proposed" and needed > 1:
        journal.move(session, actor, proposal, "approve_first", now=now, first_by=actor.account_id)
        return _write(session, actor, proposal, "approve_first", ruling, now=now)
    if proposal.state == "first_yes" and actor.account_id == proposal.first_by:
        raise NotAllowed("another_inspector")
    journal.move(session, actor, proposal, "approve", now=now)
    consents.ask_for(session, actor, proposal, now=now)
    return _write(session, actor, proposal, "approve", ruling, now=now)


def reject(session: Session, actor: Actor, key: str, ruling: Ruling, *, now: datetime) -> Proposal:
    """Says no for a coded reason: the slot is free again, the pair banned until a day, and the centre
    asked to look at the next best plan.

    Raises NotAllowed, NotFound, Invalid or WrongState.
    """
    proposal = _find_reviewable(session, actor, key)
    reason = reasons.choose(reasons.REJECTIONS, ruling.reason)
    if not reason.valid:
        proposals.need(ruling.note)
    journal.move(session, actor, proposal, "reject", now=now, reason=reason.code)
    proposals.free_slot(session, actor, proposal, reason=reason.code, now=now)
    pair = (proposal.candidate_id, proposal.vacancy_id)
    bans.ban_pair(session, actor, pair, cause="reject", now=now)
    _ask_for_next(session, actor, proposal, now=now)
    return _write(session, actor, proposal, "reject", ruling, now=now)


def send_back(
    session: Session, actor: Actor, key: str, ruling: Ruling, *, now: datetime
) -> Proposal:
    """Asks the centre a question; the slot stays reserved. Raises NotAllowed, NotFound, Invalid without
    a note, or WrongState."""
    proposal = _find_reviewable(session, actor, key)
    proposals.need(ruling.note)
    journal.move(session, actor, proposal, "send_back", now=now)
    return _write(session, actor, proposal, "send_back", ruling, now=now)


def resubmit(session: Session, actor: Actor, key: str, *, note: str, now: datetime) -> Proposal:
    """The centre answers; the reviewer's clock starts anew. Raises NotAllowed, NotFound, Invalid or
    WrongState."""
    proposal = proposals.find_proposal(session, actor, key, right="rounds.run")
    ruling = Ruling(note=proposals.need(note))
    journal.move(session, actor, proposal, "resubmit", now=now)
    proposals.restart_clock(session, proposal, now=now)
    return _write(session, actor, proposal, "resubmit", ruling, now=now)


def undo_first(session: Session, actor: Actor, key: str, *, note: str, now: datetime) -> Proposal:
    """Takes the first of two yeses back; the slot stays reserved. Raises NotAllowed, NotFound, Invalid
    without a note, or WrongState."""
    proposal = _find_reviewable(session, actor, key)
    ruling = Ruling(note=proposals.need(note))
    journal.move(session, actor, proposal, "undo_first", now=now, reason=ruling.note, first_by=None)
    return _write(session, actor, proposal, "undo_first", ruling, now=now)


def undo_approve(session: Session, actor: Actor, key: str, *, note: str, now: datetime) -> Proposal:
    """Takes a yes back while no referral is issued; the slot stays reserved. Raises NotAllowed,
    NotFound, Invalid without a note, or WrongState."""
    proposal = _find_reviewable(session, actor, key)
    ruling = Ruling(note=proposals.need(note))
    journal.move(session, actor, proposal, "undo_approve", now=now, reason=ruling.note)
    proposals.restart_clock(session, proposal, now=now)
    return _write(session, actor, proposal, "undo_approve", ruling, now=now)


def undo_reject(session: Session, actor: Actor, key: str, *, note: str, now: datetime) -> Proposal:
    """Takes a no back: the slot is reserved again and the pair's ban lifted.

    Raises NotAllowed, NotFound, Invalid without a note, or WrongState, also when the slot went to
    somebody else or the person has work by now.
    """
    proposal = _find_reviewable(session, actor, key)
    _revive(session, actor, proposal, "undo_reject", note=note, now=now)
    pair = (proposal.candidate_id, proposal.vacancy_id)
    bans.lift_bans(session, actor, pair, now=now)
    params = {"proposal": proposal.key}
    tasks.settle_tasks(session, actor, (proposal.candidate_id, tasks.NEXT_BEST), params, now=now)
    return proposal


def withdraw(session: Session, actor: Actor, key: str, *, note: str, now: datetime) -> Proposal:
    """The centre takes a proposal back before a referral; the slot is free again. Raises NotAllowed,
    NotFound, Invalid without a note, or WrongState."""
    proposal = proposals.find_proposal(session, actor, key, right="rounds.run")
    ruling = Ruling(note=proposals.need(note))
    proposals.withdraw(session, actor, proposal, reason=ruling.note, now=now)
    return _write(session, actor, proposal, "withdraw", ruling, now=now)


def undo_withdraw(
    session: Session, actor: Actor, key: str, *, note: str, now: datetime
) -> Proposal:
    """Brings a withdrawn proposal back before the reviewer. Raises NotAllowed, NotFound, Invalid without
    a note, or WrongState, also when the slot went to somebody else."""
    proposal = proposals.find_proposal(session, actor, key, right="rounds.run")
    return _revive(session, actor, proposal, "undo_withdraw", note=note, now=now)


DECISIONS: dict[str, Callable[..., Proposal]] = {
    "approve": approve,
    "reject": reject,
    "send_back": send_back,
}


def decide_several(
    session: Session,
    actor: Actor,
    keys: Sequence[str],
    decision: tuple[str, Ruling],
    *,
    now: datetime,
) -> list[Outcome]:
    """One decision of DECISIONS on several proposals, each for itself: a refused row changes nothing
    and stops no other. Outcomes are in the order of `keys`."""
    verb, ruling = decision
    outcomes = []
    for key in dict.fromkeys(keys):
        try:
            with session.begin_nested():
                DECISIONS[verb](session, actor, key, ruling, now=now)
            outcomes.append(Outcome(key))
        except SenimError as refusal:
            outcomes.append(Outcome(key, refusal.code, dict(refusal.params)))
    return outcomes


def expire_proposals(session: Session, *, now: datetime) -> Expired:
    """For the timer: an overdue proposal first escalates, later frees its slot. Doing it twice changes
    nothing more."""
    today = local_day(now)
    days = rates.rate_on(session, rates.REVIEW_CLOSE_DAYS, today)
    overdue = session.scalars(
        select(Proposal)
        .where(Proposal.state.in_(WAITING))
        .where(Proposal.due_at <= now)
        .order_by(Proposal.id)
    ).all()
    fresh = [p for p in overdue if p.escalated_at is None]
    for proposal in fresh:
        journal.move(session, SYSTEM, proposal, "escalate", now=now, escalated_at=now)
    ripe = [p for p in overdue if p not in fresh and _close_on(session, p, days) < today]
    for proposal in ripe:
        proposals.withdraw(session, SYSTEM, proposal, reason="not_reviewed", now=now)
        _write(session, SYSTEM, proposal, "withdraw", Ruling(reason="not_reviewed"), now=now)
    return Expired(len(fresh), len(ripe))


def may_decide(actor: Actor, proposal: Proposal) -> bool:
    """Whether the actor may review and did not say the first of two yeses already."""
    again = proposal.state == "first_yes" and actor.account_id == proposal.first_by
    return proposal.state in DECIDED_IN and may_review(actor, proposal) and not again


def may_review(actor: Actor, proposal: Proposal) -> bool:
    """Whether the actor's role reviews such a proposal and did not publish it; reach is not asked."""
    if proposal.supervised:
        return actor.role in (Role.PROBATION, Role.SYSTEM)
    return actor.role in (Role.STAFF, Role.SYSTEM) and not _published(actor, proposal)


def _find_reviewable(session: Session, actor: Actor, key: str) -> Proposal:
    proposal = proposals.find_proposal(session, actor, key)
    right = "proposals.review_supervised" if proposal.supervised else "proposals.review_other"
    proposals.find_proposal(session, actor, key, right=right)
    if not proposal.supervised and _published(actor, proposal):
        raise NotAllowed("second_person", right=right)
    return proposal


def _published(actor: Actor, proposal: Proposal) -> bool:
    return actor.account_id is not None and actor.account_id == proposal.proposed_by


def _revive(
    session: Session, actor: Actor, proposal: Proposal, verb: str, *, note: str, now: datetime
) -> Proposal:
    ruling = Ruling(note=proposals.need(note))
    proposals.revive(session, actor, proposal, verb, reason=ruling.note, now=now)
    proposals.restart_clock(session, proposal, now=now)
    return _write(session, actor, proposal, verb, ruling, now=now)


def _ask_for_next(session: Session, actor: Actor, proposal: Proposal, *, now: datetime) -> None:
    days = rates.rate_on(session, rates.REVIEW_DAYS, local_day(now))
    task = Task(candidate_id=proposal.candidate_id, code=tasks.NEXT_BEST, role=Role.STAFF.value)
    task.params = {"proposal": proposal.key}
    task.due_on = add_working_days(session, local_day(now), days)
    tasks.raise_task(session, actor, task, now=now)


def _close_on(session: Session, proposal: Proposal, days: int) -> date:
    return add_working_days(session, local_day(proposal.due_at), days)


def _write(
    session: Session,
    actor: Actor,
    proposal: Proposal,
    decision: str,
    ruling: Ruling,
    *,
    now: datetime,
) -> Proposal:
    session.add(
        Review(
            proposal_id=proposal.id,
            decision=decision,
            reason=ruling.reason,
            note=ruling.note.strip(),
            note_for_person=ruling.note_for_person.strip(),
            account_id=actor.account_id,
            at=now,
        )
    )
    session.flush()
    return proposal
