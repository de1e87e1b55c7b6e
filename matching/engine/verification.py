"""Check a solved problem without the solver, in whole numbers of any size.

The claims are in a `matching-run/1` document (see `certificate`). The plan is checked rule by rule;
what its proofs show of each tier is worked out again in `weighing`; the two are compared.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from matching.engine.feasibility import Choice, violations
from matching.engine.instance import Instance, InstanceError
from matching.engine.openformat import build_instance, parse_choices
from matching.engine.weighing import Book, Group, Refuted, read_bound, show_shared

RUN_FORMAT = "matching-run/1"


@dataclass(frozen=True)
class Verdict:
    """`feasible`, per tier (name, value, proven bound), and what of the claims does not hold."""

    feasible: bool
    tiers: tuple[tuple[str, int, int], ...]
    failures: tuple[str, ...]


def verify_run(content: Any) -> Verdict:
    """Check a `matching-run/1` document. Raises `InstanceError` if it cannot be read as one."""
    if not isinstance(content, dict) or content.get("format") != RUN_FORMAT:
        raise InstanceError("format", f"is not {RUN_FORMAT!r}")
    try:
        instance = build_instance(content["instance"])
        if content["plan"]["status"] == "infeasible":
            return _verify_clash(instance, content["plan"], content["clash"])
        return _verify_plan(instance, content)
    except Refuted as refuted:
        return Verdict(False, (), (str(refuted),))
    except InstanceError:
        raise
    except (KeyError, TypeError, IndexError, AttributeError, ValueError) as error:
        raise InstanceError("document", f"lacks or garbles {error}") from None


def _verify_plan(instance: Instance, content: dict[str, Any]) -> Verdict:
    plan = content["plan"]
    choices = parse_choices(plan)
    if broken := violations(instance, choices):
        return Verdict(False, (), tuple(f"the plan breaks {rule} at {at}" for rule, at in broken))
    book = Book(instance, content["tiers"])
    groups = [Group(book, part["candidates"]) for part in content["parts"]]
    _expect_apart(book, groups)
    values = book.values(choices)
    bounds = _add_up(book, groups, content, choices)
    shown = [
        (tier["name"], book.told(at, values[at]), book.told(at, bounds[at]))
        for at, tier in enumerate(content["tiers"])
    ]
    return Verdict(True, tuple(shown), tuple(_compare(plan, shown)))


def _compare(plan: Any, shown: list[tuple[str, int, int]]) -> list[str]:
    """Claims that say more than is shown."""
    stated = [(tier["name"], tier["value"], tier["bound"]) for tier in plan["tiers"]]
    if [name for name, *_ in stated] != [name for name, *_ in shown]:
        return ["the plan's tiers are not the problem's"]
    failures = []
    for (name, value, bound), (_, true_value, true_bound) in zip(stated, shown, strict=True):
        if value != true_value:
            failures.append(f"{name} is {true_value}, not {value}")
        elif abs(bound - value) < abs(true_bound - value):
            failures.append(f"{name}: the proof shows {true_bound}, not {bound}")
    proven = all(value == bound for _, value, bound in shown)
    if plan["status"] == "optimal" and not proven and not failures:
        failures.append("the plan is not proven optimal")
    return failures


def _add_up(book: Book, groups: list[Group], content: Any, choices: list[Choice]) -> list[int]:
    """Per tier the bound on the gain: of every group, alone and with the others, and of quotas that no
    group can fill."""
    own = [group.values(choices) for group in groups]
    shown = [
        [group.show(proof) for proof in part["proofs"]]
        for group, part in zip(groups, content["parts"], strict=True)
    ]
    shared = [show_shared(book, groups, proof) for proof in content.get("shared", [])]
    tiers = range(len(book.tiers))
    values = [sum(of[tier] for of in own) for tier in tiers]
    reach = [
        (sum(group.reach[tier][0] for group in groups), sum(g.reach[tier][1] for g in groups))
        for tier in tiers
    ]
    bounds: list[int] = []
    settled = True
    for tier in tiers:
        alone = sum(
            read_bound(tier, known[:tier] if settled else [], group.reach, proofs)
            for group, known, proofs in zip(groups, own, shown, strict=True)
        )
        together = read_bound(tier, values[:tier] if settled else [], reach, shared)
        bounds.append(min(alone, together) + book.idle(tier, groups))
        settled = settled and min(alone, together) == values[tier]
    return bounds


def _expect_apart(book: Book, groups: list[Group]) -> None:
    """Every candidate who could go anywhere is in one group, and no course or quota in two."""
    people = [person for group in groups for person in group.people]
    if len(set(people)) < len(people) or not set(book.options) <= set(people):
        raise Refuted("the parts are not a partition of the candidates")
    for rows in ("courses", "quotas"):
        names = [name for group in groups for name in getattr(group, rows)]
        if len(set(names)) < len(names):
            raise Refuted(f"two parts share {rows}")


def _verify_clash(instance: Instance, plan: Any, clash: Any) -> Verdict:
    """The pins cannot all hold, and each left out leaves pins that can."""
    pins = [tuple(pin) for pin in plan["clash"]]
    failures = []
    if not set(pins) <= {tuple(pin) for pin in instance.pinned.tolist()}:
        failures.append("the clash names pins that are none")
    if not _is_impossible(_with_pins(instance, pins), clash["tree"]):
        failures.append("the clash is not proven")
    if len(clash["witnesses"]) != len(pins):
        failures.append("the clash is not shown to be irreducible")
    for left_out, witness in zip(pins, clash["witnesses"], strict=False):
        fewer = _with_pins(instance, [pin for pin in pins if pin != left_out])
        if violations(fewer, [tuple(choice) for choice in witness]):
            failures.append(f"the pins besides {list(left_out)} are not shown to hold")
    return Verdict(False, (), tuple(failures))


def _is_impossible(instance: Instance, tree: Any) -> bool:
    pins = [tuple(pin) for pin in instance.pinned.tolist()]
    if len({candidate for candidate, _, _ in pins}) < len(pins):
        return True
    barred = instance.forbidden.tolist()
    if (instance.find_options(instance.pinned) < 0).any() or any([*p[:2]] in barred for p in pins):
        return True
    if not isinstance(tree, dict):
        return False
    book = Book(instance, [])
    worst = Group(book, list(book.options)).worst_leaf(tree, [], [])
    return worst is None or worst < 0


def _with_pins(instance: Instance, pins: list[tuple[int, ...]]) -> Instance:
    return replace(instance, pinned=np.array(pins, np.int64).reshape(-1, 3))
