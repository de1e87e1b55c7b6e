"""Moves: another post at the same employer; the place stays filled and whoever must be told is told."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import moves
from matching.candidates import Restriction
from matching.moves import Post
from matching.placement_rows import show_placement
from matching.tasks import Task
from quota.errors import Invalid, NotAllowed, NotFound, WrongState
from quota.rights import Actor, Role
from tests.matching.journey import NOTE, Journey


@pytest.fixture
def journey(session: Session, now: datetime) -> Journey:
    return Journey(session, now)


def test_a_move_changes_post_and_pay_and_leaves_the_place_filled(journey: Journey) -> None:
    session, placement = journey.session, journey.hire()
    new = Post("Бригадир", journey.today, 220_000)
    moves.move(session, journey.boss, placement.key, new, now=journey.now)
    row = show_placement(session, journey.boss, placement.key, now=journey.now)
    assert (row.pay, row.posts[-1].title, row.state) == (220_000, "Бригадир", "started")
    assert journey.slot.state == "filled"
    moves.undo_move(session, journey.staff, placement.key, note=NOTE, now=journey.now)
    row = show_placement(session, journey.boss, placement.key, now=journey.now)
    assert (row.pay, row.posts) == (180_000, ())
    with pytest.raises(WrongState):
        moves.undo_move(session, journey.staff, placement.key, note=NOTE, now=journey.now)


def test_every_faulty_field_is_named(journey: Journey) -> None:
    placement = journey.hire()
    tomorrow = journey.today + timedelta(days=1)
    with pytest.raises(Invalid) as refusal:
        new = Post(" ", tomorrow, 1_000)
        moves.move(journey.session, journey.boss, placement.key, new, now=journey.now)
    assert [f.field for f in refusal.value.faults] == ["post", "moved_on", "pay"]
    before = Post("x", placement.starts_on - timedelta(days=1), 200_000)
    with pytest.raises(Invalid):
        moves.move(journey.session, journey.boss, placement.key, before, now=journey.now)


@pytest.mark.parametrize(
    ("rule", "code"),
    [("notice_to_leave", "work_changed"), ("corrective_labour", "dismissal"), ("tag", None)],
)
def test_probation_hears_of_it_where_an_act_asks(
    journey: Journey, rule: str, code: str | None
) -> None:
    session, placement = journey.session, journey.hire()
    session.add(Restriction(candidate_id=journey.candidate.id, rule=rule, entered_at=journey.now))
    new = Post("Бригадир", journey.today, 220_000)
    moves.move(session, journey.boss, placement.key, new, now=journey.now)
    told = [t.code for t in session.scalars(select(Task)) if t.params.get("placement")]
    assert told == ([code] if code else [])


def test_only_those_who_report_for_the_employer(journey: Journey) -> None:
    placement = journey.hire()
    new = Post("Бригадир", journey.today, 220_000)
    stranger = Actor(Role.EMPLOYER, employer_id=journey.employer.id + 1)
    with pytest.raises(NotFound):
        moves.move(journey.session, stranger, placement.key, new, now=journey.now)
    with pytest.raises(NotAllowed):
        moves.move(journey.session, journey.probation, placement.key, new, now=journey.now)
