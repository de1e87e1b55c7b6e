"""Reference books: each change needs its act, is kept in the journal, and holds at once."""

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quota import journal, references
from quota.calendar import is_working_day
from quota.errors import Invalid, NotAllowed, NotFound
from quota.places import Place, TravelTime, travel_table
from quota.rates import Rate, rate_on
from quota.rights import Actor, Role

STAFF = Actor(Role.STAFF, centre_id=1)
NEW_YEAR = date(2027, 1, 1)


def wage(**given: object) -> Rate:
    fields = {"code": "minimum_wage", "valid_from": NEW_YEAR, "value": 92_000, "act": "Law"}
    return Rate(**{"unit": "tenge", **fields, **given})


def test_a_rate_holds_from_its_day_and_may_be_corrected(session: Session, now: datetime) -> None:
    references.set_rate(session, STAFF, wage(), now=now)
    references.set_rate(session, STAFF, wage(value=93_000), now=now)
    assert rate_on(session, "minimum_wage", NEW_YEAR) == 93_000
    assert len(references.list_rates(session)) == 1
    entries = session.scalars(select(journal.Entry).order_by(journal.Entry.id)).all()
    assert [(e.verb, e.detail["before"]) for e in entries] == [("set", None), ("set", 92_000)]


@pytest.mark.parametrize(
    "given", [{"act": " "}, {"value": -1}, {"unit": "euro"}, {"code": "x" * 29}, {"code": "a b"}]
)
def test_a_rate_needs_its_act_and_a_sensible_value(
    session: Session, now: datetime, given: dict[str, object]
) -> None:
    with pytest.raises(Invalid):
        references.set_rate(session, STAFF, wage(**given), now=now)


def add_places(session: Session) -> None:
    for kato in ("191010000", "196220100"):
        session.add(Place(kato=kato, kind="town", name_ru=kato, name_kk=kato, path=f"/{kato}/"))
    session.flush()


def time(minutes: int, *, back: bool = False, means: str = "bus") -> TravelTime:
    pair = ("191010000", "196220100")
    start, end = reversed(pair) if back else pair
    return TravelTime(from_kato=start, to_kato=end, means=means, minutes=minutes)


def test_a_pair_of_places_has_one_time_whichever_way_it_is_given(
    session: Session, now: datetime
) -> None:
    add_places(session)
    references.set_travel_time(session, STAFF, time(70), now=now)
    known = references.set_travel_time(session, STAFF, time(65, back=True), now=now)
    assert travel_table(session)["196220100", "191010000"] == 65
    assert len(references.list_travel_times(session)) == 1
    references.remove_travel_time(session, STAFF, known.key, now=now)
    assert travel_table(session) == {}
    with pytest.raises(NotFound):
        references.remove_travel_time(session, STAFF, known.key, now=now)


def test_a_time_needs_known_places_and_sensible_minutes(session: Session, now: datetime) -> None:
    with pytest.raises(NotFound):
        references.set_travel_time(session, STAFF, time(70), now=now)
    add_places(session)
    same = TravelTime(from_kato="191010000", to_kato="191010000", means="bus", minutes=5)
    for wrong in (time(0), time(1441), time(5, means="horse"), same):
        with pytest.raises(Invalid):
            references.set_travel_time(session, STAFF, wrong, now=now)


def test_a_moved_day_counts_until_it_is_taken_back(session: Session, now: datetime) -> None:
    saturday = date(2026, 11, 28)
    with pytest.raises(Invalid):
        references.set_transferred_day(session, STAFF, saturday, works=True, act=" ", now=now)
    references.set_transferred_day(session, STAFF, saturday, works=True, act="No. 1", now=now)
    assert is_working_day(session, saturday)
    references.set_transferred_day(session, STAFF, saturday, works=False, act="No. 2", now=now)
    assert not is_working_day(session, saturday)
    assert [d.act for d in references.list_transferred_days(session)] == ["No. 2"]
    references.remove_transferred_day(session, STAFF, saturday, now=now)
    with pytest.raises(NotFound):
        references.remove_transferred_day(session, STAFF, saturday, now=now)


@pytest.mark.parametrize("role", [Role.EMPLOYER, Role.PROBATION, Role.PROSECUTOR, Role.CLERK])
def test_only_the_office_edits(session: Session, now: datetime, role: Role) -> None:
    actor = Actor(role, territory="/")
    with pytest.raises(NotAllowed):
        references.set_rate(session, actor, wage(), now=now)
    with pytest.raises(NotAllowed):
        references.set_travel_time(session, actor, time(5), now=now)
    with pytest.raises(NotAllowed):
        references.set_transferred_day(session, actor, NEW_YEAR, works=True, act="x", now=now)
