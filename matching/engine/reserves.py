"""Reserves: who comes next for each place, so that the chance of filling it reaches a target.

The chance is the record of the employer and of the vacancy: how many of those sent were hired, drawn
towards the policy's prior while cases are few. It says nothing about any person, and orders nobody:
reserves stand in the order of what the plan would lose by each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from matching.engine.answer import Solved
from matching.engine.policy import Policy
from matching.engine.problem import Employer

_NO_RECORD = (0, 0)


@dataclass(frozen=True, slots=True)
class Reserves:
    """For `places` of one kind that the plan fills at a vacancy: `candidates` in order, at most
    `most_sent` people a place in all; `chance` and `reached` are the per cent chance that a place is
    filled with its first person alone, and with the reserves."""

    vacancy: str
    category: str | None
    quota: bool
    places: int
    candidates: tuple[str, ...]
    chance: int
    reached: int


def line_up(
    solved: Solved,
    records: Mapping[str, tuple[int, int]],
    *,
    most_sent: int,
) -> tuple[Reserves, ...]:
    """Reserves for every kind of place that the plan uses, in the order of the problem.

    `records` are {vacancy: (people sent, people hired)}; `most_sent` bounds the people sent for one
    place, the first included. Nothing for a plan not proven. Somebody may stand in several lines.
    """
    if solved.alternatives is None:
        return ()
    problem, positions = solved.prepared.problem, solved.prepared.layout.positions
    target = Fraction(problem.policy.reserve_target, 100)
    employers = {e.key: e for e in problem.employers}
    found = []
    for position, people in sorted(solved.outcome.occupants.items()):
        j, kind = positions[position]
        job = problem.vacancies[j]
        employer = employers.get(job.employer, Employer(job.employer))
        chance = hire_chance(employer, records.get(job.key, _NO_RECORD), problem.policy)
        each = count_people(chance, target=target, most=most_sent) - 1
        waiting = _order(solved, position)[: each * len(people)]
        sent = 1 + len(waiting) // len(people)  # what every place has for sure
        found.append(
            Reserves(
                vacancy=job.key,
                category=kind.category,
                quota=kind.quota,
                places=len(people),
                candidates=tuple(waiting),
                chance=int(100 * chance),
                reached=int(100 * (1 - (1 - chance) ** sent)),
            )
        )
    return tuple(found)


def hire_chance(employer: Employer, record: tuple[int, int], policy: Policy) -> Fraction:
    """The share of people sent who are hired: the vacancy's own, drawn towards the employer's, and that
    towards the prior."""
    cases = max(1, policy.prior_referrals)
    prior = min(Fraction(1), Fraction(policy.prior_replies, cases))
    sent, hired = employer.referrals_sent, employer.referrals_hired
    of_employer = (hired + cases * prior) / (sent + cases)
    return min(Fraction(1), (record[1] + cases * of_employer) / (record[0] + cases))


def count_people(chance: Fraction, *, target: Fraction, most: int) -> int:
    """How many have to be sent for one place until the target is reached, at most `most`."""
    people, failing = 1, 1 - chance
    while people < most and 1 - failing < target:
        people, failing = people + 1, failing * (1 - chance)
    return people


def _order(solved: Solved, position: int) -> list[str]:
    """Everybody without a place who could have one here, those whom the plan misses least first."""
    prepared, outcome = solved.prepared, solved.outcome
    people, layout = prepared.problem.candidates, prepared.layout
    rows = np.flatnonzero((layout.instance.vacancy == position) & (layout.instance.course < 0))
    goals = [tier.name for tier in prepared.tiers]

    def rank(row: int) -> tuple[list[int], int, str]:
        cost = dict(outcome.costs[int(layout.option[row])])
        person = people[layout.instance.candidate[row]]
        return [cost.get(goal, 0) for goal in goals], -person.waiting_days, person.key

    open_rows = [
        row
        for row in rows.tolist()
        if int(layout.instance.candidate[row]) not in outcome.row_of
        and int(layout.option[row]) in outcome.costs
    ]
    return [people[layout.instance.candidate[row]].key for row in sorted(open_rows, key=rank)]
