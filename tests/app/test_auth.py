"""Sessions: issued by us alone, renewed at sign-in, ended in time, written only when they change."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.asgi import make_app
from app.auth import StoredSession, cookie_name
from app.settings import Secrets, Settings
from quota import accounts
from quota.rights import SYSTEM, Role
from tests.factories import PASSWORD, make_account
from tests.visits import Visitor

COOKIE = cookie_name(Settings())


@pytest.fixture
def account(fill):
    with fill() as session:
        return make_account(session, Role.ADMINISTRATOR, locale="en")


def enter(visitor, account):
    return visitor.submit("/sign-in", login=account.login, password=PASSWORD)


def stored(fill) -> list[StoredSession]:
    with fill() as session:
        return list(session.scalars(select(StoredSession)))


def test_an_id_we_did_not_issue_is_never_adopted(client, account, fill) -> None:
    client.cookies.set(COOKIE, "planted-by-somebody", domain="senim.test")
    answer = enter(client, account)
    issued = answer.cookies[COOKIE]
    assert issued != "planted-by-somebody"
    assert [row.token_hash for row in stored(fill)] == [hashlib.sha256(issued.encode()).hexdigest()]


def test_signing_in_again_replaces_the_id(client, account, fill) -> None:
    first = enter(client, account).cookies[COOKIE]
    second = enter(client, account).cookies[COOKIE]
    assert first != second
    assert len(stored(fill)) == 1
    client.cookies.set(COOKIE, first, domain="senim.test")
    assert client.get("/accounts", follow_redirects=False).status_code == 303


def test_the_cookie_travels_to_this_site_alone(client, account) -> None:
    header = next(h for h in enter(client, account).headers.get_list("set-cookie") if COOKIE in h)
    flags = {part.strip().lower() for part in header.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/", "max-age=43200"} <= flags
    assert "secure" not in flags


def test_over_https_the_cookie_is_bound_to_the_host(settings, keyring, clock, account) -> None:
    app = make_app(replace(settings, secure_cookies=True), Secrets("s" * 64, keyring), clock=clock)
    with Visitor(app, base_url="https://senim.test") as visitor:
        answer = enter(visitor, account)
        headers = answer.headers.get_list("set-cookie")
        assert headers
        assert all("Secure" in header for header in headers)
        assert any(header.startswith("__Host-senim=") for header in headers)
        assert answer.headers["strict-transport-security"]


def test_a_page_that_changes_nothing_writes_nothing(client, account, count_queries) -> None:
    enter(client, account)
    client.get("/accounts")
    with count_queries() as statements:
        answer = client.get("/accounts")
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert {statement.split()[0] for statement in statements} == {"SELECT"}


def test_use_keeps_a_session_awake_until_its_last_hour(client, account, clock) -> None:
    enter(client, account)
    for _ in range(11):
        clock.now += timedelta(hours=1)
        assert client.get("/accounts", follow_redirects=False).status_code == 200
    clock.now += timedelta(hours=1)
    assert client.get("/accounts", follow_redirects=False).status_code == 303


def test_a_session_left_alone_falls_asleep(client, account, clock) -> None:
    enter(client, account)
    clock.now += timedelta(hours=2, minutes=1)
    assert client.get("/accounts", follow_redirects=False).status_code == 303


def test_sessions_that_ended_are_swept_away_at_the_next_sign_in(
    client, account, clock, fill
) -> None:
    enter(client, account)
    client.cookies.clear()
    clock.now += timedelta(hours=13)
    enter(client, account)
    assert len(stored(fill)) == 1


def test_a_closed_account_is_signed_out_at_once(client, account, fill, now) -> None:
    enter(client, account)
    with fill() as session:
        accounts.close_account(session, SYSTEM, account.key, reason="left", now=now)
    assert client.get("/accounts", follow_redirects=False).status_code == 303
    assert stored(fill) == []


def test_a_new_password_ends_sessions_under_the_old_one(client, account, fill, now) -> None:
    enter(client, account)
    with fill() as session:
        accounts.reset_password(session, SYSTEM, account.key, "another-password", now=now)
    assert client.get("/accounts", follow_redirects=False).status_code == 303


def test_signing_out_forgets_the_session_and_says_so(client, account, fill) -> None:
    token = enter(client, account).cookies[COOKIE]
    left = client.submit("/sign-out")
    assert left.status_code == 303
    assert "You are signed out." in client.get("/sign-in").text
    assert "You are signed out." not in client.get("/sign-in").text
    client.cookies.set(COOKIE, token, domain="senim.test")
    assert client.get("/accounts", follow_redirects=False).status_code == 303
    assert stored(fill) == []
