"""Solve a stored problem again: the same input and versions give the same plan, byte for byte."""

from typing import Any

import numpy as np

from matching.engine.certificate import RUN_FORMAT, digest, versions
from matching.engine.instance import Instance, InstanceError
from matching.engine.objective import OptionTier, ShortageTier, Tier
from matching.engine.openformat import build_instance, format_plan
from matching.engine.records import canonical
from matching.engine.solver import Limits, solve


def replay_run(content: Any, *, workers: int = 1) -> list[str]:
    """What differs when the run's problem is solved again; nothing if the plan is the same.

    Raises `InstanceError` if the document cannot be read as a run.
    """
    if not isinstance(content, dict) or content.get("format") != RUN_FORMAT:
        raise InstanceError("format", f"is not {RUN_FORMAT!r}")
    try:
        instance = build_instance(content["instance"])
        tiers = [_parse_tier(instance, tier) for tier in content["tiers"]]
        stored, made_by = content["plan"], content["versions"]
    except (KeyError, TypeError, AttributeError) as error:
        raise InstanceError("document", f"lacks or garbles {error}") from None
    if digest(content["instance"]) != content.get("digest"):
        return ["input: the instance is not the one that was solved (its digest differs)"]
    again = format_plan(solve(instance, tiers, Limits(workers=workers)))
    if canonical(again) == canonical(stored):
        return []
    return [*changed_versions(made_by), *_changed_keys(stored, again)]


def _parse_tier(instance: Instance, tier: dict[str, Any]) -> Tier:
    if tier["kind"] != "options":
        return ShortageTier(tier["name"], convex=tier["kind"] == "convex shortage")
    if tier["weight"] == "one":
        return OptionTier(tier["name"], np.ones(instance.options, np.int64))
    weight = instance.score if tier["weight"] == "score" else np.array(tier["weight"], np.int64)
    if len(weight) != instance.options:
        raise InstanceError(f"tiers.{tier['name']}", "has no weight for each option")
    return OptionTier(tier["name"], weight)


def changed_versions(made_by: dict[str, str]) -> list[str]:
    """The versions that made a run and are others now."""
    now = versions()
    names = sorted({*made_by, *now})
    return [
        f"version: {name} was {made_by.get(name, 'absent')}, is {now.get(name, 'absent')}"
        for name in names
        if made_by.get(name) != now.get(name)
    ]


def _changed_keys(stored: dict[str, Any], again: dict[str, Any]) -> list[str]:
    changed = [key for key in again if canonical(again[key]) != canonical(stored.get(key))]
    return [f"plan: {key} differs" for key in changed]
