"""Policies: recorded with a reason, chosen for a round with a reason, never changed."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import policies, rounds, solving
from matching.engine.policy import STANDARD, Limits, Policy, Weights, make_policy, numbers_of
from matching.engine.problem import read_problem
from matching.policies import NewOrder, StoredPolicy
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
    assert (row.goals, row.numbers) == (STANDARD.tiers, numbers_of(STANDARD))
    told = make_policy(row.name, STANDARD.since, row.reason, row.goals, row.numbers)
    assert told == STANDARD


def test_a_policy_can_be_chosen_from_its_day_and_by_its_centre(
    session: Session, scene: Scene, now: datetime
) -> None:
    other = make_scene(session)
    record(session, scene, now, SHORTAGE_FIRST)
    assert names(session, scene, now.date()) == ["standard", "quota first"]
    assert names(session, scene, date(2026, 10, 31)) == ["standard"]
    assert names(session, other, now.date()) == ["standard"]
    (entry,) = session.scalars(select(Entry).where(Entry.noun == "policies"))
    assert entry.verb == "record"
    kept = {"tiers": list(SHORTAGE_FIRST.tiers), **numbers_of(SHORTAGE_FIRST)}
    assert entry.detail == kept
    assert kept["travel_minutes"] == 120


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
        ({"weights": Weights(profession=-1)}, "profession"),
        ({"weights": Weights(profession=1001)}, "profession"),
        ({"weights": Weights(0, 0, 0, 0, 0)}, "profession"),
        ({"weights": Weights(400, 400, 300, 0, 0)}, "profession"),
        ({"limits": Limits(travel_minutes=0)}, "travel_minutes"),
        ({"limits": Limits(travel_km=0)}, "travel_km"),
        ({"limits": Limits(full_experience_years=0)}, "full_experience_years"),
        ({"limits": Limits(similarity=0)}, "similarity"),
        ({"limits": Limits(taught_similarity=101)}, "taught_similarity"),
        ({"limits": Limits(hold_days=-1)}, "hold_days"),
        ({"limits": Limits(course_days=731)}, "course_days"),
        ({"limits": Limits(case_limit=0)}, "case_limit"),
        ({"limits": Limits(course_budget=-1)}, "course_budget"),
        ({"rank_shares": ()}, "share1"),
        ({"rank_shares": (101, 80)}, "share1"),
        ({"rank_shares": (80, -1)}, "share2"),
        ({"rank_shares": (50, 80)}, "share1"),
        ({"course_share": 101}, "course_share"),
        ({"prior_referrals": 0, "prior_replies": 0}, "prior_referrals"),
        ({"prior_replies": 5}, "prior_replies"),
        ({"reserve_target": 0}, "reserve_target"),
        ({"preference_share": 49}, "preference_share"),
    ],
)
def test_a_policy_that_says_too_little_or_too_much_is_refused(
    session: Session, scene: Scene, now: datetime, given: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        record(session, scene, now, replace(SHORTAGE_FIRST, **given))
    assert [fault.field for fault in refusal.value.faults] == [field]
    assert names(session, scene, now.date()) == ["standard"]


def test_an_order_is_written_from_another_and_says_so(
    session: Session, scene: Scene, now: datetime
) -> None:
    source, other = record(session, scene, now, SHORTAGE_FIRST), make_scene(session)
    numbers = numbers_of(SHORTAGE_FIRST) | {"pay": 100, "share5": None, "preference_share": 80}
    goals = SHORTAGE_FIRST.tiers

    def write(copied: str, scene: Scene = scene) -> StoredPolicy:
        order = NewOrder("Less pay", now.date(), "x", goals, numbers, copied)
        args = (session, scene.staff, order)
        return policies.record_order(*args, centre_id=scene.centre.id, now=now)

    for unknown in ("nosuch", source.key):
        with pytest.raises(Invalid) as refusal:
            write(unknown, other)
        assert [fault.field for fault in refusal.value.faults] == ["copied"]
    written = write(source.key)
    args = (session, scene.staff, scene.centre.id)
    row, copied = policies.show_policy(*args, written.key)
    assert (row.copied, copied.key) == (source.key, source.key)
    assert row.numbers == {k: v for k, v in numbers.items() if k != "share5"}
    assert written.content["rank_shares"] == (100, 80, 65, 55)
    assert [row.copied for row in policies.show_policy(*args, source.key)] == [None]
    with pytest.raises(NotFound):
        policies.show_policy(session, other.staff, other.centre.id, source.key)


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
    assert opened.summary["standard"] == {"name": "placements", "value": 1, "bound": 1}
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
