"""Variants of a round: solved beside it, compared person by person, chosen for a reason."""

import json
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import solving, variants
from matching.cockpit import list_plan, name_broken
from matching.engine.changes import Changes
from matching.engine.policy import STANDARD
from matching.engine.runs import verify_round_run
from matching.publication import publish_round
from quota.errors import Invalid, NotAllowed, NotFound, WrongState
from quota.journal import Entry
from quota.rights import Actor, Role
from tests.matching.scene import Scene, make_scene, solve_round, work_off


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session)


def swap(scene: Scene) -> Changes:
    """The place goes to the second mason."""
    return Changes(locked=((scene.second.key, scene.vacancy.key),))


def test_a_variant_shows_who_would_be_elsewhere(
    session: Session, scene: Scene, now: datetime
) -> None:
    solved = solve_round(session, scene, now)
    before = (solved.plan, solved.problem)
    made = variants.try_variant(session, scene.staff, solved.key, " Swap ", swap(scene), now=now)
    (waiting,) = variants.list_variants(session, scene.staff, solved.key)
    assert (waiting.study.state, waiting.measures) == ("queued", None)
    assert variants.list_variant_moves(session, scene.staff, solved.key, made.key) == []
    work_off(session, now)
    (row,) = variants.list_variants(session, scene.staff, solved.key)
    own = variants.show_round_measures(session, scene.staff, solved.key)
    assert (row.name, row.gained, row.lost, row.moved, row.supposes) == ("Swap", 1, 1, 0, False)
    assert (row.measures.placements, row.measures.promises) == (own.placements, 1)
    assert row.measures.score < own.score
    moves = variants.list_variant_moves(session, scene.staff, solved.key, made.key)
    told = {move.candidate_key: (move.before, move.after) for move in moves}
    place = f"Қалаушы, {scene.employer.name}"
    assert told == {scene.first.key: (place, ""), scene.second.key: ("", place)}
    assert (solved.plan, solved.problem) == before


def test_a_chosen_variant_is_the_plan_and_can_be_verified_and_published(
    session: Session, scene: Scene, now: datetime
) -> None:
    solved = solve_round(session, scene, now)
    policy = replace(STANDARD, name="other", tiers=("promises", "placements", "score"))
    changes = replace(swap(scene), policy=policy)
    made = variants.try_variant(session, scene.staff, solved.key, "Swap", changes, now=now)
    with pytest.raises(WrongState):
        variants.choose_variant(session, scene.staff, solved.key, made.key, reason="x", now=now)
    work_off(session, now)
    with pytest.raises(Invalid):
        variants.choose_variant(session, scene.staff, solved.key, made.key, reason="", now=now)
    variants.choose_variant(session, scene.staff, solved.key, made.key, reason="Promised", now=now)
    (row,) = list_plan(session, scene.staff, solved.key)
    assert (row.candidate_key, solved.policy["name"]) == (scene.second.key, "other")
    standard = {"name": "placements", "value": 1, "bound": 1}
    assert solved.summary["standard"] == standard
    assert solved.locked == [list(pair) for pair in changes.locked]
    run = json.loads(solving.export_round(session, scene.staff, solved.key))
    assert (verify_round_run(run).failures, run["problem_sha256"]) == ((), solved.problem_sha256)
    written = select(Entry.reason).where(Entry.verb == "choose_variant")
    assert session.scalars(written).all() == ["Promised"]
    assert publish_round(session, scene.staff, solved.key, now=now).state == "published"


def test_a_variant_says_what_the_standard_order_would_place_of_it(
    session: Session, scene: Scene, now: datetime
) -> None:
    solved = solve_round(session, scene, now)
    assert solved.summary["standard"] is None
    args = (session, scene.staff, solved.key)
    more = ((scene.vacancy.key, None, False, 1),)
    other = replace(STANDARD, name="other", tiers=("score", "placements"))
    variants.try_variant(*args, "As it is", Changes(places=more), now=now)
    variants.try_variant(*args, "Points first", Changes(places=more, policy=other), now=now)
    work_off(session, now)
    rows = variants.list_variants(*args)
    standard = {"name": "placements", "value": 2, "bound": 2}
    assert [row.standard for row in rows] == [None, standard]
    back = variants.try_variant(*args, "Other", Changes(policy=other), now=now)
    work_off(session, now)
    variants.choose_variant(*args, back.key, reason="x", now=now)
    assert solved.summary["standard"] == standard | {"value": 1, "bound": 1}
    back = variants.try_variant(*args, "Back", Changes(policy=STANDARD), now=now)
    work_off(session, now)
    variants.choose_variant(*args, back.key, reason="x", now=now)
    assert solved.summary["standard"] is None


