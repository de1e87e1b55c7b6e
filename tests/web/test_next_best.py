"""The page of the next best plan, and the tasks of Today that lead to it."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select

from matching import publication, reviews
from matching.candidates import Candidate
from matching.reviews import Ruling
from matching.rounds import Proposal
from quota.rights import ACCOUNT_ROLES, SYSTEM, Role
from tests.factories import make_account
from tests.matching.scene import Scene, make_scene, solve_round, work_off
from tests.visits import Visitor


@pytest.fixture
def scene(fill, now: datetime) -> Scene:
    """A published round of one proposal, which was rejected."""
    with fill() as session:
        scene = make_scene(session)
        solved = solve_round(session, scene, now)
        publication.publish_round(session, scene.staff, solved.key, now=now)
        key = session.scalars(select(Proposal.key)).one()
        reviews.reject(session, SYSTEM, key, Ruling(reason="too_far"), now=now)
        return scene


@pytest.fixture
def path(fill, scene: Scene) -> str:
    with fill() as session:
        return f"/proposals/{session.scalars(select(Proposal.key)).one()}/next"


@pytest.fixture
def staff(sign_in: Callable, fill, scene: Scene) -> Visitor:
    with fill() as session:
        account = make_account(session, Role.STAFF, centre_id=scene.centre.id, locale="en")
    return sign_in(account)


def test_today_leads_to_the_next_best_plan_and_a_click_proposes_it(
    staff, fill, path, scene, now
) -> None:
    today = staff.get("/").text
    assert f'href="{path}"' in today
    assert "look at the next best plan" in today
    assert f'href="{path}"' in staff.get(path.removesuffix("/next")).text
    assert staff.submit(f"{path}/study").status_code == 303
    waiting = staff.get(path).text
    assert "waits to be worked out" in waiting
    assert scene.second.key not in waiting
    assert staff.swap(path).text.strip() in waiting
    with fill() as session:
        work_off(session, now)
    assert staff.swap(path).status_code == 286  # the fragment asks no more
    shown = staff.get(path).text
    assert "nothing suits" in shown
    assert shown.count(f'value="{scene.second.key}"') == 1
    answer = staff.submit(path, candidate=scene.second.key)
    assert answer.status_code == 303
    page = staff.get(answer.headers["location"]).text
    assert "the next best plan after a rejection" in page
    assert f'href="{path}"' not in staff.get("/").text
    with fill() as session:
        states = session.scalars(select(Proposal.state).order_by(Proposal.id)).all()
        assert states == ["rejected", "proposed"]
    later = staff.get(path).text
    assert "taken by somebody else" in later
    assert staff.submit(path, candidate=scene.second.key).status_code == 409


def test_what_fits_no_more_is_said_beside_its_cause(staff, fill, path, scene, now) -> None:
    assert staff.submit(path).status_code == 422
    assert staff.submit(path, candidate="nosuch").status_code == 409
    with fill() as session:
        session.get_one(Candidate, scene.second.id).readiness = "declined"
    staff.submit(f"{path}/study")
    with fill() as session:
        work_off(session, now)
    assert "Nobody without a place fits this one." in staff.get(path).text


def test_a_plan_given_up_is_asked_for_again(staff, fill, path) -> None:
    staff.submit(f"{path}/study")
    study = re.search(r'action="(/rounds/\w+/studies/\w+)"', staff.get(path).text)
    assert study
    for step, said in (("cancel", "given up"), ("queue", "waits to be worked out")):
        answer = staff.submit(study[1], step=step)
        assert answer.headers["location"] == path
        assert said in staff.get(path).text


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_the_plan_is_for_the_centre_of_the_round_alone(sign_in, path, role: Role) -> None:
    visitor = sign_in(role)
    wanted = 404 if role is Role.STAFF else 403
    assert visitor.get(path).status_code == wanted
    assert visitor.submit(path, candidate="x").status_code == wanted
    assert visitor.submit(f"{path}/study").status_code == wanted
