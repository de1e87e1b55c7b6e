"""The call list and the remedies of a stored round, grouped and named for staff."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from matching import insights, rounds, solving
from matching.engine.policy import STANDARD, numbers_of
from matching.policies import NewOrder, choose_policy, record_order
from matching.publication import publish_round
from quota.calendar import local_day
from quota.errors import NotAllowed, NotFound, WrongState
from quota.rights import Actor, Role
from tests.factories import make_course, make_slots
from tests.matching.scene import (
    Scene,
    make_mason,
    make_opening,
    make_scene,
    solve_queued,
    solve_round,
    work_off,
)


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session)


@pytest.mark.parametrize("by", insights.GROUPS)
def test_one_more_place_is_worth_one_more_person(
    session: Session, scene: Scene, now: datetime, by: str
) -> None:
    solved = solve_round(session, scene, now)
    assert insights.list_prices(session, scene.staff, solved.key, by=by) == []
    work_off(session, now)
    (row, *_) = insights.list_prices(session, scene.staff, solved.key, by=by)
    assert (row.kind, row.exact, row.gains[0]) == ("slot", True, ("placements", 1))
    keys = {"vacancy": scene.vacancy.key, "employer": scene.employer.key, "profession": "7112"}
    assert row.key == keys.get(by, row.key)
    assert row.employer_name == scene.employer.name
    if by == "district":
        assert set(row.names) == {"kk", "ru", "en"}


def test_a_budget_for_courses_bounds_them_and_has_its_price(
    session: Session, scene: Scene, now: datetime
) -> None:
    course = make_course(session, scene.centre.id, cost=90_000)
    smiths = make_opening(session, scene.employer, isco08="7212")
    make_slots(session, scene.employer, vacancy_id=smiths.id)
    for _ in "12":
        make_mason(session, scene.centre, wishes=(), retraining_isco08="7212")
    assert solve_round(session, scene, now).summary["spent"] == 180_000
    numbers = numbers_of(STANDARD) | {"course_budget": 170_000}
    order = NewOrder("Thrifty", local_day(now), "agreed", ("placements", "score"), numbers)
    stored = record_order(session, scene.staff, order, centre_id=scene.centre.id, now=now)
    opened = rounds.open_round(session, scene.staff, centre_id=scene.centre.id, now=now)
    choose_policy(session, scene.staff, opened.key, stored.key, reason="agreed", now=now)
    solving.queue_round(session, scene.staff, opened.key, now=now)
    solved = solve_queued(session, scene, opened, now)
    assert (solved.summary["spent"], solved.summary["status"]) == (90_000, "optimal")
    work_off(session, now)
    for by in insights.GROUPS:
        rows = insights.list_prices(session, scene.staff, solved.key, by=by)
        (budget,) = [row for row in rows if row.kind == "budget"]
        assert (budget.step, budget.exact, budget.gains[0]) == (90_000, True, ("placements", 1))
    assert insights.list_held(session, scene.staff, solved.key) == [(course.title, 1)]


def test_a_licence_that_would_place_somebody_is_named(
    session: Session, scene: Scene, now: datetime
) -> None:
    closed = make_opening(session, scene.employer, licences=["B"], title="Жүргізуші")
    solved = solve_round(session, scene, now)
    found = insights.list_remedies(session, scene.staff, solved.key, scene.second.key)
    (row,) = [row for row in found if row.code == "licence"]
    assert row.titles[row.vacancy_key] in ("Жүргізуші", "Қалаушы")
    assert row.needed[0]["params"] == {"missing": ["B"]}
    assert closed.key in {r.vacancy_key for r in found}
    assert insights.list_remedies(session, scene.staff, solved.key, scene.first.key) == []


def test_only_those_who_run_a_solved_round_learn_from_it(
    session: Session, scene: Scene, now: datetime
) -> None:
    opened = rounds.open_round(session, scene.staff, centre_id=scene.centre.id, now=now)
    solving.snapshot_round(session, scene.staff, opened.key, now=now)
    with pytest.raises(WrongState):
        insights.list_prices(session, scene.staff, opened.key)
    solved = solve_round(session, scene, now)
    prosecutor = Actor(Role.PROSECUTOR, territory=scene.centre.territory)
    with pytest.raises(NotAllowed):
        insights.list_prices(session, prosecutor, solved.key)
    with pytest.raises(NotAllowed):
        insights.list_remedies(session, prosecutor, solved.key, scene.second.key)
    with pytest.raises(NotFound):
        insights.list_remedies(session, scene.staff, solved.key, "nobody")
    with pytest.raises(NotFound):
        insights.list_prices(session, make_scene(session).staff, solved.key)
    publish_round(session, scene.staff, solved.key, now=now)
    work_off(session, now)
    assert insights.list_prices(session, scene.staff, solved.key)