def test_a_variant_names_the_promises_it_cannot_keep(
    session: Session, scene: Scene, now: datetime
) -> None:
    solved = solve_round(session, scene, now)
    assert solved.summary["broken"] == []
    pairs = tuple((person.key, scene.vacancy.key) for person in (scene.first, scene.second))
    made = variants.try_variant(
        session, scene.staff, solved.key, "Both", Changes(locked=pairs), now=now
    )
    work_off(session, now)
    (row,) = variants.list_variants(session, scene.staff, solved.key)
    (clash,) = name_broken(session, row.broken)
    assert (clash.code, len(clash.pairs), {title for _, title in clash.pairs}) == (
        "clash",
        2,
        {"Қалаушы"},
    )
    variants.choose_variant(session, scene.staff, solved.key, made.key, reason="x", now=now)
    assert [one["code"] for one in solved.summary["broken"]] == ["clash"]


def test_supposed_places_and_pay_are_shown_and_not_published(
    session: Session, scene: Scene, now: datetime
) -> None:
    solved = solve_round(session, scene, now)
    changes = Changes(
        places=((scene.vacancy.key, None, False, 1),), pay=((scene.vacancy.key, 1, 10**9),)
    )
    made = variants.try_variant(session, scene.staff, solved.key, "More", changes, now=now)
    work_off(session, now)
    (row,) = variants.list_variants(session, scene.staff, solved.key)
    assert (row.gained, row.lost, row.supposes, row.measures.placements) == (1, 0, True, 2)
    with pytest.raises(WrongState) as refusal:
        variants.choose_variant(session, scene.staff, solved.key, made.key, reason="x", now=now)
    assert refusal.value.code == "variant_supposes"


def test_a_variant_of_an_older_snapshot_is_gone(
    session: Session, scene: Scene, now: datetime
) -> None:
    solved = solve_round(session, scene, now)
    first = variants.try_variant(session, scene.staff, solved.key, "A", swap(scene), now=now)
    again = variants.try_variant(session, scene.staff, solved.key, "B", swap(scene), now=now)
    work_off(session, now)
    variants.choose_variant(session, scene.staff, solved.key, first.key, reason="x", now=now)
    assert variants.list_variants(session, scene.staff, solved.key) == []
    with pytest.raises(WrongState) as refusal:
        variants.choose_variant(session, scene.staff, solved.key, again.key, reason="x", now=now)
    assert refusal.value.code == "variant_outdated"


def test_strange_names_keys_states_and_people_are_refused(
    session: Session, scene: Scene, now: datetime
) -> None:
    solved = solve_round(session, scene, now)
    other = make_scene(session)
    for name in ("", "x" * 81):
        with pytest.raises(Invalid):
            variants.try_variant(session, scene.staff, solved.key, name, swap(scene), now=now)
    for strange in (swap(other), Changes(pay=(("nothing", 1, 2),))):
        with pytest.raises(NotFound):
            variants.try_variant(session, scene.staff, solved.key, "x", strange, now=now)
    with pytest.raises(NotFound):
        variants.try_variant(session, other.staff, solved.key, "x", swap(scene), now=now)
    with pytest.raises(NotFound):
        variants.list_variant_moves(session, scene.staff, solved.key, "nothing")
    prosecutor = Actor(Role.PROSECUTOR, territory=scene.centre.territory)
    with pytest.raises(NotAllowed):
        variants.list_variants(session, prosecutor, solved.key)
    publish_round(session, scene.staff, solved.key, now=now)
    with pytest.raises(WrongState):
        variants.try_variant(session, scene.staff, solved.key, "x", swap(scene), now=now)
