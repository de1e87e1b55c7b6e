"""Can the pins hold together? If not, an irreducible set of them that cannot.

Only the pins and the courses they use matter here: everyone else may stay at home, unless a
pinned course needs them for its cohort. So the question is a small problem of its own.
"""

from dataclasses import replace

import numpy as np

from matching.engine.bounds import Goal
from matching.engine.branching import search
from matching.engine.components import make_part, usable_options
from matching.engine.instance import Instance, Ints
from matching.engine.pricing import Relaxation

_NONE = np.zeros(0, np.int64)


def start_plan(instance: Instance) -> Ints | None:
    """Options of some plan that keeps every rule and pin, or None if there is none."""
    pins = instance.find_options(instance.pinned)
    if not len(pins):
        return _NONE
    if (pins < 0).any() or not instance.allowed()[pins].all() or _pinned_twice(instance):
        return None
    options = usable_options(instance)
    taught = np.unique(instance.course[pins])
    needed = np.isin(instance.course[options], taught[taught >= 0]) | np.isin(options, pins)
    part = make_part(instance, (), options[needed], coupled=True)
    relaxation = Relaxation(part, Goal(()), np.arange(len(part.option)))
    found = search(relaxation, lowest=0, plan=None, stop=_never)
    return None if found.chosen is None else part.option[found.chosen]


def irreducible_clash(instance: Instance) -> list[tuple[int, int, int]]:
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


def _pinned_twice(instance: Instance) -> bool:
    return len(np.unique(instance.pinned[:, 0])) < len(instance.pinned)


def _never() -> bool:
    return False
