"""Duties: what probation has to be told about somebody's work, only where the act of the measure asks.

Restriction of liberty (known by forced labour due, or by notice before leaving the district): a change
of work; with forced labour due, the exemption a job brings. Corrective labour: a dismissal before it
happens, and evasion. Where leaving the district asks a notice, so does a referral to another one. A
conditional sentence alone asks nothing of this. Each duty is a task of probation under its own code, and
its act is the dated row of that code.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import tasks
from matching.candidates import Candidate, Restriction
from matching.restrictions import is_in_force
from matching.tasks import Task
from quota import journal, rates
from quota.acts import act_on
from quota.calendar import add_working_days, local_day
from quota.places import find_place
from quota.rights import Actor, Role

EXEMPTION, WORK_CHANGED = "forced_labour_exemption", "work_changed"
DISMISSAL, EVASION = "dismissal", "evasion"
ANNULLED = "hire_annulled"
NOTICE_DUE = "notice_due"
CODES = (EXEMPTION, WORK_CHANGED, DISMISSAL, EVASION, ANNULLED, NOTICE_DUE)
LEAVE_NOTICE = "leave_notice"  # the centre's share: to help the person write it
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


def tell_move(
    session: Session, actor: Actor, candidate: Candidate, placement_key: str, *, now: datetime
) -> None:
    """Somebody changed posts: a change of work in restriction of liberty; in corrective labour as a
    dismissal, if it was not told before."""
    if _rules_in_force(session, candidate, local_day(now)) & _RESTRICTION_OF_LIBERTY:
        due = add_working_days(session, local_day(now), 1)
        _raise(session, actor, candidate, (WORK_CHANGED, placement_key), due_on=due, now=now)
    tell_dismissal(session, actor, candidate, placement_key, now=now)


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


def tell_departure(
    session: Session,
    actor: Actor,
    candidate: Candidate,
    referral_key: str,
    *,
    kato: str,
    leaves_on: date,
    now: datetime,
) -> None:
    """Somebody is sent to another district who may leave the own one only with notice: the centre helps
    to write it, probation expects it, the stated number of days before `leaves_on`."""
    today = local_day(now)
    rule = _notice_rule(session, candidate, today)
    if rule is None or _district(session, candidate.kato) == _district(session, kato):
        return
    due = max(today, leaves_on - timedelta(days=rule.params.get("days_before", 1)))
    for code, role in ((NOTICE_DUE, Role.PROBATION), (LEAVE_NOTICE, Role.STAFF)):
        task = Task(candidate_id=candidate.id, code=code, role=role.value, due_on=due)
        task.params = {"referral": referral_key}
        tasks.raise_task(session, actor, task, now=now)


def take_departure_back(
    session: Session, actor: Actor, candidate_id: int, referral_key: str, *, now: datetime
) -> None:
    """The referral has ended: open tasks about its notice fall away."""
    about = select(Task).where(
        Task.candidate_id == candidate_id,
        Task.code.in_((NOTICE_DUE, LEAVE_NOTICE)),
        Task.done_at.is_(None),
    )
    for task in session.scalars(about.order_by(Task.id)).all():
        if task.params.get("referral") == referral_key:
            task.done_at, task.done_by = now, actor.account_id
            journal.write(session, actor, "withdraw", task, now=now, code=task.code)


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
    return {restriction.rule for restriction in _list_in_force(session, candidate, day)}


def _notice_rule(session: Session, candidate: Candidate, day: date) -> Restriction | None:
    """The strictest rule that asks a notice before leaving, if there is one."""
    found = [r for r in _list_in_force(session, candidate, day) if r.rule == "notice_to_leave"]
    return max(found, key=lambda rule: rule.params.get("days_before", 1), default=None)


def _list_in_force(session: Session, candidate: Candidate, day: date) -> list[Restriction]:
    if not candidate.supervised:
        return []
    mine = select(Restriction).where(Restriction.candidate_id == candidate.id)
    rows = session.scalars(mine.order_by(Restriction.id))
    return [restriction for restriction in rows if is_in_force(restriction, day)]


def _district(session: Session, kato: str) -> str:
    return find_place(session, kato).district
