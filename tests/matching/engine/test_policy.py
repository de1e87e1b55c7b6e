"""Policies: whatever numbers one may have, it scores, solves and is proven."""

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matching.engine.answer import explain_solved, prepare, solve_prepared
from matching.engine.policy import (
    RANGES,
    SHARES,
    STANDARD,
    TIERS,
    Policy,
    make_policy,
    numbers_of,
    out_of_range,
)
from matching.engine.reserves import line_up
from matching.engine.runs import make_round_run, verify_round_run
from matching.policies import find_number_faults
from tests.matching.engine.problems import make_problem

WEIGHTS = ("profession", "pay", "travel", "experience", "replies")
OPEN = ("course_budget", "preference_share")


def within(name: str) -> st.SearchStrategy[int]:
    least, most = RANGES[name]
    return st.sampled_from((least, most)) | st.integers(least, most)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Any policy whose numbers an office may write down."""
    goals = draw(st.permutations(TIERS))
    tiers = goals[: draw(st.integers(1, len(goals)))]
    assume("placements" in tiers)
    ends = sorted(draw(st.lists(st.integers(0, 1000), min_size=5, max_size=5)))
    weights = [b - a for a, b in zip([0, *ends], ends, strict=False)]
    alone = [name for name in RANGES if name not in (*WEIGHTS, "share")]
    numbers = {
        name: draw(st.none() | within(name) if name in OPEN else within(name)) for name in alone
    }
    shares = sorted(draw(st.lists(within("share"), min_size=1, max_size=5)), reverse=True)
    numbers |= dict(zip(SHARES, shares, strict=False)) | dict(zip(WEIGHTS, weights, strict=True))
    policy = make_policy("any", "2026-01-01", "", tiers, numbers)
    assume(not list(find_number_faults(policy)))
    return policy


@given(policies(), st.integers(0, 40))
@settings(max_examples=60, deadline=None)
def test_whatever_may_be_written_down_solves_and_is_proven(policy: Policy, seed: int) -> None:
    problem = make_problem(seed, people=5, jobs=4, courses=2)
    problem = replace(problem, policy=policy, budget=policy.limits.course_budget)
    solved = solve_prepared(prepare(problem))
    answer = explain_solved(solved)
    assert answer.status == "optimal" or policy.preference_share
    assert len(answer.choices) + len(answer.unplaced) == 5
    assert verify_round_run(make_round_run(solved, answer)).failures == ()
    assert all(0 <= choice.score <= 1000 for choice in answer.choices)
    line_up(solved, {"v0": (3, 1)}, most_sent=4)


@given(policies())
@settings(max_examples=50, deadline=None)
def test_numbers_make_the_policy_they_are_of(policy: Policy) -> None:
    made = make_policy(policy.name, policy.since, policy.reason, policy.tiers, numbers_of(policy))
    assert made == policy
    assert not list(out_of_range(made))


def test_the_order_an_office_starts_with_may_be_written_down() -> None:
    assert not list(find_number_faults(STANDARD))
