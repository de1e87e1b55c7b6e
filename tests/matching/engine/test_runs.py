"""A round's run: problem, rows, proof and answer belong together, and whatever is altered is refused."""

import copy
import json
from dataclasses import replace
from typing import Any

import pytest

from matching.engine.answer import explain_solved, prepare, solve_prepared
from matching.engine.instance import InstanceError
from matching.engine.policy import Weights
from matching.engine.records import canonical, digest
from matching.engine.runs import make_round_run, replay_round_run, verify_round_run
from tests.matching.engine.problems import make_problem


def run_of(seed: int, **given: Any) -> dict[str, Any]:
    problem = replace(make_problem(seed, people=9, jobs=5, courses=2), **given)
    solved = solve_prepared(prepare(problem))
    return json.loads(canonical(make_round_run(solved, explain_solved(solved))))


@pytest.fixture(scope="module")
def runs() -> list[dict[str, Any]]:
    return [run_of(seed) for seed in range(30)]


def test_every_round_is_confirmed_and_comes_again(runs: list[dict[str, Any]]) -> None:
    assert [verify_round_run(run).failures for run in runs] == [()] * len(runs)
    assert [replay_round_run(run) for run in runs] == [[]] * len(runs)
    assert sum(len(run["answer"]["choices"]) for run in runs) > 30


def test_a_policy_may_give_no_points(runs: list[dict[str, Any]]) -> None:
    problem = make_problem(3, people=9, jobs=5)
    nothing = replace(problem.policy, weights=Weights(0, 0, 0, 0, 0))
    assert verify_round_run(run_of(3, policy=nothing)).failures == ()


def test_an_answer_that_is_not_the_plan_is_refused(runs: list[dict[str, Any]]) -> None:
    tried = 0
    for run in (copy.deepcopy(r) for r in runs if len(r["answer"]["choices"]) > 1):
        first, second = run["answer"]["choices"][:2]
        first["candidate"], second["candidate"] = second["candidate"], first["candidate"]
        tried += 1
        assert verify_round_run(run).failures
        assert replay_round_run(run)
    assert tried > 10


@pytest.mark.parametrize(
    ("part", "value"), [("status", "feasible"), ("tiers", []), ("choices", []), ("unplaced", [])]
)
def test_what_the_answer_claims_is_compared(
    runs: list[dict[str, Any]], part: str, value: object
) -> None:
    run = copy.deepcopy(runs[1])
    run["answer"][part] = value
    assert verify_round_run(run).failures


def test_another_problem_is_refused_even_with_its_own_digest(runs: list[dict[str, Any]]) -> None:
    run = copy.deepcopy(runs[1])
    run["problem"]["vacancies"][0]["places"] = []
    assert verify_round_run(run).failures == (
        "the problem is not the one that was solved (its digest differs)",
    )
    assert replay_round_run(run)[0].startswith("input")
    run["problem_sha256"] = digest(canonical(run["problem"]))
    assert verify_round_run(run).failures


def test_an_order_of_goals_that_is_not_the_policys_is_refused(runs: list[dict[str, Any]]) -> None:
    run = copy.deepcopy(runs[1])
    run["problem"]["policy"]["tiers"] = ["score"]
    run["problem_sha256"] = digest(canonical(run["problem"]))
    assert "the answer's goals are not the plan's" in verify_round_run(run).failures


def test_what_cannot_be_read_is_said_to_be_so(runs: list[dict[str, Any]]) -> None:
    run = copy.deepcopy(runs[1])
    run["answer"] = {"choices": 3}
    with pytest.raises(InstanceError):
        verify_round_run(run)
