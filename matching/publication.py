"""Publication: an answer of the engine becomes proposals, with slots reserved and reasons kept."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import tasks
from matching.apart import count_met
from matching.candidates import Candidate
from matching.courses import Course
from matching.engine.answer import Answer
from matching.engine.explain import Choice
from matching.engine.explain import Unplaced as Missed
from matching.engine.records import from_json
from matching.rounds import Proposal, Round, Unplaced, find_round, policy_of
from matching.snapshots import find_entrants
from quota import journal, rates
from quota.calendar import deadline, local_day
from quota.desks import keep_within_limits, paused_on
from quota.errors import WrongState
from quota.rights import Actor
from quota.slots import Slot, Source, move_slot
from quota.vacancies import Vacancy


@dataclass(frozen=True, slots=True)
class _Publishing:
    """What all proposals of one publication share."""

    session: Session
    actor: Actor
    round_id: int
    due_at: datetime
    now: datetime


def publish_round(session: Session, actor: Actor, key: str, *, now: datetime) -> Round:
    """Turns the plan into proposals and reserves their slots, all or nothing.

    Everything is looked at again: raises WrongState `plan_out_of_date` with the number of choices
    whose person, vacancy or slot is no longer free (solve again), NotAllowed or NotFound.
    """
    found = find_round(session, actor, key, right="rounds.run")
    if found.state != "solved" or found.plan is None:
        raise WrongState("wrong_state", noun="round", state=found.state, verb="publish")
    days = rates.rate_on(session, rates.REVIEW_DAYS, local_day(now))
    here = _Publishing(session, actor, found.id, deadline(session, now, days), now)
    with session.begin_nested():
        journal.move(session, actor, found, "publish", now=now, published_at=now)
        _publish(here, from_json(Answer, found.plan))
        # Whatever a rejection left open was solved again with everything else.
        tasks.settle_everywhere(session, actor, found.centre_id, tasks.NEXT_BEST, now=now)
    return found


def propose_choice(
    session: Session, actor: Actor, round_id: int, choice: Choice, *, now: datetime
) -> Proposal:
    """One more proposal beside a published round, its slot reserved. Rights are the caller's.

    Raises WrongState when the person may not enter a round or no such slot is open any more.
    """
    days = rates.rate_on(session, rates.REVIEW_DAYS, local_day(now))
    here = _Publishing(session, actor, round_id, deadline(session, now, days), now)
    answer = (choice,)
    if not _propose(
        here, choice, _find_people(here, answer), _find_open_slots(session, answer, local_day(now))
    ):
        raise WrongState("not_suitable", noun="proposal")
    made = select(Proposal).where(Proposal.round_id == round_id).order_by(Proposal.id.desc())
    return session.scalars(made.limit(1)).one()


def _publish(here: _Publishing, answer: Answer) -> None:
    people = _find_people(here, answer.choices)
    slots = _find_open_slots(here.session, answer.choices, local_day(here.now))
    lost = sum(not _propose(here, choice, people, slots) for choice in answer.choices)
    if lost:
        raise WrongState("plan_out_of_date", noun="round", number=lost)
    _keep_unplaced(here, answer.unplaced)
    here.session.flush()


def reasons_of(choice: Choice) -> list[dict[str, object]]:
    """The marks a reviewer should look at, and the next best option."""
    marks: list[dict[str, object]] = [{"code": mark, "params": {}} for mark in choice.marks]
    if choice.runner_up:
        marks.append({"code": "runner_up", "params": asdict(choice.runner_up)})
    return marks


def _find_people(here: _Publishing, choices: Iterable[Choice]) -> dict[str, Candidate]:
    """Those of the plan who could still enter a round, locked so that no other round takes them."""
    keys = [choice.candidate for choice in choices]
    session = here.session
    wanted = select(Candidate).where(Candidate.key.in_(keys)).order_by(Candidate.id)
    rows = session.scalars(wanted.with_for_update()).all()
    free: set[int] = set()
    for centre_id in {row.centre_id for row in rows}:
        free |= {entrant.id for entrant in find_entrants(session, centre_id)[0]}
    return {row.key: row for row in rows if row.id in free}


def _find_open_slots(
    session: Session, choices: Iterable[Choice], day: date
) -> dict[tuple[str, str | None, bool], list[Slot]]:
    """Open slots by vacancy key, category and whether they are owed; decree places first, none of a
    paused desk and none above an employer's limit."""
    keys = {choice.vacancy for choice in choices}
    rows = session.execute(
        select(Vacancy.key, Slot)
        .join(Slot, Slot.vacancy_id == Vacancy.id)
        .where(Vacancy.key.in_(keys), Vacancy.state == "listed", Slot.state == "open")
        .where(Vacancy.employer_id.not_in(paused_on(day)))
    )
    named = {slot.id: (key, slot) for key, slot in rows}
    found: dict[tuple[str, str | None, bool], list[Slot]] = defaultdict(list)
    for slot in keep_within_limits(session, (slot for _, slot in named.values())):
        key = named[slot.id][0]
        found[key, slot.category, slot.source != Source.BEYOND].append(slot)
    return found


def _propose(
    here: _Publishing,
    choice: Choice,
    people: dict[str, Candidate],
    slots: dict[tuple[str, str | None, bool], list[Slot]],
) -> bool:
    person = people.get(choice.candidate)
    free = slots.get((choice.vacancy, choice.category, choice.quota))
    if person is None or not free or _meets_too_many(here, person, free[0].employer_id):
        return False
    slot = free.pop(0)
    category = choice.category or next(iter(person.categories), None)
    take = "hold" if choice.course else "reserve"
    move_slot(here.session, here.actor, slot, take, now=here.now, holder=(person.key, category))
    proposal = _make_proposal(here, choice, person, slot)
    here.session.add(proposal)
    here.session.flush()
    journal.write(here.session, here.actor, "propose", proposal, now=here.now)
    return True


def _meets_too_many(here: _Publishing, person: Candidate, employer_id: int) -> bool:
    """Whether as many of the person's case as may are at the employer already, this plan's among them."""
    met = count_met(here.session, [person], day=local_day(here.now))
    if not met:
        return False
    limit = policy_of(here.session.get_one(Round, here.round_id)).limits.case_limit
    return met.get((person.key, employer_id), 0) >= limit


def _make_proposal(here: _Publishing, choice: Choice, person: Candidate, slot: Slot) -> Proposal:
    course = select(Course.id).where(Course.key == choice.course)
    return Proposal(
        round_id=here.round_id,
        candidate_id=person.id,
        vacancy_id=slot.vacancy_id,
        slot_id=slot.id,
        course_id=here.session.scalar(course) if choice.course else None,
        category=slot.holder_category,
        score=choice.score,
        parts=dict(choice.parts),
        reasons=reasons_of(choice),
        supervised=person.supervised,
        proposed_at=here.now,
        proposed_by=here.actor.account_id,
        due_at=here.due_at,
    )


def _keep_unplaced(here: _Publishing, missed: Sequence[Missed]) -> None:
    keys = [one.candidate for one in missed]
    rows = here.session.execute(select(Candidate.key, Candidate.id).where(Candidate.key.in_(keys)))
    ids = {row[0]: row[1] for row in rows}
    here.session.add_all(
        Unplaced(
            round_id=here.round_id,
            candidate_id=ids[one.candidate],
            kind=one.kind,
            reasons=[{"code": r.code, "params": dict(r.params)} for r in one.reasons],
        )
        for one in missed
        if one.candidate in ids
    )
