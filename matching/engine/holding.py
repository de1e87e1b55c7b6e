"""The network around a plan: who could move where while courses, pins and cases are held.

Everybody on a course and everybody pinned stays. Of a group whose members may not meet at a
house only those may be there who are there now, or one who could come. What is left has rows of
candidates, slots and quotas alone, every plan of it completes to a plan of the whole, and so the
plan given is the best of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matching.engine.instance import Instance, Ints, make_instance
from matching.engine.objective import OptionTier, Tier


@dataclass(frozen=True, eq=False)
class Held:
    """The network as an instance of its own: its options are `option` of the whole, its plan
    `chosen`, its tiers `tiers`. Candidates, vacancies and employers keep their numbers."""

    instance: Instance
    tiers: tuple[Tier, ...]
    option: Ints
    chosen: Ints


def hold(instance: Instance, tiers: Sequence[Tier], chosen: Ints) -> Held:
    """The network around a plan, `chosen` being its options."""
    stays = np.zeros(instance.candidates, bool)
    stays[instance.candidate[chosen[instance.course[chosen] >= 0]]] = True
    stays[instance.pinned[:, 0]] = True
    free = (instance.course < 0) & ~stays[instance.candidate] & instance.allowed()
    free &= _keeps_cases(instance, chosen)
    option = np.flatnonzero(free)
    fixed = chosen[stays[instance.candidate[chosen]]]
    taken = np.bincount(instance.vacancy[fixed], minlength=instance.vacancies)
    filled = np.bincount(instance.employer[instance.vacancy[fixed]], minlength=instance.employers)
    network = make_instance(
        options=(
            instance.candidate[option],
            instance.vacancy[option],
            instance.course[option],
            instance.score[option],
        ),
        vacancies=(instance.employer, instance.slots - taken),
        min_fill=np.maximum(0, instance.min_fill - filled),
        case=np.full(instance.candidates, -1),
    )
    kept = tuple(
        replace(tier, weight=tier.weight[option]) if isinstance(tier, OptionTier) else tier
        for tier in tiers
    )
    moving = chosen[~stays[instance.candidate[chosen]]]
    return Held(network, kept, option, np.searchsorted(option, moving))


def _keeps_cases(instance: Instance, chosen: Ints) -> NDArray[np.bool_]:
    """Per option: taking it can never bring too many of a group together, whatever others do."""
    keeps = np.ones(instance.options, bool)
    group = instance.case[instance.candidate]
    house = instance.house_of[instance.vacancy]
    grouped = np.flatnonzero((group >= 0) & (house >= 0))
    meeting = group[grouped] * instance.employers + house[grouped]
    person = instance.candidate[grouped]
    members, at = np.unique(np.stack([meeting, person]), axis=1, return_inverse=True)
    there = np.zeros(members.shape[1], bool)
    picked = np.zeros(instance.options, bool)
    picked[chosen] = True
    there[at.ravel()[picked[grouped]]] = True
    order = np.lexsort((members[1], ~there, members[0]))
    rank = np.empty(len(order), np.int64)
    first = np.searchsorted(members[0], members[0])
    rank[order] = np.arange(len(order)) - first
    keeps[grouped] = (rank < instance.case_limit)[at.ravel()]
    return keeps
