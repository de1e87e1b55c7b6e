"""Cut an instance into parts that share no candidate, vacancy, employer or course."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching.engine.instance import Instance, Ints
from matching.engine.objective import OptionTier, Tier


@dataclass(frozen=True, eq=False)
class Names:
    """What the numbers of a part are called in the instance; a `case` row is (group, employer)."""

    option: Ints
    candidate: Ints
    vacancy: Ints
    course: Ints
    case: Ints
    quota: Ints


def join_names(all_names: Sequence[Names]) -> Names:
    """The names of several parts as if they were one."""
    return Names(
        *(
            np.concatenate([getattr(names, field.name) for names in all_names])
            for field in fields(Names)
        )
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class Part:
    """One independent sub-problem, everything numbered from 0 inside the part.

    Per option: `option` (its position in the instance), `candidate`, `vacancy`, and `course`,
    `case` (a group at an employer that could exceed the limit) and `quota` (an employer with
    places to fill), each -1 where there is none. `first` is where each candidate's options begin.
    `steps` are the single places of the quotas: `step_quota` says whose, `step_size` counts
    1, 2, ... up to that employer's fill. `gains` and `step_gains` hold a row per tier: what an
    option adds to it, what a missing place costs it. `budget` is None unless it couples courses.
    """

    option: Ints
    candidate: Ints
    vacancy: Ints
    course: Ints
    case: Ints
    quota: Ints
    first: Ints
    pinned: Ints
    slots: Ints
    seats: Ints
    min_cohort: Ints
    cost: Ints
    case_limit: int
    fill: Ints
    step_quota: Ints
    step_size: Ints
    gains: Ints
    step_gains: Ints
    budget: int | None
    names: Names

    @property
    def candidates(self) -> int:
        return len(self.first)

    @property
    def courses(self) -> int:
        return len(self.seats)

    @property
    def cases(self) -> int:
        return len(self.names.case)


def usable_options(instance: Instance) -> Ints:
    """Options some plan could use: not forbidden, beside no pin of the same candidate, with room.

    The pins themselves always stay, so that a clash shows as infeasible.
    """
    usable = instance.allowed() & (instance.slots[instance.vacancy] > 0)
    if instance.courses:
        dead = (instance.min_cohort > instance.seats) | (instance.seats == 0)
        dead |= instance.cost * np.maximum(1, instance.min_cohort) > instance.budget
        usable &= (instance.course < 0) | ~dead[instance.course]
    if not instance.case_limit:
        usable &= instance.case[instance.candidate] < 0
    held = np.zeros(instance.candidates, bool)
    held[instance.pinned[:, 0]] = True
    pins = instance.find_options(instance.pinned)
    usable &= ~held[instance.candidate]
    usable[pins[pins >= 0]] = True
    return np.flatnonzero(usable)


def split_options(instance: Instance, options: Ints, *, coupled: bool) -> list[Ints]:
    """The options of each connected part; `coupled` keeps all paid courses in one part."""
    if not len(options):
        return []
    n, v, e = instance.candidates, instance.vacancies, instance.employers
    candidate, vacancy = instance.candidate[options], instance.vacancy[options]
    course = instance.course[options]
    taught = course >= 0
    links = [
        (candidate, n + vacancy),
        (n + np.arange(v), n + v + instance.employer),
        (candidate[taught], n + v + e + course[taught]),
    ]
    if coupled:
        paid = taught & (instance.cost[course] > 0)
        links.append((candidate[paid], np.full(paid.sum(), n + v + e + instance.courses)))
    rows, columns = (np.concatenate(side) for side in zip(*links, strict=True))
    size = n + v + e + instance.courses + 1
    graph = coo_array((np.ones(len(rows), np.int8), (rows, columns)), shape=(size, size))
    label = connected_components(graph, directed=False)[1][candidate]
    order = np.argsort(label, kind="stable")
    cuts = np.flatnonzero(np.diff(label[order])) + 1
    return sorted((options[piece] for piece in np.split(order, cuts)), key=lambda o: int(o[0]))


def make_part(instance: Instance, tiers: Sequence[Tier], options: Ints, *, coupled: bool) -> Part:
    """The sub-problem of these options (sorted positions in the instance)."""
    candidates, candidate, first = _renumber(instance.candidate[options])
    vacancies, vacancy, _ = _renumber(instance.vacancy[options])
    courses, course, _ = _renumber(instance.course[options], absent=-1)
    employer = instance.employer[instance.vacancy[options]]
    quota_of = np.where(instance.min_fill[employer] > 0, employer, -1)
    quotas, quota, _ = _renumber(quota_of, absent=-1)
    fill = instance.min_fill[quotas]
    steps = np.repeat(np.arange(len(fill)), fill)
    step_size = np.arange(len(steps)) - np.repeat(np.cumsum(fill) - fill, fill) + 1
    cases, case = _case_rows(instance, options, employer)
    return Part(
        option=options,
        candidate=candidate,
        vacancy=vacancy,
        course=course,
        case=case,
        quota=quota,
        first=first,
        pinned=np.flatnonzero(np.isin(candidates, instance.pinned[:, 0])),
        slots=instance.slots[vacancies],
        seats=instance.seats[courses],
        min_cohort=instance.min_cohort[courses],
        cost=instance.cost[courses],
        case_limit=instance.case_limit,
        fill=fill,
        step_quota=steps,
        step_size=step_size,
        gains=_table([_option_gains(tier, options) for tier in tiers], len(options)),
        step_gains=_table([_step_gains(tier, step_size) for tier in tiers], len(steps)),
        budget=instance.budget if coupled and (instance.cost[courses] > 0).any() else None,
        names=Names(options, candidates, vacancies, courses, cases, quotas),
    )


def _renumber(ids: Ints, absent: int | None = None) -> tuple[Ints, Ints, Ints]:
    known, first, inverse = np.unique(ids, return_index=True, return_inverse=True)
    inverse = inverse.astype(np.int64)
    if absent is not None and len(known) and known[0] == absent:
        return known[1:], inverse - 1, first[1:]
    return known, inverse, first


def _case_rows(instance: Instance, options: Ints, employer: Ints) -> tuple[Ints, Ints]:
    """Rows (group, employer) that more candidates could reach than the limit allows."""
    group = instance.case[instance.candidate[options]]
    case = np.full(len(options), -1, np.int64)
    grouped = np.flatnonzero(group >= 0)
    key = group[grouped] * instance.employers + employer[grouped]
    keys, row = np.unique(key, return_inverse=True)
    people = np.unique(row * instance.candidates + instance.candidate[options][grouped])
    reach = np.bincount(people // instance.candidates, minlength=len(keys))
    crowded = reach > instance.case_limit
    case[grouped] = np.where(crowded, np.cumsum(crowded) - 1, -1)[row]
    kept = keys[crowded]
    return np.stack([kept // instance.employers, kept % instance.employers], axis=1), case


def _table(rows: Sequence[Ints], width: int) -> Ints:
    return np.array(rows, np.int64).reshape(len(rows), width)


def _option_gains(tier: Tier, options: Ints) -> Ints:
    if isinstance(tier, OptionTier):
        return tier.weight[options]
    return np.zeros(len(options), np.int64)


def _step_gains(tier: Tier, step_size: Ints) -> Ints:
    if isinstance(tier, OptionTier):
        return np.zeros(len(step_size), np.int64)
    return -step_size if tier.convex else -np.ones(len(step_size), np.int64)
