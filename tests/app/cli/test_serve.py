"""`senim serve`, `migrate` and `settings`."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from app.cli import main
from app.db import open_engine, work
from app.settings import load_secrets, load_settings
from matching.candidates import Candidate, Readiness
from matching.surveys import STEPS
from quota.rights import Role
from tests.factories import PASSWORD, make_account, make_candidate, make_centre
from tests.web.test_surveys import ANSWERS

ROOT = Path(__file__).parents[3]


@pytest.fixture
def installation(tmp_path, monkeypatch):
    monkeypatch.setenv("SENIM_VAR_DIR", str(tmp_path / "var"))
    return tmp_path / "var"


def test_a_fresh_installation_is_served_killed_in_mid_survey_and_served_again(
    installation: Path,
) -> None:
    migrated = CliRunner().invoke(main, ["migrate"])
    assert migrated.exit_code == 0, migrated.output
    assert CliRunner().invoke(main, ["migrate"]).exit_code == 0
    settings = load_settings()
    engine = open_engine(settings.database)
    keyring = load_secrets(settings).keyring
    with work(engine, keyring) as session:
        centre = make_centre(session)
        person = make_candidate(session, centre.id, readiness=Readiness.NOT_SURVEYED)
        staff = make_account(session, Role.STAFF, centre_id=centre.id)
    base = f"/candidates/{person.key}/survey"
    before, after = [*STEPS][:4], [*STEPS][4:]
    with httpx.Client() as browser:
        with start_server() as server:
            address = read_address(server)
            assert browser.get(f"{address}/sign-in?next=/secret").status_code == 200
            send(browser, f"{address}/sign-in", login=staff.login, password=PASSWORD)
            send(browser, f"{address}{base}", way="desk")
            for step in before:
                send(browser, f"{address}{base}/{step}", **ANSWERS[step])
            server.kill()
        with start_server() as server:
            address = read_address(server)
            assert browser.get(f"{address}{base}").headers["location"] == f"{base}/{after[0]}"
            assert 'value="дәнекерлеуші"' in browser.get(f"{address}{base}/wishes").text
            for step in after:
                send(browser, f"{address}{base}/{step}", **ANSWERS[step])
            done = send(browser, f"{address}{base}/check", step="submit")
            assert done == f"/candidates/{person.key}"
            browser.get(f"{address}/sign-in?next=/secret")
            server.send_signal(signal.SIGINT)
            assert server.stderr is not None
            rest = server.stderr.read()
    with work(engine, keyring) as session:
        assert session.get_one(Candidate, person.id).readiness == Readiness.READY
    engine.dispose()
    assert "GET /sign-in 303" in rest
    assert "secret" not in rest
    assert person.key not in rest
    assert (installation / "secrets.json").stat().st_mode & 0o077 == 0


def start_server() -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "app.cli", "serve", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)


def read_address(server: subprocess.Popen[str]) -> str:
    """Where the server says that it runs; waits until it does."""
    assert server.stderr is not None
    said = next(line for line in server.stderr if "running on" in line)
    address = re.search(r"http://[\d.:]+", said)
    assert address is not None
    return address[0]


def send(browser: httpx.Client, address: str, **data: object) -> str:
    """Sends a form with its token; where it leads on to."""
    token = next(value for name, value in browser.cookies.items() if name.startswith("csrf_"))
    answer = browser.post(address, data=data, headers={"x-csrftoken": token})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_settings_are_shown_without_passwords(installation: Path, monkeypatch) -> None:
    monkeypatch.setenv("SENIM_DATABASE_URL", "postgresql://senim:hidden-word@db/senim")
    shown = CliRunner().invoke(main, ["settings"]).output
    assert "SENIM_DATABASE_URL=postgresql://senim:***@db/senim" in shown
    assert "SENIM_IDLE_MINUTES=120" in shown
    assert "hidden-word" not in shown


@pytest.mark.parametrize("variable", [("SENIM_PORT", "http"), ("SENIM_PROT", "1")])
def test_a_setting_that_does_not_fit_is_named(installation: Path, monkeypatch, variable) -> None:
    monkeypatch.setenv(*variable)
    refused = CliRunner().invoke(main, ["settings"])
    assert refused.exit_code == 1
    assert variable[0] in refused.output
