"""Signing in and out."""

import pytest

from quota.rights import ACCOUNT_ROLES, Role
from tests.factories import PASSWORD, make_account


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_every_role_signs_in_and_sees_its_day(sign_in, role: Role) -> None:
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
