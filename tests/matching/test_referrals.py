"""Referrals and answers: issued only after approval and consent, answered with codes, undone with notes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from matching import answers, bans, clocks, placements, reasons, referrals
from matching.candidates import Candidate, Readiness
from matching.referrals import Referral
from matching.states import REFERRAL
from quota import rates
from quota.employers import Employer
from quota.errors import Invalid, NotAllowed, NotFound, WrongState
from quota.rates import Rate
from quota.rights import SYSTEM, Actor, Role
from quota.sealing import Keyring
from quota.slots import Slot, move_slot
from tests.factories import make_candidate
from tests.matching.journey import NOTE, Journey

STATES = REFERRAL.states
VERBS = tuple(dict.fromkeys(verb for verb, _, _ in REFERRAL.rows))
UNDO = [verb for verb in VERBS if verb.startswith("undo_")]
SLOT_IN = {"issued": "referred", "presented": "referred", "accepted": "referred", "hired": "filled"}


@pytest.fixture
def journey(session: Session, now: datetime) -> Journey:
    return Journey(session, now)


def run(journey: Journey, referral: Referral, verb: str, actor: Actor | None = None) -> None:
    session, now = journey.session, journey.now
    owner = journey.staff if verb in ("cancel", "undo_cancel", "undo_expire") else journey.boss
    if verb in ("decline", "undo_decline"):
        owner = journey.person
    args = (session, actor or owner, referral.key)
    match verb:
        case "present" | "accept" | "miss":
            getattr(answers, verb)(*args, now=now)
        case "refuse":
            answers.refuse(*args, reason="qualification", now=now)
        case "decline":
            answers.decline(*args, reason="too_far", now=now)
        case "cancel":
            referrals.cancel(*args, reason="transferred", now=now)
        case "hire":
            placements.hire(*args, journey.contract(), now=now)
        case "undo_hire":
            placements.undo_hire(*args, note=NOTE, now=now)
        case "expire":
            REFERRAL.next(referral.state, "expire")
            referrals.expire_referrals(session, now=now)
            clocks.watch(session, now=now)
        case _:
            home = referrals if verb in ("undo_cancel", "undo_expire") else answers
            getattr(home, verb)(*args, note=NOTE, now=now)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", STATES)
def test_every_row_of_the_table_and_no_other(journey: Journey, state: str, verb: str) -> None:
    referral = journey.bring(state)
    if verb in ("miss", "expire"):
        journey.wait(16)
    slot_before, journal_before = journey.slot.state, referral.reason
    if (verb, state) not in {(row[0], row[1]) for row in REFERRAL.rows}:
        with pytest.raises(WrongState):
            run(journey, referral, verb)
        assert (referral.state, journey.slot.state) == (state, slot_before)
        assert referral.reason == journal_before
        return
    run(journey, referral, verb)
    assert referral.state == REFERRAL.next(state, verb)
    assert journey.slot.state == SLOT_IN.get(referral.state, "open")
    employed = journey.candidate.readiness == Readiness.EMPLOYED
    assert employed == (referral.state == "hired")
    _check_reply_record(journey)


def _check_reply_record(journey: Journey) -> None:
    mine = journey.session.scalars(
        select(Referral).where(Referral.employer_id == journey.employer.id)
    ).all()
    employer = journey.session.get_one(Employer, journey.employer.id)
    assert employer.referrals_answered == sum(r.answered_at is not None for r in mine)
    assert employer.referrals_hired == sum(r.state == "hired" for r in mine)
    assert employer.referrals_answered <= employer.referrals_sent <= len(mine)


@pytest.mark.parametrize("verb", UNDO)
def test_every_undo_restores_slot_and_person_and_needs_a_note(journey: Journey, verb: str) -> None:
    old = next(row[1] for row in REFERRAL.rows if row[0] == verb)
    referral = journey.bring(old)
    banned = bans.list_banned_pairs(journey.session, journey.centre.id, on=journey.today)
    assert bool(banned) == (old in ("refused", "declined"))
    home = {"undo_hire": placements, "undo_cancel": referrals, "undo_expire": referrals}
    with pytest.raises(Invalid):
        getattr(home.get(verb, answers), verb)(
            journey.session, SYSTEM, referral.key, note="", now=journey.now
        )
    assert referral.state == old
    run(journey, referral, verb)
    assert journey.slot.state == "referred"
    assert journey.slot.holder_key == journey.candidate.key
    assert journey.candidate.readiness == Readiness.READY
    assert (referral.answered_at, referral.reason, referral.counted) == (None, None, False)
    assert not bans.list_banned_pairs(journey.session, journey.centre.id, on=journey.today)
    assert referral.answer_by >= journey.today


@pytest.mark.parametrize("state", ["refused", "declined", "no_show", "expired", "cancelled"])
def test_no_undo_takes_a_slot_from_somebody_or_a_person_from_work(
    journey: Journey, state: str
) -> None:
    verb = {r[1]: r[0] for r in REFERRAL.rows if r[0] in UNDO}[state]
    referral = journey.bring(state)
    journey.candidate.readiness = Readiness.EMPLOYED
    with pytest.raises(WrongState, match="already_employed"):
        run(journey, referral, verb)
    journey.candidate.readiness = Readiness.READY
    holder = ("other", "probation")
    move_slot(journey.session, SYSTEM, journey.slot, "reserve", now=journey.now, holder=holder)
    with pytest.raises(WrongState, match="slot_taken"):
        run(journey, referral, verb)
    assert (referral.state, journey.slot.holder_key) == (state, "other")


def test_no_referral_without_approval_or_consent_or_to_somebody_in_work(journey: Journey) -> None:
    args = (journey.session, journey.staff, journey.proposal.key)
    with pytest.raises(WrongState, match="wrong_state"):
        referrals.issue(*args, now=journey.now)
    journey.approve()
    with pytest.raises(WrongState, match="no_consent"):
        referrals.issue(*args, now=journey.now)
    assert journey.slot.state == "reserved"


def test_no_referral_for_a_person_who_has_work(journey: Journey) -> None:
    journey.consent()
    journey.candidate.readiness = Readiness.EMPLOYED
    with pytest.raises(WrongState, match="already_employed"):
        referrals.issue(journey.session, journey.staff, journey.proposal.key, now=journey.now)


def test_another_consent_of_the_person_does_not_help(journey: Journey) -> None:
    journey.consent()
    other = Journey.propose(journey)
    other.state = "approved"
    with pytest.raises(WrongState, match="no_consent"):
        referrals.issue(journey.session, journey.staff, other.key, now=journey.now)


def test_both_sides_get_the_working_days_of_the_dated_rate(journey: Journey) -> None:
    referral = journey.issue()
    assert (referral.come_by, referral.answer_by) == (date(2026, 11, 30), date(2026, 11, 30))
    rate = Rate(code=rates.REFERRAL_DAYS_EMPLOYER, valid_from=journey.today, value=2, act="act")
    journey.session.add(rate)
    journey.session.flush()
    second = Journey(journey.session, journey.now).issue()
    assert (second.come_by, second.answer_by) == (date(2026, 11, 30), date(2026, 11, 25))


DENIED = {
    "answer": {
        Role.PROBATION,
        Role.PROSECUTOR,
        Role.SPECIALIST,
        Role.CLERK,
        Role.ADMINISTRATOR,
        Role.OFFICER,
        Role.CANDIDATE,
    },
    "issue": set(Role) - {Role.STAFF, Role.SYSTEM},
    "decline": set(Role) - {Role.STAFF, Role.SYSTEM, Role.CANDIDATE},
}


@pytest.mark.parametrize("role", Role)
def test_role_by_role(journey: Journey, role: Role) -> None:
    referral = journey.issue()
    actor = Actor(
        role,
        centre_id=journey.centre.id,
        employer_id=journey.employer.id,
        candidate_id=journey.candidate.id,
        territory="/",
    )
    for kind, verb in (("answer", "accept"), ("issue", "cancel"), ("decline", "decline")):
        if role in DENIED[kind]:
            with pytest.raises(NotAllowed):
                run(journey, referral, verb, actor)
            assert referral.state == "issued"
        else:
            run(journey, referral, verb, actor)
            undo = f"undo_{verb}"
            run(journey, referral, undo, actor)
            referral.state = "issued"
            journey.session.flush()


def test_another_employer_centre_or_person_finds_nothing(journey: Journey) -> None:
    referral = journey.issue()
    for actor in (
        Actor(Role.EMPLOYER, employer_id=journey.employer.id + 1),
        Actor(Role.STAFF, centre_id=journey.centre.id + 1),
    ):
        with pytest.raises(NotFound):
            run(journey, referral, "accept", actor)
    with pytest.raises(NotFound):
        stranger = Actor(Role.CANDIDATE, candidate_id=journey.candidate.id + 1)
        run(journey, referral, "decline", stranger)
    with pytest.raises(NotFound):
        referrals.find_referral(
            journey.session, Actor(Role.PROBATION, territory="/750000000/"), referral.key
        )
    with pytest.raises(NotFound):
        referrals.find_referral(journey.session, journey.staff, "nosuchkey")


@pytest.mark.parametrize(
    ("verb", "code"),
    [("refuse", ""), ("refuse", "nonsense"), ("refuse", "not_needed"), ("decline", "consultation")],
)
def test_a_no_needs_an_active_code(journey: Journey, verb: str, code: str) -> None:
    referral = journey.issue()
    with pytest.raises(Invalid) as refusal:
        getattr(answers, verb)(journey.session, SYSTEM, referral.key, reason=code, now=journey.now)
    assert [fault.field for fault in refusal.value.faults] == ["reason"]
    assert referral.state == "issued"


def test_the_record_itself_is_never_a_valid_ground() -> None:
    for table in (reasons.REJECTIONS, reasons.REFUSALS):
        assert not table["record_itself"].valid
    assert "not_needed" not in {r.code for r in reasons.list_active(reasons.REFUSALS)}


@pytest.mark.parametrize(
    ("vacancy", "candidate", "reason", "counted"),
    [
        ({}, {}, "not_interested", True),
        ({}, {}, "pay_below_accepted", False),
        ({}, {}, "against_restriction", False),
        ({"pay_from": 149_999}, {}, "not_interested", False),
        ({"pay_from": 150_000}, {}, "not_interested", True),
        ({"flags": ["heavy"]}, {"avoids": ["heavy"]}, "conditions_disliked", False),
    ],
)
def test_only_suitable_work_turned_down_without_excuse_counts(
    session: Session,
    now: datetime,
    vacancy: dict[str, object],
    candidate: dict[str, object],
    reason: str,
    counted: bool,
) -> None:
    journey = Journey(session, now, vacancy_fields=vacancy, candidate_fields=candidate)
    referral = journey.issue()
    answers.decline(session, journey.person, referral.key, reason=reason, now=now)
    assert referral.counted is counted
    assert answers.count_declines(session, journey.candidate.id) == int(counted)


def test_two_counted_refusals_wait_for_a_decision_of_staff(journey: Journey) -> None:
    session, key = journey.session, journey.candidate.key
    for number in range(2):
        if number:
            with pytest.raises(WrongState, match="too_few_refusals"):
                answers.settle_declines(session, journey.staff, key, note="ok", now=journey.now)
            journey.proposal = journey.propose()
        referral = journey.issue()
        answers.decline(
            session, journey.person, referral.key, reason="not_interested", now=journey.now
        )
    assert journey.candidate.readiness == Readiness.READY
    with pytest.raises(Invalid):
        answers.settle_declines(session, journey.staff, key, note=" ", now=journey.now)
    assert answers.settle_declines(session, journey.staff, key, note="ok", now=journey.now) == 2
    assert answers.count_declines(session, journey.candidate.id) == 0


def test_nobody_is_a_no_show_before_the_day_has_passed(journey: Journey) -> None:
    referral = journey.issue()
    journey.wait(5)
    with pytest.raises(WrongState, match="too_early"):
        answers.miss(journey.session, journey.boss, referral.key, now=journey.now)


def test_an_overdue_answer_is_closed_later_under_its_own_reason(journey: Journey) -> None:
    referral = journey.issue()
    journey.wait(10)
    assert referrals.expire_referrals(journey.session, now=journey.now) == 0
    journey.wait(1)
    assert referrals.expire_referrals(journey.session, now=journey.now) == 1
    assert referrals.expire_referrals(journey.session, now=journey.now) == 0
    assert (referral.state, referral.reason, journey.slot.state) == ("expired", "no_answer", "open")
    employer = journey.session.get_one(Employer, journey.employer.id)
    assert (employer.referrals_sent, employer.referrals_answered) == (1, 0)


def test_accepted_is_not_closed_by_the_timer(journey: Journey) -> None:
    journey.bring("accepted")
    journey.wait(30)
    assert referrals.expire_referrals(journey.session, now=journey.now) == 0


def test_a_hire_closes_the_persons_other_referrals_and_proposals(journey: Journey) -> None:
    first = journey.issue()
    journey.proposal = journey.propose()
    second = journey.issue()
    waiting = journey.propose()
    other_person = make_candidate(journey.session, journey.centre.id)
    others = journey.propose(other_person)
    journey.hire(first)
    assert (second.state, second.reason) == ("cancelled", "hired_elsewhere")
    assert (waiting.state, others.state) == ("withdrawn", "proposed")
    assert journey.slot.state == "open"


def test_taking_a_hire_back_opens_again_what_it_closed(journey: Journey) -> None:
    session = journey.session
    first = journey.issue()
    journey.proposal = journey.propose()
    second = journey.issue()
    waiting = journey.propose()
    taken = journey.propose()
    journey.hire(first)
    slot = session.get_one(Slot, taken.slot_id)
    move_slot(session, SYSTEM, slot, "reserve", now=journey.now, holder=("other", "probation"))
    journey.wait(1)
    placements.undo_hire(session, journey.boss, first.key, note=NOTE, now=journey.now)
    assert (first.state, second.state, second.reason) == ("presented", "issued", None)
    assert (waiting.state, taken.state) == ("proposed", "withdrawn")
    assert journey.slot.holder_key == journey.candidate.key
    assert journey.candidate.readiness == Readiness.READY


def test_an_employer_answers_by_its_own_code(journey: Journey) -> None:
    referral = journey.issue()
    found, actor = referrals.find_by_answer_code(journey.session, referral.answer_code)
    assert found is referral
    answers.accept(journey.session, actor, found.key, now=journey.now)
    assert referral.state == "accepted"
    for code in ("", "nosuchcode", referral.key):
        with pytest.raises(NotFound):
            referrals.find_by_answer_code(journey.session, code)


def test_numbers_run_in_sequence_in_each_centre(journey: Journey) -> None:
    first = journey.issue()
    journey.proposal = journey.propose()
    second = journey.issue()
    other = Journey(journey.session, journey.now).issue()
    assert (first.number, second.number, other.number) == (1, 2, 1)


def test_writers_at_once_never_share_a_number(
    any_engine: Engine, keyring: Keyring, now: datetime
) -> None:
    with Session(any_engine, info={"keyring": keyring}, expire_on_commit=False) as session:
        journey = Journey(session, now)
        keys = []
        for _ in range(8):
            journey.proposal = journey.propose(make_candidate(session, journey.centre.id))
            journey.consent()
            keys.append(journey.proposal.key)
        session.commit()

    def issue(key: str) -> int:
        with Session(any_engine, info={"keyring": keyring}) as own:
            referral = referrals.issue(own, journey.staff, key, now=now)
            number = referral.number
            own.commit()
            return number

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(issue, keys))
    assert sorted(numbers) == list(range(1, 9))
    with Session(any_engine) as session:
        employer = session.get_one(Employer, journey.employer.id)
        assert session.get_one(Candidate, journey.candidate.id).readiness == Readiness.READY
        assert employer.referrals_sent == 8
