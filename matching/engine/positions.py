"""Positions: the places of a vacancy that are alike, so that a plan says which kind of slot it uses.

A vacancy's places for probation, for released and for anyone, owed or offered beyond, are apart in
the ledger, so the solver sees each group as a vacancy of its own. Places beyond a quota belong to a
second book of the same employer, in which nothing is owed; how many of one case may meet there counts
over both.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matching.engine.eligibility import Options
from matching.engine.instance import Instance, Ints, make_instance
from matching.engine.objective import OptionTier, ShortageTier, Tier
from matching.engine.problem import Candidate, Places, Problem
from matching.engine.rules import fits_category


@dataclass(frozen=True, eq=False)
class Layout:
    """An instance with the way back: position to (vacancy, places), its rows to options."""

    instance: Instance
    positions: tuple[tuple[int, Places], ...]
    option: Ints


def lay_out(problem: Problem, options: Options, score: Ints) -> Layout:
    """The arrays of a problem. Raises InstanceError when a number is beyond what they hold."""
    positions = tuple((j, p) for j, job in enumerate(problem.vacancies) for p in job.places)
    option, position = _spread(problem, options, positions)
    order = np.lexsort((options.course[option], position, options.candidate[option]))
    option, position = option[order], position[order]
    books = {e.key: 2 * i for i, e in enumerate(problem.employers)}
    owed = [n for e in problem.employers for n in (e.quota_open, 0)]
    courses = problem.courses
    case = _number_cases(problem)
    instance = make_instance(
        options=(options.candidate[option], position, options.course[option], score[option]),
        vacancies=(
            [books[problem.vacancies[j].employer] + (not p.quota) for j, p in positions],
            [p.count for _, p in positions],
        ),
        min_fill=owed,
        house=np.arange(len(owed)) // 2 * 2 if (case >= 0).any() else None,
        courses=([c.seats for c in courses], [c.least for c in courses], [c.cost for c in courses]),
        case=case,
        case_limit=problem.policy.limits.case_limit,
        budget=sum(c.seats * c.cost for c in courses) if problem.budget is None else problem.budget,
    )
    return Layout(instance, positions, option)


def _number_cases(problem: Problem) -> Ints:
    """Per candidate the group, numbered from 0; -1 for whoever is in none."""
    named = [-1 if person.case is None else person.case for person in problem.candidates]
    groups = {name: number for number, name in enumerate(sorted({*named} - {-1}))}
    return np.array([groups.get(name, -1) for name in named], np.int64)


def make_tiers(problem: Problem, options: Options, layout: Layout) -> tuple[Tier, ...]:
    """The tiers of the policy, in its order. Raises KeyError for a name that is no tier."""
    rows = options.candidate[layout.option]
    locked = {(c, v) for c, v in problem.locked}
    keys = zip(rows.tolist(), options.vacancy[layout.option].tolist(), strict=True)
    per_candidate: dict[str, Callable[[Candidate], int]] = {
        "priority": lambda c: int(bool(c.priorities)),
        "placements": lambda c: 1,
        "waiting": lambda c: c.waiting_days,
    }
    tiers: dict[str, Tier] = {
        name: OptionTier(name, np.array([of(c) for c in problem.candidates], np.int64)[rows])
        for name, of in per_candidate.items()
    }
    promised = [(problem.candidates[i].key, problem.vacancies[j].key) in locked for i, j in keys]
    tiers["promises"] = OptionTier("promises", np.array(promised, np.int64))
    tiers["shortage"] = ShortageTier("shortage", convex=True)
    tiers["score"] = OptionTier("score", layout.instance.score)
    return tuple(tiers[name] for name in problem.policy.tiers)


def _spread(
    problem: Problem, options: Options, positions: tuple[tuple[int, Places], ...]
) -> tuple[Ints, Ints]:
    """Each option once for every position of its vacancy that takes the candidate."""
    of_job: list[list[tuple[int, Places]]] = [[] for _ in problem.vacancies]
    for number, (j, places) in enumerate(positions):
        of_job[j].append((number, places))
    rows = [
        (row, number)
        for row, (i, j) in enumerate(zip(*(a.tolist() for a in options.pairs), strict=True))
        for number, places in of_job[j]
        if fits_category(problem.candidates[i], places.category)
    ]
    option, position = np.array(rows, np.int64).reshape(-1, 2).T
    return option, position
