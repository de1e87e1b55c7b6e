"""`senim export`: a file of the form its name asks for, and options that go with the noun."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.db import migrate
from app.settings import load_settings
from matching.exports import NOUNS
from quota.sheets import read_sheet


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SENIM_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    migrate(load_settings().database)

    def run(noun: str, name: str, *options: str) -> tuple[Result, Path]:
        out = tmp_path / name
        return CliRunner().invoke(main, ["export", noun, str(out), *options]), out

    return run


def test_every_noun_is_written_in_either_form(export) -> None:
    for noun in NOUNS:
        for name in ("t.xlsx", "t.csv"):
            result, out = export(noun, name, "--locale", "kk")
            assert result.exit_code == 0, result.output
            assert read_sheet(out.read_bytes()).rows == ()


def test_an_option_of_another_noun_or_form_is_refused(export) -> None:
    for asked in (("employers", "t.xlsx", "--purpose", "x"), ("employers", "t.pdf")):
        result, out = export(*asked)
        assert result.exit_code == 2
        assert not out.exists()
    assert (
        "iin" in read_sheet(export("candidates", "c.csv", "--purpose", "x")[1].read_bytes()).headers
    )
