"""A vacancy follows its places: filled with the last hire, listed again with a place set free."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from matching import placements
from quota.rights import SYSTEM
from quota.slots import Slot, Source, open_slots
from tests.factories import OPENED
from tests.matching.journey import NOTE, Journey

TODAY = date(2026, 11, 23)


def test_a_vacancy_is_filled_with_its_last_place_and_listed_again(
    session: Session, now: datetime
) -> None:
    journey = Journey(session, now)
    pattern = Slot(source=Source.BEYOND, vacancy_id=journey.vacancy.id)
    [spare] = open_slots(session, SYSTEM, journey.employer, pattern, count=1, now=OPENED)
    placement = journey.hire()
    assert journey.vacancy.state == "listed", "a place is still open"
    spare.state = "closed"
    placements.end(session, journey.boss, placement.key, ("own_wish", TODAY), now=now)
    assert (journey.vacancy.state, journey.slot.state) == ("listed", "open")
    placements.undo_end(session, journey.staff, placement.key, note=NOTE, now=now)
    assert journey.vacancy.state == "filled"
    placements.end(session, journey.boss, placement.key, ("own_wish", TODAY), now=now)
    assert journey.vacancy.state == "listed"


def test_a_hire_taken_back_lists_the_vacancy_again(session: Session, now: datetime) -> None:
    journey = Journey(session, now)
    referral = journey.issue()
    placements.hire(session, journey.boss, referral.key, journey.contract(), now=now)
    assert journey.vacancy.state == "filled"
    placements.undo_hire(session, journey.boss, referral.key, note=NOTE, now=now)
    assert (journey.vacancy.state, journey.slot.state) == ("listed", "referred")
