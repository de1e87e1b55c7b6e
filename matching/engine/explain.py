"""Reasons: why this one, and for everybody else the one reason why not.

Only codes and parameters about the person's own options; nothing here tells of anyone else, and of
a restriction no more than its neutral effect.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from matching.engine.counterfactuals import Cost
from matching.engine.eligibility import NO_COURSE, bars_of
from matching.engine.facts import Facts, facts_of
from matching.engine.outcome import Outcome
from matching.engine.problem import Candidate, Course, Leg, Vacancy
from matching.engine.rules import RULES, Reason

NO_OPTION, FULL, DISPLACED = "no_option", "full", "displaced"
_SHOWN = 5  # places named to one person
_DISPLACING = {"promises": "promise", "priority": "priority", "shortage": "quota"}
# What is asked for first when several changes would help: pay last.
EASE = ("distance", "moving", "hours", "licence", "conditions", "dates", "profession", "pay")


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """The next best option of a placed candidate, by how many points it is worse, and what the best
    plan with it has less: (goal, amount), the deciding one first; None where that is not known."""

    vacancy: str
    course: str | None
    behind: int
    cost: Cost | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A candidate sent to a vacancy, perhaps by way of a course, onto a place of this category."""

    candidate: str
    vacancy: str
    course: str | None
    category: str | None
    quota: bool
    score: int
    parts: tuple[tuple[str, int], ...]
    marks: tuple[str, ...] = ()
    runner_up: RunnerUp | None = None
    facts: Facts = ()


@dataclass(frozen=True, slots=True)
class Unplaced:
    """`kind` is exactly one of no_option, full, displaced; `reasons` the most telling first.

    no_option: each rule with the number of vacancies it removed `alone` and `together` with others,
    then `change`, the smallest change that opens one. full and displaced: which places.
    """

    candidate: str
    kind: str
    reasons: tuple[Reason, ...]


def explain_choices(outcome: Outcome) -> tuple[Choice, ...]:
    return tuple(_explain_choice(outcome, i, row) for i, row in sorted(outcome.row_of.items()))


def explain_unplaced(outcome: Outcome) -> tuple[Unplaced, ...]:
    people = enumerate(outcome.problem.candidates)
    return tuple(_explain_unplaced(outcome, i) for i, _ in people if i not in outcome.row_of)


def marks_of(person: Candidate, job: Vacancy, course: Course | None, leg: Leg) -> list[str]:
    """What a reviewer should look at: unknown does not exclude, but is said."""
    limited = person.max_minutes is not None or person.max_km is not None
    timed = leg.by_district and person.max_minutes is not None and not job.transport
    bound = bool(person.hours) or any(r.spans for r in person.restrictions)
    found = {
        "distance_unknown": limited and (leg.minutes, leg.km) == (None, None),
        "minutes_by_district": timed,
        "hours_unknown": bound and not job.shifts,
        "other_district": person.supervised and _elsewhere(person, job),
        "course_elsewhere": person.supervised and bool(course) and _elsewhere(person, course),
    }
    return [code for code, holds in found.items() if holds]


def _elsewhere(person: Candidate, there: Vacancy | Course | None) -> bool:
    known = there is not None and person.district and there.district
    return bool(known) and there is not None and person.district != there.district


def _explain_choice(outcome: Outcome, candidate: int, row: int) -> Choice:
    layout, problem = outcome.layout, outcome.problem
    option = int(layout.option[row])
    j, places = layout.positions[layout.instance.vacancy[row]]
    person, job, course = (
        problem.candidates[candidate],
        problem.vacancies[j],
        _course(outcome, option),
    )
    leg = outcome.facets.ground.leg(person.kato, job.kato)
    return Choice(
        candidate=person.key,
        vacancy=job.key,
        course=course.key if course else None,
        category=places.category,
        quota=places.quota,
        score=int(outcome.total[option]),
        parts=tuple(sorted(outcome.scores.parts_of(option).items())),
        marks=tuple(marks_of(person, job, course, leg)),
        runner_up=_find_runner_up(outcome, candidate, option),
        facts=facts_of(outcome, candidate, option),
    )


def _course(outcome: Outcome, option: int) -> Course | None:
    number = int(outcome.options.course[option])
    return None if number == NO_COURSE else outcome.problem.courses[number]


def _find_runner_up(outcome: Outcome, candidate: int, option: int) -> RunnerUp | None:
    others = [row for row in outcome.options_of(candidate) if row != option]
    if not others:
        return None
    known = [row for row in others if row in outcome.costs]
    best = min(known, key=lambda row: _weigh(outcome, row)) if known else others[0]
    job = outcome.problem.vacancies[outcome.options.vacancy[best]]
    course = _course(outcome, best)
    behind = int(outcome.total[option] - outcome.total[best])
    return RunnerUp(job.key, course.key if course else None, behind, outcome.costs.get(best))


def _weigh(outcome: Outcome, option: int) -> list[int]:
    """What an option costs, goal by goal."""
    cost = dict(outcome.costs[option])
    return [cost.get(name, 0) for name in outcome.problem.policy.tiers]


def _explain_unplaced(outcome: Outcome, candidate: int) -> Unplaced:
    key = outcome.problem.candidates[candidate].key
    options = outcome.options_of(candidate)
    if not options:
        return Unplaced(key, NO_OPTION, tuple(_explain_no_option(outcome, candidate)))
    reasons = [_explain_missed(outcome, candidate, option) for option in options[:_SHOWN]]
    displaced = [reason for reason in reasons if reason.code == DISPLACED]
    if displaced:
        return Unplaced(key, DISPLACED, tuple(displaced))
    return Unplaced(key, FULL, tuple(reasons))


