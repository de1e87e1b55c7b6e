"""Invitations: one code, once, for one account; the table knows only its keyed token."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quota import invitations
from quota.accounts import sign_in
from quota.centres import Centre
from quota.employers import Employer
from quota.errors import Invalid, NotAllowed, NotFound, WrongState
from quota.invitations import LIFETIME, Choice, DeskInvitation, Invited
from quota.journal import Entry
from quota.rights import Actor, Role
from tests.quota.conftest import add_employer

CHOICE = Choice("firm.one", "steppe-wind-42", "Бауыржан")


def knock(session: Session, text: str, now: datetime) -> DeskInvitation | None:
    return invitations.knock(session, text, now=now).invitation


@pytest.fixture
def invited(session: Session, staff: Actor, employer: Employer, now: datetime) -> Invited:
    return invitations.invite(session, staff, employer.key, now=now)


def test_a_code_opens_one_account_of_that_employer(
    session: Session, employer: Employer, invited: Invited, now: datetime
) -> None:
    door = knock(session, invited.text, now)
    assert door is not None
    account = invitations.accept_invitation(session, door, CHOICE, now=now)
    assert (account.role, account.employer_id) == ("employer", employer.id)
    assert sign_in(session, "firm.one", CHOICE.password, now=now).account is account
    assert knock(session, invited.text, now) is None
    with pytest.raises(WrongState):
        invitations.accept_invitation(session, door, CHOICE, now=now)


def test_the_code_stands_neither_in_the_table_nor_in_the_journal(
    session: Session, invited: Invited
) -> None:
    [row] = session.scalars(select(DeskInvitation))
    assert invited.text not in (row.token, row.key)
    entries = session.scalars(select(Entry)).all()
    assert all(invited.text not in f"{e.reason} {e.detail} {e.record_key}" for e in entries)
    assert [e.verb for e in entries if e.noun == "desk_invitations"] == ["issue"]


def test_a_code_ends_by_time_by_staff_and_by_a_newer_one(
    session: Session, staff: Actor, employer: Employer, invited: Invited, now: datetime
) -> None:
    assert knock(session, invited.text, now + LIFETIME) is None
    second = invitations.invite(session, staff, employer.key, now=now)
    assert knock(session, invited.text, now) is None
    door = knock(session, second.text, now)
    assert door is not None
    invitations.withdraw_invitation(session, staff, employer.key, door.key, now=now)
    assert knock(session, second.text, now) is None
    with pytest.raises(WrongState):
        invitations.withdraw_invitation(session, staff, employer.key, door.key, now=now)


def test_wrong_tries_count_against_the_link_they_are_made_at(
    session: Session, staff: Actor, employer: Employer, invited: Invited, now: datetime
) -> None:
    """Addresses do not matter: an office behind one is not locked out, and many do not help."""
    for number in range(200):
        assert knock(session, f"nothing{number:029d}", now) is None
    assert knock(session, invited.text, now) is not None
    wrong = invited.text[:-1] + ("2" if invited.text[-1] != "2" else "3")
    for _ in range(5):
        assert invitations.knock(session, wrong, now=now) == invitations.Knock(None)
    door = invitations.knock(session, invited.text, now=now)
    assert door.invitation is None and door.wait_seconds > 0
    other = add_employer(session, session.get_one(Centre, staff.centre_id), now, "500340000500")
    elsewhere = invitations.invite(session, staff, other.key, now=now)
    assert knock(session, elsewhere.text, now) is not None
    assert knock(session, invited.text, now + timedelta(minutes=16)) is not None


def test_a_day_of_guessing_at_one_link_is_a_few_hundred_tries(
    session: Session, invited: Invited, now: datetime
) -> None:
    wrong = invited.text[:-1] + ("2" if invited.text[-1] != "2" else "3")
    tries = 0
    for minute in range(0, 120, 2):
        moment = now + timedelta(minutes=minute)
        while not invitations.knock(session, wrong, now=moment).wait_seconds:
            tries += 1
    assert tries < 12 * 15


def test_what_is_chosen_is_checked_and_the_code_stays_open(
    session: Session, invited: Invited, now: datetime
) -> None:
    door = knock(session, invited.text, now)
    assert door is not None
    with pytest.raises(Invalid) as refusal:
        invitations.accept_invitation(session, door, Choice("x", "short", " "), now=now)
    assert [f.field for f in refusal.value.faults] == ["login", "password", "name"]
    assert knock(session, invited.text, now) is not None


def test_only_the_employer_s_centre_invites(
    session: Session, staff: Actor, employer: Employer, now: datetime
) -> None:
    far = Actor(Role.STAFF, centre_id=employer.centre_id + 1)
    with pytest.raises(NotFound):
        invitations.invite(session, far, employer.key, now=now)
    for role in (Role.EMPLOYER, Role.PROSECUTOR, Role.ADMINISTRATOR):
        with pytest.raises(NotAllowed):
            invitations.invite(session, Actor(role, employer_id=employer.id), employer.key, now=now)
    with pytest.raises(NotFound):
        invitations.withdraw_invitation(session, staff, employer.key, "nothing", now=now)
    employer.merged_into_id = employer.id
    with pytest.raises(WrongState):
        invitations.invite(session, staff, employer.key, now=now)
