"""`senim serve`, `migrate` and `settings`."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main

ROOT = Path(__file__).parents[3]


@pytest.fixture
def installation(tmp_path, monkeypatch):
    monkeypatch.setenv("SENIM_VAR_DIR", str(tmp_path / "var"))
    return tmp_path / "var"


def test_a_fresh_installation_is_migrated_served_and_stopped(installation: Path) -> None:
    migrated = CliRunner().invoke(main, ["migrate"])
    assert migrated.exit_code == 0, migrated.output
    assert CliRunner().invoke(main, ["migrate"]).exit_code == 0
    command = [sys.executable, "-m", "app.cli", "serve", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stderr is not None
        said = next(line for line in server.stderr if "running on" in line)
        address = re.search(r"http://[\d.:]+", said)
        assert address is not None
        with urllib.request.urlopen(f"{address[0]}/sign-in?next=/secret") as answer:
            assert answer.status == 200
        server.send_signal(signal.SIGINT)
        rest = server.stderr.read()
    assert "GET /sign-in 200" in rest
    assert "secret" not in rest
    assert (installation / "secrets.json").stat().st_mode & 0o077 == 0


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
