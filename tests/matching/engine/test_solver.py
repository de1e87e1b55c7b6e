"""The solver against the oracle that looks at every plan, and against its own promises."""

import time
from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, milp

from matching.engine.certificate import make_run
from matching.engine.feasibility import violations
from matching.engine.generator import (
    SIZES,
    generate,
    generate_size,
    with_contested_quotas,
    without_side_rows,
)
from matching.engine.instance import make_instance
from matching.engine.objective import format_tiers
from matching.engine.openformat import format_plan
from matching.engine.plan import FEASIBLE, INFEASIBLE, OPTIMAL
from matching.engine.solver import Limits, solve
from matching.engine.verification import verify_run
from tests.factories import HISTORIES
from tests.matching.engine import oracle


@pytest.mark.parametrize("block", range(8))
def test_plans_are_as_good_as_the_best_of_all_plans(block):
    for seed in range(block * 250, block * 250 + (250 if HISTORIES else 100)):
        instance = oracle.tiny_instance(seed)
        best = max((oracle.worth(instance, p) for p in oracle.every_plan(instance)), default=None)
        plan = solve(instance, format_tiers(instance))
        if best is None:
            assert plan.status == INFEASIBLE, seed
        else:
            assert plan.status == OPTIMAL, seed
            values = [tier.value for tier in plan.tiers]
            assert (-values[0], *values[1:]) == best, seed
            assert oracle.is_feasible(instance, tuple(plan.chosen.tolist()))


def best(instance, limits=None):
    plan = solve(instance, format_tiers(instance), limits)
    assert plan.status == OPTIMAL
    shortage, placements, score = (tier.value for tier in plan.tiers)
    return (-shortage, placements, score)


def jobs(options, **more):
    """A small instance: people and vacancies as far as the options name them, one employer."""
    people = max(option[0] for option in options) + 1
    vacancies = max(option[1] for option in options) + 1
    return make_instance(
        **{
            "options": tuple(zip(*options, strict=True)),
            "vacancies": ([0] * vacancies, [1] * vacancies),
            "min_fill": [0],
            "case": [-1] * people,
            **more,
        }
    )


def chosen(instance):
    return list(solve(instance, format_tiers(instance)).choices)


def test_slots_bound_a_vacancy():
    assert chosen(jobs([(0, 0, -1, 5), (1, 0, -1, 9)])) == [(1, 0, -1)]


def test_placements_come_before_score():
    assert len(chosen(jobs([(0, 0, -1, 900), (0, 1, -1, 1), (1, 0, -1, 1)]))) == 2


def test_a_quota_comes_before_placements():
    options = [(0, 0, -1, 9), (1, 0, -1, 9), (0, 1, -1, 1)]
    rows = {"vacancies": ([0, 1], [1, 1]), "min_fill": [0, 1]}
    assert (0, 1, -1) in chosen(jobs(options, **rows))


def test_a_course_needs_its_cohort_and_has_its_seats():
    options = [(person, person, 0, 9) for person in range(4)]
    two_or_three = {"courses": ([3], [2], [0])}
    assert len(chosen(jobs(options, **two_or_three))) == 3
    assert chosen(jobs(options[:1], **two_or_three)) == []


def test_the_budget_bounds_the_cost_of_courses():
    options = [(person, person, 0, 9) for person in range(4)]
    assert len(chosen(jobs(options, courses=([4], [1], [5]), budget=14))) == 2
    assert chosen(jobs(options, courses=([4], [1], [5]), budget=0)) == []


def test_people_of_one_case_do_not_meet_at_an_employer():
    options = [(0, 0, -1, 5), (1, 1, -1, 9)]
    assert chosen(jobs(options, case=[3, 3])) == [(1, 1, -1)]
    assert len(chosen(jobs(options, case=[3, 3], case_limit=2))) == 2
    assert chosen(jobs(options, case=[3, -1], case_limit=0)) == [(1, 1, -1)]


@pytest.mark.parametrize("seed", range(4))
def test_progress_tells_values_and_bounds_that_close_on_the_plan(seed):
    instance = generate("today", seed)
    told = []
    plan = solve(instance, format_tiers(instance), progress=told.append)
    assert format_plan(plan) == format_plan(solve(instance, format_tiers(instance)))
    assert told[-1].done == told[-1].total == len(plan.parts)
    assert told[-1].tiers == plan.tiers
    best = {tier.name: tier.value for tier in plan.tiers}
    for progress in told:
        for tier in progress.tiers:
            less = tier.bound <= best[tier.name]
            assert tier.bound == best[tier.name] or less == (tier.name == "shortage")
    placed = [progress.tiers[1].value for progress in told]
    assert placed == sorted(placed)


