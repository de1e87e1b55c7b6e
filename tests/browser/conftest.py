"""A real server and a real browser; skipped with a reason where there is no Chromium.

SENIM_TEST_STRICT=1 turns the skip into a failure.
"""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest
import uvicorn
from litestar import Litestar
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy.orm import Session

from app.db import work
from quota.sealing import Keyring
from tests.visits import SharedApp, share_app

# The rest of the suite works on the same two cores: a slow answer is not a wrong one.
expect.set_options(timeout=30_000)
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")  # the lightest first
FLAGS = ("gpu", "quic", "background-networking", "component-update", "sync")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        if os.environ.get("SENIM_TEST_STRICT") == "1":
            pytest.fail("no Chromium found")
        pytest.skip("no Chromium found")
    arguments = ["--no-first-run", *(f"--disable-{flag}" for flag in FLAGS)]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shared_served(
    keyring: Keyring, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SharedApp]:
    yield from share_app(tmp_path_factory.mktemp("served"), keyring)


@pytest.fixture
def served_app(shared_served: SharedApp, migrated_sqlite: Path) -> Litestar:
    """By the real clock; a test that needs another has a fixture of its own by this name."""
    shared_served.move_in(migrated_sqlite)
    return shared_served.app


@pytest.fixture
def fill(served_app: Litestar, keyring: Keyring) -> Callable[[], AbstractContextManager[Session]]:
    return partial(work, served_app.state.engine, keyring)


@pytest.fixture
def live_server(served_app: Litestar) -> Iterator[str]:
    """The address of the application on a free port."""
    server = uvicorn.Server(uvicorn.Config(served_app, port=0, log_config=None, ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def open_page(browser: Browser, live_server: str) -> Iterator[Callable[..., Page]]:
    """Opens a window of its own on the live server; a message in its console fails the test."""
    contexts = []
    complaints: list[str] = []

    def open_window(*, locale: str = "en", width: int = 1280, **options: object) -> Page:
        context = browser.new_context(
            base_url=live_server,
            locale=locale,
            viewport={"width": width, "height": 900},
            **options,  # type: ignore[arg-type]
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: _note(complaints, said.type, said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert complaints == []


def _note(complaints: list[str], kind: str, text: str) -> None:
    # An answer of 4xx is written to the console too; tests ask for those on purpose.
    if kind in ("error", "warning") and "Failed to load resource" not in text:
        complaints.append(text)
