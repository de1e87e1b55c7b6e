"""Invented instances of four sizes, from a seed: the same seed gives the same instance.

The people and jobs are drawn region by region; which options exist and what they score follows the
rules of the open format: same region, within the way to work, pay wanted, restrictions and shifts,
and a profession that fits directly or by a course.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.instance import Instance, Ints, make_instance

_FAMILY = 8  # professions of one family follow each other; the last three are licensed
_LICENSED = 5
_RANK_WORTH = np.array([1.0, 0.7, 0.4])
_COURSE_WORTH = 0.8
_SIDE_KM = 60.0


@dataclass(frozen=True)
class Size:
    """How much there is of everything; `professions` is per region."""

    candidates: int
    vacancies: int
    slots: int
    employers: int
    courses: int
    regions: int
    professions: int


SIZES = {
    "tiny": Size(40, 12, 20, 5, 4, 1, 8),
    "today": Size(205, 45, 120, 30, 4, 1, 16),
    "full": Size(2_500, 300, 900, 100, 21, 1, 24),
    "country": Size(40_000, 5_000, 20_000, 1_700, 331, 17, 24),
}


@dataclass(frozen=True, eq=False)
class _People:
    """Candidates of one region; `professions` has three columns, -1 for a choice not made."""

    place: NDArray[np.float64]
    professions: Ints
    wage: Ints
    restrictions: Ints
    shifts: Ints
    retrain: Ints
    commute: Ints
    case: Ints


@dataclass(frozen=True, eq=False)
class _Jobs:
    """Vacancies of one region; employers and courses are numbered inside it."""

    employer: Ints
    place: NDArray[np.float64]
    profession: Ints
    wage: Ints
    slots: Ints
    conflicts: Ints
    shifts: Ints


def generate(size: str, seed: int) -> Instance:
    """An instance of a size of `SIZES`, with every constraint of the format in play."""
    return generate_size(SIZES[size], seed)


def generate_size(size: Size, seed: int) -> Instance:
    """The same for a size of one's own."""
    draw = np.random.default_rng([seed, size.candidates])
    return _join(draw, [_region(draw, share) for share in _share(draw, size)])


def without_side_rows(instance: Instance) -> Instance:
    """Only direct options, slots and candidates: the pure assignment problem."""
    direct = instance.course < 0
    rows = (instance.candidate, instance.vacancy, instance.course, instance.score)
    candidate, vacancy, course, score = (column[direct] for column in rows)
    return make_instance(
        options=(candidate, vacancy, course, score),
        vacancies=(instance.employer, instance.slots),
        min_fill=np.zeros_like(instance.min_fill),
        case=np.full_like(instance.case, -1),
    )


def with_contested_quotas(instance: Instance, seed: int, times: int = 3) -> Instance:
    """The same instance, and in it quotas that cost placements: all money is needed either for one
    person's dear course to a place owed, or for two people's courses to other places."""
    draw = np.random.default_rng([seed, times])
    n, v, e, k = instance.candidates, instance.vacancies, instance.employers, instance.courses
    turn = np.arange(times)
    first, second = n + 2 * turn, n + 2 * turn + 1
    owed, plain = v + 2 * turn, v + 2 * turn + 1
    dear, cheap = k + 2 * turn, k + 2 * turn + 1
    near = draw.integers(0, v, times)  # a place of the others that the second could also take
    rows = [
        (instance.candidate, instance.vacancy, instance.course, instance.score),
        (first, owed, dear, draw.integers(1, 1001, times)),
        (first, plain, cheap, draw.integers(1, 1001, times)),
        (second, plain, cheap, draw.integers(1, 1001, times)),
        (second, near, np.full(times, -1), draw.integers(1, 1001, times)),
    ]
    person, place, way, score = (np.concatenate(column) for column in zip(*rows, strict=True))
    return make_instance(
        options=(person, place, way, score),
        vacancies=(
            np.append(instance.employer, e + np.arange(2 * times)),
            np.append(instance.slots, np.tile([1, 2], times)),
        ),
        min_fill=np.append(instance.min_fill, np.tile([1, 0], times)),
        courses=(
            np.append(instance.seats, np.tile([1, 2], times)),
            np.append(instance.min_cohort, np.ones(2 * times, np.int64)),
            np.append(np.zeros(k, np.int64), np.tile([2, 1], times)),
        ),
        case=np.append(instance.case, np.full(2 * times, -1)),
        case_limit=instance.case_limit,
        budget=2 * times,
        pinned=instance.pinned.tolist(),
        forbidden=instance.forbidden.tolist(),
    )


