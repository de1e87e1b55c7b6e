"""Rounds solved in the background: a thread of the app hands each queued round to a process of its own.

The row of the round is the only thing the two sides share. The process claims it, solves, and writes
progress and heartbeat into it; a process that dies leaves a round that ends `failed` with its reason
and can be queued again. Nothing is published here.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app import schema  # noqa: F401  (a process of its own has to know every table)
from app.db import open_engine, work
from app.settings import Settings, load_secrets
from matching import solving
from matching.rounds import find_round
from quota.errors import WrongState
from quota.rights import SYSTEM

log = logging.getLogger("senim.jobs")

LOOK_SECONDS = 0.5  # how often a queued round is looked for, and progress is written
SWEEP_SECONDS = 15.0


Tell = Callable[[str, int, int], None]


def _say_nothing(phase: str, done: int, total: int) -> None:
    pass


class Desk:
    """Units of work on the database of the settings, for one process."""

    def __init__(self, settings: Settings) -> None:
        self._engine = open_engine(settings.database)
        self._keyring = load_secrets(settings).keyring

    def work(self, *, read_only: bool = False) -> AbstractContextManager[Session]:
        return work(self._engine, self._keyring, read_only=read_only)

    def close(self) -> None:
        self._engine.dispose()


class Worker:
    """The thread in the app. `start` it once; `stop` ends the solving process as well."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="senim-rounds", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        desk = Desk(self._settings)
        swept = None
        while not self._stopping.wait(LOOK_SECONDS):
            try:
                if swept is None or (_now() - swept).total_seconds() > SWEEP_SECONDS:
                    sweep(desk)
                    swept = _now()
                self._solve_next(desk)
            except Exception:  # the database is away or busy, say: this thread must outlive it
                log.exception("looking for rounds")
                self._stopping.wait(SWEEP_SECONDS)
        desk.close()

    def _solve_next(self, desk: Desk) -> None:
        with desk.work(read_only=True) as session:
            key = solving.next_queued(session)
        if key is None:
            return
        process = get_context("spawn").Process(target=solve_round, args=(self._settings, key))
        process.start()
        while process.is_alive() and not self._stopping.is_set():
            process.join(LOOK_SECONDS)
        stopped = process.is_alive()
        process.terminate()
        process.join()
        if process.exitcode:
            end_abandoned(desk, key, process, "app_stopped" if stopped else "process_ended")


def start_worker(settings: Settings) -> Worker:
    worker = Worker(settings)
    worker.start()
    return worker


def sweep(desk: Desk) -> int:
    """Fails rounds whose process says nothing any more; their number."""
    with desk.work() as session:
        return solving.fail_silent_rounds(session, SYSTEM, now=_now())


def end_abandoned(desk: Desk, key: str, process: BaseProcess, failure: str) -> None:
    """Fails the round of a process that ended without an answer, unless another has it by now."""
    log.warning("round %s: process ended with %s", key, process.exitcode)
    with desk.work() as session:
        found = find_round(session, SYSTEM, key)
        mine = found.state == "solving" and found.worker == name_worker(process.pid)
        if mine or found.state == "queued":
            detail = f"exit {process.exitcode}"
            solving.fail_round(session, SYSTEM, key, failure=failure, detail=detail, now=_now())


def solve_round(settings: Settings, key: str, tell: Tell = _say_nothing) -> None:
    """Claims a queued round, solves it and writes its end; the whole life of a solving process."""
    desk, worker = Desk(settings), name_worker(os.getpid())
    try:
        with desk.work() as session:
            problem = solving.start_round(session, SYSTEM, key, worker=worker, now=_now())
    except WrongState:
        return  # another process was first, or somebody cancelled
    reporter = Reporter(desk, key, worker, tell)
    reporter.start()
    try:
        workers = settings.solver_workers
        solution = solving.solve_problem(problem, workers=workers, progress=reporter.tell)
    except Exception as error:
        reporter.stop()
        log.exception("round %s", key)
        _fail(desk, key, error)
    else:
        reporter.stop()
        _finish(desk, key, solution)
    desk.close()


def _finish(desk: Desk, key: str, solution: solving.Solution) -> None:
    with desk.work() as session:
        solving.finish_round(session, SYSTEM, key, solution, now=_now())


def _fail(desk: Desk, key: str, error: Exception) -> None:
    failure = "plan_refused" if isinstance(error, solving.BrokenPlanError) else "solver_error"
    detail = type(error).__name__
    with desk.work() as session:
        solving.fail_round(session, SYSTEM, key, failure=failure, detail=detail, now=_now())


class Reporter:
    """Writes progress from a thread of its own, so that a long step neither delays the heartbeat nor
    a request to cancel: that ends the process on the spot."""

    def __init__(self, desk: Desk, key: str, worker: str, tell: Tell) -> None:
        self._desk, self._key, self._worker, self._tell = desk, key, worker, tell
        self._progress: dict[str, Any] = {"phase": "start", "done": 0, "total": 0}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def tell(self, phase: str, done: int, total: int) -> None:
        self._progress = {"phase": phase, "done": done, "total": total}
        self._tell(phase, done, total)

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            try:
                self._report()
            except OperationalError:  # busy: the next report is soon
                log.warning("round %s: progress not written", self._key)

    def _report(self) -> None:
        with self._desk.work() as session:
            going = solving.note_progress(
                session, self._key, worker=self._worker, progress=self._progress, now=_now()
            )
            if not going:
                solving.stop_round(session, SYSTEM, self._key, worker=self._worker, now=_now())
        if not going:
            os._exit(0)


def name_worker(pid: int | None) -> str:
    return f"{socket.gethostname()}:{pid}"


def _now() -> datetime:
    return datetime.now(UTC)
