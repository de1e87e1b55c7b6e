"""Hours as bits of a week: nights, week ends, and what is no time of day."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.problem import Span
from matching.engine.week import DAY, WEEK, is_span, minute_of, week_of


@pytest.mark.parametrize(
    ("span", "minutes"),
    [
        (Span("1", "08:00", "17:00"), 540),
        (Span("12345", "08:00", "17:00"), 5 * 540),
        (Span("7", "22:00", "06:00"), 480),
        (Span("1234567", "00:00", "24:00"), WEEK),
        (Span("1", "09:00", "09:00"), DAY),
    ],
)
def test_a_span_has_its_minutes(span: Span, minutes: int) -> None:
    assert week_of((span,)).bit_count() == minutes


def test_sunday_night_runs_into_monday_morning() -> None:
    monday = week_of((Span("1", "00:00", "06:00"),))
    assert week_of((Span("7", "22:00", "06:00"),)) & monday == monday


def test_the_way_to_work_lengthens_both_ends_and_crosses_into_the_week_before() -> None:
    assert week_of((Span("1", "08:00", "17:00"),), 30).bit_count() == 600
    early = week_of((Span("1", "00:10", "01:00"),), 20)
    assert early & week_of((Span("7", "23:50", "24:00"),))
    assert early.bit_count() == 90


times = st.integers(0, DAY - 1).map(lambda m: f"{m // 60:02}:{m % 60:02}")
spans = st.builds(Span, st.sets(st.sampled_from("1234567"), min_size=1).map("".join), times, times)


@given(spans)
def test_any_span_fits_in_a_week_and_within_itself_and_its_way(span: Span) -> None:
    bits = week_of((span,))
    assert 0 < bits < 1 << WEEK
    assert bits & ~week_of((span,), 45) == 0


@pytest.mark.parametrize("text", ["", "8", "25:00", "08:60", "08:5", "x:10"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        minute_of(text)
    assert not is_span("1", (text,))


def test_days_are_one_to_seven() -> None:
    assert is_span("17", ("08:00", "09:00"))
    assert not is_span("08", ("08:00", "09:00"))
    assert not is_span("", ("08:00", "09:00"))
