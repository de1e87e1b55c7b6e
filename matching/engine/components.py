"""Cut an instance into parts that share no candidate, vacancy, employer or course."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching.engine.instance import Instance, Ints
from matching.engine.objective import OptionTier, Tier


@dataclass(frozen=True, eq=False)
class Names:
    """What the numbers of a part are called in the instance; a `case` row is (group, house), a
    `pair` row (candidate, course)."""

    option: Ints
    candidate: Ints
    vacancy: Ints
    course: Ints
    case: Ints
    quota: Ints
    pair: Ints


@dataclass(frozen=True, eq=False, kw_only=True)
class Part:
    """One independent sub-problem, everything numbered from 0 inside the part.

    Per option: `option` (its position in the instance), `candidate`, `vacancy`, and `course`,
    `case` (a group at a house that could exceed the limit), `quota` (an employer with
    places to fill) and `pair` (a candidate on a course that needs a cohort of two or more; whose
    course `pair_course` tells), each -1 where there is none. `first` is where each candidate's options begin.
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
    pair: Ints
    pair_course: Ints
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

    @cached_property
    def taught(self) -> Ints:
        """The options by way of a course."""
        return np.flatnonzero(self.course >= 0)

    @cached_property
    def paired(self) -> Ints:
        """The options by way of a course that needs a cohort."""
        return np.flatnonzero(self.pair >= 0)

    @cached_property
    def grouped(self) -> Ints:
        """The options that count towards a case's limit."""
        return np.flatnonzero(self.case >= 0)

    @cached_property
    def quota_of(self) -> Ints:
        """Per vacancy the quota it fills, -1 if none."""
        quota = np.empty(len(self.slots), np.int64)
        quota[self.vacancy] = self.quota
        return quota


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
        usable &= (instance.case[instance.candidate] < 0) | (
            instance.house_of[instance.vacancy] < 0
        )
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
    label = _label_employers(instance, options, coupled=coupled)[instance.employer]
    label = label[instance.vacancy[options]]
    if not (label != label[0]).any():
        return [options]
    order = group(label)
    cuts = np.flatnonzero(np.diff(label[order])) + 1
    return sorted((options[piece] for piece in np.split(order, cuts)), key=lambda o: int(o[0]))


def _label_employers(instance: Instance, options: Ints, *, coupled: bool) -> Ints:
    """Per employer the number of its part: linked are the employers and courses that follow each
    other among the options of one candidate."""
    firms, course = instance.employers, instance.course[options]
    nodes = firms + instance.courses + 1
    firm = instance.employer[instance.vacancy[options]]
    person = instance.candidate[options]
    same = person[1:] == person[:-1]
    links = [firm[:-1][same] * nodes + firm[1:][same]]
    taught = np.flatnonzero(course >= 0)
    links.append(firm[taught] * nodes + firms + course[taught])
    if instance.shares_houses:
        links.append(_link_books(instance, options, firm, nodes))
    if coupled:
        paid = np.flatnonzero(instance.cost > 0)
        links.append((firms + paid) * nodes + nodes - 1)
    rows, columns = np.divmod(_distinct(np.concatenate(links), nodes * nodes), nodes)
    graph = coo_array((np.ones(len(rows), np.int8), (rows, columns)), shape=(nodes, nodes))
    return np.asarray(connected_components(graph, directed=False)[1])


def _link_books(instance: Instance, options: Ints, firm: Ints, nodes: int) -> Ints:
    """Links of the employers at which one case meets in one house."""
    key = _meetings(instance, options)
    order = np.argsort(key, kind="stable")
    met = (np.diff(key[order]) == 0) & (key[order][1:] >= 0)
    firm = firm[order]
    links: Ints = firm[:-1][met] * nodes + firm[1:][met]
    return links


def _meetings(instance: Instance, options: Ints) -> Ints:
    """Per option a number for (group, house); -1 where no case counts."""
    group = instance.case[instance.candidate[options]]
    house = instance.house_of[instance.vacancy[options]]
    return np.where((group >= 0) & (house >= 0), group * instance.employers + house, -1)


def _distinct(keys: Ints, limit: int) -> Ints:
    """The keys below `limit` that occur, in order; by flags where there is room for them."""
    if limit > 4 * len(keys) + 2**20:
        return np.unique(keys)
    known = np.zeros(limit, bool)
    known[keys] = True
    return np.flatnonzero(known)


def group(labels: Ints) -> Ints:
    """A stable order by label: below 2**16 a radix sort, many times faster."""
    narrow = labels.astype(np.uint16) if labels.max(initial=0) < 2**16 else labels
    return np.argsort(narrow, kind="stable")


def make_part(instance: Instance, tiers: Sequence[Tier], options: Ints, *, coupled: bool) -> Part:
    """The sub-problem of these options (sorted positions in the instance)."""
    candidates, candidate = _renumber(instance.candidate[options])
    vacancies, vacancy = _renumber(instance.vacancy[options])
    courses, course = _renumber(instance.course[options])
    employer = instance.employer[instance.vacancy[options]]
    quotas, quota = _renumber(
        np.where(instance.min_fill > 0, np.arange(instance.employers), -1)[employer]
    )
    fill = instance.min_fill[quotas]
    steps = np.repeat(np.arange(len(fill)), fill)
    step_size = np.arange(len(steps)) - np.repeat(np.cumsum(fill) - fill, fill) + 1
    cases, case = _case_rows(instance, options)
    pairs, pair = _pair_rows(candidate, course, instance.min_cohort[courses])
    return Part(
        option=options,
        candidate=candidate,
        vacancy=vacancy,
        course=course,
        case=case,
        quota=quota,
        pair=pair,
        pair_course=pairs[:, 1],
        first=np.flatnonzero(np.diff(candidate, prepend=-1)),
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
        names=Names(
            *(options, candidates, vacancies, courses, cases, quotas),
            np.stack([candidates[pairs[:, 0]], courses[pairs[:, 1]]], axis=1),
        ),
    )


def _renumber(ids: Ints) -> tuple[Ints, Ints]:
    """The ids that occur, in order, and per entry its place among them; -1 stays -1."""
    known = np.zeros(ids.max(initial=-1) + 2, bool)
    known[ids] = True
    known[-1] = False
    place = np.cumsum(known) - 1
    place[-1] = -1
    return np.flatnonzero(known), place[ids]


def _case_rows(instance: Instance, options: Ints) -> tuple[Ints, Ints]:
    """Rows (group, house) that more candidates could reach than the limit allows."""
    meeting = _meetings(instance, options)
    case = np.full(len(options), -1, np.int64)
    grouped = np.flatnonzero(meeting >= 0)
    keys, row = np.unique(meeting[grouped], return_inverse=True)
    people = np.unique(row * instance.candidates + instance.candidate[options][grouped])
    reach = np.bincount(people // instance.candidates, minlength=len(keys))
    crowded = reach > instance.case_limit
    case[grouped] = np.where(crowded, np.cumsum(crowded) - 1, -1)[row]
    kept = keys[crowded]
    return np.stack([kept // instance.employers, kept % instance.employers], axis=1), case


def _pair_rows(candidate: Ints, course: Ints, min_cohort: Ints) -> tuple[Ints, Ints]:
    """Rows (candidate, course) of the courses that need two or more, and per option its row."""
    pair = np.full(len(course), -1, np.int64)
    needed = np.append(min_cohort >= 2, False)
    paired = np.flatnonzero(needed[course])
    key = candidate[paired] * len(needed) + course[paired]
    keys, pair[paired] = np.unique(key, return_inverse=True)
    return np.stack(np.divmod(keys, len(needed)), axis=1), pair


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
