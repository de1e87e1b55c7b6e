"""Working days: law dates from the package, transferred days from the table."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from quota.calendar import (
    TransferredDay,
    add_working_days,
    count_working_days,
    is_working_day,
)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 23), True),  # a Monday
        (date(2026, 11, 22), False),  # a Sunday
        (date(2026, 3, 22), False),  # Nauryz
        (date(2026, 12, 16), False),  # Independence Day
    ],
)
def test_weekends_and_public_holidays_do_not_count(
    session: Session, day: date, works: bool
) -> None:
    assert is_working_day(session, day) is works


def test_a_transferred_day_overrules_both_ways(session: Session) -> None:
    session.add(TransferredDay(day=date(2026, 11, 28), works=True, act="an order"))
    session.add(TransferredDay(day=date(2026, 11, 24), works=False, act="an order"))
    assert is_working_day(session, date(2026, 11, 28))
    assert not is_working_day(session, date(2026, 11, 24))
    assert add_working_days(session, date(2026, 11, 23), 4) == date(2026, 11, 28)


def test_five_working_days_from_a_friday_end_on_the_next_friday(session: Session) -> None:
    assert add_working_days(session, date(2026, 11, 20), 5) == date(2026, 11, 27)


def test_the_new_year_holidays_are_stepped_over(session: Session) -> None:
    assert add_working_days(session, date(2026, 12, 31), 1) > date(2027, 1, 2)


def test_counting_undoes_adding(session: Session) -> None:
    @given(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.integers(0, 60))
    def check(start: date, days: int) -> None:
        end = add_working_days(session, start, days)
        assert count_working_days(session, start, end) == days
        assert count_working_days(session, end, start) == -days

    check()