def _share(draw: np.random.Generator, size: Size) -> list[Size]:
    """Divide a size over its regions, unevenly."""
    weight = draw.uniform(0.7, 1.3, size.regions)

    def cut(total: int) -> list[int]:
        edges = np.rint(np.cumsum(weight) / weight.sum() * total).astype(int)
        return [max(1, int(n)) for n in np.diff(edges, prepend=0)]

    columns = (size.candidates, size.vacancies, size.slots, size.employers, size.courses)
    rows = zip(*(cut(total) for total in columns), strict=True)
    return [Size(n, v, max(s, v), min(e, v), k, 1, size.professions) for n, v, s, e, k in rows]


@dataclass(frozen=True, eq=False)
class _Region:
    """One region's draw: its people, jobs, quotas, courses and options."""

    people: _People
    jobs: _Jobs
    min_fill: Ints
    courses: tuple[Ints, Ints, Ints]
    options: tuple[Ints, Ints, Ints, Ints]


def _region(draw: np.random.Generator, size: Size) -> _Region:
    popular = draw.dirichlet(np.full(size.professions, 0.8), 2)
    people = _draw_people(draw, size, popular[0])
    jobs = _draw_jobs(draw, size, popular[1])
    taught = draw.permutation(size.professions)[: min(size.courses, size.professions)]
    seats = (
        draw.integers(3, 7, len(taught))
        if size.candidates < 500
        else draw.integers(8, 21, len(taught))
    )
    cohort = np.maximum(2, (seats * draw.uniform(0.4, 0.8, len(taught))).astype(np.int64))
    cost = draw.integers(40, 121, len(taught))
    quota = draw.random(size.employers) < 0.35
    offered = np.bincount(jobs.employer, jobs.slots, size.employers).astype(np.int64)
    min_fill = np.where(quota, np.ceil(offered * 0.4), 0).astype(np.int64)
    return _Region(people, jobs, min_fill, (seats, cohort, cost), _options(people, jobs, taught))


