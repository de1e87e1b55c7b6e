"""The frontier: plans of which none is better in every respect, between placements, points, quotas and
the longest wait.

What law and promises settle stays settled. Each goal in turn is held at several levels between the
best it can reach and what it is where points come first, and the best plan in all others is found
(epsilon constraints, each solved exactly). A plan that is best in such an order is dominated by none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matching.engine.choosing import PATIENT, SETTLED, make_goals, settled_in
from matching.engine.instance import Ints
from matching.engine.objective import value_all
from matching.engine.plan import OPTIMAL
from matching.engine.policy import Policy
from matching.engine.prepared import Prepared
from matching.engine.progress import Progress, Tell, keep_silent
from matching.engine.solver import solve
from matching.engine.within import solve_within

TRADED = ("score", "placements", "shortage", "waiting")
LEVELS = 4


@dataclass(frozen=True, slots=True)
class Point:
    """One plan of the frontier: people placed, points in all, quota shortage (convex), days waited by
    those placed, and the longest wait in days among those left who had an option. `policy` leads to
    it; `proven` when no plan is at least as good in all five and better in one."""

    placements: int
    score: int
    shortage: int
    waiting: int
    longest_wait: int
    proven: bool
    policy: Policy

    @property
    def worth(self) -> tuple[int, ...]:
        return (
            self.placements,
            self.score,
            -self.shortage,
            self.waiting,
            -self.longest_wait,
        )


def find_frontier(prepared: Prepared, *, progress: Tell = keep_silent) -> tuple[Point, ...]:
    """Points from most placements to fewest, without those that another dominates or repeats."""
    points: list[Point] = []
    held = _hold_goals(prepared)
    for done, point in enumerate(held, 1):
        points.append(point)
        progress(Progress("frontier", done, 3 * LEVELS + 1))
    kept = [p for p in points if not any(_dominates(q, p) for q in points)]
    first: dict[tuple[int, ...], Point] = {}
    for point in sorted(kept, key=lambda p: (p.proven, len(p.policy.least) == 0), reverse=True):
        first.setdefault(point.worth, point)
    return tuple(sorted(first.values(), key=lambda p: p.worth, reverse=True))


def longest_wait(prepared: Prepared, chosen: Ints) -> int:
    """Days, among those with an option and without a place; 0 if there are none."""
    people = prepared.problem.candidates
    able = set(prepared.layout.instance.candidate.tolist())
    placed = set(prepared.layout.instance.candidate[chosen].tolist())
    return max((people[i].waiting_days for i in able - placed), default=0)


def _hold_goals(prepared: Prepared) -> Iterator[Point]:
    """The plan of points first, and from there each other goal held ever higher."""
    base = _order(prepared.problem.policy, TRADED)
    start = solve(prepared.layout.instance, make_goals(prepared, base.tiers, base))
    first = _tell(prepared, base, start.chosen, start.status == OPTIMAL)
    yield first
    for goal in ("placements", "shortage"):
        yield from _raise(prepared, base, goal, getattr(first, goal))
    yield from _shorten(prepared, base, first.longest_wait)


def _raise(prepared: Prepared, base: Policy, goal: str, had: int) -> Iterator[Point]:
    """The goal held at levels from what it is to the best it can be."""
    instance = prepared.layout.instance
    ahead = replace(base, tiers=(*settled_in(base), goal, *_without(base.tiers, goal)))
    tiers = make_goals(prepared, ahead.tiers, ahead)
    best = solve(instance, tiers)
    yield _tell(prepared, ahead, best.chosen, best.status == OPTIMAL)
    at = [tier.name for tier in best.tiers].index(goal)
    for level in _levels(had, best.tiers[at].value):
        held = {t.name: t.value for t in best.tiers if t.name in SETTLED} | {goal: level}
        policy = replace(base, least=tuple(sorted(held.items())))
        found = solve_within(
            instance, make_goals(prepared, policy.tiers, policy), held, best.chosen
        )
        yield _tell(prepared, policy, found.chosen, found.proven)


def _shorten(prepared: Prepared, base: Policy, had: int) -> Iterator[Point]:
    """Everybody who waited so many days placed, for as many levels as that is possible."""
    people = prepared.problem.candidates
    able = np.unique(prepared.layout.instance.candidate).tolist()
    waits = sorted({people[i].waiting_days for i in able if people[i].waiting_days <= had})
    for place in range(1, LEVELS + 1):
        days = waits[-1 - (len(waits) - 1) * place // LEVELS] if waits else 0
        policy = replace(base, patient_days=days, tiers=(*settled_in(base), *TRADED))
        first = make_goals(prepared, (*settled_in(base), PATIENT, *TRADED), policy)
        found = solve(prepared.layout.instance, first)
        count = sum(people[i].waiting_days >= days for i in able)
        at = [tier.name for tier in found.tiers].index(PATIENT)
        if found.tiers[at].value < count:
            break
        least = {t.name: t.value for t in found.tiers if t.name in (*SETTLED, PATIENT)}
        policy = replace(policy, least=tuple(sorted(least.items())))
        yield _tell(prepared, policy, found.chosen, found.status == OPTIMAL)


def _levels(had: int, best: int) -> list[int]:
    """Values between both, evenly apart, without the ends."""
    apart = best - had
    found = {had + apart * step // LEVELS for step in range(1, LEVELS)}
    return sorted(found - {had, best}, reverse=apart < 0)


def _order(policy: Policy, goals: Sequence[str]) -> Policy:
    tiers = (*settled_in(policy), *goals)
    return replace(policy, tiers=tiers, least=(), patient_days=0, preference_share=0)


def _without(goals: Sequence[str], goal: str) -> list[str]:
    return [other for other in goals if other not in (goal, *SETTLED)]


def _tell(prepared: Prepared, policy: Policy, chosen: Ints, proven: bool) -> Point:
    tiers = make_goals(prepared, TRADED, policy)
    values = dict(zip(TRADED, value_all(prepared.layout.instance, tiers, chosen), strict=True))
    return Point(
        **values, longest_wait=longest_wait(prepared, chosen), proven=proven, policy=policy
    )


def _dominates(one: Point, other: Point) -> bool:
    better = [a >= b for a, b in zip(one.worth, other.worth, strict=True)]
    return all(better) and one.worth != other.worth
