"""The week as a number with one bit a minute, so that hours are compared at once."""

from collections.abc import Iterable
from functools import lru_cache

from matching.engine.problem import Span

DAY = 24 * 60
WEEK = 7 * DAY
_ALL = (1 << WEEK) - 1


@lru_cache(maxsize=65536)
def week_of(spans: tuple[Span, ...], way: int = 0) -> int:
    """The minutes of a week within these spans, each lengthened on both sides by `way` minutes."""
    minutes = 0
    for span in spans:
        start, end = minute_of(span.start), minute_of(span.end)
        length = (end - start if end > start else end - start + DAY) + 2 * way
        for day in span.days:
            minutes |= _stretch((int(day) - 1) * DAY + start - way, min(length, WEEK))
    return minutes


def minute_of(time: str) -> int:
    """Minutes after midnight of "HH:MM". Raises ValueError."""
    hours, _, minutes = time.partition(":")
    if not (0 <= int(hours) <= 24 and 0 <= int(minutes) < 60 and len(minutes) == 2):
        raise ValueError(f"no time of day: {time!r}")
    return int(hours) * 60 + int(minutes)


def is_span(days: str, times: Iterable[str]) -> bool:
    """Whether days (of 1 to 7) and times make a span."""
    try:
        return bool(days) and set(days) <= set("1234567") and all(minute_of(t) >= 0 for t in times)
    except ValueError:
        return False


def _stretch(start: int, length: int) -> int:
    bits = ((1 << length) - 1) << (start % WEEK)
    return (bits | bits >> WEEK) & _ALL
