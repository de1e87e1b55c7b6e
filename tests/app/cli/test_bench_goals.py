"""What `senim bench engine` compares is the same on both sides, and a goal knows when it is met."""

import re

from app.cli.bench_frontier import time_frontier
from app.cli.bench_goals import Goal, compare_regrets, cut_budget, judge
from app.cli.bench_pairs import by_engine, compare_pairs, draw_problem


def test_polars_finds_the_same_options_with_the_same_scores():
    assert [who for who, _ in compare_pairs(500, 80, 1, 1)] == ["engine", "polars"]
    options, points = by_engine(draw_problem(500, 80, 1))
    assert options > 100 and points > options


def test_goals_are_met_from_their_own_side():
    measured = {("full", False, "engine"): 1.0, ("full", False, "highs_mip"): 30.0}
    assert [(goal.figure, goal.met) for goal in judge(measured)] == [(30.0, True)]
    assert str(Goal("exponent", 1.2, 1.1)).endswith("at most 1.1: missed")


def test_regrets_are_measured_as_a_share_of_the_solve():
    assert compare_regrets("tiny", 1, 1) > 0


def test_a_cut_budget_is_solved_again():
    assert cut_budget("tiny", 1, 35).startswith(
        "budget at 35 %: optimal in one search, gap 0.0000%"
    )


def test_what_could_be_traded_is_told_with_its_proofs():
    placed, points, wishes = (what for what, _ in time_frontier(1, 120, 40))
    most, proven = map(int, re.findall(r"\d+", points))
    assert most == proven > 1
    best, left = int(placed.split()[0]), int(re.findall(r"\d+", wishes)[0])
    assert best * 95 // 100 <= left <= best
