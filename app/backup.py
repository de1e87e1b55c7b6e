"""Backup and restore: one archive with database, attachments, the office's own letters and a manifest.

The keys are left out on purpose: an archive that carried them would open every sealed name.
SQLite is copied by its own online backup, PostgreSQL by its own `pg_dump` and `pg_restore`.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, inspect, make_url

from app.db import open_engine
from app.settings import Settings
from web.letter_templates import KINDS

ATTACHMENTS = "attachments"
LETTERS = tuple(kind.file for kind in KINDS.values())
_DUMPS = {"sqlite": "senim.db", "postgresql": "senim.pgdump"}


class BackupError(Exception):
    """The archive cannot be made or taken back; the message says why."""


def write_backup(settings: Settings, archive: Path, *, now: datetime) -> None:
    """Writes a gzipped tar at `archive`, which must not exist. Raises BackupError."""
    if archive.exists():
        raise BackupError(f"{archive} exists already")
    url = make_url(settings.database)
    kind = url.get_backend_name()
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / _DUMPS[kind]
        _dump(url, dump)
        letters = [name for name in LETTERS if (settings.var_dir / name).is_file()]
        manifest: dict[str, Any] = {"made_at": now.isoformat(), "database": kind}
        manifest |= {"sha256": _digest(dump), "letters": letters}
        described = Path(folder) / "manifest.json"
        described.write_text(json.dumps(manifest, indent=1))
        with tarfile.open(archive, "x:gz") as tar:
            tar.add(described, described.name)
            tar.add(dump, dump.name)
            if (settings.var_dir / ATTACHMENTS).is_dir():
                tar.add(settings.var_dir / ATTACHMENTS, ATTACHMENTS)
            for name in letters:
                tar.add(settings.var_dir / name, name)
    archive.chmod(0o600)


def read_backup(settings: Settings, archive: Path, *, replace: bool) -> None:
    """Puts an archive's database, attachments and letters in place. Raises BackupError when it is damaged,
    was made from another kind of database, or would overwrite data and `replace` is not set."""
    url = make_url(settings.database)
    kind = url.get_backend_name()
    with tempfile.TemporaryDirectory() as folder:
        _unpack(archive, Path(folder))
        manifest = _read_manifest(Path(folder))
        dump = Path(folder) / _DUMPS[kind]
        if manifest.get("database") != kind:
            raise BackupError(
                f"the archive holds a {manifest.get('database')} database, not {kind}"
            )
        if not dump.is_file() or _digest(dump) != manifest.get("sha256"):
            raise BackupError("the archive is damaged: its database does not match its manifest")
        if _holds_data(settings.database) and not replace:
            raise BackupError("there is a database already: say --replace to overwrite it")
        _restore(url, dump)
        _replace_attachments(Path(folder) / ATTACHMENTS, settings.var_dir / ATTACHMENTS)
        if "letters" in manifest:  # archives of earlier versions say nothing of them
            _replace_letters(Path(folder), settings.var_dir)


def _dump(url: URL, target: Path) -> None:
    if url.get_backend_name() == "postgresql":
        _run("pg_dump", url, "--format=custom", "--no-owner", f"--file={target}", _libpq(url))
        return
    source = _sqlite_path(url)
    if not source.exists():
        raise BackupError(f"there is no database at {source}")
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)


def _restore(url: URL, dump: Path) -> None:
    if url.get_backend_name() == "postgresql":
        options = ("--clean", "--if-exists", "--no-owner", "--single-transaction")
        _run("pg_restore", url, *options, f"--dbname={_libpq(url)}", str(dump))
        return
    target = _sqlite_path(url)
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(dump)) as copy, closing(sqlite3.connect(target)) as live:
        copy.backup(live)


def _run(program: str, url: URL, *arguments: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise BackupError(f"{program} is not installed: it comes with PostgreSQL's client programs")
    # The password goes by the environment: arguments can be read by everybody on the machine.
    environment = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
    done = subprocess.run(
        [found, *arguments], capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode != 0:
        raise BackupError(f"{program} failed: {done.stderr.strip()[:300]}")


def _libpq(url: URL) -> str:
    bare = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    return bare.render_as_string(hide_password=False)


def _sqlite_path(url: URL) -> Path:
    if not url.database or url.database == ":memory:":
        raise BackupError("a database in memory has no backup")
    return Path(url.database)


def _unpack(archive: Path, folder: Path) -> None:
    try:
        with tarfile.open(archive, "r:gz") as tar:
            tar.extractall(folder, filter="data")
    except (OSError, tarfile.TarError, EOFError) as problem:
        raise BackupError(f"{archive} is not a backup: {type(problem).__name__}") from None


def _read_manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / "manifest.json").read_text())
    except (OSError, ValueError):
        raise BackupError("the archive has no manifest") from None
    return manifest if isinstance(manifest, dict) else {}


def _holds_data(address: str) -> bool:
    url = make_url(address)
    if url.get_backend_name() == "sqlite" and not _sqlite_path(url).exists():
        return False
    engine = open_engine(address)
    try:
        return inspect(engine).has_table("accounts")
    finally:
        engine.dispose()


def _replace_attachments(source: Path, target: Path) -> None:
    if target.exists():
        shutil.rmtree(target)
    if source.is_dir():
        shutil.copytree(source, target)


def _replace_letters(source: Path, target: Path) -> None:
    """Puts the archive's own letters in place; without one the office writes on the blank again."""
    for name in LETTERS:
        if (source / name).is_file():
            shutil.copyfile(source / name, target / name)
        else:
            (target / name).unlink(missing_ok=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
