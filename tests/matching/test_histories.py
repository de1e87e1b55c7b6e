"""After any history of verbs the ledger adds up and no slot has two live holders."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session

from app.schema import METADATA
from matching import answers, consents, placements, referrals, reviews, withdrawals
from matching.candidates import Candidate, Readiness
from matching.consents import Consent, Evidence, Form
from matching.placements import Placement
from matching.referrals import LIVE, Referral
from matching.reviews import Ruling
from matching.rounds import Proposal
from quota.errors import SenimError
from quota.rights import SYSTEM
from quota.sealing import Keyring
from quota.slots import Slot, SlotEvent
from tests.factories import HISTORIES, make_candidate
from tests.matching.journey import NOTE, Journey

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
RING = Keyring((Fernet.generate_key(),), b"k" * 32)


@pytest.fixture(scope="module")
def memory() -> Iterator[Engine]:
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    yield engine
    engine.dispose()


Step = Callable[[Session, str, datetime], object]

ON_PROPOSALS: dict[str, Step] = {
    "approve": lambda s, k, now: reviews.approve(s, SYSTEM, k, Ruling(), now=now),
    "reject": lambda s, k, now: reviews.reject(s, SYSTEM, k, Ruling(reason="too_far"), now=now),
    "withdraw": lambda s, k, now: reviews.withdraw(s, SYSTEM, k, note=NOTE, now=now),
    "undo_approve": lambda s, k, now: reviews.undo_approve(s, SYSTEM, k, note=NOTE, now=now),
    "undo_reject": lambda s, k, now: reviews.undo_reject(s, SYSTEM, k, note=NOTE, now=now),
    "undo_withdraw": lambda s, k, now: reviews.undo_withdraw(s, SYSTEM, k, note=NOTE, now=now),
    "refer": lambda s, k, now: referrals.issue(s, SYSTEM, k, now=now),
}
ON_CONSENTS: dict[str, Step] = {
    "give": lambda s, k, now: consents.give(
        s, SYSTEM, k, Evidence(Form.PAPER, NOW.date(), "1"), now=now
    ),
    "refuse": lambda s, k, now: consents.refuse(s, SYSTEM, k, now=now),
    "undo_refuse": lambda s, k, now: consents.undo(s, SYSTEM, k, note=NOTE, now=now),
    "undo_give": lambda s, k, now: consents.undo(s, SYSTEM, k, note=NOTE, now=now),
    "undo_withdraw": lambda s, k, now: consents.undo(s, SYSTEM, k, note=NOTE, now=now),
    "withdraw": lambda s, k, now: withdrawals.withdraw_consent(s, SYSTEM, k, now=now),
}
CONTRACT = placements.Contract("1", NOW.date(), NOW.date(), 180_000)
ON_REFERRALS: dict[str, Step] = {
    "accept": lambda s, k, now: answers.accept(s, SYSTEM, k, now=now),
    "refuse": lambda s, k, now: answers.refuse(s, SYSTEM, k, reason="health", now=now),
    "decline": lambda s, k, now: answers.decline(s, SYSTEM, k, reason="too_far", now=now),
    "cancel": lambda s, k, now: referrals.cancel(s, SYSTEM, k, reason="transferred", now=now),
    "miss": lambda s, k, now: answers.miss(s, SYSTEM, k, now=now),
    "hire": lambda s, k, now: placements.hire(s, SYSTEM, k, CONTRACT, now=now),
    "undo_hire": lambda s, k, now: placements.undo_hire(s, SYSTEM, k, note=NOTE, now=now),
    "undo_refuse": lambda s, k, now: answers.undo_refuse(s, SYSTEM, k, note=NOTE, now=now),
    "undo_decline": lambda s, k, now: answers.undo_decline(s, SYSTEM, k, note=NOTE, now=now),
    "undo_miss": lambda s, k, now: answers.undo_miss(s, SYSTEM, k, note=NOTE, now=now),
    "undo_cancel": lambda s, k, now: referrals.undo_cancel(s, SYSTEM, k, note=NOTE, now=now),
    "undo_expire": lambda s, k, now: referrals.undo_expire(s, SYSTEM, k, note=NOTE, now=now),
}
ON_PLACEMENTS: dict[str, Step] = {
    "end": lambda s, k, now: placements.end(s, SYSTEM, k, ("own_wish", now.date()), now=now),
    "undo_end": lambda s, k, now: placements.undo_end(s, SYSTEM, k, note=NOTE, now=now),
}
STEPS = {
    Proposal: ON_PROPOSALS,
    Consent: ON_CONSENTS,
    Referral: ON_REFERRALS,
    Placement: ON_PLACEMENTS,
}
# These lead on, so that histories go deep.
FORWARD = ("give", "refer", "accept", "hire", "undo_hire", "end", "undo_end")
# Each draw picks a step among those the tables allow now, one in five among all.
HISTORY = st.lists(st.tuples(st.integers(0, 9999), st.integers(0, 3)), min_size=30, max_size=60)


@settings(
    max_examples=40 if HISTORIES else 15, deadline=None, suppress_health_check=list(HealthCheck)
)
@given(history=HISTORY)
def test_after_any_history_the_ledger_adds_up(
    memory: Engine, history: list[tuple[int, int]]
) -> None:
    with Session(memory, info={"keyring": RING}) as session:
        journey = Journey(session, NOW)
        people = [journey.candidate, make_candidate(session, journey.centre.id)]
        journey.issue()
        journey.propose(people[1])
        moment = NOW
        for draw, days in history:
            moment += timedelta(days=days)
            _step(session, journey, people[draw % 2], draw, moment)
            _check(session)
        session.rollback()


def _step(
    session: Session, journey: Journey, person: Candidate, draw: int, moment: datetime
) -> None:
    if draw % 10 == 9:
        reviews.expire_proposals(session, now=moment)
        consents.expire_consents(session, SYSTEM, now=moment)
        referrals.expire_referrals(session, now=moment)
    elif draw % 10 == 8 and person.readiness == Readiness.READY:
        journey.propose(person)
    else:
        steps = _list_steps(session, allowed=draw % 5 != 0)
        _try(session, *steps[draw % len(steps)], moment)


def _list_steps(session: Session, *, allowed: bool) -> list[tuple[Step, str]]:
    return [
        (step, record.key)
        for table, steps in STEPS.items()
        for record in session.scalars(select(table).order_by(table.id))
        for verb, step in steps.items()
        for _ in range(6 if verb in FORWARD else 1)
        if not allowed or verb in table.WORKFLOW.verbs(record.state)
    ] or _list_steps(session, allowed=False)


def _try(session: Session, step: Step, key: str, moment: datetime) -> None:
    states = [(slot.id, slot.state) for slot in session.scalars(select(Slot))]
    try:
        step(session, key, moment)
    except SenimError:
        session.flush()
        assert [(s.id, s.state) for s in session.scalars(select(Slot))] == states


def _check(session: Session) -> None:
    session.flush()
    claims: dict[int, list[str]] = {}
    for proposal in session.scalars(select(Proposal)):
        if proposal.state in ("proposed", "sent_back", "approved"):
            claims.setdefault(proposal.slot_id, []).append("reserved")
    for referral in session.scalars(select(Referral)):
        if referral.state in LIVE:
            claims.setdefault(referral.slot_id, []).append("referred")
    for placement in session.scalars(select(Placement)):
        if placement.state in ("started", "kept"):
            claims.setdefault(placement.slot_id, []).append("filled")
    for slot in session.scalars(select(Slot)):
        assert claims.get(slot.id, ["open"]) == [slot.state], (
            "one live holder, and the state says so"
        )
        assert (slot.holder_key is None) == (slot.state == "open")
        _check_ledger(session, slot)
    _check_people(session)


def _check_ledger(session: Session, slot: Slot) -> None:
    """The lines of the ledger join end to end and lead to the slot's state."""
    state = None
    lines = select(SlotEvent).where(SlotEvent.slot_id == slot.id).order_by(SlotEvent.id)
    for line in session.scalars(lines):
        assert line.state_from == state
        state = line.state_to
    assert state == slot.state


def _check_people(session: Session) -> None:
    for candidate in session.scalars(select(Candidate)):
        jobs = select(Placement).where(
            Placement.candidate_id == candidate.id, Placement.state.in_(("started", "kept"))
        )
        in_work = len(session.scalars(jobs).all())
        assert in_work == (candidate.readiness == Readiness.EMPLOYED)
