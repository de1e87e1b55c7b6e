"""A round from draft to closed: who enters, what is published, and what may not happen."""

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import reviews, rounds, solving
from matching.cockpit import list_plan, list_rounds, list_unplaced, show_round
from matching.engine.problem import read_problem
from matching.engine.records import canonical, digest
from matching.engine.runs import replay_round_run, verify_round_run
from matching.engine.solver import BrokenPlanError
from matching.publication import publish_round
from matching.restrictions import NewRestriction, add_restriction
from matching.reviews import Ruling
from matching.rounds import Proposal, Unplaced
from matching.states import ROUND
from quota import journal
from quota.errors import Invalid, NotAllowed, NotFound, WrongState
from quota.rights import Actor, Role
from quota.slots import Slot
from tests.factories import make_account, make_centre, make_slots
from tests.matching.scene import (
    Scene,
    make_mason,
    make_opening,
    make_scene,
    solve_queued,
    solve_round,
)


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session)


def problem_of(found: rounds.Round) -> set[str]:
    assert found.problem is not None
    return {c.key for c in read_problem(found.problem).candidates}


def test_a_round_is_opened_solved_published_and_closed(
    session: Session, scene: Scene, now: datetime
) -> None:
    solved = solve_round(session, scene, now)
    assert (solved.state, solved.summary["placed"], solved.summary["status"]) == (
        "solved",
        1,
        "optimal",
    )
    published = publish_round(session, scene.staff, solved.key, now=now)
    proposal = session.scalars(select(Proposal)).one()
    slot = session.get_one(Slot, proposal.slot_id)
    assert published.state == "published"
    assert proposal.candidate_id == scene.first.id
    assert sum(proposal.parts.values()) == proposal.score
    assert (slot.state, slot.holder_key) == ("reserved", scene.first.key)
    unplaced = session.scalars(select(Unplaced)).one()
    assert (unplaced.candidate_id, unplaced.kind) == (scene.second.id, "full")
    journal.move(session, scene.staff, proposal, "reject", now=now)
    assert rounds.close_round(session, scene.staff, solved.key, now=now).state == "closed"


def test_the_snapshot_is_sealed_by_its_digest_and_names_nobody(
    session: Session, scene: Scene, now: datetime
) -> None:
    opened = rounds.open_round(session, scene.staff, centre_id=scene.centre.id, now=now)
    found = solving.snapshot_round(session, scene.staff, opened.key, now=now)
    assert found.problem is not None
    assert found.problem_sha256 == digest(found.problem)
    assert "Сапарова" not in found.problem
    first = found.problem
    assert solving.snapshot_round(session, scene.staff, opened.key, now=now).problem == first


def test_rounds_of_a_centre_are_numbered_apart(
    session: Session, scene: Scene, now: datetime
) -> None:
    other = make_scene(session)
    for at in (scene, scene, other):
        rounds.open_round(session, at.staff, centre_id=at.centre.id, now=now)
    assert [row.number for row in list_rounds(session, scene.staff)] == [2, 1]
    assert [row.number for row in list_rounds(session, other.staff)] == [1]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"readiness": "needs_support"}, "waits_for_support"),
        ({"readiness": "declined"}, None),
        ({"consented": False}, "no_consent"),
        ({"hours": [{"days": "9", "start": "x", "end": "y"}]}, "unread_hours"),
    ],
)
def test_only_those_who_may_be_matched_enter(
    session: Session, scene: Scene, now: datetime, given: dict[str, object], reason: str | None
) -> None:
    outside = make_mason(session, scene.centre, **given)
    opened = rounds.open_round(session, scene.staff, centre_id=scene.centre.id, now=now)
    found = solving.snapshot_round(session, scene.staff, opened.key, now=now)
    assert problem_of(found) == {scene.first.key, scene.second.key}
    assert outside.key not in problem_of(found)
    held_out = {code for code, number in found.summary["held_out"].items() if number}
    assert held_out == ({reason} if reason else set())


def test_a_live_proposal_keeps_a_person_out_and_its_end_lets_them_in(
    session: Session, scene: Scene, now: datetime
) -> None:
    first = solve_round(session, scene, now)
    publish_round(session, scene.staff, first.key, now=now)
    second = solve_round(session, scene, now)
    assert problem_of(second) == {scene.second.key}
    assert second.summary["held_out"]["in_progress"] == 1
    proposal = session.scalars(select(Proposal)).one()
    probation = Actor(Role.PROBATION, territory=scene.centre.territory)
    ruling = Ruling(reason="too_far")
    reviews.reject(session, probation, proposal.key, ruling, now=now)
    found = solving.snapshot_round(session, scene.staff, second.key, now=now)
    assert problem_of(found) == {scene.first.key, scene.second.key}
    assert found.problem is not None
    pair = (scene.first.key, scene.vacancy.key)
    assert read_problem(found.problem).forbidden == (pair,)


