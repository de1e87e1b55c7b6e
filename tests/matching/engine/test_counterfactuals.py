"""What a choice not made would cost: the same as solving again with it; and a sample of it is."""

from dataclasses import replace

import numpy as np
import pytest

from matching.engine.answer import Solved, answer_problem, explain_solved, prepare, solve_prepared
from matching.engine.counterfactuals import check_sample, name_amounts, values_of
from matching.engine.problem import Employer, Places
from tests.matching.engine.problems import make_problem
from tests.matching.engine.test_explain import JOB, MASON, problem_of


def solved(seed: int, courses: int = 1) -> Solved:
    """Without courses there is nobody to be kept apart either: nothing is held."""
    problem = make_problem(seed, people=12, jobs=6, courses=courses)
    if not courses:
        free = tuple(replace(person, case=None) for person in problem.candidates)
        problem = replace(problem, candidates=free)
    return solve_prepared(prepare(problem))


def force(one: Solved, option: int):
    """What the best plan with this option has less, by solving once for each position of its vacancy."""
    instance, tiers = one.prepared.layout.instance, one.prepared.tiers
    whole = values_of(instance, tiers)
    lost = []
    for row in np.flatnonzero(one.prepared.layout.option == option):
        pin = [[instance.candidate[row], instance.vacancy[row], instance.course[row]]]
        again = values_of(replace(instance, pinned=np.array(pin)), tiers)
        lost.append([a - b for a, b in zip(whole, again, strict=True)])
    return name_amounts(tiers, min(lost))


@pytest.mark.parametrize("seed", range(12))
def test_costs_without_courses_are_those_of_solving_again(seed: int) -> None:
    one = solved(seed, courses=0)
    assert one.alternatives is not None
    taken = {int(one.prepared.layout.option[row]) for row in one.plan.chosen}
    costs = one.alternatives.costs
    others = [option for option in costs if option not in taken]
    assert len(costs) == len(one.prepared.options)
    for option in others:
        assert costs[option] == force(one, option)


def test_the_runner_up_of_a_placed_person_is_the_cheapest_for_the_plan() -> None:
    found = 0
    for seed in range(20):
        one = solved(seed, courses=0)
        for choice in explain_solved(one).choices:
            if choice.runner_up is not None and choice.runner_up.cost is not None:
                found += 1
                amounts = [amount for _, amount in choice.runner_up.cost]
                assert not amounts or amounts[0] > 0
    assert found > 20


def test_a_sample_is_solved_again_and_one_that_is_wrong_is_found() -> None:
    one = solved(3)
    sample = explain_solved(one).sample
    assert (sample.checked, sample.wrong) == (3, 0)
    assert one.alternatives is not None
    held, told = one.alternatives.held, one.alternatives.regrets
    lie = replace(told, option=told.option + 1)
    assert check_sample(held, told, 5).wrong == 0
    assert check_sample(held, lie, 5).wrong == 3


def test_displaced_by_a_quota_that_goes_first() -> None:
    """Two places in one shop, one course seat's worth of people: the quota takes the only helper."""
    owed = replace(JOB, key="v1", employer="e", places=(Places(None, True, 1),))
    near = replace(JOB, key="v2", employer="f", pay_from=400_000, pay_to=400_000)
    person = replace(MASON, key="c0", pay_wanted=400_000, pay_accepted=100_000)
    problem = replace(
        problem_of((person,), (owed, near)),
        employers=(Employer("e", quota_open=1), Employer("f")),
    )
    (choice,) = answer_problem(problem).choices
    assert choice.vacancy == "v1"
    assert choice.runner_up is not None
    assert choice.runner_up.behind < 0
    assert choice.runner_up.cost is not None
    assert choice.runner_up.cost[0] == ("shortage", 1)
    assert choice.runner_up.cost[1][1] < 0
