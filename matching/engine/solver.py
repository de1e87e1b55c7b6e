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
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from typing import Any, TypeVar

import numpy as np

from matching.engine.board import Board, Teller
from matching.engine.bounds import Goal, spans, values_of
from matching.engine.budget import Market
from matching.engine.clash import irreducible_clash, start_plan
from matching.engine.components import Part, make_part, split_options, usable_options
from matching.engine.feasibility import violations
from matching.engine.instance import Instance, Ints
from matching.engine.objective import Tier, gain_of, value_all, value_of
from matching.engine.plan import FEASIBLE, INFEASIBLE, OPTIMAL, Plan, TierResult
from matching.engine.pricing import Stop
from matching.engine.progress import Tell, keep_silent
from matching.engine.proof import PartResult, SharedProof
from matching.engine.stages import (
    Offer,
    PartWatch,
    Reply,
    dominating,
    modest,
    solve_offer,
    solve_part,
    sum_spans,
    tier_bounds,
)

T = TypeVar("T")
_PRICES = 8


class BrokenPlanError(AssertionError):
    """The independent check refused a plan of the solver: a fault of ours, never published."""


@dataclass(frozen=True)
class Limits:
    """When to stop early: after `seconds` by `clock` (a monotonic clock in seconds; with several
    workers one that processes share, such as `time.monotonic`). `workers` is the number of
    processes, `pool` one already running to use instead of a new one. Parts that share a budget and
    have more than `together` options are each solved at a price on it, not all in one search."""

    seconds: float | None = None
    clock: Callable[[], float] | None = None
    workers: int = 1
    pool: ProcessPoolExecutor | None = None
    together: int = 400_000


def solve(
    instance: Instance,
    tiers: Sequence[Tier],
    limits: Limits | None = None,
    *,
    progress: Tell = keep_silent,
) -> Plan:
    """The best plan by the tiers in their order, checked independently before it is returned.

    `progress` is told how many parts are done, with the values and bounds so far. Raises
    `BrokenPlanError` if the independent check fails.
    """
    task = _plan_task(limits or Limits(), progress)
    start = start_plan(instance)
    if start is None:
        return Plan(INFEASIBLE, (), np.zeros(0, np.int64), (), tuple(irreducible_clash(instance)))
    results = _solve_parts(instance, tiers, start, task, coupled=False)
    if _cost(instance, _gather(results)) > instance.budget:
        if _is_too_large_to_couple(instance, results, task.together):
            return _solve_priced(instance, tiers, start, results, task)
        results = _solve_parts(instance, tiers, start, task, coupled=True)
    return _assemble(instance, tiers, results)


def _solve_parts(
    instance: Instance, tiers: Sequence[Tier], start: Ints, task: "_Task", *, coupled: bool
) -> list[PartResult]:
    jobs = _make_jobs(instance, tiers, start, coupled=coupled)
    phase = "parts under one budget" if coupled else "parts"
    board = None
    if task.progress is not keep_silent:
        board = Board(tiers, _outside(instance, tiers, [part for part, _ in jobs]), jobs)
    tell = Teller(task.progress, phase, len(jobs), board)
    watches = [
        partial(tell.watch, at) if board and task.alone(jobs) else None for at in range(len(jobs))
    ]
    offers = [(part, plan, task.stop, w) for (part, plan), w in zip(jobs, watches, strict=True)]
    return task.run(_solve_one, offers, [len(part.option) for part, _ in jobs], tell.finish)


def _make_jobs(
    instance: Instance, tiers: Sequence[Tier], start: Ints, *, coupled: bool
) -> list[tuple[Part, Ints]]:
    """The parts of the instance, each with its share of the plan to start from."""
    begun = np.zeros(instance.options, bool)
    begun[start] = True
    pieces = split_options(instance, usable_options(instance), coupled=coupled)
    return [
        (make_part(instance, tiers, piece, coupled=coupled), np.flatnonzero(begun[piece]))
        for piece in pieces
    ]


def _solve_one(part: Part, plan: Ints, stop: Stop, watch: PartWatch | None) -> PartResult:
    return solve_part(part, plan=plan, stop=stop, watch=watch)


def _is_too_large_to_couple(
    instance: Instance, results: Sequence[PartResult], together: int
) -> bool:
    """The parts that could spend are several, and too large together for one search."""
    paying = [r for r in results if (instance.cost[r.names.course] > 0).any()]
    return len(paying) > 1 and sum(len(r.names.option) for r in paying) > together


