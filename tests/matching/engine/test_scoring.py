"""Each part of a score by itself, and their sum."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.eligibility import NO_COURSE, Options, find_options
from matching.engine.facets import Facets
from matching.engine.ground import Ground
from matching.engine.policy import STANDARD, Policy
from matching.engine.problem import Candidate, Employer, Leg, Problem, Vacancy, Wish
from matching.engine.scoring import pay, replies, score_options, travel
from tests.matching.engine.problems import make_problem

PERSON = Candidate("c", "home", wishes=(Wish("7112", 2), Wish("7411", 10)))
JOB = Vacancy("v", "e", "7112", "work", pay_from=200_000, pay_to=300_000)


ALIKE = (("7112", "7114", 70),)


def ground_of(*legs: Leg) -> Ground:
    return Ground(Problem("2026-11-23", Policy(), legs=legs, similarity=ALIKE))


def points_of(part: str, person: Candidate, job: Vacancy) -> int:
    """What one part of the score gives this person at this job."""
    problem = Problem(
        "2026-11-23", Policy(), candidates=(person,), vacancies=(job,), similarity=ALIKE
    )
    here = np.zeros(1, np.int64)
    scores = score_options(Facets(problem), Options(here, here, np.full(1, NO_COURSE)))
    return scores.parts_of(0)[part]


@pytest.mark.parametrize(
    ("isco08", "points"), [("7112", 400), ("7114", 280), ("7411", 320), ("5120", 0)]
)
def test_profession_by_likeness_and_rank(isco08: str, points: int) -> None:
    assert points_of("profession", PERSON, replace(JOB, isco08=isco08)) == points


def test_later_wishes_share_the_last_rank_and_no_wish_is_half_of_it() -> None:
    many = tuple(Wish(f"811{n}") for n in range(7))
    person = replace(PERSON, wishes=(*many, Wish("7112")))
    assert points_of("profession", person, JOB) == 200
    assert points_of("profession", replace(PERSON, wishes=()), JOB) == 100


@pytest.mark.parametrize(
    ("wanted", "accepted", "points"),
    [
        (200_000, 150_000, 200),
        (250_000, 150_000, 100),
        (250_000, 200_000, 0),
        (400_000, None, 100),
        (None, None, 100),
        (300_000, 300_000, 0),
        (150_000, 180_000, 200),
    ],
)
def test_pay_between_accepted_and_wanted(
    wanted: int | None, accepted: int | None, points: int
) -> None:
    person = replace(PERSON, pay_wanted=wanted, pay_accepted=accepted)
    assert pay(person, JOB, ground_of()) == points


@pytest.mark.parametrize(
    ("leg", "points"),
    [
        (Leg("home", "work", 0, 50), 200),
        (Leg("home", "work", 60), 100),
        (Leg("home", "work", 500), 0),
        (Leg("home", "work", None, 15), 150),
        (Leg("home", "elsewhere", 10), 100),
    ],
)
def test_travel_by_minutes_then_kilometres_and_half_when_unknown(leg: Leg, points: int) -> None:
    assert travel(PERSON, JOB, ground_of(leg)) == points


@pytest.mark.parametrize(
    ("person", "asked", "points"),
    [
        ({}, 0, 40),
        ({}, 2, 100),
        ({}, 8, 25),
        ({"wishes": (Wish("7112", 30),)}, 0, 100),
        ({"wishes": (Wish("5120", 9),), "experience_years": 5}, 0, 40),
    ],
)
def test_experience_against_what_is_asked(person: dict[str, Any], asked: int, points: int) -> None:
    job = replace(JOB, experience_years=asked)
    assert points_of("experience", replace(PERSON, **person), job) == points


def test_an_employers_record_counts_more_the_longer_it_is() -> None:
    def points(sent: int, answered: int, hired: int) -> int:
        return replies(Employer("e", 0, sent, answered, hired), ground_of())

    assert points(0, 0, 0) == 50
    assert points(1, 0, 0) == 33 > points(10, 0, 0)
    assert points(1, 1, 1) == 66 < points(10, 10, 10) <= 100


@pytest.mark.parametrize("seed", range(5))
def test_parts_are_whole_within_their_weight_and_sum_to_the_total(seed: int) -> None:
    facets = Facets(make_problem(seed, people=30, jobs=15, courses=3))
    options = find_options(facets)
    scores = score_options(facets, options)
    assert len(options) and scores.total.dtype == np.int64
    for name, points in scores.parts.items():
        assert points.min() >= 0 and points.max() <= getattr(STANDARD.weights, name)
    for row in range(len(options)):
        assert sum(scores.parts_of(row).values()) == scores.total[row]


@pytest.mark.parametrize("seed", range(20))
def test_profession_and_experience_are_what_the_rule_says_wish_by_wish(seed: int) -> None:
    facets = Facets(make_problem(seed, people=30, jobs=15))
    options = find_options(facets)
    scores, problem, ground = score_options(facets, options), facets.problem, facets.ground
    for row in np.flatnonzero(options.course == NO_COURSE).tolist():
        person = problem.candidates[options.candidate[row]]
        job = problem.vacancies[options.vacancy[row]]
        alike = [ground.similarity(wish.isco08, job.isco08) for wish in person.wishes]
        worth = [a * STANDARD.rank_shares[at] for at, a in enumerate(alike)] or [50 * 50]
        years = [w.years for w, a in zip(person.wishes, alike, strict=True) if a >= 40]
        known = max([*years, 0]) or person.experience_years // 2
        enough = job.experience_years or 5
        told = scores.parts_of(row)
        assert told["profession"] == 400 * max(worth) // 10_000
        assert told["experience"] == 100 * min(known, enough) // enough


@given(st.integers(0, 20), st.integers(0, 20))
def test_more_pay_is_never_worth_less(low: int, more: int) -> None:
    person = replace(PERSON, pay_wanted=300_000, pay_accepted=120_000)
    lower, higher = (replace(JOB, pay_from=20_000 * n) for n in (low, low + more))
    assert pay(person, lower, ground_of()) <= pay(person, higher, ground_of())
