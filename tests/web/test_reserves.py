"""The page of reserves: who comes next for each place, before and after publishing."""

from datetime import datetime

import pytest

from matching import publication, rounds
from matching.rounds import Round
from quota.rights import ACCOUNT_ROLES, Role
from tests.factories import make_account
from tests.matching.scene import Scene, make_mason, make_opening, make_scene, solve_round
from tests.visits import Visitor


@pytest.fixture
def scene(fill) -> Scene:
    with fill() as session:
        return make_scene(session)


@pytest.fixture
def solved(fill, scene: Scene, now: datetime) -> Round:
    with fill() as session:
        return solve_round(session, scene, now)


@pytest.fixture
def path(solved: Round) -> str:
    return f"/rounds/{solved.key}/reserves"


@pytest.fixture
def staff(sign_in, fill, scene: Scene) -> Visitor:
    with fill() as session:
        account = make_account(session, Role.STAFF, centre_id=scene.centre.id, locale="en")
    return sign_in(account)


def test_the_round_leads_to_its_reserves_before_and_after_publishing(
    staff, path, fill, scene, solved, now
) -> None:
    for _ in range(2):
        assert f'href="{path}"' in staff.get(f"/rounds/{solved.key}").text
        page = staff.get(path).text
        for said in (
            scene.second.key,
            "Сапарова",
            "50\N{NO-BREAK SPACE}%",
            "75\N{NO-BREAK SPACE}%",
        ):
            assert said in page, said
        assert "90\N{NO-BREAK SPACE}%" in page
        assert "below the target" in page
        assert scene.first.key not in page
        with fill() as session:
            if session.get_one(Round, solved.id).state == "solved":
                publication.publish_round(session, scene.staff, solved.key, now=now)


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_reserves_are_for_the_centre_of_the_round_alone(sign_in, path, role: Role) -> None:
    assert sign_in(role).get(path).status_code == (404 if role is Role.STAFF else 403)


def test_a_round_without_a_plan_has_none(staff, fill, scene, now) -> None:
    with fill() as session:
        opened = rounds.open_round(session, scene.staff, centre_id=scene.centre.id, now=now)
    assert staff.get(f"/rounds/{opened.key}/reserves").status_code == 409
    assert f"{opened.key}/reserves" not in staff.get(f"/rounds/{opened.key}").text
    assert staff.get("/rounds/nosuch/reserves").status_code == 404


def test_more_places_and_people_ask_the_database_no_more(
    staff, path, fill, scene, now, count_queries
) -> None:
    with count_queries() as few:
        staff.get(path)
    with fill() as session:
        for _ in range(3):
            make_opening(session, scene.employer)
            make_mason(session, scene.centre)
        longer = solve_round(session, scene, now)
    with count_queries() as many:
        assert staff.get(f"/rounds/{longer.key}/reserves").text.count("<ol>") > 1
    assert len(many) == len(few)
