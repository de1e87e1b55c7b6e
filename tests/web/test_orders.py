"""Orders of goals: recorded with a reason, chosen for a round, compared by what they cost."""

import re

import pytest

from matching.engine.policy import STANDARD, numbers_of
from matching.engine.rules import RULES
from matching.policies import load_policies
from quota.rights import ACCOUNT_ROLES, Role
from web import act_words, orders
from web.i18n import set_locale, tenge

GOALS = {"goal1": "placements", "goal2": "score"}
NAMED = {"name": "Work first", "reason": "agreed", "since": "2026-11-01"}
NUMBERS = {name: str(value) for name, value in numbers_of(STANDARD).items() if value is not None}


@pytest.fixture
def staff(sign_in, fill):
    with fill() as session:
        load_policies(session)
    return sign_in(Role.STAFF)


def record(visitor, **given):
    return visitor.submit("/rounds/orders/new", **NAMED | GOALS | NUMBERS | given)


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


FAULTY = (
    ({"name": ""}, "name"),
    ({"reason": ""}, "reason"),
    ({"since": "someday"}, "since"),
    ({"goal1": ""}, "tiers"),
    ({"goal2": "placements"}, "tiers"),
    ({"goal2": "luck"}, "tiers"),
    ({"reserve_target": "101"}, "reserve_target"),
    ({"reserve_target": "most"}, "reserve_target"),
    ({"course_budget": "-1"}, "course_budget"),
    ({"case_limit": "0"}, "case_limit"),
    ({"travel_minutes": "0"}, "travel_minutes"),
    ({"travel_km": ""}, "travel_km"),
    ({"pay": "1001"}, "pay"),
    ({"profession": "401"}, "profession"),
    ({"share2": "101"}, "share2"),
    ({"share3": "90"}, "share1"),
    ({"share1": ""}, "share1"),
    ({"preference_share": "20"}, "preference_share"),
    ({"copied": "nosuch"}, "copied"),
)


def test_an_order_that_does_not_hold_is_refused_beside_its_field(staff) -> None:
    for given, field in FAULTY:
        answer = record(staff, **given)
        assert answer.status_code == 422, given
        assert f'href="#{field}"' in answer.text, given
        assert f'id="{field}"' in answer.text, given
        assert (f'id="{field}-fault"' in answer.text) == (field != "copied"), given
        assert f'value="{given.get("pay", "200")}"' in answer.text, given
    assert "Work first" not in staff.get("/rounds/orders").text


def test_a_form_tells_every_fault_and_keeps_what_was_typed(staff) -> None:
    for given in ({"name": "", "pay": ""}, {"name": "standard", "travel": "7000", "share4": "101"}):
        answer = record(staff, **given)
        for field, typed in given.items():
            assert f'id="{field}-fault"' in answer.text
            assert f'value="{typed}"' in answer.text


def test_an_order_is_copied_and_says_what_differs(staff) -> None:
    set_locale("en")
    form = staff.get("/rounds/orders/new").text
    assert "Filled in from “standard order”." in form
    assert "From 1 to 600 (minutes). In the order copied: 120 minutes." in form
    made = record(staff, travel_minutes="90", course_budget="450000")
    shown = staff.get(made.headers["location"]).text
    assert "90 minutes" in shown
    assert tenge(450_000) in shown
    assert "What differs" not in shown  # it was copied from none
    assert "What no order changes" in shown
    key = made.headers["location"].rsplit("/", 1)[1]
    form = staff.get(f"/rounds/orders/new?copy={key}").text
    assert 'value="90"' in form
    assert f'name="copied" value="{key}"' in form
    other = {"name": "Slower", "travel_minutes": "90", "goal1": "score", "goal2": "placements"}
    made = record(staff, **other, copied=key, preference_share="80")
    shown = staff.get(made.headers["location"]).text
    differs = shown.split("What differs from “Work first”")[1].split("</table>")[0]
    rows = re.findall(r"<tr>.*?</tr>", differs, re.DOTALL)
    told = [re.sub(r"<[^>]+>", " ", row).split() for row in rows[1:]]
    assert [" ".join(row) for row in told] == [
        "Goals, the first one first 1. people placed, 2. points in all"
        " 1. points in all, 2. people placed",
        f"Budget for courses {' '.join(tenge(450_000).split())} no bound",
        "Share of the best plan to keep — 80 %",
    ]
    assert "Copied from" in staff.get("/rounds/orders").text


def test_every_hard_rule_stands_with_its_name_its_sentence_and_its_act() -> None:
    set_locale("en")
    rules = orders.tell_rules()
    assert len(rules) == len(RULES) == len({name for name, *_ in rules})
    told = {name: (said, act) for name, said, act in rules}
    assert told["no work with minors"] == (
        "not this kind of workplace",
        "Labour Code, Art. 26(2)(3); Criminal Code, Art. 50(2)",
    )
    assert told["pay"] == ("paid less than the person accepts", "—")
    assert all(act in act_words.KNOWN for *_, act in rules if act != "—")


def test_an_order_is_its_own_centre_s(staff, sign_in) -> None:
    made = record(staff).headers["location"]
    stranger = sign_in(Role.STAFF)
    assert "Work first" not in stranger.get("/rounds/orders").text
    assert stranger.get(made).status_code == 404
    assert staff.get("/rounds/orders/nosuch").status_code == 404
