"""Can the pins hold together? If not, an irreducible set of them that cannot.

Only the pins and the courses they use matter here: everyone else may stay at home, unless a
pinned course needs them for its cohort. So the question is a small problem of its own.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from matching.engine.bounds import Goal
from matching.engine.branching import Search, search
from matching.engine.components import Names, Part, make_part, usable_options
from matching.engine.feasibility import Choice
from matching.engine.instance import Instance, Ints
from matching.engine.pricing import Relaxation
from matching.engine.proof import Node

_NONE = np.zeros(0, np.int64)
_NOTHING = Goal(())


def start_plan(instance: Instance) -> Ints | None:
    """Options of some plan that keeps every rule and pin, or None if there is none."""
    if not len(instance.pinned):
        return _NONE
    if _contradicts_itself(instance):
        return None
    part, found = _look(instance)
    return None if found.chosen is None else part.names.option[found.chosen]


def irreducible_clash(instance: Instance) -> list[Choice]:
    """Pins that cannot all hold, while any of them left out leaves pins that can.

    The first in order are tried first for leaving out, so the set is the same every time.
    Call it only when `start_plan` found nothing.
    """
    kept = instance.pinned
    for pin in instance.pinned:
        fewer = kept[(kept != pin).any(axis=1)]
        if start_plan(replace(instance, pinned=fewer)) is None:
            kept = fewer
    return [(int(c), int(v), int(k)) for c, v, k in kept.tolist()]


def prove_clash(instance: Instance, clash: Sequence[Choice]) -> tuple[Names, Node] | None:
    """A search tree none of whose leaves leaves a plan; None if the pins need no proof (they are
    no options, forbidden, or two for one candidate)."""
    only = replace(instance, pinned=np.array(clash, np.int64).reshape(-1, 3))
    if _contradicts_itself(only):
        return None
    part, found = _look(only)
    return part.names, found.root


def find_witnesses(instance: Instance, clash: Sequence[Choice]) -> list[list[Choice]]:
    """For each pin of the clash a plan that keeps all the others."""
    witnesses = []
    for left_out in clash:
        others = [pin for pin in clash if pin != left_out]
        fewer = replace(instance, pinned=np.array(others, np.int64).reshape(-1, 3))
        plan = start_plan(fewer)
        assert plan is not None
        witnesses.append(fewer.choices(plan))
    return witnesses


def _contradicts_itself(instance: Instance) -> bool:
    pins = instance.find_options(instance.pinned)
    if (pins < 0).any() or not instance.allowed()[pins].all():
        return True
    return len(np.unique(instance.pinned[:, 0])) < len(pins)


def _look(instance: Instance) -> tuple[Part, Search]:
    """Search for any plan among the pins and the options of their courses."""
    pins = instance.find_options(instance.pinned)
    options = usable_options(instance)
    taught = np.unique(instance.course[pins])
    needed = np.isin(instance.course[options], taught[taught >= 0]) | np.isin(options, pins)
    part = make_part(instance, (), options[needed], coupled=True)
    relaxation = Relaxation(part, _NOTHING, np.arange(len(part.option)))
    return part, search(relaxation, reach=(0, 0), plan=None, stop=_never)


def _never() -> bool:
    return False