def test_supervised_people_are_for_probation_and_others_for_a_second_person(
    session: Session, scene: Scene, now: datetime
) -> None:
    account = make_account(session, Role.STAFF, centre_id=scene.centre.id)
    scene.first.status = "released"
    session.flush()
    solved = solve_round(session, scene, now)
    staff = Actor(Role.STAFF, account_id=account.id, centre_id=scene.centre.id)
    publish_round(session, staff, solved.key, now=now)
    proposal = session.scalars(select(Proposal)).one()
    assert (proposal.supervised, proposal.proposed_by) == (False, account.id)
    assert proposal.category == "released"


def test_a_review_is_due_at_the_end_of_the_third_working_day(
    session: Session, scene: Scene, now: datetime
) -> None:
    solved = solve_round(session, scene, now)
    publish_round(session, scene.staff, solved.key, now=now)
    due = session.scalars(select(Proposal.due_at)).one()
    assert due.isoformat() == "2026-11-26T19:00:00+00:00"  # Monday's round: Thursday midnight


def test_nothing_is_published_when_a_slot_was_taken_meanwhile(
    session: Session, scene: Scene, now: datetime
) -> None:
    solved = solve_round(session, scene, now)
    slot = session.scalars(select(Slot)).one()
    journal.move(session, scene.staff, slot, "close", now=now)
    with pytest.raises(WrongState) as refusal:
        publish_round(session, scene.staff, solved.key, now=now)
    assert (refusal.value.code, refusal.value.params["number"]) == ("plan_out_of_date", 1)
    session.refresh(solved)
    assert solved.state == "solved"
    assert session.scalars(select(Proposal)).all() == []
    assert session.scalars(select(Unplaced)).all() == []


def test_two_people_of_one_case_are_not_sent_to_one_employer(
    session: Session, scene: Scene, now: datetime
) -> None:
    """One place is owed, the other is beyond any quota: two books of one employer."""
    make_slots(session, scene.employer, vacancy_id=scene.vacancy.id)
    assert solve_round(session, scene, now).summary["placed"] == 2
    probation = Actor(Role.PROBATION, territory=scene.centre.territory)
    for person in (scene.first, scene.second):
        new = NewRestriction("apart", {"case_number": "257500031000044"})
        add_restriction(session, probation, person.key, new, now=now)
    solved = solve_round(session, scene, now)
    assert (solved.summary["placed"], solved.summary["status"]) == (1, "optimal")
    assert solved.run is not None
    assert verify_round_run(json.loads(solved.run)).failures == ()
    publish_round(session, scene.staff, solved.key, now=now)
    late = solve_round(session, scene, now)
    assert (late.summary["placed"], len(problem_of(late))) == (0, 1)


def test_whoever_of_a_case_got_there_meanwhile_makes_a_plan_out_of_date(
    session: Session, scene: Scene, now: datetime
) -> None:
    more = make_slots(session, scene.employer, 2, vacancy_id=scene.vacancy.id)
    third = make_mason(session, scene.centre)
    probation = Actor(Role.PROBATION, territory=scene.centre.territory)
    solved = solve_round(session, scene, now)
    for person in (scene.first, third):
        new = NewRestriction("apart", {"case_number": "257500031000044"})
        add_restriction(session, probation, person.key, new, now=now)
    with pytest.raises(WrongState) as refusal:
        publish_round(session, scene.staff, solved.key, now=now)
    assert refusal.value.params["number"] == 1
    session.expire_all()
    assert {slot.state for slot in more} == {"open"}


def test_nothing_is_published_half_when_one_of_several_no_longer_holds(
    session: Session, scene: Scene, now: datetime
) -> None:
    make_opening(session, scene.employer)
    solved = solve_round(session, scene, now)
    assert solved.summary["placed"] == 2
    scene.second.readiness = "employed"
    session.flush()
    with pytest.raises(WrongState):
        publish_round(session, scene.staff, solved.key, now=now)
    assert session.scalars(select(Proposal)).all() == []
    assert {slot.state for slot in session.scalars(select(Slot))} == {"open"}


