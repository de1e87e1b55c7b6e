"""Receptions: when a specialist receives people, and the times given to measures, never one too many.

Whoever gives a time first locks the specialist's row, then counts: of two who want the last one, one is
refused, on either database. A unique (specialist, time) of the measures is the database's own word on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.programmes import GROUP_WORK, Measure, find_measure
from quota import journal, rights
from quota.calendar import ALMATY, is_time_of_day, local_day
from quota.errors import Fault, Invalid, WrongState, fault
from quota.rights import Actor, Scope
from quota.tables import Keyed, Table

AHEAD_DAYS = 21
MOST_A_DAY, MOST_A_WEEK, LONGEST_MINUTES = 40, 200, 240


class Reception(Keyed, Table):
    """A specialist's hours: on `days` from `start`, `per_day` people of `minutes` each, and at most
    `per_week`."""

    __tablename__ = "receptions"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), unique=True)
    days: Mapped[str] = mapped_column(String(7))
    start: Mapped[str] = mapped_column(String(5))
    minutes: Mapped[int]
    per_day: Mapped[int]
    per_week: Mapped[int]


@dataclass(frozen=True, slots=True)
class Hours:
    days: str
    start: str
    minutes: int
    per_day: int
    per_week: int


def set_hours(session: Session, actor: Actor, hours: Hours, *, now: datetime) -> Reception:
    """Sets the specialist's own hours; times given already stay. Raises NotAllowed or Invalid."""
    rights.check(actor, "receptions.hold", Scope(executor_id=actor.account_id))
    faults = _check(hours)
    if faults:
        raise Invalid(*faults)
    known = find_reception(session, actor.account_id)
    reception = known or Reception(account_id=actor.account_id)
    reception.days = "".join(sorted(set(hours.days)))
    reception.start, reception.minutes = hours.start, hours.minutes
    reception.per_day, reception.per_week = hours.per_day, hours.per_week
    session.add(reception)
    session.flush()
    journal.write(session, actor, "set", reception, now=now, per_day=hours.per_day)
    return reception


def find_reception(session: Session, account_id: int | None) -> Reception | None:
    return session.scalar(select(Reception).where(Reception.account_id == account_id))


def list_free(session: Session, account_id: int | None, *, now: datetime) -> list[datetime]:
    """The times that can still be given within AHEAD_DAYS, earliest first; none without hours."""
    reception = find_reception(session, account_id)
    if reception is None:
        return []
    return _free_times(reception, _taken(session, reception, since=local_day(now)), now)


def book(session: Session, actor: Actor, key: str, at: datetime, *, now: datetime) -> Measure:
    """Gives a measure a time with its specialist.

    Raises NotAllowed, NotFound, WrongState (no time can be given, or group work, which is invited to a
    group), or Invalid for a time that is not free.
    """
    measure, _ = find_measure(session, actor, key)
    locked = select(Reception).where(Reception.account_id == measure.executor_id)
    reception = session.scalar(locked.with_for_update().execution_options(populate_existing=True))
    if reception is None or measure.kind == GROUP_WORK:
        raise WrongState("no_reception", noun="measure")
    taken = _taken(session, reception, since=local_day(now))
    if at not in _free_times(reception, taken, now):
        raise Invalid(fault("at", "time_not_free"))
    journal.move(session, actor, measure, "book", now=now, booked_at=at)
    return measure


def unbook(session: Session, actor: Actor, key: str, *, now: datetime) -> Measure:
    """Takes the time back. Raises NotAllowed, NotFound or WrongState."""
    return _leave_time(session, actor, key, "unbook", now=now)


def miss(session: Session, actor: Actor, key: str, *, now: datetime) -> Measure:
    """The person did not come; the measure can be given another time. Raises NotAllowed, NotFound or
    WrongState before the time."""
    measure, _ = find_measure(session, actor, key)
    if measure.booked_at is not None and measure.booked_at > now:
        raise WrongState("not_yet_time", noun="measure")
    return _leave_time(session, actor, key, "miss", now=now)


def _leave_time(session: Session, actor: Actor, key: str, verb: str, *, now: datetime) -> Measure:
    measure, _ = find_measure(session, actor, key)
    if measure.kind == GROUP_WORK:
        raise WrongState("no_reception", noun="measure")
    journal.move(session, actor, measure, verb, now=now, booked_at=None)
    return measure


def _taken(session: Session, reception: Reception, *, since: date) -> list[datetime]:
    """Times given in the week of `since` and later."""
    monday = since - timedelta(days=since.weekday())
    begins = datetime.combine(monday, time(), tzinfo=ALMATY)
    return list(
        session.scalars(
            select(Measure.booked_at).where(
                Measure.executor_id == reception.account_id, Measure.booked_at >= begins
            )
        )
    )


def _free_times(reception: Reception, taken: Sequence[datetime], now: datetime) -> list[datetime]:
    days = [local_day(moment) for moment in taken]
    weeks = [_week_of(day) for day in days]
    today = local_day(now)
    found = []
    for ahead in range(AHEAD_DAYS):
        day = today + timedelta(days=ahead)
        full = (
            str(day.isoweekday()) not in reception.days
            or days.count(day) >= reception.per_day
            or weeks.count(_week_of(day)) >= reception.per_week
        )
        if not full:
            found += [at for at in _times_of(reception, day) if at > now and at not in taken]
    return found


def _times_of(reception: Reception, day: date) -> list[datetime]:
    first = datetime.combine(day, time.fromisoformat(reception.start), tzinfo=ALMATY)
    step = timedelta(minutes=reception.minutes)
    return [first + n * step for n in range(reception.per_day)]


def _week_of(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]


def _check(hours: Hours) -> list[Fault]:
    faults: list[Fault] = []
    if not hours.days or not set(hours.days) <= set("1234567"):
        faults.append(fault("days", "required"))
    if not is_time_of_day(hours.start) or hours.start == "24:00":
        faults.append(fault("start", "time_shape"))
    limits: dict[str, Any] = {
        "minutes": LONGEST_MINUTES,
        "per_day": MOST_A_DAY,
        "per_week": MOST_A_WEEK,
    }
    for name, most in limits.items():
        if not 1 <= getattr(hours, name) <= most:
            faults.append(fault(name, "between", least=1, most=most))
    if not faults and _ends_tomorrow(hours):
        faults.append(fault("per_day", "longer_than_a_day"))
    return faults


def _ends_tomorrow(hours: Hours) -> bool:
    begins = time.fromisoformat(hours.start)
    return begins.hour * 60 + begins.minute + hours.minutes * hours.per_day > 24 * 60
