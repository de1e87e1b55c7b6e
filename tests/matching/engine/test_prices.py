"""Prices and remedies against solving the changed problem from the start."""

from dataclasses import replace

import pytest

from matching.engine.answer import Solved, answer_problem, prepare, solve_prepared
from matching.engine.changes import Changes, apply_changes, measure
from matching.engine.prices import BUDGET, GATE, PAY, PAY_STEP, SEAT, SLOT, find_prices
from matching.engine.problem import Course, Places, Problem, Wish, put_in_order
from matching.engine.remedies import RETRAINING, find_remedies
from matching.engine.rules import Reason
from matching.engine.vacant import BY_COURSE, ELSEWHERE, NOBODY, RESERVED, explain_vacant
from tests.matching.engine.problems import make_problem
from tests.matching.engine.test_explain import JOB, MASON, problem_of

LESS_IS_MORE = ("shortage",)


def work_out(problem: Problem) -> Solved:
    return solve_prepared(prepare(problem))


def gains(problem: Problem, changed: Problem) -> tuple[tuple[str, int], ...]:
    before = measure(problem, answer_problem(problem))
    after = measure(changed, answer_problem(changed))
    rows = ((name, getattr(after, name) - getattr(before, name)) for name in problem.policy.tiers)
    return tuple((name, -n if name in LESS_IS_MORE else n) for name, n in rows if n)


@pytest.mark.parametrize("seed", range(12))
def test_prices_are_what_solving_again_gains(seed: int) -> None:
    problem = put_in_order(make_problem(seed, people=12, jobs=5, courses=seed % 2))
    courses = {course.key: course for course in problem.courses}
    pay = {job.key: (job.pay_from, job.pay_to) for job in problem.vacancies}
    for price in find_prices(work_out(problem)):
        if price.kind == SLOT and (price.exact or not problem.courses) and not price.quota:
            changes = Changes(places=((price.key, price.category, price.quota, 1),))
            assert gains(problem, apply_changes(problem, changes)) == price.gains
        if price.kind == PAY:
            low, high = pay[price.key]
            changes = Changes(pay=((price.key, low + PAY_STEP, high + PAY_STEP),))
            assert gains(problem, apply_changes(problem, changes)) == price.gains
        if price.kind == SEAT:
            course = replace(courses[price.key], seats=courses[price.key].seats + 1)
            assert gains(problem, replace(problem, courses=(course,))) == price.gains


def test_the_call_list_begins_with_what_places_most() -> None:
    people = tuple(replace(MASON, key=f"c{n}", pay_accepted=210_000) for n in range(3))
    jobs = (
        replace(JOB, key="v1", pay_to=210_000),
        replace(JOB, key="v2", pay_to=195_000),
    )
    learner = replace(MASON, key="c9", wishes=(), retraining="7212")
    course = Course("k", "7212", "home", seats=1, cost=5, ends_in=30)
    smith = replace(JOB, key="v3", isco08="7212", places=(replace(JOB.places[0], count=2),))
    problem = replace(
        problem_of((*people, learner, replace(learner, key="d9")), (*jobs, smith), (course,)),
        budget=5,
    )
    prices = find_prices(work_out(problem))
    assert {(p.kind, p.key) for p in prices if dict(p.gains).get("placements")} == {
        (SLOT, "v1"),
        (PAY, "v2"),
    }
    assert all(dict(p.gains).get("placements") == 1 for p in prices[:2])
    roomy = replace(problem, courses=(replace(course, seats=2),))
    assert (BUDGET, "") in {(p.kind, p.key) for p in find_prices(work_out(roomy))}
    rich = replace(problem, budget=10)
    assert (SEAT, "k") in {(p.kind, p.key) for p in find_prices(work_out(rich))}


def test_each_kind_of_change_is_offered_where_it_alone_helps() -> None:
    person = replace(MASON, pay_accepted=250_000, max_km=10)
    jobs = (
        replace(JOB, key="v1", pay_to=240_000),
        replace(JOB, key="v2", pay_to=300_000, licences=("B",)),
        replace(JOB, key="v3", pay_to=300_000, isco08="5120"),
        replace(JOB, key="v4", pay_to=300_000, isco08="7212"),
        replace(JOB, key="v5", licences=("B",)),
    )
    course = Course("k", "7212", "home", seats=1, ends_in=30)
    found = find_remedies(work_out(problem_of((person,), jobs, (course,))), "c1")
    assert [(r.code, r.vacancy, r.course) for r in found][:1] == [("licence", "v2", None)]
    assert [r.code for r in found] == ["licence", "profession", RETRAINING, "pay"]
    assert found[2].course == "k"
    assert found[-1].needed[0].params == {"offered": 240_000, "accepted": 250_000}
    assert all(dict(r.gains)["placements"] == 1 for r in found)


