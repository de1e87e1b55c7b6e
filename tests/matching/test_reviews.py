"""Reviews: who decides on whom, what each decision does to the slot, and how each is undone."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching import bans, consents, proposals, referrals, reviews
from matching.bans import PairBan
from matching.candidates import Candidate, Readiness
from matching.consents import Consent
from matching.reviews import Review, Ruling
from matching.states import PROPOSAL
from quota import references
from quota.errors import Invalid, NotAllowed, NotFound, WrongState
from quota.journal import Entry
from quota.rates import Rate
from quota.rights import ACCOUNT_ROLES, SYSTEM, Actor, Role
from quota.slots import move_slot
from tests.factories import REGION, make_candidate
from tests.matching.journey import NOTE, Journey

NO = Ruling(reason="too_far")


@pytest.fixture
def journey(session: Session, now: datetime) -> Journey:
    return Journey(session, now)


@pytest.fixture
def unsupervised(session: Session, now: datetime) -> Journey:
    return Journey(session, now, supervised=False)


def run(journey: Journey, verb: str) -> None:
    """Every verb of the table by its own function and proper actor."""
    args = (journey.session, journey.reviewer, journey.proposal.key)
    staff = (journey.session, journey.staff, journey.proposal.key)
    now = journey.now
    match verb:
        case "approve":
            actor = replace(journey.reviewer, account_id=journey.make_staff().account_id)
            reviews.approve(args[0], actor, args[2], Ruling(), now=now)
        case "reject":
            reviews.reject(*args, NO, now=now)
        case "send_back":
            reviews.send_back(*args, Ruling(note="?"), now=now)
        case "resubmit" | "withdraw" | "undo_withdraw":
            getattr(reviews, verb)(*staff, note=NOTE, now=now)
        case "approve_first":
            ask_for_two(journey)
            reviews.approve(*args, Ruling(), now=now)
        case "undo_approve" | "undo_reject" | "undo_first":
            getattr(reviews, verb)(*args, note=NOTE, now=now)
        case "refer":
            give_consent(journey)
            referrals.issue(*staff, now=now)


def ask_for_two(journey: Journey) -> None:
    """From today on the office wants two inspectors for goodwill, the basis of the place."""
    rate = Rate(code="inspectors_goodwill", valid_from=journey.today, value=2, unit="inspectors")
    rate.act = "бұйрық"
    references.set_rate(journey.session, SYSTEM, rate, now=journey.now)


def give_consent(journey: Journey) -> None:
    if journey.proposal.state == "approved":
        asked = journey.session.scalars(select(Consent)).one()
        asked.state = "given"
        journey.session.flush()


WAYS = {
    "proposed": (),
    "approved": ("approve",),
    "first_yes": ("approve_first",),
    "rejected": ("reject",),
    "sent_back": ("send_back",),
    "withdrawn": ("withdraw",),
    "referred": ("approve", "refer"),
}
VERBS = (
    "undo_first",
    "approve",
    "reject",
    "send_back",
    "resubmit",
    "withdraw",
    "undo_withdraw",
    "undo_approve",
    "undo_reject",
    "refer",
)
CLAIMING = {
    "proposed": "reserved",
    "first_yes": "reserved",
    "approved": "reserved",
    "sent_back": "reserved",
    "referred": "referred",
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", WAYS)
@pytest.mark.parametrize("supervised", [True, False])
def test_every_row_of_the_table_and_no_other(
    session: Session, now: datetime, state: str, verb: str, supervised: bool
) -> None:
    journey = Journey(session, now, supervised=supervised)
    for step in WAYS[state]:
        run(journey, step)
    assert journey.proposal.state == state
    entries = session.scalar(select(func.count()).select_from(Entry))
    if (verb, state) not in {(row[0], row[1]) for row in PROPOSAL.rows}:
        with pytest.raises(WrongState):
            run(journey, verb)
        assert journey.proposal.state == state
        assert session.scalar(select(func.count()).select_from(Entry)) == entries
        return
    run(journey, verb)
    assert journey.proposal.state == PROPOSAL.next(state, verb)
    assert journey.slot.state == CLAIMING.get(journey.proposal.state, "open")


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_a_supervised_candidate_is_reviewed_by_probation_alone(
    journey: Journey, role: Role
) -> None:
    actor = Actor(
        role, centre_id=journey.centre.id, employer_id=journey.employer.id, territory=REGION
    )
    args = (journey.session, actor, journey.proposal.key, Ruling())
    if role is Role.PROBATION:
        assert reviews.approve(*args, now=journey.now).state == "approved"
        return
    for verb in (reviews.approve, reviews.reject, reviews.send_back):
        with pytest.raises(NotAllowed):
            verb(*args, now=journey.now)
    assert journey.proposal.state == "proposed"


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_others_are_reviewed_by_a_second_person_of_the_centre(
    unsupervised: Journey, role: Role
) -> None:
    journey = unsupervised
    actor = Actor(
        role,
        account_id=journey.second.account_id,
        centre_id=journey.centre.id,
        employer_id=journey.employer.id,
        territory=REGION,
    )
    args = (journey.session, actor, journey.proposal.key, Ruling())
    if role is Role.STAFF:
        assert reviews.approve(*args, now=journey.now).state == "approved"
        return
    with pytest.raises(NotFound if role is Role.PROBATION else NotAllowed):
        reviews.approve(*args, now=journey.now)


def test_whoever_published_does_not_review(unsupervised: Journey) -> None:
    journey = unsupervised
    with pytest.raises(NotAllowed) as refusal:
        reviews.approve(
            journey.session, journey.publisher, journey.proposal.key, Ruling(), now=journey.now
        )
    assert refusal.value.code == "second_person"
    assert not reviews.may_review(journey.publisher, journey.proposal)
    assert reviews.may_review(journey.second, journey.proposal)
    assert not reviews.may_review(journey.probation, journey.proposal)


def test_another_territory_or_centre_finds_nothing(journey: Journey, unsupervised: Journey) -> None:
    far = Actor(Role.PROBATION, territory="/750000000/")
    other = Actor(Role.STAFF, centre_id=unsupervised.centre.id)
    with pytest.raises(NotFound):
        reviews.approve(journey.session, far, journey.proposal.key, Ruling(), now=journey.now)
    with pytest.raises(NotFound):
        reviews.withdraw(journey.session, other, journey.proposal.key, note=NOTE, now=journey.now)
    with pytest.raises(NotFound):
        proposals.find_proposal(journey.session, journey.staff, "nosuchkey")


def test_a_no_needs_a_known_code_and_an_uncommon_ground_a_note(journey: Journey) -> None:
    args = (journey.session, journey.reviewer, journey.proposal.key)
    for ruling in (Ruling(), Ruling(reason="nonsense"), Ruling(reason="other_ground")):
        with pytest.raises(Invalid):
            reviews.reject(*args, ruling, now=journey.now)
    assert journey.proposal.state == "proposed"
    reviews.reject(*args, Ruling(reason="other_ground", note="причина"), now=journey.now)
    assert journey.proposal.state == "rejected"


def test_a_no_bans_the_pair_until_a_day_and_its_undo_lifts_the_ban(journey: Journey) -> None:
    session, centre = journey.session, journey.centre.id
    pair = (journey.candidate.id, journey.vacancy.id)
    run(journey, "reject")
    ban = session.scalars(select(PairBan)).one()
    assert bans.list_banned_pairs(session, centre, on=journey.today) == {pair}
    assert bans.list_banned_pairs(session, centre, on=ban.ends_on) == set()
    run(journey, "undo_reject")
    assert bans.list_banned_pairs(session, centre, on=journey.today) == set()
    assert journey.slot.holder_key == journey.candidate.key
    assert journey.slot.holder_category == "probation"


def test_a_no_cannot_be_undone_once_the_slot_went_to_somebody_else(journey: Journey) -> None:
    run(journey, "reject")
    move_slot(
        journey.session,
        journey.staff,
        journey.slot,
        "reserve",
        now=journey.now,
        holder=("other", "probation"),
    )
    with pytest.raises(WrongState, match="slot_taken"):
        run(journey, "undo_reject")
    assert journey.proposal.state == "rejected"
    assert journey.slot.holder_key == "other"


def test_nor_once_the_person_has_work(journey: Journey) -> None:
    run(journey, "reject")
    journey.session.get_one(Candidate, journey.candidate.id).readiness = Readiness.EMPLOYED
    with pytest.raises(WrongState, match="already_employed"):
        run(journey, "undo_reject")


@pytest.mark.parametrize(
    ("verb", "state"),
    [
        ("resubmit", "sent_back"),
        ("withdraw", "proposed"),
        ("undo_withdraw", "withdrawn"),
        ("undo_approve", "approved"),
        ("undo_reject", "rejected"),
    ],
)
def test_taking_a_step_back_asks_for_a_note(journey: Journey, verb: str, state: str) -> None:
    for step in WAYS[state]:
        run(journey, step)
    actor = journey.reviewer if verb in ("undo_approve", "undo_reject") else journey.staff
    with pytest.raises(Invalid):
        getattr(reviews, verb)(
            journey.session, actor, journey.proposal.key, note=" ", now=journey.now
        )
    assert journey.proposal.state == state


def test_sending_back_asks_a_question_and_the_answer_starts_the_clock_anew(
    journey: Journey,
) -> None:
    with pytest.raises(Invalid):
        reviews.send_back(
            journey.session, journey.reviewer, journey.proposal.key, Ruling(), now=journey.now
        )
    run(journey, "send_back")
    due = journey.proposal.due_at
    journey.wait(2)
    run(journey, "resubmit")
    # Three working days from Wednesday, the weekend left out.
    assert journey.proposal.due_at == due + timedelta(days=4)
    decisions = journey.session.scalars(select(Review.decision).order_by(Review.id)).all()
    assert decisions == ["send_back", "resubmit"]


def test_approving_asks_the_person_for_consent_once(journey: Journey) -> None:
    run(journey, "approve")
    asked = journey.session.scalars(select(Consent)).one()
    assert (asked.state, asked.scope) == ("asked", consents.DISCLOSURE)
    assert asked.employer_id == journey.employer.id
    run(journey, "undo_approve")
    run(journey, "approve")
    assert journey.session.scalars(select(Consent)).one() is asked


def test_several_at_once_each_with_its_outcome(journey: Journey) -> None:
    session = journey.session
    other = make_candidate(session, journey.centre.id, status="released")
    unsupervised = journey.propose(other)
    keys = [journey.proposal.key, unsupervised.key, "nosuchkey", journey.proposal.key]
    outcomes = reviews.decide_several(
        session, journey.probation, keys, ("approve", Ruling()), now=journey.now
    )
    assert [(o.key, o.code) for o in outcomes] == [
        (journey.proposal.key, ""),
        (unsupervised.key, "not_found"),
        ("nosuchkey", "not_found"),
    ]
    assert (journey.proposal.state, unsupervised.state) == ("approved", "proposed")


@pytest.mark.parametrize("state", ["proposed", "sent_back"])
def test_an_overdue_proposal_escalates_and_later_frees_its_slot(
    journey: Journey, state: str
) -> None:
    for step in WAYS[state]:
        run(journey, step)
    session = journey.session

    def tick() -> tuple[int, int]:
        expired = reviews.expire_proposals(session, now=journey.now)
        return expired.escalated, expired.freed

    assert tick() == (0, 0)
    journey.wait(4)
    assert tick() == (1, 0)
    assert journey.proposal.escalated_at == journey.now
    assert tick() == (0, 0)
    journey.wait(2)
    assert tick() == (0, 0)
    journey.wait(2)
    assert tick() == (0, 1)
    assert tick() == (0, 0)
    assert journey.proposal.state == "withdrawn"
    assert journey.slot.state == "open"
    run(journey, "undo_withdraw")
    assert (journey.proposal.escalated_at, journey.slot.state) == (None, "reserved")


def test_where_the_office_asks_for_two_a_second_account_has_to_approve(journey: Journey) -> None:
    ask_for_two(journey)
    session, key, now = journey.session, journey.proposal.key, journey.now
    first, second = (
        replace(journey.probation, account_id=journey.make_staff().account_id) for _ in range(2)
    )
    reviews.approve(session, first, key, Ruling(), now=now)
    assert (journey.proposal.state, journey.proposal.first_by) == ("first_yes", first.account_id)
    assert session.scalars(select(Consent)).all() == []
    with pytest.raises(NotAllowed, match="another_inspector"):
        reviews.approve(session, first, key, Ruling(), now=now)
    assert not reviews.may_decide(first, journey.proposal)
    assert reviews.may_decide(second, journey.proposal)
    reviews.approve(session, second, key, Ruling(), now=now)
    assert journey.proposal.state == "approved"
    assert session.scalars(select(Consent)).one().state == "asked"
    reviews.undo_approve(session, second, key, note=NOTE, now=now)
    assert (journey.proposal.state, journey.proposal.first_by) == ("proposed", None)


def test_a_setting_of_later_leaves_today_alone(journey: Journey) -> None:
    day = journey.today + timedelta(days=1)
    rate = Rate(code="inspectors_goodwill", valid_from=day, value=2, unit="inspectors", act="№ 1")
    references.set_rate(journey.session, SYSTEM, rate, now=journey.now)
    run(journey, "approve")
    assert journey.proposal.state == "approved"


def test_a_first_yes_keeps_its_clock_and_frees_the_slot_at_last(journey: Journey) -> None:
    run(journey, "approve_first")
    journey.wait(4)
    assert reviews.expire_proposals(journey.session, now=journey.now).escalated == 1
    journey.wait(4)
    assert reviews.expire_proposals(journey.session, now=journey.now).freed == 1
    assert (journey.proposal.state, journey.slot.state) == ("withdrawn", "open")
