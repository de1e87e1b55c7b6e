"""What the review desk shows: the queue with its clock, and one proposal on one screen."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.bans import find_end
from matching.candidates import Candidate, Restriction
from matching.consents import DISCLOSURE, Consent
from matching.courses import Course
from matching.identities import open_names, open_person
from matching.pairs import list_tested
from matching.proposals import find_proposal, of_supervised
from matching.referrals import Referral
from matching.restrictions import (
    Effect,
    RestrictionRow,
    effects_of,
    is_in_force,
    list_restrictions,
)
from matching.reviews import Review, may_decide, may_review
from matching.rounds import Proposal, Round, policy_of
from matching.states import WAITING
from quota import journal, rights
from quota.calendar import count_each, count_working_days, local_day
from quota.employers import Employer
from quota.places import names_of
from quota.rights import Actor
from quota.vacancies import Vacancy

RUNNER_UP = "runner_up"


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A proposal in the queue. `days_left` are working days, negative when overdue; `mine` says that the
    reader may decide."""

    key: str
    name: str
    title: str
    employer_name: str
    score: int
    state: str
    due_on: date
    days_left: int
    escalated: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class ReviewRow:
    at: datetime
    decision: str
    reason: str
    note: str
    note_for_person: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """The next best option of the same person, and its score in whole points."""

    title: str
    employer_name: str
    score: int


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """A proposal with all that a reviewer and the centre need; `weights` are the most points of each
    part, `tested` codes of what the pair was tested for; `rules` the restrictions in force, without their
    source, and only for probation; `effects` what they mean, for everybody who may look; `places` names
    what either names. `banned_until` is the first day on which a rejected pair may be proposed again."""

    key: str
    round_key: str
    state: str
    name: str
    candidate_key: str
    hours: Sequence[Any]
    pay_accepted: int | None
    title: str
    isco08: str | None
    employer_name: str
    vacancy_key: str
    pay_from: int
    pay_to: int
    shifts: Sequence[Any]
    category: str | None
    supervised: bool
    score: int
    parts: Mapping[str, Any]
    weights: Mapping[str, int]
    reasons: Sequence[Any]
    course: str | None
    alternative: Alternative | None
    tested: tuple[str, ...]
    rules: tuple[RestrictionRow, ...]
    effects: Sequence[Effect]
    places: Mapping[str, Mapping[str, str]]
    banned_until: date | None
    due_on: date
    days_left: int
    may_review: bool
    may_decide: bool
    history: tuple[ReviewRow, ...]
    consent_key: str | None
    consent_state: str | None
    referral_key: str | None


def list_queue(
    session: Session, actor: Actor, *, states: Sequence[str] = WAITING, now: datetime
) -> list[QueueRow]:
    """Proposals within reach in these states, the most urgent first; four queries however many rows.

    Raises NotAllowed.
    """
    statement = (
        select(Proposal, Vacancy.title, Employer.name)
        .join(Candidate, Candidate.id == Proposal.candidate_id)
        .join(Vacancy, Vacancy.id == Proposal.vacancy_id)
        .join(Employer, Employer.id == Vacancy.employer_id)
        .where(Proposal.state.in_(states))
        .order_by(Proposal.due_at, Proposal.id)
    )
    statement = rights.limit(
        statement,
        actor,
        "proposals.read",
        centre=Candidate.centre_id,
        territory=Candidate.territory,
        supervised=of_supervised(),
    )
    rows = session.execute(statement).all()
    names = open_names(session, [row[0].candidate_id for row in rows])
    left = count_each(session, local_day(now), {due_day(row[0]) for row in rows})
    return [
        QueueRow(
            key=proposal.key,
            name=names.get(proposal.candidate_id, ""),
            title=title,
            employer_name=employer,
            score=proposal.score,
            state=proposal.state,
            due_on=due_day(proposal),
            days_left=left[due_day(proposal)],
            escalated=proposal.escalated_at is not None,
            mine=may_decide(actor, proposal),
        )
        for proposal, title, employer in rows
    ]


