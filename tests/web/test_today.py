"""Today: what is due for each role, each number a link to where the work is done."""

from datetime import datetime

import pytest

from quota.rates import load_rates
from quota.rights import ACCOUNT_ROLES, Role
from tests.factories import make_account
from tests.matching.scene import make_mason, make_opening, make_scene, solve_round


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_every_role_has_a_first_page_in_its_language(sign_in, fill, role: Role) -> None:
    with fill() as session:
        load_rates(session)
    answer = sign_in(role).get("/")
    assert answer.status_code == 200
    assert "Monday, 23 November 2026" in answer.text
    assert ("Import a table" in answer.text) == (role is Role.STAFF)


def test_whoever_is_not_signed_in_is_led_to_the_door(client) -> None:
    assert client.get("/", follow_redirects=False).headers["location"] == "/sign-in"


def test_a_solved_round_waits_for_its_centre_alone(
    sign_in, fill, now: datetime, count_queries
) -> None:
    with fill() as session:
        scene = make_scene(session)
        account = make_account(session, Role.STAFF, centre_id=scene.centre.id, locale="en")
    staff, stranger = sign_in(account), sign_in(Role.STAFF)
    with count_queries() as empty:
        staff.get("/")
    with fill() as session:
        make_mason(session, scene.centre)
        make_opening(session, scene.employer)
        for _ in range(2):
            solve_round(session, scene, now)
    with count_queries() as full:
        text = staff.get("/").text
    assert '<a href="/rounds"><span class="figure">2</span>' in text
    assert "rounds with a plan to look at and publish" in text
    assert "rounds with a plan" not in stranger.get("/").text
    assert len(full) == len(empty)
