"""The administrator's page of accounts."""

import pytest
from sqlalchemy import select

from quota.accounts import Account
from quota.centres import Body, BodyKind, Centre
from quota.employers import Employer
from quota.journal import Entry
from quota.rights import ACCOUNT_ROLES, Role
from tests.factories import PASSWORD, make_account, make_body, make_centre, make_employer


@pytest.fixture
def administrator(sign_in):
    return sign_in(Role.ADMINISTRATOR)


@pytest.fixture
def other(fill):
    with fill() as session:
        return make_account(session, Role.STAFF, name="Ерлан Ұлықбек", locale="en")


@pytest.mark.parametrize("role", [role for role in ACCOUNT_ROLES if role is not Role.ADMINISTRATOR])
def test_accounts_are_the_administrator_s_alone(sign_in, other, role: Role) -> None:
    visitor = sign_in(role)
    assert visitor.get("/accounts").status_code == 403
    assert visitor.get(f"/accounts/{other.key}").status_code == 403
    assert visitor.submit("/accounts/new", login="someone").status_code == 403
    assert visitor.submit(f"/accounts/{other.key}", step="close", reason="x").status_code == 403
    assert "Ұлықбек" not in visitor.get(f"/accounts/{other.key}").text
    assert "/accounts" not in visitor.get("/").text


def test_the_list_shows_everybody_and_leads_to_each(administrator, other) -> None:
    text = administrator.get("/accounts").text
    assert f'href="/accounts/{other.key}"' in text
    assert "Ерлан Ұлықбек" in text
    assert "5 Jan 2026" in text


def test_a_longer_list_asks_the_database_no_more(administrator, fill, count_queries) -> None:
    with count_queries() as short:
        administrator.get("/accounts")
    with fill() as session:
        for role in (Role.STAFF, Role.CLERK, Role.EMPLOYER):
            make_account(session, role)
    with count_queries() as long:
        administrator.get("/accounts")
    assert short
    assert len(long) == len(short)


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_an_account_is_opened_for_each_role_in_its_home(administrator, fill, role: Role) -> None:
    with fill() as session:
        account = make_account(session, role)
        home = next(session.get(table, key).key for table, key in homes_of(account) if key)
    answer = administrator.submit(
        "/accounts/new",
        name="Гүлмира",
        role=role.value,
        home=home,
        login="Gulmira",
        password="a-long-password",
        locale="ru",
    )
    assert answer.status_code == 303, answer.text
    assert "The account is open." in administrator.get(answer.headers["location"]).text
    with fill() as session:
        opened = session.scalar(select(Account).where(Account.login == "gulmira"))
        assert (opened.role, opened.locale, opened.name) == (role.value, "ru", "Гүлмира")
        entry = session.scalar(select(Entry).where(Entry.record_key == opened.key))
        assert (entry.verb, entry.account_id) == ("open", administrator.account.id)


def homes_of(account: Account):
    return (Centre, account.centre_id), (Body, account.body_id), (Employer, account.employer_id)


def test_what_was_typed_stays_and_each_fault_stands_beside_its_field(administrator, fill) -> None:
    with fill() as session:
        employer = make_employer(session)
    answer = administrator.submit(
        "/accounts/new", name="<b>Айгүл</b>", role="staff", home=employer.key, login="a b"
    )
    assert answer.status_code == 422
    assert 'value="&lt;b&gt;Айгүл&lt;/b&gt;"' in answer.text
    assert '<option value="staff" selected>' in answer.text
    assert f'<option value="{employer.key}" selected>' in answer.text
    assert 'id="password-fault">Fill this in.' in answer.text
    assert 'href="#password"' in answer.text


def test_a_home_that_does_not_fit_the_role_is_refused(administrator, fill) -> None:
    with fill() as session:
        homes = [make_employer(session).key, make_centre(session).key, "nosuchhome"]
        homes.append(make_body(session, BodyKind.PROSECUTOR).key)
    for home in homes:
        answer = administrator.submit(
            "/accounts/new", name="A", role="probation", home=home, login="abc", password="x" * 10
        )
        assert answer.status_code == 422
        assert "Choose a centre, state body or employer that fits the role." in answer.text


def test_closing_and_reopening_keep_their_reasons(administrator, other, fill, client) -> None:
    address = f"/accounts/{other.key}"
    assert administrator.submit(address, step="close", reason="left the centre").status_code == 303
    assert "The account is closed" in administrator.get(address).text
    refused = client.submit("/sign-in", login=other.login, password=PASSWORD)
    assert refused.status_code == 422
    assert administrator.submit(address, step="close", reason="again").status_code == 409
    assert administrator.submit(address, step="reopen", reason="came back").status_code == 303
    assert client.submit("/sign-in", login=other.login, password=PASSWORD).status_code == 303
    with fill() as session:
        told = session.execute(
            select(Entry.verb, Entry.reason)
            .where(Entry.record_key == other.key, Entry.account_id == administrator.account.id)
            .order_by(Entry.id)
        ).all()
    assert [tuple(row) for row in told] == [
        ("close", "left the centre"),
        ("reopen", "came back"),
    ]


def test_a_step_needs_its_reason_and_a_known_button(administrator, other) -> None:
    address = f"/accounts/{other.key}"
    assert "Fill this in." in administrator.submit(address, step="close", reason=" ").text
    assert administrator.submit(address, step="erase", reason="x").status_code == 422
    assert administrator.submit("/accounts/nobody", step="close", reason="x").status_code == 404


def test_nobody_closes_their_own_account(administrator) -> None:
    address = f"/accounts/{administrator.account.key}"
    assert "Close the account" not in administrator.get(address).text
    assert administrator.submit(address, step="close", reason="x").status_code == 409


def test_a_new_password_lets_in_and_the_old_one_no_more(administrator, other, client) -> None:
    address = f"/accounts/{other.key}"
    assert (
        "At least 10 characters are needed."
        in administrator.submit(address, step="reset", password="short").text
    )
    assert administrator.submit(address, step="reset", password=" spaced out ").status_code == 303
    assert client.submit("/sign-in", login=other.login, password=PASSWORD).status_code == 422
    entered = client.submit("/sign-in", login=other.login, password=" spaced out ")
    assert entered.status_code == 303
