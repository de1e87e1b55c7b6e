"""The slot ledger: after any history the places add up, and no two writers take one place."""

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.db import open_engine
from app.schema import METADATA
from quota import compliance, journal, slots
from quota.centres import Centre
from quota.employers import Employer
from quota.errors import Invalid, NotFound, WrongState
from quota.rights import SYSTEM, Actor, Role
from quota.sealing import Keyring
from quota.slots import Slot, SlotEvent, Source
from quota.states import SLOT
from tests.factories import HISTORIES
from tests.quota.conftest import add_centre, add_employer, add_place, add_pledge

STATES = ("open", "reserved", "held", "referred", "filled", "closed")
VERBS = sorted({verb for verb, _, _ in SLOT.rows})
PARTS = 4


@pytest.fixture(scope="module")
def memory() -> Iterator[Engine]:
    engine = open_engine("sqlite://")
    METADATA.create_all(engine)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("part", range(PARTS))
def test_after_any_history_the_places_add_up(memory: Engine, now: datetime, part: int) -> None:
    """Each history is a few fresh places under verbs drawn at random: some allowed, some refused."""
    draw = random.Random(part)
    with Session(memory) as session:
        centre = _centre(session)
        for number in range((HISTORIES or 400) // PARTS):
            with session.begin_nested() as history:
                _run_history(session, draw, centre, now, f"{number:012d}")
                history.rollback()
            session.expunge_all()
        session.rollback()


def _run_history(
    session: Session, draw: random.Random, centre: Centre, now: datetime, identifier: str
) -> None:
    employer = add_employer(session, centre, now, identifier)
    pattern = add_pledge(session, employer, now)
    pool = slots.open_slots(session, SYSTEM, employer, pattern, count=2, now=now)
    moment = now
    for _ in range(draw.randint(1, 9)):
        moment += timedelta(minutes=draw.randint(1, 50_000))
        _try_verb(session, draw, draw.choice(pool), moment)
    _check_ledger(session, employer, pool)
    _check_months(session, pool, now, moment)


def _centre(session: Session) -> Centre:
    add_place(session)
    return add_centre(session)


def _try_verb(session: Session, draw: random.Random, slot: Slot, moment: datetime) -> None:
    """Leans towards verbs the table allows, so that histories go deep."""
    verb = draw.choice(SLOT.verbs(slot.state)) if draw.random() < 0.8 else draw.choice(VERBS)
    before = (slot.state, slot.holder_key)
    holder = (f"k{draw.randint(1, 9)}", draw.choice(("probation", "released")))
    try:
        slots.move_slot(session, SYSTEM, slot, verb, now=moment, holder=holder)
    except WrongState:
        assert (slot.state, slot.holder_key) == before
    else:
        assert slot.state == SLOT.next(before[0], verb)


def _check_ledger(session: Session, employer: Employer, pool: list[Slot]) -> None:
    counts = slots.count_states(session, employer.id)
    assert set(counts["memorandum"]) <= set(STATES)
    assert sum(counts["memorandum"].values()) == len(pool)
    assert not counts["decree"] and not counts["beyond"]
    for slot in pool:
        assert (slot.holder_key is None) == (slot.state in ("open", "closed"))


def _check_months(session: Session, pool: list[Slot], first: datetime, last: datetime) -> None:
    """Every month of the ledger reconciles, and filled at its end is filled at the next one's start."""
    lines = {
        slot.id: list(
            session.scalars(
                select(SlotEvent).where(SlotEvent.slot_id == slot.id).order_by(SlotEvent.id)
            )
        )
        for slot in pool
    }
    filled_before, days = None, 0
    first, last = first.astimezone(compliance.ALMATY), last.astimezone(compliance.ALMATY)
    for number in range((last.year - first.year) * 12 + last.month - first.month + 1):
        year, month = divmod(first.year * 12 + first.month - 1 + number, 12)
        start, end = compliance.month_bounds(year, month + 1)
        tallies = [compliance.tally_slot(lines[slot.id], start=start, end=end) for slot in pool]
        total = sum(tallies[1:], tallies[0])
        moved = total.counted + total.hired - total.left
        assert total.filled_at_start + moved == total.filled_at_end <= total.owed <= len(pool)
        assert filled_before in (None, total.filled_at_start)
        assert 0 <= total.days <= len(pool) * (end - start).days
        days += total.days
        filled_before = total.filled_at_end
    assert filled_before == Counter(slot.state for slot in pool)["filled"]
    whole = compliance.month_bounds(first.year, first.month)[0]
    assert days == sum(compliance.tally_slot(lines[s.id], start=whole, end=end).days for s in pool)


def test_a_ledger_line_can_be_neither_changed_nor_removed(
    session: Session, employer: Employer, now: datetime
) -> None:
    slots.open_slots(session, SYSTEM, employer, Slot(source=Source.BEYOND), count=1, now=now)
    for statement in ("UPDATE slot_events SET verb = 'x'", "DELETE FROM slot_events"):
        with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
            session.execute(text(statement))


def test_eight_writers_never_overfill(any_engine: Engine, keyring: Keyring, now: datetime) -> None:
    """Each writer tries to take every place for its own holder, in its own transactions."""
    with Session(any_engine) as session:
        employer = add_employer(session, _centre(session), now, "500340000004")
        pattern = add_pledge(session, employer, now)
        opened = slots.open_slots(session, SYSTEM, employer, pattern, count=20, now=now)
        ids = [slot.id for slot in opened]
        session.commit()

    def take_all(writer: int) -> list[int]:
        return [id_ for id_ in ids if _take(any_engine, id_, f"writer{writer}", now)]

    with ThreadPoolExecutor(8) as pool:
        taken = [id_ for won in pool.map(take_all, range(8)) for id_ in won]
    assert sorted(taken) == sorted(ids), "each place has exactly one taker"
    with Session(any_engine) as session:
        events = session.scalars(select(SlotEvent).where(SlotEvent.verb == "reserve")).all()
        assert len(events) == len(ids)


def _take(engine: Engine, slot_id: int, holder: str, now: datetime) -> bool:
    with Session(engine) as session:
        slot = session.get_one(Slot, slot_id)
        try:
            slots.move_slot(session, SYSTEM, slot, "reserve", now=now, holder=(holder, None))
        except WrongState:
            return False
        session.commit()
        return True


def test_a_slot_of_one_category_takes_no_holder_of_another(
    session: Session, employer: Employer, now: datetime
) -> None:
    pattern = add_pledge(session, employer, now)
    pattern.category = "probation"
    [slot] = slots.open_slots(session, SYSTEM, employer, pattern, count=1, now=now)
    with pytest.raises(WrongState):
        slots.move_slot(session, SYSTEM, slot, "reserve", now=now, holder=("k", "released"))
    slots.move_slot(session, SYSTEM, slot, "reserve", now=now, holder=("k", "probation"))
    assert (slot.state, slot.holder_key, slot.holder_category) == ("reserved", "k", "probation")


def test_an_opening_balance_needs_a_document_and_a_day_that_has_been(
    session: Session, employer: Employer, staff: Actor, now: datetime
) -> None:
    pattern = add_pledge(session, employer, now)
    [slot] = slots.open_slots(session, staff, employer, pattern, count=1, now=now)
    for on, document in ((now.date(), " "), (now.date() + timedelta(days=1), "list")):
        with pytest.raises(Invalid):
            slots.count_opening(session, staff, slot, on=on, document=document, now=now)
    slots.count_opening(session, staff, slot, on=now.date(), document="list No. 3", now=now)
    assert slot.state == "filled"
    entry = session.scalars(
        select(journal.Entry).where(journal.Entry.verb == "count_opening")
    ).one()
    assert entry.reason == "2026-11-23 list No. 3"
    with pytest.raises(Invalid):
        slots.undo_opening(session, staff, slot, reason=" ", now=now)
    with pytest.raises(NotFound):
        slots.undo_opening(session, Actor(Role.STAFF, centre_id=-1), slot, reason="r", now=now)
    slots.undo_opening(session, staff, slot, reason="another person", now=now)
    assert slot.state == "open"


def test_a_hire_is_not_taken_back_as_an_opening_balance(
    session: Session, employer: Employer, staff: Actor, now: datetime
) -> None:
    pattern = add_pledge(session, employer, now)
    [slot] = slots.open_slots(session, staff, employer, pattern, count=1, now=now)
    for verb in ("reserve", "refer", "fill"):
        slots.move_slot(session, SYSTEM, slot, verb, now=now, holder=("k", "probation"))
    with pytest.raises(WrongState, match="filled_by_hire"):
        slots.undo_opening(session, staff, slot, reason="r", now=now)
    assert slot.state == "filled"


def test_closing_and_reopening_need_a_reason_and_the_right(
    session: Session, employer: Employer, staff: Actor, now: datetime
) -> None:
    pattern = add_pledge(session, employer, now)
    [slot] = slots.open_slots(session, staff, employer, pattern, count=1, now=now)
    other = Actor(Role.STAFF, centre_id=-1)
    with pytest.raises(NotFound):
        slots.close_slot(session, other, slot, reason="r", now=now)
    with pytest.raises(Invalid):
        slots.close_slot(session, staff, slot, reason=" ", now=now)
    slots.close_slot(session, staff, slot, reason="the contract ended", now=now)
    with pytest.raises(WrongState):
        slots.move_slot(session, SYSTEM, slot, "reserve", now=now, holder=("k", None))
    slots.reopen_slot(session, staff, slot, reason="it was renewed", now=now)
    assert slot.state == "open"


@pytest.mark.parametrize(
    ("source", "memorandum", "line"),
    [("memorandum", None, None), ("decree", 1, None), ("beyond", 1, None), ("beyond", None, 1)],
)
def test_a_source_needs_its_own_record_and_no_other(
    session: Session,
    employer: Employer,
    now: datetime,
    source: str,
    memorandum: int | None,
    line: int | None,
) -> None:
    pattern = Slot(source=source, memorandum_id=memorandum, line_id=line)
    with pytest.raises(Invalid):
        slots.open_slots(session, SYSTEM, employer, pattern, count=1, now=now)


def test_three_days_of_work_do_not_look_like_a_month(
    session: Session, employer: Employer, now: datetime
) -> None:
    pattern = add_pledge(session, employer, now)
    start = datetime(2026, 10, 1, tzinfo=UTC)
    kept, short = slots.open_slots(session, SYSTEM, employer, pattern, count=2, now=start)
    for slot in (kept, short):
        for hours, verb in ((1, "reserve"), (2, "refer"), (3, "fill")):
            slots.move_slot(
                session, SYSTEM, slot, verb, now=start + timedelta(hours=hours), holder=("k", None)
            )
    slots.move_slot(session, SYSTEM, short, "vacate", now=start + timedelta(days=3, hours=4))
    report = compliance.report_month(session, SYSTEM, year=2026, month=10, now=now)
    [row] = report.rows
    assert (row.tally.owed, row.tally.hired, row.tally.left) == (2, 2, 1)
    assert (row.tally.filled_at_end, row.tally.per_cent) == (1, 50)
    assert row.tally.days == 31 + 3
    assert report.totals == {"memorandum": row.tally}
