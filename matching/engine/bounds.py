"""Upper bounds in whole numbers: what any prices prove about every plan of a part.

Weak duality needs no solver: for any prices on the rows, the best a plan can reach is what the
rows' limits are worth at those prices plus, for each candidate, the best option at its reduced
gain. Prices come rounded to whole multiples of 1/scale from a linear program; whatever rounding
did to them, the bound is exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.components import Part
from matching.engine.instance import Ints

Numbers = NDArray[Any]  # whole or floating, as the caller says

_SCALES = (720720, 5040, 60, 1)
_ROOM = 2.0**60
_SPLIT = 32


class WholeNumberError(ArithmeticError):
    """The prices are too large for exact 64-bit arithmetic."""


@dataclass(frozen=True, eq=False)
class Goal:
    """What one stage maximises: the tiers weighed by `multipliers`, less `price` for each unit of
    money spent on courses, while each tier in `floors` (tier, gain) keeps at least that gain."""

    multipliers: tuple[int, ...]
    floors: tuple[tuple[int, int], ...] = ()
    price: int = 0

    def weight(self, part: Part) -> Ints:
        weight = _mix(self.multipliers, part.gains)
        if self.price:
            weight = weight - self.price * np.append(part.cost, 0)[part.course]
        return weight

    def step_weight(self, part: Part) -> Ints:
        return _mix(self.multipliers, part.step_gains)


def _mix(multipliers: Sequence[int], gains: Ints) -> Ints:
    mixed = np.zeros(gains.shape[1], np.int64)
    for multiplier, row in zip(multipliers, gains, strict=True):
        if multiplier:
            mixed += multiplier * row
    return mixed


@dataclass(frozen=True, eq=False)
class Prices:
    """A price per row, in multiples of 1/scale; negative where more is worth having.

    `course` may be negative (a branch that must be reached), `quota` and `floors` are never
    positive, the rest never negative. `cohort` is paid to each participant of a course by the
    course, should it run, once for each that it needs; `pair` is what a candidate pays towards
    that: nobody can use a course more than it runs.
    """

    vacancy: Numbers
    course: Numbers
    case: Numbers
    quota: Numbers
    budget: Numbers
    floors: Numbers
    cohort: Numbers
    pair: Numbers
    scale: int = 1

    def rounded(self) -> "Prices":
        """The same prices as whole numbers with their signs put right."""
        parts = [getattr(self, field.name) for field in fields(self) if field.name != "scale"]
        largest = max((float(np.abs(p).max()) for p in parts if len(p)), default=0.0)
        scale = next((s for s in _SCALES if largest * s < _ROOM / 64), 0)
        if not scale:
            raise WholeNumberError(f"a price of {largest:.3g}")
        whole = [np.rint(p * scale).astype(np.int64) for p in parts]
        vacancy, course, case, quota, budget, floors, cohort, pair = whole
        return Prices(
            np.maximum(vacancy, 0),
            course,
            np.maximum(case, 0),
            np.minimum(quota, 0),
            np.maximum(budget, 0),
            np.minimum(floors, 0),
            np.maximum(cohort, 0),
            np.maximum(pair, 0),
            scale,
        )


@dataclass(frozen=True, eq=False)
class Region:
    """The plans one node of the search still allows: options not barred, candidates who must be
    placed, and from `least` to `most` participants of each course."""

    allowed: NDArray[np.bool_]
    must: NDArray[np.bool_]
    least: Ints
    most: Ints


def whole_region(part: Part) -> Region:
    """Every plan of the part: only the pins are settled."""
    must = np.zeros(part.candidates, bool)
    must[part.pinned] = True
    everything = np.ones(len(part.option), bool)
    return Region(everything, must, np.zeros(part.courses, np.int64), part.seats)


def is_empty(part: Part, region: Region) -> bool:
    """No plan can be left: a course's limits cross, or all a candidate could take is barred."""
    if (region.least > region.most).any():
        return True
    if region.allowed.all():
        return False
    left = np.logical_or.reduceat(region.allowed, part.first)
    return bool((region.must & ~left).any())


def reduced_gains(part: Part, goal: Goal, weight: Numbers, prices: Prices) -> Numbers:
    """Per option its weight less the prices of the rows it takes from (in units of 1/scale)."""
    place = prices.vacancy + np.append(prices.quota, 0)[part.quota_of]
    gains: Numbers = weight if prices.scale == 1 else weight * prices.scale
    gains = gains - place.astype(gains.dtype, copy=False)[part.vacancy]
    if len(taught := part.taught):
        price = prices.course - prices.cohort + part.cost * sum(prices.budget)
        gains[taught] -= price.astype(gains.dtype)[part.course[taught]]
    if len(paired := part.paired):
        gains[paired] -= prices.pair.astype(gains.dtype)[part.pair[paired]]
    if len(grouped := part.grouped):
        gains[grouped] -= prices.case.astype(gains.dtype)[part.case[grouped]]
    for (tier, _), price in zip(goal.floors, prices.floors, strict=True):
        gains -= price * part.gains[tier]
    return gains


