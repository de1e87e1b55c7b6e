"""Programmes: planned, done or closed by two people; a gate keeps its person out of rounds."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import closings, programmes
from matching.candidates import Candidate, Readiness
from matching.checks import list_checks
from matching.closings import Closing
from matching.insights import list_remedies
from matching.measure_rows import list_own, see_own_task, see_programme
from matching.programmes import SECTION_OF, SECTIONS, Measure, NewMeasure, Outcome
from matching.publication import publish_round
from matching.reasons import CLOSINGS
from matching.snapshots import find_entrants
from matching.tasks import Task
from quota.accounts import Account, actor_of
from quota.acts import load_acts
from quota.centres import BodyKind
from quota.errors import Invalid, NotAllowed, NotFound, WrongState
from quota.rights import ACCOUNT_ROLES, Actor, Role
from tests.factories import REGION, make_account, make_body, make_candidate
from tests.matching.scene import Scene, make_scene, solve_round

SIGNED = Closing("not_needed", "О-7")


@dataclass(frozen=True, slots=True)
class Office:
    scene: Scene
    staff: Actor
    second: Actor
    specialist: Actor
    doctor: Account

    @property
    def person(self) -> Candidate:
        return self.scene.first


@pytest.fixture
def office(session: Session) -> Office:
    load_acts(session)
    scene = make_scene(session)
    doctor = make_account(session, Role.SPECIALIST)
    staff = [
        actor_of(session, make_account(session, Role.STAFF, centre_id=scene.centre.id))
        for _ in range(2)
    ]
    return Office(scene, *staff, actor_of(session, doctor), doctor)


def plan(
    session: Session, office: Office, now: datetime, kind: str = "doctor", *, gate: bool = False
) -> Measure:
    new = NewMeasure(kind, date(2026, 12, 20), office.doctor.key, gate)
    return programmes.plan(session, office.staff, office.person.key, new, now=now)


def test_every_section_of_the_law_has_its_act_and_its_measures(
    session: Session, office: Office, now: datetime
) -> None:
    for kind in SECTION_OF:
        plan(session, office, now, kind)
    seen = see_programme(session, office.staff, office.person.key, now=now)
    assert [section.code for section in seen.sections] == list(SECTIONS)
    for section in seen.sections:
        assert "Art. 6" in section.act
        assert not section.verified
        assert [row.kind for row in section.measures] == list(SECTIONS[section.code])
        assert {row.executor for row in section.measures} == {office.doctor.name}


def test_a_measure_needs_a_known_kind_a_term_and_an_executor(
    session: Session, office: Office, now: datetime
) -> None:
    elsewhere = make_body(session, BodyKind.SPECIALISTS, territory="/750000000/")
    far = make_account(session, Role.SPECIALIST, body_id=elsewhere.id)
    new = NewMeasure("other", date(2026, 11, 22), far.key)
    with pytest.raises(Invalid) as refusal:
        programmes.plan(session, office.staff, office.person.key, new, now=now)
    assert [fault.field for fault in refusal.value.faults] == ["kind", "due_on", "executor"]


def test_what_was_done_says_what_is_next_and_can_be_taken_back(
    session: Session, office: Office, now: datetime
) -> None:
    measure = plan(session, office, now)
    for outcome, field in (
        (Outcome("cured"), "result"),
        (Outcome("carried_out", "surgery"), "next_step"),
        (Outcome("carried_out", "once_more"), "next_on"),
        (Outcome("carried_out", "once_more", date(2026, 11, 1)), "next_on"),
    ):
        with pytest.raises(Invalid) as refusal:
            programmes.complete(session, office.specialist, measure.key, outcome, now=now)
        assert [fault.field for fault in refusal.value.faults] == [field]
    outcome = Outcome("carried_out", "once_more", date(2026, 12, 1))
    programmes.complete(session, office.specialist, measure.key, outcome, now=now)
    assert (measure.state, measure.result, measure.next_on) == (
        "done",
        "carried_out",
        date(2026, 12, 1),
    )
    programmes.undo_complete(session, office.staff, measure.key, now=now)
    assert (measure.state, measure.result, measure.closed_by) == ("planned", None, None)


def test_no_field_of_a_measure_could_hold_a_diagnosis() -> None:
    texts = {
        column.name
        for column in Measure.__table__.columns
        if getattr(column.type, "length", 0) is None or getattr(column.type, "length", 0) > 40
    }
    assert texts == {"refusal_paper"}


@pytest.mark.parametrize("reason", [code for code in CLOSINGS if code != "entered_by_mistake"])
def test_nothing_is_closed_without_a_signature(
    session: Session, office: Office, now: datetime, reason: str
) -> None:
    measure = plan(session, office, now)
    with pytest.raises(Invalid) as refusal:
        closings.propose(session, office.staff, measure.key, Closing(reason), now=now)
    assert [fault.code for fault in refusal.value.faults] == ["needs_signed_refusal"]
    for signed in (Closing(reason, "О-1"), Closing(reason, refused_on=date(2026, 11, 20))):
        closings.propose(session, office.staff, measure.key, signed, now=now)
        closings.keep_open(session, office.second, measure.key, now=now)
    assert (measure.state, measure.reason, measure.refusal_paper) == ("planned", None, "")


@pytest.mark.parametrize("reason", ["", "other"])
def test_nothing_is_closed_without_a_reason_code(
    session: Session, office: Office, now: datetime, reason: str
) -> None:
    measure = plan(session, office, now)
    with pytest.raises(Invalid):
        closings.propose(session, office.staff, measure.key, Closing(reason, "О-1"), now=now)
    assert measure.state == "planned"


def test_a_closing_takes_two_people(session: Session, office: Office, now: datetime) -> None:
    measure = plan(session, office, now)
    closings.propose(session, office.staff, measure.key, SIGNED, now=now)
    for same in (office.staff, Actor(Role.SYSTEM)):
        with pytest.raises(WrongState, match="second_to_confirm"):
            closings.confirm(session, same, measure.key, now=now)
    with pytest.raises(NotAllowed):
        closings.confirm(session, office.specialist, measure.key, now=now)
    probation = actor_of(session, make_account(session, Role.PROBATION))
    closings.confirm(session, probation, measure.key, now=now)
    assert (measure.state, measure.closed_by) == ("closed", probation.account_id)
    closings.undo(session, office.second, measure.key, now=now)
    assert (measure.state, measure.closed_by, measure.reason) == ("planned", None, None)


def test_a_gate_keeps_out_of_rounds_until_it_is_settled_and_says_so(
    session: Session, office: Office, now: datetime
) -> None:
    scene = office.scene
    measure = plan(session, office, now, gate=True)
    entrants, held_out = find_entrants(session, scene.centre.id)
    assert [one.key for one in entrants] == [scene.second.key]
    assert held_out["waits_for_support"] == 1
    assert see_programme(session, office.staff, office.person.key, now=now).waits
    solved = solve_round(session, scene, now)
    assert solved.summary["held_out"]["waits_for_support"] == 1
    (settled,) = list_remedies(session, scene.staff, solved.key, office.person.key)
    assert (settled.code, settled.vacancy_key) == ("gate", scene.vacancy.key)
    checks = {c.code: (c.number, c.level) for c in list_checks(session, scene.staff, solved.key)}
    assert checks["waits_for_support"] == (1, "warn")
    closings.propose(session, office.staff, measure.key, SIGNED, now=now)
    assert find_entrants(session, scene.centre.id)[1]["waits_for_support"] == 1
    closings.confirm(session, office.second, measure.key, now=now)
    assert len(find_entrants(session, scene.centre.id)[0]) == 2
    assert find_entrants(session, scene.centre.id)[1]["waits_for_support"] == 0


def test_a_gate_set_after_solving_stops_the_publishing(
    session: Session, office: Office, now: datetime
) -> None:
    solved = solve_round(session, office.scene, now)
    measure = plan(session, office, now)
    programmes.set_gate(session, office.staff, measure.key, gate=True, now=now)
    with pytest.raises(WrongState, match="plan_out_of_date"):
        publish_round(session, office.scene.staff, solved.key, now=now)


def test_when_the_last_gate_is_done_the_centre_looks_at_the_readiness(
    session: Session, office: Office, now: datetime
) -> None:
    office.person.readiness = Readiness.NEEDS_SUPPORT
    first, last = (plan(session, office, now, kind, gate=True) for kind in ("doctor", "lodging"))
    done = Outcome("carried_out")
    programmes.complete(session, office.specialist, first.key, done, now=now)
    assert session.scalars(select(Task.code)).all() == []
    programmes.complete(session, office.specialist, last.key, done, now=now)
    assert session.scalars(select(Task.code)).all() == ["support_done"]


def test_needs_of_the_survey_ask_for_their_measures(
    session: Session, office: Office, now: datetime
) -> None:
    office.person.needs = ["documents", "legal"]
    plan(session, office, now, "documents")
    seen = see_programme(session, office.staff, office.person.key, now=now)
    assert seen.wanted == ["legal_consultation"]


def test_a_specialist_sees_own_tasks_only(session: Session, office: Office, now: datetime) -> None:
    measure = plan(session, office, now)
    other = actor_of(session, make_account(session, Role.SPECIALIST))
    assert [row.measure.key for row in list_own(session, office.specialist, now=now)] == [
        measure.key
    ]
    assert list_own(session, other, now=now) == []
    assert see_own_task(session, office.specialist, measure.key, now=now).row.name
    with pytest.raises(NotFound):
        see_own_task(session, other, measure.key, now=now)
    with pytest.raises(NotFound):
        programmes.complete(session, other, measure.key, Outcome("carried_out"), now=now)
    with pytest.raises(NotFound):
        closings.propose(session, other, measure.key, SIGNED, now=now)
    with pytest.raises(NotAllowed):
        see_programme(session, office.specialist, office.person.key, now=now)


def test_what_was_settled_long_ago_leaves_the_queue(
    session: Session, office: Office, now: datetime
) -> None:
    measure = plan(session, office, now)
    programmes.complete(session, office.specialist, measure.key, Outcome("carried_out"), now=now)
    assert len(list_own(session, office.specialist, now=now)) == 1
    assert list_own(session, office.specialist, now=now + timedelta(days=8)) == []


@pytest.mark.parametrize("role", [r for r in ACCOUNT_ROLES if r not in (Role.STAFF,)])
def test_no_other_role_plans(session: Session, office: Office, now: datetime, role: Role) -> None:
    actor = Actor(role, account_id=1, centre_id=office.scene.centre.id, territory=REGION)
    with pytest.raises(NotAllowed):
        programmes.plan(
            session,
            actor,
            office.person.key,
            NewMeasure("doctor", date(2026, 12, 20), office.doctor.key),
            now=now,
        )


def test_another_centres_staff_find_nothing(
    session: Session, office: Office, now: datetime
) -> None:
    measure = plan(session, office, now)
    stranger = actor_of(session, make_account(session, Role.STAFF))
    with pytest.raises(NotFound):
        see_programme(session, stranger, office.person.key, now=now)
    with pytest.raises(NotFound):
        closings.propose(session, stranger, measure.key, SIGNED, now=now)
    with pytest.raises(NotFound):
        programmes.find_measure(session, stranger, "nosuchkey")


def test_a_blocked_record_is_left_alone(session: Session, office: Office, now: datetime) -> None:
    measure = plan(session, office, now)
    office.person.blocked_at = now
    with pytest.raises(WrongState, match="blocked"):
        programmes.complete(
            session, office.specialist, measure.key, Outcome("carried_out"), now=now
        )
    assert list_own(session, office.specialist, now=now) == []


def test_others_of_the_centre_do_not_wait(session: Session, office: Office, now: datetime) -> None:
    make_candidate(session, office.scene.centre.id, readiness=Readiness.READY)
    plan(session, office, now)  # no gate
    assert find_entrants(session, office.scene.centre.id)[1]["waits_for_support"] == 0