def show_proposal(session: Session, actor: Actor, key: str, *, now: datetime) -> ProposalPage:
    """One proposal; a look at a person is journalled. Raises NotAllowed or NotFound."""
    proposal = find_proposal(session, actor, key)
    candidate = session.get_one(Candidate, proposal.candidate_id)
    journal.write(session, actor, "view", candidate, now=now, part="proposal")
    vacancy = session.get_one(Vacancy, proposal.vacancy_id)
    person = open_person(session, candidate.id)
    consent = _latest_consent(session, proposal)
    today = local_day(now)
    rules, effects = _restrictions(session, actor, candidate, now=now)
    round_ = session.get_one(Round, proposal.round_id)
    params = (*(rule.params for rule in rules), *(effect.params for effect in effects))
    return ProposalPage(
        key=proposal.key,
        round_key=round_.key,
        state=proposal.state,
        name=person.full_name if person else "",
        candidate_key=candidate.key,
        hours=candidate.hours,
        pay_accepted=candidate.pay_accepted,
        title=vacancy.title,
        isco08=vacancy.isco08,
        employer_name=session.get_one(Employer, vacancy.employer_id).name,
        vacancy_key=vacancy.key,
        pay_from=vacancy.pay_from,
        pay_to=vacancy.pay_to,
        shifts=vacancy.shifts,
        category=proposal.category,
        supervised=proposal.supervised,
        score=proposal.score,
        parts=proposal.parts,
        weights=asdict(policy_of(round_).weights),
        reasons=[mark for mark in proposal.reasons if mark["code"] != RUNNER_UP],
        course=_name_course(session, proposal),
        alternative=_find_alternative(session, proposal),
        tested=list_tested(),
        rules=rules,
        effects=effects,
        places=names_of(session, {kato for one in params for kato in one.get("places", ())}),
        banned_until=find_end(session, (candidate.id, vacancy.id)),
        due_on=due_day(proposal),
        days_left=count_working_days(session, today, due_day(proposal)),
        may_review=may_review(actor, proposal),
        may_decide=may_decide(actor, proposal),
        history=_history(session, proposal),
        consent_key=consent.key if consent else None,
        consent_state=consent.state if consent else None,
        referral_key=session.scalar(
            select(Referral.key).where(Referral.proposal_id == proposal.id)
        ),
    )


def due_day(proposal: Proposal) -> date:
    """The last day of the term: it is over at the midnight after."""
    return local_day(proposal.due_at - timedelta(seconds=1))


def _name_course(session: Session, proposal: Proposal) -> str | None:
    """The course that comes before the job, if there is one."""
    return session.scalar(select(Course.title).where(Course.id == proposal.course_id))


def _find_alternative(session: Session, proposal: Proposal) -> Alternative | None:
    told = next((mark["params"] for mark in proposal.reasons if mark["code"] == RUNNER_UP), None)
    if told is None:
        return None
    job = session.execute(
        select(Vacancy.title, Employer.name)
        .join(Employer, Employer.id == Vacancy.employer_id)
        .where(Vacancy.key == told["vacancy"])
    ).one_or_none()
    return Alternative(job[0], job[1], proposal.score - told["behind"]) if job else None


def _latest_consent(session: Session, proposal: Proposal) -> Consent | None:
    return session.scalar(
        select(Consent)
        .where(Consent.proposal_id == proposal.id, Consent.scope == DISCLOSURE)
        .order_by(Consent.id.desc())
        .limit(1)
    )


def _restrictions(
    session: Session, actor: Actor, candidate: Candidate, *, now: datetime
) -> tuple[tuple[RestrictionRow, ...], list[Effect]]:
    rows = session.scalars(select(Restriction).where(Restriction.candidate_id == candidate.id))
    effects = effects_of(row for row in rows if is_in_force(row, local_day(now)))
    if not (candidate.supervised and rights.has(actor, "restrictions.read")):
        return (), effects
    known = list_restrictions(session, actor, candidate, now=now)
    return tuple(row for row in known if row.in_force), effects


def _history(session: Session, proposal: Proposal) -> tuple[ReviewRow, ...]:
    reviews = session.scalars(
        select(Review).where(Review.proposal_id == proposal.id).order_by(Review.id)
    )
    return tuple(ReviewRow(r.at, r.decision, r.reason, r.note, r.note_for_person) for r in reviews)
