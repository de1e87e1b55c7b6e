"""Seats on courses: every row of their workflow, papers, limits, and the slot behind a seat."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import enrolments, referrals
from matching.candidates import Candidate
from matching.courses import Attendance, Course, Enrolment
from matching.states import ENROLMENT
from quota.errors import Invalid, NotAllowed, NotFound, WrongState
from quota.rights import Actor, Role
from quota.slots import move_slot
from tests.factories import REGION, make_candidate, make_course, make_place
from tests.matching.journey import Journey

UNDO = ("undo_accept", "undo_attend", "undo_leave", "undo_complete", "undo_expire")
ON = date(2026, 11, 20)


@pytest.fixture
def journey(session: Session, now: datetime) -> Journey:
    return Journey(session, now)


@pytest.fixture
def course(journey: Journey) -> Course:
    return make_course(journey.session, journey.centre.id, starts_on=date(2026, 11, 16), seats=2)


@pytest.fixture
def seat(journey: Journey, course: Course) -> Enrolment:
    return give_seat(journey, course)


def give_seat(journey: Journey, course: Course, candidate: Candidate | None = None) -> Enrolment:
    key = (candidate or journey.candidate).key
    return enrolments.offer(journey.session, journey.staff, course.key, key, now=journey.now)


def bring(journey: Journey, seat: Enrolment, state: str) -> Enrolment:
    args = (journey.session, journey.staff, seat.key)
    if state == "left":
        return enrolments.leave(*args, reason="health", now=journey.now)
    if state == "course_cancelled":
        key = journey.session.get_one(Course, seat.course_id).key
        enrolments.cancel_course(*args[:2], key, reason="too_few", now=journey.now)
    elif state == "expired":
        later = journey.now + timedelta(days=10)
        enrolments.expire_offers(*args[:2], now=later)
    elif state != "offered":
        enrolments.accept(*args, on=ON, paper="С-5", now=journey.now)
        if state != "accepted":
            enrolments.attend(*args, now=journey.now)
        if state == "completed":
            enrolments.complete(*args, certificate="СВ-9", now=journey.now)
    return seat


def verbs(journey: Journey, seat: Enrolment) -> dict[str, object]:
    args, now = (journey.session, journey.staff, seat.key), journey.now
    return {
        "accept": lambda: enrolments.accept(*args, on=ON, paper="С-5", now=now),
        "attend": lambda: enrolments.attend(*args, now=now),
        "complete": lambda: enrolments.complete(*args, certificate="СВ-9", now=now),
        "leave": lambda: enrolments.leave(*args, reason="health", now=now),
        "undo": lambda: enrolments.undo(*args, note="по ошибке", now=now),
    }


@pytest.mark.parametrize("state", ENROLMENT.states)
@pytest.mark.parametrize("verb", ["accept", "attend", "complete", "leave", "undo"])
def test_each_verb_keeps_to_the_table(journey, seat, state: str, verb: str) -> None:
    bring(journey, seat, state)
    assert seat.state == state
    rows = {(name, old): new for name, old, new in ENROLMENT.rows}
    undone = [rows[v, old] for v, old in rows if v in UNDO and old == state]
    wanted = rows.get((verb, state)) if verb != "undo" else next(iter(undone), None)
    if wanted is None:
        with pytest.raises(WrongState):
            verbs(journey, seat)[verb]()
        assert seat.state == state
    else:
        verbs(journey, seat)[verb]()
        assert seat.state == wanted


def test_a_seat_is_taken_in_writing(journey, seat) -> None:
    args = (journey.session, journey.staff, seat.key)
    for paper, on in (("", ON), ("С-5", journey.today + timedelta(days=1))):
        with pytest.raises(Invalid):
            enrolments.accept(*args, on=on, paper=paper, now=journey.now)
    enrolments.accept(journey.session, journey.person, seat.key, on=ON, now=journey.now)
    assert (seat.consent_on, seat.consent_paper) == (ON, "")


def test_seats_end_and_nobody_has_two(journey, course, seat) -> None:
    with pytest.raises(WrongState, match="already_enrolled"):
        give_seat(journey, course)
    give_seat(journey, course, make_candidate(journey.session, journey.centre.id))
    with pytest.raises(WrongState, match="course_full"):
        give_seat(journey, course, make_candidate(journey.session, journey.centre.id))


def test_study_in_another_district_needs_probations_consent(journey) -> None:
    session = journey.session
    make_place(session, kato="196400000", path=f"{REGION}196400000/")
    far = make_course(session, journey.centre.id, kato="196400000")
    seat = give_seat(journey, far)
    with pytest.raises(WrongState, match="probation_consent_needed"):
        enrolments.accept(session, journey.staff, seat.key, on=ON, paper="С-5", now=journey.now)
    with pytest.raises(NotAllowed):
        enrolments.permit(session, journey.staff, seat.key, on=ON, paper="П-1", now=journey.now)
    with pytest.raises(Invalid):
        enrolments.permit(session, journey.probation, seat.key, on=ON, paper=" ", now=journey.now)
    enrolments.permit(session, journey.probation, seat.key, on=ON, paper="П-1", now=journey.now)
    enrolments.accept(session, journey.staff, seat.key, on=ON, paper="С-5", now=journey.now)
    assert seat.state == "accepted"


def give_seat_of_proposal(journey: Journey, course: Course) -> Enrolment:
    """A proposal that goes by way of the course, approved and consented to; its slot is held."""
    journey.proposal.course_id = course.id
    holder = (journey.candidate.key, journey.proposal.category)
    move_slot(journey.session, journey.staff, journey.slot, "hold", now=journey.now, holder=holder)
    journey.consent()
    return enrolments.offer(
        journey.session,
        journey.staff,
        course.key,
        journey.candidate.key,
        now=journey.now,
    )


@pytest.mark.parametrize("end", ["left", "course_cancelled"])
def test_the_slot_is_freed_when_the_seat_ends(journey, course, end: str) -> None:
    seat = give_seat_of_proposal(journey, course)
    assert journey.slot.state == "held"
    assert seat.held_until == course.ends_on + timedelta(days=14)
    bring(journey, seat, end)
    assert (journey.slot.state, journey.proposal.state) == ("open", "withdrawn")


def test_the_job_follows_the_course(journey, course) -> None:
    seat = give_seat_of_proposal(journey, course)
    key = journey.proposal.key
    with pytest.raises(WrongState, match="course_first"):
        referrals.issue(journey.session, journey.staff, key, now=journey.now)
    bring(journey, seat, "completed")
    assert (seat.result, seat.certificate_number) == ("passed", "СВ-9")
    referrals.issue(journey.session, journey.staff, key, now=journey.now)
    assert journey.slot.state == "referred"
    assert enrolments.free_overdue(journey.session, journey.staff, now=journey.now) == 0


@pytest.mark.parametrize("state", enrolments.HELD)
def test_a_slot_is_held_only_until_its_day(journey, course, state: str) -> None:
    seat = bring(journey, give_seat_of_proposal(journey, course), state)
    free = enrolments.free_overdue
    assert free(journey.session, journey.staff, now=journey.now) == 0
    late = journey.now + timedelta(days=(seat.held_until - journey.today).days + 1)
    assert free(journey.session, journey.staff, now=late) == 1
    assert journey.slot.state == "open"
    assert free(journey.session, journey.staff, now=late) == 0


def test_a_course_opens_with_its_least_number_and_no_fewer(journey) -> None:
    session, staff, now = journey.session, journey.staff, journey.now
    course = make_course(session, journey.centre.id, starts_on=date(2026, 11, 16), least=2)
    seat = bring(journey, give_seat(journey, course), "accepted")
    with pytest.raises(WrongState, match="too_few_to_open"):
        enrolments.attend(session, staff, seat.key, now=now)
    assert seat.state == "accepted"
    other = make_candidate(session, journey.centre.id)
    bring(journey, give_seat(journey, course, other), "accepted")
    enrolments.attend(session, staff, seat.key, now=now)
    assert seat.state == "attending"


def test_attendance_is_kept_day_by_day(journey, course, seat) -> None:
    session, staff = journey.session, journey.staff
    other = give_seat(journey, course, make_candidate(session, journey.centre.id))
    for enrolment in (seat, other):
        bring(journey, enrolment, "attending")
    day = date(2026, 11, 20)
    mark = enrolments.mark_day
    assert mark(session, staff, course.key, day, [seat.key, other.key], now=journey.now) == 2
    mark(session, staff, course.key, day, [seat.key], now=journey.now)
    rows = session.execute(select(Attendance.enrolment_id, Attendance.present)).all()
    assert sorted(rows) == [(seat.id, True), (other.id, False)]
    for outside in (date(2026, 11, 15), date(2026, 11, 24)):
        with pytest.raises(Invalid):
            mark(session, staff, course.key, outside, [], now=journey.now)


def test_a_course_called_off_takes_nobody(journey, course, seat) -> None:
    bring(journey, seat, "course_cancelled")
    assert (course.cancel_reason, seat.reason) == ("too_few", "too_few")
    with pytest.raises(WrongState, match="course_over"):
        give_seat(journey, course)
    with pytest.raises(WrongState, match="already_cancelled"):
        enrolments.cancel_course(
            journey.session, journey.staff, course.key, reason="too_few", now=journey.now
        )


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.STAFF, Role.SYSTEM)])
def test_nobody_else_gives_seats(journey, course, role: Role) -> None:
    actor = Actor(role, centre_id=journey.centre.id, territory=REGION)
    with pytest.raises(NotAllowed):
        enrolments.offer(journey.session, actor, course.key, journey.candidate.key, now=journey.now)
    elsewhere = Actor(Role.STAFF, centre_id=journey.centre.id + 1)
    with pytest.raises(NotFound):
        enrolments.cancel_course(
            journey.session, elsewhere, course.key, reason="too_few", now=journey.now
        )


def test_a_course_called_off_by_mistake_comes_back_with_seats_and_slots(journey, course) -> None:
    seat = give_seat_of_proposal(journey, course)
    bring(journey, seat, "accepted")
    other = give_seat(journey, course, make_candidate(journey.session, journey.centre.id))
    key = course.key
    with pytest.raises(WrongState, match="not_cancelled"):
        enrolments.undo_cancel_course(
            journey.session, journey.staff, key, note="по ошибке", now=journey.now
        )
    bring(journey, seat, "course_cancelled")
    assert journey.slot.state == "open"
    with pytest.raises(Invalid):
        enrolments.undo_cancel_course(
            journey.session, journey.staff, key, note=" ", now=journey.now
        )
    enrolments.undo_cancel_course(
        journey.session, journey.staff, key, note="по ошибке", now=journey.now
    )
    assert (course.cancelled_at, course.cancel_reason) == (None, None)
    assert (seat.state, other.state, seat.reason) == ("accepted", "offered", None)
    assert (journey.slot.state, journey.proposal.state) == ("held", "approved")


@pytest.mark.parametrize("state", enrolments.UNDONE_FROM)
def test_taking_a_step_on_a_course_back_asks_for_a_note(journey, seat, state: str) -> None:
    bring(journey, seat, state)
    with pytest.raises(Invalid):
        enrolments.undo(journey.session, journey.staff, seat.key, note=" ", now=journey.now)
    assert seat.state == state
