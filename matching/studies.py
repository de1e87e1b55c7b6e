"""Studies: what is worked out about a solved round in a process of its own, after it is solved.

A variant of the round, the call list, the frontier, the next best plan after a rejection. The row is
the truth, as a round's is: claimed by one process, with progress and heartbeat; killed, it is `failed`
and can be queued again. A study is of one problem; when the round is solved anew it says nothing any
more.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Select, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.engine.answer import Answer, prepare
from matching.engine.changes import Changes, apply_changes, list_moves, measure
from matching.engine.frontier import find_frontier
from matching.engine.prices import find_prices
from matching.engine.problem import read_problem, write_problem
from matching.engine.records import canonical, from_json
from matching.engine.runs import read_solved
from matching.engine.vacant import explain_vacant
from matching.rounds import Round, find_round, policy_of
from matching.snapshots import take_snapshot
from matching.solving import (
    SILENCE,
    Progress,
    Tell,
    keep_silent,
    solve_problem,
    summarise,
)
from matching.states import STUDY
from quota import journal
from quota.calendar import local_day
from quota.errors import NotFound, WrongState
from quota.rights import Actor
from quota.tables import Code, Keyed, Table

FRONTIER, NEXT, PRICES, VARIANT = "frontier", "next", "prices", "variant"
BUSY = ("queued", "working")


class Study(Keyed, Table):
    """`question` is what was asked beside the round, `base_sha256` the round's problem it was asked of;
    `summary` and `outcome` (canonical JSON) the answer. `failure` is a code."""

    __tablename__ = "studies"
    WORKFLOW = STUDY

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    kind: Mapped[Code]
    base_sha256: Mapped[str] = mapped_column(String(64))
    question: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(12), default="queued", index=True)
    progress: Mapped[dict[str, Any]] = mapped_column(default=dict)
    attempt: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str] = mapped_column(String(80), default="")
    heartbeat_at: Mapped[datetime | None]
    failure: Mapped[str] = mapped_column(String(300), default="")
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict)
    outcome: Mapped[str | None] = mapped_column(Text, deferred=True)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]

    @property
    def busy(self) -> bool:
        return self.state in BUSY


@dataclass(frozen=True, slots=True)
class StudyRow:
    """Where a study stands: `failure` is a code, `progress` as of a round."""

    key: str
    kind: str
    state: str
    busy: bool
    progress: Mapping[str, Any]
    failure: str


@dataclass(frozen=True, slots=True)
class Task:
    """What a process needs to work a study out: the round's problem (of `next` today's) and run as JSON,
    and the question."""

    kind: str
    problem: str
    run: str
    question: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to a study: `content` is canonical JSON, `summary` its few numbers for lists."""

    content: str
    summary: Mapping[str, Any]


def ask_study(
    session: Session,
    actor: Actor,
    found: Round,
    kind: str,
    *,
    now: datetime,
    question: Mapping[str, Any] | None = None,
) -> Study:
    """Queues a study of a solved round. Raises WrongState when nothing is solved; rights are the
    caller's."""
    if found.run is None:
        raise WrongState("wrong_state", noun="round", state=found.state, verb="study")
    study = Study(
        round_id=found.id,
        kind=kind,
        base_sha256=found.problem_sha256,
        question=dict(question or {}),
        asked_by=actor.account_id,
        asked_at=now,
    )
    session.add(study)
    session.flush()
    journal.write(session, actor, "ask", study, now=now, round=found.key, kind=kind)
    return study


def ask_prices(session: Session, actor: Actor, key: str, *, now: datetime) -> Study:
    """As `ask_once`, of the call list."""
    return ask_once(session, actor, key, PRICES, now=now)


def ask_once(session: Session, actor: Actor, key: str, kind: str, *, now: datetime) -> Study:
    """Queues a study of a solved round, unless it is there or under way. Raises NotAllowed, NotFound or
    WrongState."""
    found = find_round(session, actor, key, right="rounds.run")
    last = latest_study(session, found, kind)
    if last is not None and (last.busy or last.state == "done"):
        return last
    return ask_study(session, actor, found, kind, now=now)


