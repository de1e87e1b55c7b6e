"""The planner: each cause alone, their order, and a constant number of queries."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from quota import meetings, planner, slots
from quota.centres import Centre
from quota.employers import Employer
from quota.errors import NotAllowed
from quota.meetings import MeetingKind, Outcome, Result
from quota.memoranda import Memorandum
from quota.rights import SYSTEM, Actor, Role
from quota.slots import Slot, Source
from tests.quota.conftest import add_employer


def meet(session: Session, employer: Employer, at: datetime, *, next_in: int | None = None) -> None:
    meeting = meetings.plan_meeting(session, SYSTEM, employer, MeetingKind.CALL, at=at, now=at)
    next_on = at.date() + timedelta(days=next_in) if next_in is not None else None
    meetings.hold_meeting(session, SYSTEM, meeting.key, Result(Outcome.AGREED, "", next_on), now=at)


def causes(session: Session, staff: Actor, now: datetime) -> list[list[str]]:
    return [[c.code for c in due.causes] for due in planner.plan_next(session, staff, now=now)]


def test_an_employer_never_met_is_to_be_met(
    session: Session, employer: Employer, staff: Actor, now: datetime
) -> None:
    assert causes(session, staff, now) == [["never_met"]]
    meet(session, employer, now - timedelta(days=1))
    assert causes(session, staff, now) == []


def test_half_a_year_is_long(
    session: Session, employer: Employer, staff: Actor, now: datetime
) -> None:
    meet(session, employer, now - timedelta(days=181))
    [due] = planner.plan_next(session, staff, now=now)
    assert [(c.code, c.number) for c in due.causes] == [("long_unmet", 181)]


@pytest.mark.parametrize(("days", "due"), [(1, True), (8, True), (9, False)])
def test_a_promised_day_counts_a_week_before(
    session: Session, employer: Employer, staff: Actor, now: datetime, days: int, due: bool
) -> None:
    meet(session, employer, now - timedelta(days=1), next_in=days)
    assert causes(session, staff, now) == ([["meeting_promised"]] if due else [])


@pytest.mark.parametrize(("days", "due"), [(-1, False), (0, True), (60, True), (61, False)])
def test_a_pledge_about_to_lapse_counts(
    session: Session, employer: Employer, staff: Actor, now: datetime, days: int, due: bool
) -> None:
    meet(session, employer, now - timedelta(days=1))
    session.add(
        Memorandum(
            employer_id=employer.id,
            number="1",
            signed_on=now.date(),
            ends_on=now.date() + timedelta(days=days),
            pledged=1,
            state="active",
        )
    )
    assert causes(session, staff, now) == ([["pledge_lapses"]] if due else [])


def test_unlisted_places_and_answers_owed_count_and_a_planned_meeting_settles_it(
    session: Session, employer: Employer, staff: Actor, now: datetime
) -> None:
    meet(session, employer, now - timedelta(days=1))
    slots.open_slots(session, SYSTEM, employer, Slot(source=Source.BEYOND), count=3, now=now)
    employer.referrals_sent, employer.referrals_answered = 5, 3
    [due] = planner.plan_next(session, staff, now=now)
    assert [(c.code, c.number) for c in due.causes] == [("places_unlisted", 3), ("answers_owed", 2)]
    assert due.weight == 40
    meetings.plan_meeting(
        session, staff, employer, MeetingKind.CALL, at=now + timedelta(days=1), now=now
    )
    assert causes(session, staff, now) == []


def test_the_weightiest_comes_first_then_the_longest_unmet(
    session: Session, employer: Employer, centre: Centre, staff: Actor, now: datetime
) -> None:
    second = add_employer(session, centre, now, "500340000500")
    for one, days in ((employer, 200), (second, 300)):
        meet(session, one, now - timedelta(days=days))
    assert [d.employer_key for d in planner.plan_next(session, staff, now=now)] == [
        second.key,
        employer.key,
    ]
    employer.referrals_sent = 1
    first = planner.plan_next(session, staff, now=now, limit=1)
    assert [d.employer_key for d in first] == [employer.key]


def test_only_those_who_meet_employers_plan(session: Session, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        planner.plan_next(session, Actor(Role.EMPLOYER, employer_id=1), now=now)
    assert planner.plan_next(session, Actor(Role.STAFF, centre_id=-1), now=now) == []


def test_more_employers_need_no_more_queries(
    session: Session, employer: Employer, centre: Centre, staff: Actor, now: datetime
) -> None:
    session.flush()
    counted = []
    event.listen(session.bind, "before_cursor_execute", lambda *a: counted.append(a[2]))
    planner.plan_next(session, staff, now=now)
    one = len(counted)
    for number in range(3):
        add_employer(session, centre, now, f"{number:012}")
    counted.clear()
    planner.plan_next(session, staff, now=now)
    assert len(counted) == one
