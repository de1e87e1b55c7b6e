"""Rates hold from their day until the next row."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from quota.errors import NotEntered
from quota.rates import MCI, MINIMUM_WAGE, Rate, load_rates, rate_on


def test_the_rate_in_force_on_the_day_counts(session: Session) -> None:
    for year, value in ((2025, 3932), (2026, 4325)):
        session.add(Rate(code=MCI, valid_from=date(year, 1, 1), value=value, act="budget law"))
    assert rate_on(session, MCI, date(2025, 12, 31)) == 3932
    assert rate_on(session, MCI, date(2026, 1, 1)) == 4325


def test_before_the_first_row_there_is_no_rate(session: Session) -> None:
    with pytest.raises(NotEntered) as refusal:
        rate_on(session, MCI, date(2024, 1, 1))
    assert refusal.value.params == {"rate": "mci", "day": "2024-01-01"}


def test_the_package_brings_rates_with_their_acts_once(session: Session) -> None:
    assert load_rates(session) > 10
    assert load_rates(session) == 0
    assert rate_on(session, MINIMUM_WAGE, date(2026, 11, 23)) == 85_000
    assert rate_on(session, MCI, date(2026, 11, 23)) == 4_325
    assert all(rate.act for rate in session.query(Rate))
