"""Fives: what a narrowed report shows of people, so that two of them set against each other tell nothing.

A report of everybody shows its numbers as they are, with small cells hidden. As soon as a filter narrows
it, every number of people is rounded to the nearest five after that: the difference of two shown numbers
is a multiple of five or off by up to two, never somebody's. Shares of few people and medians of fewer
still are left out. These are the limits of HESA's standard rounding and suppression of statistics.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from matching.funnel import Step
from matching.shares import Share
from matching.survival import Point, Waits
from matching.wages import WageRow

STEP = 5
LEAST_SHARED = 23  # a share needs so many people
LEAST_MEDIAN = 8  # a median so many
Key = TypeVar("Key")


def round_number(number: int | None) -> int | None:
    """To the nearest five; what is hidden stays hidden."""
    return None if number is None else STEP * ((number + STEP // 2) // STEP)


def round_counts(counts: Mapping[Key, int | None]) -> dict[Key, int | None]:
    return {key: round_number(number) for key, number in counts.items()}


def round_steps(steps: Sequence[Step]) -> list[Step]:
    return [
        replace(
            step,
            reached=round_number(step.reached),
            missed=tuple((reason, round_number(number)) for reason, number in step.missed),
        )
        for step in steps
    ]


def round_shares(rows: Sequence[Share]) -> list[Share]:
    """The share itself follows from the rounded numbers; of few people there is none."""
    return [
        replace(row, register=round_number(row.register), employed=round_number(row.employed))
        if (row.register or 0) >= LEAST_SHARED
        else replace(row, register=round_number(row.register), employed=None)
        for row in rows
    ]


def round_wages(rows: Sequence[WageRow]) -> list[WageRow]:
    """Places are nobody's secret and stay; what people would accept needs enough of them."""
    return [
        replace(
            row,
            people=round_number(row.people),
            accepted=row.accepted if (row.people or 0) >= LEAST_MEDIAN else None,
            declined=round_number(row.declined),
            over_pay=round_number(row.over_pay),
        )
        for row in rows
    ]


def round_waits(waits: Waits) -> Waits:
    return Waits(
        rows=tuple((bound, round_number(number)) for bound, number in waits.rows),
        number=round_number(waits.number),
        median_days=waits.median_days if (waits.number or 0) >= LEAST_MEDIAN else None,
    )


def round_points(points: Sequence[Point]) -> list[Point]:
    return [
        replace(
            point,
            watched=round_number(point.watched),
            per_cent=round_number(point.per_cent) if (point.watched or 0) >= LEAST_SHARED else None,
        )
        for point in points
    ]
