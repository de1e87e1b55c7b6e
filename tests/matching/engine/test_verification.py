"""Certificates: what the solver proves a second, plain reckoning confirms; what is altered fails."""

import copy
import json
from dataclasses import replace

import numpy as np
import pytest

from matching.engine.certificate import make_run
from matching.engine.generator import generate
from matching.engine.instance import InstanceError, make_instance
from matching.engine.objective import OptionTier, ShortageTier, format_tiers
from matching.engine.plan import OPTIMAL
from matching.engine.replay import replay_run
from matching.engine.solver import solve
from matching.engine.verification import verify_run
from tests.matching.engine import oracle


def run_of(instance, tiers=None):
    tiers = tiers or format_tiers(instance)
    return json.loads(json.dumps(make_run(instance, tiers, solve(instance, tiers))))


def walk(node, path=()):
    yield path, node
    for key, inner in node.items() if isinstance(node, dict) else enumerate(node):
        if isinstance(inner, dict | list):
            yield from walk(inner, (*path, key))


@pytest.fixture(scope="module")
def runs():
    return [run_of(oracle.tiny_instance(seed)) for seed in range(120)]


def test_every_plan_and_every_clash_is_confirmed(runs):
    statuses = {run["plan"]["status"] for run in runs}
    assert statuses == {"optimal", "infeasible"}
    assert [verify_run(run).failures for run in runs] == [()] * len(runs)


def test_a_plan_made_worse_is_refused(runs):
    refused = 0
    for run in (copy.deepcopy(r) for r in runs if r["plan"]["choices"] and r["parts"]):
        run["plan"]["choices"].pop()
        refused += 1
        assert verify_run(run).failures
    assert refused > 50


def test_a_plan_that_brings_a_case_together_over_two_books_is_refused():
    instance = make_instance(
        options=([0, 1], [0, 1], [-1, -1], [5, 9]),
        vacancies=([0, 1], [1, 1]),
        min_fill=[1, 0],
        case=[3, 3],
        house=[0, 0],
    )
    run = run_of(instance)
    assert (run["instance"]["employers"]["house"], verify_run(run).failures) == ([0, 0], ())
    together = copy.deepcopy(run)
    together["plan"]["choices"] = [[0, 0, -1], [1, 1, -1]]
    assert verify_run(together).failures == ("the plan breaks case at 0",)
    apart = copy.deepcopy(together)
    apart["instance"]["employers"]["house"] = [0, 1]
    told = [["shortage", 0], ["placements", 2], ["score", 14]]
    apart["plan"]["tiers"] = [{"name": n, "value": v, "bound": v} for n, v in told]
    assert verify_run(apart).failures  # the proof was of another problem


def test_a_claim_of_more_is_refused(runs):
    for run in (copy.deepcopy(r) for r in runs if r["plan"]["status"] == "optimal"):
        run["plan"]["tiers"][2]["value"] += 1
        run["plan"]["tiers"][2]["bound"] += 1
        assert verify_run(run).failures


def test_a_lowered_bound_is_refused(runs):
    changed = 0
    for run in (copy.deepcopy(r) for r in runs if r.get("parts")):
        run["parts"][0]["proofs"][0]["bound"] -= 1
        changed += 1
        assert verify_run(run).failures
    assert changed > 50


def test_no_alteration_of_a_proof_makes_a_worse_plan_pass(runs):
    """Whatever is done to the prices and trees, a plan that is not optimal is never confirmed."""
    draw = np.random.default_rng(5)
    tried = 0
    for run in (copy.deepcopy(r) for r in runs if r.get("parts") and r["plan"]["choices"]):
        dropped = run["plan"]["choices"].pop(0)
        edges = (run["instance"]["edges"][key] for key in ("cand", "vac", "course", "score"))
        score = next(s for *row, s in zip(*edges, strict=True) if row == dropped)
        for at, less in ((1, 1), (2, score)):
            run["plan"]["tiers"][at]["value"] -= less
            run["plan"]["tiers"][at]["bound"] -= less
        places = [(p, n) for p, n in walk(run["parts"]) if n and isinstance(n, dict | list)]
        for _ in range(20):
            altered = copy.deepcopy(run)
            path, _ = places[draw.integers(len(places))]
            spot = altered["parts"]
            for key in path:
                spot = spot[key]
            keys = list(spot) if isinstance(spot, dict) else list(range(len(spot)))
            key = keys[draw.integers(len(keys))]
            old = spot[key]
            spot[key] = old + int(draw.integers(-9, 10)) if isinstance(old, int) else []
            tried += 1
            try:
                assert verify_run(altered).failures
            except InstanceError:
                continue
    assert tried > 500


def test_an_altered_clash_is_refused(runs):
    for run in (copy.deepcopy(r) for r in runs if r["plan"]["status"] == "infeasible"):
        run["plan"]["clash"] = run["plan"]["clash"][1:]
        run["clash"]["witnesses"] = run["clash"]["witnesses"][1:]
        assert verify_run(run).failures


def test_other_tiers_are_confirmed_too():
    for seed in range(60):
        instance = oracle.tiny_instance(seed)
        draw = np.random.default_rng(seed)
        tiers = (
            OptionTier("priority", draw.integers(0, 2, instance.options)),
            ShortageTier("shortage", convex=True),
            OptionTier("score", instance.score),
            OptionTier("waiting", draw.integers(-5, 1000, instance.options)),
        )
        assert verify_run(run_of(instance, tiers)).failures == ()


def test_tiers_that_need_several_stages_are_confirmed():
    """Weights too large for one weighing: each stage keeps what those before have reached."""
    for seed in range(60):
        instance = oracle.tiny_instance(seed)
        draw = np.random.default_rng(seed)
        tiers = (
            OptionTier("first", draw.integers(0, 10**9, instance.options)),
            ShortageTier("shortage"),
            OptionTier("second", draw.integers(0, 2, instance.options) * 10**8),
            OptionTier("third", draw.integers(0, 10**9, instance.options)),
        )
        run = run_of(instance, tiers)
        assert verify_run(run).failures == ()
        if run["plan"]["status"] == "optimal":
            best = max(oracle.worth(instance, plan, tiers) for plan in oracle.every_plan(instance))
            values = [tier["value"] for tier in run["plan"]["tiers"]]
            assert (values[0], -values[1], *values[2:]) == best


def test_a_run_comes_again_byte_for_byte(runs):
    assert [replay_run(run) for run in runs[:40]] == [[]] * 40


def test_replay_names_what_differs(runs):
    run = copy.deepcopy(next(r for r in runs if r["plan"]["choices"]))
    run["versions"]["ortools"] = "1.0"
    assert replay_run(run) == []
    run["plan"]["choices"] = []
    told = replay_run(run)
    assert any(line.startswith("version: ortools was 1.0") for line in told)
    assert "plan: choices differs" in told
    run["instance"]["side"]["budget"] += 1
    assert replay_run(run)[0].startswith("input:")


def test_what_is_no_run_is_bad_input():
    for content in ([], {}, {"format": "matching-run/1"}, {"format": "matching-run/1", "plan": 3}):
        with pytest.raises(InstanceError):
            verify_run(content)
        with pytest.raises(InstanceError):
            replay_run(content)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.35, 0.7, 1.0, 5.0])
def test_every_budget_from_nothing_to_ample_is_proven(share):
    whole = generate("today", 11)
    instance = replace(whole, budget=int(whole.budget * share))
    tiers = format_tiers(instance)
    plan = solve(instance, tiers)
    verdict = verify_run(make_run(instance, tiers, plan))
    assert plan.status == OPTIMAL
    assert verdict.feasible and not verdict.failures
