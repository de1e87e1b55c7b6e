"""Accounts: opened with one home by role, closed, reset; guessing slowed down."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quota import accounts
from quota.accounts import Account, NewAccount, SignInAttempt
from quota.centres import Body, Centre
from quota.errors import Invalid, NotAllowed, NotFound, WrongState
from quota.journal import Entry
from quota.rights import SYSTEM, Actor, Role

PASSWORD = "correct horse"


@pytest.fixture
def new(centre: Centre) -> NewAccount:
    return NewAccount("Aigul ", PASSWORD, Role.STAFF, "A. B.", centre_id=centre.id)


def test_an_opened_account_signs_in_whatever_the_case_of_its_login(
    session: Session, new: NewAccount, now: datetime
) -> None:
    opened = accounts.open_account(session, SYSTEM, new, now=now)
    signed = accounts.sign_in(session, " AIGUL", PASSWORD, now=now)
    assert signed.account is opened
    actor = accounts.actor_of(session, opened)
    assert (actor.role, actor.centre_id, actor.territory) == (
        Role.STAFF,
        new.centre_id,
        "/190000000/",
    )
    assert PASSWORD not in opened.password_hash


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"login": "ab"}, "login"),
        ({"login": "a b c"}, "login"),
        ({"password": "short"}, "password"),
        ({"name": " "}, "name"),
        ({"centre_id": None}, "centre_id"),
        ({"role": Role.PROBATION}, "body_id"),
        ({"role": Role.EMPLOYER}, "employer_id"),
        ({"employer_id": 1}, "centre_id"),
        ({"role": Role.SYSTEM}, "role"),
        ({"role": Role.CANDIDATE}, "role"),
    ],
)
def test_a_faulty_form_opens_nothing_and_names_the_field(
    session: Session, new: NewAccount, now: datetime, change: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        accounts.open_account(session, SYSTEM, replace(new, **change), now=now)  # type: ignore[arg-type]
    assert [f.field for f in refusal.value.faults] == [field]
    assert session.scalar(select(Account.id)) is None


def test_a_login_is_taken_once(session: Session, new: NewAccount, now: datetime) -> None:
    accounts.open_account(session, SYSTEM, new, now=now)
    with pytest.raises(Invalid):
        accounts.open_account(session, SYSTEM, replace(new, login="AIGUL"), now=now)


def test_only_an_administrator_manages_accounts(
    session: Session, new: NewAccount, now: datetime
) -> None:
    account = accounts.open_account(session, SYSTEM, new, now=now)
    staff = accounts.actor_of(session, account)
    for attempt in (
        lambda: accounts.open_account(session, staff, new, now=now),
        lambda: accounts.close_account(session, staff, account.key, reason="r", now=now),
        lambda: accounts.reset_password(session, staff, account.key, PASSWORD, now=now),
        lambda: accounts.list_accounts(session, staff),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_a_closed_account_cannot_sign_in_until_it_is_reopened(
    session: Session, new: NewAccount, now: datetime
) -> None:
    key = accounts.open_account(session, SYSTEM, new, now=now).key
    accounts.close_account(session, SYSTEM, key, reason="left the centre", now=now)
    assert accounts.sign_in(session, "aigul", PASSWORD, now=now).account is None
    with pytest.raises(WrongState):
        accounts.close_account(session, SYSTEM, key, reason="again", now=now)
    accounts.reopen_account(session, SYSTEM, key, reason="a mistake", now=now)
    assert accounts.sign_in(session, "aigul", PASSWORD, now=now).account is not None


def test_an_administrator_cannot_close_the_own_account(session: Session, now: datetime) -> None:
    body = Body(kind="operator", name_kk="О", name_ru="О", name_en="O")
    session.add(body)
    session.flush()
    new = NewAccount("admin", PASSWORD, Role.ADMINISTRATOR, "A", body_id=body.id)
    account = accounts.open_account(session, SYSTEM, new, now=now)
    actor = accounts.actor_of(session, account)
    with pytest.raises(WrongState):
        accounts.close_account(session, actor, account.key, reason="r", now=now)


def test_guessing_is_slowed_down_and_a_reset_forgets_it(
    session: Session, new: NewAccount, now: datetime
) -> None:
    key = accounts.open_account(session, SYSTEM, new, now=now).key
    waits = [accounts.sign_in(session, "aigul", "wrong", now=now).wait_seconds for _ in range(5)]
    assert waits == [0, 0, 0, 0, 2]
    blocked = accounts.sign_in(session, "aigul", PASSWORD, now=now)
    assert (blocked.account, blocked.wait_seconds) == (None, 2)
    later = accounts.sign_in(session, "aigul", "wrong", now=now + timedelta(seconds=3))
    assert later.wait_seconds == 4
    accounts.reset_password(session, SYSTEM, key, "another password", now=now)
    assert accounts.sign_in(session, "aigul", "another password", now=now).account is not None


def test_an_unknown_login_is_slowed_down_alike(session: Session, now: datetime) -> None:
    waits = [accounts.sign_in(session, "nobody", "x", now=now).wait_seconds for _ in range(5)]
    assert waits[-1] == 2


def test_a_failed_sign_in_keeps_no_login_in_clear(session: Session, now: datetime) -> None:
    accounts.sign_in(session, "typed-my-password-here", "x", now=now)
    assert "typed" not in session.scalars(select(SignInAttempt.login_hash)).one()


def test_every_verb_is_in_the_journal(session: Session, new: NewAccount, now: datetime) -> None:
    key = accounts.open_account(session, SYSTEM, new, now=now).key
    accounts.reset_password(session, SYSTEM, key, PASSWORD, now=now)
    accounts.close_account(session, SYSTEM, key, reason="left", now=now)
    entries = session.scalars(select(Entry).where(Entry.record_key == key).order_by(Entry.id))
    assert [e.verb for e in entries] == ["open", "reset_password", "close"]


def test_a_short_new_password_and_an_unknown_key_are_refused(
    session: Session, new: NewAccount, now: datetime
) -> None:
    key = accounts.open_account(session, SYSTEM, new, now=now).key
    with pytest.raises(Invalid):
        accounts.reset_password(session, SYSTEM, key, "short", now=now)
    with pytest.raises(NotFound):
        accounts.reset_password(session, SYSTEM, "unknown", PASSWORD, now=now)


def test_an_actor_without_home_has_no_territory(session: Session) -> None:
    account = Account(login="x", password_hash="", role="administrator", name="n")
    assert accounts.actor_of(session, account) == Actor(Role.ADMINISTRATOR)
