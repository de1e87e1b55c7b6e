"""Obligations: places of today, and days kept within the year, by decree and memorandum apart."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from quota.decrees import Decree, Line
from quota.employers import Employer
from quota.errors import NotFound
from quota.obligations import read_obligations
from quota.rates import load_rates
from quota.rights import SYSTEM, Actor, Role
from quota.slots import Slot, Source, move_slot, open_slots
from tests.quota.conftest import add_pledge

DAY = timedelta(days=1)


def fill_slot(session: Session, slot: Slot, at: datetime) -> None:
    for verb in ("reserve", "refer", "fill"):
        move_slot(session, SYSTEM, slot, verb, now=at, holder=("k", None))


def test_a_place_filled_for_three_days_does_not_look_like_one_filled_for_a_year(
    session: Session, staff: Actor, employer: Employer, now: datetime
) -> None:
    early, late = add_pledge(session, employer, now), add_pledge(session, employer, now)
    [kept] = open_slots(session, SYSTEM, employer, early, count=1, now=now - 400 * DAY)
    [fresh] = open_slots(session, SYSTEM, employer, late, count=1, now=now - 400 * DAY)
    fill_slot(session, kept, now - 400 * DAY)
    fill_slot(session, fresh, now - 3 * DAY)
    first, second = read_obligations(session, staff, employer, now=now)
    assert (first.owed, first.filled) == (second.owed, second.filled) == (1, 1)
    assert (first.days_filled, first.days_owed, first.credit) == (365, 365, 100)
    assert (second.days_filled, second.days_owed, second.credit) == (3, 365, 0)


def test_decree_memorandum_and_beyond_stand_apart_with_their_terms(
    session: Session, staff: Actor, employer: Employer, now: datetime
) -> None:
    load_rates(session)
    decree = Decree(akimat="Ә", title="d", number="7", territory="/", centre_id=employer.centre_id)
    decree.valid_from = now.date()
    session.add(decree)
    session.flush()
    line = Line(decree_id=decree.id, employer_id=employer.id, category="probation", stated=2)
    session.add(line)
    session.flush()
    owed = Slot(source=Source.DECREE, line_id=line.id, category="probation")
    [taken, _] = open_slots(session, SYSTEM, employer, owed, count=2, now=now)
    move_slot(session, SYSTEM, taken, "reserve", now=now, holder=("k", "probation"))
    open_slots(session, SYSTEM, employer, add_pledge(session, employer, now), count=3, now=now)
    beyond = Slot(source=Source.BEYOND)
    [spare] = open_slots(session, SYSTEM, employer, beyond, count=1, now=now)
    move_slot(session, SYSTEM, spare, "close", now=now)
    rows = read_obligations(session, staff, employer, now=now)
    assert [row.source for row in rows] == ["decree", "memorandum", "beyond"]
    assert [row.owed for row in rows] == [2, 3, 0]
    assert (rows[0].on_the_way, rows[0].title, rows[0].key) == (1, "7", decree.key)
    assert rows[0].due_on is not None and rows[0].due_on.isoformat() == "2027-05-23"
    assert rows[0].credit is None, "no whole day has passed"


def test_only_within_reach(session: Session, employer: Employer, now: datetime) -> None:
    stranger = Actor(Role.EMPLOYER, employer_id=employer.id + 1)
    with pytest.raises(NotFound):
        read_obligations(session, stranger, employer, now=now)
