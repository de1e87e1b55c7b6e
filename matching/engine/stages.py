"""Solve one part tier after tier, several at once where whole numbers leave room.

Consecutive tiers are weighed so that one step of an earlier tier outweighs all that later tiers of
the stage could give; when the weights would grow beyond `_ROOM`, a new stage begins, in which the
tiers settled so far must keep what they have.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from matching.engine.bounds import (
    Goal,
    bound_of,
    keeps_side_rows,
    spans,
    values_of,
    weigh,
    weigh_plan,
    whole_region,
)
from matching.engine.branching import search
from matching.engine.components import Part
from matching.engine.flow import Network, solve_network
from matching.engine.instance import Ints
from matching.engine.pricing import Relaxation, Stop
from matching.engine.proof import Node, PartResult, Proof, SharedProof
from matching.engine.warmstart import near_columns, tree_basis

_ROOM = 2**42
_BEST_PER_CANDIDATE = 4
_NEAR_PER_CANDIDATE = 4
PartWatch = Callable[[PartResult], None]


def solve_part(part: Part, *, plan: Ints, stop: Stop, watch: PartWatch | None = None) -> PartResult:
    """The best plan of the part by every tier, with its proofs, starting from a feasible plan. `watch` is
    told during a long search what there is so far, in the same form."""
    reach = spans(part)
    relaxation: Relaxation | None = None
    proofs: list[Proof] = []
    nodes = 0
    for goal in goals(part, reach):
        goal = Goal(goal.multipliers, _floors(part, goal, plan))
        if not proofs:
            network = solve_network(part, goal)
            if network is not None and (proof := _network_proof(part, goal, network)) is not None:
                plan, nodes = network.chosen, 1
                proofs.append(proof)
                continue
        if relaxation is None:
            first = proofs[0].goal if proofs else goal
            relaxation = _begin(part, first, network, plan)
        if relaxation.goal is not goal:
            relaxation.aim_at(goal)
        ends = tuple(weigh(end, goal) for end in zip(*reach, strict=True))
        seen = None if watch is None else _Watcher(part, goal, reach, tuple(proofs), watch)
        found = search(relaxation, reach=(ends[0], ends[1]), plan=plan, stop=stop, watch=seen)
        assert found.chosen is not None
        proofs.append(Proof(goal, found.bound, found.root))
        plan, nodes = found.chosen, nodes + found.nodes
        if not found.finished:
            break
    values = tuple(values_of(part, plan))
    return PartResult(part.option[plan], values, tuple(reach), nodes, part.names, tuple(proofs))


@dataclass(frozen=True, eq=False)
class _Watcher:
    """Tells a search's plan and bound as the result of its part so far."""

    part: Part
    goal: Goal
    reach: Sequence[tuple[int, int]]
    proofs: tuple[Proof, ...]
    watch: PartWatch

    def __call__(self, chosen: Ints | None, bound: int) -> None:
        if chosen is not None:
            part, values = self.part, tuple(values_of(self.part, chosen))
            proofs = (*self.proofs, Proof(self.goal, bound, Node(bound, None)))
            reach = tuple(self.reach)
            self.watch(PartResult(part.option[chosen], values, reach, 0, part.names, proofs))


@dataclass(frozen=True, eq=False)
class Offer:
    """One goal to maximise over a part, from a feasible plan, in a search of so many nodes."""

    part: Part
    goal: Goal
    plan: Ints
    nodes: int


@dataclass(frozen=True, eq=False)
class Reply:
    """The best plan found of an offer (positions in the part), the bound on its weight, and the tree
    that proves the bound."""

    chosen: Ints
    bound: int
    root: Node


def solve_offer(offer: Offer, stop: Stop) -> Reply:
    """The best plan of an offer, within its nodes."""
    part, goal = offer.part, offer.goal
    network = solve_network(part, goal)
    if network is not None and (proof := _network_proof(part, goal, network)) is not None:
        return Reply(network.chosen, proof.bound, proof.root)
    relaxation = _begin(part, goal, network, offer.plan)
    most = int(goal.price * part.cost.max(initial=0)) * part.candidates
    low, high = (weigh(end, goal) for end in zip(*spans(part), strict=True))
    found = search(
        relaxation,
        reach=(low - most, high),
        plan=offer.plan,
        stop=stop,
        most_nodes=offer.nodes,
    )
    assert found.chosen is not None
    return Reply(found.chosen, found.bound, found.root)


def _network_proof(part: Part, goal: Goal, network: Network) -> Proof | None:
    """The network's own prices as proof, if its plan keeps the other rows too."""
    region = whole_region(part)
    bound = bound_of(part, goal, region, network.prices)
    if bound != weigh_plan(part, goal, network.chosen):
        return None
    if not keeps_side_rows(part, network.chosen):
        return None
    return Proof(goal, bound, Node(bound, network.prices))


def _begin(part: Part, goal: Goal, network: Network | None, plan: Ints) -> Relaxation:
    """The linear relaxation of the first goal, from what the network knows."""
    if network is None:
        return Relaxation(part, goal, np.union1d(first_columns(part, goal), plan))
    columns = near_columns(part, goal, network, _NEAR_PER_CANDIDATE)
    relaxation = Relaxation(part, goal, columns)
    relaxation.begin_at(tree_basis(part, goal, network, columns))
    relaxation.add(plan)
    return relaxation


