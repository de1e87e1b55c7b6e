"""The front door: an instance and its tiers in, a plan with its bounds out.

    plan = solve(instance, format_tiers(instance))
    plan.status          "optimal", "feasible" (a limit was reached) or "infeasible"
    plan.choices         [(candidate, vacancy, course or -1), ...] in canonical order
    plan.tiers[1].value  what the plan has of the second tier; .bound what no plan can beat

The plan depends on the instance and the tiers alone, never on the order of rows or on the number
of workers; only a time limit that is reached can change it, and then the status says so.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from multiprocessing import get_context

import numpy as np

from matching.engine.clash import irreducible_clash, start_plan
from matching.engine.components import Part, make_part, split_options, usable_options
from matching.engine.feasibility import Choice, violations
from matching.engine.instance import Instance, Ints
from matching.engine.objective import Tier, gain_of, value_all, value_of
from matching.engine.pricing import Stop
from matching.engine.stages import PartResult, solve_part, tier_bounds

OPTIMAL, FEASIBLE, INFEASIBLE = "optimal", "feasible", "infeasible"
Progress = Callable[[str, int, int], None]


class BrokenPlanError(AssertionError):
    """The independent check refused a plan of the solver: a fault of ours, never published."""


@dataclass(frozen=True)
class Limits:
    """When to stop early: after `seconds` by `clock` (a monotonic clock in seconds; with several
    workers one that processes share, such as `time.monotonic`). `workers` is the number of
    processes, `pool` one already running to use instead of a new one."""

    seconds: float | None = None
    clock: Callable[[], float] | None = None
    workers: int = 1
    pool: ProcessPoolExecutor | None = None


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
    task = _plan_task(limits or Limits(), progress)
    start = start_plan(instance)
    if start is None:
        return Plan(INFEASIBLE, (), np.zeros(0, np.int64), (), tuple(irreducible_clash(instance)))
    results = _solve_parts(instance, tiers, start, task, coupled=False)
    if _cost(instance, _gather(results)) > instance.budget:
        results = _solve_parts(instance, tiers, start, task, coupled=True)
    return _assemble(instance, tiers, results)


def _solve_parts(
    instance: Instance, tiers: Sequence[Tier], start: Ints, task: "_Task", *, coupled: bool
) -> list[PartResult]:
    pieces = split_options(instance, usable_options(instance), coupled=coupled)
    begun = np.zeros(instance.options, bool)
    begun[start] = True
    jobs = [
        (make_part(instance, tiers, options, coupled=coupled), np.flatnonzero(begun[options]))
        for options in pieces
    ]
    phase = "parts under one budget" if coupled else "parts"
    if task.workers > 1 and len(jobs) > 1:
        return _solve_in_processes(jobs, task, phase)
    results = []
    for done, (part, plan) in enumerate(jobs, 1):
        results.append(_solve_one(part, plan, task.stop))
        task.progress(phase, done, len(jobs))
    return results


def _solve_in_processes(
    jobs: Sequence[tuple[Part, Ints]], task: "_Task", phase: str
) -> list[PartResult]:
    """The same in processes, the largest part first; results in the order of the parts."""
    sizes = [len(part.option) for part, _ in jobs]
    with (
        nullcontext(task.pool)
        if task.pool
        else ProcessPoolExecutor(task.workers, mp_context=get_context("spawn")) as pool
    ):
        waiting = {
            pool.submit(_solve_one, jobs[at][0], jobs[at][1], task.stop): at
            for at in np.argsort(sizes)[::-1].tolist()
        }
        results: dict[int, PartResult] = {}
        for done, future in enumerate(as_completed(waiting), 1):
            results[waiting[future]] = future.result()
            task.progress(phase, done, len(jobs))
    return [results[at] for at in range(len(jobs))]


def _solve_one(part: Part, plan: Ints, stop: Stop) -> PartResult:
    return solve_part(part, plan=plan, stop=stop)


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
        gain_of(idle[at] + bound, tiers[at])
        for at, bound in enumerate(tier_bounds(results, len(tiers)))
    ]
    found = [TierResult(t.name, v, b) for t, v, b in zip(tiers, values, bounds, strict=True)]
    status = OPTIMAL if all(tier.closed for tier in found) else FEASIBLE
    nodes = sum(result.nodes for result in results)
    return Plan(status, tuple(choices), chosen, tuple(found), (), nodes, tuple(results))


def _outside(instance: Instance, tiers: Sequence[Tier], results: Sequence[PartResult]) -> list[int]:
    """Per tier the gain no part can change: quotas of employers nobody can be sent to."""
    reached = np.zeros(instance.employers, bool)
    for result in results:
        reached[result.names.quota] = True
    unreached = replace(instance, min_fill=np.where(reached, 0, instance.min_fill))
    nobody = np.zeros(0, np.int64)
    return [gain_of(value_of(unreached, tier, nobody), tier) for tier in tiers]


@dataclass(frozen=True)
class _Deadline:
    """Asks the clock whether the time is over; travels to other processes."""

    clock: Callable[[], float] | None
    end: float

    def __call__(self) -> bool:
        return self.clock is not None and self.clock() >= self.end


@dataclass(frozen=True)
class _Task:
    workers: int
    pool: ProcessPoolExecutor | None
    stop: Stop
    progress: Progress


def _plan_task(limits: Limits, progress: Progress) -> _Task:
    limited = limits.seconds is not None and limits.clock is not None
    clock = limits.clock if limited else None
    end = (limits.seconds or 0.0) + (clock() if clock else 0.0)
    return _Task(limits.workers, limits.pool, _Deadline(clock, end), progress)
