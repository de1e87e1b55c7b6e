"""Two records made one and taken apart again; people moved between centres."""

import pytest
from sqlalchemy import select

from matching import caseload, merges, restrictions, tasks
from matching.candidates import Candidate, Readiness
from matching.identities import Person
from matching.restrictions import NewRestriction
from matching.standings import Kind, list_standings
from quota.errors import Invalid, NotFound, WrongState
from quota.installation import mark_demonstration
from quota.rights import SYSTEM, Actor, Role
from tests.factories import make_candidate, make_centre
from tests.matching.journey import Journey

NAME = Person("Сейітқали", "Дәурен", "Маратұлы")


@pytest.fixture
def twins(session, now) -> tuple[Candidate, Candidate]:
    centre = make_centre(session)
    first = make_candidate(session, centre.id, person=NAME)
    second = make_candidate(session, centre.id, person=NAME)
    tasks.add_note(session, staff_of(first), first.key, "жазба", now=now)
    minors = NewRestriction("minors")
    restrictions.add_restriction(session, SYSTEM, first.key, minors, now=now)
    return first, second


def staff_of(candidate: Candidate) -> Actor:
    return Actor(Role.STAFF, centre_id=candidate.centre_id)


def effects(session, candidate: Candidate, now) -> int:
    return len(restrictions.list_effects(session, SYSTEM, candidate, now=now))


def test_likely_duplicates_bear_the_same_name(session, twins) -> None:
    first, second = twins
    make_candidate(session, first.centre_id, person=Person("Сейітқали", "Дәурен"))
    assert merges.list_likely(session, staff_of(first), first.key) == [second.key]


def test_everything_of_one_record_hangs_on_the_other(session, twins, now) -> None:
    first, second = twins
    staff = staff_of(first)
    merges.merge(session, staff, first.key, second.key, now=now)
    assert [note.text for note in tasks.list_notes(session, staff, second)] == ["жазба"]
    assert (effects(session, first, now), effects(session, second, now)) == (0, 1)
    assert [row.key for row in caseload.search(session, staff, "сейіт")] == [second.key]
    with pytest.raises(WrongState, match="merged"):
        tasks.add_note(session, staff, first.key, "x", now=now)
    assert first.readiness == Readiness.OUT_OF_SCOPE


def test_a_merge_is_taken_back(session, twins, now) -> None:
    first, second = twins
    staff = staff_of(first)
    merges.merge(session, staff, first.key, second.key, now=now)
    tasks.add_note(session, staff, second.key, "кейін", now=now)
    merges.undo_merge(session, staff, first.key, now=now)
    assert [note.text for note in tasks.list_notes(session, staff, first)] == ["жазба"]
    assert [note.text for note in tasks.list_notes(session, staff, second)] == ["кейін"]
    assert (first.readiness, first.merged_into_id) == (Readiness.READY, None)
    assert effects(session, first, now) == 1
    with pytest.raises(WrongState, match="not_merged"):
        merges.undo_merge(session, staff, first.key, now=now)


def test_two_people_are_not_merged(session, now) -> None:
    mark_demonstration(session)
    centre = make_centre(session)
    one, two = (
        make_candidate(session, centre.id, person=Person("Ли", "Виктор", iin=iin))
        for iin in ("990101500006", "990101500708")
    )
    for into in (two, one):
        with pytest.raises(Invalid):
            merges.merge(session, staff_of(one), one.key, into.key, now=now)
    other = make_candidate(session, make_centre(session).id)
    with pytest.raises(NotFound):
        merges.merge(session, staff_of(one), one.key, other.key, now=now)


def test_a_person_moves_to_another_centre_and_back(session, twins, now) -> None:
    person, home = twins[0], staff_of(twins[0])
    there = make_centre(session)
    with pytest.raises(Invalid):
        merges.transfer(session, home, person.key, there.key, reason=" ", now=now)
    merges.transfer(session, home, person.key, there.key, reason="көшті", now=now)
    with pytest.raises(NotFound):
        tasks.add_note(session, home, person.key, "x", now=now)
    (moved,) = list_standings(session, person.id, kinds=[Kind.CENTRE])
    assert moved.value_to == there.key
    merges.transfer(
        session, staff_of(person), person.key, moved.value_from, reason="қайтты", now=now
    )
    assert person.centre_id == home.centre_id


def test_nobody_moves_while_something_is_under_way(session, now) -> None:
    journey = Journey(session, now)
    there = make_centre(session)
    with pytest.raises(WrongState, match="in_progress"):
        merges.transfer(
            session, journey.staff, journey.candidate.key, there.key, reason="көшті", now=now
        )


def test_what_was_proposed_hangs_on_the_other_record_too(session, now) -> None:
    journey = Journey(session, now)
    journey.hire()
    kept = make_candidate(session, journey.centre.id)
    merges.merge(session, journey.staff, journey.candidate.key, kept.key, now=now)
    assert journey.proposal.candidate_id == kept.id
    assert session.scalars(select(Candidate.merged_into_id)).all() == [kept.id, None]
