"""Referrals: the paper sent with a candidate; both sides must answer within their working days.

A referral that is issued, presented or accepted is the one claim on its slot.
"""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching import consents, duties, enrolments, notices, proposals, reasons
from matching.bans import lift_bans
from matching.candidates import Candidate, Readiness, need_open
from matching.consents import Consent
from matching.rounds import Proposal
from matching.states import CLAIMING, REFERRAL
from quota import desks, journal, listings, rates, rights
from quota.calendar import add_working_days, local_day
from quota.centres import Centre
from quota.employers import Employer
from quota.errors import NotFound, WrongState
from quota.rights import SYSTEM, Actor, Role, Scope
from quota.slots import find_slot, move_slot
from quota.tables import Code, Keyed, Table, make_key
from quota.vacancies import Vacancy

LIVE = ("issued", "presented", "accepted")


class Referral(Keyed, Table):
    """`answer_code` is the employer's own, never printed on the paper the candidate carries.

    `counted` says that the person turned down suitable work without a ground that excuses it;
    `settled_at` that staff decided what follows; `followed_at` that the timer looked for the next
    person after this one fell through.
    """

    __tablename__ = "referrals"
    __table_args__ = (UniqueConstraint("centre_id", "number"),)
    WORKFLOW = REFERRAL

    number: Mapped[int]
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), index=True)
    consent_id: Mapped[int] = mapped_column(ForeignKey("consents.id"))
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    vacancy_id: Mapped[int] = mapped_column(ForeignKey("vacancies.id"), index=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"))
    centre_id: Mapped[int] = mapped_column(ForeignKey("centres.id"), index=True)
    territory: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(12), default="issued")
    issued_at: Mapped[datetime]
    come_by: Mapped[date]
    answer_by: Mapped[date] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    reason: Mapped[Code | None]
    counted: Mapped[bool] = mapped_column(default=False)
    settled_at: Mapped[datetime | None]
    followed_at: Mapped[datetime | None]
    answer_code: Mapped[str] = mapped_column(String(24), unique=True, default=lambda: make_key(20))

    def scope(self) -> Scope:
        return Scope(
            centre_id=self.centre_id,
            employer_id=self.employer_id,
            candidate_id=self.candidate_id,
            territory=self.territory,
        )


def issue(session: Session, actor: Actor, proposal_key: str, *, now: datetime) -> Referral:
    """Sends an approved candidate who consented to exactly this disclosure, under the centre's next
    number; each side gets its working days from the day of issue.

    Raises NotAllowed, NotFound, or WrongState (not approved, no consent, blocked, in work by now, the
    course before the job not finished, the round sent SENT_PER_SLOT people for this place already,
    the employer's desk paused or full).
    """
    right = "referrals.issue"
    proposal = proposals.find_proposal(session, actor, proposal_key, right=right)
    proposal.WORKFLOW.next(proposal.state, "refer")
    consent = consents.find_given(session, proposal)
    most = rates.rate_on(session, rates.SENT_PER_SLOT, local_day(now))
    if count_sent(session, proposal) >= most:
        raise WrongState("enough_sent", noun="slot", most=most)
    candidate = session.get_one(Candidate, proposal.candidate_id)
    need_open(candidate)
    if candidate.readiness == Readiness.EMPLOYED:
        raise WrongState("already_employed", noun="candidate")
    enrolments.need_completed(session, proposal)
    desks.need_open(session, session.get_one(Vacancy, proposal.vacancy_id).employer_id, now=now)
    slot = find_slot(session, proposal.slot_id)
    move_slot(session, actor, slot, "refer", now=now)
    journal.move(session, actor, proposal, "refer", now=now)
    referral = _make(session, proposal, consent, candidate, now=now)
    session.add(referral)
    session.flush()
    journal.write(session, actor, "issue", referral, now=now, number=referral.number)
    record_replies(session, referral.employer_id)
    link = (referral.id, notices.ANSWER_LINK, referral.answer_by)
    notices.make(session, [link], now=now)
    _tell_departure(session, actor, referral, candidate, now=now)
    return referral


def cancel(session: Session, actor: Actor, key: str, *, reason: str, now: datetime) -> Referral:
    """The centre takes a live referral back for a code of `reasons.CANCELLATIONS`; its slot is free.

    Raises NotAllowed, NotFound, Invalid or WrongState.
    """
    referral = find_referral(session, actor, key, right="referrals.issue")
    code = reasons.choose(reasons.CANCELLATIONS, reason).code
    return finish(session, actor, referral, "cancel", reason=code, now=now)


