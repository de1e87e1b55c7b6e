"""The next best plan after a no: the pair is banned, every other live proposal stays as it is, and all
that is free on the day (people without a place, open places) is settled anew as one exact assignment.

Whoever has a live proposal holds a slot and is therefore in no snapshot: that is what pins it. Only what
concerns the person or the freed place is offered; the rest waits for the next round.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import tasks
from matching.candidates import Candidate
from matching.cockpit import name_courses, name_vacancies, open_names
from matching.engine.answer import Answer
from matching.engine.explain import Choice
from matching.engine.problem import write_problem
from matching.engine.records import from_json
from matching.pairs import mark
from matching.proposals import find_proposal
from matching.publication import propose_choice
from matching.rounds import Proposal, Round, policy_of
from matching.snapshots import take_snapshot
from matching.solving import solve_problem
from quota import rights
from quota.calendar import local_day
from quota.errors import WrongState
from quota.rights import Actor
from quota.slots import Slot
from quota.vacancies import Vacancy

MARK = "next_best"


@dataclass(frozen=True, slots=True)
class NextRow:
    """A choice of the next best plan. `for_person`: it is for the person turned down; `for_place`: for
    the place that became free. `course` is a title, "" without a course; the score is in whole points."""

    candidate_key: str
    candidate_name: str
    vacancy_key: str
    vacancy_title: str
    employer_name: str
    course: str
    score: int
    for_person: bool
    for_place: bool


@dataclass(frozen=True, slots=True)
class NextPlan:
    """`missed` says why the person has no place in it (no_option, full, displaced), "" when there is
    one; `place_open` whether the place is still free; `others` counts the plan's further choices."""

    rows: tuple[NextRow, ...]
    missed: str
    place_open: bool
    others: int


@dataclass(frozen=True, slots=True)
class _Ended:
    """A proposal that came to nothing, with its person and place."""

    proposal: Proposal
    candidate: Candidate
    vacancy: Vacancy
    slot: Slot


def find_next(session: Session, actor: Actor, key: str, *, now: datetime) -> NextPlan:
    """The next best plan after the end of this proposal, solved now.

    Raises NotAllowed, NotFound, or WrongState while the person has a proposal or referral under way.
    """
    ended = _find_ended(session, actor, key)
    answer = _solve(session, ended, now=now)
    near = [choice for choice in answer.choices if _concerns(ended, choice)]
    missed = {one.candidate: one.kind for one in answer.unplaced}
    return NextPlan(
        rows=_to_rows(session, ended, near),
        missed=missed.get(ended.candidate.key, ""),
        place_open=ended.slot.state == "open",
        others=len(answer.choices) - len(near),
    )


def propose_next(
    session: Session, actor: Actor, key: str, candidate_key: str, *, now: datetime
) -> Proposal:
    """Proposes a choice of the next best plan in the same round; it goes to review like any other.

    Raises NotAllowed, NotFound, or WrongState (`changed_meanwhile` when the plan has no such choice any
    more).
    """
    ended = _find_ended(session, actor, key)
    answer = _solve(session, ended, now=now)
    choice = next((c for c in answer.choices if c.candidate == candidate_key), None)
    if choice is None or not _concerns(ended, choice):
        raise WrongState("changed_meanwhile", noun="proposal")
    made = propose_choice(session, actor, ended.proposal.round_id, choice, now=now)
    params = {"proposal": ended.proposal.key}
    tasks.settle_tasks(session, actor, (ended.candidate.id, tasks.NEXT_BEST), params, now=now)
    return mark(made, MARK)


def _find_ended(session: Session, actor: Actor, key: str) -> _Ended:
    proposal = find_proposal(session, actor, key, right="rounds.run")
    candidate = session.get_one(Candidate, proposal.candidate_id)
    rights.check(actor, "candidates.read", candidate.scope())
    held = select(Slot.id).where(Slot.holder_key == candidate.key).limit(1)
    if session.scalar(held) is not None:
        raise WrongState("in_progress", noun="proposal")
    vacancy = session.get_one(Vacancy, proposal.vacancy_id)
    return _Ended(proposal, candidate, vacancy, session.get_one(Slot, proposal.slot_id))


def _solve(session: Session, ended: _Ended, *, now: datetime) -> Answer:
    found = session.get_one(Round, ended.proposal.round_id)
    problem, _ = take_snapshot(
        session,
        found.centre_id,
        policy_of(found),
        day=local_day(now),
        forbidden=[(c, v) for c, v in found.forbidden],
    )
    return from_json(Answer, solve_problem(write_problem(problem)[0]).plan)


def _concerns(ended: _Ended, choice: Choice) -> bool:
    return ended.candidate.key == choice.candidate or ended.vacancy.key == choice.vacancy


def _to_rows(session: Session, ended: _Ended, choices: list[Choice]) -> tuple[NextRow, ...]:
    names = open_names(session, {choice.candidate for choice in choices})
    jobs = name_vacancies(session, {choice.vacancy for choice in choices})
    courses = name_courses(session, {choice.course for choice in choices if choice.course})
    return tuple(
        NextRow(
            candidate_key=choice.candidate,
            candidate_name=names.get(choice.candidate, ""),
            vacancy_key=choice.vacancy,
            vacancy_title=jobs[choice.vacancy][0],
            employer_name=jobs[choice.vacancy][2],
            course=courses.get(choice.course or "", ""),
            score=choice.score,
            for_person=choice.candidate == ended.candidate.key,
            for_place=choice.vacancy == ended.vacancy.key,
        )
        for choice in choices
    )
