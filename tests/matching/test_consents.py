"""Consents: nothing is disclosed without this very yes, and taking it back ends what rested on it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import consents, placements, referrals, reviews, withdrawals
from matching.candidates import Readiness
from matching.consents import Consent, Evidence, Form
from matching.states import CONSENT
from quota.errors import Invalid, NotAllowed, NotFound, WrongState
from quota.rights import Actor, Role
from tests.matching.journey import NOTE, Journey


@pytest.fixture
def journey(session: Session, now: datetime) -> Journey:
    return Journey(session, now)


def bring(journey: Journey, state: str) -> Consent:
    asked = journey.approve()
    for verb in WAYS[state]:
        run(journey, asked, verb)
    assert asked.state == state
    return asked


WAYS = {
    "asked": (),
    "given": ("give",),
    "refused": ("refuse",),
    "expired": ("expire",),
    "withdrawn": ("give", "withdraw"),
}


def run(journey: Journey, consent: Consent, verb: str) -> None:
    args = (journey.session, journey.staff, consent.key)
    now = journey.now
    match verb:
        case "give":
            consents.give(*args, Evidence(Form.PAPER, journey.today, "С-17"), now=now)
        case "refuse":
            consents.refuse(*args, now=now)
        case "withdraw":
            withdrawals.withdraw_consent(*args, now=now)
        case "undo":
            consents.undo(*args, note=NOTE, now=now)
        case "expire":
            journey.wait(6)
            consents.expire_consents(journey.session, journey.staff, now=journey.now)


SLOT_AFTER = {
    "asked": "reserved",
    "given": "reserved",
    "refused": "open",
    "expired": "open",
    "withdrawn": "open",
}


@pytest.mark.parametrize("verb", ["give", "refuse", "withdraw", "undo"])
@pytest.mark.parametrize("state", WAYS)
def test_every_row_of_the_table_and_no_other(journey: Journey, state: str, verb: str) -> None:
    consent = bring(journey, state)
    assert journey.slot.state == SLOT_AFTER[state]
    rows = {
        (v.partition("_")[0] if v.startswith("undo") else v, s): to for v, s, to in CONSENT.rows
    }
    if (verb, state) not in rows:
        with pytest.raises(WrongState):
            run(journey, consent, verb)
        assert consent.state == state
        return
    run(journey, consent, verb)
    assert consent.state == rows[verb, state]
    assert journey.slot.state == SLOT_AFTER[consent.state]
    claims = journey.proposal.state == "approved"
    assert claims == (journey.slot.state == "reserved")


def test_a_yes_on_paper_needs_its_number_and_a_day_that_has_come(journey: Journey) -> None:
    asked = journey.approve()
    tomorrow = journey.today + timedelta(days=1)
    for evidence, field in (
        (Evidence(Form.PAPER, journey.today, " "), "paper_number"),
        (Evidence(Form.PAPER, tomorrow, "С-17"), "on"),
        (Evidence(Form.CODE, journey.today), "form"),
    ):
        with pytest.raises(Invalid) as refusal:
            consents.give(journey.session, journey.staff, asked.key, evidence, now=journey.now)
        assert [fault.field for fault in refusal.value.faults] == [field]
    assert asked.state == "asked"


def test_the_person_gives_and_refuses_by_their_own_code(journey: Journey) -> None:
    asked = journey.approve()
    evidence = Evidence(Form.CODE, journey.today)
    consents.give(journey.session, journey.person, asked.key, evidence, now=journey.now)
    assert (asked.state, asked.form, asked.given_on) == ("given", "code", journey.today)
    withdrawals.withdraw_consent(journey.session, journey.person, asked.key, now=journey.now)
    assert asked.state == "withdrawn"


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.STAFF, Role.SYSTEM)])
def test_nobody_else_records_a_consent(journey: Journey, role: Role) -> None:
    asked = journey.approve()
    actor = Actor(
        role,
        centre_id=journey.centre.id,
        employer_id=journey.employer.id,
        candidate_id=journey.candidate.id + 1,
        territory="/",
    )
    for record in (consents.refuse, withdrawals.withdraw_consent):
        with pytest.raises((NotAllowed, NotFound)):
            record(journey.session, actor, asked.key, now=journey.now)
    with pytest.raises((NotAllowed, NotFound)):
        consents.find_consent(journey.session, actor, "nosuchkey")


def test_another_centre_finds_no_consent(journey: Journey, now: datetime) -> None:
    asked = journey.approve()
    other = Journey(journey.session, now)
    with pytest.raises(NotFound):
        consents.refuse(journey.session, other.staff, asked.key, now=now)


def test_only_an_approved_proposal_is_asked_about(journey: Journey) -> None:
    args = (journey.session, journey.staff, journey.proposal.key)
    with pytest.raises(WrongState):
        consents.ask_disclosure(*args, now=journey.now)
    asked = journey.approve()
    assert consents.ask_disclosure(*args, now=journey.now) is asked


def test_an_answer_after_the_approval_was_taken_back_is_refused(journey: Journey) -> None:
    asked = journey.approve()
    reviews.undo_approve(
        journey.session, journey.reviewer, journey.proposal.key, note=NOTE, now=journey.now
    )
    with pytest.raises(WrongState):
        run(journey, asked, "give")


def test_the_timer_ends_unanswered_questions_once(journey: Journey) -> None:
    asked = journey.approve()
    journey.wait(5)
    assert consents.expire_consents(journey.session, journey.staff, now=journey.now) == 0
    journey.wait(1)
    assert consents.expire_consents(journey.session, journey.staff, now=journey.now) == 1
    assert consents.expire_consents(journey.session, journey.staff, now=journey.now) == 0
    assert (asked.state, journey.proposal.state) == ("expired", "withdrawn")


@pytest.mark.parametrize("state", ["issued", "presented", "accepted"])
def test_taking_a_consent_back_cancels_the_referral(journey: Journey, state: str) -> None:
    referral = journey.bring(state)
    consent = journey.session.get_one(Consent, referral.consent_id)
    withdrawals.withdraw_consent(journey.session, journey.person, consent.key, now=journey.now)
    assert (referral.state, referral.reason) == ("cancelled", "consent_withdrawn")
    assert journey.slot.state == "open"
    with pytest.raises(WrongState, match="no_consent"):
        referrals.undo_cancel(
            journey.session, journey.staff, referral.key, note=NOTE, now=journey.now
        )
    with pytest.raises(NotFound):
        referrals.find_by_answer_code(journey.session, referral.answer_code)


def test_taking_a_consent_back_after_the_hire_leaves_the_job(journey: Journey) -> None:
    placement = journey.hire()
    consent = journey.session.scalars(select(Consent)).one()
    withdrawals.withdraw_consent(journey.session, journey.person, consent.key, now=journey.now)
    assert (placement.state, journey.slot.state) == ("started", "filled")
    assert journey.candidate.readiness == Readiness.EMPLOYED


def test_leaving_matching_ends_everything_that_is_under_way(journey: Journey) -> None:
    session, now = journey.session, journey.now
    matching = consents.ask_matching(session, journey.staff, journey.candidate.key, now=now)
    run(journey, matching, "give")
    referral = journey.issue()
    waiting = journey.propose()
    withdrawals.withdraw_consent(session, journey.person, matching.key, now=now)
    assert (referral.state, waiting.state) == ("cancelled", "withdrawn")
    assert {c.state for c in session.scalars(select(Consent))} == {"withdrawn"}
    assert journey.candidate.readiness == Readiness.DECLINED
    asked = consents.ask_matching(session, journey.staff, journey.candidate.key, now=now)
    assert (asked.state, asked is matching) == ("asked", False)


def test_leaving_matching_keeps_a_job(journey: Journey) -> None:
    session, now = journey.session, journey.now
    matching = consents.ask_matching(session, journey.staff, journey.candidate.key, now=now)
    run(journey, matching, "give")
    placement = journey.hire()
    withdrawals.withdraw_consent(session, journey.person, matching.key, now=now)
    assert placement.state == "started"
    assert journey.candidate.readiness == Readiness.EMPLOYED
    assert placements.list_follow_ups(session, placement)


@pytest.mark.parametrize("state", consents.UNDONE_FROM)
def test_a_step_back_asks_the_person_anew_from_today(journey: Journey, state: str) -> None:
    consent = bring(journey, state)
    args = (journey.session, journey.staff, consent.key)
    with pytest.raises(Invalid):
        consents.undo(*args, note=" ", now=journey.now)
    assert consent.state == state
    journey.wait(2)
    consents.undo(*args, note=NOTE, now=journey.now)
    assert (consent.state, consent.asked_at, consent.given_on) == ("asked", journey.now, None)
    assert consents.expire_consents(*args[:2], now=journey.now) == 0


def test_no_yes_is_undone_on_which_a_letter_rests(journey: Journey) -> None:
    consent = bring(journey, "given")
    referrals.issue(journey.session, journey.staff, journey.proposal.key, now=journey.now)
    with pytest.raises(WrongState):
        consents.undo(journey.session, journey.staff, consent.key, note=NOTE, now=journey.now)


def test_leaving_matching_is_the_persons_own_to_take_back(journey: Journey) -> None:
    asked = consents.ask_matching(
        journey.session, journey.staff, journey.candidate.key, now=journey.now
    )
    run(journey, asked, "give")
    run(journey, asked, "withdraw")
    with pytest.raises(WrongState):
        run(journey, asked, "undo")
    again = consents.ask_matching(
        journey.session, journey.staff, journey.candidate.key, now=journey.now
    )
    assert (again.state, again is asked) == ("asked", False)
