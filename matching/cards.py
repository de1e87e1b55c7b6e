"""A candidate's page as one read: who it is, what is possible, what happened, for the role that looks.

Every look is written down. The centre sees neutral effects, probation the rules, nobody here a source.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import code_messages, codes, priorities, restrictions, standings, surveys, tasks
from matching.candidates import Candidate, Restriction, find_candidate
from matching.choices import Choice, list_choices
from matching.code_messages import CodeMessage
from matching.codes import PersonalCode
from matching.consents import Consent
from matching.courses import Course, Enrolment
from matching.identities import Person, open_person
from matching.priorities import Priority
from matching.programmes import waits_for_support
from matching.restrictions import Effect, RestrictionRow
from matching.rounds import Proposal
from matching.standings import Kind, Standing
from matching.tasks import NoteRow, TaskRow
from quota import journal, rights
from quota.calendar import local_day
from quota.employers import Employer
from quota.places import Place, find_place, names_of
from quota.rights import Actor, Role
from quota.vacancies import Vacancy


@dataclass(frozen=True, slots=True)
class ConsentRow:
    key: str
    scope: str
    employer: str
    state: str
    since: datetime


@dataclass(frozen=True, slots=True)
class ProposalRow:
    key: str
    title: str
    employer: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EnrolmentRow:
    key: str
    course_key: str
    title: str
    state: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Card:
    """`priorities` are (code, since, until) as this role may know them; `restrictions` are for probation
    alone, `effects` for the centre and probation; `barred` names the places of the effects; `waits`: a
    support step keeps the person out of rounds."""

    candidate: Candidate
    person: Person | None
    place: Place
    choices: Sequence[Choice]
    effects: Sequence[Effect]
    restrictions: Sequence[RestrictionRow]
    barred: Mapping[str, Mapping[str, str]]
    priorities: Sequence[Priority]
    standings: Sequence[Standing]
    consents: Sequence[ConsentRow]
    proposals: Sequence[ProposalRow]
    enrolments: Sequence[EnrolmentRow]
    notes: Sequence[NoteRow]
    tasks: Sequence[TaskRow]
    codes: Sequence[PersonalCode]
    sent: CodeMessage | None
    survey_open: bool
    waits: bool


@dataclass(frozen=True, slots=True)
class RulesPage:
    """A person's restrictions for those who may know them; `places` names the KATO codes in them, and
    `opens` says whether they may read the person's page as well."""

    name: str
    opens: bool
    kato: str
    rows: Sequence[RestrictionRow]
    places: Mapping[str, Mapping[str, str]]


def see_rules(session: Session, actor: Actor, key: str, *, now: datetime) -> RulesPage:
    """The restrictions of one person; the look is journalled. Raises NotAllowed or NotFound."""
    candidate = find_candidate(session, actor, key, right="restrictions.read")
    journal.write(session, actor, "view", candidate, now=now, part="restrictions")
    person = open_person(session, candidate.id)
    rows = restrictions.list_restrictions(session, actor, candidate, now=now)
    places = names_of(session, [kato for row in rows for kato in row.params.get("places", ())])
    opens = rights.covers(actor, "candidates.read", candidate.scope())
    return RulesPage(person.full_name if person else "", opens, candidate.kato, rows, places)


def see_candidate(session: Session, actor: Actor, key: str, *, now: datetime) -> Card:
    """The page of one person; the look is journalled. Raises NotAllowed or NotFound."""
    candidate = find_candidate(session, actor, key)
    journal.write(session, actor, "view", candidate, now=now)
    effects = restrictions.list_effects(session, actor, candidate, now=now)
    rules = _rules_for(session, actor, candidate, now=now)
    own_side = actor.role is not Role.PROBATION
    return Card(
        candidate=candidate,
        person=open_person(session, candidate.id),
        place=find_place(session, candidate.kato),
        choices=list_choices(session, candidate),
        effects=effects,
        restrictions=rules,
        barred=names_of(session, [k for e in effects for k in e.params.get("places", ())]),
        priorities=_priorities(session, actor, candidate, day=local_day(now)),
        standings=standings.list_standings(session, candidate.id, kinds=list(Kind)),
        consents=_consents(session, candidate),
        proposals=_proposals(session, candidate),
        enrolments=_enrolments(session, candidate),
        notes=tasks.list_notes(session, actor, candidate),
        tasks=tasks.list_tasks(session, actor, candidate),
        codes=codes.list_codes(session, candidate, now=now) if own_side else (),
        sent=code_messages.last_of(session, candidate) if own_side else None,
        survey_open=own_side and surveys.find_open(session, candidate) is not None,
        waits=_waits(session, candidate),
    )


def _waits(session: Session, candidate: Candidate) -> bool:
    """Whether a support step has to be settled first."""
    waiting = select(Candidate.id).where(Candidate.id == candidate.id, waits_for_support())
    return session.scalar(waiting) is not None


def _rules_for(
    session: Session, actor: Actor, candidate: Candidate, *, now: datetime
) -> Sequence[RestrictionRow]:
    if not rights.has(actor, "restrictions.read"):
        return ()
    return restrictions.list_restrictions(session, actor, candidate, now=now)


def _priorities(
    session: Session, actor: Actor, candidate: Candidate, *, day: date
) -> Sequence[Priority]:
    """The reasons to go first, without the kind of sentence for those who may not know it."""
    rows = session.scalars(select(Restriction).where(Restriction.candidate_id == candidate.id))
    left = standings.find_left(session, candidate.id).get(candidate.id)
    found = priorities.find_priorities(candidate, rows, day=day, left=left)
    if rights.has(actor, "restrictions.read"):
        return found
    neutral = {p.shown_as: Priority(p.shown_as, None, p.until) for p in reversed(found)}
    return [neutral[code] for code in dict.fromkeys(p.shown_as for p in found)]


def _consents(session: Session, candidate: Candidate) -> list[ConsentRow]:
    rows = session.execute(
        select(Consent, Employer.name)
        .outerjoin(Employer, Employer.id == Consent.employer_id)
        .where(Consent.candidate_id == candidate.id)
        .order_by(Consent.id.desc())
    )
    return [
        ConsentRow(c.key, c.scope, name or "", c.state, c.ended_at or c.given_at or c.asked_at)
        for c, name in rows
    ]


def _proposals(session: Session, candidate: Candidate) -> list[ProposalRow]:
    rows = session.execute(
        select(Proposal, Vacancy.title, Employer.name)
        .join(Vacancy, Vacancy.id == Proposal.vacancy_id)
        .join(Employer, Employer.id == Vacancy.employer_id)
        .where(Proposal.candidate_id == candidate.id)
        .order_by(Proposal.id.desc())
    )
    return [ProposalRow(p.key, title, name, p.state, p.proposed_at) for p, title, name in rows]


def _enrolments(session: Session, candidate: Candidate) -> list[EnrolmentRow]:
    rows = session.execute(
        select(Enrolment, Course)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Enrolment.candidate_id == candidate.id)
        .order_by(Enrolment.id.desc())
    )
    return [EnrolmentRow(e.key, c.key, c.title, e.state, c.starts_on, c.ends_on) for e, c in rows]
