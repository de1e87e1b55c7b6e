"""Whole rounds in small: brute force is the oracle, and the order of rows changes nothing."""

import random
from dataclasses import replace
from itertools import product

import pytest

from matching.engine.answer import Answer, answer_problem, place_by_standard, prepare
from matching.engine.eligibility import check_pair, course_suits, find_options
from matching.engine.explain import DISPLACED, FULL, NO_OPTION
from matching.engine.facets import Facets
from matching.engine.ground import Ground
from matching.engine.policy import Policy
from matching.engine.problem import (
    Problem,
    read_problem,
    write_problem,
)
from matching.engine.records import from_json, to_json
from matching.engine.rules import fits_category
from matching.engine.scoring import score_options
from tests.matching.engine.problems import make_problem


def list_choices(problem: Problem) -> dict[int, list[tuple[int, int]]]:
    """{candidate: [(vacancy, course or -1)]}, by going through everything."""
    ground = Ground(problem)
    found: dict[int, list[tuple[int, int]]] = {}
    for i, person in enumerate(problem.candidates):
        found[i] = []
        for j, job in enumerate(problem.vacancies):
            if (person.key, job.key) in problem.forbidden:
                continue
            barring = {code for code, _ in check_pair(person, job, ground)}
            ways = [-1] if not barring else []
            if "profession" in barring and not barring - {"profession", "dates"}:
                ways += [
                    k
                    for k, course in enumerate(problem.courses)
                    if course_suits(person, course, ground)
                    and ground.similarity(course.isco08, job.isco08) >= 70
                ]
            found[i] += [(j, k) for k in ways]
    return found


def search_best(problem: Problem) -> tuple[int, ...]:
    """The best values of the policy's tiers, by trying every plan."""
    choices = list_choices(problem)
    facets = Facets(problem)
    options = find_options(facets)
    total = score_options(facets, options).total
    score = {
        (int(i), int(j), int(k)): int(total[row])
        for row, (i, j, k) in enumerate(
            zip(options.candidate, options.vacancy, options.course, strict=True)
        )
    }
    ways = [
        [None]
        + [
            (j, k, number)
            for j, k in choices[i]
            for number, places in enumerate(problem.vacancies[j].places)
            if fits_category(person, places.category)
        ]
        for i, person in enumerate(problem.candidates)
    ]
    plans = (plan for plan in product(*ways) if is_allowed(problem, plan))
    return max(value(problem, plan, score) for plan in plans)


def is_allowed(problem: Problem, plan: tuple) -> bool:
    taken = [way for way in plan if way]
    slots = [(j, number) for j, _, number in taken]
    seats = [k for _, k, _ in taken if k >= 0]
    spent = sum(problem.courses[k].cost for k in seats)
    met = [
        (problem.candidates[i].case, problem.vacancies[way[0]].employer)
        for i, way in enumerate(plan)
        if way and problem.candidates[i].case is not None
    ]
    return (
        all(slots.count(s) <= problem.vacancies[s[0]].places[s[1]].count for s in slots)
        and all(
            c.least <= seats.count(k) <= c.seats
            for k, c in enumerate(problem.courses)
            if k in seats
        )
        and (problem.budget is None or spent <= problem.budget)
        and len(set(met)) == len(met)
    )


