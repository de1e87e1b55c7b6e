"""Places that look too good: patterns in the ledger that a person should look at, never a verdict.

Told from the lines of the ledger alone, of one employer within some days, by the day a job began or ended
and not by the day somebody told of it. Such employers weigh more
when a sample is drawn; the weight is published with the draw.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from quota.calendar import local_day
from quota.slots import SlotEvent

LAST_DAYS = 2  # of a month, before its report is made
BRIEF_DAYS = 14
AT_ONCE = 3  # places filled on one day
PATTERNS = ("before_report", "brief", "at_once", "opening_only")


@dataclass(frozen=True, slots=True)
class Stay:
    """How long a place was filled by one holder: `left` is None while it still is."""

    slot_id: int
    holder_key: str | None
    filled: date
    left: date | None
    counted: bool  # from the opening balance


def list_stays(events: Iterable[SlotEvent]) -> list[Stay]:
    """The stays on one slot, from its lines in their order."""
    stays: list[Stay] = []
    begun: Stay | None = None
    for event in events:
        day = event.holds_from or local_day(event.at)
        if event.verb == "undo_vacate" and stays:
            ended = stays.pop()
            begun = Stay(ended.slot_id, ended.holder_key, ended.filled, None, ended.counted)
        elif event.state_to == "filled" and begun is None:
            counted = event.verb == "count_opening"
            begun = Stay(event.slot_id, event.holder_key, day, None, counted)
        elif event.state_to != "filled" and begun is not None:
            # A fill taken back never was one.
            if event.verb not in ("undo_fill", "undo_opening"):
                left = max(day, begun.filled)
                ended = Stay(begun.slot_id, begun.holder_key, begun.filled, left, begun.counted)
                stays.append(ended)
            begun = None
    return [*stays, begun] if begun else stays


def find_patterns(stays: Sequence[Stay]) -> tuple[str, ...]:
    """Which of PATTERNS the stays of one employer show."""
    hired = [stay for stay in stays if not stay.counted]
    by_day = Counter(stay.filled for stay in hired)
    found = {
        "before_report": any(is_before_report(stay.filled) for stay in hired),
        "brief": any(_is_brief(stay) for stay in hired),
        "at_once": any(number >= AT_ONCE for number in by_day.values()),
        "opening_only": len(stays) >= AT_ONCE and not hired,
    }
    return tuple(pattern for pattern in PATTERNS if found[pattern])


def is_before_report(day: date) -> bool:
    """Whether the day is one of the month's last, when its quota report is about to be made."""
    return (day + timedelta(days=LAST_DAYS)).month != day.month


def _is_brief(stay: Stay) -> bool:
    return stay.left is not None and (stay.left - stay.filled).days <= BRIEF_DAYS
