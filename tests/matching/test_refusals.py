"""Repeated refusals: who stands on the page of decisions, and who leaves it."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from matching import answers
from matching.refusals import list_repeated
from quota.errors import NotAllowed
from quota.rights import Actor, Role
from tests.matching.journey import Journey


def decline(journey: Journey, reason: str) -> None:
    if journey.proposal.state != "proposed":
        journey.proposal = journey.propose()
    referral = journey.issue()
    answers.decline(journey.session, journey.person, referral.key, reason=reason, now=journey.now)


def test_two_counted_refusals_raise_a_decision_and_a_decision_clears_them(
    session: Session, now: datetime
) -> None:
    journey = Journey(session, now)
    decline(journey, "not_interested")
    assert list_repeated(session, journey.staff, now=now) == []
    decline(journey, "conditions_disliked")
    (person,) = list_repeated(session, journey.staff, now=now)
    assert person.candidate_key == journey.candidate.key
    assert [row.reason for row in person.refused] == ["not_interested", "conditions_disliked"]
    answers.settle_declines(session, journey.staff, journey.candidate.key, note="Келістік", now=now)
    assert list_repeated(session, journey.staff, now=now) == []


@pytest.mark.parametrize("reason", ["pay_below_accepted", "against_restriction", "against_health"])
def test_an_excused_no_never_counts(session: Session, now: datetime, reason: str) -> None:
    journey = Journey(session, now)
    for _ in range(3):
        decline(journey, reason)
    assert list_repeated(session, journey.staff, now=now) == []


def test_only_the_own_centre_decides(session: Session, now: datetime) -> None:
    journey = Journey(session, now)
    decline(journey, "not_interested")
    decline(journey, "not_interested")
    far = Actor(Role.STAFF, centre_id=journey.centre.id + 1)
    assert list_repeated(session, far, now=now) == []
    for actor in (journey.probation, journey.boss, journey.person):
        with pytest.raises(NotAllowed):
            list_repeated(session, actor, now=now)
