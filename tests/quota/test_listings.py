"""The life of a vacancy: its places come and go with it, and every step is as the table says."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quota import board, ledger, listings, slots, vacancies
from quota.board import VacancyFilter
from quota.employers import Employer
from quota.errors import Invalid, NotFound, WrongState
from quota.rates import MINIMUM_WAGE, Rate, load_rates
from quota.requirements import check_fields
from quota.rights import SYSTEM, Actor, Role
from quota.slots import Slot, Source
from quota.states import VACANCY
from quota.vacancies import Vacancy
from tests.quota.conftest import add_pledge

JOB = {"title": "Сварщик", "kato": "196220100", "pay_from": 180_000, "isco08": "7212"}


@pytest.fixture
def pledged(session: Session, employer: Employer, now: datetime) -> list[Slot]:
    load_rates(session)
    return slots.open_slots(
        session, SYSTEM, employer, add_pledge(session, employer, now), count=3, now=now
    )


@pytest.fixture
def vacancy(
    session: Session, staff: Actor, employer: Employer, pledged: list[Slot], now: datetime
) -> Vacancy:
    return vacancies.add_vacancy(session, staff, employer, JOB, now=now)


def enlist(
    session: Session, staff: Actor, vacancy: Vacancy, now: datetime, **asked: int
) -> Vacancy:
    return vacancies.list_vacancy(session, staff, vacancy.key, asked=asked, now=now)


def held(session: Session, vacancy: Vacancy, state: str = "open") -> int:
    return sum(slot.state == state for slot in slots.list_listed(session, vacancy.id))


def test_withdrawing_frees_places_and_undoing_takes_them_again(
    session: Session, staff: Actor, vacancy: Vacancy, pledged: list[Slot], now: datetime
) -> None:
    enlist(session, staff, vacancy, now, any=2, beyond=1)
    taken = slots.list_listed(session, vacancy.id)[0]
    slots.move_slot(session, SYSTEM, taken, "reserve", now=now, holder=("k", None))
    listings.withdraw_vacancy(session, staff, vacancy.key, reason="no orders", now=now)
    assert (held(session, vacancy), held(session, vacancy, "reserved")) == (0, 1)
    assert len(slots.find_free_slots(session, vacancy.employer_id, category=None)) == 2
    listings.undo_withdraw(session, staff, vacancy.key, now=now)
    assert (held(session, vacancy), held(session, vacancy, "reserved")) == (2, 1)
    beyond = session.scalars(select(Slot).where(Slot.source == Source.BEYOND)).all()
    assert len(beyond) == 1, "the place beyond quota is opened again, not doubled"


def test_undoing_makes_do_with_fewer_places_and_renewing_does_not(
    session: Session, staff: Actor, employer: Employer, vacancy: Vacancy, now: datetime
) -> None:
    enlist(session, staff, vacancy, now, any=3)
    listings.withdraw_vacancy(session, staff, vacancy.key, reason="r", now=now)
    second = vacancies.add_vacancy(session, staff, employer, JOB, now=now)
    enlist(session, staff, second, now, any=2)
    listings.undo_withdraw(session, staff, vacancy.key, now=now)
    assert held(session, vacancy) == 1
    vacancy.expires_on = now.date() - timedelta(days=1)
    session.flush()
    assert listings.expire_due(session, SYSTEM, now=now) == 1
    assert listings.expire_due(session, SYSTEM, now=now) == 0
    with pytest.raises(WrongState), session.begin_nested():
        listings.renew_vacancy(session, staff, vacancy.key, expires_on=None, now=now)
    session.expire_all()
    listings.withdraw_vacancy(session, staff, second.key, reason="r", now=now)
    listings.renew_vacancy(session, staff, vacancy.key, expires_on=date(2027, 1, 1), now=now)
    assert (vacancy.state, held(session, vacancy)) == ("listed", 3)


def test_a_term_that_is_over_must_be_renewed(
    session: Session, staff: Actor, vacancy: Vacancy, now: datetime
) -> None:
    enlist(session, staff, vacancy, now, any=1)
    listings.pause_vacancy(session, staff, vacancy.key, now=now)
    vacancy.expires_on = now.date() - timedelta(days=1)
    with pytest.raises(WrongState):
        listings.resume_vacancy(session, staff, vacancy.key, now=now)
    with pytest.raises(Invalid):
        past = now.date() - timedelta(days=1)
        listings.renew_vacancy(session, staff, vacancy.key, expires_on=past, now=now)
    listings.renew_vacancy(session, staff, vacancy.key, expires_on=now.date(), now=now)
    listings.resume_vacancy(session, staff, vacancy.key, now=now)
    assert vacancy.state == "listed"


def test_a_vacancy_follows_its_last_place(
    session: Session, staff: Actor, vacancy: Vacancy, now: datetime
) -> None:
    enlist(session, staff, vacancy, now, any=1)
    [slot] = slots.list_listed(session, vacancy.id)
    listings.mark_filled(session, SYSTEM, vacancy, now=now)
    assert vacancy.state == "listed"
    for verb in ("reserve", "refer", "fill"):
        slots.move_slot(session, SYSTEM, slot, verb, now=now, holder=("k", None))
    listings.mark_filled(session, SYSTEM, vacancy, now=now)
    assert vacancy.state == "filled"
    slots.move_slot(session, SYSTEM, slot, "vacate", now=now)
    listings.mark_filled(session, SYSTEM, vacancy, now=now)
    assert vacancy.state == "listed"


def test_a_copy_is_a_draft_of_the_same_text(
    session: Session, staff: Actor, vacancy: Vacancy, now: datetime
) -> None:
    fields = {
        "number": "В-1",
        "skills": "TIG",
        "essential": ["own mask"],
        "expires_on": date(2027, 1, 1),
    }
    vacancies.change_vacancy(session, staff, vacancy.key, fields, now=now)
    copy = listings.copy_vacancy(session, staff, vacancy.key, now=now)
    assert (copy.state, copy.number, copy.expires_on) == ("draft", "", None)
    assert (copy.skills, copy.essential, copy.isco08) == ("TIG", ["own mask"], "7212")


STEPS = {
    "pause": lambda *a, **k: listings.pause_vacancy(*a, **k),
    "resume": lambda *a, **k: listings.resume_vacancy(*a, **k),
    "withdraw": lambda *a, **k: listings.withdraw_vacancy(*a, reason="r", **k),
    "undo_withdraw": lambda *a, **k: listings.undo_withdraw(*a, **k),
}


@pytest.mark.parametrize("verb", STEPS)
@pytest.mark.parametrize("state", VACANCY.states)
def test_each_step_from_each_state_is_as_the_table_says(
    session: Session, staff: Actor, vacancy: Vacancy, now: datetime, state: str, verb: str
) -> None:
    vacancy.state = state
    session.flush()
    allowed = {new for name, old, new in VACANCY.rows if (name, old) == (verb, state)}
    if allowed:
        STEPS[verb](session, staff, vacancy.key, now=now)
        assert {vacancy.state} == allowed
    else:
        with pytest.raises(WrongState):
            STEPS[verb](session, staff, vacancy.key, now=now)


def test_another_employer_s_vacancy_does_not_exist(
    session: Session, vacancy: Vacancy, now: datetime
) -> None:
    stranger = Actor(Role.EMPLOYER, employer_id=-1)
    for step in STEPS.values():
        with pytest.raises(NotFound):
            step(session, stranger, vacancy.key, now=now)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"pay_from": 84_999}, "pay_from"),
        ({"pay_from": 90_000, "pay_to": 89_999}, "pay_to"),
        ({"regime": "never"}, "regime"),
        ({"character": "x"}, "character"),
        ({"conditions": "x"}, "conditions"),
        ({"education": "x"}, "education"),
        ({"flags": ["x"]}, "flags"),
        ({"support": ["gold"]}, "support"),
        ({"experience_years": 51}, "experience_years"),
        ({"shifts": [{"days": "18", "start": "08:00", "end": "17:00"}]}, "shifts"),
        ({"shifts": [{"days": "11", "start": "08:00", "end": "17:00"}]}, "shifts"),
        ({"shifts": [{"days": "1", "start": "8:00", "end": "17:00"}]}, "shifts"),
        ({"shifts": [{"days": "1", "start": "25:00", "end": "17:00"}]}, "shifts"),
        ({"languages": [{"language": "kk", "level": "fluent"}]}, "languages"),
        ({"asked": {"any": -1}}, "places"),
    ],
)
def test_each_field_is_checked(
    session: Session, now: datetime, fields: dict[str, Any], field: str
) -> None:
    load_rates(session)
    assert [f.field for f in check_fields(session, fields, now=now)] == [field]


def test_what_was_written_earlier_goes_out_only_if_it_could_be_written_today(
    session: Session, staff: Actor, employer: Employer, pledged: list[Slot], now: datetime
) -> None:
    """The minimum wage rises and terms pass between the draft and the day it is listed or renewed."""
    later = now + timedelta(days=40)
    cheap = JOB | {"pay_from": 85_000}
    stale = vacancies.add_vacancy(session, staff, employer, cheap, now=now)
    out = enlist(
        session, staff, vacancies.add_vacancy(session, staff, employer, cheap, now=now), now, any=1
    )
    listings.pause_vacancy(session, staff, out.key, now=now)
    wage = Rate(
        code=MINIMUM_WAGE, valid_from=(now + timedelta(days=30)).date(), value=95_000, act="x"
    )
    session.add(wage)
    session.flush()
    steps: dict[str, Callable[[], object]] = {
        "list": lambda: enlist(session, staff, stale, later, any=1),
        "resume": lambda: listings.resume_vacancy(session, staff, out.key, now=later),
        "renew": lambda: listings.renew_vacancy(
            session, staff, out.key, expires_on=None, now=later
        ),
    }
    for name, step in steps.items():
        with pytest.raises(Invalid) as refusal:
            step()
        assert [f.field for f in refusal.value.faults] == ["pay_from"], name
    assert (stale.state, out.state) == ("draft", "paused")
    over = JOB | {"expires_on": (now + timedelta(days=9)).date()}
    draft = vacancies.add_vacancy(session, staff, employer, over, now=now)
    with pytest.raises(Invalid) as refusal:
        enlist(session, staff, draft, later, any=1)
    assert [f.field for f in refusal.value.faults] == ["expires_on"]


def test_places_are_of_categories_that_an_act_knows(
    session: Session, staff: Actor, employer: Employer, vacancy: Vacancy, now: datetime
) -> None:
    with pytest.raises(Invalid):
        vacancies.change_vacancy(session, staff, vacancy.key, {"asked": {"nonsense": 1}}, now=now)
    with pytest.raises(Invalid):
        enlist(session, staff, vacancy, now, nonsense=1)
    pattern = add_pledge(session, employer, now)
    pattern.category = "disabled"
    slots.open_slots(session, SYSTEM, employer, pattern, count=1, now=now)
    assert slots.list_free_categories(session, employer.id) == ["disabled"]
    enlist(session, staff, vacancy, now, disabled=1)
    assert [s.category for s in slots.list_listed(session, vacancy.id)] == ["disabled"]


def test_night_shifts_and_several_sites_are_kept(
    session: Session, staff: Actor, vacancy: Vacancy, now: datetime
) -> None:
    night = [
        {"days": "12345", "start": "22:00", "end": "06:00"},
        {"days": "67", "start": "08:00", "end": "20:00"},
    ]
    sites = [{"kato": "196220100", "address": "second shop"}]
    changed = {"shifts": night, "sites": sites, "regime": "shifts"}
    vacancies.change_vacancy(session, staff, vacancy.key, changed, now=now)
    session.flush()
    session.expire_all()
    assert (vacancy.shifts, vacancy.sites) == (night, sites)
    with pytest.raises(NotFound):
        wrong = {"sites": [{"kato": "000000000", "address": ""}]}
        vacancies.change_vacancy(session, staff, vacancy.key, wrong, now=now)


def test_the_board_narrows_by_every_filter(
    session: Session, staff: Actor, employer: Employer, vacancy: Vacancy, now: datetime
) -> None:
    enlist(session, staff, vacancy, now, any=1)
    found = {
        "state": ("listed", "draft"),
        "district": ("196200000", "750000000"),
        "profession": ("72", "9"),
        "employer": (employer.key, "nobody"),
        "category": ("released", None),
    }
    for name, (hit, miss) in found.items():
        assert board.count_vacancies(session, staff, VacancyFilter(**{name: hit})) == 1, name
        if miss:
            assert board.count_vacancies(session, staff, VacancyFilter(**{name: miss})) == 0, name
    [row] = board.list_vacancies(session, staff, VacancyFilter(), limit=10)
    assert (row.places, row.open_places, row.employer_name) == (1, 1, employer.name)
    own = Actor(Role.EMPLOYER, employer_id=-1)
    assert board.list_vacancies(session, own, VacancyFilter(), limit=10) == []


def test_places_are_closed_and_reopened_by_cause(
    session: Session, employer: Employer, pledged: list[Slot], now: datetime
) -> None:
    assert ledger.close_open(session, SYSTEM, pledged, "exempt", reason="r", now=now) == 3
    assert ledger.reopen_closed(session, SYSTEM, pledged, ("ended",), reason="r", now=now) == 0
    assert ledger.reopen_closed(session, SYSTEM, pledged, ("exempt",), reason="r", now=now) == 3
