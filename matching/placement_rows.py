"""Placements as lists and pages show them, each with the next question of its year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.candidates import Candidate, are_supervised
from matching.identities import Person, open_persons
from matching.moves import Move
from matching.placements import FollowUp, Placement, find_placement
from matching.referral_rows import name_for
from quota import journal, rights
from quota.calendar import local_day
from quota.employers import Employer
from quota.rights import Actor, Role
from quota.vacancies import Vacancy

IN_WORK = ("started", "kept")


@dataclass(frozen=True, slots=True)
class Question:
    """A follow-up: when each side confirmed that the person still works there. `is_due`: the reader's
    side (for others than the employer, either) has not answered and the day has come."""

    months: int
    due_on: date
    employer_at: datetime | None
    person_at: datetime | None
    is_due: bool


@dataclass(frozen=True, slots=True)
class Post:
    """A post the person moved on to at the same employer."""

    on: date
    title: str
    pay: int


@dataclass(frozen=True, slots=True)
class PlacementRow:
    """`name` is empty once the person was erased, and to the employer while the record is blocked: then
    it is `withheld`."""

    key: str
    name: str
    withheld: bool
    title: str
    employer_key: str
    employer_name: str
    state: str
    contract_number: str
    starts_on: date
    ends_on: date | None
    pay: int | None
    term: str
    until: date | None
    address: str
    reason: str | None
    questions: tuple[Question, ...]
    posts: tuple[Post, ...]
    next_verbs: tuple[str, ...]

    @property
    def is_due(self) -> bool:
        return self.state in IN_WORK and any(q.is_due for q in self.questions)


@dataclass(frozen=True, slots=True)
class _Job:
    """What the row of a placement does not hold; `blocked`: the person's record is."""

    title: str
    employer: str
    employer_key: str
    blocked: bool


def list_placements(
    session: Session,
    actor: Actor,
    *,
    states: Sequence[str] = IN_WORK,
    employer_id: int | None = None,
    now: datetime,
) -> list[PlacementRow]:
    """Placements within reach in these states, the oldest first; as many queries for one row as for
    many.

    Raises NotAllowed.
    """
    statement = rights.limit(
        select(Placement).where(Placement.state.in_(states)).order_by(Placement.starts_on),
        actor,
        "placements.read",
        centre=Placement.centre_id,
        employer=Placement.employer_id,
        territory=Placement.territory,
        supervised=are_supervised(Placement.candidate_id),
    )
    if employer_id is not None:
        statement = statement.where(Placement.employer_id == employer_id)
    found = session.scalars(statement.order_by(Placement.id)).all()
    return _to_rows(session, actor, found, now=now)


def show_placement(session: Session, actor: Actor, key: str, *, now: datetime) -> PlacementRow:
    """One placement; a look at a person is journalled. Raises NotAllowed or NotFound."""
    placement = find_placement(session, actor, key)
    candidate = session.get_one(Candidate, placement.candidate_id)
    journal.write(session, actor, "view", candidate, now=now, part="placement")
    return _to_rows(session, actor, [placement], now=now)[0]


def _to_rows(
    session: Session, actor: Actor, found: Sequence[Placement], *, now: datetime
) -> list[PlacementRow]:
    jobs, posts = _jobs(session, found), _posts(session, [p.id for p in found])
    hidden = {p.id for p in found if actor.role is Role.EMPLOYER and jobs[p.id].blocked}
    people = open_persons(session, [p.candidate_id for p in found if p.id not in hidden])
    questions = _questions(session, actor, [p.id for p in found], local_day(now))
    rows = (
        _to_row(actor, p, people.get(p.candidate_id), jobs[p.id], questions.get(p.id, ()))
        for p in found
    )
    return [
        replace(row, posts=posts.get(p.id, ()), withheld=p.id in hidden)
        for p, row in zip(found, rows, strict=True)
    ]


def _to_row(
    actor: Actor,
    placement: Placement,
    person: Person | None,
    job: _Job,
    questions: tuple[Question, ...],
) -> PlacementRow:
    return PlacementRow(
        key=placement.key,
        name=name_for(actor, person),
        withheld=False,
        title=job.title,
        employer_key=job.employer_key,
        employer_name=job.employer,
        state=placement.state,
        contract_number=placement.contract_number,
        starts_on=placement.starts_on,
        ends_on=placement.ends_on,
        pay=placement.pay,
        term=placement.term,
        until=placement.until,
        address=placement.address,
        reason=placement.reason,
        questions=questions,
        posts=(),
        next_verbs=placement.WORKFLOW.verbs(placement.state),
    )


def _jobs(session: Session, found: Sequence[Placement]) -> Mapping[int, _Job]:
    rows = session.execute(
        select(Placement.id, Vacancy.title, Employer.name, Employer.key, Candidate.blocked_at)
        .join(Candidate, Candidate.id == Placement.candidate_id)
        .join(Employer, Employer.id == Placement.employer_id)
        .outerjoin(Vacancy, Vacancy.id == Placement.vacancy_id)
        .where(Placement.id.in_([p.id for p in found]))
    )
    return {
        id_: _Job(title or "", employer, key, blocked_at is not None)
        for id_, title, employer, key, blocked_at in rows
    }


def _posts(session: Session, ids: Sequence[int]) -> Mapping[int, tuple[Post, ...]]:
    found: dict[int, tuple[Post, ...]] = {}
    moves = select(Move).where(Move.placement_id.in_(ids), Move.undone_at.is_(None))
    for move in session.scalars(moves.order_by(Move.id)):
        post = Post(move.on, move.post, move.pay)
        found[move.placement_id] = (*found.get(move.placement_id, ()), post)
    return found


def _questions(
    session: Session, actor: Actor, ids: Sequence[int], today: date
) -> Mapping[int, tuple[Question, ...]]:
    found: dict[int, list[Question]] = {}
    rows = session.scalars(
        select(FollowUp).where(FollowUp.placement_id.in_(ids)).order_by(FollowUp.months)
    )
    for row in rows:
        asked = (
            [row.employer_at] if actor.role is Role.EMPLOYER else [row.employer_at, row.person_at]
        )
        due = row.due_on <= today and None in asked
        question = Question(row.months, row.due_on, row.employer_at, row.person_at, due)
        found.setdefault(row.placement_id, []).append(question)
    return {id_: tuple(questions) for id_, questions in found.items()}
