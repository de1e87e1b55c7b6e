"""Remedies: the cheapest change that would give this person a place, all others solved again.

Each kind of change opens the options that only it stands before; the whole round is solved with
them. Where no single one suffices, two at once are tried, a few pairs, the easiest first. Pay comes
last, and is raised to what the person accepts, never the other way round. Who waits for support enters
first, as if what has to come first were settled. What law or court forbids is never lifted.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations, islice

import numpy as np

from matching.engine.answer import Prepared, Solved, prepare, solve_prepared
from matching.engine.counterfactuals import Cost, name_amounts
from matching.engine.eligibility import (
    NO_COURSE,
    Flags,
    Options,
    bars_of,
    course_suits,
    find_options,
)
from matching.engine.explain import EASE
from matching.engine.facets import Facets
from matching.engine.objective import gain_of
from matching.engine.plan import INFEASIBLE, Plan
from matching.engine.positions import lay_out, make_tiers
from matching.engine.problem import Candidate
from matching.engine.rules import RULES, Reason
from matching.engine.scoring import score_options
from matching.engine.solver import solve

RETRAINING, GATE = "retraining", "gate"
_PAIRS = 6  # tried at most, each a round solved again


@dataclass(frozen=True, slots=True)
class Remedy:
    """With what is `needed` the person goes to `vacancy`, perhaps over `course`; `gains` is what the
    plan as a whole then has more, goal by goal. `code` is the kind of change."""

    code: str
    vacancy: str
    course: str | None
    needed: tuple[Reason, ...]
    gains: Cost


def find_remedies(solved: Solved, candidate: str) -> tuple[Remedy, ...]:
    """For somebody without a place, one remedy a kind of change that works, the easiest first; if none
    does, pairs of changes, whose `code` joins both by "+". For somebody who waits for support, that
    settled, alone or with what else is needed.

    Raises KeyError when the problem has no such candidate.
    """
    waits = [c for c in solved.prepared.problem.gated if c.key == candidate]
    if waits:
        return _clear_gate(solved, waits[0])
    keys = [c.key for c in solved.prepared.problem.candidates]
    if candidate not in keys:
        raise KeyError(candidate)
    person = keys.index(candidate)
    if person in solved.prepared.layout.instance.candidate[solved.plan.chosen]:
        return ()
    alone = _try_all(solved, person, _open(solved.prepared, person))
    pairs = islice(_open_pairs(solved.prepared, person), _PAIRS)
    return alone or _try_all(solved, person, pairs)


def _clear_gate(solved: Solved, person: Candidate) -> tuple[Remedy, ...]:
    """The round solved again with the person in it."""
    problem = solved.prepared.problem
    people = (*problem.candidates, person)
    entered = solve_prepared(prepare(replace(problem, candidates=people, gated=())))
    made, plan = entered.prepared, entered.plan
    at = [c.key for c in made.problem.candidates].index(person.key)
    rows = plan.chosen[made.layout.instance.candidate[plan.chosen] == at]
    needed = (Reason(GATE),)
    if not len(rows):
        found = find_remedies(entered, person.key)
        return tuple(
            replace(one, code=f"{GATE}+{one.code}", needed=needed + one.needed) for one in found
        )
    option = int(made.layout.option[rows[0]])
    job, way = int(made.options.vacancy[option]), int(made.options.course[option])
    course = None if way == NO_COURSE else problem.courses[way].key
    return (Remedy(GATE, problem.vacancies[job].key, course, needed, _gain(solved, plan)),)


def _gain(solved: Solved, plan: Plan) -> Cost:
    """What another plan of the same goals has more."""
    pairs = zip(solved.prepared.tiers, plan.tiers, solved.plan.tiers, strict=True)
    more = [gain_of(now.value, tier) - gain_of(then.value, tier) for tier, now, then in pairs]
    return name_amounts(solved.prepared.tiers, more)


def _try_all(
    solved: Solved, person: int, kinds: Iterable[tuple[str, Options]]
) -> tuple[Remedy, ...]:
    tried = (_try(solved, person, code, opened) for code, opened in kinds)
    return tuple(remedy for remedy in tried if remedy)


def _open_pairs(prepared: Prepared, person: int) -> Iterator[tuple[str, Options]]:
    """Per pair of kinds the options that both together open, and neither alone."""
    bars = bars_of(prepared.facets, person)
    shown = {code: RULES[code].shown_as for code in RULES if RULES[code].movable}
    for pair in combinations(EASE, 2):
        own = [code for code in bars if shown.get(code) in pair]
        free = ~np.any([bars[code] for code in bars if code not in own], axis=0)
        for kind in pair:
            free &= np.any([bars[code] for code in own if shown[code] == kind], axis=0)
        jobs = np.flatnonzero(free)
        if len(jobs):
            options = Options(np.full(len(jobs), person), jobs, np.full(len(jobs), -1))
            yield "+".join(pair), options


def _open(prepared: Prepared, person: int) -> Iterator[tuple[str, Options]]:
    """Per kind of change the options that it alone opens."""
    bars = bars_of(prepared.facets, person)
    kinds = {code: RULES[code].shown_as for code in RULES if RULES[code].movable}
    for kind in EASE:
        ours = [code for code, shown in kinds.items() if shown == kind]
        others = [bars[code] for code in bars if code not in ours]
        free = ~np.any(others, axis=0) & np.any([bars[code] for code in ours], axis=0)
        jobs = np.flatnonzero(free)
        if len(jobs):
            yield kind, Options(np.full(len(jobs), person), jobs, np.full(len(jobs), -1))
        if kind == "profession" and (opened := _open_courses(prepared, person)):
            yield RETRAINING, opened


def _open_courses(prepared: Prepared, person: int) -> Options | None:
    """Ways over courses that the person has not asked for."""
    problem = prepared.problem
    asked = problem.candidates[person]
    rows = []
    for k, course in enumerate(problem.courses):
        willing = replace(asked, retraining=course.isco08)
        ground = prepared.facets.ground
        if course_suits(asked, course, ground) or not course_suits(willing, course, ground):
            continue
        alone = Facets(replace(problem, candidates=(willing,), courses=(course,)))
        found = find_options(alone)
        rows += [(j, k) for j, way in zip(found.vacancy, found.course, strict=True) if way >= 0]
    if not rows:
        return None
    jobs, courses = np.array(sorted(rows), np.int64).T
    return Options(np.full(len(jobs), person), jobs, courses)


def _try(solved: Solved, person: int, code: str, opened: Options) -> Remedy | None:
    """The round solved again with these options; None if the person still has no place."""
    prepared = solved.prepared
    options, is_new = _merge(prepared.options, opened)
    scores = score_options(prepared.facets, options)
    layout = lay_out(prepared.problem, options, scores.total)
    tiers = make_tiers(prepared.problem, options, layout)
    plan = solve(layout.instance, tiers)
    if plan.status == INFEASIBLE:
        return None
    for row in plan.chosen.tolist():
        option = int(layout.option[row])
        if options.candidate[option] == person and is_new[option]:
            return _tell(prepared, options, option, code, _gain(solved, plan))
    return None


def _merge(options: Options, opened: Options) -> tuple[Options, Flags]:
    """Both in order, and which are new."""
    columns = [
        np.concatenate([getattr(options, name), getattr(opened, name)])
        for name in ("candidate", "vacancy", "course")
    ]
    is_new = np.arange(len(columns[0])) >= len(options)
    order = np.lexsort((columns[2], columns[1], columns[0]))
    return Options(*(column[order] for column in columns)), is_new[order]


def _tell(prepared: Prepared, options: Options, option: int, code: str, gains: Cost) -> Remedy:
    problem, ground = prepared.problem, prepared.facets.ground
    person = problem.candidates[options.candidate[option]]
    job, way = problem.vacancies[options.vacancy[option]], int(options.course[option])
    if code == RETRAINING:
        course = problem.courses[way].key
        return Remedy(code, job.key, course, (Reason(code, {"course": course}),), gains)
    kinds = code.split("+")
    checks = (rule.check(person, job, ground) for rule in RULES.values() if rule.shown_as in kinds)
    return Remedy(code, job.key, None, tuple(reason for reason in checks if reason), gains)
