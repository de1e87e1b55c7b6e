"""Solving a round: snapshot, queue, and the steps of the process that solves it.

Whoever solves claims the row first and writes progress and heartbeat into it; a round whose process
fell silent fails and can be queued again.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.engine.answer import (
    Answer,
    Tier,
    explain_solved,
    place_by_standard,
    prepare,
    solve_prepared,
)
from matching.engine.problem import Problem, read_problem, write_problem
from matching.engine.progress import Progress as Progress
from matching.engine.progress import Tell as Tell
from matching.engine.progress import keep_silent as keep_silent
from matching.engine.promises import Broken, find_broken
from matching.engine.records import canonical, from_json, to_json
from matching.engine.runs import make_round_run, verify_round_run
from matching.engine.solver import BrokenPlanError as BrokenPlanError
from matching.engine.solver import Limits
from matching.rounds import EDITED_IN, Round, find_round, policy_of
from matching.snapshots import take_snapshot
from quota import journal
from quota.calendar import local_day
from quota.errors import WrongState
from quota.rights import Actor

SILENCE = timedelta(seconds=30)  # a solving process that says nothing for so long is dead


@dataclass(frozen=True, slots=True)
class Solution:
    """What solving leaves behind: as canonical JSON the answer, and the run with its proof; and where the
    policy's order is another than the standard one, how many people that would have placed; and the
    promises not kept."""

    plan: str
    run: str
    standard: Tier | None = None
    broken: tuple[Broken, ...] = ()


def snapshot_round(session: Session, actor: Actor, key: str, *, now: datetime) -> Round:
    """Stores today's problem with its SHA-256 in a round that is not queued, solving or published.

    Raises NotAllowed, NotFound or WrongState.
    """
    found = find_round(session, actor, key, right="rounds.run")
    if found.state not in EDITED_IN:
        raise WrongState("wrong_state", noun="round", state=found.state, verb="snapshot")
    problem, held_out = take_snapshot(
        session,
        found.centre_id,
        policy_of(found),
        day=local_day(now),
        locked=[(c, v) for c, v in found.locked],
        forbidden=[(c, v) for c, v in found.forbidden],
    )
    found.problem, found.problem_sha256 = write_problem(problem)
    found.plan = found.run = None
    found.summary = {
        "day": problem.day,
        "candidates": len(problem.candidates),
        "vacancies": len(problem.vacancies),
        "places": sum(p.count for job in problem.vacancies for p in job.places),
        "courses": len(problem.courses),
        "held_out": held_out,
    }
    journal.write(session, actor, "snapshot", found, now=now, sha256=found.problem_sha256)
    session.flush()
    return found


def queue_round(session: Session, actor: Actor, key: str, *, now: datetime) -> Round:
    """Asks for a round to be solved, from its snapshot or a first one taken now.

    A failed, cancelled or solved round can be queued again. Raises NotAllowed, NotFound, WrongState.
    """
    found = find_round(session, actor, key, right="rounds.run")
    if found.problem is None:
        snapshot_round(session, actor, key, now=now)
    fresh: dict[str, Any] = {
        "cancel_asked": False,
        "failure": "",
        "progress": {},
        "worker": "",
        "plan": None,
        "run": None,
    }
    journal.move(session, actor, found, "queue", now=now, heartbeat_at=None, **fresh)
    return found


def next_queued(session: Session) -> str | None:
    """The key of the round that waits longest, by id."""
    statement = select(Round.key).where(Round.state == "queued").order_by(Round.id).limit(1)
    return session.scalar(statement)


def start_round(session: Session, actor: Actor, key: str, *, worker: str, now: datetime) -> str:
    """Claims a queued round for a solving process; its problem. Raises NotAllowed, NotFound, or
    WrongState when another process was first."""
    found = find_round(session, actor, key, right="rounds.run")
    changes: dict[str, Any] = {"worker": worker, "heartbeat_at": now, "attempt": found.attempt + 1}
    journal.move(session, actor, found, "start", now=now, **changes)
    assert found.problem is not None
    return found.problem


def note_progress(
    session: Session, key: str, *, worker: str, progress: dict[str, Any], now: datetime
) -> bool:
    """Writes progress and the heartbeat of a round that `worker` solves; whether to go on.

    False when somebody asked to cancel, or the round is no longer this worker's.
    """
    found = session.scalar(select(Round).where(Round.key == key))
    if found is None or (found.state, found.worker) != ("solving", worker):
        return False
    found.progress, found.heartbeat_at = progress, now
    session.flush()
    return not found.cancel_asked


def solve_problem(
    text: str,
    *,
    workers: int = 1,
    progress: Tell = keep_silent,
) -> Solution:
    """The answer to a stored problem with its proof, checked independently; touches no table.

    Raises ValueError when the text is no problem, BrokenPlanError when the check refuses the plan.
    """
    progress(Progress("options"))
    prepared, limits = prepare(read_problem(text)), Limits(workers=workers)
    solved = solve_prepared(prepared, limits, progress=progress)
    standard = place_by_standard(prepared, limits, progress=progress)
    broken = find_broken(prepared, solved.plan.chosen)
    progress(Progress("reasons"))
    answer = explain_solved(solved)
    run = canonical(make_round_run(solved, answer))
    progress(Progress("check"))
    check_run(run)
    return Solution(to_json(answer), run, standard, broken)


def check_run(run: str) -> None:
    """Raises BrokenPlanError when the plan of a run breaks a rule or is not proven to be what it claims."""
    verdict = verify_round_run(json.loads(run))
    if verdict.failures:
        raise BrokenPlanError("; ".join(verdict.failures[:5]))


def finish_round(
    session: Session, actor: Actor, key: str, solution: Solution, *, now: datetime
) -> Round:
    """Stores the plan of a solving round with its run. Raises NotAllowed, NotFound or WrongState."""
    found = find_round(session, actor, key, right="rounds.run")
    Round.WORKFLOW.next(found.state, "finish")
    assert found.problem is not None
    done: dict[str, Any] = {
        "plan": solution.plan,
        "run": solution.run,
        "summary": found.summary | summarise(solution, read_problem(found.problem)),
        "versions": json.loads(solution.run)["versions"],
    }
    journal.move(session, actor, found, "finish", now=now, **done)
    return found


def summarise(solution: Solution, problem: Problem) -> dict[str, Any]:
    """The numbers of a solution as a round's row keeps them; `spent` on courses, in whole tenge;
    `standard` is the people placed by the standard order and their bound, None where it is the order;
    `broken` the promises not kept, `sample` how many of the costs told were solved again."""
    answer = from_json(Answer, solution.plan)
    cost = {course.key: course.cost for course in problem.courses}
    return {
        "status": answer.status,
        "options": answer.options,
        "placed": len(answer.choices),
        "unplaced": len(answer.unplaced),
        "tiers": [asdict(tier) for tier in answer.tiers],
        "spent": sum(cost[choice.course] for choice in answer.choices if choice.course),
        "standard": asdict(solution.standard) if solution.standard else None,
        "sample": answer.sample.checked,
        "broken": [asdict(broken) for broken in solution.broken],
    }


def export_round(session: Session, actor: Actor, key: str) -> str:
    """The run of a solved round as one document: problem, policy, versions, plan and proof.

    Raises NotAllowed, NotFound, or WrongState when nothing is solved.
    """
    found = find_round(session, actor, key, right="rounds.run")
    if found.run is None:
        raise WrongState("wrong_state", noun="round", state=found.state, verb="export")
    return found.run


def fail_round(
    session: Session, actor: Actor, key: str, *, failure: str, now: datetime, detail: str = ""
) -> Round:
    """Ends a queued or solving round with a code why. Raises NotAllowed, NotFound or WrongState."""
    found = find_round(session, actor, key, right="rounds.run")
    reason = f"{failure} {detail}".strip()
    journal.move(session, actor, found, "fail", now=now, reason=reason, failure=failure)
    return found


def stop_round(session: Session, actor: Actor, key: str, *, worker: str, now: datetime) -> bool:
    """Cancels a round that `worker` solves and somebody asked to cancel; whether it did.

    Raises NotAllowed or NotFound.
    """
    found = find_round(session, actor, key, right="rounds.run")
    asked = found.cancel_asked and (found.state, found.worker) == ("solving", worker)
    if asked:
        journal.move(session, actor, found, "cancel", now=now)
    return asked


def fail_silent_rounds(session: Session, actor: Actor, *, now: datetime) -> int:
    """Fails rounds left `solving` by a process that no longer says anything; their number."""
    silent = select(Round.key).where(
        Round.state == "solving",
        Round.heartbeat_at.is_(None) | (Round.heartbeat_at < now - SILENCE),
    )
    keys = session.scalars(silent).all()
    for key in keys:
        fail_round(session, actor, key, failure="process_lost", now=now)
    return len(keys)
