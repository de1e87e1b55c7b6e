"""Placements: a job begun by a hire, followed for a year."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching import duties, others, proposals, reasons, referrals, standings
from matching.candidates import Candidate, Readiness, set_readiness
from matching.referrals import Referral, find_referral
from matching.states import PLACEMENT, REFERRAL
from quota import journal, listings, rates, rights
from quota.calendar import local_day
from quota.errors import Fault, Invalid, NotFound, WrongState, fault
from quota.rights import Actor, Role, Scope
from quota.slots import find_slot, move_slot
from quota.tables import Code, Keyed, Table, Tenge

FOLLOW_UP_MONTHS = (1, 3, 6, 12)
TERMS = ("indefinite", "definite", "replacement")  # as the state exchange has them
SIDES = ("employer", "person")
EVASIVE = ("absence", "discipline")


class Placement(Keyed, Table):
    """`term` is of TERMS, `until` the contract's own last day and `ends_on` the day work ended.
    `address` is empty while it is that of the vacancy."""

    __tablename__ = "placements"
    WORKFLOW = PLACEMENT

    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referrals.id"), index=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    vacancy_id: Mapped[int | None] = mapped_column(ForeignKey("vacancies.id"))
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("slots.id"))
    centre_id: Mapped[int] = mapped_column(ForeignKey("centres.id"), index=True)
    territory: Mapped[str] = mapped_column(String(80))
    category: Mapped[Code | None]
    state: Mapped[str] = mapped_column(String(12), default="started")
    contract_number: Mapped[str] = mapped_column(String(60), default="")
    contract_on: Mapped[date | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    pay: Mapped[Tenge | None]
    term: Mapped[Code] = mapped_column(default="indefinite")
    until: Mapped[date | None]
    address: Mapped[str] = mapped_column(String(300), default="")
    reason: Mapped[Code | None]
    recorded_at: Mapped[datetime]

    def scope(self) -> Scope:
        return Scope(
            centre_id=self.centre_id,
            employer_id=self.employer_id,
            candidate_id=self.candidate_id,
            territory=self.territory,
        )


class FollowUp(Table):
    """A day on which each side is asked whether the person still works there; `kept_at` is the first
    yes."""

    __tablename__ = "follow_ups"
    __table_args__ = (UniqueConstraint("placement_id", "months"),)

    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"), index=True)
    months: Mapped[int]
    due_on: Mapped[date] = mapped_column(index=True)
    kept_at: Mapped[datetime | None]
    employer_at: Mapped[datetime | None]
    person_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Contract:
    """A labour contract as an employer reports it; `pay` is whole tenge a month. `until` goes with a term
    that ends; `address` is empty for that of the vacancy."""

    number: str
    signed_on: date
    starts_on: date
    pay: int
    term: str = "indefinite"
    until: date | None = None
    address: str = ""


def hire(
    session: Session, actor: Actor, referral_key: str, contract: Contract, *, now: datetime
) -> Placement:
    """The employer hired: the slot is filled, the year of follow-up begins, the person's other
    referrals and proposals are closed.

    Raises NotAllowed, NotFound, WrongState, or Invalid with every faulty field (pay below the minimum
    wage of the starting day among them).
    """
    referral = find_referral(session, actor, referral_key, right="referrals.answer")
    REFERRAL.next(referral.state, "hire")
    candidate = session.get_one(Candidate, referral.candidate_id)
    if candidate.readiness == Readiness.EMPLOYED:
        raise WrongState("already_employed", noun="candidate")
    faults = _check(session, contract, today=local_day(now))
    if faults:
        raise Invalid(*faults)
    answered = referral.answered_at or now
    journal.move(session, actor, referral, "hire", now=now, answered_at=answered)
    slot = find_slot(session, referral.slot_id)
    move_slot(session, actor, slot, "fill", now=now, holds_from=contract.starts_on)
    listings.follow_slot(session, actor, slot, now=now)
    referrals.record_replies(session, referral.employer_id)
    set_readiness(session, actor, candidate, Readiness.EMPLOYED, reason="hired", now=now)
    others.close_others(session, actor, candidate.id, hired_by=referral, now=now)
    category = slot.holder_category
    placement = _start(session, actor, referral, contract, category=category, now=now)
    duties.tell_hire(session, actor, candidate, placement.key, now=now)
    return placement


def undo_hire(
    session: Session, actor: Actor, referral_key: str, *, note: str, now: datetime
) -> Referral:
    """Takes a wrongly reported hire back: the placement is annulled, the slot referred again, the person
    ready. Referrals and proposals which the hire closed are open again where their slots are still free.

    Raises NotAllowed, NotFound, Invalid without a note, or WrongState, also when the job has ended.
    """
    referral = find_referral(session, actor, referral_key, right="referrals.answer")
    note = proposals.need(note)
    REFERRAL.next(referral.state, "undo_hire")
    placement = session.scalars(
        select(Placement)
        .where(Placement.referral_id == referral.id)
        .order_by(Placement.id.desc())
        .limit(1)
    ).one()
    journal.move(session, actor, placement, "annul", now=now, reason=note)
    slot = find_slot(session, referral.slot_id)
    move_slot(session, actor, slot, "undo_fill", now=now, reason=note)
    listings.follow_slot(session, actor, slot, now=now)
    candidate = session.get_one(Candidate, referral.candidate_id)
    set_readiness(session, actor, candidate, Readiness.READY, reason="hire_annulled", now=now)
    duties.take_hire_back(session, actor, candidate, placement.key, now=now)
    referrals.reopen(session, actor, referral, "undo_hire", note=note, now=now)
    hired_at = placement.recorded_at
    others.reopen_others(session, actor, candidate.id, hired_at=hired_at, note=note, now=now)
    return referral


def keep(session: Session, actor: Actor, key: str, *, side: str = "", now: datetime) -> Placement:
    """One side says that the person still works there: its earliest open follow-up that is due is
    answered. Staff say of which of SIDES they asked (the employer unless told); others speak for
    themselves.

    Raises NotAllowed, NotFound, Invalid, or WrongState, also when nothing is due from this side yet.
    """
    placement = find_placement(session, actor, key, right="placements.answer")
    PLACEMENT.next(placement.state, "keep")
    field = f"{_side_of(actor, side)}_at"
    follow_ups = list_follow_ups(session, placement)
    today = local_day(now)
    due = [f for f in follow_ups if getattr(f, field) is None and f.due_on <= today]
    if not due:
        raise WrongState("nothing_due", noun="placement")
    setattr(due[0], field, now)
    due[0].kept_at = due[0].kept_at or now
    journal.move(session, actor, placement, "keep", now=now, reason=str(due[0].months))
    return placement


def undo_keep(session: Session, actor: Actor, key: str, *, note: str, now: datetime) -> Placement:
    """Opens the last answered follow-up again. Raises NotAllowed, NotFound, Invalid without a note, or
    WrongState."""
    placement = find_placement(session, actor, key, right="placements.record")
    note = proposals.need(note)
    journal.move(session, actor, placement, "undo_keep", now=now, reason=note)
    answered = [f for f in list_follow_ups(session, placement) if f.kept_at is not None]
    answered[-1].kept_at = answered[-1].employer_at = answered[-1].person_at = None
    session.flush()
    return placement


def end(
    session: Session, actor: Actor, key: str, leaving: tuple[str, date], *, now: datetime
) -> Placement:
    """The job ended: `leaving` is a code of `reasons.ENDINGS` and the last day. The slot is vacated and
    the person ready again.

    Raises NotAllowed, NotFound, WrongState, or Invalid (also for a day to come or before the start).
    """
    placement = find_placement(session, actor, key, right="placements.record")
    reason, on = reasons.choose(reasons.ENDINGS, leaving[0]).code, leaving[1]
    if on > local_day(now):
        raise Invalid(fault("on", "date_in_future"))
    if on < placement.starts_on:
        raise Invalid(fault("on", "before_start"))
    PLACEMENT.next(placement.state, "end")
    placement.reason, placement.ends_on = reason, on
    journal.move(session, actor, placement, "end", now=now, reason=reason)
    if placement.slot_id is not None:
        slot = find_slot(session, placement.slot_id)
        free_from = on + timedelta(days=1)
        move_slot(session, actor, slot, "vacate", now=now, holds_from=free_from, reason=reason)
        listings.follow_slot(session, actor, slot, now=now)
    candidate = session.get_one(Candidate, placement.candidate_id)
    why, since = standings.PLACEMENT_ENDED, standings.day_after(on, now=now)
    set_readiness(session, actor, candidate, Readiness.READY, reason=why, since=since, now=now)
    tell = duties.tell_evasion if reason in EVASIVE else duties.tell_dismissal
    tell(session, actor, candidate, placement.key, now=now)
    return placement


def undo_end(session: Session, actor: Actor, key: str, *, note: str, now: datetime) -> Placement:
    """Takes a wrongly reported end back. Raises NotAllowed, NotFound, Invalid without a note, or
    WrongState, also when the slot went to somebody else or the person has other work by now."""
    placement = find_placement(session, actor, key, right="placements.record")
    note = proposals.need(note)
    PLACEMENT.next(placement.state, "undo_end")
    candidate = session.get_one(Candidate, placement.candidate_id)
    if candidate.readiness == Readiness.EMPLOYED:
        raise WrongState("already_employed", noun="candidate")
    if placement.slot_id is not None:
        slot = find_slot(session, placement.slot_id)
        proposals.check_free(candidate, slot)
        holder = (candidate.key, placement.category)
        move_slot(session, actor, slot, "undo_vacate", now=now, holder=holder, reason=note)
        listings.follow_slot(session, actor, slot, now=now)
    placement.reason, placement.ends_on = None, None
    journal.move(session, actor, placement, "undo_end", now=now, reason=note)
    set_readiness(session, actor, candidate, Readiness.EMPLOYED, reason="ending_undone", now=now)
    return placement


def find_placement(
    session: Session, actor: Actor, key: str, *, right: str = "placements.read"
) -> Placement:
    """The placement with this key. Raises NotAllowed, or NotFound also when out of reach."""
    rights.reach(actor, right)
    placement = session.scalar(select(Placement).where(Placement.key == key))
    if placement is None:
        raise NotFound("not_found")
    candidate = session.get_one(Candidate, placement.candidate_id)
    rights.check(actor, right, replace(placement.scope(), supervised=candidate.supervised))
    return placement


def list_follow_ups(session: Session, placement: Placement) -> list[FollowUp]:
    statement = select(FollowUp).where(FollowUp.placement_id == placement.id)
    return list(session.scalars(statement.order_by(FollowUp.months)))


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last day of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _start(
    session: Session,
    actor: Actor,
    referral: Referral,
    contract: Contract,
    *,
    category: str | None,
    now: datetime,
) -> Placement:
    placement = Placement(
        referral_id=referral.id,
        candidate_id=referral.candidate_id,
        vacancy_id=referral.vacancy_id,
        employer_id=referral.employer_id,
        slot_id=referral.slot_id,
        centre_id=referral.centre_id,
        territory=referral.territory,
        category=category,
        state="started",
        contract_number=contract.number.strip(),
        contract_on=contract.signed_on,
        starts_on=contract.starts_on,
        pay=contract.pay,
        term=contract.term,
        until=contract.until,
        address=contract.address.strip(),
        recorded_at=now,
    )
    session.add(placement)
    session.flush()
    for months in FOLLOW_UP_MONTHS:
        due = add_months(contract.starts_on, months)
        session.add(FollowUp(placement_id=placement.id, months=months, due_on=due))
    session.flush()
    journal.write(session, actor, "start", placement, now=now)
    return placement


def _check(session: Session, contract: Contract, *, today: date) -> list[Fault]:
    faults = []
    if not contract.number.strip():
        faults.append(fault("number", "required"))
    if contract.signed_on > today:
        faults.append(fault("signed_on", "date_in_future"))
    if contract.starts_on < contract.signed_on:
        faults.append(fault("starts_on", "before_contract"))
    faults += _check_term(contract)
    least = rates.rate_on(session, rates.MINIMUM_WAGE, contract.starts_on)
    if contract.pay < least:
        faults.append(fault("pay", "below_minimum_wage", least=least))
    return faults


def _check_term(contract: Contract) -> list[Fault]:
    if contract.term not in TERMS:
        return [fault("term", "unknown_choice")]
    if contract.until is None:
        return [fault("until", "required")] if contract.term == "definite" else []
    if contract.term == "indefinite":
        return [fault("until", "no_end_here")]
    return [fault("until", "before_start")] if contract.until < contract.starts_on else []


def _side_of(actor: Actor, side: str) -> str:
    if actor.role is Role.EMPLOYER:
        return "employer"
    if actor.role is Role.CANDIDATE:
        return "person"
    if side and side not in SIDES:
        raise Invalid(fault("side", "unknown_choice"))
    return side or "employer"
