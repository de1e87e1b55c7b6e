"""Working days of Kazakhstan: the `holidays` package's law dates, with transferred days on top."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from sqlalchemy import Boolean, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota.tables import Table

ALMATY = ZoneInfo("Asia/Almaty")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")


class TransferredDay(Table):
    """A day the Government moved: `works` tells whether people work on it. Entered once a year."""

    __tablename__ = "transferred_days"

    day: Mapped[date] = mapped_column(unique=True)
    works: Mapped[bool] = mapped_column(Boolean)
    act: Mapped[str]

    @property
    def key(self) -> str:
        return self.day.isoformat()


def is_time_of_day(text: object) -> bool:
    """Whether `text` is a time such as "08:30"; "24:00" is the end of a day."""
    return isinstance(text, str) and _TIME.fullmatch(text) is not None


def local_day(moment: datetime) -> date:
    """The date it is in Almaty at `moment`."""
    return moment.astimezone(ALMATY).date()


def midnight(day: date) -> datetime:
    """The moment when `day` begins in Almaty."""
    return datetime.combine(day, time(), tzinfo=ALMATY)


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


def deadline(session: Session, now: datetime, days: int) -> datetime:
    """The moment when the `days`-th working day after today ends in Almaty."""
    last = add_working_days(session, local_day(now), days)
    return midnight(last + timedelta(days=1))


def find_working_days(session: Session, days: Iterable[date]) -> dict[date, date]:
    """Each day with itself, or where nobody works on it with the next day on which people do; one query."""
    transfers = _load_transfers(session)
    return {day: _first_working(day, transfers) for day in days}


def _first_working(day: date, transfers: dict[date, bool]) -> date:
    while not _works(day, transfers):
        day += timedelta(days=1)
    return day


def count_working_days(session: Session, start: date, end: date) -> int:
    """Working days after `start` up to and with `end`; negative when `end` lies before."""
    return count_each(session, start, (end,))[end]


def count_each(session: Session, start: date, ends: Iterable[date]) -> dict[date, int]:
    """What `count_working_days` says of each of `ends`, in one query."""
    transfers = _load_transfers(session)
    return {end: _count(start, end, transfers) for end in set(ends)}


def _count(start: date, end: date, transfers: dict[date, bool]) -> int:
    if end < start:
        return -_count(end, start, transfers)
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
