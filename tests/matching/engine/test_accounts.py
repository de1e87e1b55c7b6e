"""The document of reasons: everybody once, costs equal to solving again, open places explained."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from matching.engine.accounts import explain_plan
from matching.engine.attributes import read_attributes
from matching.engine.generator import generate, without_side_rows
from matching.engine.instance import make_instance
from matching.engine.objective import format_tiers, gain_of
from matching.engine.plan import INFEASIBLE
from matching.engine.solver import solve
from tests.matching.engine import oracle

STATES = {"placed", "no_option", "full", "displaced"}


def explained(instance):
    tiers = format_tiers(instance)
    plan = solve(instance, tiers)
    return plan, explain_plan(instance, tiers, plan)


def test_everybody_has_exactly_one_state_and_every_open_place_one_code():
    codes = Counter()
    for seed in range(150):
        instance = oracle.tiny_instance(seed)
        plan, told = explained(instance)
        if plan.status == INFEASIBLE:
            continue
        assert [row["cand"] for row in told["people"]] == list(range(instance.candidates))
        assert {row["state"] for row in told["people"]} <= STATES
        placed = [row for row in told["people"] if row["state"] == "placed"]
        named = [(row["cand"], row["vac"], row["course"]) for row in placed]
        assert named == [list(c) for c in plan.choices] or named == list(plan.choices)
        used = np.bincount(instance.vacancy[plan.chosen], minlength=instance.vacancies)
        left = {int(j): int(n) for j, n in enumerate(instance.slots - used) if n > 0}
        assert {row["vac"]: row["free"] for row in told["open"]} == left
        codes.update(row["code"] for row in told["open"])
        codes.update(row["state"] for row in told["people"])
    assert {"nobody", "elsewhere", "by_course", "full", "displaced", "no_option"} <= set(codes)


def test_a_price_is_what_the_best_plan_with_it_has_less():
    checked = 0
    for seed in range(60):
        instance = without_side_rows(oracle.tiny_instance(seed))
        plan, told = explained(instance)
        tiers = format_tiers(instance)
        for row in told["people"]:
            for place in row.get("places", ()):
                pin = np.array([[row["cand"], place["vac"], -1]])
                again = solve(replace(instance, pinned=pin), tiers)
                if place["price"] is None:
                    assert again.status == INFEASIBLE
                    continue
                less = [
                    [t.name, gain_of(a.value, t) - gain_of(b.value, t)]
                    for a, b, t in zip(plan.tiers, again.tiers, tiers, strict=True)
                    if a.value != b.value
                ]
                assert place["price"] == less
                checked += 1
    assert checked > 20


def test_a_quota_or_a_pin_displaces():
    quota = make_instance(
        options=([0, 0, 1], [0, 1, 1], [-1, -1, -1], [500, 900, 800]),
        vacancies=([0, 1], [1, 1]),
        min_fill=[1, 0],
        case=[-1, -1],
    )
    assert [row["state"] for row in explained(quota)[1]["people"]] == ["placed", "placed"]
    pinned = make_instance(
        options=([0, 1], [0, 0], [-1, -1], [100, 900]),
        vacancies=([0], [1]),
        min_fill=[0],
        case=[-1, -1],
        pinned=[[0, 0, -1]],
    )
    (row,) = [row for row in explained(pinned)[1]["people"] if row["cand"] == 1]
    assert (row["state"], row["places"][0]["code"]) == ("displaced", "pinned")


def test_what_is_not_proven_has_no_price():
    instance = generate("tiny", 1)
    tiers = format_tiers(instance)
    told = explain_plan(instance, tiers, replace(solve(instance, tiers), status="feasible"))
    assert told["held"] is None
    assert all(p["price"] is None for row in told["people"] for p in row.get("places", ()))


DOCUMENT = {
    "candidates": {
        "region": [0, 0],
        "x": [0.0, 0.0],
        "y": [0.0, 0.0],
        "professions": [[3, 8], [4]],
        "wage_min": [100, 300],
        "restrictions": [0, 1],
        "schedule": [1, 2],
        "commute": [40, 5],
    },
    "employers": {"region": [0]},
    "vacancies": {
        "employer": [0],
        "profession": [8],
        "x": [30.0],
        "y": [0.0],
        "wage": [150],
        "conflicts": [1],
        "schedule": [1],
    },
}


def test_parts_and_rules_follow_from_the_attributes():
    attributes = read_attributes(DOCUMENT)
    parts = attributes.tell_parts(0, 0, by_course=False)
    assert parts == {"profession": 350.0, "pay": 100.0, "distance": 50.0, "similarity": 100.0}
    rules = attributes.count_rules(1)
    assert set(rules) == {"distance", "pay", "conditions", "hours", "profession"}
    assert {tuple(count.values()) for count in rules.values()} == {(0, 1)}
    assert attributes.count_rules(0) == {}


@pytest.mark.parametrize("lacking", ["x", "professions"])
def test_a_document_without_attributes_is_read_without(lacking: str):
    people = {k: v for k, v in DOCUMENT["candidates"].items() if k != lacking}
    assert read_attributes({**DOCUMENT, "candidates": people}) is None
    odd = {**DOCUMENT["candidates"], lacking: ["much", None]}
    assert read_attributes({**DOCUMENT, "candidates": odd}) is None
