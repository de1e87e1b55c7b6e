"""The application on a fresh database, and people who visit it.

    def test_it(sign_in, fill):
        with fill() as session:                  # committed at the end of the block
            employer = make_employer(session)
        staff = sign_in(Role.STAFF)              # or sign_in(account)
        answer = staff.get(f"/employers/{employer.key}")
        answer = staff.submit("/employers/new", name="...")    # a form with its token, no redirect followed
        answer = staff.swap("/employers?state=open")           # what htmx would ask for

`clock.now` moves the time of the application; `with count_queries() as statements:` collects what it
asks the database, for lists that must ask the same of one row and of three.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.asgi import make_app
from app.db import work
from app.settings import Secrets, Settings
from quota.accounts import Account
from quota.rights import Role
from quota.sealing import Keyring
from tests.conftest import NOW
from tests.factories import PASSWORD, make_account

Fill = Callable[[], AbstractContextManager[Session]]


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Visitor(TestClient[Litestar]):
    """A browser without a screen: keeps cookies, sends forms with their token."""

    account: Account

    def submit(self, path: str, /, *, files: Any = None, **data: Any) -> httpx.Response:
        if not self.token:
            self.get("/sign-in")
        headers = {"x-csrftoken": self.token}
        return self.post(path, data=data, files=files, headers=headers, follow_redirects=False)

    def swap(self, path: str) -> httpx.Response:
        return self.get(path, headers={"HX-Request": "true"}, follow_redirects=False)

    @property
    def token(self) -> str:
        return next((v for k, v in self.cookies.items() if k.startswith("csrf_")), "")


@dataclass(frozen=True)
class SharedApp:
    """One application for all tests of a worker: building one takes longer than most tests do."""

    settings: Settings
    app: Litestar

    def move_in(self, migrated: Path) -> None:
        """Nothing stays of whoever was here before: the database is a copy of the migrated one."""
        self.app.state.engine.dispose()
        shutil.rmtree(self.settings.var_dir)
        self.settings.var_dir.mkdir()
        shutil.copy(migrated, self.settings.database.removeprefix("sqlite:///"))


def share_app(folder: Path, keyring: Keyring, **options: Any) -> Iterator[SharedApp]:
    """For a fixture: an application whose database and files lie in a folder of its own."""
    settings = Settings(var_dir=folder, database_url=f"sqlite:///{folder / 'senim.db'}")
    app = make_app(settings, Secrets("s" * 64, keyring), **options)
    yield SharedApp(settings, app)
    app.state.engine.dispose()


@pytest.fixture(scope="session")
def shared_clock() -> Clock:
    return Clock(NOW)


@pytest.fixture(scope="session")
def shared_app(
    shared_clock: Clock, keyring: Keyring, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SharedApp]:
    yield from share_app(tmp_path_factory.mktemp("shared"), keyring, clock=shared_clock)


@pytest.fixture
def clock(shared_clock: Clock, now: datetime) -> Clock:
    shared_clock.now = now
    return shared_clock


@pytest.fixture
def settings(shared_app: SharedApp, migrated_sqlite: Path) -> Settings:
    """A test that needs others has a fixture of its own by this name."""
    shared_app.move_in(migrated_sqlite)
    return shared_app.settings


@pytest.fixture
def app(shared_app: SharedApp, settings: Settings, keyring: Keyring, clock: Clock) -> Litestar:
    if settings is shared_app.settings:
        return shared_app.app
    return make_app(settings, Secrets("s" * 64, keyring), clock=clock)


@pytest.fixture
def fill(app: Litestar, keyring: Keyring) -> Fill:
    return partial(work, app.state.engine, keyring)


@pytest.fixture
def count_queries(app: Litestar) -> Callable[[], AbstractContextManager[list[str]]]:
    @contextmanager
    def counting() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_: Any, __: Any, statement: str, *rest: Any) -> None:
            if statement.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE"):
                statements.append(statement)

        event.listen(app.state.engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(app.state.engine, "before_cursor_execute", note)

    return counting


@pytest.fixture
def visit(app: Litestar) -> Iterator[Callable[[], Visitor]]:
    """Makes visitors who are not signed in; they read English."""
    # The application starts once: its event loop is lent to each visitor.
    with TestClient(app) as running:

        def arrive() -> Visitor:
            visitor = Visitor(app, base_url="http://senim.test", raise_server_exceptions=True)
            visitor.headers["accept-language"] = "en"
            visitor.blocking_portal = running.blocking_portal
            return visitor

        yield arrive


@pytest.fixture
def client(visit: Callable[[], Visitor]) -> Visitor:
    return visit()


@pytest.fixture
def sign_in(visit: Callable[[], Visitor], fill: Fill) -> Callable[[Role | Account], Visitor]:
    """A signed-in visitor: for a role, with a new account reading English, or for an account."""

    def enter(who: Role | Account) -> Visitor:
        visitor = visit()
        if isinstance(who, Account):
            visitor.account = who
        else:
            with fill() as session:
                visitor.account = make_account(session, who, locale="en")
        answer = visitor.submit("/sign-in", login=visitor.account.login, password=PASSWORD)
        assert answer.status_code == 303, answer.text
        return visitor

    return enter
