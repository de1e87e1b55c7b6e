"""A round's run: problem, answer and proof in one document, and whether they belong together.

A `matching-run/1` document of a round holds, beside what every run holds, the `problem` by keys with
its digest and the `answer` that the office reads. The proof is about numbered rows; here it is
checked that those rows are the problem's and that the answer says what the proven plan says.
"""

import json
from typing import Any

import numpy as np

from matching.engine.answer import Answer, Prepared, Solved, answer_problem, prepare
from matching.engine.certificate import make_run, versions
from matching.engine.instance import InstanceError
from matching.engine.openformat import format_instance, parse_choices
from matching.engine.plan import Plan, TierResult
from matching.engine.positions import Layout
from matching.engine.problem import read_problem
from matching.engine.records import canonical, digest, from_json, to_json
from matching.engine.replay import changed_versions
from matching.engine.verification import Verdict, verify_run

Named = tuple[str, str, str | None, bool, str | None]


def make_round_run(solved: Solved, answer: Answer) -> dict[str, Any]:
    """The document of a solved round; the same solution gives the same bytes."""
    prepared = solved.prepared
    problem = to_json(prepared.problem)
    return {
        **make_run(prepared.layout.instance, prepared.tiers, solved.plan),
        "problem": json.loads(problem),
        "problem_sha256": digest(problem),
        "answer": json.loads(to_json(answer)),
    }


def is_of_round(content: Any) -> bool:
    return isinstance(content, dict) and "problem" in content


def verify_round_run(content: Any) -> Verdict:
    """Check a run in whole numbers without the solver, and of a round's also its problem and answer.

    Raises `InstanceError` if it cannot be read as a run.
    """
    verdict = verify_run(content)
    if not is_of_round(content):
        return verdict
    failures = (*verdict.failures, *_check_origin(content))
    return Verdict(verdict.feasible, verdict.tiers, failures)


def replay_round_run(content: Any) -> list[str]:
    """What differs when the round's problem is answered again; nothing if it is the same answer.

    Raises `InstanceError` if the document cannot be read as a round's run.
    """
    _, answer = _read(content)
    if _is_changed(content):
        return ["input: the problem is not the one that was solved (its digest differs)"]
    again = json.loads(to_json(answer_problem(read_problem(canonical(content["problem"])))))
    told = json.loads(to_json(answer))
    differs = [f"answer: {key} differs" for key in again if again[key] != told[key]]
    return [*changed_versions(content.get("versions", versions())), *differs] if differs else []


def read_solved(run: str) -> Solved:
    """The solution that a stored run tells of, taken up again without solving; of the proof only its
    bounds. Raises `InstanceError` if the text is no round's run.
    """
    content = json.loads(run)
    prepared, answer = _read(content)
    instance = prepared.layout.instance
    choices = parse_choices(content["plan"])
    chosen = instance.find_options(np.array(choices, np.int64).reshape(-1, 3))
    tiers = tuple(TierResult(t.name, t.value, t.bound) for t in answer.tiers)
    return Solved(prepared, Plan(answer.status, tuple(choices), chosen, tiers))


def _check_origin(content: dict[str, Any]) -> list[str]:
    """Where problem, rows and answer do not belong together."""
    if _is_changed(content):
        return ["the problem is not the one that was solved (its digest differs)"]
    prepared, answer = _read(content)
    layout = prepared.layout
    if format_instance(layout.instance) != content["instance"]:
        return ["the rows solved are not those of the problem"]
    plan = content["plan"]
    tiers = [{"name": t.name, "value": t.value, "bound": t.bound} for t in answer.tiers]
    wanted = sorted(_name_choices(prepared, layout, parse_choices(plan)), key=str)
    told = [(c.candidate, c.vacancy, c.category, c.quota, c.course) for c in answer.choices]
    placed = {choice.candidate for choice in answer.choices}
    others = sorted({c.key for c in prepared.problem.candidates} - placed)
    checks = {
        "status": answer.status == plan["status"],
        "tiers": tiers == plan["tiers"],
        "choices": sorted(told, key=str) == wanted,
        "people without a place": sorted(u.candidate for u in answer.unplaced) == others,
        "goals": [t["name"] for t in content["tiers"]] == [*prepared.problem.policy.tiers],
    }
    return [f"the answer's {name} are not the plan's" for name, same in checks.items() if not same]


def _name_choices(
    prepared: Prepared, layout: Layout, choices: list[tuple[int, int, int]]
) -> list[Named]:
    problem = prepared.problem
    named = []
    for candidate, position, course in choices:
        job, places = layout.positions[position]
        way = problem.courses[course].key if course >= 0 else None
        person = problem.candidates[candidate].key
        named.append((person, problem.vacancies[job].key, places.category, places.quota, way))
    return named


def _is_changed(content: dict[str, Any]) -> bool:
    return digest(canonical(content["problem"])) != content.get("problem_sha256")


def _read(content: Any) -> tuple[Prepared, Answer]:
    try:
        problem = read_problem(canonical(content["problem"]))
        return prepare(problem), from_json(Answer, canonical(content["answer"]))
    except (KeyError, TypeError, ValueError) as error:
        raise InstanceError("document", f"lacks or garbles {error}") from None
