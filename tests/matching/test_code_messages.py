"""Codes by SMS: asked for, made in the moment of sending, never stored."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import code_messages, codes, outbox, privacy
from matching.candidates import Candidate
from matching.code_messages import CodeMessage
from matching.codes import Purpose
from matching.identities import Person
from quota.errors import NotAllowed, NotFound, WrongState
from quota.rights import SYSTEM, Actor, Role
from tests.factories import make_account, make_candidate, make_centre

PERSON = Person("Өтеғұлова", "Айгерім", phone="+7 700 000 00 00")


@pytest.fixture
def candidate(session: Session) -> Candidate:
    return make_candidate(session, make_centre(session).id, person=PERSON, language="ru")


@pytest.fixture
def staff(session: Session, candidate: Candidate) -> Actor:
    account = make_account(session, Role.STAFF, centre_id=candidate.centre_id)
    return Actor(Role.STAFF, account_id=account.id, centre_id=candidate.centre_id)


def test_each_try_makes_a_code_and_ends_the_one_before(session, candidate, staff, now) -> None:
    asked = code_messages.ask(session, staff, candidate.key, Purpose.PAGE, now=now)
    assert code_messages.ask(session, staff, candidate.key, Purpose.PAGE, now=now) is asked
    assert codes.list_codes(session, candidate, now=now) == []
    first = code_messages.compose(session, asked.key, now=now)
    assert first is not None and first.phone == PERSON.phone
    assert code_messages.compose(session, asked.key, now=now) is None, "somebody has it"
    outbox.record_failed(session, CodeMessage, asked.key, "HTTPError")
    later = now + timedelta(minutes=11)
    second = code_messages.compose(session, asked.key, now=later)
    assert second is not None
    codes.enter(session, second.personal_code, now=later)
    with pytest.raises(NotFound):
        codes.enter(session, first.personal_code, now=later)


def test_what_lost_its_point_is_dropped(session, candidate, staff, now) -> None:
    asked = code_messages.ask(session, staff, candidate.key, Purpose.PAGE, now=now)
    slip = codes.issue_code(session, staff, candidate.key, Purpose.PAGE, now=now)
    assert code_messages.compose(session, asked.key, now=now) is None
    assert asked.state == "dropped"
    codes.enter(session, slip.text, now=now)
    again = code_messages.ask(session, staff, candidate.key, Purpose.SURVEY, now=now)
    privacy.block(session, SYSTEM, candidate.key, reason="asked", now=now)
    assert code_messages.compose(session, again.key, now=now) is None
    assert code_messages.last_of(session, candidate) is again


def test_without_a_telephone_or_a_right_nothing_is_asked_for(session, candidate, now) -> None:
    silent = make_candidate(session, candidate.centre_id, person=Person("Ким", "Лев"))
    own = Actor(Role.STAFF, centre_id=candidate.centre_id)
    with pytest.raises(WrongState, match="no_phone"):
        code_messages.ask(session, own, silent.key, Purpose.PAGE, now=now)
    with pytest.raises(NotAllowed):
        code_messages.ask(session, Actor(Role.PROBATION), candidate.key, Purpose.PAGE, now=now)
    with pytest.raises(NotFound):
        other = Actor(Role.STAFF, centre_id=make_centre(session).id)
        code_messages.ask(session, other, candidate.key, Purpose.PAGE, now=now)
    assert session.scalars(select(CodeMessage)).all() == []
