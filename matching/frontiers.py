"""The frontier of a round: plans of which none is better in every respect, and one of them taken up.

Taking a point up tries it as a variant, named for it: whoever signs sees person by person what it
changes, and gives the reason there.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from matching.engine.changes import Changes
from matching.engine.frontier import TRADED
from matching.engine.frontier import Point as EnginePoint
from matching.engine.policy import Policy, range_of
from matching.engine.records import canonical, from_json
from matching.rounds import Round, find_round, policy_of
from matching.studies import FRONTIER, latest_study
from matching.variants import Variant, try_variant
from quota.errors import Invalid, NotFound, fault
from quota.rights import Actor

LEAST_SHARE, MOST_SHARE = range_of("preference_share")


@dataclass(frozen=True, slots=True)
class PointRow:
    """A point as lists show it; see the engine's. `held` is (goal, value) of the goal that was held at a
    level, None for a plan of an order alone; `order` that order."""

    number: int
    placements: int
    score: int
    shortage: int
    waiting: int
    longest_wait: int
    proven: bool
    held: tuple[str, int] | None
    order: tuple[str, ...]


def list_points(session: Session, actor: Actor, key: str) -> list[PointRow]:
    """The frontier of a round's present problem, most placements first; nothing while it is not worked
    out. Raises NotAllowed or NotFound."""
    found = find_round(session, actor, key, right="rounds.run")
    return [_to_row(number, point) for number, point in enumerate(_read(session, found), 1)]


def try_point(
    session: Session, actor: Actor, key: str, number: int, name: str, *, now: datetime
) -> Variant:
    """Asks for the plan of a point as a variant of this name. Raises NotAllowed, NotFound (also for a
    point there is not), Invalid or WrongState."""
    found = find_round(session, actor, key, right="rounds.run")
    points = _read(session, found)
    if not 1 <= number <= len(points):
        raise NotFound("not_found")
    own = policy_of(found)
    chosen = points[number - 1].policy
    policy = replace(
        own,
        tiers=chosen.tiers,
        least=chosen.least,
        patient_days=chosen.patient_days,
        preference_share=0,
    )
    return _try(session, actor, found, name, policy, now=now)


def try_preferences(
    session: Session, actor: Actor, key: str, share: int, name: str, *, now: datetime
) -> Variant:
    """Asks for the plan in which each in turn has the best wish that leaves `share` per cent of the best
    plan's people and points. Raises NotAllowed, NotFound, Invalid or WrongState."""
    found = find_round(session, actor, key, right="rounds.run")
    if not LEAST_SHARE <= share <= MOST_SHARE:
        raise Invalid(fault("share", "between", least=LEAST_SHARE, most=MOST_SHARE))
    policy = replace(policy_of(found), least=(), patient_days=0, preference_share=share)
    return _try(session, actor, found, name, policy, now=now)


def _try(
    session: Session, actor: Actor, found: Round, name: str, policy: Policy, *, now: datetime
) -> Variant:
    return try_variant(session, actor, found.key, name, Changes(policy=policy), now=now)


def _read(session: Session, found: Round) -> list[EnginePoint]:
    study = latest_study(session, found, FRONTIER)
    if study is None or study.outcome is None:
        return []
    points = json.loads(study.outcome)["points"]
    return [from_json(EnginePoint, canonical(point)) for point in points]


def _to_row(number: int, point: EnginePoint) -> PointRow:
    traded = (*TRADED, "patient")
    held = next(((goal, value) for goal, value in point.policy.least if goal in traded), None)
    if held and held[0] == "patient":
        held = ("patient", point.policy.patient_days)
    order = tuple(goal for goal in point.policy.tiers if goal in TRADED)
    return PointRow(
        number,
        point.placements,
        point.score,
        point.shortage,
        point.waiting,
        point.longest_wait,
        point.proven,
        held,
        order,
    )