def find_study(session: Session, actor: Actor, key: str) -> Study:
    """The study with this key. Raises NotAllowed or NotFound."""
    study = session.scalar(select(Study).where(Study.key == key))
    if study is None:
        raise NotFound("not_found")
    find_round(session, actor, session.get_one(Round, study.round_id).key, right="rounds.run")
    return study


def latest_study(session: Session, found: Round, kind: str) -> Study | None:
    """The last study of a kind of the round's present problem. Rights are the caller's."""
    return session.scalar(_present(found, kind).limit(1))


def list_studies(session: Session, found: Round, kind: str) -> Sequence[Study]:
    """The studies of a kind of the round's present problem, the last first. Rights are the caller's."""
    return session.scalars(_present(found, kind)).all()


def _present(found: Round, kind: str) -> Select[Study]:
    of_problem = Study.base_sha256 == (found.problem_sha256 or "")
    statement = select(Study).where(Study.round_id == found.id, Study.kind == kind, of_problem)
    return statement.order_by(Study.id.desc())


def show_study(session: Session, actor: Actor, key: str, kind: str) -> StudyRow | None:
    """Where the last study of a kind stands for the round's present plan. Raises NotAllowed or
    NotFound."""
    found = find_round(session, actor, key, right="rounds.run")
    study = latest_study(session, found, kind)
    return None if study is None else row_of(study)


def row_of(study: Study) -> StudyRow:
    return StudyRow(study.key, study.kind, study.state, study.busy, study.progress, study.failure)


def next_study(session: Session) -> str | None:
    """The key of the study that waits longest, by id, among those of a round that is solved."""
    waiting = (
        select(Study.key)
        .join(Round, Round.id == Study.round_id)
        .where(Study.state == "queued", Round.run.is_not(None))
        .where(Round.problem_sha256 == Study.base_sha256)
    )
    return session.scalar(waiting.order_by(Study.id).limit(1))


def start_study(session: Session, actor: Actor, key: str, *, worker: str, now: datetime) -> Task:
    """Claims a queued study for a process. Raises NotAllowed, NotFound, or WrongState when another
    process was first, or the round was solved anew meanwhile."""
    study = find_study(session, actor, key)
    found = session.get_one(Round, study.round_id)
    if found.problem is None or found.run is None or found.problem_sha256 != study.base_sha256:
        raise WrongState("variant_outdated", noun="round", state=found.state)
    changes: dict[str, Any] = {"worker": worker, "heartbeat_at": now, "attempt": study.attempt + 1}
    journal.move(session, actor, study, "start", now=now, **changes)
    problem = found.problem if study.kind != NEXT else _write_today(session, found, now=now)
    return Task(study.kind, problem, found.run, study.question)


def _write_today(session: Session, found: Round, *, now: datetime) -> str:
    """The round's problem as it would be today: who has a live proposal is in it no more."""
    problem, _ = take_snapshot(
        session,
        found.centre_id,
        policy_of(found),
        day=local_day(now),
        forbidden=[(c, v) for c, v in found.forbidden],
    )
    return write_problem(problem)[0]


def note_study(
    session: Session, key: str, *, worker: str, progress: dict[str, Any], now: datetime
) -> bool:
    """Writes progress and heartbeat of a study that `worker` works out; whether to go on."""
    study = session.scalar(select(Study).where(Study.key == key))
    if study is None or (study.state, study.worker) != ("working", worker):
        return False
    study.progress, study.heartbeat_at = progress, now
    session.flush()
    return True


def finish_study(
    session: Session, actor: Actor, key: str, finding: Finding, *, now: datetime
) -> Study:
    """Stores what was found. Raises NotAllowed, NotFound or WrongState."""
    study = find_study(session, actor, key)
    done: dict[str, Any] = {"outcome": finding.content, "summary": dict(finding.summary)}
    journal.move(session, actor, study, "finish", now=now, **done)
    return study


def fail_study(
    session: Session, actor: Actor, key: str, *, failure: str, now: datetime, detail: str = ""
) -> Study:
    """Ends a queued or working study with a code why. Raises NotAllowed, NotFound or WrongState."""
    study = find_study(session, actor, key)
    reason = f"{failure} {detail}".strip()
    journal.move(session, actor, study, "fail", now=now, reason=reason, failure=failure)
    return study


