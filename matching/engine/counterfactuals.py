"""What each choice not made would cost the whole plan, everybody else settling anew.

Courses stay as they are in the plan (see `holding`); what is said of a choice is exact under that.
A sample is solved again for every plan; one mismatch, and nothing is said at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from matching.engine.holding import Held, hold
from matching.engine.instance import Instance, Ints
from matching.engine.objective import Tier, gain_of, value_of
from matching.engine.plan import INFEASIBLE, OPTIMAL, Plan
from matching.engine.positions import Layout
from matching.engine.regrets import NotTheBestError, Regrets, find_regrets
from matching.engine.solver import solve

_SAMPLED = 3
Cost = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """How many of a plan's regrets were solved again, and how many of them came out otherwise."""

    checked: int = 0
    wrong: int = 0


NOT_SAMPLED = Sample()


@dataclass(frozen=True, eq=False)
class Alternatives:
    """`costs` is {option: per goal what the best plan with it has less}; options that no plan of the
    held network has, or that lead over a course, are not in it."""

    costs: dict[int, Cost]
    held: Held
    regrets: Regrets
    sample: Sample


def find_alternatives(
    layout: Layout, tiers: Sequence[Tier], plan: Plan, *, seed: int
) -> Alternatives | None:
    """The alternatives of a proven plan; None if it is not proven, or the sample fails.

    `seed` draws the sample: the same plan and seed, the same sample.
    """
    if plan.status != OPTIMAL:
        return None
    held = hold(layout.instance, tiers, plan.chosen)
    try:
        regrets = find_regrets(held)
    except NotTheBestError:
        return None
    sample = check_sample(held, regrets, seed)
    return (
        None if sample.wrong else Alternatives(_read(layout, held, regrets), held, regrets, sample)
    )


def values_of(instance: Instance, tiers: Sequence[Tier]) -> list[int] | None:
    """What the best plan gains by each goal; None if there is no plan."""
    plan = solve(instance, tiers)
    if plan.status == INFEASIBLE:
        return None
    return [gain_of(found.value, tier) for found, tier in zip(plan.tiers, tiers, strict=True)]


def name_amounts(tiers: Sequence[Tier], amounts: Ints | Sequence[int]) -> Cost:
    """(goal, amount) for each goal that differs, in the order of goals."""
    pairs = zip(tiers, amounts, strict=False)
    return tuple((tier.name, int(amount)) for tier, amount in pairs if amount)


def check_sample(held: Held, regrets: Regrets, seed: int) -> Sample:
    """Some regrets against solving the held network again with the option pinned."""
    size = min(_SAMPLED, held.instance.options)
    if not size:
        return NOT_SAMPLED
    drawn = np.random.default_rng(seed).choice(held.instance.options, size, replace=False)
    whole = [gain_of(value_of(held.instance, tier, held.chosen), tier) for tier in held.tiers]
    wrong = sum(not _holds(held, regrets, option, whole) for option in sorted(drawn.tolist()))
    return Sample(size, wrong)


def _holds(held: Held, regrets: Regrets, option: int, whole: list[int]) -> bool:
    pair = [int(held.instance.candidate[option]), int(held.instance.vacancy[option]), -1]
    again = values_of(replace(held.instance, pinned=np.array([pair])), held.tiers)
    if again is None:
        return not regrets.reachable[option]
    told = regrets.option[option].tolist()
    differs = [a - b for a, b in zip(whole, again, strict=True)][: len(told)]
    return bool(regrets.reachable[option]) and differs == told


def _read(layout: Layout, held: Held, regrets: Regrets) -> dict[int, Cost]:
    """Per option the least it costs, over the positions of its vacancy."""
    rows = np.flatnonzero(regrets.reachable)
    option = layout.option[held.option[rows]]
    amounts = regrets.option[rows]
    order = np.lexsort((*amounts.T[::-1], option))
    first = np.unique(option[order], return_index=True)[1]
    best = order[first]
    return {int(option[at]): name_amounts(held.tiers, amounts[at].tolist()) for at in best.tolist()}
