"""The next best plan after a no: the pair is banned, every other live proposal stays as it is, and all
that is free (people without a place, open places) is settled anew as one exact assignment.

Whoever has a live proposal holds a slot and is therefore in no snapshot: that is what pins it. It is
worked out as a study of the round, from the tables as they are when its process begins. Only what
concerns the person or the freed place is offered; the rest waits for the next round.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import tasks
from matching.candidates import Candidate
from matching.cockpit import name_courses, name_vacancies, open_names
from matching.engine.explain import Choice
from matching.engine.records import canonical, from_json
from matching.pairs import mark
from matching.proposals import find_proposal
from matching.publication import propose_choice
from matching.rounds import Proposal, Round
from matching.studies import NEXT, Study, StudyRow, ask_study, list_studies, row_of
from quota import rights
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
    """`study` says where it stands, None while nobody asked; the rest is of the last one worked out, of
    `asked_at`. `missed` says why the person has no place in it (no_option, full, displaced), "" when
    there is one; `place_open` whether the place is still free; `others` counts the further choices."""

    study: StudyRow | None
    asked_at: datetime | None
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


def ask_next(session: Session, actor: Actor, key: str, *, now: datetime) -> Study:
    """Asks for the next best plan after the end of this proposal, unless that is under way.

    Raises NotAllowed, NotFound, or WrongState while the person has a proposal or referral under way.
    """
    ended = _find_ended(session, actor, key)
    last = _find_last(session, ended)
    if last is not None and last.busy:
        return last
    found = session.get_one(Round, ended.proposal.round_id)
    question = {
        "proposal": key,
        "candidate": ended.candidate.key,
        "vacancy": ended.vacancy.key,
    }
    return ask_study(session, actor, found, NEXT, now=now, question=question)


def show_next(session: Session, actor: Actor, key: str) -> NextPlan:
    """The last plan asked for after the end of this proposal. Raises as `ask_next` does."""
    ended = _find_ended(session, actor, key)
    last = _find_last(session, ended)
    told = _read(last)
    return NextPlan(
        study=row_of(last) if last else None,
        asked_at=last.asked_at if told and last else None,
        rows=_to_rows(session, ended, _read_choices(told)),
        missed=told.get("missed", ""),
        place_open=ended.slot.state == "open",
        others=told.get("others", 0),
    )


def propose_next(
    session: Session, actor: Actor, key: str, candidate_key: str, *, now: datetime
) -> Proposal:
    """Proposes a choice of the next best plan in the same round; it goes to review like any other.

    Raises NotAllowed, NotFound, or WrongState (`changed_meanwhile` when the plan has no such choice,
    `not_suitable` when the person or the place is free no more).
    """
    ended = _find_ended(session, actor, key)
    told = _read(_find_last(session, ended))
    choice = next((c for c in _read_choices(told) if c.candidate == candidate_key), None)
    if choice is None:
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


def _find_last(session: Session, ended: _Ended) -> Study | None:
    found = session.get_one(Round, ended.proposal.round_id)
    asked = list_studies(session, found, NEXT)
    return next((s for s in asked if s.question["proposal"] == ended.proposal.key), None)


def _read(study: Study | None) -> Mapping[str, Any]:
    """What a study found; nothing while it is not worked out."""
    return json.loads(study.outcome) if study and study.outcome else {}


def _read_choices(told: Mapping[str, Any]) -> list[Choice]:
    return [from_json(Choice, canonical(choice)) for choice in told.get("choices", [])]


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