def test_a_round_with_undecided_proposals_stays_open(
    session: Session, scene: Scene, now: datetime
) -> None:
    solved = solve_round(session, scene, now)
    publish_round(session, scene.staff, solved.key, now=now)
    with pytest.raises(WrongState, match="undecided"):
        rounds.close_round(session, scene.staff, solved.key, now=now)


def test_the_same_snapshot_gives_the_same_plan_byte_for_byte(
    session: Session, scene: Scene, now: datetime
) -> None:
    solved = solve_round(session, scene, now)
    problem, plan = solved.problem, solved.plan
    solving.queue_round(session, scene.staff, solved.key, now=now)
    again = solve_queued(session, scene, solved, now)
    assert (again.problem, again.plan, again.attempt) == (problem, plan, 2)


def test_a_locked_pair_goes_first_and_a_forbidden_one_not_at_all(
    session: Session, scene: Scene, now: datetime
) -> None:
    opened = rounds.open_round(session, scene.staff, centre_id=scene.centre.id, now=now)
    pair = (scene.second.key, scene.vacancy.key)
    rounds.fix_pair(session, scene.staff, opened.key, pair, fixed="locked", now=now)
    solving.queue_round(session, scene.staff, opened.key, now=now)
    solve_queued(session, scene, opened, now)
    (row,) = list_plan(session, scene.staff, opened.key)
    assert row.candidate_key == scene.second.key
    assert list_unplaced(session, scene.staff, opened.key)[0].kind == "displaced"
    rounds.fix_pair(session, scene.staff, opened.key, pair, fixed="forbidden", now=now)
    assert opened.locked == []
    solving.snapshot_round(session, scene.staff, opened.key, now=now)
    solving.queue_round(session, scene.staff, opened.key, now=now)
    solve_queued(session, scene, opened, now)
    assert list_plan(session, scene.staff, opened.key)[0].candidate_key == scene.first.key


def test_only_pairs_of_the_centre_are_fixed_and_only_in_known_ways(
    session: Session, scene: Scene, now: datetime
) -> None:
    other = make_scene(session)
    opened = rounds.open_round(session, scene.staff, centre_id=scene.centre.id, now=now)
    pair = (scene.first.key, scene.vacancy.key)
    for strange in ((other.first.key, pair[1]), (pair[0], other.vacancy.key), ("x", "y")):
        with pytest.raises(NotFound):
            rounds.fix_pair(session, scene.staff, opened.key, strange, fixed="locked", now=now)
    with pytest.raises(Invalid):
        rounds.fix_pair(session, scene.staff, opened.key, pair, fixed="preferred", now=now)
    rounds.fix_pair(session, scene.staff, opened.key, pair, fixed="locked", now=now)
    rounds.fix_pair(session, scene.staff, opened.key, pair, fixed=None, now=now)
    assert (opened.locked, opened.forbidden) == ([], [])
    solving.queue_round(session, scene.staff, opened.key, now=now)
    with pytest.raises(WrongState):
        rounds.fix_pair(session, scene.staff, opened.key, pair, fixed="locked", now=now)


def test_progress_is_written_by_the_process_that_solves_and_no_other(
    session: Session, scene: Scene, now: datetime
) -> None:
    opened = rounds.open_round(session, scene.staff, centre_id=scene.centre.id, now=now)
    solving.queue_round(session, scene.staff, opened.key, now=now)
    solving.start_round(session, scene.staff, opened.key, worker="mine", now=now)
    told = {"phase": "parts", "done": 1, "total": 2}
    note = solving.note_progress
    assert note(session, opened.key, worker="mine", progress=told, now=now)
    assert not note(session, opened.key, worker="other", progress={}, now=now)
    assert show_round(session, scene.staff, opened.key).progress == told
    rounds.cancel_round(session, scene.staff, opened.key, now=now)
    assert not note(session, opened.key, worker="mine", progress=told, now=now)
    assert not solving.stop_round(session, scene.staff, opened.key, worker="other", now=now)
    assert solving.stop_round(session, scene.staff, opened.key, worker="mine", now=now)
    assert opened.state == "cancelled"


