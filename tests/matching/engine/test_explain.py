"""Reasons: one kind for everybody without a place, and nothing that tells of anyone else."""

import json
from dataclasses import asdict, replace
from typing import Any

import pytest

from matching.engine.answer import answer_problem
from matching.engine.explain import DISPLACED, FULL, NO_OPTION, Unplaced
from matching.engine.policy import Limits, Policy
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
)
from matching.engine.rules import RESTRICTIONS, Reason
from tests.matching.engine.problems import make_problem

MASON = Candidate("c1", "home", wishes=(Wish("7112"),))
JOB = Vacancy("v1", "e", "7112", "work", pay_to=200_000, places=(Places(None, False, 1),))


def problem_of(
    people: tuple[Candidate, ...], jobs: tuple[Vacancy, ...], courses: tuple[Course, ...] = ()
) -> Problem:
    return Problem(
        "2026-11-23", Policy(), people, jobs, employers=(Employer("e"),), courses=courses
    )


def missed(problem: Problem, key: str = "c1") -> Unplaced:
    return next(u for u in answer_problem(problem).unplaced if u.candidate == key)


def test_without_an_option_each_rule_counts_alone_and_together() -> None:
    person = replace(MASON, pay_accepted=300_000)
    jobs = (
        replace(JOB, key="v1"),
        replace(JOB, key="v2", licences=("C",)),
        replace(JOB, key="v3", licences=("C",), pay_to=400_000),
        replace(JOB, key="v4", isco08="5120", pay_to=400_000),
    )
    found = missed(problem_of((person,), jobs))
    assert found.kind == NO_OPTION
    assert found.reasons[:3] == (
        Reason("licence", {"alone": 1, "together": 2}),
        Reason("pay", {"alone": 1, "together": 2}),
        Reason("profession", {"alone": 1, "together": 1}),
    )


def test_whoever_is_kept_apart_hears_of_a_workplace_and_of_nobody() -> None:
    books = (Places(None, False, 1), Places(None, True, 1))
    jobs = (replace(JOB, places=books[:1]), replace(JOB, key="v2", places=books[1:]))
    people = tuple(replace(MASON, key=f"c{n}", case=2**47 + 1) for n in (1, 2))
    found = answer_problem(problem_of(people, jobs))
    ((placed,), (missing,)) = found.choices, found.unplaced
    assert missing.kind == DISPLACED
    full, free = {"vacancy": placed.vacancy}, {"v1", "v2"} - {placed.vacancy}
    assert [r for r in missing.reasons if r.params["vacancy"] != full["vacancy"]] == [
        Reason(DISPLACED, {"vacancy": free.pop(), "places": 1, "by": "plan"})
    ]
    assert placed.candidate not in str(missing)
    together = replace(Policy(), limits=Limits(case_limit=2))
    problem = replace(problem_of(people, jobs), policy=together)
    assert len(answer_problem(problem).choices) == 2


def test_the_smallest_change_is_one_rule_and_pay_comes_last() -> None:
    person = replace(MASON, pay_accepted=300_000)
    jobs = (
        replace(JOB, key="v1", pay_to=299_000),
        replace(JOB, key="v2", pay_to=400_000, licences=("C",)),
        replace(JOB, key="v3", pay_to=298_000, licences=("C",)),
    )
    change = missed(problem_of((person,), jobs)).reasons[-1]
    assert change.code == "change"
    assert change.params == {
        "vacancy": "v2",
        "needed": [{"code": "licence", "params": {"missing": ["C"]}}],
    }


def test_among_equal_changes_the_shortest_step_is_named() -> None:
    person = replace(MASON, pay_accepted=300_000)
    jobs = tuple(replace(JOB, key=f"v{n}", pay_to=200_000 + 10_000 * n) for n in range(1, 8))
    assert missed(problem_of((person,), jobs)).reasons[-1].params["vacancy"] == "v7"


def test_no_change_is_offered_against_what_law_forbids() -> None:
    person = replace(MASON, restrictions=(Restriction("minors"),))
    found = missed(problem_of((person,), (replace(JOB, flags=("minors",)),)))
    assert found.reasons == (Reason("workplace", {"alone": 1, "together": 1}),)


def test_restrictions_of_several_kinds_count_as_one_neutral_rule() -> None:
    person = replace(MASON, restrictions=(Restriction("driving"), Restriction("minors")))
    found = missed(problem_of((person,), (replace(JOB, flags=("driving", "minors")),)))
    assert found.reasons == (Reason("workplace", {"alone": 1, "together": 1}),)


