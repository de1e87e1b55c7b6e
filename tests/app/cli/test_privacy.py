"""`senim rotate-keys` on an installation with people in it."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from app.cli import main
from app.cli.units import unit
from app.settings import load_settings, plan_index_key
from matching import caseload
from matching.identities import Identity
from quota.rights import SYSTEM
from tests.factories import make_candidate, make_centre


@pytest.fixture
def secrets(sqlite_url, tmp_path, monkeypatch):
    monkeypatch.setenv("SENIM_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("SENIM_VAR_DIR", str(tmp_path / "var"))
    with unit() as session:
        make_candidate(session, make_centre(session).id)
    return tmp_path / "var" / "secrets.json"


def stored_name() -> str:
    with unit() as session:
        return session.scalars(select(Identity.family_name)).one()


@pytest.mark.parametrize("arguments", [(), ("--index",)])
def test_people_are_found_and_named_under_the_new_keys(secrets, arguments) -> None:
    before, sealed = json.loads(secrets.read_text()), stored_name()
    done = CliRunner().invoke(main, ["rotate-keys", *arguments])
    assert done.exit_code == 0, done.output
    after = json.loads(secrets.read_text())
    assert len(after["seal_keys"]) == 1
    assert after["seal_keys"] != before["seal_keys"]
    assert (after["index_key"] != before["index_key"]) == bool(arguments)
    assert secrets.stat().st_mode & 0o077 == 0
    assert stored_name() != sealed
    with unit() as session:
        assert [r.full_name for r in caseload.search(session, SYSTEM, "сапар")] == [
            "Сапарова Айгерім"
        ]


def test_an_interrupted_run_is_finished_by_the_next(secrets) -> None:
    planned = plan_index_key(load_settings())
    assert CliRunner().invoke(main, ["rotate-keys", "--index"]).exit_code == 0
    after = json.loads(secrets.read_text())
    assert after["index_key"] == planned.hex()
    assert "next_index_key" not in after
