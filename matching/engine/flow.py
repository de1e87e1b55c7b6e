"""The network inside a part: candidates, vacancies and quotas, without courses' and cases' rows.

A minimum cost flow solves it in whole numbers, and its residual graph gives whole prices. Where
the plan happens to keep the other rows too, the prices already prove it; otherwise plan and prices
are where the linear relaxation starts.
"""

from dataclasses import dataclass

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from matching.engine.bounds import Goal, Prices
from matching.engine.components import Part
from matching.engine.instance import Ints

_NONE = np.zeros(0, np.int64)
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
    weight = goal.weight(part)
    pinned = np.zeros(part.candidates, bool)
    pinned[part.pinned] = True
    weight[pinned[part.candidate]] += int(
        np.abs(weight).max()
    )  # so that a pin gives way to nothing
    chosen = _best_flow(part, weight, goal.step_weight(part))
    return None if chosen is None else price_plan(part, weight, goal.step_weight(part), chosen)


def _best_flow(part: Part, weight: Ints, step_weight: Ints) -> Ints | None:
    people, jobs, quotas = part.candidates, len(part.slots), len(part.fill)
    person, job, quota = np.arange(people), people + np.arange(jobs), people + jobs
    source, sink = people + jobs + quotas, people + jobs + quotas + 1
    quota_of = quota_of_vacancies(part)
    after_job = np.where(quota_of >= 0, quota + quota_of, sink)
    steps, past_quota = quota + part.step_quota, quota + np.arange(quotas)
    cost = weight.min() - weight
    arcs = (
        (part.candidate, people + part.vacancy, np.ones_like(cost), cost),
        (np.full(people, source), person, np.ones_like(person), np.zeros_like(person)),
        (job, after_job, part.slots, np.zeros(jobs, np.int64)),
        (steps, np.full(len(steps), sink), np.ones_like(steps), step_weight),
        (past_quota, np.full(quotas, sink), np.full(quotas, people), np.zeros(quotas, np.int64)),
    )
    tail, head, capacity, unit = (np.concatenate(column) for column in zip(*arcs, strict=True))
    if int(np.abs(unit).max()) * (sink + 2) >= _COST_ROOM:
        return None
    flow = SimpleMinCostFlow()
    numbers = flow.add_arcs_with_capacity_and_unit_cost(tail, head, capacity, unit)
    flow.set_nodes_supplies(np.array([source, sink]), np.array([people, -people]))
    if flow.solve_max_flow_with_min_cost() != SimpleMinCostFlow.OPTIMAL:
        return None
    return np.flatnonzero(flow.flows(numbers[: len(weight)]))


def quota_of_vacancies(part: Part) -> Ints:
    """Per vacancy the quota it fills, -1 if none."""
    quota = np.empty(len(part.slots), np.int64)
    quota[part.vacancy] = part.quota
    return quota


def price_plan(part: Part, weight: Ints, step_weight: Ints, chosen: Ints) -> Network | None:
    """The least prices at which nobody would rather be elsewhere, by sweeps to a fixed point.

    A vacancy costs at least what a candidate elsewhere would gain there. None if the prices
    would rise beyond what those in the places gain: then the plan was not the best.
    """
    here = np.full(part.candidates, -1, np.int64)
    here[part.candidate[chosen]] = chosen
    placed = here >= 0
    job, gained = part.vacancy[here[placed]], weight[here[placed]]
    quota_of = quota_of_vacancies(part)
    low, high = quota_range(part, step_weight, chosen)
    used = np.bincount(part.vacancy[chosen], minlength=len(part.slots))
    free = np.flatnonzero(used < part.slots)
    order = np.argsort(part.vacancy, kind="stable")
    heads = np.searchsorted(part.vacancy[order], np.arange(len(part.slots)))
    person, wanted = part.candidate[order], weight[order]
    quota = low.copy()
    price = np.append(quota, 0)[quota_of]
    worth = np.zeros(part.candidates, np.int64)
    for _ in range(len(part.slots) + len(quota) + 2):
        worth[placed] = gained - price[job]
        rise = np.maximum(price, np.maximum.reduceat(wanted - worth[person], heads))
        rise = np.maximum(rise, np.append(quota, 0)[quota_of])
        held = free[quota_of[free] >= 0]
        np.maximum.at(quota, quota_of[held], rise[held])
        rise = np.maximum(rise, np.append(quota, 0)[quota_of])
        if (rise == price).all():
            break
        price = rise
    base = np.append(quota, 0)[quota_of]
    if (worth < 0).any() or (quota > high).any() or (price[free] > base[free]).any():
        return None
    worth = np.maximum(0, np.maximum.reduceat(weight - price[part.vacancy], part.first))
    return Network(chosen, _as_prices(part, price - base, quota), worth)


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
    courses, cases = np.zeros(part.courses, np.int64), np.zeros(part.cases, np.int64)
    budget = np.zeros(int(part.budget is not None), np.int64)
    return Prices(vacancy, courses, cases, quota, budget, _NONE)
