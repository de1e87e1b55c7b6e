"""Answers for many pairs at once: pairs that agree in all a question reads are asked once.

Tens of thousands of people by thousands of jobs are few kinds of people by few kinds of jobs,
when a question reads only their licences, or only hours and shifts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.ground import Ground
from matching.engine.instance import Ints
from matching.engine.problem import Candidate, Problem, Vacancy
from matching.engine.trades import Pairs, Trades

_LARGEST_TABLE = 2**25  # cells; a larger table of kinds is sorted instead of filled
_ASKED_AHEAD = 2**16  # kinds of pairs; so many are all asked before any pair is looked at

Question = Callable[[Candidate, Vacancy, Ground], Any]


@dataclass(frozen=True, eq=False)
class _Kinds:
    """Each record's kind, and for each kind the first record of it."""

    of: Ints
    first: Ints


@dataclass(frozen=True, eq=False)
class _Table:
    """A question by kinds: which kind each person and each job is, whether the kinds are barred from
    each other, and whether the person is barred from any job. Most rules bar few people."""

    person: Ints
    job: Ints
    bars: NDArray[np.bool_]
    strikes: NDArray[np.bool_]


class Facets:
    """One problem's people and jobs, by kind."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.ground = Ground(problem)
        self._kinds: dict[tuple[str, tuple[str, ...]], _Kinds] = {}
        self._tables: dict[Question, _Table | None] = {}

    @cached_property
    def trades(self) -> Trades:
        """Professions chosen beside those offered."""
        return Trades(self.problem, self.ground)

    def ask(
        self, question: Question, pairs: Pairs, *, person: tuple[str, ...], job: tuple[str, ...]
    ) -> tuple[list[Any], Ints]:
        """Answers, and for each pair (candidate, vacancy) which answer is its own. `person` and `job`
        name the fields that the question reads."""
        people, jobs = self._sort("person", person), self._sort("job", job)
        width = max(1, len(jobs.first))
        kinds, answer_of = _distinct(
            people.of[pairs[0]] * width + jobs.of[pairs[1]], len(people.first) * width
        )
        answers = [
            question(
                self.problem.candidates[people.first[kind // width]],
                self.problem.vacancies[jobs.first[kind % width]],
                self.ground,
            )
            for kind in kinds.tolist()
        ]
        return answers, answer_of

    def bars(
        self, question: Question, pairs: Pairs, *, person: tuple[str, ...], job: tuple[str, ...]
    ) -> NDArray[np.bool_]:
        """Per pair whether the question has an answer other than None."""
        if question not in self._tables:
            self._tables[question] = self._tabulate(question, person, job)
        table = self._tables[question]
        if table is None:
            answers, answer_of = self.ask(question, pairs, person=person, job=job)
            return _flags(answers)[answer_of]
        barred = np.zeros(len(pairs[0]), bool)
        own = np.flatnonzero(table.strikes[pairs[0]])
        barred[own] = table.bars[table.person[pairs[0][own]], table.job[pairs[1][own]]]
        return barred

    def _tabulate(
        self, question: Question, person: tuple[str, ...], job: tuple[str, ...]
    ) -> "_Table | None":
        """Every kind of pair asked at once; None where that would be many."""
        people, jobs = self._sort("person", person), self._sort("job", job)
        shape = len(people.first), len(jobs.first)
        if shape[0] * shape[1] > _ASKED_AHEAD:
            return None
        every = (np.repeat(people.first, shape[1]), np.tile(jobs.first, shape[0]))
        answers, _ = self.ask(question, every, person=person, job=job)
        bars = _flags(answers).reshape(shape)
        return _Table(people.of, jobs.of, bars, np.asarray(bars.any(axis=1))[people.of])

    def count(
        self, question: Question, pairs: Pairs, *, person: tuple[str, ...], job: tuple[str, ...]
    ) -> Ints:
        """Per pair the whole number answered."""
        answers, answer_of = self.ask(question, pairs, person=person, job=job)
        return np.array(answers, np.int64)[answer_of]

    def _sort(self, side: str, names: tuple[str, ...]) -> _Kinds:
        if (side, names) not in self._kinds:
            records = self.problem.candidates if side == "person" else self.problem.vacancies
            if len(names) == 1:
                found = _sort_by(records, names[0])
            else:
                found = _combine([self._sort(side, (name,)) for name in names], len(records))
            self._kinds[side, names] = found
        return self._kinds[side, names]


def _flags(answers: Sequence[Any]) -> NDArray[np.bool_]:
    return np.array([answer is not None for answer in answers], bool)


def _distinct(cells: Ints, size: int) -> tuple[Ints, Ints]:
    """The distinct cells of a table in order, and for each cell which of them it is."""
    if size > _LARGEST_TABLE:
        kinds, answer_of = np.unique(cells, return_inverse=True)
        return kinds, answer_of
    occurs = np.zeros(size, bool)
    occurs[cells] = True
    return np.flatnonzero(occurs), (np.cumsum(occurs, dtype=np.int64) - 1)[cells]


def _sort_by(records: Sequence[Any], name: str) -> _Kinds:
    values = list(map(attrgetter(name), records))
    number = {value: at for at, value in enumerate(dict.fromkeys(values))}
    return _first_of(np.fromiter(map(number.__getitem__, values), np.int64, len(values)))


def _combine(kinds: Sequence[_Kinds], records: int) -> _Kinds:
    """The kinds of records that are alike in several ways at once."""
    of = np.zeros(records, np.int64)
    for one in kinds:
        of = _first_of(of * max(1, len(one.first)) + one.of).of
    return _first_of(of)


def _first_of(of: Ints) -> _Kinds:
    _, first, kind = np.unique(of, return_index=True, return_inverse=True)
    return _Kinds(kind.astype(np.int64), first.astype(np.int64))
