"""Prices: what one more place, seat or wage step is worth to the whole plan: whom to call first.

Every place's price comes from the residual graph at once, courses held as they are; where nothing stands
beside the network it is exact. The top of the list is solved again with everything free. Seats and wage
steps open new options, so they are always solved again: the most promising of each employer, profession
and district, as many as there is time for.
"""

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from matching.engine.answer import Solved, prepare
from matching.engine.changes import Changes, apply_changes
from matching.engine.counterfactuals import Cost, name_amounts, values_of
from matching.engine.eligibility import pairs_barred_by
from matching.engine.instance import Instance
from matching.engine.objective import gain_of
from matching.engine.problem import Problem, Vacancy

SLOT, SEAT, PAY, BUDGET, GATE = "slot", "seat", "pay", "budget", "gate"
PAY_STEP = 20_000  # whole tenge a month
_SOLVED_AGAIN = 4
_TRIED = 16  # of each kind that opens options


@dataclass(frozen=True, slots=True)
class Price:
    """One more of `kind` at `key` (a vacancy, a course, "" for the budget, or a candidate whose support
    gate is cleared) adds `gains`: (goal,
    amount), the deciding one first. `exact` ones hold with everything free; for the
    others courses are held as in the plan."""

    kind: str
    key: str
    gains: Cost
    exact: bool
    category: str | None = None
    quota: bool = False
    step: int = 1


def find_prices(solved: Solved) -> tuple[Price, ...]:
    """Everything that is worth anything, the most telling first. Nothing for a plan not proven."""
    if solved.alternatives is None:
        return ()
    found = [*_price_slots(solved), *_price_seats(solved), *_price_pay(solved)]
    found += [*_price_budget(solved), *_price_gates(solved)]
    order = [tier.name for tier in solved.prepared.tiers]
    worth = [price for price in found if price.gains]
    worth.sort(
        key=lambda price: (_weigh(price, order), price.kind, price.key, price.category or "")
    )
    return tuple(worth)


def _weigh(price: Price, order: list[str]) -> list[int]:
    gains = dict(price.gains)
    return [-gains.get(name, 0) for name in order]


def _price_slots(solved: Solved) -> list[Price]:
    """Every kind of place of every vacancy; the best few solved again."""
    assert solved.alternatives is not None
    prepared, slots = solved.prepared, solved.alternatives.regrets.slot
    order = np.lexsort((np.arange(len(slots)), *(-slots.T[::-1])))
    network = _is_network(prepared.layout.instance)
    prices = []
    for rank, position in enumerate(order.tolist()):
        job, places = prepared.layout.positions[position]
        gains = name_amounts(prepared.tiers, slots[position].tolist())
        exact = network or (rank < _SOLVED_AGAIN and bool(gains))
        if exact and not network:
            more = prepared.layout.instance.slots.copy()
            more[position] += 1
            gains = _gain(solved, replace(prepared.layout.instance, slots=more))
        key = prepared.problem.vacancies[job].key
        prices.append(Price(SLOT, key, gains, exact, places.category, places.quota))
    return prices


def _is_network(instance: Instance) -> bool:
    """Nobody goes by a course and nobody is kept apart: the residual graph leaves nothing out."""
    return bool((instance.course < 0).all() and (instance.case < 0).all())


def _price_seats(solved: Solved) -> list[Price]:
    """One more seat on the courses that are full in the plan, those most asked for first."""
    instance, problem = solved.prepared.layout.instance, solved.prepared.problem
    taken = solved.outcome.participants
    asked = Counter(instance.course[instance.course >= 0].tolist())
    full = [k for k in range(len(problem.courses)) if taken[k] >= problem.courses[k].seats > 0]
    full.sort(key=lambda k: (-asked[k], k))
    prices = []
    for course in full[:_TRIED]:
        seats = instance.seats.copy()
        seats[course] += 1
        gains = _gain(solved, replace(instance, seats=seats))
        prices.append(Price(SEAT, problem.courses[course].key, gains, exact=True))
    return prices


def _price_budget(solved: Solved) -> list[Price]:
    """The cost of one more participant on the dearest course."""
    instance, problem = solved.prepared.layout.instance, solved.prepared.problem
    step = max((course.cost for course in problem.courses), default=0)
    if problem.budget is None or not step:
        return []
    gains = _gain(solved, replace(instance, budget=instance.budget + step))
    return [Price(BUDGET, "", gains, exact=True, step=step)]


def _price_gates(solved: Solved) -> list[Price]:
    """What it adds that somebody who waits for support enters: priority by law, then the longest wait."""
    problem = solved.prepared.problem
    gated = sorted(problem.gated, key=lambda c: (not c.priorities, -c.waiting_days, c.key))
    prices = []
    for person in gated[:_TRIED]:
        entered = replace(problem, candidates=(*problem.candidates, person))
        gains = _gain_of_problem(solved, entered)
        prices.append(Price(GATE, person.key, gains, exact=True))
    return prices


def _price_pay(solved: Solved) -> list[Price]:
    """A wage step where pay alone keeps most people without a place away."""
    problem = solved.prepared.problem
    reached = _find_underpaid(solved)
    jobs = [problem.vacancies[j] for j in sorted(reached, key=lambda j: (-reached[j], j))]
    prices = []
    for job in _spread(jobs)[:_TRIED]:
        raised = Changes(pay=((job.key, job.pay_from + PAY_STEP, job.pay_to + PAY_STEP),))
        gains = _gain_of_problem(solved, apply_changes(problem, raised))
        prices.append(Price(PAY, job.key, gains, exact=True, step=PAY_STEP))
    return prices


def _spread(jobs: list[Vacancy]) -> list[Vacancy]:
    """The first few in any case, then the first of each district, profession and employer."""
    seen: set[tuple[str, str | None]] = set()
    picked = []
    for rank, job in enumerate(jobs):
        labels = {("at", job.district or job.kato), ("as", job.isco08), ("by", job.employer)}
        if rank < _SOLVED_AGAIN or labels - seen:
            picked.append(job)
        seen |= labels
    return picked


def _find_underpaid(solved: Solved) -> Counter[int]:
    """{vacancy: people without a place whom a step more would let in}."""
    outcome, problem = solved.outcome, solved.prepared.problem
    pairs = pairs_barred_by(solved.prepared.facets, "pay")
    reached: Counter[int] = Counter()
    for i, j in zip(*(side.tolist() for side in pairs), strict=True):
        accepted = problem.candidates[i].pay_accepted
        if i not in outcome.row_of and accepted is not None:
            reached[j] += problem.vacancies[j].pay_to + PAY_STEP >= accepted
    return +reached


def _gain(solved: Solved, instance: Instance) -> Cost:
    """What the best plan of another instance with the same options has more."""
    return _compare(solved, values_of(instance, solved.prepared.tiers))


def _gain_of_problem(solved: Solved, problem: Problem) -> Cost:
    prepared = prepare(problem)
    return _compare(solved, values_of(prepared.layout.instance, prepared.tiers))


def _compare(solved: Solved, values: list[int] | None) -> Cost:
    assert values is not None  # rounds have no pins that could clash
    tiers = solved.prepared.tiers
    had = [gain_of(t.value, tier) for t, tier in zip(solved.plan.tiers, tiers, strict=True)]
    return name_amounts(tiers, [now - then for now, then in zip(values, had, strict=True)])
