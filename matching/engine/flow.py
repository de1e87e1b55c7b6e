"""The network inside a part: candidates, vacancies and quotas, without courses' and cases' rows.

A minimum cost flow solves it in whole numbers, and its residual graph gives whole prices. Where
the plan happens to keep the other rows too, the prices already prove it; otherwise plan and prices
are where the linear relaxation starts.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from matching.engine.bounds import Goal, Prices
from matching.engine.components import Part, group
from matching.engine.instance import Ints

_NONE = np.zeros(0, np.int64)
_NEVER = -(2**62)
_COST_ROOM = 2**60  # the library multiplies costs by the number of nodes


@dataclass(frozen=True, eq=False)
class Network:
    """The best plan of the network (positions in the part) and whole prices that prove it.

    `worth` is the price of a candidate: what the plan gains by having them.
    """

    chosen: Ints
    prices: Prices
    worth: Ints


def solve_network(part: Part, goal: Goal) -> Network | None:
    """The optimum of the network relaxation.

    None where whole numbers do not suffice, or where it is not the best to place as many
    candidates as can be (then the flow, which does that, proves nothing).
    """
    strict = _weigh(part, goal)
    for weight, step_weight in (_weigh(part, _light(part, goal)), strict):
        chosen = _best_flow(part, weight, step_weight)
        if chosen is None:
            return None
        if (network := price_plan(part, *strict, chosen)) is not None:
            return network
    return None


def _weigh(part: Part, goal: Goal) -> tuple[Ints, Ints]:
    """The weights of options and steps, a pin's so high that it gives way to nothing."""
    weight, steps = goal.weight(part), goal.step_weight(part)
    if len(part.pinned):
        pinned = np.zeros(part.candidates, bool)
        pinned[part.pinned] = True
        weight[pinned[part.candidate]] += _largest(weight) + _largest(steps)
    return weight, steps


def _light(part: Part, goal: Goal) -> Goal:
    """Smaller multipliers that nearly always have the same best plan and are settled faster.

    A tier in which all options are alike counts nothing: the flow places as many as can be anyway.
    """
    multipliers = [0] * len(goal.multipliers)
    unit = 1
    for tier in np.flatnonzero(goal.multipliers)[::-1].tolist():
        gains, steps = part.gains[tier], part.step_gains[tier]
        if steps.any() or (gains != gains[0]).any():
            multipliers[tier] = unit
            unit *= 20 * max(_largest(gains), _largest(steps))
    return goal if goal.price else Goal(tuple(multipliers))


def _largest(values: Ints) -> int:
    return int(np.abs(values).max(initial=0))


def _best_flow(part: Part, weight: Ints, step_weight: Ints) -> Ints | None:
    people, jobs, quotas = part.candidates, len(part.slots), len(part.fill)
    job, quota = people + np.arange(jobs), people + jobs
    source, sink = people + jobs + quotas, people + jobs + quotas + 1
    quota_of = part.quota_of
    before_job = np.where(quota_of >= 0, quota + quota_of, source)
    steps, past_quota = quota + part.step_quota, quota + np.arange(quotas)
    arcs = (
        (people + part.vacancy, part.candidate, 1, weight.min() - weight),
        (np.arange(people), np.full(people, sink), 1, 0),
        (before_job, job, part.slots, 0),
        (np.full(len(steps), source), steps, 1, step_weight),
        (np.full(quotas, source), past_quota, people, 0),
    )
    spread = (np.broadcast_arrays(*columns) for columns in arcs)
    tail, head, capacity, unit = (np.concatenate(column) for column in zip(*spread, strict=True))
    if int(np.abs(unit).max()) * (sink + 2) >= _COST_ROOM:
        return None
    flow = SimpleMinCostFlow()
    numbers = flow.add_arcs_with_capacity_and_unit_cost(tail, head, capacity, unit)
    flow.set_nodes_supplies(np.array([source, sink]), np.array([people, -people]))
    if flow.solve_max_flow_with_min_cost() != SimpleMinCostFlow.OPTIMAL:
        return None
    return np.flatnonzero(flow.flows(numbers[: len(weight)]))


