"""`senim tick`: whatever became due. The server's timer calls it; calling it twice changes nothing.

A task is a function (session, actor, now) that says how many records it moved; add yours to TASKS.
"""

from collections.abc import Callable
from datetime import datetime

import click
from sqlalchemy.orm import Session

from app.cli.units import unit, utc_now
from app.post import deliver
from app.settings import load_settings
from matching import (
    callups,
    clocks,
    consents,
    enrolments,
    inspection_notices,
    looks,
    privacy,
    referrals,
    reminders,
    reviews,
    schedule,
    solving,
)
from quota import annexes, attachments, cases, listings
from quota.rights import SYSTEM, Actor

Task = Callable[[Session, Actor, datetime], int]


def fail_rounds(session: Session, actor: Actor, now: datetime) -> int:
    return solving.fail_silent_rounds(session, actor, now=now)


def expire_vacancies(session: Session, actor: Actor, now: datetime) -> int:
    return listings.expire_due(session, actor, now=now)


def lift_exemptions(session: Session, actor: Actor, now: datetime) -> int:
    return annexes.lift_ended(session, actor, now=now)


def expire_proposals(session: Session, actor: Actor, now: datetime) -> int:
    moved = reviews.expire_proposals(session, now=now)
    return moved.escalated + moved.freed


def expire_consents(session: Session, actor: Actor, now: datetime) -> int:
    return consents.expire_consents(session, actor, now=now)


def expire_referrals(session: Session, actor: Actor, now: datetime) -> int:
    return referrals.expire_referrals(session, now=now)


def call_up_reserves(session: Session, actor: Actor, now: datetime) -> int:
    return callups.call_up(session, now=now)


def watch_clocks(session: Session, actor: Actor, now: datetime) -> int:
    seen = clocks.watch(session, now=now)
    return seen.raised + seen.escalated + seen.ended


def free_held_slots(session: Session, actor: Actor, now: datetime) -> int:
    return enrolments.free_overdue(session, actor, now=now)


def lapse_inspections(session: Session, actor: Actor, now: datetime) -> int:
    return cases.lapse_due(session, now=now)


def make_check_ins(session: Session, actor: Actor, now: datetime) -> int:
    return schedule.make_due(session, now=now)


def mark_missed_check_ins(session: Session, actor: Actor, now: datetime) -> int:
    return schedule.mark_missed(session, now=now)


def erase_expired(session: Session, actor: Actor, now: datetime) -> int:
    return privacy.erase_expired(session, actor, now=now)


def destroy_lists(session: Session, actor: Actor, now: datetime) -> int:
    return looks.destroy_lists(session, actor, now=now)


def destroy_files(session: Session, actor: Actor, now: datetime) -> int:
    folder = load_settings().var_dir / "attachments"
    return attachments.destroy_detached(session, actor, folder=folder, now=now)


def make_reminders(session: Session, actor: Actor, now: datetime) -> int:
    return reminders.make_reminders(session, now=now)


def make_inspection_notices(session: Session, actor: Actor, now: datetime) -> int:
    return inspection_notices.make_notices(session, now=now)


TASKS: dict[str, Task] = {
    "rounds failed, their process lost": fail_rounds,
    "vacancies expired": expire_vacancies,
    "exemptions from a quota ended": lift_exemptions,
    "proposals escalated or freed": expire_proposals,
    "consents expired": expire_consents,
    "referrals expired": expire_referrals,
    "unfinished steps reminded or ended": watch_clocks,
    "reserves called up": call_up_reserves,
    "slots held for a course freed": free_held_slots,
    "inspections read without an answer": lapse_inspections,
    "check-ins awaited": make_check_ins,
    "check-ins missed or called off": mark_missed_check_ins,
    "people erased, their retention over": erase_expired,
    "journal lines about lists destroyed": destroy_lists,
    "files taken off destroyed": destroy_files,
    "reminders made": make_reminders,
    "notices of inspections made": make_inspection_notices,
}


@click.command()
def tick() -> None:
    """Do whatever became due: expiry, escalation, rounds without a process, reminders, post."""
    for name, task in TASKS.items():
        with unit() as session:  # one task that is refused leaves the others alone
            click.echo(f"{name}: {task(session, SYSTEM, utc_now())}")
    click.echo(f"notices sent: {deliver(unit, load_settings(), now=utc_now())}")
