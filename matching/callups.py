"""Reserves called up: when a referral comes to nothing, the timer proposes the next in line for the place.

The line is that of the round which sent the first person, in its own order; the proposal goes to review
like any other. For one place a round sends at most the office's dated number of people. Where nobody
can be called up, the centre gets a task.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import tasks
from matching.candidates import Candidate
from matching.engine.reserves import Reserves
from matching.pairs import mark, propose_pair
from matching.referrals import Referral, count_sent
from matching.reserves import line_up_round
from matching.rounds import Proposal, Round
from matching.tasks import Task
from quota import journal, rates
from quota.calendar import add_working_days, local_day
from quota.errors import WrongState
from quota.rights import SYSTEM, Role
from quota.slots import Slot, Source
from quota.vacancies import Vacancy

FELL = ("refused", "declined", "no_show", "expired")
PLACE_GONE = ("vacancy_filled", "staff_cut")  # what an employer says of the place, not of a person
MARK, NO_RESERVE = "reserve", "no_reserve"

_Lines = Mapping[tuple[str, str | None, bool], Reserves]


@dataclass(slots=True)
class _Calling:
    """One run of the timer; the lines of a round are worked out once."""

    session: Session
    now: datetime
    lines: dict[int, _Lines] = field(default_factory=dict)


def call_up(session: Session, *, now: datetime) -> int:
    """Looks at every referral that fell through since the last run; returns how many people were called
    up. Doing it twice changes nothing more."""
    here = _Calling(session, now)
    fallen = session.scalars(
        select(Referral)
        .where(Referral.state.in_(FELL), Referral.followed_at.is_(None))
        .order_by(Referral.id)
    ).all()
    return sum(_follow(here, referral) for referral in fallen)


def _follow(here: _Calling, referral: Referral) -> bool:
    session = here.session
    referral.followed_at = here.now
    slot = session.get_one(Slot, referral.slot_id)
    vacancy = session.get_one(Vacancy, referral.vacancy_id)
    journal.write(session, SYSTEM, "follow", referral, now=here.now)
    if slot.state != "open" or vacancy.state != "listed":
        return False
    if referral.reason not in PLACE_GONE and _call_next(here, referral, slot, vacancy):
        return True
    _ask_centre(here, referral, vacancy)
    return False


def _call_next(here: _Calling, referral: Referral, slot: Slot, vacancy: Vacancy) -> bool:
    session, now = here.session, here.now
    proposal = session.get_one(Proposal, referral.proposal_id)
    most = rates.rate_on(session, rates.SENT_PER_SLOT, local_day(now))
    if count_sent(session, proposal) >= most:
        return False
    line = _lines_of(here, proposal.round_id).get(
        (vacancy.key, slot.category, slot.source != Source.BEYOND)
    )
    for key in line.candidates if line else ():
        person = session.scalars(select(Candidate).where(Candidate.key == key)).one()
        if _propose(here, proposal, (person, vacancy)):
            return True
    return False


def _propose(here: _Calling, old: Proposal, pair: tuple[Candidate, Vacancy]) -> bool:
    try:
        with here.session.begin_nested():
            made = propose_pair(here.session, SYSTEM, old.round_id, pair, now=here.now)
            mark(made, MARK)
    except WrongState:  # placed elsewhere by now, banned, or barred by a rule
        return False
    return True


def _lines_of(here: _Calling, round_id: int) -> _Lines:
    if round_id not in here.lines:
        found = here.session.get_one(Round, round_id)
        lines = line_up_round(here.session, found) if found.run else ()
        here.lines[round_id] = {(r.vacancy, r.category, r.quota): r for r in lines}
    return here.lines[round_id]


def _ask_centre(here: _Calling, referral: Referral, vacancy: Vacancy) -> None:
    session, today = here.session, local_day(here.now)
    days = rates.rate_on(session, rates.REVIEW_DAYS, today)
    task = Task(candidate_id=referral.candidate_id, code=NO_RESERVE, role=Role.STAFF.value)
    task.params = {"vacancy": vacancy.key}
    task.due_on = add_working_days(session, today, days)
    tasks.raise_task(session, SYSTEM, task, now=here.now)
