"""The letter of a referral: who prints it, what stands on it, and what never does."""

from dataclasses import asdict
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.identities import Person
from matching.letters import print_letter
from quota.errors import NotAllowed, NotFound, WrongState
from quota.journal import Entry
from quota.rights import ACCOUNT_ROLES, Actor, Role
from tests.factories import REGION
from tests.matching.journey import Journey

PERSON = Person("Өтеғұлова", "Айгерім", "Ұлықбекқызы", phone="+7 700 000 00 00")


@pytest.fixture
def journey(session: Session, now: datetime) -> Journey:
    return Journey(session, now, candidate_fields={"person": PERSON, "number": "П-77"})


def test_the_letter_names_both_sides_the_days_and_the_acts(journey: Journey) -> None:
    referral = journey.issue()
    letter = print_letter(journey.session, journey.staff, referral.key, form="pdf", now=journey.now)
    assert (letter.number, letter.issued_on) == (1, journey.today)
    assert (letter.person, letter.employer) == ("Өтеғұлова Айгерім", journey.employer.name)
    assert (letter.come_by, letter.answer_by) == (referral.come_by, referral.answer_by)
    assert "Art. 15" in letter.come_act and "Art. 28" in letter.answer_act
    assert letter.place == {"kk": "Талғар", "ru": "Талгар"}


def test_the_letter_holds_no_code_number_category_or_record(journey: Journey) -> None:
    referral = journey.issue()
    letter = print_letter(journey.session, journey.staff, referral.key, form="pdf", now=journey.now)
    told = str(asdict(letter)).casefold()
    for hidden in (referral.answer_code, "п-77", "probation", "пробац", "+7 700", "ұлықбек"):
        assert hidden not in told


def test_a_print_is_journalled_without_the_name(journey: Journey) -> None:
    referral = journey.issue()
    print_letter(journey.session, journey.staff, referral.key, form="docx", now=journey.now)
    entry = journey.session.scalars(select(Entry).where(Entry.verb == "print_letter")).one()
    assert (entry.noun, entry.record_key) == ("referrals", referral.key)
    assert entry.detail == {"form": "docx"}


@pytest.mark.parametrize("role", [role for role in ACCOUNT_ROLES if role is not Role.STAFF])
def test_only_the_centre_prints_letters(journey: Journey, role: Role) -> None:
    referral = journey.issue()
    actor = Actor(role, territory=REGION, employer_id=journey.employer.id)
    with pytest.raises(NotAllowed):
        print_letter(journey.session, actor, referral.key, form="pdf", now=journey.now)


def test_another_centre_finds_no_letter(journey: Journey) -> None:
    referral = journey.issue()
    far = Actor(Role.STAFF, centre_id=journey.centre.id + 1)
    with pytest.raises(NotFound):
        print_letter(journey.session, far, referral.key, form="pdf", now=journey.now)


@pytest.mark.parametrize("state", ["hired", "refused", "cancelled", "expired"])
def test_a_referral_that_has_ended_has_no_letter(journey: Journey, state: str) -> None:
    referral = journey.bring(state)
    with pytest.raises(WrongState):
        print_letter(journey.session, journey.staff, referral.key, form="pdf", now=journey.now)
