"""Whom probation finds by the whole number: written down each time, slowed down, and only while it may be."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import consents, lookups, merges, restrictions, withdrawals
from matching.candidates import Candidate
from matching.consents import Consent, Evidence, Form
from matching.identities import Person
from matching.lookups import look_up
from matching.restrictions import NewRestriction
from quota.accounts import FREE_ATTEMPTS
from quota.errors import NotAllowed, NotFound
from quota.installation import mark_demonstration
from quota.journal import Entry
from quota.rights import SYSTEM, Actor, Role
from tests.factories import REGION, make_account, make_candidate, make_centre

AIDOS = Person("Сейітов", "Айдос", iin="990101500006")
NOBODY = "990101500708"
MINORS = NewRestriction("minors", legal_basis="приговор № 1-77/2025")


@pytest.fixture
def probation(session: Session) -> Actor:
    account = make_account(session, Role.PROBATION)
    return Actor(Role.PROBATION, account_id=account.id, territory=REGION)


@pytest.fixture
def freed(session: Session) -> Candidate:
    mark_demonstration(session)
    return make_candidate(session, make_centre(session).id, status="released", person=AIDOS)


def agree(session: Session, candidate: Candidate, now: datetime) -> Consent:
    consent = consents.ask_matching(session, SYSTEM, candidate.key, now=now)
    evidence = Evidence(Form.PAPER, now.date(), "С-1")
    return consents.give(session, SYSTEM, consent.key, evidence, now=now)


@pytest.mark.parametrize("status", ["released", "last_year"])
def test_past_convictions_count_for_people_without_supervision(
    session, probation, freed, now, status: str
) -> None:
    freed.status = status
    assert look_up(session, probation, AIDOS.iin, now=now).candidate is None
    agree(session, freed, now)
    assert look_up(session, probation, f" {AIDOS.iin} ", now=now).candidate is freed
    restrictions.add_restriction(session, probation, freed.key, MINORS, now=now)
    staff = Actor(Role.STAFF, centre_id=freed.centre_id)
    told = restrictions.list_effects(session, staff, freed, now=now)
    assert [effect.code for effect in told] == ["not_every_workplace"]
    with pytest.raises(NotAllowed):
        look_up(session, staff, AIDOS.iin, now=now)


def test_whoever_is_out_of_reach_is_missed_like_nobody(session, probation, freed, now) -> None:
    agree(session, freed, now)
    elsewhere = Actor(Role.PROBATION, account_id=probation.account_id, territory="/75/")
    for actor, iin in ((elsewhere, AIDOS.iin), (probation, NOBODY), (probation, "")):
        assert look_up(session, actor, iin, now=now) == lookups.Found(None)


def test_each_try_is_written_down_without_the_number(session, probation, freed, now) -> None:
    agree(session, freed, now)
    for iin in (NOBODY, AIDOS.iin):
        look_up(session, probation, iin, now=now)
    session.flush()
    entries = session.scalars(select(Entry).where(Entry.verb == "look_up").order_by(Entry.id)).all()
    told = [(e.noun, e.record_key, e.account_id, e.detail) for e in entries]
    assert told == [
        ("lookups", "", probation.account_id, {"misses": 1}),
        ("candidates", freed.key, probation.account_id, {}),
    ]


def test_after_a_few_misses_each_next_try_waits_longer(session, probation, freed, now) -> None:
    agree(session, freed, now)
    for _ in range(FREE_ATTEMPTS):
        assert look_up(session, probation, NOBODY, now=now).wait_seconds == 0
    assert look_up(session, probation, AIDOS.iin, now=now) == lookups.Found(None, 2)
    later = now + timedelta(seconds=3)
    assert look_up(session, probation, NOBODY, now=later) == lookups.Found(None)
    assert look_up(session, probation, AIDOS.iin, now=later) == lookups.Found(None, 4)
    colleague = make_account(session, Role.PROBATION)
    other = Actor(Role.PROBATION, account_id=colleague.id, territory=REGION)
    assert look_up(session, other, AIDOS.iin, now=later).candidate is freed
    assert look_up(session, probation, AIDOS.iin, now=now + timedelta(hours=1)).candidate is freed


def test_with_the_consent_gone_the_restrictions_are_out_of_reach(
    session, probation, freed, now
) -> None:
    consent = agree(session, freed, now)
    ban = restrictions.add_restriction(session, probation, freed.key, MINORS, now=now)
    withdrawals.withdraw_consent(session, SYSTEM, consent.key, now=now)
    assert look_up(session, probation, AIDOS.iin, now=now).candidate is None
    with pytest.raises(NotFound):
        restrictions.list_restrictions(session, probation, freed, now=now)
    with pytest.raises(NotFound):
        restrictions.reveal_source(session, probation, ban.key, purpose="жалоба", now=now)
    with pytest.raises(NotFound):
        restrictions.end_restriction(
            session, probation, ban.key, on=now.date(), reason="суд", now=now
        )
    with pytest.raises(NotFound):
        restrictions.add_restriction(session, probation, freed.key, MINORS, now=now)
    freed.status = "on_probation"
    assert restrictions.list_restrictions(session, probation, freed, now=now)


def test_whether_somebody_takes_part_follows_the_consents(session, freed, now) -> None:
    other = make_candidate(session, freed.centre_id, status="released")
    first, second = agree(session, freed, now), agree(session, other, now)
    staff = Actor(Role.STAFF, centre_id=freed.centre_id)
    merges.merge(session, staff, other.key, freed.key, now=now)
    assert (freed.takes_part, other.takes_part) == (True, False)
    merges.undo_merge(session, staff, other.key, now=now)
    assert (freed.takes_part, other.takes_part) == (True, True)
    merges.merge(session, staff, other.key, freed.key, now=now)
    withdrawals.withdraw_consent(session, staff, first.key, now=now)
    assert not freed.takes_part, "no second consent is left behind by the merging"
    session.refresh(second)
    assert second.state == "withdrawn"