def goals(part: Part, reach: Sequence[tuple[int, int]]) -> list[Goal]:
    """The stages: per stage a multiplier for each tier, 0 outside the stage."""
    gains = np.concatenate([part.gains, part.step_gains], axis=1)
    largest = np.abs(gains).max(axis=1, initial=1).tolist()
    stages, start = [], 0
    while start < len(reach):
        stop = start + 1
        while stop < len(reach) and _weight(reach[start : stop + 1], largest[start:]) < _ROOM:
            stop += 1
        inner = dominating(reach[start:stop])
        stages.append(Goal((*(0,) * start, *inner, *(0,) * (len(reach) - stop))))
        start = stop
    return stages


def dominating(reach: Sequence[tuple[int, int]]) -> list[int]:
    """Multipliers by which one step of a tier outweighs everything after it."""
    multipliers: list[int] = []
    below = 0
    for low, high in reversed(reach):
        multipliers.append(below + 1)
        below += (below + 1) * (high - low)
    return multipliers[::-1]


def modest(parts: Sequence[Part]) -> list[int]:
    """Multipliers under which a tier outweighs twenty of the best options by the next: not always
    enough to dominate, but close to what a place is worth at the best plans."""
    gains = np.concatenate(
        [np.abs(part.gains).max(axis=1, keepdims=True) for part in parts], axis=1
    )
    multipliers = [1]
    for largest in np.maximum(gains.max(axis=1), 1).tolist()[:0:-1]:
        multipliers.append(multipliers[-1] * largest * 20)
    return multipliers[::-1]


def sum_spans(parts: Sequence[Part]) -> list[tuple[int, int]]:
    """Per tier the least and the greatest gain of all parts together."""
    ends = zip(*map(spans, parts), strict=True)
    return [(sum(low for low, _ in tier), sum(high for _, high in tier)) for tier in ends]


def _weight(reach: Sequence[tuple[int, int]], largest: Sequence[int]) -> int:
    """The most an option can weigh when these tiers are weighed together."""
    return sum(m * most for m, most in zip(dominating(reach), largest, strict=False))


def _floors(part: Part, goal: Goal, plan: Ints) -> tuple[tuple[int, int], ...]:
    settled = next(i for i, m in enumerate(goal.multipliers) if m)
    values = values_of(part, plan)
    return tuple((tier, values[tier]) for tier in range(settled))


def first_columns(part: Part, goal: Goal) -> Ints:
    """Some good options to begin with: the best few of every candidate and vacancy."""
    worth = goal.weight(part)
    return np.union1d(
        _best_of(part.candidate, worth, _BEST_PER_CANDIDATE),
        _best_of(part.vacancy, worth, 2 * part.slots[part.vacancy]),
    )


def _best_of(group: Ints, worth: Ints, limit: Ints | int) -> Ints:
    order = np.lexsort((-worth, group))
    ranked = group[order]
    rank = np.arange(len(order)) - np.searchsorted(ranked, ranked)
    most = limit[order] if isinstance(limit, np.ndarray) else limit
    return order[rank < most]


def tier_bounds(
    results: Sequence[PartResult], shared: Sequence[SharedProof], tiers: int
) -> list[int]:
    """What the proofs of all parts, alone and together, say of each tier's gain: while every tier before
    is settled, among the plans as good in those; after that among all plans."""
    values = [sum(r.values[tier] for r in results) for tier in range(tiers)]
    reach = [
        (sum(r.reach[tier][0] for r in results), sum(r.reach[tier][1] for r in results))
        for tier in range(tiers)
    ]
    bounds: list[int] = []
    settled = True
    for tier in range(tiers):
        known = values[:tier] if settled else []
        apart = sum(_part_bound(result, tier, settled) for result in results)
        bounds.append(min([apart, *(_read(proof, tier, known, reach) for proof in shared)]))
        settled = settled and bounds[tier] == values[tier]
    return bounds


def part_bounds(result: PartResult) -> list[int]:
    """Per tier what the best plan of a part has at most, by what is known of it so far."""
    found: list[int] = []
    for tier in range(len(result.reach)):
        settled = list(result.values[:tier]) == found
        found.append(_part_bound(result, tier, settled))
    return found


def _part_bound(result: PartResult, tier: int, settled: bool) -> int:
    known = result.values[:tier] if settled else ()
    read = (_read(proof, tier, known, result.reach) for proof in result.proofs)
    return min([result.reach[tier][1], *read])


def _read(
    proof: Proof | SharedProof, tier: int, known: Sequence[int], reach: Sequence[tuple[int, int]]
) -> int:
    """The bound a proof gives for one tier, the earlier ones having at least `known`."""
    multipliers = proof.goal.multipliers
    if not multipliers[tier] or (proof.goal.floors and len(known) < tier):
        return reach[tier][1]
    least = [*known, *(low for low, _ in reach[len(known) :])]
    least[tier] = 0
    return (proof.bound - weigh(least, proof.goal)) // multipliers[tier]
