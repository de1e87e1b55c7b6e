"""The price on a shared budget: what it finds is feasible, what it bounds is never beaten."""

import copy
from dataclasses import replace

import numpy as np
import pytest

from matching.engine.bounds import Goal, values_of, weigh
from matching.engine.budget import Market, spent_by
from matching.engine.certificate import make_run
from matching.engine.components import make_part, split_options, usable_options
from matching.engine.generator import SIZES, generate_size
from matching.engine.objective import format_tiers
from matching.engine.plan import OPTIMAL
from matching.engine.solver import Limits, rate, solve
from matching.engine.stages import dominating, modest, solve_offer, solve_part, sum_spans
from matching.engine.verification import verify_run


def never():
    return False


def market_of(instance):
    tiers = format_tiers(instance)
    pieces = split_options(instance, usable_options(instance), coupled=False)
    parts = [make_part(instance, tiers, piece, coupled=False) for piece in pieces]
    begun = [np.flatnonzero(np.isin(p.candidate, p.pinned) & (p.course < 0)) for p in parts]
    ample = [solve_part(p, plan=b, stop=never) for p, b in zip(parts, begun, strict=True)]
    unpriced = [np.searchsorted(r.names.option, r.chosen) for r in ample]
    return Market(
        parts,
        instance.budget,
        unpriced,
        begun,
        lambda offers, phase: [solve_offer(offer, never) for offer in offers],
    )


def four_regions(share):
    """Four regions with courses, whose money is this share of what all seats cost."""
    size = replace(SIZES["today"], regions=4, candidates=400, vacancies=90, slots=240, courses=16)
    instance = generate_size(size, 7)
    return replace(instance, budget=int(int((instance.seats * instance.cost).sum()) * share))


def scarce(share):
    """Four regions, whose money is this share of what the best plan would spend."""
    instance = four_regions(1.0)
    taken = instance.course[solve(instance, format_tiers(instance)).chosen]
    return replace(instance, budget=int(instance.cost[taken[taken >= 0]].sum() * share))


@pytest.mark.parametrize("share", [0.1, 0.3, 0.6])
@pytest.mark.parametrize("weighing", ["modest", "dominating"])
def test_a_shared_budget_is_kept_and_bounded(share, weighing):
    instance = four_regions(share)
    market = market_of(instance)
    parts = market.parts
    multipliers = modest(parts) if weighing == "modest" else dominating(sum_spans(parts))
    goal = Goal(tuple(multipliers))
    found = market.share(goal, guess=max(1, multipliers[-2] // 50), prices=8)
    assert sum(spent_by(*pair) for pair in zip(parts, found.chosen, strict=True)) <= instance.budget
    value = sum(
        weigh(values_of(part, plan), goal) for part, plan in zip(parts, found.chosen, strict=True)
    )
    exact = solve(instance, format_tiers(instance))
    assert exact.status == OPTIMAL
    shortage, placements, score = (tier.value for tier in exact.tiers)
    best = weigh((-shortage, placements, score), goal)
    if weighing == "dominating":
        assert best >= value
    bound = found.proof.bound
    assert bound >= best
    assert (bound - value) / abs(bound) < 0.01


@pytest.mark.parametrize("share", [0.6, 0.7, 0.9])
def test_what_a_price_bounds_is_in_the_certificate(share):
    instance = scarce(share)
    tiers = format_tiers(instance)
    plan = solve(instance, tiers, Limits(together=0))
    exact = solve(instance, tiers)
    assert exact.status == OPTIMAL
    assert plan.shared and plan.gap < 0.01
    run = make_run(instance, tiers, plan)
    verdict = verify_run(run)
    assert verdict.feasible and verdict.failures == ()
    assert [bound for *_, bound in verdict.tiers] == [tier.bound for tier in plan.tiers]
    # The plan is no better than the exact one, and that one no better than the bound.
    open_tier = next(at for at, tier in enumerate(plan.tiers) if not tier.closed)
    assert plan.tiers[:open_tier] == exact.tiers[:open_tier]
    assert plan.tiers[open_tier].value <= exact.tiers[open_tier].value
    assert exact.tiers[open_tier].value <= plan.tiers[open_tier].bound
    rated = rate(instance, tiers, plan, plan.chosen)
    assert make_run(instance, tiers, rated) == run


def test_an_altered_certificate_of_a_shared_budget_is_refused():
    instance = scarce(0.7)
    tiers = format_tiers(instance)
    run = make_run(instance, tiers, solve(instance, tiers, Limits(together=0)))
    alterations = (
        lambda proof: proof.update(bound=proof["bound"] - proof["multipliers"][1]),
        lambda proof: proof.update(price=-proof["price"]),
        lambda proof: proof.update(price=proof["price"] // 3),
        lambda proof: proof.update(multipliers=[-m for m in proof["multipliers"]]),
    )
    for alter in alterations:
        altered = copy.deepcopy(run)
        alter(altered["shared"][-1])
        alter(altered["shared"][0])
        assert verify_run(altered).failures
    altered = copy.deepcopy(run)
    altered["shared"] = []
    assert verify_run(altered).failures