def cancel_study(session: Session, actor: Actor, key: str, *, now: datetime) -> Study:
    """Gives a study up; the process that works at it ends at its next breath. Raises NotAllowed,
    NotFound or WrongState."""
    study = find_study(session, actor, key)
    journal.move(session, actor, study, "cancel", now=now)
    return study


def queue_study(session: Session, actor: Actor, key: str, *, now: datetime) -> Study:
    """Queues a failed or cancelled study again. Raises NotAllowed, NotFound or WrongState."""
    study = find_study(session, actor, key)
    fresh: dict[str, Any] = {"progress": {}, "failure": "", "worker": "", "heartbeat_at": None}
    journal.move(session, actor, study, "queue", now=now, **fresh)
    return study


def fail_silent_studies(session: Session, actor: Actor, *, now: datetime) -> int:
    """Fails studies left `working` by a process that no longer says anything, and queued ones whose
    round was solved anew; their number."""
    silent = Study.heartbeat_at.is_(None) | (Study.heartbeat_at < now - SILENCE)
    left = {
        "process_lost": select(Study.key).where(Study.state == "working", silent),
        "outdated": select(Study.key)
        .join(Round, Round.id == Study.round_id)
        .where(Study.state == "queued", Round.problem_sha256 != Study.base_sha256),
    }
    found = [(why, key) for why, keys in left.items() for key in session.scalars(keys)]
    for why, key in found:
        fail_study(session, actor, key, failure=why, now=now)
    return len(found)


def work_out(task: Task, *, workers: int = 1, progress: Tell = keep_silent) -> Finding:
    """The answer to a study; touches no table. Raises ValueError for a text that is no problem or run,
    BrokenPlanError when a plan is refused."""
    return KINDS[task.kind](task, workers, progress)


def _try_changes(task: Task, workers: int, progress: Tell) -> Finding:
    problem = read_problem(task.problem)
    changed = apply_changes(problem, from_json(Changes, canonical(task.question)))
    solution = solve_problem(write_problem(changed)[0], workers=workers, progress=progress)
    answer = from_json(Answer, solution.plan)
    moves = list_moves(_read_answer(task.run), answer)
    summary = {
        "measures": asdict(measure(changed, answer)),
        "gained": sum(move.before is None for move in moves),
        "lost": sum(move.after is None for move in moves),
        "moved": sum(None not in (move.before, move.after) for move in moves),
        "solution": summarise(solution, changed),
    }
    return Finding(canonical({"plan": solution.plan, "run": solution.run}), summary)


def _find_prices(task: Task, workers: int, progress: Tell) -> Finding:
    progress(Progress("prices"))
    solved = read_solved(task.run)
    prices = [asdict(price) for price in find_prices(solved)]
    vacant = [asdict(row) for row in explain_vacant(solved)]
    return Finding(canonical({"prices": prices, "vacant": vacant}), {"prices": len(prices)})


def _find_frontier(task: Task, workers: int, progress: Tell) -> Finding:
    points = find_frontier(prepare(read_problem(task.problem)), progress=progress)
    return Finding(canonical({"points": [asdict(p) for p in points]}), {"points": len(points)})


def _settle_anew(task: Task, workers: int, progress: Tell) -> Finding:
    """Of a plan of today, the choices that concern the person or the vacancy asked about."""
    solution = solve_problem(task.problem, workers=workers, progress=progress)
    answer = from_json(Answer, solution.plan)
    person, job = task.question["candidate"], task.question["vacancy"]
    near = [c for c in answer.choices if person == c.candidate or job == c.vacancy]
    told = {
        "choices": [asdict(choice) for choice in near],
        "missed": next((one.kind for one in answer.unplaced if one.candidate == person), ""),
        "others": len(answer.choices) - len(near),
    }
    return Finding(canonical(told), {"choices": len(near)})


def _read_answer(run: str) -> Answer:
    return from_json(Answer, canonical(json.loads(run)["answer"]))


KINDS: Mapping[str, Callable[[Task, int, Tell], Finding]] = {
    FRONTIER: _find_frontier,
    NEXT: _settle_anew,
    PRICES: _find_prices,
    VARIANT: _try_changes,
}
