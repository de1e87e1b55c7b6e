"""Evening a gap out: the best plan in which at least so many people of a group are placed.

The group's quota of unplaced people becomes a place of its own. A vacancy nobody counts takes those of
the group who stay without work, and has room for all but `least` of them; that everybody of the group
has one or the other is settled before every other tier. A network stays a network, and the plan is as
exact as any. Never part of a round's objective: it only says what evening out would cost.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from matching.engine.answer import Prepared
from matching.engine.instance import NO_COURSE, NOWHERE, Instance, Ints, make_instance
from matching.engine.objective import OptionTier, Tier
from matching.engine.plan import OPTIMAL
from matching.engine.solver import Limits, solve


@dataclass(frozen=True, slots=True)
class Evened:
    """`placed` people of the group are placed when it is asked for; fewer than `least` when no plan
    can do more. `tiers` are (name, value) of that plan in the order of the policy."""

    least: int
    placed: int
    tiers: tuple[tuple[str, int], ...]

    @property
    def reached(self) -> bool:
        return self.placed >= self.least


def even_out(
    prepared: Prepared, group: Collection[str], *, least: int, limits: Limits | None = None
) -> Evened | None:
    """The plan with at least `least` of the candidates with these keys placed, or as many as can be.
    None when a limit is reached before the plan is proven."""
    people = prepared.problem.candidates
    chosen = [number for number, person in enumerate(people) if person.key in group]
    members = np.array(chosen, np.int64)
    instance = prepared.layout.instance
    room = max(0, len(members) - least)
    wider, order, ours = _add_room(instance, members, room)
    tiers = (OptionTier("evened", ours[order]), *_widen(prepared.tiers, len(members), order))
    plan = solve(wider, tiers, limits)
    if plan.status != OPTIMAL:
        return None
    staying = sum(vacancy == instance.vacancies for _, vacancy, _ in plan.choices)
    return Evened(
        least=least,
        placed=plan.tiers[0].value - staying,
        tiers=tuple((tier.name, tier.value) for tier in plan.tiers[1:]),
    )


def _add_room(instance: Instance, members: Ints, room: int) -> tuple[Instance, Ints, Ints]:
    """The instance with one more vacancy of `room` places for the members; the canonical order of its
    options, old ones first before it; and which of those are the members'."""
    more = len(members)
    candidate = np.concatenate([instance.candidate, members])
    vacancy = np.concatenate([instance.vacancy, np.full(more, instance.vacancies)])
    course = np.concatenate([instance.course, np.full(more, NO_COURSE)])
    score = np.concatenate([instance.score, np.zeros(more, np.int64)])
    wider = make_instance(
        options=(candidate, vacancy, course, score),
        vacancies=(
            np.append(instance.employer, instance.employers),
            np.append(instance.slots, room),
        ),
        min_fill=np.append(instance.min_fill, 0),
        house=np.append(instance.house, NOWHERE),
        courses=(instance.seats, instance.min_cohort, instance.cost),
        case=instance.case,
        budget=instance.budget,
        case_limit=instance.case_limit,
        pinned=instance.pinned.tolist(),
        forbidden=instance.forbidden.tolist(),
    )
    order = np.lexsort((course, vacancy, candidate))
    return wider, order, np.isin(candidate, members).astype(np.int64)


def _widen(tiers: tuple[Tier, ...], more: int, order: Ints) -> list[Tier]:
    """The same tiers over the wider instance: staying out is worth nothing in any of them."""
    nothing = np.zeros(more, np.int64)
    return [
        OptionTier(tier.name, np.concatenate([tier.weight, nothing])[order])
        if isinstance(tier, OptionTier)
        else tier
        for tier in tiers
    ]
