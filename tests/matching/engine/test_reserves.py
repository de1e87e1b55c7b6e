"""Reserves: counted from records alone, ordered by what the plan would lose, within the cap."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.answer import Solved, prepare, solve_prepared
from matching.engine.policy import STANDARD
from matching.engine.problem import Employer, Wish
from matching.engine.reserves import count_people, hire_chance, line_up
from tests.matching.engine.problems import make_problem
from tests.matching.engine.test_explain import JOB, MASON, problem_of

TARGET = Fraction(STANDARD.reserve_target, 100)


def crowd(sent: int = 0, hired: int = 0) -> Solved:
    people = tuple(replace(MASON, key=f"c{n}", wishes=(Wish("7112", n),)) for n in range(6))
    problem = replace(problem_of(people, (JOB,)), employers=(Employer("e", 0, sent, sent, hired),))
    return solve_prepared(prepare(problem))


def test_the_best_of_those_without_a_place_come_next() -> None:
    (line,) = line_up(crowd(), {}, most_sent=4)
    assert (line.candidates, line.places) == (("c4", "c3", "c2"), 1)
    assert (line.chance, line.reached) == (50, 93)


def test_an_employer_who_hires_needs_few_and_one_who_does_not_all_that_may_be_sent() -> None:
    (good,) = line_up(crowd(100, 100), {"v1": (50, 50)}, most_sent=4)
    (bad,) = line_up(crowd(100, 0), {}, most_sent=4)
    assert (len(good.candidates), good.reached >= 90) == (0, True)
    assert (len(bad.candidates), bad.reached < 90) == (3, True)


def test_few_cases_stay_near_the_employer_and_many_speak_for_themselves() -> None:
    employer = Employer("e", 0, 40, 40, 20)
    few, many = (hire_chance(employer, record, STANDARD) for record in ((1, 0), (400, 0)))
    assert Fraction(2, 5) <= few < Fraction(1, 2)
    assert many < Fraction(1, 50)
    assert hire_chance(Employer("x"), (0, 0), STANDARD) == Fraction(1, 2)


@given(st.fractions(0, 1), st.integers(1, 8))
def test_the_fewest_who_reach_the_target_or_the_cap(chance: Fraction, most: int) -> None:
    people = count_people(chance, target=TARGET, most=most)
    reached = 1 - (1 - chance) ** people
    assert 1 <= people <= most
    assert reached >= TARGET or people == most
    assert people == 1 or 1 - (1 - chance) ** (people - 1) < TARGET


@pytest.mark.parametrize("seed", range(6))
def test_nobody_placed_stands_in_a_line_and_no_line_is_too_long(seed: int) -> None:
    solved = solve_prepared(prepare(make_problem(seed, people=15, jobs=5)))
    placed = {solved.prepared.problem.candidates[i].key for i in solved.outcome.row_of}
    for line in line_up(solved, {}, most_sent=3):
        assert not placed & set(line.candidates)
        assert len(set(line.candidates)) == len(line.candidates) <= 2 * line.places
        assert line.chance <= line.reached