def undo_cancel(session: Session, actor: Actor, key: str, *, note: str, now: datetime) -> Referral:
    """Takes a cancellation back; see `revive` for what it raises."""
    referral = find_referral(session, actor, key, right="referrals.issue")
    return revive(session, actor, referral, "undo_cancel", note=note, now=now)


def undo_expire(session: Session, actor: Actor, key: str, *, note: str, now: datetime) -> Referral:
    """Opens an expired referral again, say for a late answer; see `revive` for what it raises."""
    referral = find_referral(session, actor, key, right="referrals.issue")
    return revive(session, actor, referral, "undo_expire", note=note, now=now)


def expire_referrals(session: Session, *, now: datetime) -> int:
    """For the timer: closes referrals whose answer is REFERRAL_CLOSE_DAYS working days overdue, under
    their own reason. Returns how many; doing it twice changes nothing more."""
    today = local_day(now)
    days = rates.rate_on(session, rates.REFERRAL_CLOSE_DAYS, today)
    overdue = session.scalars(
        select(Referral)
        .where(or_(Referral.state == "issued", Referral.state == "presented"))
        .where(Referral.answer_by < today)
        .order_by(Referral.id)
    ).all()
    late = [r for r in overdue if add_working_days(session, r.answer_by, days) < today]
    for referral in late:
        finish(session, SYSTEM, referral, "expire", reason="no_answer", now=now)
    return len(late)


def finish(
    session: Session,
    actor: Actor,
    referral: Referral,
    verb: str,
    *,
    reason: str,
    now: datetime,
    **changes: Any,
) -> Referral:
    """Ends a live referral without a hire by `verb` and frees its slot. Rights are the caller's."""
    REFERRAL.next(referral.state, verb)
    # `journal.move` keeps `reason` for its own line, so the column is set here.
    referral.reason = reason
    journal.move(session, actor, referral, verb, now=now, reason=reason, **changes)
    slot = find_slot(session, referral.slot_id)
    move_slot(session, actor, slot, "release", now=now, reason=reason)
    listings.follow_slot(session, actor, slot, now=now)
    record_replies(session, referral.employer_id)
    duties.take_departure_back(session, actor, referral.candidate_id, referral.key, now=now)
    return referral


def revive(
    session: Session, actor: Actor, referral: Referral, verb: str, *, note: str, now: datetime
) -> Referral:
    """Undoes an end: the slot is referred again, the pair's ban lifted, passed dates set anew.

    Raises Invalid without a note, or WrongState when the consent is not given any more, the person has
    work by now or the slot went to somebody else.
    """
    note = proposals.need(note)
    REFERRAL.next(referral.state, verb)
    _need_consent(session, referral)
    candidate = session.get_one(Candidate, referral.candidate_id)
    slot = find_slot(session, referral.slot_id)
    proposals.check_free(candidate, slot)
    proposal = session.get_one(Proposal, referral.proposal_id)
    holder = (candidate.key, proposal.category)
    move_slot(session, actor, slot, "undo_release", now=now, holder=holder, reason=note)
    reopen(session, actor, referral, verb, note=note, now=now)
    lift_bans(session, actor, (referral.candidate_id, referral.vacancy_id), now=now)
    if local_day(now) > referral.answer_by:
        referral.come_by, referral.answer_by = _terms(session, now)
    _tell_departure(session, actor, referral, candidate, now=now)
    return referral


def reopen(
    session: Session, actor: Actor, referral: Referral, verb: str, *, note: str, now: datetime
) -> Referral:
    """Moves a referral back into a state before any answer; its slot is the caller's."""
    REFERRAL.next(referral.state, verb)
    referral.reason, referral.answered_at = None, None
    referral.counted, referral.settled_at, referral.followed_at = False, None, None
    journal.move(session, actor, referral, verb, now=now, reason=note)
    record_replies(session, referral.employer_id)
    return referral


def find_referral(
    session: Session, actor: Actor, key: str, *, right: str = "referrals.read"
) -> Referral:
    """The referral with this key. Raises NotAllowed, or NotFound also when out of reach."""
    rights.reach(actor, right)
    referral = session.scalar(select(Referral).where(Referral.key == key))
    if referral is None:
        raise NotFound("not_found")
    candidate = session.get_one(Candidate, referral.candidate_id)
    rights.check(actor, right, replace(referral.scope(), supervised=candidate.supervised))
    return referral


