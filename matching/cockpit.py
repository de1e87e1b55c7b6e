"""What the pages of a round show: the list, the plan and the unplaced.

Frozen rows only; a page that has them asks the database nothing more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.candidates import Candidate
from matching.courses import Course
from matching.engine import explain as engine
from matching.engine.answer import Answer
from matching.engine.records import from_json
from matching.identities import Identity, note_shown
from matching.publication import reasons_of
from matching.rounds import FIXES, Proposal, Round, find_round
from quota import rights
from quota.employers import Employer
from quota.rights import Actor
from quota.sealing import keyring_of
from quota.vacancies import Vacancy


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round as lists and its own page show it. `summary` holds counts of snapshot and plan, `progress`
    phase, done and total; `failure` is a code."""

    key: str
    number: int
    title: str
    state: str
    opened_at: datetime
    published_at: datetime | None
    summary: Mapping[str, Any]
    progress: Mapping[str, Any]
    policy: Mapping[str, Any]
    failure: str
    cancel_asked: bool
    attempt: int
    sha256: str | None
    versions: Mapping[str, Any]
    centre_id: int


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One choice of the plan, in words for staff. `facts` are what speaks for it (see
    `engine.facts`); `reasons` are marks and the runner-up as codes;
    `titles` names the vacancies and courses they mention by key; `proposal_key` and `proposal_state`
    once it is published."""

    candidate_key: str
    candidate_name: str
    vacancy_key: str
    vacancy_title: str
    employer_key: str
    employer_name: str
    course_title: str | None
    category: str | None
    score: int
    parts: Mapping[str, int]
    facts: Mapping[str, int]
    reasons: Sequence[Mapping[str, Any]]
    titles: Mapping[str, str]
    proposal_key: str | None = None
    proposal_state: str | None = None


@dataclass(frozen=True, slots=True)
class PairRow:
    """A pair fixed by a person: `fixed` is locked or forbidden."""

    fixed: str
    candidate_key: str
    candidate_name: str
    vacancy_key: str
    vacancy_title: str


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """Promises not kept (see the engine's Broken), each pair as (candidate's name, vacancy's title)."""

    code: str
    pairs: tuple[tuple[str, str], ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnplacedRow:
    """`titles` names the vacancies and courses that the reasons mention by key."""

    candidate_key: str
    candidate_name: str
    kind: str
    reasons: Sequence[Mapping[str, Any]]
    titles: Mapping[str, str]


def list_rounds(
    session: Session, actor: Actor, *, limit: int = 50, offset: int = 0
) -> list[RoundRow]:
    """Rounds within reach, newest first. Raises NotAllowed."""
    statement = rights.limit(
        select(Round), actor, "rounds.read", centre=Round.centre_id, territory=Round.territory
    )
    newest = statement.order_by(Round.id.desc()).limit(limit).offset(offset)
    return [_to_row(found) for found in session.scalars(newest)]


def count_rounds(session: Session, actor: Actor) -> int:
    """How many rounds lie within reach. Raises NotAllowed."""
    statement = rights.limit(
        select(func.count()).select_from(Round),
        actor,
        "rounds.read",
        centre=Round.centre_id,
        territory=Round.territory,
    )
    return session.scalar(statement) or 0


def show_round(session: Session, actor: Actor, key: str) -> RoundRow:
    """One round. Raises NotAllowed or NotFound."""
    return _to_row(find_round(session, actor, key))


def list_choices(session: Session, actor: Actor, key: str) -> tuple[engine.Choice, ...]:
    """The plan of a solved round by keys alone. Raises NotAllowed or NotFound."""
    return _read_plan(find_round_with_people(session, actor, key)).choices


def list_missed(session: Session, actor: Actor, key: str) -> tuple[engine.Unplaced, ...]:
    """Everybody without a choice, by keys alone. Raises NotAllowed or NotFound."""
    return _read_plan(find_round_with_people(session, actor, key)).unplaced


def list_plan(
    session: Session, actor: Actor, key: str, *, limit: int = 50, offset: int = 0
) -> list[PlanRow]:
    """Choices of a solved round, in the order of candidate keys. Raises NotAllowed or NotFound."""
    found = find_round_with_people(session, actor, key)
    choices = _read_plan(found).choices[offset : offset + limit]
    names = open_names(session, {c.candidate for c in choices})
    reasons = {c.candidate: reasons_of(c) for c in choices}
    mentioned = _mentioned(reasons.values())
    jobs = name_vacancies(session, mentioned | {c.vacancy for c in choices})
    courses = name_courses(session, mentioned | {c.course for c in choices if c.course})
    proposals = _find_proposals(session, found.id)
    return [
        PlanRow(
            c.candidate,
            names.get(c.candidate, ""),
            c.vacancy,
            *jobs[c.vacancy],
            courses.get(c.course) if c.course else None,
            c.category,
            c.score,
            dict(c.parts),
            dict(c.facts),
            reasons[c.candidate],
            _pick_titles(reasons[c.candidate], jobs, courses),
            *proposals.get(c.candidate, (None, None)),
        )
        for c in choices
    ]


def list_unplaced(
    session: Session, actor: Actor, key: str, *, limit: int = 50, offset: int = 0
) -> list[UnplacedRow]:
    """Everybody without a choice, with the reason why. Raises NotAllowed or NotFound."""
    found = find_round_with_people(session, actor, key)
    missed = _read_plan(found).unplaced[offset : offset + limit]
    names = open_names(session, {one.candidate for one in missed})
    told = {
        one.candidate: [{"code": r.code, "params": dict(r.params)} for r in one.reasons]
        for one in missed
    }
    mentioned = _mentioned(told.values())
    jobs, courses = name_vacancies(session, mentioned), name_courses(session, mentioned)
    return [
        UnplacedRow(
            one.candidate,
            names.get(one.candidate, ""),
            one.kind,
            told[one.candidate],
            _pick_titles(told[one.candidate], jobs, courses),
        )
        for one in missed
    ]


def list_pairs(session: Session, actor: Actor, key: str) -> list[PairRow]:
    """The pairs of a round that a person fixed. Raises NotAllowed or NotFound."""
    found = find_round_with_people(session, actor, key)
    pairs = [(name, *pair) for name in FIXES for pair in getattr(found, name)]
    names = open_names(session, {candidate for _, candidate, _ in pairs})
    jobs = name_vacancies(session, {vacancy for _, _, vacancy in pairs})
    return [
        PairRow(fixed, candidate, names.get(candidate, ""), vacancy, jobs[vacancy][0])
        for fixed, candidate, vacancy in pairs
    ]


def name_broken(session: Session, told: Sequence[Mapping[str, Any]]) -> list[BrokenRow]:
    """The `broken` promises of a round's or a variant's summary by name. Rights are the caller's."""
    pairs = [pair for one in told for pair in one["pairs"]]
    names = open_names(session, {candidate for candidate, _ in pairs})
    jobs = name_vacancies(session, {vacancy for _, vacancy in pairs})
    return [
        BrokenRow(
            one["code"],
            tuple((names.get(c, ""), jobs[v][0] if v in jobs else "") for c, v in one["pairs"]),
            tuple(one["rules"]),
        )
        for one in told
    ]


def count_reviews(session: Session, actor: Actor, key: str) -> tuple[int, int]:
    """How many choices of the plan go to probation, and how many to a second person of the centre.

    Raises NotAllowed or NotFound.
    """
    found = find_round(session, actor, key, right="rounds.run")
    keys = [choice.candidate for choice in _read_plan(found).choices]
    people = session.scalars(select(Candidate).where(Candidate.key.in_(keys))).all()
    supervised = sum(person.supervised for person in people)
    return supervised, len(people) - supervised


def open_names(session: Session, keys: set[str]) -> dict[str, str]:
    """{candidate key: name}, without those erased. Rights are the caller's."""
    unseal = keyring_of(session).open
    rows = session.execute(
        select(Candidate.id, Candidate.key, Identity.family_name, Identity.given_name)
        .join(Identity, Identity.candidate_id == Candidate.id)
        .where(Candidate.key.in_(keys))
    ).all()
    note_shown(session, (row.id for row in rows))
    return {key: f"{unseal(family)} {unseal(given)}" for _, key, family, given in rows}


def find_round_with_people(session: Session, actor: Actor, key: str) -> Round:
    """A round whose people the actor may see. Raises NotAllowed or NotFound."""
    found = find_round(session, actor, key)
    rights.check(actor, "candidates.read", found.scope())
    return found


def _read_plan(found: Round) -> Answer:
    if found.plan is None:
        return Answer("", (), (), (), 0)
    return from_json(Answer, found.plan)


def _mentioned(told: Iterable[Sequence[Mapping[str, Any]]]) -> set[str]:
    """The keys of vacancies and courses in the parameters of reasons."""
    params = [reason["params"] for reasons in told for reason in reasons]
    keys = {one.get(name) for one in params for name in ("vacancy", "course")}
    return {str(key) for key in keys if key}


def _pick_titles(
    reasons: Sequence[Mapping[str, Any]],
    jobs: Mapping[str, tuple[str, str, str]],
    courses: Mapping[str, str],
) -> dict[str, str]:
    titles = {key: job[0] for key, job in jobs.items()} | dict(courses)
    return {key: titles[key] for key in sorted(_mentioned([reasons])) if key in titles}


def _to_row(found: Round) -> RoundRow:
    return RoundRow(
        key=found.key,
        number=found.number,
        title=found.title,
        state=found.state,
        opened_at=found.opened_at,
        published_at=found.published_at,
        summary=found.summary,
        progress=found.progress,
        policy=found.policy,
        failure=found.failure,
        cancel_asked=found.cancel_asked,
        attempt=found.attempt,
        sha256=found.problem_sha256,
        versions=found.versions,
        centre_id=found.centre_id,
    )


def name_vacancies(session: Session, keys: set[str]) -> dict[str, tuple[str, str, str]]:
    """{vacancy key: (title, employer key, employer name)}."""
    rows = session.execute(
        select(Vacancy.key, Vacancy.title, Employer.key, Employer.name)
        .join(Employer, Employer.id == Vacancy.employer_id)
        .where(Vacancy.key.in_(keys))
    )
    return {key: (title, employer, name) for key, title, employer, name in rows}


def name_courses(session: Session, keys: set[str]) -> dict[str, str]:
    """{course key: title}."""
    rows = session.execute(select(Course.key, Course.title).where(Course.key.in_(keys)))
    return {row[0]: row[1] for row in rows}


def _find_proposals(session: Session, round_id: int) -> dict[str, tuple[str, str]]:
    """{candidate key: (proposal key, state)}."""
    rows = session.execute(
        select(Candidate.key, Proposal.key, Proposal.state)
        .join(Proposal, Proposal.candidate_id == Candidate.id)
        .where(Proposal.round_id == round_id)
    )
    return {candidate: (key, state) for candidate, key, state in rows}
