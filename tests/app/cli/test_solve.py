"""`senim solve` from the command line: exit statuses, files, messages."""

import json
import re
from dataclasses import replace

from click.testing import CliRunner

from app.cli import main
from matching.engine.feasibility import violations
from matching.engine.generator import SIZES, generate, generate_size
from matching.engine.openformat import format_instance


def document(pinned=()):
    return {
        "format": "matching-instance/1",
        "candidates": {"case": [-1, -1]},
        "employers": {"min_fill": [0]},
        "vacancies": {"employer": [0], "slots": [1]},
        "courses": {"seats": [], "min_cohort": [], "cost": []},
        "edges": {"cand": [0, 1], "vac": [0, 0], "course": [-1, -1], "score": [700, 900]},
        "side": {
            "budget": 0,
            "case_limit": 1,
            "pinned": [list(pin) for pin in pinned],
            "forbidden": [],
        },
    }


def run(tmp_path, content, *more):
    path, out = tmp_path / "instance.json", tmp_path / "plan.json"
    path.write_text(json.dumps(content))
    result = CliRunner().invoke(main, ["solve", str(path), "--out", str(out), *more])
    return result, json.loads(out.read_text()) if out.exists() else None


def test_an_optimal_plan_exits_0(tmp_path):
    result, plan = run(tmp_path, document())
    assert result.exit_code == 0, result.output
    assert (plan["status"], plan["choices"]) == ("optimal", [[1, 0, -1]])
    assert "score 900 (bound 900)" in result.stderr


def test_a_limit_reached_exits_3_with_a_gap_and_a_plan_that_keeps_the_rules(tmp_path):
    instance = generate("today", 5)
    tight = replace(instance, budget=instance.budget // 3)
    proof = str(tmp_path / "run.json")
    stopped = ("--time-limit", "0", "--certificate", proof)
    result, plan = run(tmp_path, format_instance(tight), *stopped)
    assert result.exit_code == 3, result.output
    assert (plan["status"], plan["gap"] > 0, plan["clash"]) == ("feasible", True, [])
    assert violations(tight, [tuple(choice) for choice in plan["choices"]]) == []
    assert "feasible, gap " in result.stderr
    verified = CliRunner().invoke(main, ["verify", proof])
    assert verified.exit_code == 0, verified.output
    told = [tier for tier in plan["tiers"] if tier["value"] != tier["bound"]]
    assert told
    for tier in told:
        assert f"{tier['name']} {tier['value']}: no plan passes {tier['bound']}" in verified.output
    settled, best = run(tmp_path, format_instance(tight), "--time-limit", "600")
    assert (settled.exit_code, best["gap"]) == (0, 0)
    pairs = zip(plan["tiers"], best["tiers"], strict=True)
    first = next(pair for pair in pairs if pair[0]["value"] != pair[1]["value"])
    assert first[0]["bound"] >= first[1]["value"] or first[0]["name"] == "shortage"


def test_workers_change_nothing_and_progress_is_told(tmp_path):
    content = format_instance(generate_size(replace(SIZES["today"], regions=3), 4))
    alone, first = run(tmp_path, content)
    together, second = run(tmp_path, content, "--workers", "2")
    assert (alone.exit_code, together.exit_code, first) == (0, 0, second)
    for result in (alone, together):
        told = re.findall(
            r"^parts: (\d+) of (\d+), shortage \d+ \(bound \d+\)", result.stderr, re.M
        )
        assert told[-1][0] == told[-1][1]


def test_everybody_and_every_open_place_is_explained(tmp_path):
    reasons = tmp_path / "reasons.json"
    run(tmp_path, document(), "--explain", str(reasons))
    told = json.loads(reasons.read_text())
    assert (told["format"], told["status"], told["open"]) == ("matching-reasons/1", "optimal", [])
    assert [row["state"] for row in told["people"]] == ["full", "placed"]
    (place,) = told["people"][0]["places"]
    assert (place["vac"], place["code"], place["price"]) == (0, "full", [["score", 200]])


def test_a_bad_pin_is_named_by_its_row_as_it_was_written(tmp_path):
    result, _ = run(tmp_path, document([(1, 0, -1), (0, 9, -1), (0, 0, -1)]))
    assert result.exit_code == 2
    assert "side.pinned[1]: 9 is not from 0 to 0" in result.stderr


def test_clashing_pins_exit_4_and_are_named(tmp_path):
    result, plan = run(tmp_path, document([(0, 0, -1), (1, 0, -1)]))
    assert result.exit_code == 4
    assert (plan["choices"], plan["clash"]) == ([], [[0, 0, -1], [1, 0, -1]])


def test_bad_input_exits_2_and_writes_nothing(tmp_path):
    content = document()
    content["edges"]["score"][1] = "high"
    result, plan = run(tmp_path, content)
    assert (result.exit_code, plan) == (2, None)
    assert "edges.score[1]: 'high' is not a whole number" in result.stderr


def test_a_certificate_is_verified_and_replayed(tmp_path):
    run_file = tmp_path / "run.json.gz"
    run(tmp_path, document(), "--certificate", str(run_file))
    verified = CliRunner().invoke(main, ["verify", str(run_file)])
    assert (verified.exit_code, verified.output) == (
        0,
        "feasible\nshortage 0: optimal\nplacements 1: optimal\nscore 900: optimal\n",
    )
    replayed = CliRunner().invoke(main, ["replay", str(run_file)])
    assert (replayed.exit_code, replayed.output) == (0, "the same plan, byte for byte\n")


def test_an_altered_run_fails_and_a_broken_one_is_bad_input(tmp_path):
    run_file = tmp_path / "run.json"
    run(tmp_path, document(), "--certificate", str(run_file))
    content = json.loads(run_file.read_text())
    content["plan"]["choices"] = [[0, 0, -1]]
    run_file.write_text(json.dumps(content))
    assert CliRunner().invoke(main, ["verify", str(run_file)]).exit_code == 1
    assert CliRunner().invoke(main, ["replay", str(run_file)]).exit_code == 1
    run_file.write_text("{}")
    assert CliRunner().invoke(main, ["verify", str(run_file)]).exit_code == 2
    assert CliRunner().invoke(main, ["replay", str(run_file)]).exit_code == 2


def test_a_clash_is_verified(tmp_path):
    run_file = tmp_path / "run.json"
    run(tmp_path, document([(0, 0, -1), (1, 0, -1)]), "--certificate", str(run_file))
    verified = CliRunner().invoke(main, ["verify", str(run_file)])
    assert verified.exit_code == 0
    assert verified.output.startswith("infeasible: the clash is proven")
