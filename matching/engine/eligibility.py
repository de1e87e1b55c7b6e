"""Options: the admissible choices, found by joining on professions first and barring by rule after.

An option is a candidate at a vacancy, directly or by way of a course. A course leads only to jobs
for which the person has no profession yet.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matching.engine.facets import Facets
from matching.engine.ground import Ground
from matching.engine.instance import Ints
from matching.engine.problem import Candidate, Course, Problem, Vacancy
from matching.engine.rules import RULES, UNSKILLED, Reason, distance
from matching.engine.trades import Pairs

NO_COURSE = -1
_STRETCH = 2**17  # pairs looked at together
_BY_COURSE = ("profession", "dates")  # a course answers these two in its own way
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Options:
    """Positions in the problem's lists, one row an option, sorted; `course` is -1 for none."""

    candidate: Ints
    vacancy: Ints
    course: Ints

    def __len__(self) -> int:
        return len(self.candidate)

    @property
    def pairs(self) -> Pairs:
        return self.candidate, self.vacancy


def find_options(facets: Facets) -> Options:
    """Every admissible option of a problem in order."""
    direct = _bar(facets, join_professions(facets), without=("profession",))
    taught = _find_taught(facets)
    candidate = np.concatenate([direct[0], taught[0]])
    vacancy = np.concatenate([direct[1], taught[1]])
    course = np.concatenate([np.full(len(direct[0]), NO_COURSE, np.int64), taught[2]])
    width, ways = len(facets.problem.vacancies), len(facets.problem.courses) + 1
    order = np.argsort((candidate * width + vacancy) * ways + course)  # every number is another
    return Options(candidate[order], vacancy[order], course[order])


def check_pair(person: Candidate, job: Vacancy, ground: Ground) -> list[tuple[str, Reason]]:
    """The rules that bar this person from being hired here directly, each with its reason."""
    found = ((code, rule.check(person, job, ground)) for code, rule in RULES.items())
    return [(code, reason) for code, reason in found if reason is not None]


def bars_of(facets: Facets, candidate: int) -> dict[str, Flags]:
    """For one candidate, rule by rule, which vacancies it bars; forbidden pairs under `forbidden`."""
    jobs = np.arange(len(facets.problem.vacancies))
    pairs = (np.full(len(jobs), candidate), jobs)
    barred = {
        code: facets.bars(rule.check, pairs, person=rule.person, job=rule.job)
        for code, rule in RULES.items()
    }
    return barred | {"forbidden": _forbidden(facets.problem, pairs)}


def join_professions(facets: Facets) -> Pairs:
    """Pairs whose professions are alike enough, without looking at any other pair."""
    trades, problem = facets.trades, facets.problem
    rank, person = np.nonzero(trades.wishes >= 0)
    wish = trades.wishes[rank, person]
    chosen = sparse.csr_array(
        (np.ones(len(wish), bool), (person, wish)),
        shape=(len(problem.candidates), len(trades.alike)),
    )
    floor = facets.ground.policy.limits.similarity
    alike = chosen @ sparse.csr_array(trades.alike >= floor)
    open_to_all = _join_unskilled(problem)
    candidate = np.repeat(np.arange(len(problem.candidates)), np.diff(alike.indptr))
    return (
        np.concatenate([candidate, open_to_all[0]]),
        np.concatenate([alike.indices.astype(np.int64), open_to_all[1]]),
    )


def pairs_barred_by(facets: Facets, code: str) -> Pairs:
    """Pairs of like professions that this rule alone keeps apart."""
    pairs = join_professions(facets)
    pairs = _bar(facets, pairs, without=("profession", code))
    rule = RULES[code]
    kept = facets.bars(rule.check, pairs, person=rule.person, job=rule.job)
    return pairs[0][kept], pairs[1][kept]


def course_suits(person: Candidate, course: Course, ground: Ground) -> bool:
    """Whether the course teaches what the person asked for, in reach and in time."""
    if person.retraining is None or course.seats < 1:
        return False
    limits = ground.policy.limits
    alike = ground.similarity(person.retraining, course.isco08) >= limits.taught_similarity
    in_time = max(0, person.free_in) <= course.starts_in <= course.ends_in <= limits.course_days
    there = Vacancy("", "", course.isco08, course.kato)
    return alike and in_time and distance(person, there, ground) is None


def _join_unskilled(problem: Problem) -> Pairs:
    people = [i for i, c in enumerate(problem.candidates) if not c.wishes]
    jobs = [j for j, v in enumerate(problem.vacancies) if v.isco08.startswith(UNSKILLED)]
    return np.repeat(np.array(people, np.int64), len(jobs)), np.tile(
        np.array(jobs, np.int64), len(people)
    )


def _find_taught(facets: Facets) -> tuple[Ints, Ints, Ints]:
    problem, ground = facets.problem, facets.ground
    rows = [
        (i, j, k)
        for k, course in enumerate(problem.courses)
        for jobs in [_jobs_taught(problem, course, ground)]
        for i, person in enumerate(problem.candidates)
        if person.retraining is not None and course_suits(person, course, ground)
        for j in jobs
    ]
    candidate, vacancy, course_of = np.array(rows, np.int64).reshape(-1, 3).T
    kept = _keep(facets, (candidate, vacancy), without=_BY_COURSE)
    candidate, vacancy, course_of = candidate[kept], vacancy[kept], course_of[kept]
    rule = RULES["profession"]
    new = facets.bars(rule.check, (candidate, vacancy), person=rule.person, job=rule.job)
    return candidate[new], vacancy[new], course_of[new]


def _jobs_taught(problem: Problem, course: Course, ground: Ground) -> list[int]:
    floor = ground.policy.limits.taught_similarity
    return [
        j
        for j, job in enumerate(problem.vacancies)
        if ground.similarity(course.isco08, job.isco08) >= floor
    ]


def _bar(facets: Facets, pairs: Pairs, *, without: tuple[str, ...]) -> Pairs:
    kept = _keep(facets, pairs, without=without)
    return pairs[0][kept], pairs[1][kept]


def _keep(facets: Facets, pairs: Pairs, *, without: tuple[str, ...]) -> Ints:
    """Which of these pairs no rule bars. A stretch at a time: short arrays stay near the processor."""
    free = np.flatnonzero(~_forbidden(facets.problem, pairs))
    stretches = np.split(free, range(_STRETCH, len(free), _STRETCH))
    return np.concatenate([_keep_some(facets, pairs, some, without) for some in stretches])


def _keep_some(facets: Facets, pairs: Pairs, some: Ints, without: tuple[str, ...]) -> Ints:
    """Of some pairs; each rule looks only at what those before it left."""
    left = (pairs[0][some], pairs[1][some])
    for code, rule in RULES.items():
        if code not in without:
            barred = facets.bars(rule.check, left, person=rule.person, job=rule.job)
            if barred.any():
                some, left = some[~barred], (left[0][~barred], left[1][~barred])
    return some


def _forbidden(problem: Problem, pairs: Pairs) -> Flags:
    people = {c.key: i for i, c in enumerate(problem.candidates)}
    jobs = {v.key: j for j, v in enumerate(problem.vacancies)}
    known = [(people[c], jobs[v]) for c, v in problem.forbidden if c in people and v in jobs]
    if not known:
        return np.zeros(len(pairs[0]), bool)
    width = max(1, len(jobs))
    cells = [candidate * width + vacancy for candidate, vacancy in known]
    return np.isin(pairs[0] * width + pairs[1], np.array(cells, np.int64))
