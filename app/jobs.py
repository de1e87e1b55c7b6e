"""Rounds and their studies worked out in the background: a thread of the app hands each queued row to
a process of its own.

The row is the only thing the two sides share. The process claims it, works, and writes progress and
heartbeat into it; a process that dies leaves a row that ends `failed` with its reason and can be
queued again. Rounds go before studies. Nothing is published here.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app import schema  # noqa: F401  (a process of its own has to know every table)
from app.db import open_engine, work
from app.settings import Settings, load_secrets
from matching import solving, studies
from matching.rounds import find_round
from matching.solving import Progress, Tell, keep_silent
from matching.studies import find_study
from quota.errors import WrongState
from quota.rights import SYSTEM, Actor

log = logging.getLogger("senim.jobs")

LOOK_SECONDS = 0.5  # how often a queued round is looked for, and progress is written
SWEEP_SECONDS = 15.0
# Importing the solver takes longer than most rounds: one server imports it once and forks each process.
_processes = get_context("forkserver")
_processes.set_forkserver_preload([__name__])


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
                self._work_next(desk)
            except Exception:  # the database is away or busy, say: this thread must outlive it
                log.exception("looking for rounds")
                self._stopping.wait(SWEEP_SECONDS)
        desk.close()

    def _work_next(self, desk: Desk) -> None:
        if (waiting := find_next(desk)) is None:
            return
        trade, key = waiting
        args = (self._settings, trade, key)
        process = _processes.Process(target=work_off, args=args)
        process.start()
        while process.is_alive() and not self._stopping.is_set():
            process.join(LOOK_SECONDS)
        stopped = process.is_alive()
        process.terminate()
        process.join()
        if process.exitcode:
            end_abandoned(desk, trade, key, process, "app_stopped" if stopped else "process_ended")


def start_worker(settings: Settings) -> Worker:
    worker = Worker(settings)
    worker.start()
    return worker


@dataclass(frozen=True, slots=True)
class Trade:
    """The verbs of one kind of row: each takes a session first."""

    next_queued: Callable[..., str | None]
    find: Callable[..., Any]
    start: Callable[..., Any]
    work_out: Callable[..., Any]
    finish: Callable[..., Any]
    fail: Callable[..., Any]
    fail_silent: Callable[..., int]
    note: Callable[..., bool]
    stop: Callable[..., Any]
    working: str


def finish_round(session: Session, actor: Actor, key: str, solution: Any, *, now: datetime) -> None:
    """The plan first; the call list is worked out after it."""
    solving.finish_round(session, actor, key, solution, now=now)
    studies.ask_prices(session, actor, key, now=now)


def _is_cancelled(session: Session, actor: Actor, key: str, **_: Any) -> None:
    """A study that was given up says so itself."""


ROUND, STUDY = "round", "study"
TRADES: Mapping[str, Trade] = {
    ROUND: Trade(
        solving.next_queued,
        find_round,
        solving.start_round,
        solving.solve_problem,
        finish_round,
        solving.fail_round,
        solving.fail_silent_rounds,
        solving.note_progress,
        solving.stop_round,
        "solving",
    ),
    STUDY: Trade(
        studies.next_study,
        find_study,
        studies.start_study,
        studies.work_out,
        studies.finish_study,
        studies.fail_study,
        studies.fail_silent_studies,
        studies.note_study,
        _is_cancelled,
        "working",
    ),
}


def find_next(desk: Desk) -> tuple[str, str] | None:
    """The trade and key of the row to work at next."""
    with desk.work(read_only=True) as session:
        waiting = ((name, trade.next_queued(session)) for name, trade in TRADES.items())
        return next(((name, key) for name, key in waiting if key is not None), None)


def sweep(desk: Desk) -> int:
    """Fails rows whose process says nothing any more; their number."""
    with desk.work() as session:
        return sum(t.fail_silent(session, SYSTEM, now=_now()) for t in TRADES.values())


def end_abandoned(desk: Desk, trade: str, key: str, process: BaseProcess, failure: str) -> None:
    """Fails the row of a process that ended without an answer, unless another has it by now."""
    log.warning("%s %s: process ended with %s", trade, key, process.exitcode)
    verbs = TRADES[trade]
    with desk.work() as session:
        found = verbs.find(session, SYSTEM, key)
        mine = found.state == verbs.working and found.worker == name_worker(process.pid)
        if mine or found.state == "queued":
            detail = f"exit {process.exitcode}"
            verbs.fail(session, SYSTEM, key, failure=failure, detail=detail, now=_now())


def work_off(settings: Settings, trade: str, key: str, tell: Tell = keep_silent) -> None:
    """Claims a queued row, works it out and writes its end; the whole life of such a process."""
    desk, worker, verbs = Desk(settings), name_worker(os.getpid()), TRADES[trade]
    try:
        with desk.work() as session:
            task = verbs.start(session, SYSTEM, key, worker=worker, now=_now())
    except WrongState:
        return  # another process was first, or somebody cancelled
    reporter = Reporter(desk, verbs, key, worker, tell)
    reporter.start()
    try:
        found = verbs.work_out(task, workers=settings.solver_workers, progress=reporter.tell)
    except Exception as error:
        reporter.stop()
        log.exception("%s %s", trade, key)
        _fail(desk, verbs, key, error)
    else:
        reporter.stop()
        with desk.work() as session:
            verbs.finish(session, SYSTEM, key, found, now=_now())
    desk.close()


def work_off_studies(settings: Settings, tell: Tell = keep_silent) -> None:
    """Everything that waits to be worked out about solved rounds, one after another, here and now."""
    desk = Desk(settings)
    while True:
        with desk.work(read_only=True) as session:
            key = studies.next_study(session)
        if key is None:
            break
        work_off(settings, STUDY, key, tell)
    desk.close()


def _fail(desk: Desk, verbs: Trade, key: str, error: Exception) -> None:
    failure = "plan_refused" if isinstance(error, solving.BrokenPlanError) else "solver_error"
    detail = type(error).__name__
    with desk.work() as session:
        verbs.fail(session, SYSTEM, key, failure=failure, detail=detail, now=_now())


class Reporter:
    """Writes progress from a thread of its own, so that a long step neither delays the heartbeat nor
    a request to cancel: that ends the process on the spot."""

    def __init__(self, desk: Desk, verbs: Trade, key: str, worker: str, tell: Tell) -> None:
        self._desk, self._verbs, self._key = desk, verbs, key
        self._worker, self._tell = worker, tell
        self._progress = Progress("start")
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def tell(self, progress: Progress) -> None:
        self._progress = progress
        self._tell(progress)

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            try:
                self._report()
            except OperationalError:  # busy: the next report is soon
                log.warning("%s: progress not written", self._key)

    def _report(self) -> None:
        with self._desk.work() as session:
            going = self._verbs.note(
                session, self._key, worker=self._worker, progress=asdict(self._progress), now=_now()
            )
            if not going:
                self._verbs.stop(session, SYSTEM, self._key, worker=self._worker, now=_now())
        if not going:
            os._exit(0)


def name_worker(pid: int | None) -> str:
    return f"{socket.gethostname()}:{pid}"


def _now() -> datetime:
    return datetime.now(UTC)
