"""The language of pages: asked for by the browser, switched by the reader, remembered."""

import pytest
from sqlalchemy import select

from quota.accounts import Account
from quota.rights import Role
from tests.factories import PASSWORD, make_account

TITLES = {"kk": "Кіру · Senim", "ru": "Войти · Senim", "en": "Sign in · Senim"}


@pytest.mark.parametrize(
    ("accepted", "locale"),
    [
        ("ru-KZ,ru;q=0.9,en;q=0.8", "ru"),
        ("kk", "kk"),
        ("en-GB", "en"),
        ("de,fr;q=0.5", "kk"),
        ("", "kk"),
        (";;;,,q=", "kk"),
    ],
)
def test_a_stranger_reads_the_language_of_the_browser(client, accepted: str, locale: str) -> None:
    text = client.get("/sign-in", headers={"accept-language": accepted}).text
    assert f"<title>{TITLES[locale]}</title>" in text
    assert f'<html lang="{locale}">' in text


@pytest.mark.parametrize("locale", TITLES)
def test_the_switch_is_remembered_by_the_browser(client, locale: str) -> None:
    answer = client.submit("/language", locale=locale, back="/sign-in?next=/accounts")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/accounts")
    assert TITLES[locale] in client.get("/sign-in").text


def test_the_switch_is_remembered_by_the_account(sign_in, visit, fill) -> None:
    with fill() as session:
        account = make_account(session, Role.OFFICER, locale="kk")
    first = sign_in(account)
    assert "Бүгін" in first.get("/").text
    first.submit("/language", locale="ru", back="/")
    assert "Сегодня" in first.get("/").text
    with fill() as session:
        assert session.scalar(select(Account.locale).where(Account.id == account.id)) == "ru"
    elsewhere = visit()
    elsewhere.submit("/sign-in", login=account.login, password=PASSWORD)
    assert "Сегодня" in elsewhere.get("/").text


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "\\\\evil", ""])
def test_the_switch_leads_back_to_this_site_only(client, back: str) -> None:
    answer = client.submit("/language", locale="ru", back=back)
    assert answer.headers["location"] == "/"


def test_a_language_senim_does_not_speak_is_refused(client) -> None:
    assert client.submit("/language", locale="xx").status_code == 422
    client.cookies.set("lang", "../../etc", domain="senim.test")
    assert TITLES["en"] in client.get("/sign-in").text
