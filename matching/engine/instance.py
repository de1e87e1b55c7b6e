"""The assignment problem as arrays: what the solver reads and nothing else.

An *option* is one admissible choice: this candidate at this vacancy, directly or by way of a
course. An `Instance` lists the options in canonical order, sorted by (candidate, vacancy,
course), with the capacities around them. Every id is a position counted from 0; whoever builds an
instance gives out positions in the order of stable ids, so that the order in which rows were read
can never change a plan.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]
NO_COURSE = -1
ALONE = -1
NOWHERE = -1
_LARGEST = 10**9


class InstanceError(ValueError):
    """Bad input: `path` says where (such as `edges.score[17]`), `problem` says what is wrong."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem


@dataclass(frozen=True, eq=False, kw_only=True)
class Instance:
    """One assignment problem. Build it with `make_instance`, which checks and sorts.

    Per option (all of one length): `candidate`, `vacancy`, `course` (-1 = hired directly) and
    `score` (whole points). Per vacancy: `employer`, `slots`. Per employer: `min_fill`, the places
    its quota asks to be filled, and `house`: several books of one employer are of one house (-1: where
    no case counts). Per course: `seats`, `min_cohort` (a course that is used has at
    least so many participants), `cost` of one participant. Per candidate: `case`, the group of
    whom at most `case_limit` may go to one house (-1 = in no group). `budget` bounds the sum of
    course costs. `pinned` rows (candidate, vacancy, course) must be in the plan; of `forbidden`
    pairs (candidate, vacancy) no option may be used.
    """

    candidate: Ints
    vacancy: Ints
    course: Ints
    score: Ints
    employer: Ints
    slots: Ints
    min_fill: Ints
    house: Ints
    seats: Ints
    min_cohort: Ints
    cost: Ints
    case: Ints
    budget: int
    case_limit: int
    pinned: Ints
    forbidden: Ints

    @property
    def options(self) -> int:
        return len(self.candidate)

    @property
    def candidates(self) -> int:
        return len(self.case)

    @property
    def vacancies(self) -> int:
        return len(self.slots)

    @property
    def employers(self) -> int:
        return len(self.min_fill)

    @property
    def courses(self) -> int:
        return len(self.seats)

    @cached_property
    def house_of(self) -> Ints:
        """Per vacancy the house of its employer."""
        return self.house[self.employer]

    @cached_property
    def shares_houses(self) -> bool:
        return bool((self.house != np.arange(self.employers)).any())

    def find_options(self, rows: Ints) -> Ints:
        """Positions of the options with these (candidate, vacancy, course) rows; -1 if absent."""
        mine = self._keys(self.candidate, self.vacancy, self.course)
        wanted = self._keys(rows[:, 0], rows[:, 1], rows[:, 2])
        if not len(mine):
            return np.full(len(wanted), -1, np.int64)
        at = np.searchsorted(mine, wanted).clip(max=len(mine) - 1)
        return np.where(mine[at] == wanted, at, -1)

    def allowed(self) -> NDArray[np.bool_]:
        """Per option: its pair is not forbidden."""
        allowed = np.ones(self.options, bool)
        for candidate, vacancy in self.forbidden.tolist():
            first, last = np.searchsorted(self.candidate, (candidate, candidate + 1))
            allowed[first:last] &= self.vacancy[first:last] != vacancy
        return allowed

    def choices(self, chosen: Ints) -> list[tuple[int, int, int]]:
        """The (candidate, vacancy, course) rows of these options, in canonical order."""
        rows = np.stack([self.candidate, self.vacancy, self.course], axis=1)[np.sort(chosen)]
        return [(int(c), int(v), int(k)) for c, v, k in rows.tolist()]

    def _keys(self, candidate: Ints, vacancy: Ints, course: Ints) -> Ints:
        return (candidate * self.vacancies + vacancy) * (self.courses + 1) + course + 1


def make_instance(
    *,
    options: tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike],
    vacancies: tuple[ArrayLike, ArrayLike],
    min_fill: ArrayLike,
    house: ArrayLike | None = None,
    courses: tuple[ArrayLike, ArrayLike, ArrayLike] = ((), (), ()),
    case: ArrayLike,
    budget: int = 0,
    case_limit: int = 1,
    pinned: Sequence[Sequence[int]] = (),
    forbidden: Sequence[Sequence[int]] = (),
) -> Instance:
    """A checked instance in canonical order.

    `options` is (candidate, vacancy, course, score), `vacancies` is (employer, slots), `courses`
    is (seats, min_cohort, cost); see `Instance` for their meaning and units. Without `house` each
    employer is one of its own. Options may come in any order but not twice.

    Raises `InstanceError` naming the first bad entry by its place in the open format.
    """
    candidate, vacancy, course, score = _columns(
        options, "edges", ("cand", "vac", "course", "score")
    )
    employer, slots = _columns(vacancies, "vacancies", ("employer", "slots"))
    seats, min_cohort, cost = _columns(courses, "courses", ("seats", "min_cohort", "cost"))
    asked = _column(min_fill, "employers.min_fill")
    order = np.lexsort((course, vacancy, candidate))
    pins, barred = _rows(pinned, "side.pinned", 3), _rows(forbidden, "side.forbidden", 2)
    instance = Instance(
        candidate=candidate[order],
        vacancy=vacancy[order],
        course=course[order],
        score=score[order],
        employer=employer,
        slots=slots,
        min_fill=asked,
        house=np.arange(len(asked)) if house is None else _column(house, "employers.house"),
        seats=seats,
        min_cohort=min_cohort,
        cost=cost,
        case=_column(case, "candidates.case"),
        budget=_whole(budget, "side.budget"),
        case_limit=_whole(case_limit, "side.case_limit"),
        pinned=_in_order(pins),
        forbidden=_in_order(barred),
    )
    _check_ranges(instance, order, pins, barred)
    for field in fields(instance):
        held = getattr(instance, field.name)
        if isinstance(held, np.ndarray):
            held.flags.writeable = False
    return instance


