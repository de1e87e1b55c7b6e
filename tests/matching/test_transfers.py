"""Transfers: off one referral, onto another vacancy by every hard rule, or nothing at all."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import transfers
from matching.candidates import Restriction
from matching.choices import Choice, choose_professions
from matching.consents import MATCHING, Consent
from matching.rounds import Proposal
from quota.errors import Invalid, NotAllowed, WrongState
from quota.rights import SYSTEM
from quota.slots import Slot
from tests.factories import OPENED
from tests.matching.journey import Journey
from tests.matching.scene import make_opening


@pytest.fixture
def journey(session: Session, now: datetime) -> Journey:
    journey = Journey(session, now, vacancy_fields={"isco08": "7112"})

    choose_professions(
        session, SYSTEM, journey.candidate, [Choice(title="m", isco08="7112")], now=now
    )
    given = Consent(candidate_id=journey.candidate.id, scope=MATCHING, state="given")
    given.asked_at = OPENED
    session.add(given)
    return journey


def test_a_transfer_frees_one_slot_and_reserves_the_other(journey: Journey) -> None:
    session, referral = journey.session, journey.issue()
    other = make_opening(session, journey.employer, title="Другая")
    offered = transfers.list_targets(session, journey.staff, referral.key, now=journey.now)
    assert [job.key for job in offered] == [other.key]
    made = transfers.transfer(session, journey.staff, referral.key, other.key, now=journey.now)
    assert (referral.state, referral.reason) == ("cancelled", "transferred")
    assert (made.state, made.vacancy_id, made.supervised) == ("proposed", other.id, True)
    assert made.score > 0 and made.score == sum(made.parts.values())
    assert journey.slot.state == "open"
    assert session.get_one(Slot, made.slot_id).state == "reserved"


def test_what_a_rule_bars_changes_nothing(journey: Journey) -> None:
    session, referral = journey.session, journey.issue()
    other = make_opening(session, journey.employer, flags=["minors"])
    restriction = Restriction(candidate_id=journey.candidate.id, rule="minors", entered_at=OPENED)
    session.add(restriction)
    with pytest.raises(WrongState):
        transfers.transfer(session, journey.staff, referral.key, other.key, now=journey.now)
    session.refresh(referral)
    assert (referral.state, journey.slot.state) == ("issued", "referred")
    assert len(session.scalars(select(Proposal)).all()) == 1


def test_only_vacancies_that_are_offered_and_only_by_the_centre(journey: Journey) -> None:
    session, referral = journey.session, journey.issue()
    for key in (journey.vacancy.key, "nothing"):
        with pytest.raises(Invalid):
            transfers.transfer(session, journey.staff, referral.key, key, now=journey.now)
    for actor in (journey.boss, journey.probation):
        with pytest.raises(NotAllowed):
            transfers.list_targets(session, actor, referral.key, now=journey.now)


def test_a_referral_that_has_ended_is_not_transferred(journey: Journey) -> None:
    referral = journey.bring("refused")
    other = make_opening(journey.session, journey.employer)
    with pytest.raises(WrongState):
        transfers.transfer(journey.session, journey.staff, referral.key, other.key, now=journey.now)