def test_a_silent_round_fails_and_can_be_run_again(
    session: Session, scene: Scene, now: datetime
) -> None:
    opened = rounds.open_round(session, scene.staff, centre_id=scene.centre.id, now=now)
    solving.queue_round(session, scene.staff, opened.key, now=now)
    solving.start_round(session, scene.staff, opened.key, worker="w", now=now)
    assert solving.fail_silent_rounds(session, scene.staff, now=now + solving.SILENCE) == 0
    later = now + solving.SILENCE + timedelta(seconds=1)
    assert solving.fail_silent_rounds(session, scene.staff, now=later) == 1
    assert (opened.state, opened.failure) == ("failed", "process_lost")
    solving.queue_round(session, scene.staff, opened.key, now=later)
    assert solve_queued(session, scene, opened, later).state == "solved"


def test_a_queued_round_is_cancelled_at_once_and_a_closed_one_never(
    session: Session, scene: Scene, now: datetime
) -> None:
    opened = rounds.open_round(session, scene.staff, centre_id=scene.centre.id, now=now)
    solving.queue_round(session, scene.staff, opened.key, now=now)
    assert rounds.cancel_round(session, scene.staff, opened.key, now=now).state == "cancelled"
    with pytest.raises(WrongState):
        rounds.cancel_round(session, scene.staff, opened.key, now=now)


@pytest.mark.parametrize("state", ROUND.states)
def test_a_snapshot_is_taken_only_while_nothing_depends_on_it(
    session: Session, scene: Scene, now: datetime, state: str
) -> None:
    opened = rounds.open_round(session, scene.staff, centre_id=scene.centre.id, now=now)
    opened.state = state
    session.flush()
    if state in ("draft", "failed", "cancelled", "solved"):
        assert solving.snapshot_round(session, scene.staff, opened.key, now=now).problem
    else:
        with pytest.raises(WrongState):
            solving.snapshot_round(session, scene.staff, opened.key, now=now)


def test_other_centres_and_roles_get_nowhere(session: Session, scene: Scene, now: datetime) -> None:
    opened = rounds.open_round(session, scene.staff, centre_id=scene.centre.id, now=now)
    stranger = Actor(Role.STAFF, centre_id=make_centre(session).id)
    employer = Actor(Role.EMPLOYER, employer_id=scene.employer.id)
    prosecutor = Actor(Role.PROSECUTOR, territory=scene.centre.territory)
    for verb in (solving.snapshot_round, solving.queue_round, rounds.cancel_round, publish_round):
        with pytest.raises(NotFound):
            verb(session, stranger, opened.key, now=now)
        with pytest.raises(NotAllowed):
            verb(session, employer, opened.key, now=now)
    assert show_round(session, prosecutor, opened.key).number == 1
    with pytest.raises(NotAllowed):
        list_plan(session, prosecutor, opened.key)
    assert list_rounds(session, stranger) == []


def test_the_plan_reads_with_names_titles_and_reasons(
    session: Session, scene: Scene, now: datetime
) -> None:
    solved = solve_round(session, scene, now)
    (row,) = list_plan(session, scene.staff, solved.key)
    assert row.candidate_name.startswith("Сапарова")
    assert (row.vacancy_title, row.employer_name) == ("Қалаушы", scene.employer.name)
    assert (row.proposal_key, sum(row.parts.values())) == (None, row.score)
    (missed,) = list_unplaced(session, scene.staff, solved.key)
    assert missed.titles == {scene.vacancy.key: "Қалаушы"}
    publish_round(session, scene.staff, solved.key, now=now)
    (row,) = list_plan(session, scene.staff, solved.key)
    assert row.proposal_state == "proposed"


def test_a_solved_round_is_exported_with_its_proof_and_verified(
    session: Session, scene: Scene, now: datetime
) -> None:
    solved = solve_round(session, scene, now)
    run = json.loads(solving.export_round(session, scene.staff, solved.key))
    assert verify_round_run(run).failures == ()
    assert replay_round_run(run) == []
    assert (run["problem_sha256"], run["versions"]) == (solved.problem_sha256, solved.versions)
    assert canonical(run["answer"]) == solved.plan
    run["answer"]["choices"][0]["candidate"] = scene.second.key
    assert verify_round_run(run).failures
    with pytest.raises(BrokenPlanError):
        solving.check_run(canonical(run))


def test_a_round_without_a_plan_has_nothing_to_export(
    session: Session, scene: Scene, now: datetime
) -> None:
    solved = solve_round(session, scene, now)
    solving.snapshot_round(session, scene.staff, solved.key, now=now)
    with pytest.raises(WrongState):
        solving.export_round(session, scene.staff, solved.key)
