"""The best plan by one order of goals among those that reach given floors: an epsilon constraint.

Floors may lie on any goal, earlier or later in the order, so all parts are solved together. The
search stops after a fixed number of steps, never by a clock, so that the same question has the same
answer; a point not settled by then says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matching.engine.bounds import Goal, spans, values_of, weigh
from matching.engine.branching import search
from matching.engine.components import Part, make_part, usable_options
from matching.engine.feasibility import violations
from matching.engine.instance import Instance, Ints
from matching.engine.objective import Tier, gain_of, value_all
from matching.engine.pricing import Relaxation
from matching.engine.stages import first_columns, goals

STEPS = 400
Floors = Mapping[str, int]


@dataclass(frozen=True, eq=False)
class Within:
    """`chosen` are options of the instance, `values` per tier in its own terms; `proven` when no plan
    that reaches the floors is better."""

    chosen: Ints
    values: tuple[int, ...]
    proven: bool


class Patience:
    """Asked between steps whether to stop; says yes after so many of them."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def __call__(self) -> bool:
        self.left -= 1
        return self.left < 0


def solve_within(
    instance: Instance,
    tiers: Sequence[Tier],
    floors: Floors,
    start: Ints,
    *,
    settle: int | None = None,
    steps: int = STEPS,
) -> Within:
    """The best plan by the first `settle` tiers (all, if not told) in which each tier in `floors`
    {name: value in the tier's own terms} is at least as good, from a plan that reaches them.

    Raises ValueError when `start` breaks a rule or misses a floor.
    """
    _expect_start(instance, tiers, floors, start)
    part = make_part(instance, tiers, usable_options(instance), coupled=True)
    plan = np.searchsorted(part.option, np.sort(start))
    reach = spans(part)
    own = _part_floors(instance, tiers, floors, part, plan)
    settled = len(tiers) if settle is None else settle
    stop, proven = Patience(steps), True
    for goal in goals(part, reach[:settled]):
        multipliers = (*goal.multipliers, *(0,) * (len(tiers) - settled))
        first = next(at for at, m in enumerate(multipliers) if m)
        held = {**own, **{at: values_of(part, plan)[at] for at in range(first)}}
        goal = Goal(multipliers, tuple(sorted(held.items())))
        columns = np.union1d(first_columns(part, goal), plan)
        relaxation = Relaxation(part, Goal(multipliers), columns)
        relaxation.aim_at(goal)
        low, high = (weigh(end, goal) for end in zip(*reach, strict=True))
        found = search(relaxation, reach=(low, high), plan=plan, stop=stop)
        assert found.chosen is not None
        plan, proven = found.chosen, proven and found.finished
    chosen = part.option[plan]
    return Within(chosen, value_all(instance, tiers, chosen), proven)


def _part_floors(
    instance: Instance, tiers: Sequence[Tier], floors: Floors, part: Part, plan: Ints
) -> dict[int, int]:
    """{tier: least gain of the part}: without what no plan can change."""
    whole = value_all(instance, tiers, part.option[plan])
    inside = values_of(part, plan)
    return {
        at: gain_of(floors[tier.name], tier) - (gain_of(whole[at], tier) - inside[at])
        for at, tier in enumerate(tiers)
        if tier.name in floors
    }


def _expect_start(instance: Instance, tiers: Sequence[Tier], floors: Floors, start: Ints) -> None:
    if violations(instance, instance.choices(start)):
        raise ValueError("the plan to start from breaks a rule")
    for tier, value in zip(tiers, value_all(instance, tiers, start), strict=True):
        if tier.name in floors and gain_of(value, tier) < gain_of(floors[tier.name], tier):
            raise ValueError(f"the plan to start from misses the floor on {tier.name}")
