"""The front door: an instance and its tiers in, a plan with its bounds out.

    plan = solve(instance, format_tiers(instance))
    plan.status          "optimal", "feasible" (a limit was reached) or "infeasible"
    plan.choices         [(candidate, vacancy, course or -1), ...] in canonical order
    plan.tiers[1].value  what the plan has of the second tier; .bound what no plan can beat

The plan depends on the instance and the tiers alone, never on the order of rows or on the number
of workers; only a time limit that is reached can change it, and then the status says so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from matching.engine.clash import irreducible_clash, start_plan
from matching.engine.components import Part, make_part, split_options, usable_options
from matching.engine.feasibility import Choice, violations
from matching.engine.instance import Instance, Ints
from matching.engine.objective import Tier, gain_of, value_all, value_of
from matching.engine.stages import PartResult, solve_part

OPTIMAL, FEASIBLE, INFEASIBLE = "optimal", "feasible", "infeasible"
Progress = Callable[[str, int, int], None]


class BrokenPlanError(AssertionError):
    """The independent check refused a plan of the solver: a fault of ours, never published."""


@dataclass(frozen=True)
class Limits:
    """When to stop early: after `seconds` by `clock` (a monotonic clock in seconds). `workers`
    is the number of processes."""

    seconds: float | None = None
    clock: Callable[[], float] | None = None
    workers: int = 1


@dataclass(frozen=True)
class TierResult:
    """A tier's value in the plan and the bound on it among plans as good in the tiers before."""

    name: str
    value: int
    bound: int

    @property
    def closed(self) -> bool:
        return self.value == self.bound


@dataclass(frozen=True, eq=False)
class Plan:
    """The answer. `chosen` are positions of options in the instance. When infeasible, `choices`
    are empty and `clash` is an irreducible set of pins that contradict each other or the rules."""

    status: str
    choices: tuple[Choice, ...]
    chosen: Ints
    tiers: tuple[TierResult, ...]
    clash: tuple[Choice, ...] = ()
    nodes: int = 0
    parts: tuple[PartResult, ...] = field(default=(), repr=False)

    @property
    def gap(self) -> float:
        """Of the first tier not proven: distance to the bound as a share of the bound."""
        for tier in self.tiers:
            if not tier.closed:
                return abs(tier.bound - tier.value) / max(1, abs(tier.bound))
        return 0.0


def solve(
    instance: Instance,
    tiers: Sequence[Tier],
    limits: Limits | None = None,
    *,
    progress: Progress = lambda phase, done, total: None,
) -> Plan:
    """The best plan by the tiers in their order, checked independently before it is returned.

    `progress` is told (phase, parts or nodes done, of how many). Raises `BrokenPlanError` if the
    independent check fails.
    """
    limits = limits or Limits()
    stop = _stopper(limits)
    start = start_plan(instance)
    if start is None:
        return Plan(INFEASIBLE, (), np.zeros(0, np.int64), (), tuple(irreducible_clash(instance)))
    results = _solve_parts(instance, tiers, start, stop, progress, coupled=False)
    if _cost(instance, _gather(results)) > instance.budget:
        results = _solve_parts(instance, tiers, start, stop, progress, coupled=True)
    return _assemble(instance, tiers, results)


def _solve_parts(
    instance: Instance,
    tiers: Sequence[Tier],
    start: Ints,
    stop: Callable[[], bool],
    progress: Progress,
    *,
    coupled: bool,
) -> list[PartResult]:
    pieces = split_options(instance, usable_options(instance), coupled=coupled)
    results = []
    phase = "parts under one budget" if coupled else "parts"
    for done, options in enumerate(pieces, 1):
        part = make_part(instance, tiers, options, coupled=coupled)
        results.append(
            solve_part(part, plan=_inside(part, start), stop=stop, tell=lambda best, bound: None)
        )
        progress(phase, done, len(pieces))
    return results


def _inside(part: Part, start: Ints) -> Ints:
    return np.flatnonzero(np.isin(part.option, start))


def _gather(results: Sequence[PartResult]) -> Ints:
    return np.sort(np.concatenate([np.zeros(0, np.int64), *(r.chosen for r in results)]))


def _cost(instance: Instance, chosen: Ints) -> int:
    taken = instance.course[chosen]
    return int(instance.cost[taken[taken >= 0]].sum())


def _assemble(instance: Instance, tiers: Sequence[Tier], results: Sequence[PartResult]) -> Plan:
    chosen = _gather(results)
    choices = instance.choices(chosen)
    if broken := violations(instance, choices):
        raise BrokenPlanError(str(broken[:5]))
    idle = _outside(instance, tiers, results)
    values = value_all(instance, tiers, chosen)
    bounds = [
        gain_of(idle[at] + sum(r.bounds[at] for r in results), tier)
        for at, tier in enumerate(tiers)
    ]
    found = [TierResult(t.name, v, b) for t, v, b in zip(tiers, values, bounds, strict=True)]
    status = OPTIMAL if all(tier.closed for tier in found) else FEASIBLE
    nodes = sum(result.nodes for result in results)
    return Plan(status, tuple(choices), chosen, tuple(found), (), nodes, tuple(results))


def _outside(instance: Instance, tiers: Sequence[Tier], results: Sequence[PartResult]) -> list[int]:
    """Per tier the gain no part can change: quotas of employers nobody can be sent to."""
    reachable = np.unique(instance.employer[instance.vacancy[usable_options(instance)]])
    empty = np.zeros(0, np.int64)
    unreachable = Instance(
        **{
            **vars(instance),
            "min_fill": np.where(
                np.isin(np.arange(instance.employers), reachable), 0, instance.min_fill
            ),
        }
    )
    return [gain_of(value_of(unreachable, tier, empty), tier) for tier in tiers]


def _stopper(limits: Limits) -> Callable[[], bool]:
    if limits.seconds is None or limits.clock is None:
        return lambda: False
    clock, end = limits.clock, limits.clock() + limits.seconds
    return lambda: clock() >= end
