"""Referrals as lists and pages show them: the centre by full name, the employer by first name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from matching.candidates import Candidate, are_supervised
from matching.consents import Consent
from matching.identities import Person, open_persons
from matching.referrals import LIVE, Referral, find_referral, may_disclose
from quota import journal, rights
from quota.calendar import count_each, local_day
from quota.employers import Employer
from quota.rights import Actor, Role
from quota.vacancies import Vacancy


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """`name` is empty for an employer once the consent has ended, and for all once the person was
    erased. `days_left` are working days until the employer's answer, negative when overdue; none once
    the referral has ended."""

    key: str
    number: int
    name: str
    title: str
    vacancy_key: str
    employer_name: str
    state: str
    reason: str | None
    issued_at: datetime
    come_by: date
    answer_by: date
    days_left: int | None
    next_verbs: tuple[str, ...]


# What `may_disclose` asks, for many at once.
_DISCLOSED = and_(Consent.state == "given", Candidate.blocked_at.is_(None))


def list_referrals(
    session: Session, actor: Actor, *, states: Sequence[str] = LIVE, now: datetime
) -> list[ReferralRow]:
    """Referrals within reach in these states, the most urgent first; three queries however many rows.

    Raises NotAllowed.
    """
    statement = rights.limit(
        select(Referral, Vacancy, Employer.name, _DISCLOSED)
        .join(Vacancy, Vacancy.id == Referral.vacancy_id)
        .join(Employer, Employer.id == Referral.employer_id)
        .join(Consent, Consent.id == Referral.consent_id)
        .join(Candidate, Candidate.id == Referral.candidate_id)
        .where(Referral.state.in_(states))
        .order_by(Referral.answer_by, Referral.id),
        actor,
        "referrals.read",
        centre=Referral.centre_id,
        employer=Referral.employer_id,
        territory=Referral.territory,
        supervised=are_supervised(Referral.candidate_id),
    )
    rows = session.execute(statement).all()
    named = [row[0].candidate_id for row in rows if may_name(actor, row[3])]
    people = open_persons(session, named)
    left = count_each(session, local_day(now), {row[0].answer_by for row in rows})
    return [_to_row(actor, (r, v, e), people, left) for r, v, e, _ in rows]


def show_referral(session: Session, actor: Actor, key: str, *, now: datetime) -> ReferralRow:
    """One referral; a look at a person is journalled. Raises NotAllowed or NotFound."""
    referral = find_referral(session, actor, key)
    candidate = session.get_one(Candidate, referral.candidate_id)
    journal.write(session, actor, "view", candidate, now=now, part="referral")
    vacancy = session.get_one(Vacancy, referral.vacancy_id)
    employer = session.get_one(Employer, referral.employer_id)
    disclosed = may_disclose(session, referral)
    named = [referral.candidate_id] if may_name(actor, disclosed) else []
    people = open_persons(session, named)
    left = count_each(session, local_day(now), {referral.answer_by})
    return _to_row(actor, (referral, vacancy, employer.name), people, left)


def may_name(actor: Actor, disclosed: bool) -> bool:
    """Whether the actor may be told who was referred: an employer only while it may be disclosed."""
    return actor.role is not Role.EMPLOYER or disclosed


def name_for(actor: Actor, person: Person | None) -> str:
    """The name by which the actor may know a person."""
    if person is None:
        return ""
    return person.given_name if actor.role is Role.EMPLOYER else person.full_name


def _to_row(
    actor: Actor,
    found: tuple[Referral, Vacancy, str],
    people: Mapping[int, Person],
    left: Mapping[date, int],
) -> ReferralRow:
    referral, vacancy, employer = found
    person = people.get(referral.candidate_id)
    return ReferralRow(
        key=referral.key,
        number=referral.number,
        name=name_for(actor, person),
        title=vacancy.title,
        vacancy_key=vacancy.key,
        employer_name=employer,
        state=referral.state,
        reason=referral.reason,
        issued_at=referral.issued_at,
        come_by=referral.come_by,
        answer_by=referral.answer_by,
        days_left=left[referral.answer_by] if referral.state in LIVE else None,
        next_verbs=referral.WORKFLOW.verbs(referral.state),
    )
