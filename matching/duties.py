"""Duties: what probation has to be told about somebody's work, only where the act of the measure asks.

Restriction of liberty (known by forced labour due, or by notice before leaving the district): a change
of work; with forced labour due, the exemption a job brings. Corrective labour: a dismissal before it
happens, and evasion. A conditional sentence alone asks nothing of this. Each duty is a task of
probation under its own code, and its act is the dated row of that code.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from matching import tasks
from matching.candidates import Candidate, Restriction
from matching.tasks import Task
from quota import journal, rates
from quota.acts import act_on
from quota.calendar import add_working_days, local_day
from quota.rights import Actor, Role

EXEMPTION, WORK_CHANGED = "forced_labour_exemption", "work_changed"
DISMISSAL, EVASION = "dismissal", "evasion"
ANNULLED = "hire_annulled"
CODES = (EXEMPTION, WORK_CHANGED, DISMISSAL, EVASION, ANNULLED)
_RESTRICTION_OF_LIBERTY = {"forced_labour", "notice_to_leave"}


@dataclass(frozen=True, slots=True)
class Duty:
    """An open duty with its act; an act that is not `verified` is for the office to check."""

    candidate_key: str
    code: str
    due_on: date
    late: bool
    act: str
    verified: bool


def tell_hire(
    session: Session, actor: Actor, candidate: Candidate, placement_key: str, *, now: datetime
) -> None:
    """A job began: the exemption from forced labour, and the change of work, where they apply."""
    rules = _rules_in_force(session, candidate, local_day(now))
    due = add_working_days(session, local_day(now), 1)
    if "forced_labour" in rules:
        _raise(session, actor, candidate, (EXEMPTION, placement_key), due_on=due, now=now)
    if rules & _RESTRICTION_OF_LIBERTY:
        _raise(session, actor, candidate, (WORK_CHANGED, placement_key), due_on=due, now=now)


def take_hire_back(
    session: Session, actor: Actor, candidate: Candidate, placement_key: str, *, now: datetime
) -> None:
    """A hire was reported by mistake: open duties fall away, and whoever was told is told again."""
    about = _list_about(session, candidate, placement_key)
    for task in about:
        if task.done_at is None:
            task.done_at, task.done_by = now, actor.account_id
            journal.write(session, actor, "withdraw", task, now=now, code=task.code)
        else:
            _raise(
                session, actor, candidate, (ANNULLED, placement_key), due_on=local_day(now), now=now
            )


def tell_dismissal(
    session: Session, actor: Actor, candidate: Candidate, placement_key: str, *, now: datetime
) -> None:
    """A job is about to end or has ended: told once, in corrective labour only."""
    known = {task.code for task in _list_about(session, candidate, placement_key)}
    today = local_day(now)
    if "corrective_labour" in _rules_in_force(session, candidate, today) and DISMISSAL not in known:
        _raise(session, actor, candidate, (DISMISSAL, placement_key), due_on=today, now=now)


def tell_evasion(
    session: Session, actor: Actor, candidate: Candidate, placement_key: str, *, now: datetime
) -> None:
    """Somebody stopped coming: in corrective labour only, within the dated number of working days."""
    today = local_day(now)
    if "corrective_labour" in _rules_in_force(session, candidate, today):
        days = rates.rate_on(session, rates.EVASION_NOTICE_DAYS, today)
        due = add_working_days(session, today, days)
        _raise(session, actor, candidate, (EVASION, placement_key), due_on=due, now=now)


def list_open(session: Session, actor: Actor, *, now: datetime) -> list[Duty]:
    """Open duties within the reach of probation, the most urgent first. Empty for every other role."""
    if actor.role is not Role.PROBATION:
        return []
    today = local_day(now)
    found = tasks.list_due(session, actor, until=date.max)
    acts = {code: act_on(session, code, today) for code in {t.code for t in found} & {*CODES}}
    return [
        Duty(
            candidate_key=task.candidate_key,
            code=task.code,
            due_on=task.due_on,
            late=task.due_on < today,
            act=act.act if (act := acts[task.code]) else "",
            verified=act is not None and act.verified,
        )
        for task in found
        if task.code in CODES
    ]


def _raise(
    session: Session,
    actor: Actor,
    candidate: Candidate,
    duty: tuple[str, str],
    *,
    due_on: date,
    now: datetime,
) -> None:
    code, placement_key = duty
    task = Task(candidate_id=candidate.id, code=code, role=Role.PROBATION.value, due_on=due_on)
    task.params = {"placement": placement_key}
    tasks.raise_task(session, actor, task, now=now)


def _list_about(session: Session, candidate: Candidate, placement_key: str) -> list[Task]:
    statement = select(Task).where(Task.candidate_id == candidate.id, Task.code.in_(CODES))
    found = session.scalars(statement.order_by(Task.id))
    return [task for task in found if task.params.get("placement") == placement_key]


def _rules_in_force(session: Session, candidate: Candidate, day: date) -> set[str]:
    if not candidate.supervised:
        return set()
    rules = session.scalars(
        select(Restriction.rule)
        .where(Restriction.candidate_id == candidate.id)
        .where(or_(Restriction.starts_on.is_(None), Restriction.starts_on <= day))
        .where(or_(Restriction.ends_on.is_(None), Restriction.ends_on >= day))
    )
    return set(rules)