def _draw_people(draw: np.random.Generator, size: Size, popular: NDArray[np.float64]) -> _People:
    n = size.candidates
    professions = np.full((n, 3), -1, np.int64)
    wanted = draw.integers(1, 4, n)
    for rank in range(3):
        pick = draw.choice(size.professions, n, p=popular)
        again = (professions == pick[:, None]).any(axis=1)
        professions[:, rank] = np.where((wanted > rank) & ~again, pick, -1)
    case = np.full(n, -1, np.int64)
    grouped = np.flatnonzero(draw.random(n) < 0.12)
    case[grouped] = draw.integers(0, max(1, len(grouped) // 4), len(grouped))
    return _People(
        place=_places(draw, n),
        professions=professions,
        wage=np.maximum(60, draw.lognormal(5.0, 0.25, n)).astype(np.int64),
        restrictions=_masks(draw, n, 0.1),
        shifts=draw.choice([7, 3, 1], n, p=[0.5, 0.25, 0.25]),
        retrain=np.where(draw.random(n) < 0.3, draw.integers(0, size.professions, n), -1),
        commute=draw.choice([20, 30, 45, 60], n, p=[0.2, 0.3, 0.3, 0.2]),
        case=case,
    )


def _draw_jobs(draw: np.random.Generator, size: Size, popular: NDArray[np.float64]) -> _Jobs:
    n = size.vacancies
    employer = np.concatenate(
        [np.arange(size.employers), draw.integers(0, size.employers, n - size.employers)]
    )
    weight = draw.lognormal(0.0, 0.7, n)
    extra = draw.multinomial(size.slots - n, weight / weight.sum())
    return _Jobs(
        employer=np.sort(employer),
        place=_places(draw, size.employers)[np.sort(employer)],
        profession=draw.choice(size.professions, n, p=popular),
        wage=np.maximum(80, draw.lognormal(5.3, 0.3, n)).astype(np.int64),
        slots=1 + extra,
        conflicts=_masks(draw, n, 0.06),
        shifts=draw.choice([1, 7, 4, 2, 3], n, p=[0.4, 0.2, 0.14, 0.13, 0.13]),
    )


def _places(draw: np.random.Generator, n: int) -> NDArray[np.float64]:
    return np.clip(draw.normal(_SIDE_KM / 2, 12.5, (n, 2)), 0, _SIDE_KM)


def _masks(draw: np.random.Generator, n: int, chance: float) -> Ints:
    return (draw.random((n, 6)) < chance) @ (1 << np.arange(6))


def _options(people: _People, jobs: _Jobs, taught: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """The options of a region and their scores, by the rules of the format."""
    away = np.hypot(*(people.place[:, None, axis] - jobs.place[None, :, axis] for axis in (0, 1)))
    open_to = (away <= people.commute[:, None]) & (jobs.wage >= people.wage[:, None])
    open_to &= (people.restrictions[:, None] & jobs.conflicts) == 0
    open_to &= (people.shifts[:, None] & jobs.shifts) != 0
    rank, likeness = _best_rank(people.professions, jobs.profession)
    course_of = np.full(int(max(jobs.profession.max(), people.retrain.max(), 0)) + 1, -1)
    known = taught < len(course_of)
    course_of[taught[known]] = np.flatnonzero(known)
    course = np.where(people.retrain >= 0, course_of[people.retrain], -1)
    by_course = (rank < 0) & (course >= 0)[:, None] & (people.retrain[:, None] == jobs.profession)
    person, job = np.nonzero(open_to & ((rank >= 0) | by_course))
    direct = rank[person, job] >= 0
    worth = np.where(direct, _RANK_WORTH[rank[person, job]], _COURSE_WORTH)
    pay = np.minimum(1, (jobs.wage[job] - people.wage[person]) / people.wage[person])
    near = 1 - away[person, job] / people.commute[person]
    like = np.where(direct, likeness[person, job], 100)
    score = np.rint(500 * worth + 200 * pay + 200 * near + like).astype(np.int64)
    return person, job, np.where(direct, -1, course[person]), np.clip(score, 1, 1000)


def _best_rank(wanted: Ints, offered: Ints) -> tuple[Ints, Ints]:
    """Per pair the rank of the first profession that fits (-1 none) and how alike it is."""
    rank = np.full((len(wanted), len(offered)), -1, np.int64)
    likeness = np.zeros_like(rank)
    for place in (2, 1, 0):
        own = wanted[:, place][:, None]
        near = (own // _FAMILY == offered // _FAMILY) & (np.abs(own - offered) <= 2)
        free = (own % _FAMILY < _LICENSED) & (offered % _FAMILY < _LICENSED)
        alike = np.where(own == offered, 100, np.where(near & free, 80, 0)) * (own >= 0)
        rank = np.where(alike > 0, place, rank)
        likeness = np.where(alike > 0, alike, likeness)
    return rank, likeness


def _join(draw: np.random.Generator, regions: list[_Region]) -> Instance:
    """The regions as one instance, with the budget, the case limit, pins and forbidden pairs."""
    before = np.cumsum([(0, 0, 0, 0, 0), *map(_counts, regions)], axis=0)[:-1].tolist()
    columns: list[list[Ints]] = [[], [], [], []]
    employers, cases = [], []
    for region, (people, jobs, firms, courses, groups) in zip(regions, before, strict=True):
        person, job, course, score = region.options
        shifted = (person + people, job + jobs, np.where(course < 0, -1, course + courses), score)
        for column, values in zip(columns, shifted, strict=True):
            column.append(values)
        employers.append(region.jobs.employer + firms)
        cases.append(np.where(region.people.case < 0, -1, region.people.case + groups))
    options = [np.concatenate(column) for column in columns]
    seats, cohort, cost = (
        np.concatenate(c) for c in zip(*(r.courses for r in regions), strict=True)
    )
    slots = np.concatenate([region.jobs.slots for region in regions])
    pinned, forbidden = _draw_locks(draw, options, len(regions))
    return make_instance(
        options=(options[0], options[1], options[2], options[3]),
        vacancies=(np.concatenate(employers), slots),
        min_fill=np.concatenate([region.min_fill for region in regions]),
        courses=(seats, cohort, cost),
        case=np.concatenate(cases),
        budget=int((seats * cost).sum() * 0.6),
        case_limit=1,
        pinned=pinned,
        forbidden=forbidden,
    )


def _counts(region: _Region) -> tuple[int, int, int, int, int]:
    people, jobs = region.people, region.jobs
    groups = int(people.case.max(initial=-1)) + 1
    return len(people.wage), len(jobs.slots), len(region.min_fill), len(region.courses[0]), groups


def _draw_locks(
    draw: np.random.Generator, options: list[Ints], regions: int
) -> tuple[list[list[int]], list[list[int]]]:
    """Two direct options a region pinned, of different candidates and vacancies, three pairs barred."""
    direct = draw.permutation(np.flatnonzero(options[2] < 0))[: 5 * regions]
    rows = [[int(column[o]) for column in options[:3]] for o in direct]
    pinned: list[list[int]] = []
    for row in rows[: 2 * regions]:
        if all(row[0] != pin[0] and row[1] != pin[1] for pin in pinned):
            pinned.append(row)
    kept = {(row[0], row[1]) for row in pinned}
    barred = [row[:2] for row in rows[2 * regions :] if (row[0], row[1]) not in kept]
    return pinned, barred