def bound_of(
    part: Part, goal: Goal, region: Region, prices: Prices, *, weight: Ints | None = None
) -> int | None:
    """The highest whole value of the goal any plan of the region can have, by these prices.

    None if no plan is left at all. `prices` must be whole (see `Prices.rounded`). Raises
    `WholeNumberError` rather than wrap around.
    """
    weight = goal.weight(part) if weight is None else weight
    _refuse_overflow(part, goal, weight, prices)
    gains = reduced_gains(part, goal, weight, prices)
    if is_empty(part, region):
        return None
    if not region.allowed.all():
        gains[~region.allowed] = -(2**62)
    best = np.maximum.reduceat(gains, part.first)
    total: int = _exact_sum(np.where(region.must, best, np.maximum(best, 0)))
    total += _worth_of_limits(part, goal, region, prices)
    return total // prices.scale


def _worth_of_limits(part: Part, goal: Goal, region: Region, prices: Prices) -> int:
    total = _dot(part.slots, prices.vacancy) + part.case_limit * _exact_sum(prices.case)
    total += _dot(region.most, np.maximum(prices.course, 0))
    total += _dot(region.least, np.minimum(prices.course, 0))
    total += _dot(part.fill, prices.quota) + _worth_of_running(part, region, prices)
    steps = goal.step_weight(part) * prices.scale - prices.quota[part.step_quota]
    for (tier, gain), price in zip(goal.floors, prices.floors.tolist(), strict=True):
        steps -= price * part.step_gains[tier]
        total += price * gain
    total += _exact_sum(np.maximum(steps, 0))
    return total + sum(map(int, prices.budget)) * (part.budget or 0)


def _worth_of_running(part: Part, region: Region, prices: Prices) -> int:
    """What the courses take in by running, less what they pay; one that need not run may not."""
    worth = [
        -m * price
        for m, price in zip(part.min_cohort.tolist(), prices.cohort.tolist(), strict=True)
    ]
    for pair in np.flatnonzero(prices.pair).tolist():
        worth[int(part.pair_course[pair])] += int(prices.pair[pair])
    ends = zip(worth, region.least.tolist(), region.most.tolist(), strict=True)
    return sum(taken if least > 0 else max(0, taken) for taken, least, most in ends if most > 0)


def _refuse_overflow(part: Part, goal: Goal, weight: Ints, prices: Prices) -> None:
    rows = (prices.vacancy, prices.course, prices.case, prices.quota, prices.cohort, prices.pair)
    reach = _largest(weight) * prices.scale + sum(_largest(p) for p in rows)
    reach += _largest(part.cost) * _largest(prices.budget)
    for (tier, _), price in zip(goal.floors, prices.floors.tolist(), strict=True):
        reach += abs(price) * max(_largest(part.gains[tier]), _largest(part.step_gains[tier]))
    if reach + _largest(goal.step_weight(part)) * prices.scale >= _ROOM:
        raise WholeNumberError(f"a reduced gain of {reach:.3g}")


def _largest(values: Numbers) -> int:
    return int(np.abs(values).max()) if len(values) else 0


def _exact_sum(values: Ints) -> int:
    high, low = values >> _SPLIT, values & ((1 << _SPLIT) - 1)
    return (int(high.sum()) << _SPLIT) + int(low.sum())


def _dot(amounts: Ints, prices: Ints) -> int:
    held = prices != 0
    return sum(a * p for a, p in zip(amounts[held].tolist(), prices[held].tolist(), strict=True))


def spans(part: Part) -> list[tuple[int, int]]:
    """Per tier the least and the greatest gain any choice of options could give."""
    seats = min(part.candidates, int(part.slots.sum()))
    result = []
    for gains, steps in zip(part.gains, part.step_gains, strict=True):
        best = np.maximum.reduceat(gains, part.first)
        worst = np.minimum.reduceat(gains, part.first)
        most = np.sort(np.maximum(best, 0))[::-1][:seats]
        least = np.sort(np.minimum(worst, 0))[:seats]
        result.append((_exact_sum(least) + _exact_sum(steps), _exact_sum(most)))
    return result


def values_of(part: Part, chosen: Ints) -> list[int]:
    """Per tier the gain of choosing these options (positions inside the part)."""
    filled = np.bincount(part.quota[chosen][part.quota[chosen] >= 0], minlength=len(part.fill))
    missing = (part.fill - filled)[part.step_quota] >= part.step_size
    return [
        int(gains[chosen].sum() + steps[missing].sum())
        for gains, steps in zip(part.gains, part.step_gains, strict=True)
    ]


def keeps_side_rows(part: Part, chosen: Ints) -> bool:
    """The plan keeps what the network does not know of: seats, cohorts, cases and the budget."""
    taken = part.course[chosen][part.course[chosen] >= 0]
    people = np.bincount(taken, minlength=part.courses)
    together = np.bincount(part.case[chosen][part.case[chosen] >= 0])
    spent = int((people * part.cost).sum())
    return bool(
        (people <= part.seats).all()
        and ((people == 0) | (people >= part.min_cohort)).all()
        and together.max(initial=0) <= part.case_limit
        and (part.budget is None or spent <= part.budget)
    )


def weigh(values: Sequence[int], goal: Goal) -> int:
    """The weight of these gains, money not counted."""
    return sum(m * v for m, v in zip(goal.multipliers, values, strict=True))


def weigh_plan(part: Part, goal: Goal, chosen: Ints) -> int:
    """The weight of choosing these options, less the price of what they spend."""
    taken = part.course[chosen]
    spent = int(part.cost[taken[taken >= 0]].sum())
    return weigh(values_of(part, chosen), goal) - goal.price * spent
