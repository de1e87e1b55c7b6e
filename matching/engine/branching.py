"""Exact branch and price on one part: best bound first, every bound in whole numbers.

Floating point only guesses. The linear relaxation proposes prices and a plan; the prices are
rounded and turned into an exact bound over all options (`bounds.bound_of`), the plan is counted in
whole numbers. A node is closed when its exact bound is no better than the best plan known.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.bounds import (
    Region,
    WholeNumberError,
    bound_of,
    is_empty,
    values_of,
    weigh_plan,
    whole_region,
)
from matching.engine.components import Part
from matching.engine.instance import Ints
from matching.engine.pricing import Relaxation, RelaxationError, Stop
from matching.engine.proof import Branch, ChoiceBranch, CourseBranch, Node
from matching.engine.rounding import round_plan

_FRACTION = 1e-6
_ROUND_EVERY = 64
Watch = Callable[[Ints | None, int], None]


@dataclass(frozen=True, eq=False)
class Search:
    """How a search ended: the best plan found (positions in the part), its value, the bound that
    holds for every plan, and the tree that proves it. Without a plan `value` is None."""

    chosen: Ints | None
    value: int | None
    bound: int
    root: Node
    nodes: int

    @property
    def finished(self) -> bool:
        return self.bound == self.value


def search(
    relaxation: Relaxation,
    *,
    reach: tuple[int, int],
    plan: Ints | None,
    stop: Stop,
    most_nodes: int | None = None,
    watch: Watch | None = None,
) -> Search:
    """Maximise the relaxation's goal over its part.

    `plan` is a feasible plan or None, `reach` the least and the greatest value any
    plan could have. `stop` is
    asked between nodes; after `most_nodes` the search ends unfinished. `watch` is told the plan and the
    bound after each branch.
    """
    return _Searcher(relaxation, reach, plan, stop).run(most_nodes, watch)


class _Searcher:
    def __init__(
        self, relaxation: Relaxation, reach: tuple[int, int], plan: Ints | None, stop: Stop
    ) -> None:
        self.relaxation, self.stop, self.highest = relaxation, stop, reach[1]
        self.part, self.goal, self.weight = relaxation.part, relaxation.goal, relaxation.weight
        self.chosen = plan
        self.best = reach[0] - 1 if plan is None else weigh_plan(self.part, self.goal, plan)
        self.root = Node(None, None)
        self.queue: list[tuple[int, int, Node, Region]] = []
        self.unproven: list[int] = []
        self.count = 0

    def run(self, most_nodes: int | None, watch: Watch | None) -> Search:
        self._visit(self.root, whole_region(self.part))
        while self.queue and -self.queue[0][0] > self.best and not self.stop():
            if most_nodes is not None and self.count >= most_nodes:
                break
            _, _, node, region = heapq.heappop(self.queue)
            self._expand(node, region)
            if watch is not None:
                watch(self.chosen, self._bound())
        bound = self._bound()
        return Search(
            chosen=self.chosen,
            value=self.best if self.chosen is not None else None,
            bound=bound,
            root=self.root,
            nodes=self.count,
        )

    def _bound(self) -> int:
        return max([self.best, *(-entry[0] for entry in self.queue), *self.unproven])

    def _expand(self, node: Node, region: Region) -> None:
        assert node.branch is not None
        node.children = (Node(node.bound, node.prices), Node(node.bound, node.prices))
        for child, inner in zip(node.children, divide(self.part, region, node.branch), strict=True):
            self._visit(child, inner)

    def _visit(self, node: Node, region: Region) -> None:
        """Bound the node, take its plan if it has one, and queue it unless that closes it."""
        self.count += 1
        if is_empty(self.part, region):
            node.bound = node.prices = None
            return
        try:
            self._relax(node, region)
        except (RelaxationError, WholeNumberError):
            self.unproven.append(self.highest if node.bound is None else node.bound)
            return
        if node.bound is None or node.bound <= self.best:
            return
        levels = self.relaxation.levels()
        branch = choose_branch(self.part, region, levels)
        if not self.relaxation.slack_used():
            self._take(levels)
        if branch is not None and self.count % _ROUND_EVERY == 1:
            self._round(levels)
        if node.bound <= self.best:
            return
        if branch is None:
            self.unproven.append(node.bound)
            return
        node.branch = branch
        heapq.heappush(self.queue, (-node.bound, -self.count, node, region))

    def _relax(self, node: Node, region: Region) -> None:
        """The node's own prices, kept where they prove more than its parent's."""
        self.relaxation.restrict(region)
        while True:
            self.relaxation.run(self.stop)
            prices = self.relaxation.prices().rounded()
            bound = bound_of(self.part, self.goal, region, prices, weight=self.weight)
            if bound is None or node.bound is None or bound <= node.bound:
                node.bound, node.prices = bound, prices
            if bound is None or bound <= self.best or not self.relaxation.slack_used():
                return
            if self.stop() or not self.relaxation.raise_penalty():
                return

    def _take(self, levels: NDArray[np.float64]) -> None:
        chosen = np.flatnonzero(levels > 0.5)
        if not np.isin(levels, (0, 1)).all() or not _cohorts_hold(self.part, chosen):
            return
        self._keep_better(chosen)

    def _round(self, levels: NDArray[np.float64]) -> None:
        """A plan near the relaxation's, where it also keeps the floors."""
        held = self.relaxation.held()
        order = held[np.lexsort((-self.weight[held], -levels[held]))]
        chosen = round_plan(self.part, order)
        if chosen is not None:
            values = values_of(self.part, chosen)
            if all(values[tier] >= gain for tier, gain in self.goal.floors):
                self._keep_better(chosen)

    def _keep_better(self, chosen: Ints) -> None:
        value = weigh_plan(self.part, self.goal, chosen)
        if value > self.best:
            self.best, self.chosen = value, chosen


