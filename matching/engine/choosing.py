"""A plan chosen otherwise than by the order of goals alone: floors, or a share for preferences.

The plan of the order stands behind it: its bounds stay those of the result, so that what the choice
costs, goal by goal, is part of it.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from matching.engine.instance import Ints
from matching.engine.objective import OptionTier, Tier, gain_of
from matching.engine.plan import INFEASIBLE, Plan
from matching.engine.policy import Policy
from matching.engine.positions import make_tiers
from matching.engine.preference import prefer
from matching.engine.prepared import Prepared
from matching.engine.progress import Tell
from matching.engine.solver import rate, solve
from matching.engine.within import solve_within

SETTLED = ("promises", "priority")
PATIENT = "patient"  # how many of those who waited so long or longer are placed


def choose_plan(prepared: Prepared, best: Plan, *, progress: Tell) -> Plan:
    """The plan the policy chooses, beside the bounds of the best by its order. Floors that no plan can
    reach together are lowered to what can be reached, the first ones last."""
    policy = prepared.problem.policy
    if policy.settles_by_order or best.status == INFEASIBLE:
        return best
    if policy.preference_share:
        floors = {t.name: t.value for t in best.tiers if t.name in SETTLED}
        floors |= _share(best, policy.preference_share)
        chosen = prefer(prepared, best.chosen, floors, progress=progress)
    else:
        chosen = _keep_floors(prepared, policy)
    return rate(prepared.layout.instance, prepared.tiers, best, chosen)


def _keep_floors(prepared: Prepared, policy: Policy) -> Ints:
    instance, wanted = prepared.layout.instance, dict(policy.least)
    order = [*settled_in(policy), *(g for g in wanted if g not in settled_in(policy))]
    ahead = (*order, *(g for g in policy.tiers if g not in order))
    tiers = make_goals(prepared, ahead, policy)
    start = solve(instance, tiers)
    floors = {
        found.name: min(wanted[found.name], found.value, key=lambda v: gain_of(v, tier))
        for found, tier in zip(start.tiers, tiers, strict=True)
        if found.name in wanted
    }
    names = (*policy.tiers, *(goal for goal in wanted if goal not in policy.tiers))
    goals = make_goals(prepared, names, policy)
    return solve_within(instance, goals, floors, start.chosen).chosen


def _share(best: Plan, share: int) -> dict[str, int]:
    """At least so many per cent of the people and the points."""
    return {
        t.name: -(-t.value * share // 100) for t in best.tiers if t.name in ("placements", "score")
    }


def make_goals(prepared: Prepared, goals: Sequence[str], policy: Policy) -> tuple[Tier, ...]:
    """The tiers of these names; `patient` counts those placed who waited `patient_days` or more."""
    plain = tuple(goal for goal in goals if goal != PATIENT)
    problem = replace(prepared.problem, policy=replace(policy, tiers=plain))
    made = {t.name: t for t in make_tiers(problem, prepared.options, prepared.layout)}
    rows = prepared.options.candidate[prepared.layout.option]
    waited = np.array([c.waiting_days for c in problem.candidates], np.int64)[rows]
    made[PATIENT] = OptionTier(PATIENT, (waited >= policy.patient_days).astype(np.int64))
    return tuple(made[goal] for goal in goals)


def settled_in(policy: Policy) -> tuple[str, ...]:
    return tuple(goal for goal in policy.tiers if goal in SETTLED)
