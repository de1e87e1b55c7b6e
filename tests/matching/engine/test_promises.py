"""Promises not kept: clashes are irreducible by looking at every plan, and everything else has its reason."""

import random
from dataclasses import replace

import pytest

from matching.engine.answer import prepare, solve_prepared
from matching.engine.policy import Policy
from matching.engine.problem import Course, Places, Problem
from matching.engine.promises import (
    ABSENT,
    BARRED,
    BY_COURSE,
    CLASH,
    OUTRANKED,
    Broken,
    find_broken,
)
from tests.matching.engine import oracle
from tests.matching.engine.problems import make_problem
from tests.matching.engine.test_explain import JOB, MASON, problem_of


def broken(problem: Problem) -> tuple[Broken, ...]:
    solved = solve_prepared(prepare(problem))
    return find_broken(solved.prepared, solved.plan.chosen)


def kept_by_plans(problem: Problem) -> list[set[tuple[str, str]]]:
    """The pairs of every plan there is."""
    made = prepare(problem)
    instance, positions = made.layout.instance, made.layout.positions
    people, jobs = made.problem.candidates, made.problem.vacancies
    pairs = [
        (people[i].key, jobs[positions[p][0]].key)
        for i, p in zip(instance.candidate.tolist(), instance.vacancy.tolist(), strict=True)
    ]
    return [{pairs[row] for row in plan} for plan in oracle.every_plan(instance)]


def test_a_clash_is_irreducible_and_what_is_kept_is_no_clash() -> None:
    codes = []
    for seed in range(40):
        draw = random.Random(seed)
        problem = make_problem(seed, people=5, jobs=4)
        plans = kept_by_plans(problem)
        able = sorted(set().union(*plans))
        every = [(c.key, v.key) for c in problem.candidates for v in problem.vacancies]
        locked = {*draw.sample(able, min(6, len(able))), *draw.sample(every, 3)}
        problem = replace(problem, locked=tuple(locked))

        def can_keep(pairs: set[tuple[str, str]], plans=plans) -> bool:
            return any(pairs <= plan for plan in plans)

        for one in broken(problem):
            codes.append(one.code)
            whole = set(one.pairs)
            assert whole <= set(problem.locked)
            assert can_keep(whole) == (one.code == OUTRANKED)
            assert one.code != CLASH or all(can_keep(whole - {pair}) for pair in whole)
            assert (len(whole) > 1) == (one.code == CLASH)
            assert one.code in (CLASH, OUTRANKED, BARRED, BY_COURSE)
            assert bool(one.rules) == (one.code == BARRED)
    assert {CLASH, BARRED} <= set(codes)
    assert codes.count(CLASH) > 10


def test_two_promised_one_place_clash_and_a_third_elsewhere_is_not_named() -> None:
    people = tuple(replace(MASON, key=f"c{n}") for n in range(3))
    problem = problem_of(people, (JOB, replace(JOB, key="v2")))
    locked = (("c0", "v1"), ("c1", "v1"), ("c2", "v2"))
    (clash,) = broken(replace(problem, locked=locked))
    assert clash == Broken(CLASH, (("c0", "v1"), ("c1", "v1")))
    assert broken(replace(problem, locked=locked[1:])) == ()


@pytest.mark.parametrize(
    ("job", "locked", "expected"),
    [
        ({}, ("c1", "gone"), Broken(ABSENT, (("c1", "gone"),))),
        ({}, ("gone", "v1"), Broken(ABSENT, (("gone", "v1"),))),
        ({"places": ()}, ("c1", "v1"), Broken(ABSENT, (("c1", "v1"),))),
        ({"licences": ("B",)}, ("c1", "v1"), Broken(BARRED, (("c1", "v1"),), ("licence",))),
    ],
)
def test_a_promise_that_nothing_could_keep_says_why(job, locked, expected: Broken) -> None:
    problem = problem_of((MASON,), (replace(JOB, **job),))
    assert broken(replace(problem, locked=(locked,))) == (expected,)
    barred = replace(problem_of((MASON,), (JOB,)), locked=(("c1", "v1"),))
    assert broken(replace(barred, forbidden=barred.locked)) == (
        Broken(BARRED, (("c1", "v1"),), ("forbidden",)),
    )


def test_a_course_that_cannot_run_for_a_promise_is_the_reason() -> None:
    learner = replace(MASON, wishes=(), retraining="7212")
    course = Course("k", "7212", "home", seats=4, least=2, ends_in=30)
    problem = problem_of((learner,), (replace(JOB, isco08="7212"),), (course,))
    locked = replace(problem, locked=(("c1", "v1"),))
    assert broken(locked) == (Broken(BY_COURSE, locked.locked),)
    assert broken(replace(locked, courses=(replace(course, least=1),))) == ()


def test_an_order_that_puts_something_first_gives_a_promise_up() -> None:
    first = replace(MASON, key="c0", priorities=("x",))
    job = replace(JOB, places=(Places(None, False, 1),))
    problem = replace(problem_of((first, MASON), (job,)), locked=(("c1", "v1"),))
    assert broken(problem) == ()
    other = replace(Policy(), tiers=("priority", "placements"))
    assert broken(replace(problem, policy=other)) == (Broken(OUTRANKED, (("c1", "v1"),)),)
