"""Promises that a plan does not keep: pairs locked by a person, and what each of them runs into.

A set that clashes is irreducible: no plan keeps all of it, and without any one of it the others can be
kept. Whether pairs can be kept together is asked of the solver itself, with nothing else to gain.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.engine.eligibility import check_pair
from matching.engine.instance import Ints
from matching.engine.objective import OptionTier
from matching.engine.plan import INFEASIBLE
from matching.engine.prepared import Prepared
from matching.engine.solver import solve

ABSENT, BARRED, BY_COURSE = "absent", "barred", "by_course"
CLASH, OUTRANKED = "clash", "outranked"
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Broken:
    """Locked pairs (candidate, vacancy) not kept. `code` is absent (one pair whose person or place is not
    in the problem), barred (one pair that rules bar: `rules` are their neutral codes), by_course (one
    pair that only a course leads to, which cannot run for it), clash (an irreducible set of several
    that no plan keeps together) or outranked (one that could be kept with those that
    are: the policy's order puts something before it)."""

    code: str
    pairs: tuple[Pair, ...]
    rules: tuple[str, ...] = ()


def find_broken(prepared: Prepared, chosen: Ints) -> tuple[Broken, ...]:
    """What became of each locked pair that the plan of these rows lacks, each clash once."""
    rows = {pair: _rows_of(prepared, pair) for pair in prepared.problem.locked}
    taken = set(chosen.tolist())
    kept = [pair for pair in rows if taken & set(rows[pair].tolist())]
    found = [
        _explain(prepared, pair, kept, rows) if len(rows[pair]) else _tell_barred(prepared, pair)
        for pair in rows
        if pair not in kept
    ]
    return tuple(dict.fromkeys(found))


def _explain(
    prepared: Prepared, pair: Pair, kept: Sequence[Pair], rows: dict[Pair, Ints]
) -> Broken:
    together = sorted([*kept, pair])
    if _can_keep(prepared, together, rows):
        return Broken(OUTRANKED, (pair,))
    for other in kept:
        fewer = [one for one in together if one != other]
        if not _can_keep(prepared, fewer, rows):
            together = fewer
    return Broken(CLASH if len(together) > 1 else BY_COURSE, tuple(together))


def _can_keep(prepared: Prepared, pairs: Sequence[Pair], rows: dict[Pair, Ints]) -> bool:
    instance = prepared.layout.instance
    weight = np.zeros(instance.options, np.int64)
    for pair in pairs:
        weight[rows[pair]] = 1
    plan = solve(instance, (OptionTier("promises", weight),))
    return plan.status != INFEASIBLE and plan.tiers[0].value == len(pairs)


def _rows_of(prepared: Prepared, pair: Pair) -> Ints:
    """The rows of the instance by which the pair could be kept, over a course or not."""
    problem, options = prepared.problem, prepared.options
    people = [i for i, person in enumerate(problem.candidates) if person.key == pair[0]]
    jobs = [j for j, job in enumerate(problem.vacancies) if job.key == pair[1]]
    own = np.isin(options.candidate, people) & np.isin(options.vacancy, jobs)
    return np.flatnonzero(own[prepared.layout.option])


def _tell_barred(prepared: Prepared, pair: Pair) -> Broken:
    problem = prepared.problem
    person = next((one for one in problem.candidates if one.key == pair[0]), None)
    job = next((one for one in problem.vacancies if one.key == pair[1]), None)
    if person is None or job is None or not job.places:
        return Broken(ABSENT, (pair,))
    reasons = check_pair(person, job, prepared.facets.ground)
    codes = {reason.code for _, reason in reasons}
    if pair in problem.forbidden:
        codes.add("forbidden")
    return Broken(BARRED, (pair,), tuple(sorted(codes)))
