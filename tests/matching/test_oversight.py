"""What waits on prosecutor, administrator and data-protection officer, each within reach."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from matching import oversight, privacy
from matching.privacy import Kind
from quota import accounts
from quota.memoranda import Memorandum
from quota.rights import ACCOUNT_ROLES, SYSTEM, Actor, Role
from tests.factories import REGION, make_account, make_employer, make_slots
from tests.matching.journey import Journey


@pytest.fixture
def journey(session: Session, now: datetime) -> Journey:
    return Journey(session, now)


def due_of(journey: Journey, role: Role, *, territory: str = REGION) -> dict[str, tuple[int, int]]:
    actor = Actor(role, territory=territory)
    found = oversight.list_due(journey.session, actor, now=journey.now)
    return {due.code: (due.number, due.late) for due in found}


def test_a_prosecutor_sees_pledges_that_end_and_employers_who_never_answer(
    journey: Journey,
) -> None:
    assert due_of(journey, Role.PROSECUTOR) == {}
    silent = make_employer(journey.session, centre_id=journey.centre.id, referrals_sent=3)
    (slot,) = make_slots(journey.session, silent)
    memorandum = journey.session.get_one(Memorandum, slot.memorandum_id)
    memorandum.ends_on = journey.today + timedelta(days=30)
    journey.session.flush()
    assert due_of(journey, Role.PROSECUTOR) == {
        "pledges_ending": (1, 0),
        "silent_employers": (1, 0),
    }
    assert due_of(journey, Role.PROSECUTOR, territory="/750000000/") == {}


def test_an_administrator_sees_guessing_and_firms_without_a_door(journey: Journey) -> None:
    unchecked = due_of(journey, Role.ADMINISTRATOR)
    assert set(unchecked) == {"rates_unchecked"}
    journey.issue()
    for _ in range(accounts.FREE_ATTEMPTS):
        accounts.sign_in(journey.session, "nobody", "wrong", now=journey.now)
    found = due_of(journey, Role.ADMINISTRATOR)
    assert (found["logins_guessed"], found["firms_without_account"]) == ((1, 0), (1, 0))
    make_account(journey.session, Role.EMPLOYER, employer_id=journey.employer.id)
    journey.now += timedelta(days=1)
    assert due_of(journey, Role.ADMINISTRATOR) == unchecked


def test_an_officer_sees_requests_with_their_terms_and_records_past_theirs(
    journey: Journey,
) -> None:
    session, key = journey.session, journey.candidate.key
    args = (session, SYSTEM, key, Kind.ACCESS)
    privacy.enter_request(*args, asked_on=journey.today, now=journey.now)
    assert due_of(journey, Role.OFFICER) == {"requests_open": (1, 0)}
    journey.wait(5)
    journey.candidate.retain_until = date(2026, 1, 1)
    assert due_of(journey, Role.OFFICER) == {"requests_open": (1, 1), "records_expired": (1, 0)}


@pytest.mark.parametrize(
    "role",
    [r for r in ACCOUNT_ROLES if r not in (Role.PROSECUTOR, Role.ADMINISTRATOR, Role.OFFICER)],
)
def test_the_other_roles_oversee_nothing(journey: Journey, role: Role) -> None:
    assert due_of(journey, role) == {}
