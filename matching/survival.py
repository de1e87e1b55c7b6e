"""Time from survey to work, and survival in work."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median

from matching import cells
from matching.funnel import Period
from matching.placements import FOLLOW_UP_MONTHS, add_months
from matching.ways import Way, list_jobs

# Days from survey to the first day at work, up to and including; the last has no end.
BOUNDS = (30, 60, 90, 180, 365)
_START = date(2001, 1, 1)
_DAYS = {0: 0} | {m: (add_months(_START, m) - _START).days for m in FOLLOW_UP_MONTHS}


@dataclass(frozen=True, slots=True)
class Waits:
    """Numbers of hired people by days waited, None where hidden; `most` is None for the longest."""

    rows: tuple[tuple[int | None, int | None], ...]
    number: int | None
    median_days: int | None


@dataclass(frozen=True, slots=True)
class Point:
    """After `months` in work: the jobs still watched, and the share kept, in whole per cent. Both are
    None where hidden or where nobody has been watched so long."""

    months: int
    watched: int | None
    per_cent: int | None


def measure_waits(ways: Iterable[Way], period: Period) -> Waits:
    """Days from the survey to the first day of each person's first job that began in the period."""
    days = sorted(_waits(ways, period))
    counts = Counter(next((b for b in BOUNDS if wait <= b), None) for wait in days)
    bounds = (*BOUNDS, None)
    shown = cells.hide({bound: counts[bound] for bound in bounds})
    known = len(days) >= cells.LEAST
    return Waits(
        rows=tuple((bound, shown[bound]) for bound in bounds),
        number=cells.show(len(days)),
        median_days=round(median(days)) if known else None,
    )


def estimate_survival(ways: Iterable[Way], period: Period) -> list[Point]:
    """The share of jobs kept after each month of follow-up: Kaplan and Meier's product limit.

    A job counts as long as it was watched up to the end of the period; ends are leavings of any reason.
    E. L. Kaplan and P. Meier, Nonparametric estimation from incomplete observations, JASA 53 (1958).
    """
    jobs = [
        ((_end(job.ends_on, period) - job.starts_on).days, period.holds(job.ends_on))
        for _, job in list_jobs(ways)
        if period.holds(job.starts_on)
    ]
    points = [
        (months, sum(spell >= days for spell, _ in jobs), _product(jobs, days))
        for months, days in _DAYS.items()
    ]
    return _hide(jobs, points)


def _product(jobs: list[tuple[int, bool]], days: int) -> float:
    share = 1.0
    for day in sorted({spell for spell, left in jobs if left and spell <= days}):
        at_risk = sum(spell >= day for spell, _ in jobs)
        gone = sum(left and spell == day for spell, left in jobs)
        share *= 1 - gone / at_risk
    return share


def _hide(jobs: list[tuple[int, bool]], points: list[tuple[int, int, float]]) -> list[Point]:
    """Shares whose steps would tell how a handful left are left out."""
    stayed = [
        len(jobs) - sum(left and spell <= days for spell, left in jobs) for days in _DAYS.values()
    ]
    shown = cells.thin(stayed)
    return [
        Point(months, watched, round(100 * share))
        if kept is not None and watched >= cells.LEAST
        else Point(months, None, None)
        for (months, watched, share), kept in zip(points, shown, strict=True)
    ]


def _end(ends_on: date | None, period: Period) -> date:
    return min(ends_on or period.until, period.until)


def _waits(ways: Iterable[Way], period: Period) -> Iterable[int]:
    for way in ways:
        begun = sorted(job.starts_on for _, job in list_jobs([way]))
        if way.surveyed_on and begun and period.holds(begun[0]):
            yield max(0, (begun[0] - way.surveyed_on).days)
