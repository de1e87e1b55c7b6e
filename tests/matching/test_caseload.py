"""The caseload's marks: each finds the people it is about, and nobody else."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import caseload
from matching.candidates import Candidate, Readiness, set_fields, set_readiness
from matching.caseload import MARKS, Filter
from matching.consents import MATCHING, Consent, note_part
from matching.courses import Enrolment
from matching.programmes import Measure
from matching.referrals import Referral
from quota.errors import Invalid
from quota.rights import SYSTEM, Actor, Role
from tests.factories import make_candidate, make_centre, make_course
from tests.matching.journey import Journey


@pytest.fixture
def centre(session: Session) -> int:
    return make_centre(session).id


@pytest.fixture
def staff(centre: int) -> Actor:
    return Actor(Role.STAFF, centre_id=centre)


def marked(session: Session, staff: Actor, mark: str, now: datetime) -> list[Candidate]:
    rows = caseload.browse(session, staff, Filter(mark=mark), now=now)
    assert caseload.count_marks(session, staff, now=now)[mark] == len(rows)
    return [row.key for row in rows]


def test_ready_and_unplaced_begins_thirty_days_after_somebody_became_ready(
    session, centre, staff, now
) -> None:
    def come(days: int, readiness: str, *, of: Candidate | None = None, reason: str = "") -> str:
        person = of or make_candidate(session, centre, readiness=Readiness.NOT_SURVEYED)
        at = now - timedelta(days=days)
        set_readiness(session, SYSTEM, person, Readiness(readiness), reason=reason, now=at)
        return person.key

    def find(key: str) -> Candidate:
        return session.scalars(select(Candidate).where(Candidate.key == key)).one()

    come(30, "ready")
    long = [come(31, "ready")]
    come(200, "employed")
    # Answering the survey anew begins no new wait; coming back from a job does.
    long.append(come(90, "ready"))
    set_fields(session, SYSTEM, find(long[-1]), {"surveyed_on": now.date()}, now=now)
    worked = find(come(300, "ready"))
    worked.surveyed_on = now.date() - timedelta(days=300)
    come(280, "employed", of=worked)
    come(7, "ready", of=worked, reason="placement_ended")
    # A job entered by mistake and taken back ended no wait.
    mistaken = find(come(60, "ready"))
    come(3, "employed", of=mistaken)
    long.append(come(2, "ready", of=mistaken, reason="hire_annulled"))
    # A sheet brought in today tells of a survey of forty days ago.
    brought = make_candidate(session, centre, readiness=Readiness.NOT_SURVEYED)
    told = {"surveyed_on": now.date() - timedelta(days=40), "readiness": Readiness.READY}
    set_fields(session, SYSTEM, brought, told, now=now)
    assert marked(session, staff, "unplaced_long", now) == [*long, brought.key]


def test_a_second_counted_refusal_is_marked_until_it_is_decided(session, now) -> None:
    journey = Journey(session, now)
    staff = Actor(Role.STAFF, centre_id=journey.centre.id)
    found = [journey.bring("declined")]
    found[0].counted = True
    assert marked(session, staff, "refused_twice", now) == []
    journey.proposal = journey.propose()
    found.append(journey.bring("declined"))
    found[1].counted = True
    assert marked(session, staff, "refused_twice", now) == [journey.candidate.key]
    for referral in found:
        assert isinstance(referral, Referral)
        referral.settled_at = now
    assert marked(session, staff, "refused_twice", now) == []


@pytest.mark.parametrize(
    ("ends_on", "shown"),
    [(date(2026, 11, 30), True), (date(2026, 12, 1), False), (date(2026, 10, 31), False)],
)
def test_courses_that_end_this_month(session, centre, staff, now, ends_on, shown: bool) -> None:
    course = make_course(session, centre, starts_on=date(2026, 9, 1), ends_on=ends_on)
    person = make_candidate(session, centre)
    seat = {"course_id": course.id, "state": "attending", "offered_at": now}
    session.add(Enrolment(candidate_id=person.id, **seat))
    assert marked(session, staff, "course_ends", now) == ([person.key] if shown else [])


def test_something_to_be_sorted_out_first_is_an_open_gate(session, centre, staff, now) -> None:
    person = make_candidate(session, centre, readiness="needs_support")
    make_candidate(session, centre)
    assert marked(session, staff, "gate_open", now) == [person.key]


def test_surveyed_and_without_consent(session, centre, staff, now) -> None:
    silent, agreed = (make_candidate(session, centre, surveyed_on=now.date()) for _ in "12")
    make_candidate(session, centre)
    given = Consent(candidate_id=agreed.id, scope=MATCHING, state="given", asked_at=now)
    session.add(given)
    note_part(session, agreed.id)
    assert marked(session, staff, "no_consent", now) == [silent.key]
    given.state = "withdrawn"
    note_part(session, agreed.id)
    assert marked(session, staff, "no_consent", now) == [silent.key, agreed.key]


def test_marks_of_people_out_of_reach_are_not_counted(session, centre, staff, now) -> None:
    elsewhere = make_centre(session).id
    for number, home in enumerate((centre, elsewhere, elsewhere)):
        person = make_candidate(session, home, readiness="needs_support", surveyed_on=now.date())
        late = {"section": "medical", "kind": "other", "due_on": date(2026, 1, 1), "made_at": now}
        state = ("closing", "planned")[number % 2]
        session.add(Measure(candidate_id=person.id, state=state, gate=True, **late))
    counted = caseload.count_marks(session, staff, now=now)
    expected = {"gate_open": 1, "no_consent": 1, "closing_asked": 1, "measure_late": 1}
    assert counted == dict.fromkeys(MARKS, 0) | expected


def test_every_mark_is_known_and_another_is_refused(session, staff, now) -> None:
    assert set(caseload.count_marks(session, staff, now=now)) == set(MARKS)
    with pytest.raises(Invalid):
        caseload.browse(session, staff, Filter(mark="other"), now=now)
