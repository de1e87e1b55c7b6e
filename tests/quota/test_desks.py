"""Desks: pauses and limits of the people sent to an employer at once."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from quota import desks
from quota.desks import Break
from quota.employers import Employer
from quota.errors import Invalid, NotAllowed, NotFound, WrongState
from quota.rights import SYSTEM, Actor, Role
from quota.slots import Slot, move_slot, open_slots
from tests.quota.conftest import add_pledge

FIRST = date(2026, 11, 23)


@pytest.fixture
def places(session: Session, employer: Employer, now: datetime) -> list[Slot]:
    pattern = add_pledge(session, employer, now)
    return open_slots(session, SYSTEM, employer, pattern, count=4, now=now)


def ask(starts_on: date = FIRST, ends_on: date | None = None, reason: str = "repairs") -> Break:
    return Break(starts_on, ends_on, reason)


def paused(session: Session, day: date) -> list[int]:
    return list(session.scalars(desks.paused_on(day)))


def test_a_pause_holds_from_its_first_to_its_last_day(
    session: Session, staff: Actor, employer: Employer, now: datetime
) -> None:
    last = FIRST + timedelta(days=6)
    boss = Actor(Role.EMPLOYER, employer_id=employer.id)
    pause = desks.pause_desk(session, boss, employer.key, ask(ends_on=last), now=now)
    assert paused(session, FIRST) == paused(session, last) == [employer.id]
    assert paused(session, FIRST - timedelta(days=1)) == []
    assert paused(session, last + timedelta(days=1)) == []
    with pytest.raises(WrongState, match="desk_paused"):
        desks.need_open(session, employer.id, now=now)
    desks.resume_desk(session, staff, employer.key, pause.key, now=now)
    assert paused(session, FIRST) == []
    desks.need_open(session, employer.id, now=now)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (ask(starts_on=FIRST - timedelta(days=1)), "starts_on"),
        (ask(ends_on=FIRST - timedelta(days=1)), "ends_on"),
        (ask(reason=" "), "reason"),
    ],
)
def test_a_pause_that_makes_no_sense_is_refused(
    session: Session, staff: Actor, employer: Employer, now: datetime, asked: Break, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        desks.pause_desk(session, staff, employer.key, asked, now=now)
    assert [fault.field for fault in refusal.value.faults] == [field]


def test_pauses_do_not_overlap(
    session: Session, staff: Actor, employer: Employer, now: datetime
) -> None:
    desks.pause_desk(session, staff, employer.key, ask(ends_on=FIRST), now=now)
    with pytest.raises(WrongState, match="already_paused"):
        desks.pause_desk(session, staff, employer.key, ask(), now=now)
    later = ask(starts_on=FIRST + timedelta(days=1))
    desks.pause_desk(session, staff, employer.key, later, now=now)
    assert len(desks.list_pauses(session, employer, now=now)) == 2


def test_a_limit_leaves_room_for_so_many_beside_those_on_the_way(
    session: Session, staff: Actor, employer: Employer, places: list[Slot], now: datetime
) -> None:
    assert desks.keep_within_limits(session, places) == places
    desks.limit_desk(session, staff, employer.key, 2, now=now)
    assert desks.keep_within_limits(session, reversed(places)) == places[:2]
    move_slot(session, SYSTEM, places[3], "reserve", now=now, holder=("k", None))
    assert desks.keep_within_limits(session, places[:3]) == places[:1]
    desks.need_open(session, employer.id, now=now)
    for slot in places[2:]:
        if slot.state == "open":
            move_slot(session, SYSTEM, slot, "reserve", now=now, holder=("m", None))
        move_slot(session, SYSTEM, slot, "refer", now=now)
    assert desks.keep_within_limits(session, places[:2]) == []
    with pytest.raises(WrongState, match="desk_full"):
        desks.need_open(session, employer.id, now=now)
    desks.limit_desk(session, staff, employer.key, None, now=now)
    desks.need_open(session, employer.id, now=now)


@pytest.mark.parametrize("most", [0, -1, 10_001])
def test_a_limit_is_a_sensible_number(
    session: Session, staff: Actor, employer: Employer, now: datetime, most: int
) -> None:
    with pytest.raises(Invalid):
        desks.limit_desk(session, staff, employer.key, most, now=now)


def test_others_change_nothing(session: Session, employer: Employer, now: datetime) -> None:
    stranger = Actor(Role.EMPLOYER, employer_id=employer.id + 1)
    far = Actor(Role.STAFF, centre_id=employer.centre_id + 1)
    for actor in (stranger, far):
        with pytest.raises(NotFound):
            desks.pause_desk(session, actor, employer.key, ask(), now=now)
        with pytest.raises(NotFound):
            desks.limit_desk(session, actor, employer.key, 1, now=now)
    with pytest.raises(NotAllowed):
        desks.limit_desk(session, Actor(Role.PROSECUTOR), employer.key, 1, now=now)
    with pytest.raises(NotFound):
        desks.resume_desk(session, SYSTEM, employer.key, "nothing", now=now)
