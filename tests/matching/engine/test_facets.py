"""Asking kind by kind answers what asking pair by pair would, by table and without one."""

import numpy as np
import pytest

from matching.engine.eligibility import check_pair, find_options
from matching.engine.facets import Facets
from matching.engine.policy import Policy
from matching.engine.problem import Candidate, Problem, Vacancy
from matching.engine.rules import RULES
from tests.matching.engine.problems import make_problem


@pytest.mark.parametrize("number", [40, 300])  # 300 x 300 kinds are more than are asked ahead
def test_a_rule_bars_the_same_pairs_whether_all_kinds_are_asked_or_those_that_occur(
    number: int,
) -> None:
    people = tuple(Candidate(f"c{n:03}", "", pay_accepted=1000 * n) for n in range(number))
    jobs = tuple(Vacancy(f"v{n:03}", "", "7112", "", pay_to=1000 * n + 500) for n in range(number))
    facets = Facets(Problem("2026-11-23", Policy(), candidates=people, vacancies=jobs))
    pairs = (np.repeat(np.arange(number), number), np.tile(np.arange(number), number))
    rule = RULES["pay"]
    barred = facets.bars(rule.check, pairs, person=rule.person, job=rule.job)
    assert barred.tolist() == (pairs[1] < pairs[0]).tolist()


@pytest.mark.parametrize("seed", range(12))
def test_direct_options_are_the_pairs_that_no_rule_bars(seed: int) -> None:
    facets = Facets(make_problem(seed, people=12, jobs=8))
    problem, ground = facets.problem, facets.ground
    free = {
        (person.key, job.key)
        for person in problem.candidates
        for job in problem.vacancies
        if not check_pair(person, job, ground)
    } - set(problem.forbidden)
    options = find_options(facets)
    direct = np.flatnonzero(options.course < 0)
    assert free == {
        (problem.candidates[i].key, problem.vacancies[j].key)
        for i, j in zip(*(side[direct].tolist() for side in options.pairs), strict=True)
    }
    rows = np.stack([options.candidate, options.vacancy, options.course], axis=1).tolist()
    assert rows == sorted(rows)
