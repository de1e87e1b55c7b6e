"""People who turned down suitable work more than once: what staff need to decide what follows."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.candidates import Candidate
from matching.identities import open_names
from matching.referrals import Referral
from quota import rates, rights
from quota.calendar import local_day
from quota.employers import Employer
from quota.rights import Actor
from quota.vacancies import Vacancy


@dataclass(frozen=True, slots=True)
class Refused:
    """One refusal that counts: `reason` is a code of `reasons.DECLINES`."""

    referral_key: str
    title: str
    employer_name: str
    issued_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Repeated:
    """A person with the refusals no decision covers yet, oldest first."""

    candidate_key: str
    name: str
    refused: tuple[Refused, ...]


def list_repeated(session: Session, actor: Actor, *, now: datetime) -> list[Repeated]:
    """People within reach with at least REFUSALS_BEFORE_DECISION open refusals; four queries however
    many. Raises NotAllowed."""
    people = _find_people(session, actor, now)
    names = open_names(session, list(people))
    rows = session.execute(
        select(Referral, Vacancy.title, Employer.name)
        .join(Vacancy, Vacancy.id == Referral.vacancy_id)
        .join(Employer, Employer.id == Referral.employer_id)
        .where(Referral.counted, Referral.settled_at.is_(None))
        .where(Referral.candidate_id.in_(people))
        .order_by(Referral.id)
    ).all()
    found: dict[int, list[Refused]] = {candidate_id: [] for candidate_id in people}
    for referral, title, employer in rows:
        found[referral.candidate_id].append(
            Refused(referral.key, title, employer, referral.issued_at, referral.reason or "")
        )
    return [Repeated(key, names.get(id_, ""), tuple(found[id_])) for id_, key in people.items()]


def _find_people(session: Session, actor: Actor, now: datetime) -> dict[int, str]:
    least = rates.rate_on(session, rates.REFUSALS_BEFORE_DECISION, local_day(now))
    repeated = (
        select(Referral.candidate_id)
        .where(Referral.counted, Referral.settled_at.is_(None))
        .group_by(Referral.candidate_id)
        .having(func.count() >= least)
    )
    statement = rights.limit(
        select(Candidate.id, Candidate.key)
        .where(Candidate.id.in_(repeated))
        .order_by(Candidate.id),
        actor,
        "candidates.edit",
        centre=Candidate.centre_id,
    )
    return {row.id: row.key for row in session.execute(statement)}