def divide(part: Part, region: Region, branch: Branch) -> tuple[Region, Region]:
    """The two regions a branch leaves: (at most, at least) or (not taken, taken)."""
    if isinstance(branch, CourseBranch):
        most, least = region.most.copy(), region.least.copy()
        most[branch.course] = branch.below
        least[branch.course] = branch.above
        return (
            Region(region.allowed, region.must, region.least, most),
            Region(region.allowed, region.must, least, region.most),
        )
    person = part.candidate[branch.option]
    own = part.candidate == person
    without = region.allowed.copy()
    without[branch.option] = False
    only = region.allowed & ~own
    only[branch.option] = True
    must = region.must.copy()
    must[person] = True
    return (
        Region(without, region.must, region.least, region.most),
        Region(only, must, region.least, region.most),
    )


def choose_branch(part: Part, region: Region, levels: NDArray[np.float64]) -> Branch | None:
    """A cohort not reached, else a course with a broken number of people, else a torn choice."""
    taught = part.taught
    use = np.bincount(part.course[taught], levels[taught], minlength=part.courses)
    short = np.where(
        (region.least < part.min_cohort) & (use > _FRACTION) & (use < part.min_cohort - _FRACTION),
        np.minimum(use, part.min_cohort - use),
        0.0,
    )
    if short.max(initial=0.0) > 0:
        course = int(short.argmax())
        return CourseBranch(course, 0, int(part.min_cohort[course]))
    broken = np.abs(use - np.rint(use))
    if broken.max(initial=0.0) > _FRACTION:
        course = int(broken.argmax())
        return CourseBranch(course, int(use[course]), int(use[course]) + 1)
    torn = np.where((levels > 0) & (levels < 1), 0.5 - np.abs(levels - 0.5), -1.0)
    if torn.max(initial=-1.0) > 0:
        return ChoiceBranch(int(torn.argmax()))
    return None


def _cohorts_hold(part: Part, chosen: Ints) -> bool:
    taken = part.course[chosen]
    people = np.bincount(taken[taken >= 0], minlength=part.courses)
    return bool(((people == 0) | (people >= part.min_cohort)).all())
