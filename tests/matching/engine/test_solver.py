"""The solver against the oracle that looks at every plan, and against its own promises."""

import pytest

from matching.engine.objective import format_tiers
from matching.engine.solver import INFEASIBLE, OPTIMAL, solve
from tests.matching.engine import oracle


@pytest.mark.parametrize("block", range(8))
def test_plans_are_as_good_as_the_best_of_all_plans(block):
    for seed in range(block * 50, block * 50 + 50):
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
