"""Why a place stays open: nobody may take it, or everybody who may is of more use elsewhere.

Codes and numbers only: what an employer hears of it says how many, never who, and of a rule no more than
its neutral name.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from matching.engine.answer import Solved
from matching.engine.counterfactuals import Cost
from matching.engine.eligibility import NO_COURSE
from matching.engine.rules import RULES, Reason

NOBODY, RESERVED, BY_COURSE, ELSEWHERE = "nobody", "reserved", "by_course", "elsewhere"


@dataclass(frozen=True, slots=True)
class Vacant:
    """`free` places of one kind at a vacancy that the plan leaves open. `code` is one of nobody (no
    admissible person: `reasons` count the people each rule keeps away, alone and together), reserved
    (people would come, but the places are for another category), by_course (only over courses that
    the plan does not run for it) or elsewhere (`people` could come, and are of more use where they
    are, or stay out for a course's or a goal's sake: the least a person here would `cost` the plan)."""

    vacancy: str
    category: str | None
    quota: bool
    free: int
    code: str
    people: int = 0
    cost: Cost = ()
    reasons: tuple[Reason, ...] = ()


def explain_vacant(solved: Solved) -> tuple[Vacant, ...]:
    """One row for each kind of place that is not full, in the order of the problem."""
    outcome, layout = solved.outcome, solved.prepared.layout
    free = [
        (position, places.count - len(outcome.occupants.get(position, ())))
        for position, (_, places) in enumerate(layout.positions)
    ]
    return tuple(_explain(solved, position, count) for position, count in free if count > 0)


def _explain(solved: Solved, position: int, free: int) -> Vacant:
    layout, outcome = solved.prepared.layout, solved.outcome
    instance, problem = layout.instance, solved.prepared.problem
    j, places = layout.positions[position]
    told = (problem.vacancies[j].key, places.category, places.quota, free)
    rows = np.flatnonzero(instance.vacancy == position)
    people = len(np.unique(instance.candidate[rows]))
    if not len(rows):
        reserved = int((solved.prepared.options.vacancy == j).sum())
        if reserved:
            return Vacant(*told, code=RESERVED, people=reserved)
        return Vacant(*told, code=NOBODY, reasons=_count_rules(solved, j))
    if (instance.course[rows] != NO_COURSE).all():
        return Vacant(*told, code=BY_COURSE, people=people)
    known = [outcome.costs[o] for o in layout.option[rows].tolist() if o in outcome.costs]
    return Vacant(
        *told, code=ELSEWHERE, people=people, cost=min(known, key=_by(solved), default=())
    )


def _by(solved: Solved) -> "_Weigh":
    return _Weigh(tuple(tier.name for tier in solved.prepared.tiers))


@dataclass(frozen=True, slots=True)
class _Weigh:
    """Orders costs goal by goal."""

    goals: tuple[str, ...]

    def __call__(self, cost: Cost) -> list[int]:
        amounts = dict(cost)
        return [amounts.get(goal, 0) for goal in self.goals]


def _count_rules(solved: Solved, j: int) -> tuple[Reason, ...]:
    """Each rule with how many people it alone, and it with others, keeps from the vacancy."""
    facets = solved.prepared.facets
    everybody = np.arange(len(facets.problem.candidates))
    pairs = (everybody, np.full(len(everybody), j))
    shown: dict[str, np.ndarray] = {}
    for rule in RULES.values():
        barred = facets.bars(rule.check, pairs, person=rule.person, job=rule.job)
        shown[rule.shown_as] = shown.get(rule.shown_as, False) | barred
    together = np.sum(list(shown.values()), axis=0)
    counts = Counter({code: int(barred.sum()) for code, barred in shown.items()})
    return tuple(
        Reason(code, {"alone": int((shown[code] & (together == 1)).sum()), "together": count})
        for code, count in sorted(counts.items(), key=lambda row: (-row[1], row[0]))
        if count
    )
