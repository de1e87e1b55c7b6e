"""A solved problem with its proof, as one document that anyone can check without the solver.

`matching-run/1` holds the instance, the tiers, the plan, the versions that made it and the proofs:
per part of the problem and stage a search tree whose leaves carry whole-number prices. What the
prices prove is written down in `verification`, which shares no code with the search.
"""

import hashlib
import json
import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from matching.engine.bounds import Prices
from matching.engine.clash import find_witnesses, prove_clash
from matching.engine.components import Names
from matching.engine.instance import Instance, Ints
from matching.engine.objective import OptionTier, Tier
from matching.engine.openformat import format_instance, format_plan
from matching.engine.plan import INFEASIBLE, Plan
from matching.engine.proof import CourseBranch, Node, PartResult, Proof, SharedProof

RUN_FORMAT = "matching-run/1"
_PACKAGES = ("senim", "ortools", "highspy", "numpy", "scipy")


def make_run(instance: Instance, tiers: Sequence[Tier], plan: Plan) -> dict[str, Any]:
    """The document of a solved instance; the same solution gives the same bytes."""
    problem = format_instance(instance)
    content = {
        "format": RUN_FORMAT,
        "versions": versions(),
        "digest": digest(problem),
        "instance": problem,
        "tiers": [_format_tier(instance, tier) for tier in tiers],
        "plan": format_plan(plan),
    }
    if plan.status == INFEASIBLE:
        return {**content, "clash": _format_clash(instance, plan)}
    content["parts"] = [_format_part(instance, part) for part in plan.parts]
    if plan.shared:
        content["shared"] = [_format_shared(instance, plan.parts, proof) for proof in plan.shared]
    return content


def versions() -> dict[str, str]:
    """What made a plan: the same versions make it again."""
    known = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            known[package] = version(package)
        except PackageNotFoundError:
            known[package] = "unknown"
    return known


def digest(problem: Any) -> str:
    """The SHA-256 of a JSON document in its canonical form."""
    raw = json.dumps(problem, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(raw.encode()).hexdigest()


def _format_tier(instance: Instance, tier: Tier) -> dict[str, Any]:
    """Weights are named where the instance has them and written out where it has not."""
    if not isinstance(tier, OptionTier):
        return {"name": tier.name, "kind": "convex shortage" if tier.convex else "shortage"}
    weight: Any = tier.weight.tolist()
    if (tier.weight == 1).all():
        weight = "one"
    elif np.array_equal(tier.weight, instance.score):
        weight = "score"
    return {"name": tier.name, "kind": "options", "weight": weight}


def _format_part(instance: Instance, part: PartResult) -> dict[str, Any]:
    return {
        "candidates": part.names.candidate.tolist(),
        "proofs": [_format_proof(instance, part.names, proof) for proof in part.proofs],
    }


def _format_proof(instance: Instance, names: Names, proof: Proof) -> dict[str, Any]:
    return {
        "multipliers": list(proof.goal.multipliers),
        "floors": [list(floor) for floor in proof.goal.floors],
        "bound": proof.bound,
        "tree": _format_node(instance, names, proof.root),
    }


def _format_shared(
    instance: Instance, parts: Sequence[PartResult], proof: SharedProof
) -> dict[str, Any]:
    pairs = zip(parts, proof.roots, strict=True)
    return {
        "multipliers": list(proof.goal.multipliers),
        "price": proof.goal.price,
        "bound": proof.bound,
        "trees": [_format_node(instance, part.names, root) for part, root in pairs],
    }


def _format_node(instance: Instance, names: Names, node: Node) -> dict[str, Any]:
    if not node.children:
        return {} if node.prices is None else {"prices": _format_prices(names, node.prices)}
    branch = node.branch
    if isinstance(branch, CourseBranch):
        split: dict[str, Any] = {
            "course": int(names.course[branch.course]),
            "below": branch.below,
            "above": branch.above,
        }
    else:
        assert branch is not None
        option = int(names.option[branch.option])
        split = {"option": list(instance.choices(np.array([option]))[0])}
    return {**split, "children": [_format_node(instance, names, c) for c in node.children]}


def _format_prices(names: Names, prices: Prices) -> dict[str, Any]:
    return {
        "scale": prices.scale,
        "vacancy": _pairs(names.vacancy, prices.vacancy),
        "course": _pairs(names.course, prices.course),
        "case": _pairs(names.case, prices.case),
        "quota": _pairs(names.quota, prices.quota),
        "budget": sum(prices.budget.tolist()),
        "floors": prices.floors.tolist(),
        "cohort": _pairs(names.course, prices.cohort),
        "pair": _pairs(names.pair, prices.pair),
    }


def _pairs(names: Ints, prices: Any) -> list[list[Any]]:
    """(name, price) rows for the prices that are not nothing."""
    held = np.flatnonzero(prices)
    return [
        [name, price]
        for name, price in zip(names[held].tolist(), prices[held].tolist(), strict=True)
    ]


def _format_clash(instance: Instance, plan: Plan) -> dict[str, Any]:
    """Why the clashing pins cannot hold, and for each a plan without it."""
    proven = prove_clash(instance, plan.clash)
    return {
        "tree": None if proven is None else _format_node(instance, *proven),
        "witnesses": [
            [list(choice) for choice in witness] for witness in find_witnesses(instance, plan.clash)
        ],
    }
