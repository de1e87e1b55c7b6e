"""Campaigns: a frame frozen with its seed, two phases, evidence frozen while it is read."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from quota import attachments, cases, inspections, sampling, slots
from quota.attachments import Upload
from quota.cases import Inspection
from quota.centres import Centre
from quota.employers import Employer
from quota.errors import Invalid, NotAllowed, NotFound, WrongState
from quota.inspection_rows import list_inspections
from quota.inspections import Campaign, NewCampaign
from quota.patterns import Stay, find_patterns, list_stays
from quota.rates import load_rates
from quota.rights import SYSTEM, Actor, Role
from quota.slots import SlotEvent
from quota.states import CAMPAIGN, INSPECTION
from tests.quota.conftest import add_employer, add_pledge

PDF = Upload("payroll", b"%PDF-1.7 invented")


@pytest.fixture
def prosecutor() -> Actor:
    return Actor(Role.PROSECUTOR, territory="/190000000/")


@pytest.fixture
def firm(employer: Employer) -> Actor:
    return Actor(Role.EMPLOYER, employer_id=employer.id)


def hire(session: Session, employer: Employer, when: datetime, *, left: datetime | None = None):
    slot = slots.open_slots(
        session, SYSTEM, employer, add_pledge(session, employer, when), count=1, now=when
    )[0]
    for verb in ("reserve", "refer", "fill"):
        slots.move_slot(session, SYSTEM, slot, verb, now=when, holder=("person", None))
    if left:
        slots.move_slot(session, SYSTEM, slot, "vacate", now=left)
    return slot


@pytest.fixture
def campaign(session: Session, employer: Employer, prosecutor: Actor, now: datetime) -> Campaign:
    load_rates(session)
    early = now - timedelta(days=60)
    hire(session, employer, early)
    hire(session, employer, early, left=early + timedelta(days=3))
    new = NewCampaign("Autumn", early.date(), now.date(), size=5, cases_each=3)
    return inspections.add_campaign(session, prosecutor, new, now=now)


@pytest.fixture
def inspection(
    session: Session, campaign: Campaign, prosecutor: Actor, now: datetime
) -> Inspection:
    cases.start_campaign(session, prosecutor, campaign.key, seed="1", now=now)
    row = list_inspections(session, prosecutor, campaign=campaign, now=now)[0]
    return cases.find_inspection(session, prosecutor, row.key)


def judge_all(session: Session, actor: Actor, inspection: Inspection, doubt: str, now) -> None:
    for case in cases.list_cases(session, inspection):
        cases.judge_case(session, actor, inspection.key, case.key, doubt=doubt, note="", now=now)


def test_the_publication_is_enough_to_draw_again(
    session: Session, campaign: Campaign, inspection: Inspection, employer: Employer
) -> None:
    told = inspections.find_publication(session, campaign.code.upper())
    units = sampling.read_frame(told.frame.encode())
    assert sampling.draw(units, seed=told.seed, size=told.size) == told.drawn == (employer.key,)
    assert sampling.fingerprint(told.frame) == told.frame_sha256
    assert employer.name not in told.frame and employer.identifier not in told.frame
    stratum = inspections.list_strata(campaign)[0]
    assert (stratum.units, stratum.drawn, stratum.weight) == (1, 1, inspections.SUSPECT_WEIGHT)


def test_a_campaign_not_yet_drawn_is_published_nowhere(
    session: Session, campaign: Campaign
) -> None:
    with pytest.raises(NotFound):
        inspections.find_publication(session, campaign.code)


def test_employers_of_another_territory_and_without_stays_are_not_drawn(
    session: Session, campaign: Campaign, centre: Centre, prosecutor: Actor, now: datetime
) -> None:
    add_employer(session, centre, now, "500340000015")
    far = add_employer(session, centre, now, "500340000026")
    far.territory = "/750000000/"
    hire(session, far, now - timedelta(days=30))
    cases.start_campaign(session, prosecutor, campaign.key, seed="1", now=now)
    assert len(list_inspections(session, prosecutor, campaign=campaign, now=now)) == 1


def test_a_drawn_campaign_cannot_be_drawn_anew(
    session: Session, campaign: Campaign, inspection: Inspection, prosecutor: Actor, now: datetime
) -> None:
    key = campaign.key
    with pytest.raises(WrongState):
        cases.start_campaign(session, prosecutor, key, seed="2", now=now)
    inspections.step_campaign(session, prosecutor, key, "cancel", reason="a wrong period", now=now)
    with pytest.raises(WrongState):
        cases.start_campaign(session, prosecutor, key, seed="2", now=now)
    assert inspections.find_publication(session, campaign.code).state == "cancelled"
    inspections.step_campaign(session, prosecutor, key, "undo_cancel", reason="it fits", now=now)
    assert campaign.state == "drawn"


def test_one_cancelled_before_the_draw_does_not_come_back_drawn(
    session: Session, campaign: Campaign, prosecutor: Actor, now: datetime
) -> None:
    key = campaign.key
    inspections.step_campaign(session, prosecutor, key, "cancel", reason="a mistake", now=now)
    with pytest.raises(WrongState):
        inspections.step_campaign(session, prosecutor, key, "undo_cancel", reason="no", now=now)


def test_nobody_to_draw_from_is_said(
    session: Session, employer: Employer, prosecutor: Actor, now: datetime
) -> None:
    load_rates(session)
    new = NewCampaign("Empty", now.date(), now.date(), size=1, cases_each=1)
    campaign = inspections.add_campaign(session, prosecutor, new, now=now)
    with pytest.raises(Invalid) as refusal:
        cases.start_campaign(session, prosecutor, campaign.key, now=now)
    assert refusal.value.faults[0].code == "nobody_to_draw"
    assert campaign.state == "draft"


def test_evidence_is_frozen_while_inspectors_read(
    session: Session,
    inspection: Inspection,
    prosecutor: Actor,
    firm: Actor,
    now: datetime,
    tmp_path: Path,
) -> None:
    key = inspection.key
    with pytest.raises(Invalid):
        cases.submit(session, firm, key, note=" ", now=now)
    file = cases.attach_evidence(session, firm, key, PDF, folder=tmp_path, now=now)
    cases.submit(session, firm, key, note="", now=now)
    with pytest.raises(WrongState) as refusal:
        cases.attach_evidence(session, firm, key, PDF, folder=tmp_path, now=now)
    assert refusal.value.code == "evidence_frozen"
    with pytest.raises(WrongState):
        cases.detach_evidence(session, firm, key, file.key, reason="oh", now=now)
    assert attachments.list_attachments(session, inspection) == [file]
    cases.take_back(session, prosecutor, key, reason="the last page is missing", now=now)
    cases.detach_evidence(session, firm, key, file.key, reason="a better scan", now=now)


def test_nothing_is_found_before_the_employer_could_reply(
    session: Session, inspection: Inspection, prosecutor: Actor, firm: Actor, now: datetime
) -> None:
    key = inspection.key
    with pytest.raises(WrongState):
        judge_all(session, prosecutor, inspection, "no_pay", now)
    cases.submit(session, firm, key, note="all in order", now=now)
    with pytest.raises(WrongState) as unread:
        cases.conclude(session, prosecutor, key, measure="remark", now=now)
    assert unread.value.code == "cases_unread"
    judge_all(session, prosecutor, inspection, "no_pay", now)
    cases.conclude(session, prosecutor, key, measure="remark", now=now)
    assert (inspection.state, inspection.measure) == ("questioned", None)
    cases.submit(session, firm, key, note="the sheet is attached", now=now)
    assert inspection.note == "all in order\n\nthe sheet is attached"
    with pytest.raises(Invalid):
        cases.conclude(session, prosecutor, key, measure="", now=now)
    cases.conclude(session, prosecutor, key, measure="representation", now=now)
    assert (inspection.state, inspection.measure) == ("found", "representation")
    cases.take_back(session, prosecutor, key, reason="a wrong measure", now=now)
    assert (inspection.state, inspection.measure) == ("rereading", None)
    judge_all(session, prosecutor, inspection, "", now)
    cases.conclude(session, prosecutor, key, measure="", now=now)
    assert inspection.state == "accepted"


def test_silence_is_read_too_and_twice_a_day_changes_nothing(
    session: Session, inspection: Inspection, prosecutor: Actor, now: datetime
) -> None:
    assert cases.lapse_due(session, now=now) == 0
    later = now + timedelta(days=40)
    assert cases.lapse_due(session, now=later) == 1
    assert cases.lapse_due(session, now=later) == 0
    assert inspection.state == "reading"
    judge_all(session, prosecutor, inspection, "no_contract", later)
    cases.conclude(session, prosecutor, inspection.key, measure="remark", now=later)
    assert (inspection.state, inspection.due_on > later.date()) == ("questioned", True)


def test_an_ended_campaign_stands_still(
    session: Session,
    campaign: Campaign,
    inspection: Inspection,
    prosecutor: Actor,
    firm: Actor,
    now: datetime,
) -> None:
    inspections.step_campaign(session, prosecutor, campaign.key, "close", reason="done", now=now)
    with pytest.raises(WrongState):
        cases.submit(session, firm, inspection.key, note="late", now=now)
    assert cases.lapse_due(session, now=now + timedelta(days=90)) == 0
    assert list_inspections(session, firm, now=now) == []


def test_each_role_reaches_what_is_its_own(
    session: Session,
    centre: Centre,
    campaign: Campaign,
    inspection: Inspection,
    staff: Actor,
    firm: Actor,
    now: datetime,
) -> None:
    assert [row.patterns for row in list_inspections(session, firm, now=now)] == [()]
    assert len(list_inspections(session, staff, now=now)) == 1
    other = Actor(Role.EMPLOYER, employer_id=-1)
    assert list_inspections(session, other, now=now) == []
    far = Actor(Role.PROSECUTOR, territory="/750000000/")
    for stranger in (other, far):
        with pytest.raises(NotFound):
            cases.find_inspection(session, stranger, inspection.key)
    with pytest.raises(NotFound):
        inspections.find_campaign(session, far, campaign.key)
    for outsider in (staff, firm):
        with pytest.raises(NotAllowed):
            inspections.find_campaign(session, outsider, campaign.key)
        with pytest.raises(NotAllowed):
            cases.conclude(session, outsider, inspection.key, measure="remark", now=now)
    with pytest.raises(NotAllowed):
        cases.submit(session, staff, inspection.key, note="for them", now=now)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": " "}, "title"),
        ({"until": date(2020, 1, 1)}, "until"),
        ({"until": date(2999, 1, 1)}, "until"),
        ({"size": 0}, "size"),
        ({"cases_each": 51}, "cases_each"),
    ],
)
def test_a_campaign_that_makes_no_sense_is_refused(
    session: Session, prosecutor: Actor, now: datetime, changed: dict, field: str
) -> None:
    good = {"title": "A", "since": date(2026, 1, 1), "until": date(2026, 3, 1)}
    new = NewCampaign(**({**good, "size": 5, "cases_each": 3} | changed))
    with pytest.raises(Invalid) as refusal:
        inspections.add_campaign(session, prosecutor, new, now=now)
    assert [fault.field for fault in refusal.value.faults] == [field]


def stay(filled: date, left: date | None = None, *, counted: bool = False) -> Stay:
    return Stay(1, "k", filled, left, counted)


def test_patterns_are_told_from_the_days_alone() -> None:
    quiet = date(2026, 9, 10)
    assert find_patterns([stay(quiet)]) == ()
    assert find_patterns([stay(date(2026, 9, 29))]) == ("before_report",)
    assert find_patterns([stay(date(2026, 9, 28))]) == ()
    assert find_patterns([stay(quiet, date(2026, 9, 13))]) == ("brief",)
    assert find_patterns([stay(quiet)] * 3) == ("at_once",)
    assert find_patterns([stay(quiet, counted=True)] * 3) == ("opening_only",)


def test_a_fill_taken_back_is_no_stay_and_a_leaving_taken_back_goes_on(now: datetime) -> None:
    def line(verb: str, old: str, new: str, day: int) -> SlotEvent:
        at = now + timedelta(days=day)
        return SlotEvent(slot_id=1, at=at, verb=verb, state_from=old, state_to=new, holder_key="k")

    fill = line("fill", "referred", "filled", 0)
    assert list_stays([fill, line("undo_fill", "filled", "referred", 1)]) == []
    gone = [fill, line("vacate", "filled", "open", 2)]
    assert [one.left is None for one in list_stays(gone)] == [False]
    back = list_stays([*gone, line("undo_vacate", "open", "filled", 3)])
    assert [(one.filled, one.left) for one in back] == [(list_stays(gone)[0].filled, None)]


def test_a_stay_lasts_from_the_day_a_job_began_to_the_day_it_ended() -> None:
    """Told late of both: neither entry makes the stay brief, nor moves it to the end of a month."""
    told = datetime(2026, 9, 30, 6, tzinfo=UTC)

    def line(verb: str, old: str, new: str, day: date | None, after: int) -> SlotEvent:
        at = told + timedelta(hours=after)
        states = {"state_from": old, "state_to": new}
        return SlotEvent(slot_id=1, at=at, verb=verb, holds_from=day, holder_key="k", **states)

    began, ended = date(2026, 3, 2), date(2026, 7, 10)
    hire = line("fill", "referred", "filled", began, 0)
    (stayed,) = list_stays([hire, line("vacate", "filled", "open", ended, 1)])
    assert (stayed.filled, stayed.left) == (began, ended)
    assert find_patterns([stayed]) == ()
    (short,) = list_stays([hire, line("vacate", "filled", "open", date(2026, 3, 9), 900)])
    assert find_patterns([short]) == ("brief",)
    (plain,) = list_stays([line("fill", "referred", "filled", None, 0)])
    assert (plain.filled, find_patterns([plain])) == (date(2026, 9, 30), ("before_report",))
    (odd,) = list_stays([hire, line("vacate", "filled", "open", date(2026, 2, 1), 1)])
    assert odd.left == began


def test_every_state_can_be_reached_and_left_but_for_the_ends() -> None:
    for workflow in (CAMPAIGN, INSPECTION):
        assert all(workflow.verbs(state) for state in workflow.states)
