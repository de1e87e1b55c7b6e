"""Every "why not" at once: what each other choice would cost, what one more slot is worth.

Take the best plan of a network (see `holding`). Put a candidate somewhere else, and everybody else
settles anew along the cheapest chain of moves: a shortest path between vacancies in the residual
graph, through the hub where a candidate drops out, comes in, or a place stays empty. The prices of
the plan make all lengths non-negative; one table of distances per part answers for every pair.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from matching.engine.bounds import spans
from matching.engine.components import Part, make_part, split_options
from matching.engine.flow import price_plan, quota_range
from matching.engine.holding import Held
from matching.engine.instance import Ints

_FAR = 2**60
_EXACT = 2**52
_DENSE = 400


class NotTheBestError(ValueError):
    """The plan is not the best of its network, so there is nothing to compare with."""


@dataclass(frozen=True, eq=False)
class Regrets:
    """In the units of the first tiers' gains (as many as columns; whole numbers hold no more).

    `option` has a row per option of the network: what the best plan with that option has less
    than the plan given (all 0 for options chosen; negative where a later tier gains by it), and
    `reachable` says whether any plan has it. `slot` has a row per vacancy: what one more slot
    there would add.
    """

    option: Ints
    reachable: NDArray[np.bool_]
    slot: Ints


def find_regrets(held: Held) -> Regrets:
    """All regrets and slot prices of a held network.

    Raises `NotTheBestError` if the plan is not optimal for the network and its tiers.
    """
    instance = held.instance
    begun = np.zeros(instance.options, bool)
    begun[held.chosen] = True
    pieces = split_options(instance, np.arange(instance.options), coupled=False)
    parts = [make_part(instance, held.tiers, piece, coupled=False) for piece in pieces]
    count = min((_fitting(part) for part in parts), default=len(held.tiers))
    option = np.zeros((instance.options, count), np.int64)
    reachable = np.zeros(instance.options, bool)
    slot = np.zeros((instance.vacancies, count), np.int64)
    for part, piece in zip(parts, pieces, strict=True):
        multipliers = _balanced(part, count)
        regret, price = _compare(part, multipliers, np.flatnonzero(begun[piece]))
        reachable[piece] = regret < _FAR
        option[piece] = _split(np.where(regret < _FAR, regret, 0), multipliers)
        slot[part.names.vacancy] = _split(price, multipliers)
    return Regrets(option, reachable, slot)


def _compare(part: Part, multipliers: Sequence[int], chosen: Ints) -> tuple[Ints, Ints]:
    """Weighed: the regret of each option (_FAR if no plan has it), the price of each slot."""
    factors = np.array(multipliers, np.int64)
    weight = factors @ part.gains[: len(factors)]
    step_weight = factors @ part.step_gains[: len(factors)]
    network = price_plan(part, weight, step_weight, chosen)
    if network is None:
        raise NotTheBestError("the plan is not the best of its network")
    quota_of, hub = part.quota_of, len(part.slots) + len(part.fill)
    after = np.where(quota_of >= 0, len(part.slots) + quota_of, hub)
    below = np.append(network.prices.quota, 0)[quota_of]
    price = np.concatenate([network.prices.vacancy + below, network.prices.quota, [0]])
    here = np.full(part.candidates, hub)
    here[part.candidate[chosen]] = part.vacancy[chosen]
    gained = np.zeros(part.candidates, np.int64)
    gained[part.candidate[chosen]] = weight[chosen]
    length = _lengths(part, weight, here, gained, after)
    low, high = quota_range(part, step_weight, chosen)
    quotas = len(part.slots) + np.arange(len(part.fill))
    filled = np.bincount(part.quota[chosen][part.quota[chosen] >= 0], minlength=len(part.fill))
    length[quotas, hub] = high
    length[hub, quotas] = np.where(filled > 0, -low, _FAR)
    far = length >= _FAR
    length = np.where(far, _FAR, length - price[:, None] + price)
    away = _distances(length)
    at, home = part.vacancy, here[part.candidate]
    regret = gained[part.candidate] - weight + away[at, home] + price[at] - price[home]
    regret = np.where(away[at, home] >= _FAR, _FAR, regret)
    regret[chosen] = 0
    jobs = np.arange(len(part.slots))
    come = np.minimum(away[after, jobs], price[jobs] - price[after])
    return regret, price[jobs] - price[after] - come


def _lengths(part: Part, weight: Ints, here: Ints, gained: Ints, after: Ints) -> Ints:
    """What each single move between vacancies, quotas and the hub costs; _FAR if there is none."""
    nodes = len(part.slots) + len(part.fill) + 1
    length = np.full((nodes, nodes), _FAR, np.int64)
    source = here[part.candidate]
    np.minimum.at(length, (source, part.vacancy), gained[part.candidate] - weight)
    placed = np.flatnonzero(here < nodes - 1)
    np.minimum.at(length, (here[placed], np.full(len(placed), nodes - 1)), gained[placed])
    used = np.bincount(here[placed], minlength=len(part.slots))
    free, held = np.flatnonzero(used < part.slots), np.flatnonzero(used > 0)
    np.minimum.at(length, (free, after[free]), 0)
    np.minimum.at(length, (after[held], held), 0)
    np.fill_diagonal(length, 0)
    return length


def _distances(length: Ints) -> Ints:
    """Shortest ways between all nodes, lengths being whole and not negative (_FAR: no arc)."""
    nodes = len(length)
    known = length < _FAR
    if nodes > _DENSE and int(length[known].max()) * nodes**2 < _EXACT:
        # An arc of length 0 would be none to the library: every arc counts one in the last digits.
        ways = dijkstra(csr_array(np.where(known, length * nodes + 1.0, 0.0)))
        found = np.isfinite(ways)
        return np.where(found, np.where(found, ways, 0).astype(np.int64) // nodes, _FAR)
    away = length.copy()
    for middle in range(nodes):
        np.minimum(away, away[:, middle, None] + away[middle], out=away)
    return np.minimum(away, _FAR)


def _fitting(part: Part) -> int:
    """How many tiers can be weighed together."""
    count = len(part.gains)
    while count > 1 and _heaviest(part, count) * 4 * (len(part.slots) + 2) >= _FAR:
        count -= 1
    return count


def _heaviest(part: Part, count: int) -> int:
    gains = np.concatenate([part.gains, part.step_gains], axis=1)[:count]
    largest = np.abs(gains).max(axis=1, initial=1).tolist()
    return sum(m * most for m, most in zip(_balanced(part, count), largest, strict=True))


def _balanced(part: Part, count: int) -> list[int]:
    """Multipliers under which a loss in one tier and a gain in later ones cannot be confused."""
    multipliers: list[int] = []
    below = 0
    roomier = replace(part, slots=part.slots + 1)
    for low, high in reversed(spans(roomier)[:count]):
        multipliers.append(2 * below + 1)
        below += (2 * below + 1) * (high - low)
    return multipliers[::-1]


def _split(weighed: Ints, multipliers: Sequence[int]) -> Ints:
    """Weighed amounts as one column per tier."""
    columns, left = [], weighed
    for multiplier in multipliers:
        columns.append((2 * left + multiplier) // (2 * multiplier))
        left = left - columns[-1] * multiplier
    return np.stack(columns, axis=1)
