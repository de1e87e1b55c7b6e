"""The frontier and preferences in turn against every plan of tiny problems."""

import json
from dataclasses import replace

import numpy as np
import pytest

from matching.engine.answer import explain_solved, prepare, solve_prepared
from matching.engine.choosing import SETTLED, make_goals, settled_in
from matching.engine.frontier import TRADED, find_frontier, longest_wait
from matching.engine.objective import gain_of, value_all
from matching.engine.plan import FEASIBLE
from matching.engine.preference import ranks_of, take_turns
from matching.engine.records import canonical
from matching.engine.runs import make_round_run, replay_round_run, verify_round_run
from matching.engine.within import solve_within
from tests.matching.engine import oracle
from tests.matching.engine.problems import make_problem

SEEDS = range(40)


def tiny(seed: int):
    return make_problem(seed, people=6, jobs=4)


def worths(prepared):
    """{(settled goals, all traded measures)} of every plan."""
    policy, instance = prepared.problem.policy, prepared.layout.instance
    law = make_goals(prepared, settled_in(policy), policy)
    traded = make_goals(prepared, TRADED, policy)
    for plan in oracle.every_plan(instance):
        chosen = np.array(sorted(plan), np.int64)
        gains = [
            gain_of(v, t) for v, t in zip(value_all(instance, traded, chosen), traded, strict=True)
        ]
        own = dict(zip(TRADED, gains, strict=True))
        told = (own["placements"], own["score"], own["shortage"], own["waiting"])
        yield value_all(instance, law, chosen), (*told, -longest_wait(prepared, chosen))


def test_no_plan_is_better_in_every_respect_than_a_point():
    points = 0
    for seed in SEEDS:
        prepared = prepare(tiny(seed))
        every = set(worths(prepared))
        lawful = {worth for law, worth in every if law == max(law for law, _ in every)}
        found = find_frontier(prepared)
        assert len({p.worth for p in found}) == len(found) > 0
        for point in found:
            assert point.proven
            assert point.worth in lawful
            better = [
                w
                for w in lawful
                if w != point.worth and all(a >= b for a, b in zip(w, point.worth, strict=True))
            ]
            assert better == [], (seed, point.worth)
        points += len(found)
    assert points > len(SEEDS)


@pytest.mark.parametrize("seed", range(12))
def test_a_point_chosen_is_found_again_by_its_policy_verified_and_replayed(seed: int):
    problem = tiny(seed)
    for point in find_frontier(prepare(problem)):
        chosen = replace(problem, policy=point.policy)
        solved = solve_prepared(prepare(chosen))
        again = solved.prepared.layout.instance
        values = value_all(
            again, make_goals(solved.prepared, TRADED, point.policy), solved.plan.chosen
        )
        told = (point.score, point.placements, point.shortage, point.waiting)
        assert values == told
        run = json.loads(canonical(make_round_run(solved, explain_solved(solved))))
        assert verify_round_run(run).failures == ()
        assert replay_round_run(run) == []


def lawful_plans(prepared, best, share):
    """Plans that keep law and share, as {candidate: rank of the wish answered}."""
    instance, rank = prepared.layout.instance, ranks_of(prepared)
    least = {t.name: t.value for t in best.tiers if t.name in SETTLED}
    least |= {
        t.name: -(-t.value * share // 100) for t in best.tiers if t.name in ("placements", "score")
    }
    names = [tier.name for tier in prepared.tiers]
    for plan in oracle.every_plan(instance):
        chosen = np.array(sorted(plan), np.int64)
        values = dict(zip(names, value_all(instance, prepared.tiers, chosen), strict=True))
        if all(values[name] >= value for name, value in least.items()):
            yield {int(instance.candidate[row]): int(rank[row]) for row in plan}


@pytest.mark.parametrize("share", [100, 80, 50])
def test_each_in_turn_has_the_best_wish_that_keeps_the_share(share: int):
    moved = 0
    for seed in SEEDS:
        problem = tiny(seed)
        best = solve_prepared(prepare(problem))
        policy = replace(problem.policy, preference_share=share)
        solved = solve_prepared(prepare(replace(problem, policy=policy)))
        left = list(lawful_plans(solved.prepared, best.plan, share))
        for person in take_turns(solved.prepared):
            ranks = [plan[person] for plan in left if person in plan]
            left = [plan for plan in left if not ranks or plan.get(person) == min(ranks)]
        rank, chosen = ranks_of(solved.prepared), solved.plan.chosen
        told = {int(solved.prepared.layout.instance.candidate[r]): int(rank[r]) for r in chosen}
        assert told in left
        moved += solved.plan.status == FEASIBLE
        bounds = [(t.name, t.bound) for t in solved.plan.tiers][:3]
        assert bounds == [(t.name, t.value) for t in best.plan.tiers][:3]
    assert share == 100 or moved


def test_a_start_that_misses_a_floor_or_breaks_a_rule_is_refused():
    solved = solve_prepared(prepare(tiny(1)))
    instance, tiers = solved.prepared.layout.instance, solved.prepared.tiers
    nobody = np.zeros(0, np.int64)
    with pytest.raises(ValueError, match="floor on placements"):
        solve_within(instance, tiers, {"placements": 1}, nobody)
    everything = np.arange(instance.options)
    with pytest.raises(ValueError, match="breaks a rule"):
        solve_within(instance, tiers, {}, everything)
