"""`senim solve` from the command line: exit statuses, files, messages."""

import json

from click.testing import CliRunner

from app.cli import main


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
