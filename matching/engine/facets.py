"""Answers for many pairs at once: pairs that agree in all a question reads are asked once.

Tens of thousands of people by thousands of jobs are few kinds of people by few kinds of jobs,
when a question reads only their licences, or only hours and shifts.
"""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.ground import Ground
from matching.engine.problem import Candidate, Problem, Vacancy

_LARGEST_TABLE = 2**25  # cells; a larger table of kinds is sorted instead of filled

Ints = NDArray[np.int64]
Question = Callable[[Candidate, Vacancy, Ground], Any]


class Facets:
    """One problem's people and jobs, by kind."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.ground = Ground(problem)
        self._kinds: dict[tuple[str, tuple[str, ...]], tuple[Ints, Ints]] = {}

    def ask(
        self,
        question: Question,
        pairs: tuple[Ints, Ints],
        *,
        person: tuple[str, ...],
        job: tuple[str, ...],
    ) -> tuple[list[Any], Ints]:
        """Answers, and for each pair (candidate, vacancy) which answer is its own. `person` and `job`
        name the fields that the question reads."""
        kind_of_person, people = self._kinds_of("person", person)
        kind_of_job, jobs = self._kinds_of("job", job)
        width = max(1, len(jobs))
        kinds, answer_of = _distinct(
            kind_of_person[pairs[0]] * width + kind_of_job[pairs[1]], len(people) * width
        )
        answers = [
            question(
                self.problem.candidates[people[kind // width]],
                self.problem.vacancies[jobs[kind % width]],
                self.ground,
            )
            for kind in kinds.tolist()
        ]
        return answers, answer_of

    def bars(self, question: Question, pairs: tuple[Ints, Ints], **reads: Any) -> NDArray[np.bool_]:
        """Per pair whether the question has an answer other than None."""
        answers, answer_of = self.ask(question, pairs, **reads)
        return np.array([answer is not None for answer in answers], bool)[answer_of]

    def count(self, question: Question, pairs: tuple[Ints, Ints], **reads: Any) -> Ints:
        """Per pair the whole number answered."""
        answers, answer_of = self.ask(question, pairs, **reads)
        return np.array(answers, np.int64)[answer_of]

    def _kinds_of(self, side: str, names: tuple[str, ...]) -> tuple[Ints, Ints]:
        if (side, names) not in self._kinds:
            records = self.problem.candidates if side == "person" else self.problem.vacancies
            self._kinds[side, names] = _sort_by_kind(records, names)
        return self._kinds[side, names]


def _distinct(cells: Ints, size: int) -> tuple[Ints, Ints]:
    """The distinct cells of a table in order, and for each cell which of them it is."""
    if size > _LARGEST_TABLE:
        kinds, answer_of = np.unique(cells, return_inverse=True)
        return kinds, answer_of
    occurs = np.zeros(size, bool)
    occurs[cells] = True
    return np.flatnonzero(occurs), (np.cumsum(occurs, dtype=np.int64) - 1)[cells]


def _sort_by_kind(records: Sequence[Any], names: tuple[str, ...]) -> tuple[Ints, Ints]:
    """Each record's kind, and for each kind the first record of it."""
    read = attrgetter(*names) if names else (lambda _: None)
    kinds: dict[Any, int] = {}
    first: list[int] = []
    kind_of = np.zeros(len(records), np.int64)
    for i, record in enumerate(records):
        value = read(record)
        if value not in kinds:
            kinds[value] = len(first)
            first.append(i)
        kind_of[i] = kinds[value]
    return kind_of, np.array(first, np.int64)
