"""Evening out: the best plan with enough of a group placed, against every plan looked at one by one."""

import random

import pytest

from matching.engine.answer import Prepared, prepare
from matching.engine.evening import even_out
from matching.engine.objective import ShortageTier, gain_of
from tests.matching.engine.oracle import every_plan, worth
from tests.matching.engine.problems import make_problem


def best_by_hand(made: Prepared, group: set[str], least: int) -> tuple[int, tuple[int, ...]]:
    """(how many of the group are placed, gains by tier) of the best plan: enough of the group first."""
    instance, people = made.layout.instance, made.problem.candidates

    def placed(plan: tuple[int, ...]) -> int:
        return sum(people[instance.candidate[option]].key in group for option in plan)

    plans = [(placed(plan), worth(instance, plan, made.tiers)) for plan in every_plan(instance)]
    most = min(least, max(number for number, _ in plans))
    return most, max(gains for number, gains in plans if number >= most)


@pytest.mark.parametrize("seed", range(60))
def test_it_is_the_best_plan_with_enough_of_the_group_placed(seed: int) -> None:
    made = prepare(make_problem(seed, people=5, jobs=3))
    draw = random.Random(seed)
    people = [person.key for person in made.problem.candidates]
    group = set(draw.sample(people, draw.randint(1, 4)))
    least = draw.randint(0, len(group))
    evened = even_out(made, group, least=least)
    assert evened is not None
    most, gains = best_by_hand(made, group, least)
    assert evened.reached == (most == least)
    assert min(evened.placed, least) == most
    tiers = {tier.name: tier for tier in made.tiers}
    assert tuple(gain_of(value, tiers[name]) for name, value in evened.tiers) == gains


def test_nothing_asked_costs_nothing_and_more_never_costs_less() -> None:
    made = prepare(make_problem(7, people=8, jobs=4))
    group = {person.key for person in made.problem.candidates[::2]}
    gains = []
    for least in range(len(group) + 1):
        evened = even_out(made, group, least=least)
        assert evened is not None
        if evened.reached:
            gains.append(
                tuple(
                    -value if isinstance(tier, ShortageTier) else value
                    for tier, (_, value) in zip(made.tiers, evened.tiers, strict=True)
                )
            )
    assert gains == sorted(gains, reverse=True)
