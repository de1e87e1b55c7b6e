"""Duplicates: found by name, telephone and address; merged with all that belongs to them; taken back."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from quota import duplicates, slots
from quota.accounts import Account
from quota.centres import Centre
from quota.decrees import Decree, Line
from quota.employers import Basis, Employer
from quota.errors import Invalid, NotFound, WrongState
from quota.memoranda import Memorandum
from quota.rights import SYSTEM, Actor, Role
from quota.slots import Slot, Source
from tests.quota.conftest import add_employer, add_pledge


@pytest.fixture
def second(session: Session, centre: Centre, now: datetime) -> Employer:
    return add_employer(session, centre, now, "500340000500")


@pytest.mark.parametrize(
    "name",
    [
        "ТОО «Бірінші»",
        "birinshi ЖШС",
        "  Бiрiншi  ",
        "Товарищество с ограниченной ответственностью Бірінші",
    ],
)
def test_a_name_is_known_by_its_sound_without_its_form(
    session: Session, employer: Employer, staff: Actor, name: str
) -> None:
    [found] = duplicates.find_likely(session, staff, name=name)
    assert (found.employer, found.marks) == (employer, ("name",))
    assert duplicates.find_likely(session, staff, name=name, besides=employer) == []


def test_telephone_and_address_count_and_more_marks_come_first(
    session: Session, employer: Employer, second: Employer, staff: Actor
) -> None:
    employer.contact_phone, employer.contact_email = "8 (700) 123-45-67", "A@firma.example"
    second.name = "Басқа"
    second.contact_phone = "+77001234567"
    found = duplicates.find_likely(
        session, staff, name="Бірінші", phone="7001234567", email="a@FIRMA.example"
    )
    assert [(f.employer, f.marks) for f in found] == [
        (employer, ("name", "phone", "email")),
        (second, ("phone",)),
    ]


def test_nothing_typed_finds_nobody(session: Session, employer: Employer, staff: Actor) -> None:
    employer.contact_phone = "12"
    for name in ("", "ТОО", "Екінші"):
        assert duplicates.find_likely(session, staff, name=name, phone="12") == []
    other = Actor(Role.STAFF, centre_id=-1)
    assert duplicates.find_likely(session, other, name="Бірінші") == []


def fill(session: Session, employer: Employer, now: datetime) -> list[Slot]:
    session.add(Basis(employer_id=employer.id, kind="subsidy"))
    pattern = add_pledge(session, employer, now)
    employer.referrals_sent = 3
    return slots.open_slots(session, SYSTEM, employer, pattern, count=2, now=now)


def test_everything_follows_a_merge_and_returns_when_it_is_taken_back(
    session: Session, employer: Employer, second: Employer, staff: Actor, now: datetime
) -> None:
    kept_slots, moved = fill(session, employer, now), fill(session, second, now)
    session.add(_account(second, now))
    session.flush()
    merge = duplicates.merge_employers
    kept = merge(session, staff, employer.key, second.key, reason="one firm", now=now)
    assert kept is employer and second.merged_into_id == employer.id
    assert {s.employer_id for s in (*kept_slots, *moved)} == {employer.id}
    assert sum(slots.count_states(session, employer.id)["memorandum"].values()) == 4
    assert employer.referrals_sent == 6
    for table in (Basis, Memorandum):
        assert session.query(table).filter_by(employer_id=second.id).count() == 0
    assert session.query(Account).one().employer_id == employer.id

    duplicates.undo_merge(session, staff, second.key, reason="two firms after all", now=now)
    assert {s.employer_id for s in kept_slots} == {employer.id}
    assert {s.employer_id for s in moved} == {second.id}
    assert (employer.referrals_sent, second.referrals_sent, second.merged_into_id) == (3, 3, None)


def _account(employer: Employer, now: datetime) -> Account:
    return Account(
        login="firm", password_hash="x", role="employer", name="x", employer_id=employer.id,
        opened_at=now,
    )  # fmt: skip


def test_a_merge_needs_a_reason_two_records_and_reach(
    session: Session, employer: Employer, second: Employer, staff: Actor, now: datetime
) -> None:
    merge = duplicates.merge_employers
    with pytest.raises(Invalid):
        merge(session, staff, employer.key, second.key, reason=" ", now=now)
    with pytest.raises(Invalid):
        merge(session, staff, employer.key, employer.key, reason="r", now=now)
    with pytest.raises(NotFound):
        stranger = Actor(Role.STAFF, centre_id=-1)
        merge(session, stranger, employer.key, second.key, reason="r", now=now)
    with pytest.raises(WrongState):
        duplicates.undo_merge(session, staff, second.key, reason="r", now=now)
    merge(session, staff, employer.key, second.key, reason="r", now=now)
    with pytest.raises(WrongState):
        merge(session, staff, employer.key, second.key, reason="r", now=now)


def test_two_lines_of_one_annex_are_not_merged_silently(
    session: Session,
    centre: Centre,
    employer: Employer,
    second: Employer,
    staff: Actor,
    now: datetime,
) -> None:
    decree = Decree(title="t", akimat="a", territory="/190000000/", centre_id=centre.id)
    session.add(decree)
    session.flush()
    for one in (employer, second):
        session.add(Line(decree_id=decree.id, employer_id=one.id, category="released", stated=1))
    [slot] = slots.open_slots(session, SYSTEM, second, Slot(source=Source.BEYOND), count=1, now=now)
    with pytest.raises(WrongState) as refusal:
        duplicates.merge_employers(session, staff, employer.key, second.key, reason="r", now=now)
    assert refusal.value.code == "both_in_decree"
    session.expire_all()
    assert slot.employer_id == second.id and second.merged_into_id is None


def test_a_branch_can_take_in_its_head(
    session: Session, employer: Employer, second: Employer, staff: Actor, now: datetime
) -> None:
    employer.parent_id = second.id
    session.flush()
    duplicates.merge_employers(session, staff, employer.key, second.key, reason="r", now=now)
    assert employer.parent_id == second.id, "never its own parent"
