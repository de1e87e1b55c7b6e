"""The page of the frontier: asked for, drawn with its table, a point or wishes in turn tried."""

import pytest

from quota.rights import ACCOUNT_ROLES, Role
from tests.factories import make_account
from tests.matching.scene import Scene, make_mason, make_opening, make_scene, solve_round, work_off
from tests.visits import Visitor


@pytest.fixture
def scene(fill) -> Scene:
    with fill() as session:
        return make_scene(session)


@pytest.fixture
def address(fill, scene: Scene, now) -> str:
    """Of a round in which pay and people pull apart: the points of one are worth those of two."""
    with fill() as session:
        make_mason(session, scene.centre, wishes=("7112",))
        make_opening(session, scene.employer, title="Ұста")
        return f"/rounds/{solve_round(session, scene, now).key}"


@pytest.fixture
def staff(sign_in, fill, scene: Scene) -> Visitor:
    with fill() as session:
        account = make_account(session, Role.STAFF, centre_id=scene.centre.id, locale="en")
    return sign_in(account)


def test_a_point_is_worked_out_tried_and_signed(staff, address: str, fill, now) -> None:
    page = f"{address}/frontier"
    assert f'href="{page}"' in staff.get(address).text
    assert "Work out what could be traded" in staff.get(page).text
    assert staff.submit(f"{address}/studies", kind="frontier").headers["location"] == page
    waiting = staff.get(page).text
    assert "waits to be worked out" in waiting
    assert staff.swap(page).text.strip() in waiting
    with fill() as session:
        work_off(session, now)
    assert staff.swap(page).status_code == 286
    shown = staff.get(page).text
    assert "points in all first" in shown
    assert "proven" in shown
    assert "points in all first: people placed against this plan" in staff.get(address).text
    tried = staff.submit(page, point="1")
    assert tried.status_code == 303, tried.text
    with fill() as session:
        work_off(session, now)
    assert "Plan 1 of the frontier" in staff.get(tried.headers["location"]).text
    signed = staff.submit(tried.headers["location"], reason="agreed with the commission")
    assert signed.headers["location"] == address


def test_wishes_in_turn_are_tried(staff, address: str, fill, now) -> None:
    tried = staff.submit(f"{address}/frontier", share="80")
    with fill() as session:
        work_off(session, now)
    assert "Wishes in turn, at 80 % of the best plan" in staff.get(tried.headers["location"]).text
    for wrong in ("", "49", "101", "much"):
        assert staff.submit(f"{address}/frontier", share=wrong).status_code == 422
    assert staff.submit(f"{address}/frontier", point="7").status_code == 422


def test_other_roles_and_centres_see_none(sign_in, address: str) -> None:
    for role in ACCOUNT_ROLES:
        visitor, expected = sign_in(role), 404 if role is Role.STAFF else 403
        assert visitor.get(f"{address}/frontier").status_code == expected
        assert visitor.submit(f"{address}/frontier", share="80").status_code == expected
        assert visitor.submit(f"{address}/studies", kind="frontier").status_code == expected
