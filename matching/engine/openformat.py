"""The open formats `matching-instance/1` and `matching-plan/1`: JSON by columns, maybe gzipped.

Only what the solver needs is required; the attributes from which the options came (places, pay,
shifts) may be there or not, but every column of a section has to be of one length. Beyond the format,
`employers.house` may say which employers are books of one house, over which a case's limit counts.
"""

import gzip
import json
import zlib
from pathlib import Path
from typing import Any

from matching.engine.attributes import Attributes, read_attributes
from matching.engine.instance import Instance, InstanceError, make_instance
from matching.engine.plan import Plan

INSTANCE_FORMAT = "matching-instance/1"
PLAN_FORMAT = "matching-plan/1"
_GZIP_MAGIC = b"\x1f\x8b"
_HIGHEST_SCORE = 1000


def read_json(path: Path) -> Any:
    """The JSON in a file, gzipped or not. Raises `InstanceError` if it cannot be read."""
    try:
        raw = path.read_bytes()
        if raw.startswith(_GZIP_MAGIC):
            raw = gzip.decompress(raw)
        return json.loads(raw)
    except OSError as error:
        raise InstanceError(str(path), error.strerror or "cannot be read") from None
    except (zlib.error, EOFError):
        raise InstanceError(str(path), "is a damaged gzip file") from None
    except UnicodeDecodeError:
        raise InstanceError(str(path), "is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise InstanceError(
            str(path), f"is not JSON (line {error.lineno}, column {error.colno}: {error.msg})"
        ) from None
    except (RecursionError, ValueError):
        raise InstanceError(str(path), "is not JSON that can be read") from None


def write_json(path: Path, content: Any) -> None:
    """Write compact JSON, gzipped (without a date) if the name ends in `.gz`."""
    raw = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    path.write_bytes(gzip.compress(raw, mtime=0) if path.suffix == ".gz" else raw)


def read_instance(path: Path) -> Instance:
    """The instance in a file. Raises `InstanceError` naming the place of the first fault."""
    return parse_instance(read_json(path))


def parse_instance(content: Any) -> Instance:
    """The instance in a `matching-instance/1` document.

    Raises `InstanceError` naming the place of the first fault.
    """
    instance = build_instance(content)
    _expect_points(content["edges"]["score"])
    return instance


def parse_with_attributes(content: Any) -> tuple[Instance, Attributes | None]:
    """The same, with what the document tells of people and jobs beside the options, if it does."""
    return parse_instance(content), read_attributes(content)


def build_instance(content: Any) -> Instance:
    """The same for rows whose points a policy gave, which may be any whole numbers."""
    _expect_format(content, INSTANCE_FORMAT)
    edges = _section(content, "edges", ("cand", "vac", "course", "score"))
    candidates = _section(content, "candidates", ("case",))
    vacancies = _section(content, "vacancies", ("employer", "slots"))
    courses = _section(content, "courses", ("seats", "min_cohort", "cost"))
    employers = _section(content, "employers", ("min_fill",))
    side = _object(content, "side", ("budget", "case_limit", "pinned", "forbidden"))
    return make_instance(
        options=(edges["cand"], edges["vac"], edges["course"], edges["score"]),
        vacancies=(vacancies["employer"], vacancies["slots"]),
        min_fill=employers["min_fill"],
        house=employers.get("house"),
        courses=(courses["seats"], courses["min_cohort"], courses["cost"]),
        case=candidates["case"],
        budget=side["budget"],
        case_limit=side["case_limit"],
        pinned=side["pinned"],
        forbidden=side["forbidden"],
    )


def format_instance(instance: Instance) -> dict[str, Any]:
    """The instance as a `matching-instance/1` document, without attributes."""
    employers = {"min_fill": instance.min_fill.tolist()}
    if instance.shares_houses:
        employers["house"] = instance.house.tolist()
    return {
        "format": INSTANCE_FORMAT,
        "candidates": {"case": instance.case.tolist()},
        "employers": employers,
        "vacancies": {"employer": instance.employer.tolist(), "slots": instance.slots.tolist()},
        "courses": {
            "seats": instance.seats.tolist(),
            "min_cohort": instance.min_cohort.tolist(),
            "cost": instance.cost.tolist(),
        },
        "edges": {
            "cand": instance.candidate.tolist(),
            "vac": instance.vacancy.tolist(),
            "course": instance.course.tolist(),
            "score": instance.score.tolist(),
        },
        "side": {
            "budget": instance.budget,
            "case_limit": instance.case_limit,
            "pinned": instance.pinned.tolist(),
            "forbidden": instance.forbidden.tolist(),
        },
    }


def format_plan(plan: Plan) -> dict[str, Any]:
    """The plan as a `matching-plan/1` document; the same plan gives the same bytes."""
    return {
        "format": PLAN_FORMAT,
        "status": plan.status,
        "tiers": [{"name": t.name, "value": t.value, "bound": t.bound} for t in plan.tiers],
        "gap": plan.gap,
        "choices": [list(choice) for choice in plan.choices],
        "clash": [list(pin) for pin in plan.clash],
    }


def parse_choices(content: Any) -> list[tuple[int, int, int]]:
    """The choices of a `matching-plan/1` document. Raises `InstanceError` if it is not one."""
    _expect_format(content, PLAN_FORMAT)
    rows = content.get("choices")
    if not isinstance(rows, list):
        raise InstanceError("choices", "is not a list of rows")
    for i, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != 3 or set(map(type, row)) != {int}:
            raise InstanceError(f"choices[{i}]", "is not a row of 3 whole numbers")
    return [(c, v, k) for c, v, k in rows]


def _expect_format(content: Any, wanted: str) -> None:
    if not isinstance(content, dict):
        raise InstanceError("document", "is not a JSON object")
    if content.get("format") != wanted:
        raise InstanceError("format", f"{content.get('format')!r} is not {wanted!r}")


def _object(content: dict[str, Any], name: str, keys: tuple[str, ...]) -> dict[str, Any]:
    section = content.get(name)
    if not isinstance(section, dict):
        raise InstanceError(name, "is missing" if section is None else "is not an object")
    for key in keys:
        if key not in section:
            raise InstanceError(f"{name}.{key}", "is missing")
    return section


def _section(content: dict[str, Any], name: str, keys: tuple[str, ...]) -> dict[str, Any]:
    section = _object(content, name, keys)
    first = keys[0]
    for key, column in section.items():
        if not isinstance(column, list):
            raise InstanceError(f"{name}.{key}", "is not a list")
        if len(column) != len(section[first]):
            raise InstanceError(
                f"{name}.{key}",
                f"has {len(column)} entries, {first} has {len(section[first])}",
            )
    return section


def _expect_points(scores: list[int]) -> None:
    for i, points in enumerate(scores):
        if not 1 <= points <= _HIGHEST_SCORE:
            raise InstanceError(f"edges.score[{i}]", f"{points} is not from 1 to {_HIGHEST_SCORE}")
