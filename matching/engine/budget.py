"""One budget over many parts: a price on money, found where spending meets the budget.

At a price each part is solved exactly by itself, the price taken off whatever spends. Any price
gives a bound: what the parts reach plus the price of the whole budget. The best price lies where the
lines of two bounds cross, again and again. The plans met on the way are then combined, one of each
part, to the best that the budget allows, and what is left over is offered to each part in turn.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matching.engine.bounds import Goal, values_of, weigh
from matching.engine.components import Part
from matching.engine.instance import Ints
from matching.engine.proof import Node, SharedProof
from matching.engine.stages import Offer, Reply

_NODES = 20
_CLOSE = 100_000
_CELLS = 200_000

SolveOffers = Callable[[Sequence[Offer], str], list[Reply]]


@dataclass(frozen=True, eq=False)
class Shared:
    """The plan of each part (positions in it), and what the best price met proves: the highest weight
    that any plan of all parts within the budget can have."""

    chosen: list[Ints]
    proof: SharedProof


@dataclass(frozen=True, eq=False)
class _Point:
    """All parts solved at one price: their plans, what they weigh, spend, and bound."""

    price: int
    chosen: list[Ints]
    value: int
    spent: int
    bound: int
    roots: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class Market:
    """Parts that share a budget. `solve` maximises offers, in processes or not, and tells each
    one's plan and bound; `unpriced` are the parts' plans that would be best with ample money, and
    `begun` plans that together keep the budget."""

    parts: Sequence[Part]
    budget: int
    unpriced: Sequence[Ints]
    begun: Sequence[Ints]
    solve: SolveOffers

    def share(self, goal: Goal, *, guess: int, prices: int) -> Shared:
        """A good plan within the budget and a bound on the best, after so many prices.

        `goal` weighs the same tiers in every part; `guess` is the first price to try.
        """
        left, right = self._point(0, goal, list(self.unpriced)), None
        met: list[_Point] = []
        price = guess
        for _ in range(prices):
            point = self._solve_at(price, goal)
            met.append(point)
            if point.spent > self.budget:
                left = point
            else:
                right = point
            price = left.price * 8 if right is None else _crossing(left, right)
            if right is not None and self._is_close(left, price, min(p.bound for p in met)):
                break
            if price in (left.price, right.price if right else None):
                break
        best = min(met, key=lambda point: point.bound)
        proof = SharedProof(replace(goal, price=best.price), best.bound, best.roots)
        return Shared(self._choose(goal, met), proof)

    def _is_close(self, left: _Point, price: int, bound: int) -> bool:
        """No price can lower the bound by more than a little."""
        reachable = left.value + price * (self.budget - left.spent)
        return bound - reachable <= abs(bound) // _CLOSE

    def _solve_at(self, price: int, goal: Goal) -> _Point:
        offers = [
            Offer(part, replace(goal, price=price), plan, _NODES)
            for part, plan in zip(self.parts, self.begun, strict=True)
        ]
        found = self.solve(offers, f"parts at price {price}")
        bound = sum(reply.bound for reply in found) + price * self.budget
        point = self._point(price, goal, [reply.chosen for reply in found])
        return replace(point, bound=bound, roots=tuple(reply.root for reply in found))

    def _point(self, price: int, goal: Goal, chosen: list[Ints]) -> _Point:
        pairs = list(zip(self.parts, chosen, strict=True))
        value = sum(weigh(values_of(part, plan), goal) for part, plan in pairs)
        return _Point(price, chosen, value, sum(spent_by(*pair) for pair in pairs), 0, ())

    def _choose(self, goal: Goal, met: Sequence[_Point]) -> list[Ints]:
        """The best that the plans met combine to, and what is left spent in each part in turn."""
        plans = [
            [self.begun[at], *(point.chosen[at] for point in met)] for at in range(len(self.parts))
        ]
        chosen = _combine(self.parts, goal, plans, self.budget)
        costs = [spent_by(part, plan) for part, plan in zip(self.parts, chosen, strict=True)]
        left = self.budget - sum(costs)
        for at in np.argsort(costs, kind="stable")[::-1].tolist():
            if left <= 0:
                break
            part = replace(self.parts[at], budget=costs[at] + left)
            offer = Offer(part, goal, chosen[at], _NODES)
            chosen[at] = self.solve([offer], "spending the rest")[0].chosen
            left += costs[at] - spent_by(part, chosen[at])
        return chosen


def _crossing(left: _Point, right: _Point) -> int:
    """The price at which two plans are worth the same: where the best price may lie."""
    return (left.value - right.value) // max(1, left.spent - right.spent)


def spent_by(part: Part, chosen: Ints) -> int:
    taken = part.course[chosen]
    return int(part.cost[taken[taken >= 0]].sum())


def _combine(
    parts: Sequence[Part], goal: Goal, plans: Sequence[Sequence[Ints]], budget: int
) -> list[Ints]:
    """Of each part one plan, together within the budget and of the greatest weight."""
    unit = budget // _CELLS + 1
    room = budget // unit
    best = np.zeros(room + 1, np.int64)
    picks = []
    for part, own in zip(parts, plans, strict=True):
        reached = np.full(room + 1, -(2**62), np.int64)
        pick = np.zeros(room + 1, np.int64)
        for at, plan in enumerate(own):
            cost = -(-spent_by(part, plan) // unit)
            if cost > room:
                continue
            value = best[: room + 1 - cost] + weigh(values_of(part, plan), goal)
            better = value > reached[cost:]
            reached[cost:][better] = value[better]
            pick[cost:][better] = at
        picks.append(pick)
        best = reached
    chosen, left = [], room
    for part, own, pick in list(zip(parts, plans, picks, strict=True))[::-1]:
        plan = own[int(pick[left])]
        chosen.append(plan)
        left -= -(-spent_by(part, plan) // unit)
    return chosen[::-1]
