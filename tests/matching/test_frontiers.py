"""The frontier of a stored round: worked out beside it, a point tried, compared and signed for a reason."""

import json
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from matching import frontiers, solving, studies, variants
from matching.engine.runs import verify_round_run
from matching.studies import FRONTIER
from quota.errors import Invalid, NotAllowed, NotFound
from quota.journal import Entry
from quota.rights import Actor, Role
from tests.matching.scene import Scene, make_scene, solve_round, work_off


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session)


def test_a_point_becomes_the_plan_for_a_reason_with_person_and_date(
    session: Session, scene: Scene, now: datetime
) -> None:
    solved = solve_round(session, scene, now)
    assert frontiers.list_points(session, scene.staff, solved.key) == []
    asked = studies.ask_once(session, scene.staff, solved.key, FRONTIER, now=now)
    again = studies.ask_once(session, scene.staff, solved.key, FRONTIER, now=now)
    assert again.id == asked.id
    work_off(session, now)
    point, *_ = frontiers.list_points(session, scene.staff, solved.key)
    assert (point.number, point.placements, point.proven) == (1, 1, True)
    made = frontiers.try_point(session, scene.staff, solved.key, 1, "First", now=now)
    work_off(session, now)
    (row,) = variants.list_variants(session, scene.staff, solved.key)
    assert (row.name, row.measures.score) == ("First", point.score)
    variants.choose_variant(session, scene.staff, solved.key, made.key, reason="Fair", now=now)
    assert (made.reason, made.chosen_at, made.chosen_by) == ("Fair", now, scene.staff.account_id)
    assert tuple(solved.policy["tiers"][2:]) == point.order
    written = session.query(Entry).filter_by(verb="choose_variant").one()
    assert (written.reason, written.at) == ("Fair", now)
    run = json.loads(solving.export_round(session, scene.staff, solved.key))
    assert verify_round_run(run).failures == ()


def test_wishes_in_turn_are_a_policy_of_the_round(
    session: Session, scene: Scene, now: datetime
) -> None:
    solved = solve_round(session, scene, now)
    made = frontiers.try_preferences(session, scene.staff, solved.key, 80, "In turn", now=now)
    work_off(session, now)
    variants.choose_variant(session, scene.staff, solved.key, made.key, reason="Fair", now=now)
    assert solved.policy["preference_share"] == 80
    assert solved.summary["status"] in ("optimal", "feasible")


def test_strange_points_shares_and_people_are_refused(
    session: Session, scene: Scene, now: datetime
) -> None:
    solved = solve_round(session, scene, now)
    for number in (0, 1, 99):
        with pytest.raises(NotFound):
            frontiers.try_point(session, scene.staff, solved.key, number, "x", now=now)
    for share in (0, 49, 101):
        with pytest.raises(Invalid):
            frontiers.try_preferences(session, scene.staff, solved.key, share, "x", now=now)
    prosecutor = Actor(Role.PROSECUTOR, territory=scene.centre.territory)
    with pytest.raises(NotAllowed):
        frontiers.list_points(session, prosecutor, solved.key)
    with pytest.raises(NotFound):
        frontiers.list_points(session, make_scene(session).staff, solved.key)
