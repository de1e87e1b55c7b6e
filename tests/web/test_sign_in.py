"""Signing in and out."""

import re
from datetime import timedelta

import pytest

from quota.rates import load_rates
from quota.rights import ACCOUNT_ROLES, Role
from tests.factories import PASSWORD, make_account
from web.navigation import FURTHER


@pytest.fixture
def installed(fill) -> None:
    """An installation has its reference tables filled."""
    with fill() as session:
        load_rates(session)


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_every_role_signs_in_and_sees_its_day(installed, sign_in, role: Role) -> None:
    visitor = sign_in(role)
    answer = visitor.get("/")
    assert answer.status_code == 200
    assert visitor.account.name in answer.text
    assert "Monday, 23 November 2026" in answer.text


def test_a_stranger_is_led_to_the_door_and_then_to_the_page(client, fill) -> None:
    with fill() as session:
        account = make_account(session, Role.ADMINISTRATOR)
    door = client.get("/accounts", follow_redirects=False)
    assert (door.status_code, door.headers["location"]) == (303, "/sign-in?next=/accounts")
    assert 'name="next" value="/accounts"' in client.get("/accounts").text
    entered = client.submit("/sign-in", login=account.login, password=PASSWORD, next="/accounts")
    assert entered.headers["location"] == "/accounts"
    assert client.get("/accounts").status_code == 200


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil", "evil"])
def test_the_door_leads_to_this_site_only(client, fill, elsewhere: str) -> None:
    with fill() as session:
        account = make_account(session, Role.OFFICER)
    entered = client.submit("/sign-in", login=account.login, password=PASSWORD, next=elsewhere)
    assert entered.headers["location"] == "/"


def test_a_wrong_pair_says_neither_which_half_nor_whether_the_login_exists(client, fill) -> None:
    with fill() as session:
        account = make_account(session, Role.OFFICER)
    known = client.submit("/sign-in", login=account.login, password="wrong")
    unknown = client.submit("/sign-in", login="nobody", password="wrong")
    assert (known.status_code, unknown.status_code) == (422, 422)
    assert "The login and the password do not fit together." in known.text
    assert known.text.replace(account.login, "nobody") == unknown.text
    assert "wrong" not in known.text.replace("wrong_", "")


def test_an_empty_form_is_explained(client) -> None:
    answer = client.submit("/sign-in")
    assert answer.status_code == 422
    assert "2 things do not fit" in answer.text


def test_guessing_is_slowed_down_and_the_wait_is_said(client, fill, clock) -> None:
    with fill() as session:
        account = make_account(session, Role.OFFICER)
    answers = [client.submit("/sign-in", login=account.login, password="wrong") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 429]
    assert answers[-1].headers["retry-after"] == "2"
    assert "Wait 2 seconds" in answers[-1].text
    right = client.submit("/sign-in", login=account.login, password=PASSWORD)
    assert right.status_code == 429
    clock.now += timedelta(seconds=3)
    assert client.submit("/sign-in", login=account.login, password=PASSWORD).status_code == 303


def test_whoever_is_signed_in_is_led_past_the_door(sign_in) -> None:
    visitor = sign_in(Role.OFFICER)
    assert visitor.get("/sign-in", follow_redirects=False).headers["location"] == "/"


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_every_noun_of_the_side_bar_opens(installed, sign_in, role: Role) -> None:
    visitor = sign_in(role)
    for path in re.findall(r'<li><a href="(/[^"]*)"', visitor.get("/").text):
        assert visitor.get(path).status_code == 200, path
    for path in FURTHER.get(role, ()):
        assert f'href="{path}"' in visitor.get("/").text
        assert visitor.get(path).status_code == 200, path


def test_a_setting_that_is_not_entered_is_named_and_no_page_is_missing(sign_in) -> None:
    answer = sign_in(Role.STAFF).get("/")
    assert answer.status_code == 409
    assert "The rate of that day is not entered yet." in answer.text
