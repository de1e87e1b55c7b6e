"""Policies: recorded with a reason, chosen for a round with a reason, never changed."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import policies, rounds, solving
from matching.engine.policy import STANDARD, Policy, Weights
from matching.engine.problem import read_problem
from matching.policies import StoredPolicy
from quota.errors import Invalid, NotAllowed, NotFound, WrongState
from quota.journal import Entry
from quota.rights import Actor, Role
from tests.matching.scene import Scene, make_scene, solve_queued

SHORTAGE_FIRST = Policy(
    name="quota first",
    since="2026-11-01",
    reason="The akimat asked for it.",
    tiers=("promises", "shortage", "placements", "score"),
)


@pytest.fixture
def scene(session: Session) -> Scene:
    policies.load_policies(session)
    return make_scene(session)


def record(session: Session, scene: Scene, now: datetime, policy: Policy) -> StoredPolicy:
    return policies.record_policy(session, scene.staff, policy, centre_id=scene.centre.id, now=now)


def names(session: Session, scene: Scene, on: date) -> list[str]:
    rows = policies.list_policies(session, scene.staff, scene.centre.id, on=on)
    return [row.name for row in rows]


def test_the_standard_order_is_there_once(session: Session, scene: Scene, now: datetime) -> None:
    policies.load_policies(session)
    (row,) = policies.list_policies(session, scene.staff, scene.centre.id, on=now.date())
    assert row.policy == STANDARD


def test_a_policy_can_be_chosen_from_its_day_and_by_its_centre(
    session: Session, scene: Scene, now: datetime
) -> None:
    other = make_scene(session)
    record(session, scene, now, SHORTAGE_FIRST)
    assert names(session, scene, now.date()) == ["standard", "quota first"]
    assert names(session, scene, date(2026, 10, 31)) == ["standard"]
    assert names(session, other, now.date()) == ["standard"]
    assert session.scalars(select(Entry.verb).where(Entry.noun == "policies")).all() == ["record"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "standard"}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"reason": ""}, "reason"),
        ({"reason": "x" * 501}, "reason"),
        ({"tiers": ("score",)}, "tiers"),
        ({"tiers": ("placements", "placements")}, "tiers"),
        ({"tiers": ("placements", "beauty")}, "tiers"),
        ({"weights": Weights(profession=-1)}, "weights"),
        ({"weights": Weights(profession=1001)}, "weights"),
        ({"weights": Weights(0, 0, 0, 0, 0)}, "weights"),
    ],
)
def test_a_policy_that_says_too_little_or_too_much_is_refused(
    session: Session, scene: Scene, now: datetime, given: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        record(session, scene, now, replace(SHORTAGE_FIRST, **given))
    assert [fault.field for fault in refusal.value.faults] == [field]
    assert names(session, scene, now.date()) == ["standard"]


def test_a_round_uses_the_policy_chosen_for_a_reason(
    session: Session, scene: Scene, now: datetime
) -> None:
    stored = record(session, scene, now, SHORTAGE_FIRST)
    opened = rounds.open_round(session, scene.staff, centre_id=scene.centre.id, now=now)
    solving.snapshot_round(session, scene.staff, opened.key, now=now)
    with pytest.raises(Invalid):
        policies.choose_policy(session, scene.staff, opened.key, stored.key, reason=" ", now=now)
    policies.choose_policy(session, scene.staff, opened.key, stored.key, reason="Season", now=now)
    assert session.scalars(select(Entry.reason).where(Entry.verb == "choose_policy")).all() == [
        "Season"
    ]
    solving.queue_round(session, scene.staff, opened.key, now=now)
    solve_queued(session, scene, opened, now)
    assert opened.problem is not None
    assert read_problem(opened.problem).policy == SHORTAGE_FIRST
    assert [t["name"] for t in opened.summary["tiers"]] == list(SHORTAGE_FIRST.tiers)
    with pytest.raises(WrongState):
        policies.choose_policy(session, scene.staff, opened.key, stored.key, reason="x", now=now)


def test_strangers_choose_and_record_nothing(session: Session, scene: Scene, now: datetime) -> None:
    other = make_scene(session)
    later = replace(SHORTAGE_FIRST, since=(now.date() + timedelta(days=3)).isoformat())
    stored = record(session, scene, now, later)
    foreign = record(session, other, now, SHORTAGE_FIRST)
    opened = rounds.open_round(session, scene.staff, centre_id=scene.centre.id, now=now)
    for key in (stored.key, foreign.key, "nothing"):
        with pytest.raises(NotFound):
            policies.choose_policy(session, scene.staff, opened.key, key, reason="x", now=now)
    prosecutor = Actor(Role.PROSECUTOR, territory=scene.centre.territory)
    with pytest.raises(NotAllowed):
        policies.list_policies(session, prosecutor, scene.centre.id, on=now.date())
    with pytest.raises(NotFound):
        policies.record_policy(
            session, other.staff, SHORTAGE_FIRST, centre_id=scene.centre.id, now=now
        )
