"""Orders of goals: recorded with a reason, chosen for a round, compared by what they cost."""

import pytest

from matching.policies import load_policies
from quota.rights import ACCOUNT_ROLES, Role
from web.i18n import set_locale, tenge

GOALS = {"goal1": "placements", "goal2": "score"}


@pytest.fixture
def staff(sign_in, fill):
    with fill() as session:
        load_policies(session)
    return sign_in(Role.STAFF)


def record(visitor, **given):
    form = {"name": "Work first", "reason": "agreed", "since": "2026-11-01"} | GOALS | given
    return visitor.submit("/rounds/orders", **form)


@pytest.mark.parametrize("role", [role for role in ACCOUNT_ROLES if role is not Role.STAFF])
def test_orders_are_for_those_who_run_rounds(sign_in, role: Role) -> None:
    visitor = sign_in(role)
    assert visitor.get("/rounds/orders").status_code == 403
    assert record(visitor).status_code == 403


def test_an_order_is_recorded_and_chosen_for_a_round_with_a_reason(staff) -> None:
    assert "standard order" in staff.get("/rounds/orders").text
    assert record(staff).status_code == 303
    assert "Work first" in staff.get("/rounds/orders").text
    opened = staff.submit("/rounds/new").headers["location"]
    shown = staff.get(opened).text
    key = shown.split(">Work first</option>")[0].rsplit('value="', 1)[1].split('"')[0]
    blank = staff.submit(opened, step="order", policy=key, reason=" ")
    assert (blank.status_code, 'id="reason-fault"' in blank.text) == (422, True)
    assert f'value="{key}" selected' in blank.text
    assert staff.submit(opened, step="order", policy="nosuch", reason="x").status_code == 404
    assert staff.submit(opened, step="order", policy=key, reason="agreed").status_code == 303
    page = staff.get(opened).text
    assert "The order of goals is chosen." in page
    assert "<dd>Work first</dd>" in page


@pytest.mark.parametrize(
    "given",
    [
        {"name": ""},
        {"reason": ""},
        {"since": "someday"},
        {"goal1": ""},
        {"goal2": "placements"},
        {"goal2": "luck"},
        {"reserve_target": "0"},
        {"reserve_target": "101"},
        {"reserve_target": "most"},
        {"course_budget": "-1"},
        {"course_budget": "much"},
        {"case_limit": "0"},
    ],
)
def test_an_order_that_does_not_hold_is_refused(staff, given) -> None:
    answer = record(staff, **given)
    assert answer.status_code == 422
    assert "does not fit" in answer.text or "do not fit" in answer.text


def test_an_order_says_which_chance_of_filling_reserves_aim_at(staff) -> None:
    assert 'value="90"' in staff.get("/rounds/orders").text
    assert record(staff, reserve_target="75").status_code == 303
    assert "75\N{NO-BREAK SPACE}%" in staff.get("/rounds/orders").text


def test_an_order_bounds_what_courses_cost(staff) -> None:
    set_locale("en")
    assert "no bound" in staff.get("/rounds/orders").text
    assert record(staff, course_budget="450000", case_limit="2").status_code == 303
    text = staff.get("/rounds/orders").text
    assert tenge(450_000) in text
    assert text.count(">2<") == 1


def test_an_order_is_its_own_centre_s(staff, sign_in) -> None:
    record(staff)
    assert "Work first" not in sign_in(Role.STAFF).get("/rounds/orders").text
