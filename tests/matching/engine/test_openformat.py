"""Reading the open format: what is wrong is named by its place, and what is right comes back."""

import gzip
import json

import pytest

from matching.engine.instance import InstanceError
from matching.engine.objective import format_tiers
from matching.engine.openformat import (
    format_instance,
    format_plan,
    parse_choices,
    parse_instance,
    read_instance,
    write_json,
)
from matching.engine.solver import solve


def document():
    return {
        "format": "matching-instance/1",
        "candidates": {"case": [-1, 0, 0], "region": [0, 0, 0]},
        "employers": {"min_fill": [1]},
        "vacancies": {"employer": [0, 0], "slots": [1, 2]},
        "courses": {"seats": [2], "min_cohort": [1], "cost": [50]},
        "edges": {
            "cand": [2, 0, 1, 1],
            "vac": [1, 0, 0, 1],
            "course": [-1, -1, -1, 0],
            "score": [900, 700, 800, 600],
        },
        "side": {"budget": 60, "case_limit": 1, "pinned": [[0, 0, -1]], "forbidden": [[1, 1]]},
    }


def test_an_instance_comes_back_from_its_own_document():
    instance = parse_instance(document())
    again = parse_instance(json.loads(json.dumps(format_instance(instance))))
    assert format_instance(again) == format_instance(instance)
    assert instance.candidate.tolist() == [0, 1, 1, 2]


@pytest.mark.parametrize("name", ["problem.json", "problem.json.gz"])
def test_files_may_be_gzipped(tmp_path, name):
    write_json(tmp_path / name, document())
    assert read_instance(tmp_path / name).options == 4


def test_the_plan_document_is_read_back():
    instance = parse_instance(document())
    plan = solve(instance, format_tiers(instance))
    content = json.loads(json.dumps(format_plan(plan)))
    assert content["status"] == "optimal"
    assert parse_choices(content) == [(0, 0, -1), (2, 1, -1)]


@pytest.mark.parametrize(
    ("section", "key", "value", "path"),
    [
        ("edges", "score", [900, 1001, 800, 600], "edges.score[1]"),
        ("edges", "score", [900, 0, 800, 600], "edges.score[1]"),
        ("edges", "score", [900, 700.5, 800, 600], "edges.score[1]"),
        ("edges", "score", [900, True, 800, 600], "edges.score[1]"),
        ("edges", "score", [900, 700, 800], "edges.score"),
        ("edges", "score", "many", "edges.score"),
        ("edges", "cand", [2, 0, 3, 1], "edges.cand[2]"),
        ("edges", "cand", [2, 0, 10**30, 1], "edges.cand"),
        ("edges", "cand", [2, 0, 10**15, 1], "edges.cand[2]"),
        ("edges", "vac", [1, 0, 0, -1], "edges.vac[3]"),
        ("edges", "course", [-1, -2, -1, 0], "edges.course[1]"),
        ("edges", "course", [-1, -1, -1, 1], "edges.course[3]"),
        ("vacancies", "slots", [1, -2], "vacancies.slots[1]"),
        ("vacancies", "slots", [1, None], "vacancies.slots[1]"),
        ("vacancies", "employer", [0, 1], "vacancies.employer[1]"),
        ("employers", "min_fill", [-1], "employers.min_fill[0]"),
        ("candidates", "region", [0, 0], "candidates.region"),
        ("courses", "cost", [-5], "courses.cost[0]"),
        ("side", "budget", -1, "side.budget"),
        ("side", "budget", "much", "side.budget"),
        ("side", "pinned", [[0, 0]], "side.pinned[0]"),
        ("side", "pinned", [[0, 0, "x"]], "side.pinned[0][2]"),
        ("side", "pinned", {"0": 0}, "side.pinned"),
        ("side", "forbidden", [[0, 0], [0, 7]], "side.forbidden[1]"),
    ],
)
def test_a_fault_is_named_by_its_place(section, key, value, path):
    content = document()
    content[section][key] = value
    with pytest.raises(InstanceError) as caught:
        parse_instance(content)
    assert caught.value.path == path


def test_a_missing_section_or_column_is_named():
    for section, key in (("side", "budget"), ("edges", "vac"), ("candidates", "case")):
        content = document()
        del content[section][key]
        with pytest.raises(InstanceError, match=f"{section}.{key}: is missing"):
            parse_instance(content)
        del content[section]
        with pytest.raises(InstanceError, match=f"{section}: is missing"):
            parse_instance(content)


def test_an_option_given_twice_is_named_by_its_second_row():
    content = document()
    for key in content["edges"]:
        content["edges"][key].append(content["edges"][key][1])
    with pytest.raises(InstanceError, match=r"edges.cand\[4\]: repeats the option at 1"):
        parse_instance(content)


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b"[1]", b'{"format": "x"}', b"[" * 10**5])
def test_what_is_no_document_is_refused(tmp_path, raw):
    path = tmp_path / "problem.json"
    path.write_bytes(raw)
    with pytest.raises(InstanceError):
        read_instance(path)


def test_a_damaged_gzip_file_is_refused(tmp_path):
    path = tmp_path / "problem.json.gz"
    path.write_bytes(gzip.compress(json.dumps(document()).encode())[:-20])
    with pytest.raises(InstanceError):
        read_instance(path)
