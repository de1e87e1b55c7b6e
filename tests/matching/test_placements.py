"""Placements: begun by a hire, asked after four times in a year, ended and undone with the slot."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import absences, placements, standings
from matching.candidates import Readiness
from matching.placements import Placement, add_months, list_follow_ups
from matching.states import PLACEMENT
from matching.tasks import Task
from quota.errors import Invalid, NotAllowed, NotFound, WrongState
from quota.rights import SYSTEM, Actor, Role
from quota.slots import move_slot
from tests.matching.journey import NOTE, Journey


@pytest.fixture
def journey(session: Session, now: datetime) -> Journey:
    return Journey(session, now)


def bring(journey: Journey, state: str) -> Placement:
    placement = journey.hire()
    if state == "kept":
        journey.now += timedelta(days=40)
        run(journey, placement, "keep")
    elif state == "ended":
        run(journey, placement, "end")
    elif state == "annulled":
        run(journey, placement, "annul")
    assert placement.state == state
    return placement


def run(journey: Journey, placement: Placement, verb: str, actor: Actor | None = None) -> None:
    session, now = journey.session, journey.now
    args = (session, actor or journey.boss, placement.key)
    match verb:
        case "keep":
            placements.keep(*args, now=now)
        case "end":
            placements.end(*args, ("own_wish", journey.today), now=now)
        case "annul":
            key = session.get_one(placements.Referral, placement.referral_id).key
            placements.undo_hire(session, args[1], key, note=NOTE, now=now)
        case _:
            getattr(placements, verb)(*args, note=NOTE, now=now)


@pytest.mark.parametrize("verb", ["keep", "undo_keep", "end", "undo_end", "annul"])
@pytest.mark.parametrize("state", PLACEMENT.states)
def test_every_row_of_the_table_and_no_other(journey: Journey, state: str, verb: str) -> None:
    placement = bring(journey, state)
    journey.now += timedelta(days=100)
    slot = journey.slot.state
    if (verb, state) not in {(row[0], row[1]) for row in PLACEMENT.rows}:
        with pytest.raises(WrongState):
            run(journey, placement, verb)
        assert (placement.state, journey.slot.state) == (state, slot)
        return
    run(journey, placement, verb)
    assert placement.state == PLACEMENT.next(state, verb)
    in_work = placement.state in ("started", "kept")
    after = "filled" if in_work else "referred" if verb == "annul" else "open"
    assert journey.slot.state == after
    assert (journey.candidate.readiness == Readiness.EMPLOYED) == in_work


def test_a_hire_needs_a_whole_contract(journey: Journey) -> None:
    referral = journey.issue()
    tomorrow = journey.today + timedelta(days=1)
    for given, field in (
        ({"number": " "}, "number"),
        ({"signed_on": tomorrow, "starts_on": tomorrow}, "signed_on"),
        ({"signed_on": journey.today, "starts_on": date(2026, 11, 1)}, "starts_on"),
        ({"pay": 84_999}, "pay"),
    ):
        with pytest.raises(Invalid) as refusal:
            placements.hire(
                journey.session,
                journey.boss,
                referral.key,
                journey.contract(**given),
                now=journey.now,
            )
        assert [fault.field for fault in refusal.value.faults] == [field]
    assert (referral.state, journey.slot.state) == ("issued", "referred")


def test_nobody_is_hired_twice(journey: Journey) -> None:
    referral = journey.issue()
    journey.candidate.readiness = Readiness.EMPLOYED
    with pytest.raises(WrongState, match="already_employed"):
        journey.hire(referral)


def test_four_questions_in_a_year_by_the_calendar(journey: Journey) -> None:
    placement = journey.hire()
    due = [(f.months, f.due_on) for f in list_follow_ups(journey.session, placement)]
    assert due == [
        (1, date(2026, 12, 23)),
        (3, date(2027, 2, 23)),
        (6, date(2027, 5, 23)),
        (12, date(2027, 11, 23)),
    ]


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 23), 12, date(2027, 11, 23)),
    ],
)
def test_months_end_where_the_month_ends(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


def test_keeping_answers_what_is_due_and_nothing_before(journey: Journey) -> None:
    placement = journey.hire()
    with pytest.raises(WrongState, match="nothing_due"):
        run(journey, placement, "keep")
    journey.now += timedelta(days=100)
    run(journey, placement, "keep")
    run(journey, placement, "keep")
    with pytest.raises(WrongState, match="nothing_due"):
        run(journey, placement, "keep")
    run(journey, placement, "undo_keep")
    answered = [f.months for f in list_follow_ups(journey.session, placement) if f.kept_at]
    assert (placement.state, answered) == ("started", [1])


def test_an_end_needs_a_code_and_a_day_within_the_job(journey: Journey) -> None:
    placement = journey.hire()
    for leaving in (
        ("nonsense", journey.today),
        ("own_wish", journey.today + timedelta(days=1)),
        ("own_wish", journey.today - timedelta(days=1)),
    ):
        with pytest.raises(Invalid):
            placements.end(journey.session, journey.boss, placement.key, leaving, now=journey.now)
    assert placement.state == "started"


def test_an_undone_end_holds_the_same_person(journey: Journey) -> None:
    placement = bring(journey, "ended")
    assert (placement.reason, placement.ends_on) == ("own_wish", journey.today)
    run(journey, placement, "undo_end")
    assert (placement.reason, placement.ends_on) == (None, None)
    assert journey.slot.holder_key == journey.candidate.key
    assert journey.slot.holder_category == "probation"


def test_no_undo_takes_a_slot_or_a_person_who_found_other_work(journey: Journey) -> None:
    placement = bring(journey, "ended")
    journey.candidate.readiness = Readiness.EMPLOYED
    with pytest.raises(WrongState, match="already_employed"):
        run(journey, placement, "undo_end")
    journey.candidate.readiness = Readiness.READY
    holder = ("other", "probation")
    move_slot(journey.session, SYSTEM, journey.slot, "reserve", now=journey.now, holder=holder)
    with pytest.raises(WrongState, match="slot_taken"):
        run(journey, placement, "undo_end")


@pytest.mark.parametrize("verb", ["undo_keep", "undo_end"])
def test_an_undo_needs_a_note(journey: Journey, verb: str) -> None:
    placement = bring(journey, "kept" if verb == "undo_keep" else "ended")
    with pytest.raises(Invalid):
        getattr(placements, verb)(
            journey.session, journey.boss, placement.key, note=" ", now=journey.now
        )


def test_an_ended_job_cannot_be_annulled_but_a_hire_can_be_repeated(journey: Journey) -> None:
    referral = journey.issue()
    first = journey.hire(referral)
    run(journey, first, "annul")
    second = journey.hire(referral)
    assert (first.state, second.state) == ("annulled", "started")
    assert first.key != second.key
    assert journey.slot.state == "filled"


@pytest.mark.parametrize("role", Role)
def test_role_by_role(journey: Journey, role: Role) -> None:
    placement = journey.hire()
    actor = Actor(
        role,
        centre_id=journey.centre.id,
        employer_id=journey.employer.id,
        candidate_id=journey.candidate.id,
        territory="/190000000/",
    )
    if role in (Role.STAFF, Role.EMPLOYER, Role.SYSTEM):
        run(journey, placement, "end", actor)
        return
    with pytest.raises(NotAllowed):
        run(journey, placement, "end", actor)
    if role is Role.PROBATION:
        assert placements.find_placement(journey.session, actor, placement.key) is placement


def test_whoever_leaves_is_ready_from_the_day_after_the_last_one(journey: Journey) -> None:
    placement = journey.hire()
    session, candidate, first = journey.session, journey.candidate, journey.today
    journey.wait(8)
    args = (session, journey.boss, placement.key)
    placements.end(*args, ("own_wish", first + timedelta(days=3)), now=journey.now)
    assert standings.find_left(session) == {candidate.id: first + timedelta(days=4)}
    ready = standings.find_last(session, standings.Kind.READINESS, Readiness.READY)
    assert ready[candidate.id] == first + timedelta(days=4)


def test_another_employer_or_centre_finds_nothing(journey: Journey) -> None:
    placement = journey.hire()
    for actor in (
        Actor(Role.EMPLOYER, employer_id=journey.employer.id + 1),
        Actor(Role.STAFF, centre_id=journey.centre.id + 1),
        Actor(Role.PROBATION, territory="/750000000/"),
    ):
        with pytest.raises(NotFound):
            placements.find_placement(journey.session, actor, placement.key)
    with pytest.raises(NotFound):
        placements.find_placement(journey.session, journey.staff, "nosuchkey")


def test_each_side_is_asked_and_the_first_yes_counts(journey: Journey) -> None:
    session = journey.session
    placement = journey.hire()
    journey.now += timedelta(days=40)
    placements.keep(session, journey.person, placement.key, now=journey.now)
    (month, *_) = list_follow_ups(session, placement)
    assert (month.person_at, month.employer_at, month.kept_at) == (journey.now, None, journey.now)
    with pytest.raises(WrongState, match="nothing_due"):
        placements.keep(session, journey.person, placement.key, now=journey.now)
    first = journey.now
    journey.now += timedelta(days=1)
    placements.keep(session, journey.boss, placement.key, now=journey.now)
    assert (month.employer_at, month.kept_at) == (journey.now, first)
    run(journey, placement, "undo_keep")
    assert (month.kept_at, month.employer_at, month.person_at) == (None, None, None)
    with pytest.raises(Invalid):
        placements.keep(session, journey.staff, placement.key, side="x", now=journey.now)
    placements.keep(session, journey.staff, placement.key, side="person", now=journey.now)
    assert (month.person_at, month.employer_at) == (journey.now, None)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"term": "for ever"}, "term"),
        ({"term": "definite"}, "until"),
        ({"term": "definite", "until": date(2026, 11, 1)}, "until"),
        ({"until": date(2027, 11, 1)}, "until"),
    ],
)
def test_a_term_that_ends_names_its_day(journey: Journey, given: dict, field: str) -> None:
    referral = journey.issue()
    args = (journey.session, journey.boss, referral.key)
    with pytest.raises(Invalid) as refusal:
        placements.hire(*args, journey.contract(**given), now=journey.now)
    assert [fault.field for fault in refusal.value.faults] == [field]
    term = {"term": "definite", "until": date(2027, 11, 22), "address": "Қонаев, 5"}
    placement = placements.hire(*args, journey.contract(**term), now=journey.now)
    assert (placement.term, placement.until, placement.address) == tuple(term.values())


def test_a_person_who_says_the_job_is_left_raises_a_task_and_ends_nothing(journey: Journey) -> None:
    placement = journey.hire()
    absences.say_left(journey.session, journey.person, placement.key, now=journey.now)
    (task,) = journey.session.scalars(select(Task))
    assert (task.code, task.role, task.params) == ("says_left", "staff", {"about": placement.key})
    assert placement.state == "started"
    stranger = Actor(Role.CANDIDATE, candidate_id=journey.candidate.id + 1)
    with pytest.raises(NotFound):
        absences.say_left(journey.session, stranger, placement.key, now=journey.now)
