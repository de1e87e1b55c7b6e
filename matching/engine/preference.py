"""Preferences in turn: each person has the best-ranked profession that still leaves the plan good enough.

People come in a fixed order: priority by law, then the longest wait, then the key. What one was given
stays given; how good is good enough are floors on the goals of the plan.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from matching.engine.eligibility import NO_COURSE
from matching.engine.instance import Ints
from matching.engine.objective import OptionTier, Tier
from matching.engine.prepared import Prepared
from matching.engine.progress import Progress, Tell, keep_silent
from matching.engine.within import solve_within

GRANTED = "granted"


def prefer(
    prepared: Prepared,
    start: Ints,
    floors: Mapping[str, int],
    *,
    progress: Tell = keep_silent,
) -> Ints:
    """Options of the plan in which wishes are granted in turn, while each goal in `floors` {name: value}
    stays at least as good; the rest is the best by the order of goals. `start` reaches the floors.

    A wish that could not be proven impossible within the steps of a search is not granted.
    """
    instance, tiers = prepared.layout.instance, prepared.tiers
    rank, turns = ranks_of(prepared), take_turns(prepared)
    weight, plan, count = np.zeros(instance.options, np.int64), start, 0
    for done, person in enumerate(turns, 1):
        own = np.flatnonzero(instance.candidate == person)
        for wanted in np.unique(rank[own]).tolist():
            asked = weight.copy()
            asked[own[rank[own] == wanted]] = 1
            found = _grant(prepared, asked, floors, plan, count)
            if found is not None:
                weight, plan, count = asked, found, count + 1
                break
        progress(Progress("preferences", done, len(turns)))
    goals = (*tiers, OptionTier(GRANTED, weight))
    return solve_within(instance, goals, {**floors, GRANTED: count}, plan).chosen


def ranks_of(prepared: Prepared) -> Ints:
    """Per row of the instance which wish it answers, from 0; a course comes after all wishes."""
    problem, ground, options = prepared.problem, prepared.facets.ground, prepared.options
    least = ground.policy.limits.similarity
    rank = np.zeros(len(options), np.int64)
    rows = zip(options.candidate.tolist(), options.vacancy.tolist(), strict=True)
    for option, (i, j) in enumerate(rows):
        wishes, isco08 = problem.candidates[i].wishes, problem.vacancies[j].isco08
        alike = (at for at, w in enumerate(wishes) if ground.similarity(w.isco08, isco08) >= least)
        taught = options.course[option] != NO_COURSE
        rank[option] = len(wishes) if taught else next(alike, 0)
    return np.asarray(rank[prepared.layout.option])


def take_turns(prepared: Prepared) -> list[int]:
    """Those who have an option, in turn."""
    people = prepared.problem.candidates
    able = np.unique(prepared.layout.instance.candidate).tolist()
    return sorted(
        able, key=lambda i: (not people[i].priorities, -people[i].waiting_days, people[i].key)
    )


def _grant(
    prepared: Prepared, asked: Ints, floors: Mapping[str, int], plan: Ints, count: int
) -> Ints | None:
    """A plan with one more wish granted, or None."""
    if int(asked[plan].sum()) > count:
        return plan
    tiers: Sequence[Tier] = (OptionTier(GRANTED, asked), *prepared.tiers)
    held = {**floors, GRANTED: count}
    found = solve_within(prepared.layout.instance, tiers, held, plan, settle=1)
    return found.chosen if found.values[0] > count else None
