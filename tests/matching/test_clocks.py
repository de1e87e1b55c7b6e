"""Nothing waits for ever: every state on the way has a clock that ends it, after a task with a name on it."""

from datetime import date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching import answers, clocks, consents, enrolments, referrals, reviews, tasks
from matching.consents import Consent
from matching.courses import Enrolment
from matching.rounds import Proposal
from matching.states import CLAIMING, ENROLMENT, REFERRAL
from matching.tasks import Task
from quota.journal import Entry
from quota.rights import SYSTEM
from quota.slots import move_slot
from tests.factories import make_course
from tests.matching.journey import NOTE, Journey


@pytest.fixture
def journey(session: Session, now: datetime) -> Journey:
    return Journey(session, now)


def tick(journey: Journey) -> clocks.Watched:
    """What the timer does with the way of people."""
    session, now = journey.session, journey.now
    reviews.expire_proposals(session, now=now)
    consents.expire_consents(session, SYSTEM, now=now)
    referrals.expire_referrals(session, now=now)
    enrolments.free_overdue(session, SYSTEM, now=now)
    return clocks.watch(session, now=now)


def open_tasks(journey: Journey) -> list[tuple[str, date]]:
    found = tasks.list_due(journey.session, journey.staff, until=date.max)
    return [(task.code, task.due_on) for task in found]


def test_a_letter_not_issued_is_a_task_then_escalates_and_frees_the_slot(journey: Journey) -> None:
    journey.consent()
    journey.wait(3)
    assert tick(journey) == clocks.Watched(0, 0, 0)
    due = journey.today
    journey.wait(1)
    assert tick(journey) == clocks.Watched(1, 1, 0)
    assert open_tasks(journey) == [("issue_letter", due)]
    assert journey.proposal.escalated_at == journey.now
    entries = journey.session.scalar(select(func.count()).select_from(Entry))
    assert tick(journey) == clocks.Watched(0, 0, 0)
    assert journey.session.scalar(select(func.count()).select_from(Entry)) == entries
    journey.wait(5)
    assert tick(journey).ended == 1
    assert (journey.proposal.state, journey.slot.state) == ("withdrawn", "open")
    assert open_tasks(journey) == []


def test_the_letter_takes_the_task_away_and_ticking_it_off_does_not(journey: Journey) -> None:
    journey.consent()
    journey.wait(4)
    tick(journey)
    (task,) = journey.session.scalars(select(Task))
    tasks.finish_task(journey.session, journey.staff, task.key, now=journey.now)
    assert tick(journey).raised == 1
    referrals.issue(journey.session, journey.staff, journey.proposal.key, now=journey.now)
    tick(journey)
    assert open_tasks(journey) == []


def test_a_contract_that_does_not_follow_is_a_task_and_then_the_end(journey: Journey) -> None:
    referral = journey.bring("accepted")
    journey.wait(11)
    assert tick(journey).raised == 1
    assert [code for code, _ in open_tasks(journey)] == ["contract_missing"]
    journey.wait(5)
    assert tick(journey).ended == 1
    assert (referral.state, referral.reason) == ("expired", "no_contract")
    assert (journey.slot.state, open_tasks(journey)) == ("open", [])
    referrals.undo_expire(journey.session, journey.staff, referral.key, note=NOTE, now=journey.now)
    assert (referral.state, journey.slot.state) == ("issued", "referred")


def take_seat(journey: Journey) -> Enrolment:
    """A seat on the way to a proposal's job; its slot is held."""
    course = make_course(
        journey.session,
        journey.centre.id,
        starts_on=date(2026, 11, 30),
        ends_on=date(2026, 12, 18),
    )
    journey.proposal.course_id = course.id
    holder = (journey.candidate.key, journey.proposal.category)
    move_slot(journey.session, SYSTEM, journey.slot, "hold", now=journey.now, holder=holder)
    journey.consent()
    return enrolments.offer(
        journey.session, journey.staff, course.key, journey.candidate.key, now=journey.now
    )


def step(journey: Journey, seat: Enrolment, *verbs: str) -> None:
    for verb in verbs:
        more = {"on": journey.today, "paper": "С-5"} if verb == "accept" else {}
        getattr(enrolments, verb)(journey.session, journey.staff, seat.key, now=journey.now, **more)


def test_a_seat_nobody_answers_ends_with_its_slot_and_comes_back_with_it(journey: Journey) -> None:
    seat = take_seat(journey)
    journey.wait(5)
    assert tick(journey).ended == 0
    journey.wait(1)
    assert tick(journey).ended == 1
    assert (seat.state, seat.reason, journey.slot.state) == ("expired", "no_answer", "open")
    enrolments.undo(journey.session, journey.staff, seat.key, note=NOTE, now=journey.now)
    assert (seat.state, journey.slot.state, journey.proposal.state) == (
        "offered",
        "held",
        "approved",
    )
    assert tick(journey).ended == 0


def test_a_seat_taken_and_never_begun_or_ended_is_a_task_and_frees_its_slot(
    journey: Journey,
) -> None:
    seat = take_seat(journey)
    step(journey, seat, "accept")
    journey.wait(7)
    tick(journey)
    assert [code for code, _ in open_tasks(journey)] == ["seat_begin"]
    step(journey, seat, "attend")
    journey.wait(15)
    tick(journey)
    assert [code for code, _ in open_tasks(journey)] == ["seat_result"]
    assert journey.slot.state == "held"
    journey.wait(20)
    tick(journey)
    assert journey.slot.state == "open"


def bring(journey: Journey, state: str) -> None:
    match state:
        case "approved":
            journey.consent()
        case "sent_back":
            note = reviews.Ruling(note="?")
            reviews.send_back(
                journey.session, journey.reviewer, journey.proposal.key, note, now=journey.now
            )
        case "first_yes":
            journey.proposal.state = state
            journey.session.flush()


@pytest.mark.parametrize("state", CLAIMING)
def test_no_proposal_keeps_its_slot_for_ever(journey: Journey, state: str) -> None:
    bring(journey, state)
    assert journey.proposal.state == state
    for _ in range(6):
        journey.wait(5)
        tick(journey)
    assert (journey.proposal.state, journey.slot.state) == ("withdrawn", "open")


@pytest.mark.parametrize("state", ["issued", "presented", "accepted"])
def test_no_referral_keeps_its_slot_for_ever(journey: Journey, state: str) -> None:
    referral = journey.bring(state)
    for _ in range(6):
        journey.wait(5)
        tick(journey)
    assert (referral.state, journey.slot.state) == ("expired", "open")
    assert ("expire", state) in {(row[0], row[1]) for row in REFERRAL.rows}


def test_no_question_waits_for_ever(journey: Journey) -> None:
    journey.approve()
    for _ in range(2):
        journey.wait(5)
        tick(journey)
    assert journey.session.scalars(select(Consent)).one().state == "expired"
    assert journey.session.scalars(select(Proposal)).one().state == "withdrawn"
    assert ("expire", "offered", "expired") in ENROLMENT.rows


def test_an_answer_in_time_needs_nothing(journey: Journey) -> None:
    referral = journey.issue()
    journey.wait(2)
    answers.accept(journey.session, journey.boss, referral.key, now=journey.now)
    journey.hire(referral)
    journey.wait(40)
    assert tick(journey) == clocks.Watched(0, 0, 0)
