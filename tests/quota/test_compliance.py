"""The month's report: reaches, months in Almaty days, and rows that do not reconcile."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from quota import compliance, slots
from quota.compliance import DoesNotAddUp, QuotaRow, Tally
from quota.employers import Employer
from quota.errors import NotAllowed
from quota.rights import SYSTEM, Actor, Role
from tests.quota.conftest import add_pledge

GOOD = Tally(owed=5, filled_at_start=1, counted=1, hired=3, left=2, filled_at_end=3, days=60)
ROW = QuotaRow("key", "name", "196200000", "decree", GOOD, 0)


def test_a_month_begins_at_midnight_in_almaty() -> None:
    start, end = compliance.month_bounds(2026, 12)
    assert start == datetime(2026, 11, 30, 19, tzinfo=UTC)
    assert end == datetime(2026, 12, 31, 19, tzinfo=UTC)


def test_rows_that_reconcile_are_summed_by_source() -> None:
    rows = [ROW, replace(ROW, source="memorandum"), ROW]
    totals = compliance.add_up(rows)
    assert totals == {"decree": GOOD + GOOD, "memorandum": GOOD}


@pytest.mark.parametrize(
    "change", [{"hired": 10}, {"left": 0}, {"filled_at_start": 2}, {"owed": 2}, {"counted": 0}]
)
def test_a_row_that_does_not_reconcile_is_refused_by_name(change: dict[str, int]) -> None:
    with pytest.raises(DoesNotAddUp) as refusal:
        compliance.add_up([ROW, replace(ROW, employer_key="bad", tally=replace(GOOD, **change))])
    assert refusal.value.params == {"employer": "bad", "source": "decree"}


def test_a_place_that_stands_otherwise_than_its_lines_say_is_refused(
    session: Session, employer: Employer, staff: Actor, now: datetime
) -> None:
    pattern = add_pledge(session, employer, now)
    (slot,) = slots.open_slots(session, SYSTEM, employer, pattern, count=1, now=now)
    slot.state = "filled"
    session.flush()
    later = now + timedelta(hours=1)
    with pytest.raises(DoesNotAddUp, match="ledger_differs") as refusal:
        compliance.report_month(session, staff, year=2026, month=11, now=later)
    assert refusal.value.row.employer_name == employer.name


def test_an_empty_quota_has_no_per_cent() -> None:
    assert Tally().per_cent is None
    assert Tally(owed=3, filled_at_end=2).per_cent == 66


def test_each_reads_the_rows_within_the_own_reach(
    session: Session, employer: Employer, staff: Actor, now: datetime
) -> None:
    pattern = add_pledge(session, employer, now)
    slots.open_slots(session, SYSTEM, employer, pattern, count=2, now=now)

    def rows(actor: Actor) -> int:
        report = compliance.report_month(session, actor, year=2026, month=11, now=now)
        return len(report.rows)

    assert rows(staff) == rows(Actor(Role.EMPLOYER, employer_id=employer.id)) == 1
    assert rows(Actor(Role.PROSECUTOR, territory="/190000000/")) == 1
    assert rows(Actor(Role.PROSECUTOR, territory="/750000000/")) == 0
    assert rows(Actor(Role.STAFF, centre_id=-1)) == rows(Actor(Role.EMPLOYER, employer_id=-1)) == 0
    with pytest.raises(NotAllowed):
        rows(Actor(Role.SPECIALIST))
