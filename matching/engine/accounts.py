"""A solved instance explained in codes and numbers: everybody placed or not, every vacancy left open.

`matching-reasons/1` speaks of the open format's own numbers. What a choice not made would cost is a
list of [tier, amount], by how much the best plan with it is worse, the deciding tier first (negative
where a later tier gains); courses, pins and cases are held as in the plan, and the document says so.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from matching.engine.attributes import Attributes
from matching.engine.holding import Held, hold
from matching.engine.instance import Instance, Ints
from matching.engine.objective import ShortageTier, Tier
from matching.engine.plan import OPTIMAL, Plan
from matching.engine.regrets import NotTheBestError, Regrets, find_regrets

REASONS_FORMAT = "matching-reasons/1"
_SHOWN = 5
_DISPLACED = ("pinned", "quota", "case", "order")  # by whom or what; else places or seats are full
Costs = Mapping[int, list[list[Any]]]


def explain_plan(
    instance: Instance, tiers: Sequence[Tier], plan: Plan, attributes: Attributes | None = None
) -> dict[str, Any]:
    """The document. With `attributes` the points are told part by part, and of whoever has no option
    which rule keeps how many vacancies away."""
    account = _Account(instance, tiers, plan, attributes)
    return {
        "format": REASONS_FORMAT,
        "status": plan.status,
        "held": ["courses", "pinned", "cases"] if account.costs is not None else None,
        "people": [account.person(i) for i in range(instance.candidates)],
        "open": [account.vacancy(j) for j in np.flatnonzero(account.free > 0).tolist()],
    }


class _Account:
    """What the plan leaves, and what each option not chosen would cost, where that is known."""

    def __init__(
        self,
        instance: Instance,
        tiers: Sequence[Tier],
        plan: Plan,
        attributes: Attributes | None,
    ) -> None:
        self.instance, self.plan, self.attributes = instance, plan, attributes
        self.row_of = {int(instance.candidate[row]): row for row in plan.chosen.tolist()}
        self.allowed = instance.allowed()
        used = np.bincount(instance.vacancy[plan.chosen], minlength=instance.vacancies)
        self.free = instance.slots - used
        order = np.argsort(instance.vacancy, kind="stable")
        heads = np.searchsorted(instance.vacancy[order], np.arange(1, instance.vacancies))
        self.rows_at = np.split(order, heads)
        taken = instance.course[plan.chosen]
        self.seated = np.bincount(taken[taken >= 0], minlength=instance.courses)
        self.shortage = {tier.name for tier in tiers if isinstance(tier, ShortageTier)}
        self.costs = _find_costs(instance, tiers, plan)

    def person(self, i: int) -> dict[str, Any]:
        first, last = np.searchsorted(self.instance.candidate, (i, i + 1))
        own = [row for row in range(int(first), int(last)) if self.allowed[row]]
        row = self.row_of.get(i)
        if row is not None:
            return {"cand": i, "state": "placed", **self._tell_placed(row, own)}
        if not own:
            return {"cand": i, "state": "no_option", **self._tell_barred(i, int(last - first))}
        own.sort(key=lambda row: (-int(self.instance.score[row]), row))
        missed = [self._tell_missed(row) for row in own[:_SHOWN]]
        state = "displaced" if any(m["code"] in _DISPLACED for m in missed) else "full"
        return {"cand": i, "state": state, "options": len(own), "places": missed}

    def vacancy(self, j: int) -> dict[str, Any]:
        """Why places of a vacancy stay open: one code, with how many people could come."""
        instance = self.instance
        rows = self.rows_at[j][self.allowed[self.rows_at[j]]]
        told: dict[str, Any] = {"vac": j, "free": int(self.free[j])}
        told["people"] = len(np.unique(instance.candidate[rows]))
        if not len(rows):
            barred = bool(len(self.rows_at[j]))
            return told | {"code": "forbidden" if barred else "nobody"}
        if (instance.course[rows] >= 0).all():
            return told | {"code": "by_course"}
        costs = self.costs or {}
        known = [costs[row] for row in rows.tolist() if row in costs]
        least = min(known, key=lambda cost: [amount for _, amount in cost], default=None)
        return told | {"code": "elsewhere", "price": least}

    def _tell_placed(self, row: int, own: list[int]) -> dict[str, Any]:
        others = [other for other in own if other != row]
        told = {**self._name(row), "parts": self._parts(row)}
        if not others:
            return told
        costs = self.costs or {}
        best = min(others, key=lambda o: (o not in costs, _weigh(costs.get(o)), o))
        runner_up = {**self._name(best), "regret": costs.get(best)}
        return told | {"runner_up": runner_up}

    def _tell_missed(self, row: int) -> dict[str, Any]:
        """Why this option was not given: displaced where a quota decides or pins hold the places."""
        instance, cost = self.instance, (self.costs or {}).get(row)
        told = {**self._name(row), "price": cost}
        job, course = int(instance.vacancy[row]), int(instance.course[row])
        if self.free[job] > 0:
            if course < 0:
                grouped = instance.case[instance.candidate[row]] >= 0
                return told | {"code": "case" if grouped else "order"}
            full = self.seated[course] >= instance.seats[course]
            return told | {"code": "full" if full else "course_limits"}
        pinned = np.isin(instance.pinned[:, 1], job).sum()
        if pinned >= instance.slots[job]:
            return told | {"code": "pinned"}
        later_gain = bool(cost) and len(cost or ()) > 1 and (cost or [])[1][1] < 0
        if cost and cost[0][0] in self.shortage and later_gain:
            return told | {"code": "quota"}
        return told | {"code": "full"}

    def _tell_barred(self, i: int, listed: int) -> dict[str, Any]:
        rules = self.attributes.count_rules(i) if self.attributes else None
        return {"forbidden": listed, "rules": rules}

    def _name(self, row: int) -> dict[str, Any]:
        instance = self.instance
        return {
            "vac": int(instance.vacancy[row]),
            "course": int(instance.course[row]),
            "score": int(instance.score[row]),
        }

    def _parts(self, row: int) -> dict[str, float] | None:
        if self.attributes is None:
            return None
        instance = self.instance
        where = (int(instance.candidate[row]), int(instance.vacancy[row]))
        return self.attributes.tell_parts(*where, by_course=bool(instance.course[row] >= 0))


def _weigh(cost: list[list[Any]] | None) -> list[int]:
    return [amount for _, amount in cost or ()]


def _find_costs(instance: Instance, tiers: Sequence[Tier], plan: Plan) -> Costs | None:
    """{option: what it costs}; None for a plan not proven."""
    if plan.status != OPTIMAL:
        return None
    held = hold(instance, tiers, plan.chosen)
    try:
        return _read(held, find_regrets(held), tiers)
    except NotTheBestError:
        return None


def _read(held: Held, regrets: Regrets, tiers: Sequence[Tier]) -> Costs:
    rows: Ints = np.flatnonzero(regrets.reachable)
    names = [tier.name for tier in tiers]
    return {
        int(held.option[row]): [
            [name, int(amount)]
            for name, amount in zip(names, regrets.option[row].tolist(), strict=False)
            if amount
        ]
        for row in rows.tolist()
    }