def test_full_names_the_places_that_fitted() -> None:
    better = replace(MASON, key="c0", wishes=(Wish("7112", 9),))
    found = missed(problem_of((better, MASON), (JOB,)))
    params = {"vacancy": "v1", "places": 1, "goal": "score", "loss": 100}
    assert (found.kind, found.reasons) == (FULL, (Reason("full", params),))


def test_displaced_says_by_priority_or_promise_and_not_by_whom() -> None:
    first = Candidate("c0", "home", wishes=(Wish("9412"), Wish("7112")), priorities=("x",))
    found = missed(problem_of((first, MASON), (JOB,)))
    assert found.kind == DISPLACED
    params = {"vacancy": "v1", "places": 1, "goal": "priority", "loss": 1, "by": "priority"}
    assert found.reasons[0].params == params
    plain = replace(first, priorities=())
    locked = replace(problem_of((plain, MASON), (JOB,)), locked=(("c0", "v1"),))
    assert missed(locked).reasons[0].params["by"] == "promise"


def test_somebody_with_priority_and_more_points_displaces_nobody() -> None:
    first = Candidate("c0", "home", wishes=(Wish("7112", 9),), priorities=("x",))
    assert missed(problem_of((first, MASON), (JOB,))).kind == FULL


def test_without_vacancies_that_is_the_reason() -> None:
    assert missed(problem_of((MASON,), ())).reasons == (Reason("no_vacancies"),)


def test_a_course_too_small_to_open_is_the_reason() -> None:
    person = replace(MASON, wishes=(), retraining="7212")
    course = Course("k", "7212", "home", seats=4, least=2, ends_in=30)
    found = missed(problem_of((person,), (replace(JOB, isco08="7212"),), (course,)))
    expected = Reason("course_closed", {"vacancy": "v1", "places": 1, "course": "k"})
    assert (found.kind, found.reasons) == (FULL, (expected,))


def test_a_choice_names_its_parts_its_marks_and_the_runner_up() -> None:
    person = replace(
        MASON, max_km=50, district="d1", supervised=True, hours=(Span("1", "08:00", "09:00"),)
    )
    jobs = (
        replace(JOB, key="v1", district="d2"),
        replace(JOB, key="v2", kato="near", district="d1"),
    )
    problem = replace(problem_of((person,), jobs), legs=(Leg("home", "near", None, 45),))
    (choice,) = answer_problem(problem).choices
    assert (choice.vacancy, choice.marks) == (
        "v1",
        ("distance_unknown", "hours_unknown", "other_district"),
    )
    assert sum(points for _, points in choice.parts) == choice.score
    assert choice.runner_up is not None
    assert (choice.runner_up.vacancy, choice.runner_up.course) == ("v2", None)
    assert choice.runner_up.behind == 50  # of travel: half for unknown, a quarter for 45 of 60 km


@pytest.mark.parametrize(
    ("person", "job", "marked"),
    [
        ({"max_minutes": 60}, {}, True),
        ({"max_km": 60}, {}, False),
        ({"max_minutes": 60}, {"transport": True}, False),
        ({"max_minutes": 60, "kato": "near"}, {}, False),
    ],
)
def test_minutes_of_the_district_are_shown_as_such(
    person: dict[str, Any], job: dict[str, Any], marked: bool
) -> None:
    asked = replace(MASON, **person)
    problem = replace(
        problem_of((asked,), (replace(JOB, **job),)),
        legs=(Leg("home", JOB.kato, 50, None, by_district=True), Leg("near", JOB.kato, 50)),
    )
    (choice,) = answer_problem(problem).choices
    assert ("minutes_by_district" in choice.marks) == marked
    facts = dict(choice.facts)
    assert ("by_district" in facts) == (asked.kato == MASON.kato and not job)
    assert facts.get("minutes") == (None if job else 50)


def test_no_answer_names_a_restriction_or_another_person() -> None:
    problem = make_problem(7, people=60, jobs=15, courses=2)
    answer = answer_problem(problem)
    keys = {c.key for c in problem.candidates}
    for one in (*answer.choices, *answer.unplaced):
        text = json.dumps({**asdict(one), "candidate": ""})
        told = set(text.replace('"', " ").replace(",", " ").split())
        assert not told & (keys | set(RESTRICTIONS))
