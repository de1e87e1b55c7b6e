"""Whole rounds in small: brute force is the oracle, and the order of rows changes nothing."""

import random
from dataclasses import replace
from itertools import product

import pytest

from matching.engine.answer import Answer, answer_problem
from matching.engine.eligibility import check_pair, course_suits, find_options
from matching.engine.explain import DISPLACED, FULL, NO_OPTION
from matching.engine.facets import Facets
from matching.engine.ground import Ground
from matching.engine.policy import Policy
from matching.engine.problem import (
    Candidate,
    Course,
    Employer,
    Leg,
    Places,
    Problem,
    Restriction,
    Span,
    Vacancy,
    Wish,
    read_problem,
    write_problem,
)
from matching.engine.records import from_json, to_json
from matching.engine.rules import RESTRICTIONS, fits_category
from matching.engine.scoring import score_options

CODES = ("7112", "7115", "9313", "5120", "8332")
TOWNS = ("190000001", "190000002", "190000003")
FLAGS = ("minors", "driving", "money", "state_sector", "heavy", "night", "rotational")
DAY_SHIFT, LATE_SHIFT = Span("12345", "08:00", "17:00"), Span("12345", "16:00", "23:30")


def make_problem(seed: int, *, people: int, jobs: int, courses: int = 1) -> Problem:
    """A small problem with every kind of rule in it, the same for the same seed."""
    draw = random.Random(seed)
    employers = tuple(
        Employer(f"e{i}", draw.randint(0, 2), sent := draw.randint(0, 6), draw.randint(0, sent))
        for i in range(2)
    )
    return Problem(
        day="2026-11-23",
        policy=Policy(),
        candidates=tuple(make_candidate(draw, f"c{i}") for i in range(people)),
        vacancies=tuple(make_vacancy(draw, f"v{i}") for i in range(jobs)),
        employers=employers,
        courses=tuple(make_course(draw, f"k{i}") for i in range(courses)),
        legs=tuple(
            Leg(a, b, draw.choice((None, 20, 70)), draw.choice((None, 15, 60)))
            for a in TOWNS
            for b in TOWNS
        ),
        similarity=(("7112", "7115", 70), ("5120", "9313", 40)),
        forbidden=tuple(
            (f"c{i}", f"v{j}") for i in range(people) for j in range(jobs) if draw.random() < 0.05
        ),
        locked=(("c0", "v0"),) if draw.random() < 0.3 else (),
        budget=draw.choice((None, 0, 100_000)),
    )


def make_candidate(draw: random.Random, key: str) -> Candidate:
    wishes = draw.sample(CODES, draw.randint(0, 3))
    return Candidate(
        key=key,
        kato=draw.choice(TOWNS),
        wishes=tuple(Wish(code, draw.randint(0, 8)) for code in wishes),
        categories=draw.choice((("probation",), ("released",), ())),
        pay_wanted=draw.choice((None, 150_000, 250_000)),
        pay_accepted=draw.choice((None, 120_000, 150_000)),
        hours=draw.choice(((), (), (DAY_SHIFT,))),
        licences=draw.choice(((), ("B",))),
        avoids=draw.choice(((), (), ("heavy",))),
        max_minutes=draw.choice((None, 60)),
        max_km=draw.choice((None, 40)),
        may_move=draw.random() < 0.5,
        retraining=draw.choice((None, *CODES)),
        restrictions=(make_restriction(draw),) if draw.random() < 0.4 else (),
        priorities=draw.choice(((), (), ("released_within_year",))),
        waiting_days=draw.randint(0, 3) * 30,
        free_in=draw.choice((0, 0, 20)),
        supervised=draw.random() < 0.7,
    )


def make_restriction(draw: random.Random) -> Restriction:
    code = draw.choice(RESTRICTIONS)
    return Restriction(
        code,
        spans=(Span("1234567", "22:00", "06:00"),) if code == "home_hours" else (),
        places=(TOWNS[2],) if code == "barred_places" else (),
        professions=("51",) if code == "banned_professions" else (),
    )


def make_vacancy(draw: random.Random, key: str) -> Vacancy:
    pay, kato = draw.choice((100_000, 160_000, 240_000)), draw.choice(TOWNS)
    kinds = draw.sample((None, "probation", "released"), draw.randint(1, 2))
    return Vacancy(
        key=key,
        employer=f"e{draw.randint(0, 1)}",
        isco08=draw.choice(CODES),
        kato=kato,
        within=("190000000", kato),
        pay_from=pay,
        pay_to=pay + 40_000,
        shifts=draw.choice(((), (DAY_SHIFT,), (LATE_SHIFT,))),
        flags=tuple(sorted(draw.sample(FLAGS, draw.randint(0, 1)))),
        licences=draw.choice(((), (), ("B",))),
        experience_years=draw.choice((0, 3)),
        transport=draw.random() < 0.2,
        closes_in=draw.choice((None, 10)),
        places=tuple(Places(kind, draw.random() < 0.6, 1) for kind in kinds),
    )


def make_course(draw: random.Random, key: str) -> Course:
    starts = draw.choice((0, 30))
    return Course(
        key=key,
        isco08=draw.choice(CODES),
        kato=draw.choice(TOWNS),
        seats=2,
        least=draw.choice((1, 2)),
        cost=draw.choice((0, 60_000)),
        starts_in=starts,
        ends_in=starts + 60,
    )


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
    return (
        all(slots.count(s) <= problem.vacancies[s[0]].places[s[1]].count for s in slots)
        and all(
            c.least <= seats.count(k) <= c.seats
            for k, c in enumerate(problem.courses)
            if k in seats
        )
        and (problem.budget is None or spent <= problem.budget)
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
