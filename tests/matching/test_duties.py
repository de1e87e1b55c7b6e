"""Duties: probation is told only what the act of the very measure asks, each with its dated act."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import absences, duties, placements, referrals, restrictions, tasks
from matching.candidates import Restriction
from matching.placements import Placement
from matching.restrictions import RULES, NewRestriction
from matching.tasks import Task
from quota.acts import load_acts
from quota.errors import NotAllowed, WrongState
from quota.rights import ACCOUNT_ROLES, Actor, Role
from tests.factories import REGION, make_place
from tests.matching.journey import NOTE, Journey

ASKED_ON_HIRE = {
    "forced_labour": {"forced_labour_exemption", "work_changed"},
    "notice_to_leave": {"work_changed"},
}


def start(session: Session, now: datetime, *rules: str, **given: object) -> Journey:
    load_acts(session)
    journey = Journey(session, now, **given)  # type: ignore[arg-type]
    for rule in rules:
        restriction = Restriction(candidate_id=journey.candidate.id, rule=rule, entered_at=now)
        session.add(restriction)
    session.flush()
    return journey


def told(journey: Journey) -> set[str]:
    found = duties.list_open(journey.session, journey.probation, now=journey.now)
    return {duty.code for duty in found}


@pytest.mark.parametrize("rule", RULES)
def test_a_hire_tells_only_what_the_measure_asks(
    session: Session, now: datetime, rule: str
) -> None:
    journey = start(session, now, rule)
    journey.hire()
    assert told(journey) == ASKED_ON_HIRE.get(rule, set())


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("reason", "code"), [("own_wish", "dismissal"), ("absence", "evasion")])
def test_an_end_is_told_in_corrective_labour_only(
    session: Session, now: datetime, rule: str, reason: str, code: str
) -> None:
    journey = start(session, now, rule)
    placement = journey.hire()
    before = told(journey)
    placements.end(session, journey.boss, placement.key, (reason, journey.today), now=now)
    assert told(journey) - before == ({code} if rule == "corrective_labour" else set())


def test_nothing_is_told_of_somebody_who_is_off_the_register(
    session: Session, now: datetime
) -> None:
    journey = start(session, now, "forced_labour", "corrective_labour", supervised=False)
    placement = journey.hire()
    absences.report_absence(session, journey.boss, placement.key, now=now)
    assert session.scalars(select(Task)).all() == []


def test_a_restriction_that_has_ended_asks_nothing(session: Session, now: datetime) -> None:
    journey = start(session, now, "forced_labour")
    session.scalars(select(Restriction)).one().ends_on = date(2026, 11, 22)
    journey.hire()
    assert told(journey) == set()


def test_a_dismissal_announced_before_is_not_told_again(session: Session, now: datetime) -> None:
    journey = start(session, now, "corrective_labour")
    placement = journey.hire()
    absences.announce_end(session, journey.boss, placement.key, now=now)
    (task,) = session.scalars(select(Task)).all()
    assert (task.code, task.due_on) == ("dismissal", journey.today)
    tasks.finish_task(session, journey.probation, task.key, now=now)
    placements.end(session, journey.boss, placement.key, ("agreement", journey.today), now=now)
    assert told(journey) == set()


def test_evasion_is_due_in_three_working_days_with_its_act(session: Session, now: datetime) -> None:
    journey = start(session, now, "corrective_labour")
    placement = journey.hire()
    absences.report_absence(session, journey.staff, placement.key, now=now)
    absences.report_absence(session, journey.staff, placement.key, now=now)
    (duty,) = duties.list_open(session, journey.probation, now=now)
    assert (duty.code, duty.due_on, duty.late) == ("evasion", date(2026, 11, 26), False)
    assert "Art. 56" in duty.act and not duty.verified
    journey.wait(4)
    assert duties.list_open(session, journey.probation, now=journey.now)[0].late


@pytest.mark.parametrize("done", [False, True])
def test_a_hire_taken_back_is_taken_back_from_probation(
    session: Session, now: datetime, done: bool
) -> None:
    journey = start(session, now, "notice_to_leave")
    placement = journey.hire()
    key = session.scalars(select(Task.key)).one()
    if done:
        tasks.finish_task(session, journey.probation, key, now=now)
    referral_key = journey.session.scalars(
        select(placements.Referral.key).where(placements.Referral.id == placement.referral_id)
    ).one()
    placements.undo_hire(session, journey.boss, referral_key, note=NOTE, now=now)
    assert told(journey) == ({"hire_annulled"} if done else set())


def test_only_probation_of_the_territory_sees_duties(session: Session, now: datetime) -> None:
    journey = start(session, now, "forced_labour")
    journey.hire()
    far = Actor(Role.PROBATION, territory="/750000000/")
    assert duties.list_open(session, far, now=now) == []
    for role in ACCOUNT_ROLES:
        actor = Actor(role, territory=REGION, centre_id=journey.centre.id)
        assert bool(duties.list_open(session, actor, now=now)) == (role is Role.PROBATION)


def test_absence_is_said_of_a_job_that_goes_on_by_its_own_people(
    session: Session, now: datetime
) -> None:
    journey = start(session, now)
    placement: Placement = journey.hire()
    with pytest.raises(NotAllowed):
        absences.report_absence(session, journey.probation, placement.key, now=now)
    placements.end(session, journey.boss, placement.key, ("own_wish", journey.today), now=now)
    for verb in (absences.report_absence, absences.announce_end):
        with pytest.raises(WrongState):
            verb(session, journey.boss, placement.key, now=now)


def test_work_in_another_district_raises_the_notice_it_needs(session, now: datetime) -> None:
    make_place(session, kato="196400000", path=f"{REGION}196400000/")
    journey = start(session, now, vacancy_fields={"kato": "196400000"})
    new = NewRestriction("notice_to_leave", {"days_before": 3})
    restrictions.add_restriction(session, journey.probation, journey.candidate.key, new, now=now)
    referral = journey.issue()
    (duty,) = duties.list_open(session, journey.probation, now=journey.now)
    assert (duty.code, duty.act) == ("notice_due", "Penal Execution Code, Art. 66(1)(5)")
    assert duty.due_on == referral.come_by - timedelta(days=3)
    (help_,) = tasks.list_due(session, journey.staff, until=date.max)
    assert (help_.code, help_.due_on) == ("leave_notice", duty.due_on)
    referrals.cancel(session, journey.staff, referral.key, reason="transferred", now=now)
    assert told(journey) == set()
    assert tasks.list_due(session, journey.staff, until=date.max) == []


@pytest.mark.parametrize(("rule", "kato"), [("notice_to_leave", "196200000"), ("tag", "196400000")])
def test_no_notice_is_asked_at_home_or_without_the_rule(
    session, now: datetime, rule: str, kato: str
) -> None:
    make_place(session, kato="196400000", path=f"{REGION}196400000/")
    journey = start(session, now, rule, vacancy_fields={"kato": kato})
    journey.issue()
    assert told(journey) == set()
    assert tasks.list_due(session, journey.staff, until=date.max) == []
