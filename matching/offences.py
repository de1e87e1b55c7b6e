"""Repeat offences by employment: monthly totals that the prosecutor's account types in.

Totals of a territory and nothing else: never tied to a person or an employer, and no input of
anything. A month typed again replaces the numbers; the journal keeps what stood there.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import String, UniqueConstraint, literal, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching import cells
from quota import journal, rights
from quota.calendar import local_day
from quota.errors import Fault, Invalid, fault
from quota.rights import Actor, Role, Scope
from quota.tables import Keyed, Table

MOST = 100_000
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


class OffenceTotal(Keyed, Table):
    """People on the register with and without work at the month's end, and repeat offences by them."""

    __tablename__ = "offence_totals"
    __table_args__ = (UniqueConstraint("territory", "month"),)

    territory: Mapped[str] = mapped_column(String(80))
    month: Mapped[date]  # its first day
    in_work: Mapped[int]
    without_work: Mapped[int]
    offences_in_work: Mapped[int]
    offences_without_work: Mapped[int]
    typed_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Typed:
    """A month's numbers as typed."""

    in_work: int
    without_work: int
    offences_in_work: int
    offences_without_work: int


@dataclass(frozen=True, slots=True)
class OffenceRow:
    """A month as the report shows it: None where a number of offences is too small to be shown.
    Shares are offences per 1,000 people, rounded down."""

    month: date
    in_work: int
    without_work: int
    offences_in_work: int | None
    offences_without_work: int | None

    @property
    def rate_in_work(self) -> int | None:
        return _rate(self.offences_in_work, self.in_work)

    @property
    def rate_without_work(self) -> int | None:
        return _rate(self.offences_without_work, self.without_work)


def type_month(
    session: Session, actor: Actor, month: str, typed: Typed, *, now: datetime
) -> OffenceTotal:
    """Writes down the totals of a month such as 2026-10 for the actor's territory.

    Raises NotAllowed, or Invalid with every faulty field: a month to come, numbers below zero, more
    offences than people.
    """
    territory = actor.territory or ""
    rights.check(actor, "offences.report", Scope(territory=territory))
    first, faults = _read_month(month, today=local_day(now))
    faults += _check(typed)
    if faults or first is None:
        raise Invalid(*faults)
    numbers = {name: getattr(typed, name) for name in Typed.__slots__}
    total = session.scalar(
        select(OffenceTotal).where(OffenceTotal.territory == territory, OffenceTotal.month == first)
    )
    verb = "change" if total else "add"
    if total is None:
        total = OffenceTotal(territory=territory, month=first, typed_at=now, **numbers)
        session.add(total)
    for name, number in numbers.items():
        setattr(total, name, number)
    total.typed_at = now
    session.flush()
    journal.write(session, actor, verb, total, now=now, month=month, **numbers)
    return total


def list_months(session: Session, actor: Actor) -> list[OffenceRow]:
    """The months typed for the territories within reach, the latest first, small numbers hidden.

    The account that types sees its numbers as they are. Raises NotAllowed.
    """
    statement = select(OffenceTotal).order_by(OffenceTotal.month.desc(), OffenceTotal.territory)
    rights.reach(actor, "reports.read")
    if actor.territory is not None:
        inside = OffenceTotal.territory.startswith(actor.territory)
        around = literal(actor.territory).startswith(OffenceTotal.territory)
        statement = statement.where(inside | around)
    whole = actor.role is Role.PROSECUTOR
    return [_to_row(total, whole=whole) for total in session.scalars(statement)]


def _read_month(text: str, *, today: date) -> tuple[date | None, list[Fault]]:
    if not _MONTH.fullmatch(text):
        return None, [fault("month", "not_a_month" if text else "required")]
    first = date.fromisoformat(f"{text}-01")
    return first, [fault("month", "not_a_month")] if first > today else []


def _check(typed: Typed) -> list[Fault]:
    faults = [
        fault(name, "between", least=0, most=MOST)
        for name in Typed.__slots__
        if not 0 <= getattr(typed, name) <= MOST
    ]
    for offences, people in (
        ("offences_in_work", "in_work"),
        ("offences_without_work", "without_work"),
    ):
        if getattr(typed, offences) > getattr(typed, people):
            faults.append(fault(offences, "more_than_people"))
    return faults


def _to_row(total: OffenceTotal, *, whole: bool) -> OffenceRow:
    shown = (
        (total.offences_in_work, total.offences_without_work)
        if whole
        else (cells.show(total.offences_in_work), cells.show(total.offences_without_work))
    )
    return OffenceRow(total.month, total.in_work, total.without_work, *shown)


def _rate(offences: int | None, people: int) -> int | None:
    return 1000 * offences // people if offences is not None and people else None
