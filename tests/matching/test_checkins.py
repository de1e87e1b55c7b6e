"""Check-ins: only where probation decided, on reporting days, in their hours; missed ones raise a task."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import checkins, restrictions, schedule
from matching.candidates import Candidate, Status
from matching.check_in_rows import count_people, list_today, see_own, see_person, see_week
from matching.checkins import CheckIn, CheckInOrder, Decision
from matching.reasons import CHECK_IN_EXCUSES
from matching.restrictions import NewRestriction
from matching.states import CHECK_IN
from matching.tasks import Task
from matching.today import list_due
from quota.calendar import ALMATY, TransferredDay
from quota.errors import Invalid, NotAllowed, NotFound, WrongState
from quota.rights import ACCOUNT_ROLES, Actor, Role
from tests.factories import REGION, make_candidate, make_centre

MONDAY = date(2026, 11, 23)
DECISION = Decision("П-14", MONDAY, True, "135", "09:00", "12:00", MONDAY)
PROBATION = Actor(Role.PROBATION, account_id=None, territory=REGION)
CLERK = Actor(Role.CLERK, territory=REGION)


@pytest.fixture
def person(session: Session) -> Candidate:
    return make_candidate(session, make_centre(session).id)


@pytest.fixture
def order(session: Session, person: Candidate, now: datetime) -> CheckInOrder:
    return checkins.order(session, PROBATION, person.key, DECISION, now=now)


def at(day: date, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ALMATY).astimezone(UTC)


def list_days(session: Session) -> list[tuple[date, str]]:
    session.expire_all()
    return [
        (row[0], row[1])
        for row in session.execute(
            select(CheckIn.due_on, CheckIn.state).order_by(CheckIn.due_on, CheckIn.id)
        )
    ]


def todays(session: Session) -> CheckIn:
    return session.scalars(select(CheckIn).where(CheckIn.due_on == MONDAY)).one()


def own(person: Candidate) -> Actor:
    return Actor(Role.CANDIDATE, candidate_id=person.id)


def test_check_ins_fall_on_reporting_days_once(
    session: Session, order: CheckInOrder, now: datetime
) -> None:
    assert schedule.make_due(session, now=now) == 3
    assert schedule.make_due(session, now=now) == 0
    days = [MONDAY + timedelta(days=n) for n in (0, 2, 4)]
    assert list_days(session) == [(day, "due") for day in days]


def test_where_nobody_works_it_is_the_next_working_day(
    session: Session, order: CheckInOrder, now: datetime
) -> None:
    wednesday = MONDAY + timedelta(days=2)
    session.add(TransferredDay(day=wednesday, works=False, act="№ 1"))
    session.flush()
    schedule.make_due(session, now=now)
    assert [day for day, _ in list_days(session)] == [
        MONDAY,
        wednesday + timedelta(days=1),
        MONDAY + timedelta(days=4),
    ]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    days=st.sets(st.sampled_from("1234567"), min_size=1),
    first=st.integers(-3, 8),
    length=st.one_of(st.none(), st.integers(0, 9)),
    rest=st.sets(st.integers(0, 9), max_size=4),
)
def test_every_check_in_is_on_a_working_day_of_the_decision(
    session: Session,
    now: datetime,
    days: set[str],
    first: int,
    length: int | None,
    rest: set[int],
) -> None:
    person = make_candidate(session, make_centre(session).id)
    starts = MONDAY + timedelta(days=first)
    ends = None if length is None else starts + timedelta(days=length)
    decision = replace(DECISION, days="".join(days), starts_on=starts, ends_on=ends)
    off = {MONDAY + timedelta(days=n) for n in rest}
    session.add_all(TransferredDay(day=day, works=False, act="№ 1") for day in off)
    if ends is None or ends >= MONDAY:
        checkins.order(session, PROBATION, person.key, decision, now=now)
    schedule.make_due(session, now=now)
    made = {day for day, _ in list_days(session)}
    for day in made:
        assert MONDAY <= day < MONDAY + timedelta(days=7)
        assert day.weekday() < 5
        assert day not in off
        assert day >= decision.starts_on
    session.rollback()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lightens": False}, "lightens"),
        ({"number": " "}, "number"),
        ({"decided_on": MONDAY + timedelta(days=1)}, "decided_on"),
        ({"days": ""}, "days"),
        ({"days": "19"}, "days"),
        ({"start": "9"}, "start"),
        ({"end": "08:00"}, "end"),
        ({"ends_on": date(2026, 1, 1)}, "ends_on"),
    ],
)
def test_a_decision_that_lightens_nothing_or_does_not_fit_is_refused(
    session: Session, person: Candidate, now: datetime, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        checkins.order(session, PROBATION, person.key, replace(DECISION, **change), now=now)
    assert field in [fault.field for fault in refusal.value.faults]
    assert schedule.make_due(session, now=now) == 0


def test_one_decision_is_in_force_at_a_time(
    session: Session, person: Candidate, order: CheckInOrder, now: datetime
) -> None:
    with pytest.raises(WrongState, match="order_in_force"):
        checkins.order(session, PROBATION, person.key, DECISION, now=now)
    schedule.make_due(session, now=now)
    with pytest.raises(Invalid):
        checkins.end_order(session, PROBATION, order.key, on=date(2026, 11, 1), now=now)
    checkins.end_order(session, PROBATION, order.key, on=MONDAY, now=now)
    assert [state for _, state in list_days(session)] == ["due", "called_off", "called_off"]
    later = replace(DECISION, starts_on=MONDAY + timedelta(days=1))
    checkins.order(session, PROBATION, person.key, later, now=now)
    assert schedule.make_due(session, now=now) == 2


def test_the_person_confirms_in_the_hours_of_the_day(
    session: Session, person: Candidate, order: CheckInOrder, now: datetime
) -> None:
    schedule.make_due(session, now=now)
    key = todays(session).key
    for moment in (at(MONDAY, "08:59"), at(MONDAY, "12:00"), at(date(2026, 11, 24), "10:00")):
        with pytest.raises(WrongState, match="check_in_not_now"):
            checkins.confirm(session, own(person), key, now=moment)
    done = checkins.confirm(session, own(person), key, now=now)
    assert (done.state, done.confirmed_at, done.way, done.kato) == ("confirmed", now, "code", None)
    checkins.undo_confirm(session, PROBATION, key, now=now)
    assert (done.state, done.confirmed_at, done.way) == ("due", None, "")


def test_a_place_is_told_with_consent_only(
    session: Session, person: Candidate, order: CheckInOrder, now: datetime
) -> None:
    schedule.make_due(session, now=now)
    key, actor = todays(session).key, own(person)
    with pytest.raises(Invalid) as refusal:
        checkins.confirm(session, actor, key, kato=person.kato, now=now)
    assert [fault.code for fault in refusal.value.faults] == ["needs_place_consent"]
    checkins.set_place_consent(session, actor, person, agreed=True, now=now)
    with pytest.raises(Invalid):
        checkins.confirm(session, actor, key, kato="750000000", now=now)
    with pytest.raises(Invalid):
        checkins.confirm(session, CLERK, key, kato=person.kato, now=now)
    assert checkins.confirm(session, actor, key, kato=person.kato, now=now).kato == person.kato
    assert (
        checkins.set_place_consent(session, actor, person, agreed=False, now=now).place_consent_on
        is None
    )


def test_the_clerk_confirms_people_of_the_village(
    session: Session, person: Candidate, order: CheckInOrder, now: datetime
) -> None:
    schedule.make_due(session, now=now)
    [(name, row)] = list_today(session, CLERK, now=now)
    assert name
    assert [due.code for due in list_due(session, CLERK, now=now)] == ["check_ins_today"]
    elsewhere = Actor(Role.CLERK, territory="/750000000/")
    assert list_today(session, elsewhere, now=now) == []
    with pytest.raises(NotFound):
        checkins.confirm(session, elsewhere, row.key, now=now)
    assert checkins.confirm(session, CLERK, row.key, now=now).way == "clerk"
    assert list_due(session, CLERK, now=now) == []


def test_a_missed_one_raises_a_task_the_same_day_and_an_excuse_settles_it(
    session: Session, person: Candidate, order: CheckInOrder, now: datetime
) -> None:
    schedule.make_due(session, now=now)
    assert schedule.mark_missed(session, now=at(MONDAY, "11:59")) == 0
    noon = at(MONDAY, "12:00")
    assert schedule.mark_missed(session, now=noon) == 1
    assert schedule.mark_missed(session, now=noon) == 0
    task = session.scalars(select(Task)).one()
    assert (task.code, task.role, task.due_on) == ("check_in_missed", "probation", MONDAY)
    assert "check_ins_missed" in [due.code for due in list_due(session, PROBATION, now=noon)]
    key = todays(session).key
    with pytest.raises(WrongState):
        checkins.confirm(session, own(person), key, now=now)
    for reason in ("", "whim"):
        with pytest.raises(Invalid):
            checkins.excuse(session, PROBATION, key, reason=reason, now=noon)
    checkins.excuse(session, PROBATION, key, reason="ill", now=noon)
    assert (todays(session).state, todays(session).reason) == ("excused", "ill")
    assert task.done_at == noon
    checkins.undo_excuse(session, PROBATION, key, now=noon)
    assert schedule.mark_missed(session, now=noon) == 1
    assert len(session.scalars(select(Task).where(Task.done_at.is_(None))).all()) == 1


@pytest.mark.parametrize("reason", CHECK_IN_EXCUSES)
def test_every_excuse_can_be_given_beforehand(
    session: Session, order: CheckInOrder, now: datetime, reason: str
) -> None:
    schedule.make_due(session, now=now)
    checkins.excuse(session, PROBATION, todays(session).key, reason=reason, now=now)
    assert schedule.mark_missed(session, now=at(MONDAY, "13:00")) == 0


def test_whoever_is_supervised_no_more_is_asked_no_more(
    session: Session, person: Candidate, order: CheckInOrder, now: datetime
) -> None:
    schedule.make_due(session, now=now)
    person.status = Status.OFF_REGISTER
    assert schedule.make_due(session, now=now + timedelta(days=3)) == 0
    schedule.mark_missed(session, now=at(MONDAY, "13:00"))
    assert next(state for _, state in list_days(session)) == "called_off"
    assert session.scalars(select(Task)).all() == []
    assert see_own(session, person, now=now) is None


def test_the_week_shows_people_within_reach(
    session: Session, person: Candidate, order: CheckInOrder, now: datetime
) -> None:
    schedule.make_due(session, now=now)
    week = see_week(session, PROBATION, MONDAY + timedelta(days=4))
    assert (week.days[0], week.counts) == (MONDAY, {"due": 3})
    assert count_people(session, PROBATION, MONDAY) == 1
    assert [row.candidate_key for row in week.rows] == [person.key]
    assert len(week.rows[0].by_day) == 3
    other = Actor(Role.PROBATION, territory="/750000000/")
    assert see_week(session, other, MONDAY).rows == []


def test_a_new_decision_starts_from_the_reporting_days(
    session: Session, person: Candidate, now: datetime
) -> None:
    params = {"days": "24", "start": "10:00", "end": "12:00"}
    restrictions.add_restriction(
        session, PROBATION, person.key, NewRestriction("reporting", params), now=now
    )
    seen = see_person(session, PROBATION, person.key, now=now)
    assert (seen.order, seen.reporting["days"], seen.at_work_since) == (None, "24", None)


def test_the_persons_own_page_tells_today_and_next(
    session: Session, person: Candidate, order: CheckInOrder, now: datetime
) -> None:
    schedule.make_due(session, now=now)
    seen = see_own(session, person, now=now)
    assert seen is not None
    assert seen.today is not None
    assert [row.due_on.isoweekday() for row in seen.coming] == [3, 5]
    assert seen.places == ()


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_no_employer_and_nobody_else_is_asked(
    session: Session, person: Candidate, order: CheckInOrder, now: datetime, role: Role
) -> None:
    schedule.make_due(session, now=now)
    key = todays(session).key
    actor = Actor(role, centre_id=person.centre_id, employer_id=1, territory=REGION)
    tries: list[tuple[set[Role], Callable[[], object]]] = [
        ({Role.PROBATION}, lambda: checkins.end_order(
            session, actor, order.key, on=MONDAY + timedelta(days=30), now=now)),
        ({Role.PROBATION}, lambda: checkins.excuse(session, actor, key, reason="ill", now=now)),
        ({Role.PROBATION}, lambda: checkins.undo_excuse(session, actor, key, now=now)),
        ({Role.CLERK}, lambda: checkins.confirm(session, actor, key, now=now)),
        ({Role.PROBATION, Role.CLERK}, lambda: see_week(session, actor, MONDAY)),
        ({Role.PROBATION}, lambda: see_person(session, actor, person.key, now=now)),
    ]  # fmt: skip
    for allowed, verb in tries:
        if role in allowed:
            verb()
        else:
            with pytest.raises(NotAllowed):
                verb()


def test_another_persons_check_in_is_not_found(
    session: Session, person: Candidate, order: CheckInOrder, now: datetime
) -> None:
    schedule.make_due(session, now=now)
    stranger = make_candidate(session, person.centre_id)
    for key in (todays(session).key, "nosuchkey"):
        with pytest.raises(NotFound):
            checkins.confirm(session, own(stranger), key, now=now)
    with pytest.raises(WrongState, match="no_check_ins"):
        checkins.set_place_consent(session, own(stranger), stranger, agreed=True, now=now)


def test_states_of_a_check_in() -> None:
    assert set(CHECK_IN.states) == {"due", "confirmed", "missed", "excused", "called_off"}
