"""A plan from a fractional one: take what is most used first, as far as the rules allow.

It proves nothing; it gives the search something to beat, and a plan when time runs out.
"""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from matching.engine.components import Part
from matching.engine.instance import Ints


def round_plan(part: Part, wanted: Ints, closed: NDArray[np.bool_] | None = None) -> Ints | None:
    """A plan (positions in the part) that takes the `wanted` options greedily in their order.

    Pinned candidates come first; courses in `closed` do not run, and those that fail to reach
    their cohort are closed and the plan made again. None if a pinned course fails.
    """
    closed = np.zeros(part.courses, bool) if closed is None else closed
    pinned = np.flatnonzero(np.isin(part.candidate, part.pinned))
    chosen = _fill(part, np.concatenate([pinned, wanted]), closed)
    taken = part.course[chosen]
    people = np.bincount(taken[taken >= 0], minlength=part.courses)
    failed = (people > 0) & (people < part.min_cohort)
    if not failed.any():
        return chosen
    if failed[part.course[pinned][part.course[pinned] >= 0]].any():
        return None
    return round_plan(part, wanted, closed | failed)


def _fill(part: Part, wanted: Ints, closed: NDArray[np.bool_]) -> Ints:
    slots, seats = part.slots.tolist(), np.where(closed, 0, part.seats).tolist()
    money = part.budget
    cost = part.cost.tolist()
    together: Counter[int] = Counter()
    placed: set[int] = set()
    chosen = []
    rows = (part.candidate, part.vacancy, part.course, part.case)
    for option, person, job, course, case in zip(
        wanted.tolist(), *(row[wanted].tolist() for row in rows), strict=True
    ):
        if person in placed or not slots[job]:
            continue
        if case >= 0 and together[case] >= part.case_limit:
            continue
        price = cost[course] if course >= 0 else 0
        if course >= 0 and (not seats[course] or (money is not None and money < price)):
            continue
        placed.add(person)
        chosen.append(option)
        slots[job] -= 1
        together[case] += 1
        if course >= 0:
            seats[course] -= 1
            money = None if money is None else money - price
    return np.sort(np.array(chosen, np.int64))