def _columns(given: Sequence[ArrayLike], section: str, names: Sequence[str]) -> list[Ints]:
    columns = [_column(a, f"{section}.{name}") for a, name in zip(given, names, strict=True)]
    for column, name in zip(columns, names, strict=True):
        if len(column) != len(columns[0]):
            raise InstanceError(
                f"{section}.{name}", f"has {len(column)} entries, {names[0]} has {len(columns[0])}"
            )
    return columns


def _column(given: ArrayLike, path: str) -> Ints:
    if isinstance(given, np.ndarray) and given.dtype.kind in "iu" and given.ndim == 1:
        column = given.astype(np.int64)
    else:
        column = _column_of_list(given, path)
    for i in np.flatnonzero(np.abs(column) > _LARGEST)[:1]:
        raise InstanceError(f"{path}[{i}]", f"{column[i]} is beyond {_LARGEST}")
    return column


def _column_of_list(given: ArrayLike, path: str) -> Ints:
    given = given.tolist() if isinstance(given, np.ndarray) else given
    if not isinstance(given, list | tuple):
        raise InstanceError(path, "is not a list of whole numbers")
    if set(map(type, given)) - {int}:
        for i, value in enumerate(given):
            _whole(value, f"{path}[{i}]")
    try:
        return np.array(given, np.int64)
    except OverflowError:
        raise InstanceError(path, f"has a number beyond {_LARGEST}") from None


def _whole(value: object, path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise InstanceError(path, f"{value!r} is not a whole number")
    if not -(2**62) < value < 2**62:
        raise InstanceError(path, f"{value} is too large")
    return int(value)


def _rows(given: object, path: str, width: int) -> Ints:
    if not isinstance(given, list | tuple):
        raise InstanceError(path, "is not a list of rows")
    for i, row in enumerate(given):
        if not isinstance(row, list | tuple) or len(row) != width:
            raise InstanceError(f"{path}[{i}]", f"is not a row of {width} whole numbers")
        for j, value in enumerate(row):
            _whole(value, f"{path}[{i}][{j}]")
    return np.array(given, np.int64).reshape(-1, width)


def _in_order(rows: Ints) -> Ints:
    return np.unique(rows, axis=0)


def _check_ranges(instance: Instance, order: Ints, pins: Ints, barred: Ints) -> None:
    place = np.argsort(order)  # so that errors name the row as it was given
    n, v, k = instance.candidates, instance.vacancies, instance.courses
    for name, column, low, high in (
        ("edges.cand", instance.candidate[place], 0, n),
        ("edges.vac", instance.vacancy[place], 0, v),
        ("edges.course", instance.course[place], NO_COURSE, k),
        ("vacancies.employer", instance.employer, 0, instance.employers),
        ("vacancies.slots", instance.slots, 0, None),
        ("employers.min_fill", instance.min_fill, 0, None),
        ("employers.house", instance.house, NOWHERE, instance.employers),
        ("courses.seats", instance.seats, 0, None),
        ("courses.min_cohort", instance.min_cohort, 0, None),
        ("courses.cost", instance.cost, 0, None),
        ("candidates.case", instance.case, ALONE, None),
        ("side.pinned", pins[:, 0], 0, n),
        ("side.pinned", pins[:, 1], 0, v),
        ("side.pinned", pins[:, 2], NO_COURSE, k),
        ("side.forbidden", barred[:, 0], 0, n),
        ("side.forbidden", barred[:, 1], 0, v),
        ("side.budget", np.array([instance.budget]), 0, None),
        ("side.case_limit", np.array([instance.case_limit]), 0, None),
    ):
        _check_range(name, column, low, high)
    _check_unique(instance, order)


def _check_range(name: str, column: Ints, low: int, high: int | None) -> None:
    bad = (column < low) | (column >= high if high is not None else False)
    for i in np.flatnonzero(bad)[:1]:
        path = name if name in ("side.budget", "side.case_limit") else f"{name}[{i}]"
        reach = f"at least {low}" if high is None else f"from {low} to {high - 1}"
        raise InstanceError(path, f"{column[i]} is not {reach}")


def _check_unique(instance: Instance, order: Ints) -> None:
    same = (
        (np.diff(instance.candidate) == 0)
        & (np.diff(instance.vacancy) == 0)
        & (np.diff(instance.course) == 0)
    )
    for i in np.flatnonzero(same)[:1]:
        first, second = sorted((int(order[i]), int(order[i + 1])))
        raise InstanceError(f"edges.cand[{second}]", f"repeats the option at {first}")
