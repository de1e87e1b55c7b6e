"""`senim account` on a fresh installation."""

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from app.cli import main
from app.cli.units import unit
from quota.accounts import Account, sign_in
from tests.factories import make_centre


@pytest.fixture
def run(sqlite_url, tmp_path, monkeypatch):
    monkeypatch.setenv("SENIM_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("SENIM_VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")

    def call(*arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(main, ["account", *arguments], input=typed)

    return call


def test_the_first_administrator_comes_from_the_command_line(run, now) -> None:
    opened = run(
        "add", "Root.One", "--role", "administrator", "--name", "А. Б.", typed="a-password\n"
    )
    assert opened.exit_code == 0, opened.output
    login, key = opened.output.split()
    assert login == "root.one"
    assert "a-password" not in opened.output
    with unit() as session:
        assert sign_in(session, "root.one", "a-password", now=now).account.key == key
    assert f"root.one\tadministrator\topen\t{key}" in run("list").output


def test_an_account_of_a_centre_needs_its_home(run) -> None:
    with unit() as session:
        centre = make_centre(session).key
    assert f"{centre}\tcentre\t" in run("homes").output
    staff = ("add", "desk", "--role", "staff", "--name", "A")
    refused = run(*staff, typed="a-password\n")
    assert refused.exit_code == 1
    assert "Choose a centre, state body or employer that fits the role." in refused.output
    assert run(*staff, "--home", centre, typed="a-password\n").exit_code == 0


def test_faults_are_named_and_nothing_is_kept(run) -> None:
    refused = run("add", "a b", "--role", "officer", "--name", "A", typed="short\n")
    assert refused.exit_code == 1
    assert "login: A login has 3 to 60 characters without spaces." in refused.output
    assert "password: At least 10 characters are needed." in refused.output
    with unit() as session:
        assert session.scalars(select(Account)).all() == []


def test_closing_and_resetting(run, now) -> None:
    run("add", "officer", "--role", "officer", "--name", "A", typed="a-password\n")
    assert run("reset", "officer", typed="other-password\n").exit_code == 0
    with unit() as session:
        assert sign_in(session, "officer", "other-password", now=now).account is not None
    assert run("close", "officer", "--reason", "left").exit_code == 0
    assert "already closed" in run("close", "officer", "--reason", "left").output
    assert "officer\tofficer\tclosed" in run("list").output
    assert run("close", "nobody", "--reason", "left").exit_code == 1


def test_a_password_is_never_an_argument(run) -> None:
    assert "--password" not in run("add", "--help").output + run("reset", "--help").output
