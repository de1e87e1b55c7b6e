"""A round from the command line, and the timer's tick."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.db import open_engine, work
from app.settings import Settings, load_secrets
from quota import attachments
from quota.attachments import Upload
from quota.employers import Employer
from quota.rights import SYSTEM
from quota.vacancies import Vacancy
from tests.matching.scene import Scene, make_scene


@pytest.fixture
def scene(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setenv("SENIM_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("SENIM_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "en")
    settings = Settings(var_dir=tmp_path, database_url=sqlite_url)
    engine = open_engine(sqlite_url)
    with work(engine, load_secrets(settings).keyring) as session:
        scene = make_scene(session)
        scene.vacancy.expires_on = datetime.now(UTC).date()
    engine.dispose()
    return scene


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_a_round_is_opened_solved_published_and_listed(scene: Scene) -> None:
    opened = run("round", "open", "--centre", scene.centre.key, "--title", "Күз")
    assert opened.exit_code == 0, opened.output
    key = opened.output.strip()
    solved = run("round", "solve", key)
    assert solved.exit_code == 0, solved.output
    assert f"{scene.first.key} -> {scene.vacancy.key} " in solved.output
    assert f"{scene.second.key} -- full: full" in solved.output
    assert "status: optimal" in solved.output
    assert "published" in run("round", "publish", key).output
    assert f"published  {key} Күз" in run("round", "list").output


def test_a_solved_round_is_exported_verified_and_replayed(scene: Scene, tmp_path: Path) -> None:
    key = run("round", "open", "--centre", scene.centre.key).output.strip()
    out = str(tmp_path / "round.json.gz")
    assert run("round", "export", key, "--out", out).exit_code == 1
    run("round", "solve", key)
    assert run("round", "export", key, "--out", out).exit_code == 0
    verified, replayed = run("verify", out), run("replay", out)
    assert (verified.exit_code, replayed.exit_code) == (0, 0), replayed.output
    assert "placements 1: optimal" in verified.output
    assert "the same plan, byte for byte" in replayed.output
    priced = run("round", "prices", key, "--by", "employer")
    assert f"exact slot   {scene.employer.name}" in priced.output
    assert "placements +1" in priced.output
    lines = run("round", "reserves", key).output
    assert lines == f"{scene.vacancy.key} 50 % -> 75 %: {scene.second.key}\n"


def test_a_refusal_is_one_sentence_and_an_exit_status(scene: Scene) -> None:
    key = run("round", "open", "--centre", scene.centre.key).output.strip()
    refused = run("round", "publish", key)
    assert refused.exit_code == 1
    assert "does not allow this step" in refused.output
    assert "no such record" in run("round", "show", "nothing").output
    assert "no such record" in run("round", "open", "--centre", "nothing").output


def test_a_tick_does_what_is_due_once(scene: Scene, sqlite_url: str) -> None:
    assert "vacancies expired: 0" in run("tick").output
    engine = open_engine(sqlite_url)
    with engine.begin() as connection:
        table = Vacancy.__table__
        connection.execute(table.update().values(expires_on=datetime(2026, 1, 1).date()))  # noqa: DTZ001
    engine.dispose()
    assert "vacancies expired: 1" in run("tick").output
    again = run("tick")
    assert again.exit_code == 0
    assert "vacancies expired: 0" in again.output


def test_a_tick_destroys_the_files_that_were_taken_off_long_ago_and_no_other(
    scene: Scene, sqlite_url: str, tmp_path: Path
) -> None:
    """In the folder of the installation, by the clock of the machine."""
    folder, now = tmp_path / "attachments", datetime.now(UTC)
    engine = open_engine(sqlite_url)
    with work(
        engine, load_secrets(Settings(var_dir=tmp_path, database_url=sqlite_url)).keyring
    ) as session:
        employer = session.get_one(Employer, scene.employer.id)
        long_ago, lately, kept = (
            attachments.attach(
                session, SYSTEM, employer, Upload(name, b"%PDF-1.7"), folder=folder, now=now
            )
            for name in ("a", "b", "c")
        )
        for scan, days in ((long_ago, 40), (lately, 1)):
            when = now - timedelta(days=days)
            attachments.detach(session, SYSTEM, employer, scan.key, reason="wrong", now=when)
        stored = {scan.stored_as for scan in (lately, kept)}
    engine.dispose()
    assert "files taken off destroyed: 1" in run("tick").output
    assert {path.name for path in folder.iterdir()} == stored
    assert "files taken off destroyed: 0" in run("tick").output
    assert {path.name for path in folder.iterdir()} == stored