def value(problem: Problem, plan: tuple, score: dict) -> tuple[int, ...]:
    taken = [(i, *way) for i, way in enumerate(plan) if way]
    people = [problem.candidates[i] for i, *_ in taken]
    filled = [
        problem.vacancies[j].employer
        for _, j, _, number in taken
        if problem.vacancies[j].places[number].quota
    ]
    missing = [max(0, e.quota_open - filled.count(e.key)) for e in problem.employers]
    pairs = [(problem.candidates[i].key, problem.vacancies[j].key) for i, j, *_ in taken]
    return (
        sum(pair in problem.locked for pair in pairs),
        sum(bool(person.priorities) for person in people),
        len(taken),
        -sum(n * (n + 1) // 2 for n in missing),
        sum(score[i, j, k] for i, j, k, _ in taken),
        sum(person.waiting_days for person in people),
    )


@pytest.mark.parametrize("seed", range(60))
def test_the_plan_is_the_best_of_all_plans(seed: int) -> None:
    problem = make_problem(seed, people=4, jobs=3)
    answer = answer_problem(problem)
    got = tuple(-t.value if t.name == "shortage" else t.value for t in answer.tiers)
    assert answer.status == "optimal"
    assert got == search_best(problem)


@pytest.mark.parametrize("seed", range(30))
def test_options_are_what_the_rules_say_pair_by_pair(seed: int) -> None:
    problem = make_problem(seed, people=12, jobs=9, courses=3)
    options = find_options(Facets(problem))
    rows = zip(options.candidate, options.vacancy, options.course, strict=True)
    found = {(int(i), int(j), int(k)) for i, j, k in rows}
    assert len(found) == len(options)
    assert found == {(i, j, k) for i, ways in list_choices(problem).items() for j, k in ways}


@pytest.mark.parametrize("seed", range(10))
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    problem = make_problem(seed, people=15, jobs=10, courses=2)
    draw = random.Random(seed)
    names = ("candidates", "vacancies", "employers", "courses", "legs", "similarity", "forbidden")
    shuffled = {
        name: tuple(draw.sample(rows := getattr(problem, name), len(rows))) for name in names
    }
    again = replace(problem, **shuffled)
    assert to_json(answer_problem(problem)) == to_json(answer_problem(again))
    assert write_problem(problem) == write_problem(again)


@pytest.mark.parametrize("seed", range(10))
def test_everybody_is_placed_or_has_exactly_one_kind_of_reason(seed: int) -> None:
    problem = make_problem(seed, people=15, jobs=6)
    answer = answer_problem(problem)
    keys = [c.candidate for c in answer.choices] + [u.candidate for u in answer.unplaced]
    assert sorted(keys) == sorted(c.key for c in problem.candidates)
    assert all(u.kind in (NO_OPTION, FULL, DISPLACED) and u.reasons for u in answer.unplaced)
    assert all(sum(points for _, points in c.parts) == c.score for c in answer.choices)


@pytest.mark.parametrize(
    "given",
    [
        {"tiers": ("score", "placements")},
        {"tiers": ("placements",)},
        {"least": (("score", 1),)},
        {"preference_share": 80},
    ],
)
def test_another_order_stands_beside_what_the_standard_one_places(given) -> None:
    for seed in range(8):
        problem = make_problem(seed, people=10, jobs=5)
        other = replace(problem, policy=replace(problem.policy, **given))
        (standard,) = (t for t in answer_problem(problem).tiers if t.name == "placements")
        assert place_by_standard(prepare(other)) == standard
        assert place_by_standard(prepare(problem)) is None


def test_a_problem_and_an_answer_survive_json() -> None:
    problem = make_problem(3, people=15, jobs=8)
    text, sha = write_problem(problem)
    again = read_problem(text)
    assert write_problem(again) == (text, sha)
    answer = answer_problem(again)
    assert to_json(from_json(Answer, to_json(answer))) == to_json(answer)


def test_an_empty_problem_has_an_empty_answer() -> None:
    answer = answer_problem(Problem("2026-11-23", Policy()))
    assert (answer.status, answer.choices, answer.unplaced) == ("optimal", (), ())


def test_text_that_is_no_problem_is_refused() -> None:
    for text in ("{", "[]", "{}", '{"day":"2026-11-23","policy":{},"format":"other/1"}'):
        with pytest.raises(ValueError):
            read_problem(text)


def test_a_region_is_proven_although_its_tiers_need_several_stages() -> None:
    answer = answer_problem(make_problem(1, people=400, jobs=60, courses=0))
    assert answer.status == "optimal"
    assert all(tier.value == tier.bound for tier in answer.tiers)
