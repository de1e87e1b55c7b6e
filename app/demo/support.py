"""Support in the demonstration: a specialist's hours and tasks, group work, and a week of check-ins.

Everything is entered by the verbs that people use, by the accounts of the demonstration.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import checkins, closings, gatherings, programmes, receptions, schedule
from matching.candidates import Candidate, Readiness, Status
from matching.checkins import CheckIn, Decision
from matching.closings import Closing
from matching.gatherings import NewGathering
from matching.programmes import NewMeasure, Outcome
from matching.receptions import Hours
from quota.accounts import Account, actor_of
from quota.calendar import local_day, midnight
from quota.rights import Actor, Role

KINDS = ("individual_work", "legal_consultation", "medical_screening", "group_work")
PEOPLE = 12
BACK = timedelta(days=6)
MORNING = timedelta(hours=10)


def give_support(session: Session, *, now: datetime) -> None:
    """Measures for the first people surveyed, and check-ins for those on probation around the clerk."""
    actors = {
        login: actor_of(session, account)
        for login in ("staff", "specialist", "probation", "clerk")
        for account in session.scalars(select(Account).where(Account.login == login))
    }
    _work_the_queue(session, actors["staff"], actors["specialist"], now=now)
    _check_in(session, actors["probation"], actors["clerk"], now=now)


def _work_the_queue(session: Session, staff: Actor, specialist: Actor, *, now: datetime) -> None:
    receptions.set_hours(session, specialist, Hours("12345", "09:00", 30, 8, 30), now=now)
    measures = _plan(session, staff, specialist, now=now)
    individual = [key for kind, key in measures if kind != "group_work"]
    for key in individual[:5]:
        at = receptions.list_free(session, specialist.account_id, now=now)[0]
        receptions.book(session, specialist, key, at, now=now)
    next_on = local_day(now) + timedelta(days=14)
    done = Outcome("carried_out", "once_more", next_on)
    programmes.complete(session, specialist, individual[5], done, now=now)
    signed = Closing("not_needed", "О-12", local_day(now))
    closings.propose(session, specialist, individual[6], signed, now=now)
    meets = midnight(local_day(now) + timedelta(days=3)) + timedelta(hours=15)
    new = NewGathering("adaptation", meets, 8)
    group = gatherings.call_together(session, specialist, new, now=now)
    for kind, key in measures:
        if kind == "group_work":
            gatherings.invite(session, specialist, group.key, key, now=now)


def _plan(
    session: Session, staff: Actor, specialist: Actor, *, now: datetime
) -> list[tuple[str, str]]:
    """Measures by kind and key; those of people who need support first are gates."""
    executor = session.get_one(Account, specialist.account_id).key
    found = []
    for place, person in enumerate(_pick_surveyed(session, staff)):
        kind = KINDS[place % len(KINDS)]
        due_on = local_day(now) + timedelta(days=10 + 2 * place)
        gate = person.readiness == Readiness.NEEDS_SUPPORT
        new = NewMeasure(kind, due_on, executor, gate)
        measure = programmes.plan(session, staff, person.key, new, now=now)
        found.append((kind, measure.key))
    return found


def _pick_surveyed(session: Session, staff: Actor) -> Sequence[Candidate]:
    wanted = (Readiness.NEEDS_SUPPORT, Readiness.READY)
    return session.scalars(
        select(Candidate)
        .where(Candidate.centre_id == staff.centre_id, Candidate.surveyed_on.is_not(None))
        .where(Candidate.readiness.in_(wanted))
        .order_by(Candidate.readiness, Candidate.id)
        .limit(PEOPLE)
    ).all()


def _check_in(session: Session, probation: Actor, clerk: Actor, *, now: datetime) -> None:
    """Decisions of a week ago, a week of check-ins confirmed or missed, and those to come."""
    begun = midnight(local_day(now - BACK)) + MORNING
    near = Candidate.territory.startswith(clerk.territory or "")
    people = session.scalars(
        select(Candidate)
        .where(Candidate.status == Status.ON_PROBATION)
        .order_by(near.desc(), Candidate.id)
        .limit(8)
    ).all()
    for place, person in enumerate(people, start=1):
        day = local_day(begun)
        decision = Decision(f"П-{place}", day, True, "135", "00:00", "23:00", day)
        checkins.order(session, probation, person.key, decision, now=begun)
    schedule.make_due(session, now=begun)
    for serial, check_in in enumerate(_before(session, now)):
        if serial % 5 != 4:
            person = Actor(Role.CANDIDATE, candidate_id=check_in.candidate_id)
            at = midnight(check_in.due_on) + MORNING
            checkins.confirm(session, person, check_in.key, now=at)
    schedule.mark_missed(session, now=now)
    missed = session.scalars(select(CheckIn).where(CheckIn.state == "missed").limit(1)).first()
    if missed is not None:
        checkins.excuse(session, probation, missed.key, reason="ill", now=now)
    schedule.make_due(session, now=now)


def _before(session: Session, now: datetime) -> Sequence[CheckIn]:
    return session.scalars(
        select(CheckIn).where(CheckIn.due_on < local_day(now)).order_by(CheckIn.id)
    ).all()
