"""The pages of variants: tried, compared person by person, chosen for a reason."""

from dataclasses import replace
from datetime import datetime

import pytest

from matching.engine.policy import STANDARD
from matching.policies import load_policies, record_policy
from quota.rights import ACCOUNT_ROLES, Role
from tests.factories import make_account
from tests.matching.scene import Scene, make_scene, solve_round, work_off
from tests.visits import Visitor
from web.i18n import set_locale
from web.round_checks import tell_standard


@pytest.fixture
def scene(fill) -> Scene:
    with fill() as session:
        return make_scene(session)


@pytest.fixture
def address(fill, scene: Scene, now: datetime) -> str:
    with fill() as session:
        return f"/rounds/{solve_round(session, scene, now).key}/variants"


@pytest.fixture
def staff(sign_in, fill, scene: Scene) -> Visitor:
    with fill() as session:
        account = make_account(session, Role.STAFF, centre_id=scene.centre.id, locale="en")
    return sign_in(account)


def ruled_out(scene: Scene) -> dict[str, str]:
    return {"candidate": scene.first.key, "vacancy": scene.vacancy.key, "fixed": "forbidden"}


@pytest.mark.parametrize("role", [role for role in ACCOUNT_ROLES if role is not Role.STAFF])
def test_variants_are_for_those_who_run_rounds(sign_in, address: str, role: Role) -> None:
    visitor = sign_in(role)
    assert visitor.get(address).status_code == 403
    assert visitor.get(f"{address}/any").status_code == 403
    assert visitor.submit(address, name="x").status_code == 403
    assert visitor.submit(f"{address}/any", reason="x").status_code == 403


def test_variants_of_another_centre_are_not_there(sign_in, address: str, scene: Scene) -> None:
    stranger = sign_in(Role.STAFF)
    assert stranger.get(address).status_code == 404
    assert stranger.submit(address, name="x", **ruled_out(scene)).status_code == 404


def test_a_pair_is_left_out_compared_and_the_variant_chosen(
    staff, address: str, scene, fill, now
) -> None:
    made = staff.submit(address, name="Without", **ruled_out(scene))
    assert made.status_code == 303, made.text
    waiting = staff.get(made.headers["location"]).text
    assert "waits to be worked out" in waiting
    assert staff.swap(made.headers["location"]).text.strip() in waiting
    assert staff.swap(address).status_code == 200
    with fill() as session:
        work_off(session, now)
    assert staff.swap(address).status_code == 286
    page = staff.get(made.headers["location"]).text
    assert "Қалаушы" in page
    assert "no place" in page
    assert "1 gain a place, 1 lose it, 0 go elsewhere" in staff.get(address).text
    refused = staff.submit(made.headers["location"], reason=" ")
    assert refused.status_code == 422
    assert "Fill this in." in refused.text
    chosen = staff.submit(made.headers["location"], reason="asked for by the person")
    assert chosen.status_code == 303
    assert "The variant is now the plan of the round." in staff.get(chosen.headers["location"]).text


def test_more_places_are_supposed_and_cannot_be_signed(
    staff, address: str, scene, fill, now
) -> None:
    made = staff.submit(address, name="One more", vacancy=scene.vacancy.key, places="1")
    with fill() as session:
        work_off(session, now)
    page = staff.get(made.headers["location"]).text
    assert "This variant supposes places or pay that are not there yet." in page
    assert "Make it the plan of the round" not in page
    assert staff.submit(made.headers["location"], reason="x").status_code == 409


def test_what_an_order_costs_stands_beside_the_standard_one(
    staff, address: str, scene, fill, now
) -> None:
    with fill() as session:
        load_policies(session)
        other = replace(STANDARD, name="Points", reason="x", tiers=("score", "placements"))
        args = (session, scene.staff, other)
        policy = record_policy(*args, centre_id=scene.centre.id, now=now).key
    made = staff.submit(address, name="Points first", policy=policy).headers["location"]
    with fill() as session:
        work_off(session, now)
    said = "The standard order of goals, with the same points and limits, would place as many: 1."
    assert said in staff.get(made).text
    listed = staff.get(address).text
    assert listed.count('data-label="people placed by the standard order" class="num"') == 2
    staff.submit(made, reason="agreed")
    assert said in staff.get(address.removesuffix("/variants")).text


@pytest.mark.parametrize(
    ("standard", "told"),
    [
        (None, ""),
        ({"value": 5, "bound": 5}, "would place as many: 5."),
        ({"value": 8, "bound": 8}, "would place 8: +3 against this plan. It settles promises"),
        ({"value": 4, "bound": 6}, "would place at least 4: \u22121 against this plan."),
    ],
)
def test_the_cost_of_an_order_is_said_both_ways(standard, told: str) -> None:
    set_locale("en")
    said = tell_standard({"placed": 5, "standard": standard})
    assert told in said
    assert bool(said) == bool(told)


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"name": "x" * 81, "places": "1"},
        {"places": "-1"},
        {"places": "1000"},
        {"places": "many"},
        {"pay": "0"},
        {"pay": "99999999999"},
        {"places": "1", "vacancy": ""},
        {"candidate": "c", "fixed": "married"},
    ],
)
def test_a_wish_that_does_not_fit_is_refused(staff, address: str, scene, wish) -> None:
    given = {"name": "x", "vacancy": scene.vacancy.key} | wish
    assert staff.submit(address, **given).status_code == 422


def test_unknown_keys_are_not_found(staff, address: str, scene) -> None:
    assert staff.submit(address, name="x", policy="nosuch").status_code == 404
    assert staff.submit(address, name="x", vacancy="nosuch", places="1").status_code == 404
    assert staff.get(f"{address}/nosuch").status_code == 404
    assert staff.submit(f"{address}/nosuch", reason="x").status_code == 404
