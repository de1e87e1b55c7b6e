"""From an optimal flow to a starting basis of the linear relaxation.

The network's rows form a graph: candidates, vacancies, quotas and a root. A spanning tree of tight
arcs that holds every arc with room both ways is an optimal basis of the network; the other rows
begin with their slack in the basis. The dual simplex then only mends the rows that the flow did
not know about.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree

from matching.engine.bounds import Goal, reduced_gains
from matching.engine.components import Part
from matching.engine.flow import Network
from matching.engine.instance import Ints

_PER_PLACE = 3
_USED, _TIGHT, _SPARE = 1, 2, 3
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Basis:
    """What is basic: options, steps, and the slacks of the network's rows. `missing` steps are
    at their upper limit, and so are the courses that the `chosen` options use."""

    options: Flags
    steps: Flags
    missing: Flags
    candidates: Flags
    vacancies: Flags
    quotas: Flags
    chosen: Ints


@dataclass(frozen=True, eq=False)
class _Arcs:
    """Arcs of the graph with how much each is wanted in the tree, and where it came from."""

    tail: Ints
    head: Ints
    wanted: Ints
    number: Ints


def near_columns(part: Part, goal: Goal, network: Network, per_candidate: int) -> Ints:
    """The options that the network's prices make the most attractive: at most so many of each
    candidate, and no more in all than a few for each place filled."""
    gains = reduced_gains(part, goal, goal.weight(part), network.prices)
    loss = network.worth[part.candidate] - gains
    order = np.lexsort((loss, part.candidate))
    rank = np.arange(len(order)) - np.repeat(part.first, np.diff(part.first, append=len(order)))
    near = order[rank < per_candidate]
    near = near[np.argsort(loss[near], kind="stable")[: _PER_PLACE * len(network.chosen)]]
    return np.union1d(near, network.chosen)


def tree_basis(part: Part, goal: Goal, network: Network, columns: Ints) -> Basis:
    """The basis of a spanning tree over the options in `columns`."""
    people, jobs, quotas = part.candidates, len(part.slots), len(part.fill)
    root = people + jobs + quotas
    kinds = (
        _option_arcs(part, goal, network, columns),
        _candidate_arcs(part, network, root),
        _vacancy_arcs(part, network, root),
        _step_arcs(part, goal, network, root),
        _quota_arcs(part, network, root),
    )
    kept = _spanning_tree(kinds, root + 1)
    missing = _missing(part, network)[part.step_quota] >= part.step_size
    sizes = (len(part.option), people, jobs, len(part.step_quota), quotas)
    flags = [_flags(size, arcs.number[k]) for size, arcs, k in zip(sizes, kinds, kept, strict=True)]
    options, candidates, vacancies, steps, quota = flags
    return Basis(options, steps, missing, candidates, vacancies, quota, network.chosen)


def _option_arcs(part: Part, goal: Goal, network: Network, columns: Ints) -> _Arcs:
    chosen = _flags(len(part.option), network.chosen)
    gains = reduced_gains(part, goal, goal.weight(part), network.prices)
    tight = columns[(gains == network.worth[part.candidate])[columns] | chosen[columns]]
    return _Arcs(
        part.candidate[tight],
        part.candidates + part.vacancy[tight],
        np.where(chosen[tight], _USED, _TIGHT),
        tight,
    )


def _candidate_arcs(part: Part, network: Network, root: int) -> _Arcs:
    people = np.arange(part.candidates)
    placed = _flags(part.candidates, part.candidate[network.chosen])
    wanted = np.where(~placed, _USED, np.where(network.worth == 0, _TIGHT, _SPARE))
    return _Arcs(people, np.full(len(people), root), wanted, people)


def _vacancy_arcs(part: Part, network: Network, root: int) -> _Arcs:
    jobs = np.arange(len(part.slots))
    quota = part.quota_of
    used = np.bincount(part.vacancy[network.chosen], minlength=len(jobs))
    free = used < part.slots
    wanted = np.where(free, _USED, np.where(network.prices.vacancy == 0, _TIGHT, _SPARE))
    head = np.where(quota >= 0, part.candidates + len(jobs) + quota, root)
    return _Arcs(part.candidates + jobs, head, wanted, jobs)


def _step_arcs(part: Part, goal: Goal, network: Network, root: int) -> _Arcs:
    steps = np.flatnonzero(goal.step_weight(part) == network.prices.quota[part.step_quota])
    tail = part.candidates + len(part.slots) + part.step_quota[steps]
    return _Arcs(tail, np.full(len(steps), root), np.full(len(steps), _TIGHT), steps)


def _quota_arcs(part: Part, network: Network, root: int) -> _Arcs:
    quotas = np.arange(len(part.fill))
    over = _missing(part, network) < 0
    wanted = np.where(over, _USED, np.where(network.prices.quota == 0, _TIGHT, _SPARE))
    tail = part.candidates + len(part.slots) + quotas
    return _Arcs(tail, np.full(len(quotas), root), wanted, quotas)


def _missing(part: Part, network: Network) -> Ints:
    quota = part.quota[network.chosen]
    filled = np.bincount(quota[quota >= 0], minlength=len(part.fill))
    return np.asarray(part.fill - filled)


def _spanning_tree(kinds: tuple[_Arcs, ...], nodes: int) -> list[Flags]:
    """Per kind which arcs the tree keeps: the most wanted of parallel ones, then by priority."""
    key = np.concatenate([arcs.tail * nodes + arcs.head for arcs in kinds])
    wanted = np.concatenate([arcs.wanted for arcs in kinds])
    order = np.lexsort((wanted, key))
    best = order[np.diff(key[order], prepend=-1) != 0]
    graph = coo_array((wanted[best], (key[best] // nodes, key[best] % nodes)), shape=(nodes, nodes))
    tree = minimum_spanning_tree(graph.tocsr()).tocoo()
    in_tree = np.isin(key[best], tree.row.astype(np.int64) * nodes + tree.col)
    kept = _flags(len(key), best[in_tree])
    return np.split(kept, np.cumsum([len(arcs.tail) for arcs in kinds])[:-1])


def _flags(size: int, at: Ints) -> Flags:
    flags = np.zeros(size, bool)
    flags[at] = True
    return flags