def find_by_answer_code(session: Session, code: str) -> tuple[Referral, Actor]:
    """The referral an employer answers by its own code, and the actor the code stands for.

    Raises NotFound for an unknown code, and when the employer may not be told of the person any more.
    """
    referral = session.scalar(select(Referral).where(Referral.answer_code == code))
    if referral is None or not may_disclose(session, referral):
        raise NotFound("not_found")
    return referral, Actor(Role.EMPLOYER, employer_id=referral.employer_id)


def may_disclose(session: Session, referral: Referral) -> bool:
    """Whether its employer may be told of the person: the consent stands, and the record is not blocked."""
    given = session.get_one(Consent, referral.consent_id).state == "given"
    return given and session.get_one(Candidate, referral.candidate_id).blocked_at is None


def list_live(session: Session, candidate_id: int) -> list[Referral]:
    statement = select(Referral).where(
        Referral.candidate_id == candidate_id, Referral.state.in_(LIVE)
    )
    return list(session.scalars(statement.order_by(Referral.id)))


def list_proposals(session: Session, candidate_id: int) -> list[Proposal]:
    """The candidate's proposals that still claim a slot."""
    statement = select(Proposal).where(
        Proposal.candidate_id == candidate_id,
        Proposal.state.in_(CLAIMING),
    )
    return list(session.scalars(statement.order_by(Proposal.id)))


def count_sent(session: Session, proposal: Proposal) -> int:
    """How many people the proposal's round sent for its place so far, those called off left out."""
    sent = (
        select(func.count())
        .select_from(Referral)
        .join(Proposal, Proposal.id == Referral.proposal_id)
        .where(Referral.slot_id == proposal.slot_id, Proposal.round_id == proposal.round_id)
        .where(Referral.state != "cancelled")
    )
    return session.scalar(sent) or 0


def record_replies(session: Session, employer_id: int) -> None:
    """Writes the employer's reply record down to the registry, counted anew from its referrals.

    Sent are those the employer owed an answer to: not the ones cancelled or declined before it gave one.
    """
    session.flush()
    mine = select(func.count()).where(Referral.employer_id == employer_id)
    answered = Referral.answered_at.is_not(None)
    owed = or_(answered, Referral.state.not_in(("cancelled", "declined")))
    counts = {
        "referrals_sent": mine.where(owed).scalar_subquery(),
        "referrals_answered": mine.where(answered).scalar_subquery(),
        "referrals_hired": mine.where(Referral.state == "hired").scalar_subquery(),
    }
    session.execute(
        update(Employer)
        .where(Employer.id == employer_id)
        .values(counts)
        .execution_options(synchronize_session=False)
    )
    if employer := session.identity_map.get(session.identity_key(Employer, employer_id)):
        session.expire(employer, list(counts))


def _make(
    session: Session, proposal: Proposal, consent: Consent, candidate: Candidate, *, now: datetime
) -> Referral:
    come_by, answer_by = _terms(session, now)
    vacancy = session.get_one(Vacancy, proposal.vacancy_id)
    return Referral(
        number=_next_number(session, candidate.centre_id),
        proposal_id=proposal.id,
        consent_id=consent.id,
        candidate_id=candidate.id,
        vacancy_id=vacancy.id,
        employer_id=vacancy.employer_id,
        slot_id=proposal.slot_id,
        centre_id=candidate.centre_id,
        territory=candidate.territory,
        state="issued",
        issued_at=now,
        come_by=come_by,
        answer_by=answer_by,
    )


def _tell_departure(
    session: Session, actor: Actor, referral: Referral, candidate: Candidate, *, now: datetime
) -> None:
    kato = session.get_one(Vacancy, referral.vacancy_id).kato
    duties.tell_departure(
        session, actor, candidate, referral.key, kato=kato, leaves_on=referral.come_by, now=now
    )


def _next_number(session: Session, centre_id: int) -> int:
    # The centre's row is the lock under which its numbers are drawn: no gap, no number twice.
    session.execute(select(Centre.id).where(Centre.id == centre_id).with_for_update())
    last = select(func.max(Referral.number)).where(Referral.centre_id == centre_id)
    return (session.scalar(last) or 0) + 1


def _terms(session: Session, now: datetime) -> tuple[date, date]:
    today = local_day(now)
    codes = (rates.REFERRAL_DAYS_CANDIDATE, rates.REFERRAL_DAYS_EMPLOYER)
    come, answer = (
        add_working_days(session, today, rates.rate_on(session, code, today)) for code in codes
    )
    return come, answer


def _need_consent(session: Session, referral: Referral) -> None:
    if session.get_one(Consent, referral.consent_id).state != "given":
        raise WrongState("no_consent", noun="consent")
