"""Reminders: made once for a term, composed without a name, dropped when they have lost their point."""

from dataclasses import asdict
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import answers, outbox, referrals, reminders
from matching.identities import Person
from matching.notices import Notice
from quota.contacts import Contact
from quota.errors import NotAllowed
from tests.matching.journey import NOTE, Journey

PERSON = Person("Өтеғұлова", "Айгерім", phone="+7 700 000 00 00")


@pytest.fixture
def journey(session: Session, now: datetime) -> Journey:
    return Journey(session, now, candidate_fields={"person": PERSON, "language": "ru"})


def codes(journey: Journey) -> list[str]:
    return list(journey.session.scalars(select(Notice.code).order_by(Notice.id)))


def key_of(journey: Journey, code: str) -> str:
    return journey.session.scalars(select(Notice.key).where(Notice.code == code)).one()


def test_issuing_makes_the_link_and_time_makes_each_reminder_once(journey: Journey) -> None:
    journey.issue()
    session = journey.session
    assert codes(journey) == ["answer_link"]
    assert reminders.make_reminders(session, now=journey.now) == 0
    journey.wait(4)
    assert reminders.make_reminders(session, now=journey.now) == 2
    journey.wait(1)
    assert reminders.make_reminders(session, now=journey.now) == 0
    journey.wait(1)
    assert reminders.make_reminders(session, now=journey.now) == 1
    assert reminders.make_reminders(session, now=journey.now) == 0
    assert codes(journey) == ["answer_link", "answer_soon", "come_soon", "answer_late"]


def test_who_came_is_not_reminded_to_come(journey: Journey) -> None:
    journey.bring("presented")
    journey.wait(4)
    reminders.make_reminders(journey.session, now=journey.now)
    assert "come_soon" not in codes(journey)


@pytest.mark.parametrize("state", ["accepted", "hired", "refused", "declined", "cancelled"])
def test_an_answered_referral_reminds_nobody(journey: Journey, state: str) -> None:
    journey.bring(state)
    journey.wait(4)
    assert reminders.make_reminders(journey.session, now=journey.now) == 0
    key = key_of(journey, "answer_link")
    assert reminders.compose(journey.session, key, now=journey.now) is None
    assert outbox.list_due(journey.session, Notice, now=journey.now) == []


def test_a_message_names_no_candidate_and_only_the_employer_gets_the_code(
    journey: Journey,
) -> None:
    referral = journey.issue()
    journey.wait(4)
    reminders.make_reminders(journey.session, now=journey.now)
    link = reminders.compose(journey.session, key_of(journey, "answer_link"), now=journey.now)
    come = reminders.compose(journey.session, key_of(journey, "come_soon"), now=journey.now)
    assert link is not None and come is not None
    assert (link.answer_code, come.answer_code) == (referral.answer_code, "")
    assert (link.phone, come.phone, come.locale) == ("", PERSON.phone, "ru")
    for message in (link, come):
        assert PERSON.family_name not in str(asdict(message))
        assert PERSON.given_name not in str(asdict(message))


def test_the_address_is_the_employer_s_or_else_of_a_contact_still_there(journey: Journey) -> None:
    journey.issue()
    gone = Contact(
        employer_id=journey.employer.id, name="Ерлан", email="a@kz.test", gone_at=journey.now
    )
    here = Contact(employer_id=journey.employer.id, name="Сәуле", email="b@kz.test")
    journey.session.add_all([gone, here])
    journey.session.flush()
    key = key_of(journey, "answer_link")
    message = reminders.compose(journey.session, key, now=journey.now)
    assert message is not None and message.email == "b@kz.test"


def test_a_claimed_notice_waits_longer_each_time_and_is_given_up(journey: Journey) -> None:
    referral = journey.issue()
    session, now, key = journey.session, journey.now, key_of(journey, "answer_link")
    waits = []
    for _ in range(outbox.MOST_TRIES):
        assert outbox.claim(session, Notice, key, now=now) is not None
        assert outbox.claim(session, Notice, key, now=now) is None, "somebody has it"
        outbox.record_failed(session, Notice, key, "no_address")
        due = session.scalars(select(Notice.due_at)).one()
        waits.append(due - now)
        now = due
    assert waits == [timedelta(minutes=10) * 2**n for n in range(outbox.MOST_TRIES)]
    assert outbox.list_due(session, Notice, now=now) == []
    shown = reminders.list_notices(session, journey.staff, referral.key)
    assert [row.state for row in shown] == ["failed"]
    with pytest.raises(NotAllowed):
        reminders.list_notices(session, journey.boss, referral.key)


def test_a_referral_opened_again_is_reminded_of_its_new_term(journey: Journey) -> None:
    referral = journey.bring("expired")
    journey.wait(1)
    referrals.undo_expire(journey.session, journey.staff, referral.key, note=NOTE, now=journey.now)
    journey.wait(4)
    assert reminders.make_reminders(journey.session, now=journey.now) == 2
    answers.accept(journey.session, journey.boss, referral.key, now=journey.now)
    assert reminders.make_reminders(journey.session, now=journey.now) == 0
