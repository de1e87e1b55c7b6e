"""Receptions: times are given within a specialist's hours, never one too many, on either database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from matching import gatherings, programmes, receptions
from matching.gatherings import NewGathering
from matching.measure_rows import list_groups, see_group
from matching.programmes import Measure, NewMeasure
from matching.receptions import Hours
from quota.accounts import actor_of
from quota.calendar import local_day
from quota.errors import Invalid, NotAllowed, NotFound, WrongState
from quota.rights import SYSTEM, Actor, Role
from tests.factories import make_account, make_candidate, make_centre

HOURS = Hours("12345", "09:00", 30, 3, 5)


def make_specialist(session: Session, hours: Hours | None, now: datetime) -> tuple[Actor, str]:
    account = make_account(session, Role.SPECIALIST)
    actor = actor_of(session, account)
    if hours is not None:
        receptions.set_hours(session, actor, hours, now=now)
    return actor, account.key


def make_measures(
    session: Session, executor: str, number: int, now: datetime, kind: str = "doctor"
) -> list[str]:
    centre = make_centre(session)
    new = NewMeasure(kind, date(2026, 12, 20), executor)
    return [
        programmes.plan(session, SYSTEM, make_candidate(session, centre.id).key, new, now=now).key
        for _ in range(number)
    ]


def test_times_fill_a_day_and_a_week_and_no_more(session: Session, now: datetime) -> None:
    actor, key = make_specialist(session, HOURS, now)
    given_times = []
    for measure in make_measures(session, key, 7, now):
        at = receptions.list_free(session, actor.account_id, now=now)[0]
        receptions.book(session, actor, measure, at, now=now)
        given_times.append(at)
    # It is Monday, half past eleven: the three times of that day have passed.
    days = [local_day(at) for at in given_times]
    assert days == [date(2026, 11, 24)] * 3 + [date(2026, 11, 25)] * 2 + [date(2026, 11, 30)] * 2
    assert len(set(given_times)) == 7


def test_a_time_that_is_not_offered_is_refused(session: Session, now: datetime) -> None:
    actor, key = make_specialist(session, HOURS, now)
    first, second = make_measures(session, key, 2, now)
    at = receptions.list_free(session, actor.account_id, now=now)[0]
    for wrong in (at - timedelta(days=1), at + timedelta(minutes=7), at + timedelta(days=4)):
        with pytest.raises(Invalid):
            receptions.book(session, actor, first, wrong, now=now)
    receptions.book(session, actor, first, at, now=now)
    with pytest.raises(Invalid):
        receptions.book(session, actor, second, at, now=now)
    receptions.unbook(session, actor, first, now=now)
    receptions.book(session, actor, second, at, now=now)


def test_whoever_does_not_come_can_be_given_another_time(session: Session, now: datetime) -> None:
    actor, key = make_specialist(session, HOURS, now)
    [measure] = make_measures(session, key, 1, now)
    at = receptions.list_free(session, actor.account_id, now=now)[0]
    receptions.book(session, actor, measure, at, now=now)
    with pytest.raises(WrongState, match="not_yet_time"):
        receptions.miss(session, actor, measure, now=now)
    found = receptions.miss(session, actor, measure, now=at + timedelta(hours=1))
    assert (found.state, found.booked_at) == ("planned", None)


def test_without_hours_no_time_can_be_given(session: Session, now: datetime) -> None:
    actor, key = make_specialist(session, None, now)
    [measure] = make_measures(session, key, 1, now)
    assert receptions.list_free(session, actor.account_id, now=now) == []
    with pytest.raises(WrongState, match="no_reception"):
        receptions.book(session, actor, measure, now, now=now)


@pytest.mark.parametrize(
    ("hours", "field"),
    [
        (Hours("", "09:00", 30, 3, 5), "days"),
        (Hours("8", "09:00", 30, 3, 5), "days"),
        (Hours("1", "9", 30, 3, 5), "start"),
        (Hours("1", "09:00", 0, 3, 5), "minutes"),
        (Hours("1", "09:00", 30, 41, 5), "per_day"),
        (Hours("1", "09:00", 30, 3, 0), "per_week"),
        (Hours("1", "20:00", 60, 5, 5), "per_day"),
    ],
)
def test_hours_that_do_not_fit_are_refused(
    session: Session, now: datetime, hours: Hours, field: str
) -> None:
    actor, _ = make_specialist(session, None, now)
    with pytest.raises(Invalid) as refusal:
        receptions.set_hours(session, actor, hours, now=now)
    assert [fault.field for fault in refusal.value.faults] == [field]


@pytest.mark.parametrize("role", [Role.STAFF, Role.PROBATION, Role.EMPLOYER, Role.CLERK])
def test_only_specialists_have_hours(session: Session, now: datetime, role: Role) -> None:
    with pytest.raises(NotAllowed):
        receptions.set_hours(session, Actor(role, account_id=1), HOURS, now=now)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(wishes=st.lists(st.integers(0, 30), max_size=12))
def test_no_order_of_wishes_overbooks(session: Session, now: datetime, wishes: list[int]) -> None:
    hours = Hours("135", "10:00", 40, 2, 3)
    actor, key = make_specialist(session, hours, now)
    for wish, measure in zip(wishes, make_measures(session, key, len(wishes), now), strict=True):
        free = receptions.list_free(session, actor.account_id, now=now)
        if wish < len(free):
            receptions.book(session, actor, measure, free[wish], now=now)
    times = session.scalars(
        select(Measure.booked_at).where(
            Measure.executor_id == actor.account_id, Measure.booked_at.is_not(None)
        )
    ).all()
    days = [local_day(at) for at in times if at]
    assert all(days.count(day) <= 2 for day in days)
    weeks = [day.isocalendar()[:2] for day in days]
    assert all(weeks.count(week) <= 3 for week in weeks)
    session.rollback()


def test_two_at_once_do_not_get_the_last_time(any_engine: Engine, keyring, now: datetime) -> None:
    info = {"keyring": keyring}
    with Session(any_engine, info=info) as session:
        actor, key = make_specialist(session, Hours("2", "09:00", 30, 4, 1), now)
        measures = make_measures(session, key, 6, now)
        times = receptions.list_free(session, actor.account_id, now=now)[:4]
        session.commit()

    def book(number: int) -> bool:
        with Session(any_engine, info=info) as own:
            try:
                at = times[number % 4]
                receptions.book(own, actor, measures[number], at, now=now)
                own.commit()
            except (Invalid, WrongState):
                return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(book, range(6))) == 1
    with Session(any_engine) as session:
        booked = select(func.count()).where(Measure.state == "booked")
        assert session.scalar(booked) == 1


def test_a_group_has_its_seats_and_its_attendance(session: Session, now: datetime) -> None:
    actor, key = make_specialist(session, HOURS, now)
    work = make_measures(session, key, 3, now, "group_work")
    [other] = make_measures(session, key, 1, now)
    new = NewGathering("adaptation", now + timedelta(days=1), 2)
    group = gatherings.call_together(session, actor, new, now=now)
    with pytest.raises(WrongState, match="not_group_work"):
        gatherings.invite(session, actor, group.key, other, now=now)
    for measure in work[:2]:
        gatherings.invite(session, actor, group.key, measure, now=now)
    with pytest.raises(WrongState, match="group_full"):
        gatherings.invite(session, actor, group.key, work[2], now=now)
    with pytest.raises(WrongState, match="not_yet_time"):
        gatherings.hold(session, actor, group.key, present=work[:1], now=now)
    later = now + timedelta(days=2)
    gatherings.hold(session, actor, group.key, present=work[:1], now=later)
    seen = see_group(session, actor, group.key, now=later)
    assert [came for _, _, came in seen.invited] == [True, False]
    assert states_of(session, work) == ["done", "planned", "planned"]
    gatherings.undo_hold(session, actor, group.key, now=later)
    assert states_of(session, work) == ["booked", "booked", "planned"]
    gatherings.cancel(session, actor, group.key, now=later)
    assert states_of(session, work) == ["planned"] * 3
    gatherings.undo_cancel(session, actor, group.key, now=later)
    assert [row.state for row in list_groups(session, actor, now=later)] == ["planned"]
    with pytest.raises(WrongState, match="group_over"):
        gatherings.invite(session, actor, group.key, work[0], now=later)


def states_of(session: Session, keys: list[str]) -> list[str]:
    session.expire_all()
    rows = select(Measure.state).where(Measure.key.in_(keys)).order_by(Measure.id)
    return list(session.scalars(rows))


@pytest.mark.parametrize(
    ("new", "field"),
    [(("chess", 1, 5), "topic"), (("adaptation", -1, 5), "day"), (("adaptation", 1, 1), "seats")],
)
def test_a_meeting_that_does_not_fit_is_refused(
    session: Session, now: datetime, new: tuple[str, int, int], field: str
) -> None:
    actor, _ = make_specialist(session, HOURS, now)
    topic, days, seats = new
    with pytest.raises(Invalid) as refusal:
        gatherings.call_together(
            session, actor, NewGathering(topic, now + timedelta(days=days), seats), now=now
        )
    assert [fault.field for fault in refusal.value.faults] == [field]


def test_another_specialists_group_is_not_found(session: Session, now: datetime) -> None:
    actor, _ = make_specialist(session, HOURS, now)
    other, _ = make_specialist(session, None, now)
    new = NewGathering("adaptation", now + timedelta(days=1), 2)
    group = gatherings.call_together(session, actor, new, now=now)
    assert list_groups(session, other, now=now) == []
    for key in (group.key, "nosuchkey"):
        with pytest.raises(NotFound):
            see_group(session, other, key, now=now)
