"""Working days of Kazakhstan: the `holidays` package's law dates, with transferred days on top."""

from datetime import date, timedelta
from functools import lru_cache

import holidays
from sqlalchemy import Boolean, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota.tables import Table


class TransferredDay(Table):
    """A day the Government moved: `works` tells whether people work on it. Entered once a year."""

    __tablename__ = "transferred_days"

    day: Mapped[date] = mapped_column(unique=True)
    works: Mapped[bool] = mapped_column(Boolean)
    act: Mapped[str]


def is_working_day(session: Session, day: date) -> bool:
    return _works(day, _load_transfers(session))


def add_working_days(session: Session, start: date, days: int) -> date:
    """The date `days` working days after `start`, which itself does not count. `days` is at least 0."""
    transfers = _load_transfers(session)
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= _works(day, transfers)
    return day


def count_working_days(session: Session, start: date, end: date) -> int:
    """Working days after `start` up to and with `end`; negative when `end` lies before."""
    if end < start:
        return -count_working_days(session, end, start)
    transfers = _load_transfers(session)
    span = (end - start).days
    return sum(_works(start + timedelta(days=n), transfers) for n in range(1, span + 1))


def _works(day: date, transfers: dict[date, bool]) -> bool:
    if day in transfers:
        return transfers[day]
    return day.weekday() < 5 and day not in _public_holidays(day.year)


def _load_transfers(session: Session) -> dict[date, bool]:
    rows = session.execute(select(TransferredDay.day, TransferredDay.works))
    return {row.day: row.works for row in rows}


@lru_cache(maxsize=32)
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("KZ", years=year))
