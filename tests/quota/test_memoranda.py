"""Memoranda in the ledger: signing opens places line by line; what closed with it reopens with it."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quota import memoranda, pledges, slots
from quota.employers import Employer
from quota.errors import Invalid, NotAllowed, NotFound, WrongState
from quota.memoranda import Memorandum, Pledge
from quota.rights import SYSTEM, Actor, Role
from quota.slots import Slot
from quota.states import MEMORANDUM


@pytest.fixture
def memorandum(session: Session, staff: Actor, employer: Employer, now: datetime) -> Memorandum:
    paper = Memorandum(number="17", signed_on=now.date(), ends_on=date(2027, 1, 1), pledged=4)
    return memoranda.add_memorandum(session, staff, employer, paper, now=now)


def states(session: Session, employer: Employer) -> dict[str, int]:
    return dict(slots.count_states(session, employer.id)["memorandum"])


def test_signing_opens_the_places_of_each_line_and_the_rest(
    session: Session, staff: Actor, employer: Employer, memorandum: Memorandum, now: datetime
) -> None:
    welders = Pledge(number=2, title="сварщик", kato="196220100")
    memoranda.add_pledge(session, staff, memorandum, welders, now=now)
    memoranda.add_pledge(session, staff, memorandum, Pledge(number=1), now=now)
    pledges.sign(session, staff, memorandum.key, now=now)
    found = session.scalars(select(Slot.pledge_id).order_by(Slot.id)).all()
    assert sorted(found, key=str).count(welders.id) == 2 and found.count(None) == 1
    pledges.amend(session, staff, memorandum, {"pledged": 6}, now=now)
    assert states(session, employer) == {"open": 6}
    assert session.scalars(select(Slot.pledge_id)).all().count(None) == 3


def test_lines_fit_into_the_pledge_and_belong_to_a_draft(
    session: Session, staff: Actor, memorandum: Memorandum, now: datetime
) -> None:
    with pytest.raises(Invalid):
        memoranda.add_pledge(session, staff, memorandum, Pledge(number=5), now=now)
    with pytest.raises(Invalid):
        memoranda.add_pledge(session, staff, memorandum, Pledge(number=0), now=now)
    with pytest.raises(NotFound):
        unknown = Pledge(number=1, kato="000000000")
        memoranda.add_pledge(session, staff, memorandum, unknown, now=now)
    line = memoranda.add_pledge(session, staff, memorandum, Pledge(number=4), now=now)
    memoranda.remove_pledge(session, staff, memorandum, line.key, now=now)
    with pytest.raises(NotFound):
        memoranda.remove_pledge(session, staff, memorandum, line.key, now=now)
    pledges.sign(session, staff, memorandum.key, now=now)
    with pytest.raises(WrongState):
        memoranda.add_pledge(session, staff, memorandum, Pledge(number=1), now=now)


def test_what_closed_with_a_memorandum_reopens_with_it_and_nothing_else(
    session: Session, staff: Actor, employer: Employer, memorandum: Memorandum, now: datetime
) -> None:
    pledges.sign(session, staff, memorandum.key, now=now)
    by_hand, taken, *_ = pledges.list_pledged_slots(session, memorandum)
    slots.close_slot(session, staff, by_hand, reason="the shop closed", now=now)
    slots.move_slot(session, SYSTEM, taken, "reserve", now=now, holder=("k", None))
    pledges.suspend(session, staff, memorandum.key, reason="strike", now=now)
    assert states(session, employer) == {"closed": 3, "reserved": 1}
    pledges.end(session, staff, memorandum.key, reason="over", now=now)
    pledges.undo_end(session, staff, memorandum.key, reason="a mistake", now=now)
    assert states(session, employer) == {"closed": 3, "reserved": 1}, "it was suspended before"
    pledges.resume(session, staff, memorandum.key, reason="the strike is over", now=now)
    assert states(session, employer) == {"closed": 1, "open": 2, "reserved": 1}
    assert by_hand.state == "closed"


STEPS = {
    "suspend": pledges.suspend,
    "resume": pledges.resume,
    "end": pledges.end,
    "undo_end": pledges.undo_end,
    "discard": pledges.discard,
}


@pytest.mark.parametrize("verb", STEPS)
@pytest.mark.parametrize("state", MEMORANDUM.states)
def test_each_step_from_each_state_is_as_the_table_says(
    session: Session, staff: Actor, memorandum: Memorandum, now: datetime, state: str, verb: str
) -> None:
    memorandum.state = state
    session.flush()
    allowed = {new for name, old, new in MEMORANDUM.rows if (name, old) == (verb, state)}
    if allowed:
        STEPS[verb](session, staff, memorandum.key, reason="r", now=now)
        assert {memorandum.state} == allowed
    else:
        with pytest.raises(WrongState):
            STEPS[verb](session, staff, memorandum.key, reason="r", now=now)
        assert memorandum.state == state


@pytest.mark.parametrize("verb", STEPS)
def test_each_step_needs_a_reason_and_reach(
    session: Session, staff: Actor, memorandum: Memorandum, now: datetime, verb: str
) -> None:
    with pytest.raises(Invalid):
        STEPS[verb](session, staff, memorandum.key, reason=" ", now=now)
    for actor, refusal in (
        (Actor(Role.STAFF, centre_id=-1), NotFound),
        (Actor(Role.PROSECUTOR, territory="/"), NotAllowed),
    ):
        with pytest.raises(refusal):
            STEPS[verb](session, actor, memorandum.key, reason="r", now=now)


def test_renewal_is_reminded_of_in_time(
    session: Session, staff: Actor, memorandum: Memorandum, now: datetime
) -> None:
    def lapsing(days: int) -> int:
        within = timedelta(days=days)
        return len(memoranda.list_lapsing(session, staff, within=within, now=now))

    assert lapsing(100) == 0, "a draft lapses nothing"
    pledges.sign(session, staff, memorandum.key, now=now)
    assert (lapsing(38), lapsing(39)) == (0, 1)
    other = Actor(Role.STAFF, centre_id=-1)
    assert memoranda.list_lapsing(session, other, within=timedelta(999), now=now) == []