def _solve_priced(
    instance: Instance,
    tiers: Sequence[Tier],
    start: Ints,
    ample: Sequence[PartResult],
    task: "_Task",
) -> Plan:
    """A plan found by a price on the budget, with what the price proves of all parts together.

    First weighed modestly, where the price is quickly found and bounds the later tiers well; then
    strictly, which settles the earlier ones.
    """
    jobs = _make_jobs(instance, tiers, start, coupled=False)
    parts, begun = [part for part, _ in jobs], [plan for _, plan in jobs]
    unpriced = [np.searchsorted(r.names.option, r.chosen) for r in ample]

    def solve(given: Sequence[Offer], phase: str) -> list[Reply]:
        sizes = [len(offer.part.option) for offer in given]
        tell = Teller(task.progress, phase, len(given), None)
        return task.run(solve_offer, [(o, task.stop) for o in given], sizes, tell.finish)

    market = Market(parts, instance.budget, unpriced, begun, solve)
    near, strict = Goal(tuple(modest(parts))), Goal(tuple(dominating(sum_spans(parts))))
    first = market.share(near, guess=near.multipliers[0] // 1000 + 1, prices=_PRICES)
    scale = strict.multipliers[0] / near.multipliers[0]
    if len(near.multipliers) > 1:
        scale = strict.multipliers[-2] / near.multipliers[-2]
    market = replace(market, begun=first.chosen)
    guess = int(first.proof.goal.price * scale) + 1
    second = market.share(strict, guess=guess, prices=_PRICES // 2)
    best = max((first, second), key=lambda shared: _gains(parts, shared.chosen))
    results = [_unproven(part, plan) for part, plan in zip(parts, best.chosen, strict=True)]
    return _assemble(instance, tiers, results, (first.proof, second.proof))


def _unproven(part: Part, plan: Ints) -> PartResult:
    """A plan of a part that is only proven together with the others."""
    values, reach = tuple(values_of(part, plan)), tuple(spans(part))
    return PartResult(part.option[plan], values, reach, 0, part.names, ())


def _gains(parts: Sequence[Part], chosen: Sequence[Ints]) -> tuple[int, ...]:
    values = [values_of(part, plan) for part, plan in zip(parts, chosen, strict=True)]
    return tuple(map(sum, zip(*values, strict=True)))


def _gather(results: Sequence[PartResult]) -> Ints:
    return np.sort(np.concatenate([np.zeros(0, np.int64), *(r.chosen for r in results)]))


def _cost(instance: Instance, chosen: Ints) -> int:
    taken = instance.course[chosen]
    return int(instance.cost[taken[taken >= 0]].sum())


def _assemble(
    instance: Instance,
    tiers: Sequence[Tier],
    results: Sequence[PartResult],
    shared: tuple[SharedProof, ...] = (),
) -> Plan:
    chosen = _gather(results)
    choices = instance.choices(chosen)
    if broken := violations(instance, choices):
        raise BrokenPlanError(str(broken[:5]))
    idle = _outside(instance, tiers, results)
    values = value_all(instance, tiers, chosen)
    bounds = [
        gain_of(idle[at] + bound, tiers[at])
        for at, bound in enumerate(tier_bounds(results, shared, len(tiers)))
    ]
    found = [TierResult(t.name, v, b) for t, v, b in zip(tiers, values, bounds, strict=True)]
    status = OPTIMAL if all(tier.closed for tier in found) else FEASIBLE
    nodes = sum(result.nodes for result in results)
    return Plan(status, tuple(choices), chosen, tuple(found), (), nodes, tuple(results), shared)


def rate(instance: Instance, tiers: Sequence[Tier], best: Plan, chosen: Ints) -> Plan:
    """Another plan of the instance, beside the bounds of the best. Raises `BrokenPlanError` if the
    independent check refuses it."""
    if best.parts:
        parts = [_swap(instance, tiers, part, chosen) for part in best.parts]
        return _assemble(instance, tiers, parts, best.shared)
    choices = instance.choices(chosen)
    if broken := violations(instance, choices):
        raise BrokenPlanError(str(broken[:5]))
    values = value_all(instance, tiers, chosen)
    found = [replace(tier, value=v) for tier, v in zip(best.tiers, values, strict=True)]
    status = OPTIMAL if all(tier.closed for tier in found) else FEASIBLE
    return replace(best, status=status, choices=tuple(choices), chosen=chosen, tiers=tuple(found))


def _swap(instance: Instance, tiers: Sequence[Tier], part: PartResult, chosen: Ints) -> PartResult:
    """The part with its share of another plan."""
    own = np.intersect1d(chosen, part.names.option)
    asked = np.zeros_like(instance.min_fill)
    asked[part.names.quota] = instance.min_fill[part.names.quota]
    alone = replace(instance, min_fill=asked)
    values = tuple(gain_of(value_of(alone, tier, own), tier) for tier in tiers)
    return replace(part, chosen=own, values=values)


def _outside(
    instance: Instance, tiers: Sequence[Tier], results: Sequence[Part | PartResult]
) -> list[int]:
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
    """How the parts are worked through: in how many processes, until when, telling whom."""

    workers: int
    pool: ProcessPoolExecutor | None
    stop: Stop
    progress: Tell
    together: int

    def alone(self, jobs: Sequence[Any]) -> bool:
        """Whether the jobs are done in this process."""
        return self.workers == 1 or len(jobs) < 2

    def run(
        self,
        work: Callable[..., T],
        jobs: Sequence[tuple[Any, ...]],
        sizes: Sequence[int],
        finish: Callable[[int, T], None],
    ) -> list[T]:
        """The results of all jobs, in their order; in processes the largest go first."""
        if self.alone(jobs):
            results = []
            for at, job in enumerate(jobs):
                results.append(work(*job))
                finish(at, results[at])
            return results
        with self._processes() as pool:
            order = np.argsort(sizes, kind="stable")[::-1].tolist()
            waiting = {pool.submit(work, *jobs[at]): at for at in order}
            found: dict[int, T] = {}
            for future in as_completed(waiting):
                found[waiting[future]] = future.result()
                finish(waiting[future], found[waiting[future]])
        return [found[at] for at in range(len(jobs))]

    def _processes(self) -> AbstractContextManager[ProcessPoolExecutor]:
        if self.pool is not None:
            return nullcontext(self.pool)
        return ProcessPoolExecutor(self.workers, mp_context=get_context("spawn"))


def _plan_task(limits: Limits, progress: Tell) -> _Task:
    limited = limits.seconds is not None and limits.clock is not None
    clock = limits.clock if limited else None
    end = (limits.seconds or 0.0) + (clock() if clock else 0.0)
    stop = _Deadline(clock, end)
    return _Task(limits.workers, limits.pool, stop, progress, limits.together)
