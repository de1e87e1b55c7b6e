"""After a no: the pair banned, the others pinned, the next best for the person and for the place."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import next_best, publication, reviews, tasks
from matching.reviews import Ruling
from matching.rounds import Proposal
from matching.tasks import Task
from quota.errors import NotAllowed, NotFound, WrongState
from quota.rights import ACCOUNT_ROLES, Actor, Role
from tests.factories import REGION
from tests.matching.scene import (
    Scene,
    make_mason,
    make_opening,
    make_scene,
    solve_round,
    work_off,
)

NO = Ruling(reason="too_far")


@pytest.fixture
def scene(session: Session, now: datetime) -> Scene:
    return make_scene(session)


def publish(session: Session, scene: Scene, now: datetime) -> list[Proposal]:
    solved = solve_round(session, scene, now)
    publication.publish_round(session, scene.staff, solved.key, now=now)
    return list(session.scalars(select(Proposal).order_by(Proposal.id)))


def reject(session: Session, scene: Scene, proposal: Proposal, now: datetime) -> None:
    probation = Actor(Role.PROBATION, territory=REGION)
    reviews.reject(session, probation, proposal.key, NO, now=now)


def find_next(session: Session, actor: Actor, key: str, now: datetime) -> next_best.NextPlan:
    """Asked for, worked out as a process of its own does it, and read."""
    next_best.ask_next(session, actor, key, now=now)
    work_off(session, now)
    return next_best.show_next(session, actor, key)


def test_a_no_offers_the_place_to_the_next_and_says_why_the_person_has_none(
    session: Session, scene: Scene, now: datetime
) -> None:
    (proposal,) = publish(session, scene, now)
    assert proposal.candidate_id == scene.first.id
    with pytest.raises(WrongState, match="in_progress"):
        find_next(session, scene.staff, proposal.key, now)
    reject(session, scene, proposal, now)
    plan = find_next(session, scene.staff, proposal.key, now)
    (row,) = plan.rows
    assert (row.candidate_key, row.for_person, row.for_place) == (scene.second.key, False, True)
    assert (plan.missed, plan.place_open, plan.others) == ("no_option", True, 0)
    made = next_best.propose_next(session, scene.staff, proposal.key, scene.second.key, now=now)
    assert (made.state, made.round_id, made.slot_id) == (
        "proposed",
        proposal.round_id,
        proposal.slot_id,
    )
    assert {"code": "next_best", "params": {}} in made.reasons


def test_the_other_proposals_stay_and_the_person_gets_the_next_best_place(
    session: Session, scene: Scene, now: datetime
) -> None:
    third = make_mason(session, scene.centre)
    make_opening(session, scene.employer, pay_from=400_000)
    published = {p.candidate_id: p for p in publish(session, scene, now)}
    assert len(published) == 2
    later = make_opening(session, scene.employer, pay_from=160_000)
    mine = published.get(scene.first.id) or published[third.id]
    other = next(p for p in published.values() if p is not mine)
    reject(session, scene, mine, now)
    plan = find_next(session, scene.staff, mine.key, now)
    placed = {row.candidate_key for row in plan.rows}
    assert len(placed) == len(plan.rows) == 2  # the person elsewhere, somebody else on the place
    (own,) = [row for row in plan.rows if row.for_person]
    assert (own.vacancy_key, own.for_place) == (later.key, False)
    made = next_best.propose_next(session, scene.staff, mine.key, own.candidate_key, now=now)
    assert made.vacancy_id == later.id
    assert other.state == "proposed"
    with pytest.raises(WrongState, match="in_progress"):
        find_next(session, scene.staff, mine.key, now)


def test_the_centre_gets_a_task_that_ends_with_the_step_or_its_undoing(
    session: Session, scene: Scene, now: datetime
) -> None:
    (proposal,) = publish(session, scene, now)
    reject(session, scene, proposal, now)
    (task,) = session.scalars(select(Task))
    assert (task.code, task.role, task.params) == (
        "next_best",
        "staff",
        {"proposal": proposal.key},
    )
    probation = Actor(Role.PROBATION, territory=REGION)
    reviews.undo_reject(session, probation, proposal.key, note="по ошибке", now=now)
    assert task.done_at == now
    reject(session, scene, proposal, now)
    assert len(tasks.list_due(session, scene.staff, until=task.due_on)) == 1
    find_next(session, scene.staff, proposal.key, now)
    next_best.propose_next(session, scene.staff, proposal.key, scene.second.key, now=now)
    assert tasks.list_due(session, scene.staff, until=task.due_on) == []


def test_nothing_is_solved_before_somebody_asks_and_nothing_twice(
    session: Session, scene: Scene, now: datetime
) -> None:
    (proposal,) = publish(session, scene, now)
    reject(session, scene, proposal, now)
    args = (session, scene.staff, proposal.key)
    plan = next_best.show_next(*args)
    assert (plan.study, plan.asked_at, plan.rows) == (None, None, ())
    asked = next_best.ask_next(*args, now=now)
    assert next_best.ask_next(*args, now=now) is asked
    waiting = next_best.show_next(*args)
    assert waiting.study is not None
    assert (waiting.study.state, waiting.rows) == ("queued", ())
    work_off(session, now)
    shown = next_best.show_next(*args)
    assert (shown.asked_at, len(shown.rows)) == (now, 1)
    assert next_best.ask_next(*args, now=now) is not asked


def test_a_place_taken_since_is_refused_without_a_trace(
    session: Session, scene: Scene, now: datetime
) -> None:
    (proposal,) = publish(session, scene, now)
    reject(session, scene, proposal, now)
    find_next(session, scene.staff, proposal.key, now)
    scene.second.readiness = "declined"
    session.flush()
    with pytest.raises(WrongState, match="not_suitable"):
        next_best.propose_next(session, scene.staff, proposal.key, scene.second.key, now=now)
    assert session.scalars(select(Proposal.state)).all() == ["rejected"]


def test_a_choice_the_plan_has_not_is_refused(
    session: Session, scene: Scene, now: datetime
) -> None:
    (proposal,) = publish(session, scene, now)
    reject(session, scene, proposal, now)
    find_next(session, scene.staff, proposal.key, now)
    for key in (scene.first.key, "nosuch"):
        with pytest.raises(WrongState, match="changed_meanwhile"):
            next_best.propose_next(session, scene.staff, proposal.key, key, now=now)


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_role_by_role(session: Session, scene: Scene, now: datetime, role: Role) -> None:
    (proposal,) = publish(session, scene, now)
    reject(session, scene, proposal, now)
    actor = replace(scene.staff, role=role)
    if role is Role.STAFF:
        assert find_next(session, actor, proposal.key, now).rows
        elsewhere = replace(actor, centre_id=scene.centre.id + 1)
        with pytest.raises(NotFound):
            find_next(session, elsewhere, proposal.key, now)
        return
    with pytest.raises(NotAllowed):
        find_next(session, actor, proposal.key, now)


def test_the_next_round_answers_what_a_no_left_open(
    session: Session, scene: Scene, now: datetime
) -> None:
    (proposal,) = publish(session, scene, now)
    reject(session, scene, proposal, now)
    waiting = select(Task).where(Task.code == tasks.NEXT_BEST, Task.done_at.is_(None))
    assert len(session.scalars(waiting).all()) == 1
    publish(session, scene, now)
    assert session.scalars(waiting).all() == []
