"""The price on a shared budget: what it finds is feasible, what it bounds is never beaten."""

from dataclasses import replace

import numpy as np
import pytest

from matching.engine.bounds import Goal, values_of, weigh
from matching.engine.budget import Market, spent_by
from matching.engine.components import make_part, split_options, usable_options
from matching.engine.generator import SIZES, generate_size
from matching.engine.objective import format_tiers
from matching.engine.plan import OPTIMAL
from matching.engine.solver import solve
from matching.engine.stages import dominating, modest, solve_offer, solve_part, sum_spans


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


@pytest.mark.parametrize("share", [0.1, 0.3, 0.6])
@pytest.mark.parametrize("weighing", ["modest", "dominating"])
def test_a_shared_budget_is_kept_and_bounded(share, weighing):
    size = replace(SIZES["today"], regions=4, candidates=400, vacancies=90, slots=240, courses=16)
    instance = generate_size(size, 7)
    spent = int((instance.seats * instance.cost).sum())
    instance = replace(instance, budget=int(spent * share))
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
    assert found.bound >= best
    assert (found.bound - value) / abs(found.bound) < 0.01