def test_two_changes_are_offered_where_no_single_one_suffices() -> None:
    person = replace(MASON, pay_accepted=250_000, max_km=10)
    job = replace(JOB, key="v1", pay_to=240_000, licences=("B",))
    (pair,) = find_remedies(work_out(problem_of((person,), (job,))), "c1")
    assert (pair.code, pair.vacancy, pair.gains[0]) == ("licence+pay", "v1", ("placements", 1))
    assert [reason.code for reason in pair.needed] == ["licence", "pay"]


def test_a_cleared_gate_is_worth_what_the_person_adds() -> None:
    waits = replace(MASON, key="c2", waiting_days=900)
    problem = problem_of((MASON,), (replace(JOB, places=(Places(None, False, 2),)),))
    one = work_out(replace(problem, gated=(waits,)))
    (price,) = [price for price in find_prices(one) if price.kind == GATE]
    assert (price.key, price.exact, dict(price.gains)["placements"]) == ("c2", True, 1)
    full = work_out(replace(problem_of((MASON,), (JOB,)), gated=(replace(MASON, key="c2"),)))
    assert [price for price in find_prices(full) if price.kind == GATE] == []


def test_who_waits_for_support_hears_what_else_is_needed() -> None:
    waits = replace(MASON, key="c2", wishes=(Wish("7112", 9),))
    one = work_out(replace(problem_of((MASON,), (JOB,)), gated=(waits,)))
    (alone,) = find_remedies(one, "c2")
    assert (alone.code, alone.vacancy, alone.course) == (GATE, "v1", None)
    assert alone.needed == (Reason(GATE),)
    assert alone.gains == (("score", 100),)  # of experience; the other mason makes room
    driver = replace(JOB, key="v2", licences=("B",), isco08="5120")
    wishes = replace(waits, wishes=(Wish("5120"),))
    both = work_out(replace(problem_of((MASON,), (JOB, driver)), gated=(wishes,)))
    (pair,) = find_remedies(both, "c2")
    assert (pair.code, pair.vacancy, dict(pair.gains)["placements"]) == ("gate+licence", "v2", 1)
    assert [reason.code for reason in pair.needed] == [GATE, "licence"]
    learns = replace(waits, wishes=(), retraining="7212")
    course = Course("k", "7212", "home", seats=1, ends_in=30)
    smith = replace(JOB, key="v3", isco08="7212")
    (taught,) = find_remedies(
        work_out(replace(problem_of((MASON,), (JOB, smith), (course,)), gated=(learns,))), "c2"
    )
    assert (taught.code, taught.vacancy, taught.course) == (GATE, "v3", "k")


def test_every_place_left_open_has_one_code() -> None:
    jobs = (
        replace(JOB, key="v1", places=(Places(None, False, 2),)),
        replace(JOB, key="v2", licences=("B",)),
        replace(JOB, key="v3", isco08="7212"),
        replace(JOB, key="v4", places=(Places("released", False, 1), Places(None, False, 1))),
    )
    person = replace(MASON, categories=("probation",), retraining="7212")
    course = Course("k", "7212", "home", seats=1, least=2, ends_in=30)
    one = work_out(problem_of((person,), jobs, (course,)))
    told = {(row.vacancy, row.category): row for row in explain_vacant(one)}
    codes = {at: row.code for at, row in told.items()}
    assert codes[("v2", None)] == NOBODY
    assert codes[("v3", None)] == BY_COURSE
    assert codes[("v4", "released")] == RESERVED
    assert set(codes.values()) == {NOBODY, BY_COURSE, RESERVED, ELSEWHERE}
    assert {r.code: dict(r.params) for r in told[("v2", None)].reasons}["licence"]["alone"] == 1
    full = [p for p, people in one.outcome.occupants.items() if one.outcome.is_full(p) and people]
    assert len(told) + len(full) == len(one.prepared.layout.positions)


@pytest.mark.parametrize("seed", range(8))
def test_a_remedy_places_the_person_and_never_costs_the_plan(seed: int) -> None:
    one = work_out(make_problem(seed, people=12, jobs=5, courses=1))
    order = [tier.name for tier in one.prepared.tiers]
    placed = {one.prepared.problem.candidates[i].key for i in one.outcome.row_of}
    for person in one.prepared.problem.candidates:
        for remedy in find_remedies(one, person.key):
            assert person.key not in placed
            worth = [dict(remedy.gains).get(name, 0) for name in order]
            assert worth >= [0] * len(order)
            assert remedy.needed


def test_what_law_forbids_is_never_lifted_and_strangers_are_unknown() -> None:
    from matching.engine.problem import Restriction

    person = replace(MASON, restrictions=(Restriction("minors"),))
    one = work_out(problem_of((person,), (replace(JOB, flags=("minors",)),)))
    assert find_remedies(one, "c1") == ()
    with pytest.raises(KeyError):
        find_remedies(one, "nobody")
