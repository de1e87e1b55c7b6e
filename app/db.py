"""The database: engine, one transaction for one unit of work, migrations."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.orm import Session

from matching.policies import load_policies
from quota.acts import load_acts
from quota.places import load_places
from quota.rates import load_rates
from quota.sealing import Keyring


def open_engine(url: str) -> Engine:
    """An engine with the settings each database needs; creates the folder of a SQLite file."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(
            url, hide_parameters=True, pool_pre_ping=True, pool_size=10, max_overflow=10
        )
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A failing statement's parameters are what somebody typed: they stay out of messages and logs.
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": 10})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediately)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's "begin" event below opens the transaction
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediately(connection: Any) -> None:
    # Reading first and writing later would fail at once when another writer came between.
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql(f"PRAGMA query_only = {int(read_only)}")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


@lru_cache(maxsize=4)
def _reading(engine: Engine) -> Engine:
    # Whoever promised to read only is refused by the database itself when writing.
    return engine.execution_options(read_only=True, postgresql_readonly=True)


@contextmanager
def work(engine: Engine, keyring: Keyring, *, read_only: bool = False) -> Iterator[Session]:
    """One unit of work: committed at the end, rolled back when anything is raised."""
    bound = _reading(engine) if read_only else engine
    with Session(bound, info={"keyring": keyring}, expire_on_commit=False) as session:
        yield session
        session.commit()


def migrate(url: str) -> None:
    """Brings the schema to the newest revision; run by a command, never by a serving worker."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["url"] = url
    command.upgrade(config, "head")


def prepare(url: str, keyring: Keyring) -> None:
    """Migrates, and fills empty reference tables from the package's data. Running it again adds nothing."""
    migrate(url)
    engine = open_engine(url)
    with work(engine, keyring) as session:
        load_places(session)
        load_rates(session)
        load_acts(session)
        load_policies(session)
    engine.dispose()


def discard(url: str) -> None:
    """Destroys everything the database holds. Whether that is right is the caller's to know."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        for suffix in ("", "-wal", "-shm"):
            Path(f"{parsed.database}{suffix}").unlink(missing_ok=True)
        return
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
