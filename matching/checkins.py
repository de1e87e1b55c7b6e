"""Check-ins: remote confirmation of presence, where probation has decided that it lightens a duty.

No employer is ever asked for one: whether somebody comes to work is a plain fact of the placement.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.candidates import Candidate, find_candidate, need_open
from matching.reasons import CHECK_IN_EXCUSES, choose
from matching.states import CHECK_IN
from matching.tasks import Task
from quota import journal, rights
from quota.calendar import ALMATY, is_time_of_day, local_day
from quota.errors import Fault, Invalid, NotFound, WrongState, fault
from quota.places import list_around
from quota.rights import Actor, Role
from quota.tables import Code, Keyed, Table

MISSED = "check_in_missed"
MOST_NUMBER = 60


class CheckInOrder(Keyed, Table):
    """Probation's recorded decision that a person checks in remotely, on which weekdays and hours.

    Without `lightens` a check-in would replace no legal appearance, so none is asked for.
    `place_consent_on`: the person agreed to tell the coarse place.
    """

    __tablename__ = "check_in_orders"

    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    number: Mapped[str] = mapped_column(String(60))
    decided_on: Mapped[date]
    lightens: Mapped[bool]
    days: Mapped[str] = mapped_column(String(7))
    start: Mapped[str] = mapped_column(String(5))
    end: Mapped[str] = mapped_column(String(5))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    place_consent_on: Mapped[date | None]
    entered_at: Mapped[datetime]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class CheckIn(Keyed, Table):
    """One check-in that is or was due. `way`: by the person's code, or by a clerk."""

    __tablename__ = "check_ins"
    __table_args__ = (UniqueConstraint("order_id", "due_on"),)
    WORKFLOW = CHECK_IN

    order_id: Mapped[int] = mapped_column(ForeignKey("check_in_orders.id"))
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    due_on: Mapped[date] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(12), default="due")
    confirmed_at: Mapped[datetime | None]
    way: Mapped[str] = mapped_column(String(8), default="")
    kato: Mapped[str | None] = mapped_column(ForeignKey("places.kato"))
    reason: Mapped[Code | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


@dataclass(frozen=True, slots=True)
class Decision:
    """What probation decided: number and day of the paper, that it lightens a duty, weekdays and hours."""

    number: str
    decided_on: date
    lightens: bool
    days: str
    start: str
    end: str
    starts_on: date
    ends_on: date | None = None


def order(
    session: Session, actor: Actor, key: str, decision: Decision, *, now: datetime
) -> CheckInOrder:
    """Records the decision for a person under supervision.

    Raises NotAllowed, NotFound, WrongState (a closed record, or another decision is in force), or
    Invalid with every fault: above all when nothing says that a duty is lightened.
    """
    candidate = find_candidate(session, actor, key, right="checkins.decide")
    need_open(candidate)
    faults = _check(decision, today=local_day(now))
    if faults:
        raise Invalid(*faults)
    if find_order(session, candidate, day=max(decision.starts_on, local_day(now))) is not None:
        raise WrongState("order_in_force", noun="check_in_order")
    made = CheckInOrder(
        candidate_id=candidate.id,
        number=decision.number.strip(),
        decided_on=decision.decided_on,
        lightens=decision.lightens,
        days="".join(sorted(set(decision.days))),
        start=decision.start,
        end=decision.end,
        starts_on=decision.starts_on,
        ends_on=decision.ends_on,
        entered_at=now,
        entered_by=actor.account_id,
    )
    session.add(made)
    session.flush()
    journal.write(session, actor, "decide", made, now=now)
    return made


def end_order(session: Session, actor: Actor, key: str, *, on: date, now: datetime) -> CheckInOrder:
    """Sets the decision's last day; what was awaited after it is called off. Raises NotAllowed, NotFound,
    or Invalid for a day before it began."""
    found = _find_order(session, actor, key)
    if on < found.starts_on:
        raise Invalid(fault("on", "end_before_start"))
    found.ends_on = on
    journal.write(session, actor, "end", found, now=now)
    later = select(CheckIn).where(
        CheckIn.order_id == found.id, CheckIn.due_on > on, CheckIn.state == "due"
    )
    for check_in in session.scalars(later).all():
        journal.move(session, actor, check_in, "call_off", now=now)
    return found


def find_order(session: Session, candidate: Candidate, *, day: date) -> CheckInOrder | None:
    """The decision in force on `day`, or about to be. Rights are the caller's."""
    return session.scalar(
        select(CheckInOrder)
        .where(CheckInOrder.candidate_id == candidate.id, CheckInOrder.lightens)
        .where(or_(CheckInOrder.ends_on.is_(None), CheckInOrder.ends_on >= day))
        .order_by(CheckInOrder.starts_on, CheckInOrder.id)
        .limit(1)
    )


def set_place_consent(
    session: Session, actor: Actor, candidate: Candidate, *, agreed: bool, now: datetime
) -> CheckInOrder:
    """The person agrees to tell the coarse place when checking in, or takes that back.

    Raises NotAllowed, NotFound, or WrongState when no check-in is asked for.
    """
    rights.check(actor, "candidates.own", candidate.scope())
    found = find_order(session, candidate, day=local_day(now))
    if found is None:
        raise WrongState("no_check_ins", noun="check_in_order")
    found.place_consent_on = local_day(now) if agreed else None
    verb = "agree_to_place" if agreed else "withdraw_place"
    journal.write(session, actor, verb, found, now=now)
    return found


def confirm(
    session: Session, actor: Actor, key: str, *, kato: str | None = None, now: datetime
) -> CheckIn:
    """The person is present: said by the person's code, or by the clerk in front of whom they stand.

    Raises NotAllowed, NotFound, WrongState outside its day and hours, or Invalid for a place without
    consent or not of those offered.
    """
    check_in, candidate, found = find_check_in(session, actor, key, right="checkins.confirm")
    local = now.astimezone(ALMATY)
    if check_in.due_on != local.date() or not found.start <= f"{local:%H:%M}" < found.end:
        raise WrongState("check_in_not_now", start=found.start, end=found.end)
    if kato:
        _check_place(session, actor, candidate, found, kato)
    journal.move(
        session,
        actor,
        check_in,
        "confirm",
        now=now,
        confirmed_at=now,
        way="clerk" if actor.role is Role.CLERK else "code",
        kato=kato or None,
        account_id=actor.account_id,
    )
    return check_in


def undo_confirm(session: Session, actor: Actor, key: str, *, now: datetime) -> CheckIn:
    """It was confirmed by mistake. Raises NotAllowed, NotFound or WrongState."""
    check_in, *_ = find_check_in(session, actor, key, right="checkins.read")
    cleared = {"confirmed_at": None, "kato": None, "account_id": None}
    journal.move(session, actor, check_in, "undo_confirm", now=now, way="", **cleared)  # type: ignore[arg-type]
    return check_in


def excuse(session: Session, actor: Actor, key: str, *, reason: str, now: datetime) -> CheckIn:
    """Probation accepts a reason, one of CHECK_IN_EXCUSES, before or after; its task is done with that.

    Raises NotAllowed, NotFound, WrongState or Invalid.
    """
    check_in, candidate, _ = find_check_in(session, actor, key, right="checkins.decide")
    choose(CHECK_IN_EXCUSES, reason)
    journal.move(session, actor, check_in, "excuse", now=now, account_id=actor.account_id)
    check_in.reason = reason
    open_ones = select(Task).where(
        Task.candidate_id == candidate.id, Task.code == MISSED, Task.done_at.is_(None)
    )
    for task in session.scalars(open_ones):
        if task.params.get("check_in") == check_in.key:
            task.done_at, task.done_by = now, actor.account_id
            journal.write(session, actor, "finish", task, now=now)
    session.flush()
    return check_in


def undo_excuse(session: Session, actor: Actor, key: str, *, now: datetime) -> CheckIn:
    """Takes an excuse back: awaited again, or missed at the next tick. Raises NotAllowed, NotFound or
    WrongState."""
    check_in, *_ = find_check_in(session, actor, key, right="checkins.decide")
    journal.move(session, actor, check_in, "undo_excuse", now=now, account_id=None)
    check_in.reason = None
    session.flush()
    return check_in


def find_check_in(
    session: Session, actor: Actor, key: str, *, right: str
) -> tuple[CheckIn, Candidate, CheckInOrder]:
    """A check-in within reach, whose it is, and its decision. Raises NotAllowed, NotFound, or WrongState
    for a record that is blocked, erased or merged."""
    row = session.execute(
        select(CheckIn, Candidate, CheckInOrder)
        .join(Candidate, Candidate.id == CheckIn.candidate_id)
        .join(CheckInOrder, CheckInOrder.id == CheckIn.order_id)
        .where(CheckIn.key == key)
    ).one_or_none()
    if row is None:
        rights.reach(actor, right)
        raise NotFound("not_found")
    rights.check(actor, right, row[1].scope())
    need_open(row[1])
    return row[0], row[1], row[2]


def list_coarse_places(
    session: Session, candidate: Candidate
) -> Sequence[tuple[str, Mapping[str, str]]]:
    """The towns and districts around the person's home: as fine as a place is ever told."""
    towns, districts = list_around(session, candidate.kato)
    return [(place.kato, place.names) for place in (*towns, *districts)]


def _check_place(
    session: Session, actor: Actor, candidate: Candidate, found: CheckInOrder, kato: str
) -> None:
    if found.place_consent_on is None or actor.role is not Role.CANDIDATE:
        raise Invalid(fault("kato", "needs_place_consent"))
    if kato not in {code for code, _ in list_coarse_places(session, candidate)}:
        raise Invalid(fault("kato", "unknown_choice"))


def _find_order(session: Session, actor: Actor, key: str) -> CheckInOrder:
    row = session.execute(
        select(CheckInOrder, Candidate)
        .join(Candidate, Candidate.id == CheckInOrder.candidate_id)
        .where(CheckInOrder.key == key)
    ).one_or_none()
    if row is None:
        rights.reach(actor, "checkins.decide")
        raise NotFound("not_found")
    rights.check(actor, "checkins.decide", row[1].scope())
    return row[0]


def _check(decision: Decision, *, today: date) -> list[Fault]:
    faults: list[Fault] = []
    number = decision.number.strip()
    if not number or len(number) > MOST_NUMBER:
        faults.append(fault("number", "too_long" if number else "required", most=MOST_NUMBER))
    if decision.decided_on > today:
        faults.append(fault("decided_on", "date_in_future"))
    if not decision.lightens:
        faults.append(fault("lightens", "needs_lightening"))
    if not decision.days or not set(decision.days) <= set("1234567"):
        faults.append(fault("days", "required"))
    for name in ("start", "end"):
        if not is_time_of_day(getattr(decision, name)):
            faults.append(fault(name, "time_shape"))
    if decision.end <= decision.start:
        faults.append(fault("end", "end_before_start"))
    if decision.ends_on is not None and decision.ends_on < decision.starts_on:
        faults.append(fault("ends_on", "end_before_start"))
    return faults
