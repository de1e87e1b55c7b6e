"""The schedule of check-ins: made from decisions for the week ahead, and marked missed the same day.

A check-in is due on the weekdays of its decision; where nobody works on such a day, on the next day that
people do.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from matching import tasks
from matching.candidates import Candidate, Status
from matching.checkins import MISSED, CheckIn, CheckInOrder
from matching.tasks import Task
from quota import journal
from quota.calendar import ALMATY, find_working_days, local_day
from quota.rights import SYSTEM, Role

AHEAD_DAYS = 7
LONGEST_REST = 14  # days in a row on which nobody works; more than there ever are


def make_due(session: Session, *, now: datetime) -> int:
    """Makes the check-ins of the AHEAD_DAYS to come, with today; their number. Twice makes none twice."""
    today = local_day(now)
    orders = _orders_in_force(session, today)
    window = [today + timedelta(days=n) for n in range(-LONGEST_REST, AHEAD_DAYS)]
    working = find_working_days(session, window)
    statement = select(CheckIn.order_id, CheckIn.due_on).where(CheckIn.due_on >= today)
    known = {(order_id, due_on) for order_id, due_on in session.execute(statement)}
    made = [
        CheckIn(order_id=order.id, candidate_id=order.candidate_id, due_on=day)
        for order in orders
        for day in _days_of(order, working, today)
        if (order.id, day) not in known and not _is_over(order, day, now)
    ]
    session.add_all(made)
    session.flush()
    return len(made)


def mark_missed(session: Session, *, now: datetime) -> int:
    """Marks what nobody confirmed in its hours, and gives probation a task for the same day; calls off
    what is no longer asked for. The number of both."""
    rows = session.execute(
        select(CheckIn, CheckInOrder, Candidate)
        .join(CheckInOrder, CheckInOrder.id == CheckIn.order_id)
        .join(Candidate, Candidate.id == CheckIn.candidate_id)
        .where(CheckIn.state == "due", CheckIn.due_on <= local_day(now))
        .where(Candidate.blocked_at.is_(None))
        .order_by(CheckIn.id)
    ).all()
    moved = 0
    for check_in, order, candidate in rows:
        if not _is_over(order, check_in.due_on, now):
            continue
        moved += 1
        gone = candidate.erased_at is not None or candidate.merged_into_id is not None
        if gone or not candidate.supervised:
            journal.move(session, SYSTEM, check_in, "call_off", now=now)
            continue
        journal.move(session, SYSTEM, check_in, "miss", now=now)
        _raise_task(session, candidate, check_in, now=now)
    return moved


def _raise_task(
    session: Session, candidate: Candidate, check_in: CheckIn, *, now: datetime
) -> None:
    task = Task(candidate_id=candidate.id, code=MISSED, role=Role.PROBATION.value)
    task.params = {"check_in": check_in.key}
    task.due_on = local_day(now)
    tasks.raise_task(session, SYSTEM, task, now=now)


def _orders_in_force(session: Session, today: date) -> list[CheckInOrder]:
    last = today + timedelta(days=AHEAD_DAYS)
    return list(
        session.scalars(
            select(CheckInOrder)
            .join(Candidate, Candidate.id == CheckInOrder.candidate_id)
            .where(CheckInOrder.lightens, CheckInOrder.starts_on <= last)
            .where(or_(CheckInOrder.ends_on.is_(None), CheckInOrder.ends_on >= today))
            .where(Candidate.status == Status.ON_PROBATION, Candidate.blocked_at.is_(None))
            .where(Candidate.erased_at.is_(None), Candidate.merged_into_id.is_(None))
            .order_by(CheckInOrder.id)
        )
    )


def _days_of(order: CheckInOrder, working: Mapping[date, date], today: date) -> Iterable[date]:
    """The days to come on which a check-in of this decision is due, each once."""
    named = (day for day in working if str(day.isoweekday()) in order.days)
    held = (day for day in named if order.starts_on <= day <= (order.ends_on or day))
    last = today + timedelta(days=AHEAD_DAYS - 1)
    return sorted({working[day] for day in held if today <= working[day] <= last})


def _is_over(order: CheckInOrder, day: date, now: datetime) -> bool:
    local = now.astimezone(ALMATY)
    return day < local.date() or (day == local.date() and f"{local:%H:%M}" >= order.end)