def _explain_missed(outcome: Outcome, candidate: int, option: int) -> Reason:
    """Why this option was not given: its places or its course's seats are full, or others go first."""
    job = outcome.problem.vacancies[outcome.options.vacancy[option]]
    positions = outcome.positions_of(option)
    params = {
        "vacancy": job.key,
        "places": sum(outcome.layout.positions[p][1].count for p in positions),
    }
    if not all(outcome.is_full(position) for position in positions):
        return _explain_free(outcome, option, params)
    if option in outcome.costs:
        return _explain_price(outcome, option, params)
    for position in positions:
        for occupant in outcome.occupants[position]:
            fewer = outcome.points_of(occupant) < int(outcome.total[option])
            if fewer and (by := _goes_before(outcome, occupant, candidate, position)):
                return Reason(DISPLACED, params | {"by": by})
    return Reason(FULL, params)


def _explain_free(outcome: Outcome, option: int, params: dict[str, object]) -> Reason:
    course = _course(outcome, option)
    if course is None:
        by = "plan" if _is_kept_apart(outcome, option) else "policy"
        return Reason(DISPLACED, params | {"by": by})
    people = int(outcome.participants[outcome.options.course[option]])
    code = (
        "course_full" if people >= course.seats else "course_limits" if people else "course_closed"
    )
    return Reason(code, params | {"course": course.key})


def _is_kept_apart(outcome: Outcome, option: int) -> bool:
    """Whether as many as may of the person's group are at the house of this option already."""
    instance = outcome.layout.instance
    there = instance.house_of[instance.vacancy]
    row = np.flatnonzero(outcome.layout.option == option)[0]
    case = instance.case[instance.candidate]
    met = (case[outcome.chosen] == case[row]) & (there[outcome.chosen] == there[row])
    return bool(case[row] >= 0 and met.sum() >= instance.case_limit)


def _explain_price(outcome: Outcome, option: int, params: dict[str, object]) -> Reason:
    """Displaced if a goal that goes before decides and the others would rather have it; else full."""
    cost = outcome.costs[option]
    if not cost:
        return Reason(FULL, params)
    (goal, loss), *rest = cost
    told = params | {"goal": goal, "loss": loss}
    if goal in _DISPLACING and rest and rest[0][1] < 0:
        return Reason(DISPLACED, told | {"by": _DISPLACING[goal]})
    return Reason(FULL, told)


def _goes_before(outcome: Outcome, occupant: int, candidate: int, position: int) -> str | None:
    """By what a person with fewer points goes before the candidate; None if not by anything."""
    problem = outcome.problem
    job = problem.vacancies[outcome.layout.positions[position][0]].key
    first, other = problem.candidates[occupant], problem.candidates[candidate]
    if (first.key, job) in problem.locked and (other.key, job) not in problem.locked:
        return "promise"
    if first.priorities and not other.priorities:
        return "priority"
    return None


def _explain_no_option(outcome: Outcome, candidate: int) -> list[Reason]:
    if not outcome.problem.vacancies:
        return [Reason("no_vacancies")]
    bars = bars_of(outcome.facets, candidate)
    shown = {code: RULES[code].shown_as if code in RULES else code for code in bars}
    codes = sorted(set(shown.values()))
    barred = np.array(
        [np.any([bars[c] for c in bars if shown[c] == code], axis=0) for code in codes]
    )
    alone = barred & (barred.sum(axis=0) == 1)
    reasons = [
        Reason(code, {"alone": int(mine.sum()), "together": int(all_of.sum())})
        for code, mine, all_of in zip(codes, alone, barred, strict=True)
        if all_of.any()
    ]
    reasons.sort(key=lambda r: (-r.params["alone"], -r.params["together"], r.code))
    return reasons + _find_change(outcome, candidate, bars)


def _find_change(outcome: Outcome, candidate: int, bars: dict[str, np.ndarray]) -> list[Reason]:
    """The vacancy with the fewest and easiest rules in the way, none of them beyond anyone's power."""
    fixed = np.any([bars[c] for c in bars if c not in RULES or not RULES[c].movable], axis=0)
    changes = {}
    person = outcome.problem.candidates[candidate]
    for j in np.flatnonzero(~fixed).tolist():
        in_the_way = [code for code in bars if bars[code][j]]
        effort = sorted((_ease(RULES[code].shown_as) for code in in_the_way), reverse=True)
        changes[j] = (len(in_the_way), effort)
    if not changes:
        return []
    ground, jobs = outcome.facets.ground, outcome.problem.vacancies

    def reasons(j: int) -> list[Reason]:
        found = (RULES[c].check(person, jobs[j], ground) for c in bars if bars[c][j])
        return [reason for reason in found if reason is not None]

    least = min(changes.values())
    near = [j for j, effort in changes.items() if effort == least]
    best = min(near, key=lambda j: (sum(_size(r) for r in reasons(j)), j))
    needed = [{"code": r.code, "params": dict(r.params)} for r in reasons(best)]
    return [Reason("change", {"vacancy": jobs[best].key, "needed": needed})]


def _ease(code: str) -> int:
    return EASE.index(code) if code in EASE else len(EASE)


def _size(reason: Reason) -> int:
    """How far a rule is from letting the pair through, in the unit of its reason."""
    numbers = Counter({k: v for k, v in reason.params.items() if isinstance(v, int)})
    match reason.code:
        case "pay":
            return numbers["accepted"] - numbers["offered"]
        case "distance":
            return numbers["minutes"] + numbers["km"] - numbers["most"]
        case "dates":
            return numbers["free_in"] - numbers["last"]
        case "profession":
            return 100 - numbers["similarity"]
    return numbers["minutes"] or 1
