"""Answers to a referral: the employer's with coded reasons, the candidate's own no, the day nobody came."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching import bans, proposals, reasons, referrals
from matching.candidates import Candidate, find_candidate
from matching.referrals import Referral, find_referral
from quota import journal, rates
from quota.calendar import local_day
from quota.errors import WrongState
from quota.rights import Actor
from quota.vacancies import Vacancy


def present(session: Session, actor: Actor, key: str, *, now: datetime) -> Referral:
    """The candidate came. Raises NotAllowed, NotFound or WrongState."""
    referral = find_referral(session, actor, key, right="referrals.answer")
    journal.move(session, actor, referral, "present", now=now)
    return referral


def accept(session: Session, actor: Actor, key: str, *, now: datetime) -> Referral:
    """The employer will hire; the contract is still to come. Raises NotAllowed, NotFound or WrongState."""
    referral = find_referral(session, actor, key, right="referrals.answer")
    journal.move(session, actor, referral, "accept", now=now, answered_at=now)
    referrals.record_replies(session, referral.employer_id)
    return referral


def refuse(session: Session, actor: Actor, key: str, *, reason: str, now: datetime) -> Referral:
    """The employer says no for an active code of `reasons.REFUSALS`: slot free, pair banned.

    Raises NotAllowed, NotFound, Invalid or WrongState.
    """
    referral = find_referral(session, actor, key, right="referrals.answer")
    code = reasons.choose(reasons.REFUSALS, reason).code
    answered = referral.answered_at or now
    referrals.finish(session, actor, referral, "refuse", reason=code, now=now, answered_at=answered)
    _ban(session, actor, referral, "refuse", now=now)
    return referral


def decline(session: Session, actor: Actor, key: str, *, reason: str, now: datetime) -> Referral:
    """The candidate says no for an active code of `reasons.DECLINES`: slot free, pair banned.

    Pay below what the person called acceptable, and work against a restriction or a health limit,
    never count as a refusal, whatever code was chosen.
    Raises NotAllowed, NotFound, Invalid or WrongState.
    """
    referral = find_referral(session, actor, key, right="referrals.decline")
    chosen = reasons.choose(reasons.DECLINES, reason)
    counted = not chosen.valid and _is_suitable(session, referral)
    referrals.finish(
        session, actor, referral, "decline", reason=chosen.code, now=now, counted=counted
    )
    _ban(session, actor, referral, "decline", now=now)
    return referral


def miss(session: Session, actor: Actor, key: str, *, now: datetime) -> Referral:
    """The candidate did not come by the day; the slot is free. To say so is the employer's answer.

    Raises NotAllowed, NotFound, or WrongState, also before the day has passed.
    """
    referral = find_referral(session, actor, key, right="referrals.answer")
    if local_day(now) <= referral.come_by:
        raise WrongState("too_early", noun="referral", day=referral.come_by.isoformat())
    return referrals.finish(
        session, actor, referral, "miss", reason="no_show", now=now, answered_at=now
    )


def undo_present(session: Session, actor: Actor, key: str, *, note: str, now: datetime) -> Referral:
    """Raises NotAllowed, NotFound, Invalid without a note, or WrongState."""
    referral = find_referral(session, actor, key, right="referrals.answer")
    return _step_back(session, actor, referral, "undo_present", note=note, now=now)


def undo_accept(session: Session, actor: Actor, key: str, *, note: str, now: datetime) -> Referral:
    """Raises NotAllowed, NotFound, Invalid without a note, or WrongState."""
    referral = find_referral(session, actor, key, right="referrals.answer")
    return _step_back(session, actor, referral, "undo_accept", note=note, now=now)


def undo_refuse(session: Session, actor: Actor, key: str, *, note: str, now: datetime) -> Referral:
    """See `referrals.revive` for what it does and raises."""
    referral = find_referral(session, actor, key, right="referrals.answer")
    return referrals.revive(session, actor, referral, "undo_refuse", note=note, now=now)


def undo_decline(session: Session, actor: Actor, key: str, *, note: str, now: datetime) -> Referral:
    """See `referrals.revive` for what it does and raises."""
    referral = find_referral(session, actor, key, right="referrals.decline")
    return referrals.revive(session, actor, referral, "undo_decline", note=note, now=now)


def undo_miss(session: Session, actor: Actor, key: str, *, note: str, now: datetime) -> Referral:
    """See `referrals.revive` for what it does and raises."""
    referral = find_referral(session, actor, key, right="referrals.answer")
    return referrals.revive(session, actor, referral, "undo_miss", note=note, now=now)


def count_declines(session: Session, candidate_id: int) -> int:
    """How often the person turned down suitable work without an excuse, decided cases left out."""
    counted = select(func.count()).where(
        Referral.candidate_id == candidate_id,
        Referral.counted,
        Referral.settled_at.is_(None),
    )
    return session.scalar(counted) or 0


def settle_declines(
    session: Session, actor: Actor, candidate_key: str, *, note: str, now: datetime
) -> int:
    """Staff decide what follows from repeated refusals of suitable work; nothing happens by itself.

    Returns how many referrals the decision covers. Raises NotAllowed, NotFound, Invalid without a note,
    or WrongState below the rate REFUSALS_BEFORE_DECISION.
    """
    candidate = find_candidate(session, actor, candidate_key, right="candidates.edit")
    note = proposals.need(note)
    number = count_declines(session, candidate.id)
    least = rates.rate_on(session, rates.REFUSALS_BEFORE_DECISION, local_day(now))
    if number < least:
        raise WrongState("too_few_refusals", noun="candidate", least=least)
    statement = select(Referral).where(Referral.candidate_id == candidate.id, Referral.counted)
    for referral in session.scalars(statement.where(Referral.settled_at.is_(None))).all():
        referral.settled_at = now
    session.flush()
    journal.write(session, actor, "settle_declines", candidate, now=now, reason=note, number=number)
    return number


def _is_suitable(session: Session, referral: Referral) -> bool:
    candidate = session.get_one(Candidate, referral.candidate_id)
    vacancy = session.get_one(Vacancy, referral.vacancy_id)
    paid_enough = vacancy.pay_from >= (candidate.pay_accepted or 0)
    return paid_enough and not set(vacancy.flags) & set(candidate.avoids)


def _ban(session: Session, actor: Actor, referral: Referral, cause: str, *, now: datetime) -> None:
    pair = (referral.candidate_id, referral.vacancy_id)
    bans.ban_pair(session, actor, pair, cause=cause, now=now)


def _step_back(
    session: Session, actor: Actor, referral: Referral, verb: str, *, note: str, now: datetime
) -> Referral:
    note = proposals.need(note)
    return referrals.reopen(session, actor, referral, verb, note=note, now=now)
