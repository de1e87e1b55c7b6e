"""Contacts and meetings: who was talked to, what came of it, and whom to meet next."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quota import contacts, journal, meetings
from quota.employers import Employer
from quota.errors import Invalid, NotAllowed, NotFound, WrongState
from quota.meetings import MeetingKind, Outcome, Result
from quota.rights import Actor, Role

PROSECUTOR = Actor(Role.PROSECUTOR, territory="/190000000/")


def test_a_person_comes_changes_goes_and_returns(
    session: Session, employer: Employer, staff: Actor, now: datetime
) -> None:
    fields = {"name": "Сауле", "post": "кадр бөлімі", "phone": "+7 700 000 00 00"}
    contact = contacts.add_contact(session, staff, employer, fields, now=now)
    contacts.change_contact(session, staff, contact.key, {"post": "директор"}, now=now)
    assert contact.post == "директор"
    contacts.dismiss_contact(session, staff, contact.key, now=now)
    with pytest.raises(WrongState):
        contacts.dismiss_contact(session, staff, contact.key, now=now)
    contacts.recall_contact(session, staff, contact.key, now=now)
    with pytest.raises(WrongState):
        contacts.recall_contact(session, staff, contact.key, now=now)
    assert contacts.list_contacts(session, PROSECUTOR, employer) == [contact]


def test_a_person_needs_a_name_and_known_fields(
    session: Session, employer: Employer, staff: Actor, now: datetime
) -> None:
    for fields in ({"post": "x"}, {"name": " "}, {"name": "x", "iin": "1"}):
        with pytest.raises(Invalid):
            contacts.add_contact(session, staff, employer, fields, now=now)


def test_the_journal_keeps_no_name_of_a_contact(
    session: Session, employer: Employer, staff: Actor, now: datetime
) -> None:
    contact = contacts.add_contact(session, staff, employer, {"name": "Сауле"}, now=now)
    contacts.change_contact(session, staff, contact.key, {"name": "Әлия"}, now=now)
    entries = session.scalars(select(journal.Entry)).all()
    assert not any("Сауле" in str(e.detail) or "Әлия" in str(e.detail) for e in entries)


@pytest.mark.parametrize("role", [Role.EMPLOYER, Role.CLERK, Role.SPECIALIST])
def test_contacts_and_meetings_are_the_centres_own(
    session: Session, employer: Employer, now: datetime, role: Role
) -> None:
    actor = Actor(role, employer_id=employer.id, territory="/190000000/")
    for refused in (
        lambda: contacts.list_contacts(session, actor, employer),
        lambda: meetings.list_meetings(session, actor, employer),
        lambda: contacts.add_contact(session, actor, employer, {"name": "x"}, now=now),
    ):
        with pytest.raises(NotAllowed):
            refused()
    stranger = Actor(Role.STAFF, centre_id=-1)
    with pytest.raises(NotFound):
        meetings.plan_meeting(session, stranger, employer, MeetingKind.CALL, at=now, now=now)


def test_a_meeting_is_planned_held_and_taken_back(
    session: Session, employer: Employer, staff: Actor, now: datetime
) -> None:
    at = now + timedelta(days=2)
    meeting = meetings.plan_meeting(session, staff, employer, MeetingKind.VISIT, at=at, now=now)
    result = Result(Outcome.AGREED, "two welders", next_on=date(2026, 12, 20))
    with pytest.raises(Invalid):
        meetings.hold_meeting(session, staff, meeting.key, result, now=now)
    meetings.hold_meeting(session, staff, meeting.key, result, now=at)
    assert (meeting.state, meeting.outcome, meeting.next_on) == (
        "held",
        "agreed",
        date(2026, 12, 20),
    )
    with pytest.raises(WrongState):
        meetings.cancel_meeting(session, staff, meeting.key, reason="late", now=at)
    meetings.undo_meeting(session, staff, meeting.key, reason="the wrong firm", now=at)
    meetings.cancel_meeting(session, staff, meeting.key, reason="they are away", now=at)
    assert meeting.state == "cancelled"
    assert meetings.list_meetings(session, PROSECUTOR, employer) == [meeting]


def test_a_next_meeting_lies_after_this_one(
    session: Session, employer: Employer, staff: Actor, now: datetime
) -> None:
    meeting = meetings.plan_meeting(session, staff, employer, MeetingKind.CALL, at=now, now=now)
    early = Result(Outcome.UNDECIDED, next_on=now.date() - timedelta(days=1))
    with pytest.raises(Invalid):
        meetings.hold_meeting(session, staff, meeting.key, early, now=now)
    with pytest.raises(Invalid):
        meetings.cancel_meeting(session, staff, meeting.key, reason=" ", now=now)


def test_a_contact_of_another_employer_cannot_be_met(
    session: Session, employer: Employer, staff: Actor, now: datetime
) -> None:
    contact = contacts.add_contact(session, staff, employer, {"name": "Сауле"}, now=now)
    contact.employer_id = -1
    with pytest.raises(Invalid):
        meetings.plan_meeting(
            session, staff, employer, MeetingKind.CALL, at=now, contact=contact, now=now
        )
    session.rollback()
