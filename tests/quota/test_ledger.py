"""What papers, vacancies and late news do to the ledger: nothing is lost, counted twice or left behind."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from quota import annexes, compliance, listings, memoranda, pledges, slots, vacancies
from quota.annexes import Exemption
from quota.compliance import count_days, month_bounds, tally_slot
from quota.decrees import Decree, Line
from quota.employers import Employer
from quota.errors import WrongState
from quota.memoranda import Memorandum
from quota.rates import load_rates
from quota.rights import SYSTEM, Actor
from quota.slots import Slot
from quota.vacancies import Vacancy
from tests.quota.conftest import add_centre, add_employer, add_place, add_pledge

DAY = timedelta(days=1)
WORK = {"title": "дәнекерлеуші", "kato": "196220100", "pay_from": 200_000, "isco08": "7212"}


@pytest.fixture
def memorandum(session: Session, staff: Actor, employer: Employer, now: datetime) -> Memorandum:
    paper = Memorandum(number="17", signed_on=now.date(), pledged=2)
    memoranda.add_memorandum(session, staff, employer, paper, now=now)
    return pledges.sign(session, staff, paper.key, now=now)


@pytest.fixture
def line(session: Session, staff: Actor, employer: Employer, now: datetime) -> Line:
    load_rates(session)
    decree = Decree(akimat="Ә", title="d", territory="/", centre_id=employer.centre_id)
    session.add(decree)
    session.flush()
    row = Line(category="probation", stated=2, excluded=0)
    return annexes.enter_line(session, staff, decree, employer, row, now=now)


def move(session: Session, slot: Slot, *verbs: str, now: datetime, **more: object) -> Slot:
    for verb in verbs:
        holder = ("k", "probation")
        slots.move_slot(session, SYSTEM, slot, verb, now=now, holder=holder, **more)  # type: ignore[arg-type]
    return slot


def enlist(
    session: Session, staff: Actor, employer: Employer, now: datetime, **asked: int
) -> Vacancy:
    vacancy = vacancies.add_vacancy(session, staff, employer, WORK, now=now)
    return vacancies.list_vacancy(session, staff, vacancy.key, asked=asked, now=now)


def test_a_place_freed_under_an_ended_memorandum_is_not_offered_again(
    session: Session, staff: Actor, memorandum: Memorandum, now: datetime
) -> None:
    filled, sent = pledges.list_pledged_slots(session, memorandum)
    move(session, filled, "reserve", "refer", "fill", now=now)
    move(session, sent, "reserve", "refer", now=now)
    pledges.end(session, staff, memorandum.key, reason="over", now=now)
    assert (filled.state, sent.state) == ("filled", "referred")
    move(session, filled, "vacate", now=now)
    move(session, sent, "release", now=now)
    assert (filled.state, sent.state) == ("closed", "closed")
    verbs = [event.verb for event in slots.list_events(session, filled)]
    assert verbs == ["open", "reserve", "refer", "fill", "vacate", "close"]
    move(session, filled, "undo_vacate", now=now)
    assert (filled.state, filled.holder_key) == ("filled", "k")
    pledges.undo_end(session, staff, memorandum.key, reason="a mistake", now=now)
    assert sent.state == "open"
    assert move(session, filled, "vacate", now=now).state == "open"


def test_what_is_undone_needs_no_place_that_staff_closed(
    session: Session, staff: Actor, memorandum: Memorandum, now: datetime
) -> None:
    slot, _ = pledges.list_pledged_slots(session, memorandum)
    move(session, slot, "reserve", "refer", "fill", "vacate", now=now)
    slots.close_slot(session, staff, slot, reason="no such post any more", now=now)
    with pytest.raises(WrongState):
        move(session, slot, "undo_vacate", now=now)
    assert slot.is_taken


def test_staff_do_not_open_what_closed_with_its_paper(
    session: Session, staff: Actor, memorandum: Memorandum, now: datetime
) -> None:
    slot, other = pledges.list_pledged_slots(session, memorandum)
    slots.close_slot(session, staff, slot, reason="r", now=now)
    pledges.suspend(session, staff, memorandum.key, reason="r", now=now)
    with pytest.raises(WrongState, match="closed_with_paper"):
        slots.reopen_slot(session, staff, other, reason="r", now=now)
    slots.reopen_slot(session, staff, slot, reason="r", now=now)
    with pytest.raises(WrongState):
        slots.reopen_slot(session, staff, slot, reason="twice", now=now)


def test_a_pledge_that_grew_while_suspended_opens_what_it_added(
    session: Session, staff: Actor, memorandum: Memorandum, now: datetime
) -> None:
    pledges.suspend(session, staff, memorandum.key, reason="r", now=now)
    pledges.amend(session, staff, memorandum, {"pledged": 5}, now=now)
    pledges.resume(session, staff, memorandum.key, reason="r", now=now)
    found = pledges.list_pledged_slots(session, memorandum)
    assert [slot.state for slot in found] == ["open"] * 5


@pytest.mark.parametrize("before", ["active", "suspended", "draft"])
def test_an_ending_taken_back_leads_to_where_it_was(
    session: Session, staff: Actor, employer: Employer, now: datetime, before: str
) -> None:
    paper = Memorandum(number="3", signed_on=now.date(), pledged=1)
    memoranda.add_memorandum(session, staff, employer, paper, now=now)
    if before != "draft":
        pledges.sign(session, staff, paper.key, now=now)
    if before == "suspended":
        pledges.suspend(session, staff, paper.key, reason="r", now=now)
    leave = pledges.discard if before == "draft" else pledges.end
    leave(session, staff, paper.key, reason="r", now=now)
    pledges.undo_end(session, staff, paper.key, reason="a mistake", now=now)
    assert paper.state == before
    states = [slot.state for slot in pledges.list_pledged_slots(session, paper)]
    assert states == {"active": ["open"], "suspended": ["closed"], "draft": []}[before]


def test_a_line_that_grows_while_let_off_owes_nothing_more_yet(
    session: Session, staff: Actor, line: Line, now: datetime
) -> None:
    excuse = Exemption(excuse="staff_cut", document="order 4", starts_on=now.date())
    annexes.exempt(session, staff, line.key, excuse, now=now)
    annexes.amend_line(session, staff, line.key, {"stated": 4}, now=now)
    assert {slot.state for slot in annexes.list_line_slots(session, line)} == {"closed"}
    annexes.lift_exemption(session, staff, line.key, reason="hiring again", now=now)
    assert [slot.state for slot in annexes.list_line_slots(session, line)] == ["open"] * 4


def test_a_place_freed_under_a_withdrawn_vacancy_goes_back_to_the_employer(
    session: Session, staff: Actor, employer: Employer, line: Line, now: datetime
) -> None:
    vacancy = enlist(session, staff, employer, now, probation=1, beyond=1)
    owed, beyond = slots.list_listed(session, vacancy.id)
    for slot in (owed, beyond):
        move(session, slot, "reserve", "refer", now=now)
    listings.withdraw_vacancy(session, staff, vacancy.key, reason="r", now=now)
    for slot in (owed, beyond):
        move(session, slot, "release", now=now)
        listings.follow_slot(session, SYSTEM, slot, now=now)
    assert (owed.state, owed.vacancy_id) == ("open", None)
    assert beyond.state == "closed"
    again = enlist(session, staff, employer, now, probation=2)
    assert owed in slots.list_listed(session, again.id)


def test_a_writer_who_began_before_midnight_and_came_after_breaks_no_month(
    session: Session, employer: Employer, now: datetime
) -> None:
    """The clock of each request is its own: the later line may carry the earlier time."""
    midnight = datetime(2026, 11, 30, 19, tzinfo=UTC)
    pattern = add_pledge(session, employer, now)
    [slot] = slots.open_slots(session, SYSTEM, employer, pattern, count=1, now=now)
    move(session, slot, "reserve", "refer", now=now)
    move(session, slot, "fill", now=midnight + timedelta(seconds=1))
    move(session, slot, "vacate", now=midnight - timedelta(seconds=1))
    for month in (11, 12):
        later = datetime(2027, 1, 5, tzinfo=UTC)
        report = compliance.report_month(session, SYSTEM, year=2026, month=month, now=later)
        assert (report.rows[0].tally.hired, report.rows[0].tally.left) == ((0, 0), (1, 1))[
            month - 11
        ]


def test_the_days_of_months_add_up_to_those_of_the_whole(
    session: Session, employer: Employer, now: datetime
) -> None:
    pattern = add_pledge(session, employer, now)
    first = datetime(2026, 9, 1, 5, tzinfo=UTC)
    [slot] = slots.open_slots(session, SYSTEM, employer, pattern, count=1, now=first)
    move(session, slot, "reserve", "refer", "fill", now=datetime(2026, 9, 7, 11, tzinfo=UTC))
    move(session, slot, "vacate", now=datetime(2026, 10, 20, 4, tzinfo=UTC))
    move(session, slot, "reserve", "refer", "fill", now=datetime(2026, 10, 20, 8, tzinfo=UTC))
    move(session, slot, "vacate", now=datetime(2026, 12, 31, 18, 59, tzinfo=UTC))
    events = slots.list_events(session, slot)
    months = [month_bounds(2026, month) for month in (9, 10, 11, 12)]
    days = [tally_slot(events, start=start, end=end).days for start, end in months]
    assert days == [24, 31, 30, 30]
    whole = tally_slot(events, start=months[0][0], end=months[-1][1])
    assert whole.days == sum(days)


def days_of(session: Session, slot: Slot, until: datetime) -> int:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return count_days(
        slots.list_events(session, slot), start, until, lambda state: state == "filled"
    )


def test_credit_goes_by_the_days_worked_and_not_by_when_they_were_told(
    session: Session, employer: Employer, now: datetime
) -> None:
    pattern = add_pledge(session, employer, now)
    late, cheat, coming = slots.open_slots(
        session, SYSTEM, employer, pattern, count=3, now=now - 60 * DAY
    )
    today = now.date()
    for slot in (late, cheat, coming):
        move(session, slot, "reserve", "refer", now=now - 50 * DAY)
    move(session, late, "fill", now=now - 10 * DAY, holds_from=today - 40 * DAY)
    assert days_of(session, late, now) == 40, "a hire told thirty days late has earned them"
    move(session, cheat, "fill", now=now - 40 * DAY, holds_from=today - 40 * DAY)
    move(session, cheat, "vacate", now=now, holds_from=today - 37 * DAY)
    assert days_of(session, cheat, now) == 3, "a leaving kept back earns nothing"
    move(session, coming, "fill", now=now, holds_from=today + 5 * DAY)
    assert days_of(session, coming, now + 2 * DAY) == 0, "who has not begun earns nothing"
    assert days_of(session, coming, now + 8 * DAY) == 3


def test_a_hire_earns_nothing_before_the_person_was_sent(
    session: Session, employer: Employer, now: datetime
) -> None:
    pattern = add_pledge(session, employer, now)
    [slot] = slots.open_slots(session, SYSTEM, employer, pattern, count=1, now=now - 9 * DAY)
    move(session, slot, "reserve", "refer", now=now - 7 * DAY)
    move(session, slot, "fill", now=now, holds_from=date(2026, 1, 1))
    assert days_of(session, slot, now) == 7


def test_what_was_taken_back_never_was_and_overlapping_stays_count_once(
    session: Session, employer: Employer, now: datetime
) -> None:
    pattern = add_pledge(session, employer, now)
    [slot] = slots.open_slots(session, SYSTEM, employer, pattern, count=1, now=now - 60 * DAY)
    move(session, slot, "reserve", "refer", now=now - 50 * DAY)
    move(session, slot, "fill", now=now - 40 * DAY)
    move(session, slot, "undo_fill", now=now - 30 * DAY)
    assert days_of(session, slot, now) == 0, "the hire was an error"
    move(session, slot, "fill", now=now - 20 * DAY)
    move(session, slot, "vacate", now=now - 10 * DAY)
    move(session, slot, "reserve", "release", now=now - 9 * DAY)
    move(session, slot, "undo_vacate", now=now - 8 * DAY)
    assert days_of(session, slot, now) == 20, "the leaving was an error"
    move(session, slot, "vacate", now=now - 4 * DAY)
    move(session, slot, "reserve", "refer", now=now - 3 * DAY)
    move(session, slot, "fill", now=now - 2 * DAY, holds_from=(now - 12 * DAY).date())
    assert days_of(session, slot, now) == 16 + 3, "one place is one day's work a day"


def test_the_opening_balance_counts_from_its_day_but_not_before_the_place_was_owed(
    session: Session, employer: Employer, staff: Actor, now: datetime
) -> None:
    pattern = add_pledge(session, employer, now)
    opened = now - 20 * DAY
    early, known = slots.open_slots(session, staff, employer, pattern, count=2, now=opened)
    for slot, on in ((early, date(2020, 1, 1)), (known, (now - 5 * DAY).date())):
        slots.count_opening(session, staff, slot, on=on, document="list 3", now=now)
    assert (days_of(session, early, now), days_of(session, known, now)) == (20, 5)
    slots.undo_opening(session, staff, known, reason="another person", now=now)
    assert days_of(session, known, now) == 0


def test_after_midnight_in_almaty_today_is_no_day_to_come(
    session: Session, employer: Employer, staff: Actor, now: datetime
) -> None:
    night = datetime(2026, 11, 23, 20, tzinfo=UTC)  # one o'clock on the 24th in Almaty
    pattern = add_pledge(session, employer, now)
    [slot] = slots.open_slots(session, staff, employer, pattern, count=1, now=now)
    slots.count_opening(session, staff, slot, on=date(2026, 11, 24), document="d", now=night)
    assert slot.state == "filled"


def test_the_report_of_a_month_that_is_over_counts_the_vacancies_of_its_end(
    session: Session, staff: Actor, employer: Employer, memorandum: Memorandum, now: datetime
) -> None:
    load_rates(session)
    vacancy = enlist(session, staff, employer, now, any=1)
    december = now + 10 * DAY
    listings.withdraw_vacancy(session, staff, vacancy.key, reason="r", now=december)

    def count(month: int) -> int:
        later = december + DAY
        report = compliance.report_month(session, staff, year=2026, month=month, now=later)
        return report.rows[0].open_vacancies

    assert (count(11), count(12)) == (1, 0)


def test_two_vacancies_never_draw_the_same_place(any_engine: Engine, now: datetime) -> None:
    """Each of eight writers lists a vacancy of its own on the employer's two places."""
    with Session(any_engine) as session:
        load_rates(session)
        add_place(session)
        employer = add_employer(session, add_centre(session), now, "500340000004")
        pattern = add_pledge(session, employer, now)
        slots.open_slots(session, SYSTEM, employer, pattern, count=2, now=now)
        drafts = [
            vacancies.add_vacancy(session, SYSTEM, employer, WORK, now=now).key for _ in range(8)
        ]
        session.commit()

    def enlist_one(key: str) -> bool:
        with Session(any_engine) as session:
            try:
                vacancies.list_vacancy(session, SYSTEM, key, asked={"any": 1}, now=now)
            except WrongState:
                return False
            session.commit()
            return True

    with ThreadPoolExecutor(8) as pool:
        won = sum(pool.map(enlist_one, drafts))
    with Session(any_engine) as session:
        listed = select(func.count()).where(Vacancy.state == "listed")
        drawn = select(func.count(func.distinct(Slot.vacancy_id)))
        assert session.scalar(listed) == session.scalar(drawn) == won
    assert 1 <= won <= 2
