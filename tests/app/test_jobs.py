"""Rounds solved by a process of their own: finished, cancelled, killed, and run again."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.asgi import make_app
from app.db import open_engine, work
from app.jobs import Worker, start_worker
from app.settings import Settings, load_secrets
from matching import rounds, solving, studies
from matching.engine.problem import write_problem
from matching.engine.records import digest
from matching.rounds import Round, find_round
from matching.studies import PRICES, Study, latest_study
from quota.rights import SYSTEM
from tests.matching.engine.problems import make_problem
from tests.matching.scene import make_scene

PATIENCE = 60.0
Work = Callable[[], AbstractContextManager[Session]]


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> Settings:
    return Settings(var_dir=tmp_path, database_url=sqlite_url)


@pytest.fixture
def desk(settings: Settings) -> Iterator[Work]:
    engine: Engine = open_engine(settings.database)
    yield lambda: work(engine, load_secrets(settings).keyring)
    engine.dispose()


@pytest.fixture
def worker(settings: Settings) -> Iterator[Worker]:
    started = start_worker(settings)
    yield started
    started.stop()


def queue_round(desk: Work, now: datetime, *, problem: str | None = None) -> str:
    with desk() as session:
        scene = make_scene(session)
        opened = rounds.open_round(session, scene.staff, centre_id=scene.centre.id, now=now)
        give(opened, problem)
        solving.queue_round(session, scene.staff, opened.key, now=now)
        return opened.key


def give(found: Round, problem: str | None) -> None:
    found.problem = problem
    found.problem_sha256 = digest(problem) if problem else None


def queue_again(desk: Work, key: str, now: datetime, problem: str | None = None) -> None:
    with desk() as session:
        found = find_round(session, SYSTEM, key)
        give(found, problem or found.problem)
        solving.queue_round(session, SYSTEM, key, now=now)


def wait_for(desk: Work, key: str, holds: Callable[[Round], Any]) -> Round:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with desk() as session:
            found = find_round(session, SYSTEM, key)
            if holds(found):
                return found
        time.sleep(0.1)
    raise AssertionError(f"still {found.state} {found.progress}")


def wait_for_study(desk: Work, found: Round, holds: Callable[[Any], Any]) -> Study:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with desk() as session:
            study = latest_study(session, session.merge(found), PRICES)
            if holds(study):
                return study
        time.sleep(0.1)
    raise AssertionError("still not")


@pytest.fixture(scope="session")
def long_problem() -> str:
    """Takes long enough for somebody to come in between."""
    return write_problem(make_problem(1, people=4000, jobs=400, courses=20))[0]


@pytest.fixture(scope="session")
def middling_problem() -> str:
    """Quickly solved, not so quickly priced."""
    return write_problem(make_problem(1, people=400, jobs=60, courses=4))[0]


@pytest.mark.usefixtures("worker")
def test_a_queued_round_is_solved_in_the_background(desk: Work, now: datetime) -> None:
    key = queue_round(desk, now)
    solved = wait_for(desk, key, lambda r: r.state not in ("queued", "solving"))
    assert (solved.state, solved.failure) == ("solved", "")
    assert solved.summary["placed"] == 1
    priced = wait_for_study(desk, solved, lambda s: s is not None and not s.busy)
    assert (priced.state, priced.worker) != ("failed", "")
    assert {"python", "senim", "ortools", "highspy", "numpy", "scipy"} == set(solved.versions)


@pytest.mark.usefixtures("worker")
def test_a_killed_process_leaves_a_failed_round_that_can_be_run_again(
    desk: Work, now: datetime, long_problem: str
) -> None:
    kill_and_run_again(desk, now, long_problem)


def test_a_killed_process_on_postgresql_too(
    postgres_url: str, tmp_path: Path, now: datetime, long_problem: str
) -> None:
    settings = Settings(var_dir=tmp_path, database_url=postgres_url)
    engine = open_engine(settings.database)
    started = start_worker(settings)
    kill_and_run_again(lambda: work(engine, load_secrets(settings).keyring), now, long_problem)
    started.stop()
    engine.dispose()


def kill_and_run_again(desk: Work, now: datetime, long_problem: str) -> None:
    key = queue_round(desk, now, problem=long_problem)
    solving_now = wait_for(desk, key, lambda r: r.state == "solving" and r.progress)
    os.kill(int(solving_now.worker.rpartition(":")[2]), signal.SIGKILL)
    failed = wait_for(desk, key, lambda r: r.state != "solving")
    assert (failed.state, failed.failure) == ("failed", "process_ended")
    assert "placed" not in failed.summary
    queue_again(desk, key, now, problem=write_problem(make_problem(1, people=5, jobs=3))[0])
    again = wait_for(desk, key, lambda r: r.state not in ("queued", "solving"))
    assert (again.state, again.attempt) == ("solved", 2)


@pytest.mark.usefixtures("worker")
def test_a_killed_study_leaves_the_round_solved_and_can_be_run_again(
    desk: Work, now: datetime, middling_problem: str
) -> None:
    key = queue_round(desk, now, problem=middling_problem)
    solved = wait_for(desk, key, lambda r: r.state == "solved")
    busy = wait_for_study(desk, solved, lambda s: s is not None and s.state == "working")
    os.kill(int(busy.worker.rpartition(":")[2]), signal.SIGKILL)
    failed = wait_for_study(desk, solved, lambda s: not s.busy)
    assert (failed.state, failed.failure) == ("failed", "process_ended")
    with desk() as session:
        studies.queue_study(session, SYSTEM, failed.key, now=now)
    wait_for_study(desk, solved, lambda s: s.state == "working")
    with desk() as session:
        studies.cancel_study(session, SYSTEM, failed.key, now=now)
    assert wait_for(desk, key, bool).state == "solved"


@pytest.mark.usefixtures("worker")
def test_a_round_is_cancelled_while_it_is_solved(
    desk: Work, now: datetime, long_problem: str
) -> None:
    key = queue_round(desk, now, problem=long_problem)
    wait_for(desk, key, lambda r: r.state == "solving" and r.progress)
    with desk() as session:
        solving_now = find_round(session, SYSTEM, key)
        rounds.cancel_round(session, SYSTEM, solving_now.key, now=now)
    assert wait_for(desk, key, lambda r: r.state != "solving").state == "cancelled"


@pytest.mark.usefixtures("worker")
def test_a_broken_problem_fails_its_round_and_not_the_worker(desk: Work, now: datetime) -> None:
    broken = queue_round(desk, now, problem="{}")
    failed = wait_for(desk, broken, lambda r: r.state not in ("queued", "solving"))
    assert (failed.state, failed.failure) == ("failed", "solver_error")
    sound = queue_round(desk, now)
    assert wait_for(desk, sound, lambda r: r.state == "solved")


def test_a_serving_app_solves_and_stops_with_it(
    desk: Work, now: datetime, settings: Settings
) -> None:
    with TestClient(make_app(settings, load_secrets(settings), solves=True)):
        key = queue_round(desk, now)
        assert wait_for(desk, key, lambda r: r.state not in ("queued", "solving")).state == "solved"
    assert "senim-rounds" not in {thread.name for thread in threading.enumerate()}


def test_an_app_that_starts_fails_what_a_dead_one_left(
    desk: Work, now: datetime, settings: Settings
) -> None:
    key = queue_round(desk, now)
    with desk() as session:
        solving.start_round(session, SYSTEM, key, worker="elsewhere:1", now=now)
    started = start_worker(settings)
    failed = wait_for(desk, key, lambda r: r.state != "solving")
    started.stop()
    assert (failed.state, failed.failure) == ("failed", "process_lost")


def test_an_app_that_stops_ends_its_process_and_says_so(
    desk: Work, now: datetime, settings: Settings, long_problem: str
) -> None:
    started = start_worker(settings)
    key = queue_round(desk, now, problem=long_problem)
    wait_for(desk, key, lambda r: r.state == "solving")
    started.stop()
    failed = wait_for(desk, key, lambda r: r.state != "solving")
    assert (failed.state, failed.failure) == ("failed", "app_stopped")
