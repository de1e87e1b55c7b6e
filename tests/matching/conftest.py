"""The many small cases here share one database: each begins on it and is rolled back."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.db import open_engine
from quota.sealing import Keyring


@pytest.fixture(scope="session")
def shared_engine(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    path = tmp_path_factory.mktemp("shared") / "senim.db"
    shutil.copy(migrated_sqlite, path)
    engine = open_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture
def session(shared_engine: Engine, keyring: Keyring) -> Iterator[Session]:
    """A commit of this session ends a savepoint: nothing of a case outlives it."""
    with shared_engine.connect() as connection, connection.begin() as outer:
        yield Session(
            connection,
            info={"keyring": keyring},
            expire_on_commit=False,
            join_transaction_mode="create_savepoint",
        )
        outer.rollback()