def test_a_search_is_told_branch_by_branch():
    instance = generate("today", 5)
    spent = sum(
        instance.cost[k] for _, _, k in solve(instance, format_tiers(instance)).choices if k >= 0
    )
    tight, told = replace(instance, budget=int(spent) * 8 // 10), []
    plan = solve(tight, format_tiers(tight), progress=told.append)
    assert plan.nodes > 1
    assert len([progress for progress in told if progress.done < progress.total]) >= 1
    assert told[-1].tiers == plan.tiers


def test_a_case_counts_over_all_books_of_a_house():
    options = [(0, 0, -1, 5), (1, 1, -1, 9)]
    books = {"vacancies": ([0, 1], [1, 1]), "min_fill": [1, 0], "case": [3, 3]}
    assert len(chosen(jobs(options, **books))) == 2
    assert chosen(jobs(options, **books, house=[0, 0])) == [(0, 0, -1)]  # the quota goes first
    assert len(chosen(jobs(options, **books, house=[0, 0], case_limit=2))) == 2
    assert len(chosen(jobs(options, **books, house=[-1, -1], case_limit=0))) == 2


def test_pins_hold_and_forbidden_pairs_do_not():
    options = [(0, 0, -1, 5), (1, 0, -1, 9), (1, 1, -1, 1)]
    assert chosen(jobs(options, pinned=[[1, 1, -1]])) == [(0, 0, -1), (1, 1, -1)]
    assert chosen(jobs(options, forbidden=[[1, 0], [1, 1]])) == [(0, 0, -1)]


def test_clashing_pins_are_answered_with_an_irreducible_set():
    options = [(0, 0, -1, 5), (1, 0, -1, 9), (2, 1, -1, 1), (3, 1, -1, 1), (3, 2, -1, 1)]
    pins = [[0, 0, -1], [1, 0, -1], [2, 1, -1]]
    plan = solve(jobs(options, pinned=pins), format_tiers(jobs(options)))
    assert (plan.status, plan.choices) == (INFEASIBLE, ())
    assert plan.clash == ((0, 0, -1), (1, 0, -1))


@pytest.mark.parametrize(
    "pins", [[[0, 1, -1]], [[2, 0, -1]], [[1, 1, -1]], [[1, 0, -1], [1, 0, 0]]]
)
def test_pins_that_are_no_options_or_forbidden_or_double_clash(pins):
    options = [(0, 0, -1, 5), (1, 0, -1, 9), (1, 0, 0, 9), (1, 1, -1, 3), (2, 2, -1, 3)]
    instance = jobs(options, pinned=pins, forbidden=[[1, 1]], courses=([2], [1], [0]))
    assert solve(instance, format_tiers(instance)).clash == tuple(map(tuple, pins))


@pytest.mark.parametrize("people", [0, 3])
def test_empty_sides_have_the_empty_plan(people):
    instance = make_instance(
        options=((), (), (), ()), vacancies=((), ()), min_fill=[2], case=[-1] * people
    )
    plan = solve(instance, format_tiers(instance))
    assert (plan.status, plan.choices) == (OPTIMAL, ())
    assert [tier.value for tier in plan.tiers] == [2, 0, 0]


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_rows_changes_nothing(seed):
    instance = generate("today", seed)
    order = np.random.default_rng(seed).permutation(instance.options)
    shuffled = make_instance(
        options=tuple(
            column[order]
            for column in (instance.candidate, instance.vacancy, instance.course, instance.score)
        ),
        vacancies=(instance.employer, instance.slots),
        min_fill=instance.min_fill,
        courses=(instance.seats, instance.min_cohort, instance.cost),
        case=instance.case,
        budget=instance.budget,
        case_limit=instance.case_limit,
        pinned=instance.pinned[::-1].tolist(),
        forbidden=instance.forbidden[::-1].tolist(),
    )
    assert chosen(shuffled) == chosen(instance)


@pytest.mark.parametrize("seed", range(8))
def test_less_room_never_helps(seed):
    instance = generate("today", seed)
    whole = best(instance)
    fewer = instance.slots.copy()
    fewer[np.argmax(fewer)] -= 1
    seats = np.maximum(instance.seats - 1, 0)
    for less in (
        {"slots": fewer},
        {"seats": seats},
        {"budget": instance.budget // 2},
        {"budget": 0},
        {"min_cohort": instance.min_cohort + 1},
    ):
        plan = solve(replace(instance, **less), format_tiers(instance))
        if plan.status != INFEASIBLE:
            shortage, placements, score = (tier.value for tier in plan.tiers)
            assert (-shortage, placements, score) <= whole


@pytest.mark.parametrize("seed", range(6))
def test_an_independent_solver_agrees_at_today_size(seed):
    """scipy's mixed-integer programming, tier by tier; from nothing to ample money."""
    instance = generate("today", 10 + seed)
    instance = replace(instance, budget=instance.budget * seed // 5)
    assert best(instance) == milp_tiers(instance)


def milp_tiers(instance):
    m, courses, firms = instance.options, instance.courses, instance.employers
    firm = instance.employer[instance.vacancy]
    rows, lower, upper = [], [], []

    def add(at, columns, values, low, high, height):
        matrix = sp.coo_matrix((values, (at, columns)), shape=(height, m + courses + firms))
        rows.append(matrix)
        lower.append(np.broadcast_to(low, height).astype(float))
        upper.append(np.broadcast_to(high, height).astype(float))

    every, taught, ones = np.arange(m), np.flatnonzero(instance.course >= 0), np.ones(m)
    add(instance.candidate, every, ones, 0, 1, instance.candidates)
    add(instance.vacancy, every, ones, 0, instance.slots, instance.vacancies)
    at = np.r_[instance.course[taught], np.arange(courses)]
    both = np.r_[taught, m + np.arange(courses)]
    add(at, both, np.r_[ones[taught], -instance.seats], -np.inf, 0, courses)
    add(at, both, np.r_[ones[taught], -instance.min_cohort], 0, np.inf, courses)
    cost = instance.cost[instance.course[taught]]
    add(0 * taught, taught, cost, 0, instance.budget, 1)
    grouped = np.flatnonzero(instance.case[instance.candidate] >= 0)
    key = instance.case[instance.candidate[grouped]] * firms + firm[grouped]
    add(key, grouped, ones[grouped], 0, instance.case_limit, (instance.case.max() + 1) * firms)
    quota = np.r_[firm, np.arange(firms)]
    at = np.r_[every, m + courses + np.arange(firms)]
    add(quota, at, np.ones(m + firms), instance.min_fill, np.inf, firms)
    low = np.zeros(m + courses + firms)
    high = np.r_[np.ones(m + courses), instance.min_fill]
    low[instance.find_options(instance.pinned)] = 1
    high[:m][~instance.allowed()] = 0
    gains = (
        np.r_[np.zeros(m + courses), -np.ones(firms)],
        np.r_[ones, np.zeros(courses + firms)],
        np.r_[instance.score, np.zeros(courses + firms)],
    )
    found = []
    for gain in gains:
        matrix = sp.vstack(rows).tocsr()
        rules = LinearConstraint(matrix, np.concatenate(lower), np.concatenate(upper))
        whole = np.r_[np.ones(m + courses), np.zeros(firms)]
        answer = milp(-gain, constraints=rules, bounds=Bounds(low, high), integrality=whole)
        assert answer.status == 0
        found.append(round(-answer.fun))
        add(np.zeros(len(gain), int), np.arange(len(gain)), gain, found[-1] - 1e-6, np.inf, 1)
    return tuple(found)


def test_one_giant_component_and_several_parts_give_a_proof_alike():
    several = generate_size(replace(SIZES["today"], regions=3, candidates=240), 4)
    assert best(several) == milp_tiers(several)
    assert best(without_side_rows(several)) == milp_tiers(without_side_rows(several))


def test_a_quota_that_costs_placements_is_filled_first():
    """Elsewhere filling quotas never costs a placement; here the money is enough for one of both."""
    lost = 0
    for size, seed in (*(("tiny", seed) for seed in range(6)), ("today", 1)):
        instance = with_contested_quotas(generate(size, seed), seed)
        shortage, placements, score = format_tiers(instance)
        found = best(instance)
        assert found == milp_tiers(instance)
        freely = solve(instance, (placements, shortage, score))
        lost += freely.tiers[0].value - found[1]
        assert freely.tiers[1].value >= -found[0]
        for tiers in ((shortage, placements, score), (placements, shortage, score)):
            run = make_run(instance, tiers, solve(instance, tiers))
            assert verify_run(run).failures == ()
    assert lost >= 7


def test_processes_change_nothing():
    instance = generate_size(replace(SIZES["today"], regions=3, candidates=240), 5)
    alone = solve(instance, format_tiers(instance))
    together = solve(instance, format_tiers(instance), Limits(workers=2))
    assert together.choices == alone.choices and together.tiers == alone.tiers


def test_a_limit_reached_is_said_with_its_gap():
    instance = generate("full", 1)
    plan = solve(instance, format_tiers(instance), Limits(0.0, time.monotonic))
    assert plan.status == FEASIBLE and plan.gap > 0
    assert not violations(instance, plan.choices)
    proven = [tier.value for tier in solve(instance, format_tiers(instance)).tiers]
    assert plan.tiers[0].bound <= proven[0]
    assert plan.tiers[1].bound >= proven[1]