def price_plan(part: Part, weight: Ints, step_weight: Ints, chosen: Ints) -> Network | None:
    """The least prices at which nobody would rather be elsewhere, by sweeps to a fixed point.

    A vacancy costs at least what a candidate elsewhere would gain there. None if the prices
    would rise beyond what those in the places gain: then the plan was not the best.
    """
    here = np.full(part.candidates, -1, np.int64)
    here[part.candidate[chosen]] = chosen
    placed = here >= 0
    job, gained = part.vacancy[here[placed]], weight[here[placed]]
    quota_of = part.quota_of
    low, high = quota_range(part, step_weight, chosen)
    used = np.bincount(part.vacancy[chosen], minlength=len(part.slots))
    free = np.flatnonzero(used < part.slots)
    quota = low.copy()
    price = np.append(quota, 0)[quota_of]
    wishes = _Wishes.of(part, weight, placed)
    price = np.maximum(price, wishes.standing)
    worth = np.zeros(part.candidates, np.int64)
    for _ in range(len(part.slots) + len(quota) + 2):
        worth[placed] = gained - price[job]
        if (worth < 0).any():
            return None
        rise = wishes.raise_prices(price, worth)
        rise = np.maximum(rise, np.append(quota, 0)[quota_of])
        held = free[quota_of[free] >= 0]
        np.maximum.at(quota, quota_of[held], rise[held])
        rise = np.maximum(rise, np.append(quota, 0)[quota_of])
        if (rise == price).all():
            break
        price = rise
    base = np.append(quota, 0)[quota_of]
    if (quota > high).any() or (price[free] > base[free]).any():
        return None
    worth = np.maximum(0, np.maximum.reduceat(weight - price[part.vacancy], part.first))
    return Network(chosen, _as_prices(part, price - base, quota), worth)


@dataclass(frozen=True, eq=False)
class _Wishes:
    """What each vacancy is worth to others: `standing`, the most that anybody unplaced would gain
    there, and per option of the placed, ordered by vacancy, who it is and what they would gain."""

    standing: Ints
    person: Ints
    gain: Ints
    first: Ints
    vacancy: Ints

    @staticmethod
    def of(part: Part, weight: Ints, placed: NDArray[np.bool_]) -> "_Wishes":
        order = group(part.vacancy)
        person, gain, vacancy = part.candidate[order], weight[order], part.vacancy[order]
        settled = placed[person]
        heads = np.flatnonzero(np.diff(vacancy, prepend=-1))
        standing = np.maximum.reduceat(np.where(settled, _NEVER, gain), heads)
        person, gain, vacancy = person[settled], gain[settled], vacancy[settled]
        first = np.flatnonzero(np.diff(vacancy, prepend=-1))
        return _Wishes(standing, person, gain, first, vacancy[first])

    def raise_prices(self, price: Ints, worth: Ints) -> Ints:
        """The prices at which nobody placed would gain more elsewhere than the `worth` they have."""
        rise = price.copy()
        if len(self.first):
            best = np.maximum.reduceat(self.gain - worth[self.person], self.first)
            rise[self.vacancy] = np.maximum(price[self.vacancy], best)
        return rise


def quota_range(part: Part, step_weight: Ints, chosen: Ints) -> tuple[Ints, Ints]:
    """Per quota the least and greatest price (never positive) that its filled places allow."""
    filled = np.bincount(part.quota[chosen][part.quota[chosen] >= 0], minlength=len(part.fill))
    missing = np.maximum(0, part.fill - filled)[part.step_quota]
    low, high = np.zeros(len(part.fill), np.int64), np.zeros(len(part.fill), np.int64)
    next_step = part.step_size == missing
    high[part.step_quota[next_step]] = step_weight[next_step]
    last_step = part.step_size == missing + 1
    low[part.step_quota[last_step]] = step_weight[last_step]
    low[filled > part.fill] = 0
    return np.where(filled == 0, high, low), high


def _as_prices(part: Part, vacancy: Ints, quota: Ints) -> Prices:
    none = np.zeros(max(part.courses, part.cases, len(part.pair_course)), np.int64)
    course, case, pair = none[: part.courses], none[: part.cases], none[: len(part.pair_course)]
    budget = np.zeros(int(part.budget is not None), np.int64)
    return Prices(vacancy, course, case, quota, budget, _NONE, cohort=course, pair=pair)
