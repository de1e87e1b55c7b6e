"""How a search is written down: a tree of branches whose leaves carry prices, and what it proves."""

from dataclasses import dataclass, field

from matching.engine.bounds import Goal, Prices
from matching.engine.components import Names
from matching.engine.instance import Ints


@dataclass(frozen=True)
class CourseBranch:
    """Either the course has at most `below` participants, or at least `above`."""

    course: int
    below: int
    above: int


@dataclass(frozen=True)
class ChoiceBranch:
    """Either the candidate does not take this option, or takes exactly it."""

    option: int


Branch = CourseBranch | ChoiceBranch


@dataclass(eq=False)
class Node:
    """One region of plans; a leaf without a branch. `prices` prove its bound; None: the region
    is empty or not looked at yet."""

    bound: int | None
    prices: Prices | None
    branch: Branch | None = None
    children: tuple["Node", ...] = ()


@dataclass(frozen=True, eq=False)
class Proof:
    """A search tree whose leaves bound one goal: no plan has more than `bound`."""

    goal: Goal
    bound: int
    root: Node


@dataclass(frozen=True, eq=False)
class SharedProof:
    """What a price on the budget proves of all parts together: a tree for each, under a goal that takes
    the price off whatever spends; `bound` is theirs and the price of the whole budget."""

    goal: Goal
    bound: int
    roots: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class PartResult:
    """The best plan of a part (options of the instance), its gain per tier, the least and
    the greatest any choice of options could give, the names of the part's numbers, the proofs."""

    chosen: Ints
    values: tuple[int, ...]
    reach: tuple[tuple[int, int], ...]
    nodes: int
    names: Names
    proofs: tuple[Proof, ...] = field(repr=False)
