"""Regrets and slot prices against solving again with the pair pinned or the slot added."""

from dataclasses import replace

import numpy as np
import pytest

from matching.engine.generator import Size, generate, generate_size
from matching.engine.holding import hold
from matching.engine.objective import OptionTier, ShortageTier, format_tiers, gain_of
from matching.engine.plan import INFEASIBLE
from matching.engine.regrets import NotTheBestError, find_regrets
from matching.engine.solver import solve
from tests.factories import HISTORIES
from tests.matching.engine import oracle


def gains(instance, tiers):
    plan = solve(instance, tiers)
    if plan.status == INFEASIBLE:
        return None
    return np.array([gain_of(f.value, t) for f, t in zip(plan.tiers, tiers, strict=True)])


def held_round(instance, tiers=None):
    tiers = tiers or format_tiers(instance)
    return hold(instance, tiers, solve(instance, tiers).chosen)


def check(held, options, vacancies):
    whole, found = gains(held.instance, held.tiers), find_regrets(held)
    for option in options:
        row = [int(c[option]) for c in (held.instance.candidate, held.instance.vacancy)]
        pinned = replace(held.instance, pinned=np.array([[*row, -1]]))
        again = gains(pinned, held.tiers)
        assert found.reachable[option] == (again is not None)
        if again is not None:
            assert (whole - again).tolist() == found.option[option].tolist()
    for vacancy in vacancies:
        slots = held.instance.slots.copy()
        slots[vacancy] += 1
        more = gains(replace(held.instance, slots=slots), held.tiers)
        assert (more - whole).tolist() == found.slot[vacancy].tolist()


def test_every_regret_and_slot_price_of_tiny_networks():
    checked = 0
    for seed in range(400 if HISTORIES else 150):
        instance = oracle.tiny_instance(seed)
        if solve(instance, format_tiers(instance)).status == INFEASIBLE:
            continue
        held = held_round(instance)
        checked += held.instance.options
        check(held, range(held.instance.options), range(held.instance.vacancies))
    assert checked > (600 if HISTORIES else 225)


def test_random_regrets_and_slot_prices_equal_solving_again():
    size, checked, seed = Size(40, 12, 30, 6, 3, 2, 10), 0, 0
    while checked < (1000 if HISTORIES else 350):
        seed += 1
        draw = np.random.default_rng([7, seed])
        held = held_round(generate_size(size, seed))
        options = draw.permutation(held.instance.options)[:40].tolist()
        vacancies = draw.permutation(held.instance.vacancies)[:8].tolist()
        check(held, options, vacancies)
        checked += len(options) + len(vacancies)


@pytest.mark.parametrize("seed", range(4))
def test_regrets_at_today_size(seed):
    draw = np.random.default_rng(seed)
    held = held_round(generate("today", seed))
    options = draw.permutation(held.instance.options)[:40]
    check(held, options.tolist(), draw.permutation(held.instance.vacancies)[:15].tolist())


def test_the_plan_of_the_whole_is_the_best_of_its_network():
    for seed in range(6):
        instance = generate("today", seed)
        tiers = format_tiers(instance)
        held = held_round(instance)
        plan = solve(held.instance, held.tiers)
        values = [sum(t.weight[held.chosen]) for t in held.tiers if isinstance(t, OptionTier)]
        assert [tier.value for tier in plan.tiers[1:]] == values
        assert len(tiers) == len(held.tiers)


def test_tiers_of_a_round_with_convex_shortage():
    for seed in range(40):
        instance = oracle.tiny_instance(seed)
        draw = np.random.default_rng(seed)
        tiers = (
            OptionTier("priority", draw.integers(0, 2, instance.options)),
            ShortageTier("shortage", convex=True),
            OptionTier("score", instance.score),
        )
        if solve(instance, tiers).status != INFEASIBLE:
            held = held_round(instance, tiers)
            check(held, range(held.instance.options), range(held.instance.vacancies))


def test_a_plan_that_is_not_the_best_is_refused():
    instance = generate("today", 1)
    held = held_round(instance)
    with pytest.raises(NotTheBestError):
        find_regrets(replace(held, chosen=held.chosen[1:]))
