"""Viewers: who may see a person, by the rights and the reach of every open account.

A right that only counts people, or names them nowhere, makes nobody a viewer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from matching.candidates import Candidate
from matching.consents import Consent, matching_stands
from matching.placements import Placement
from matching.programmes import Measure
from matching.referrals import Referral
from matching.rounds import Proposal
from quota import rights
from quota.accounts import Account
from quota.centres import Body, Centre
from quota.employers import Employer
from quota.rights import Actor, Role, Scope

_OF_EVERYBODY = ("candidates.read", "candidates.browse", "persons.report", "checkins.read")


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who may see a person: the role, the office or firm by language, the account's own name
    (empty where only the office is told), and since when."""

    role: str
    home: Mapping[str, str]
    name: str
    since: datetime


_Ground = tuple[str, Scope, datetime]  # a right, what it is checked against, and since when


def list_viewers(session: Session, candidate: Candidate) -> list[Viewer]:
    """Every open account that may see the person, by role, office and name; nobody once the person was
    erased. The same number of queries however many there are. Rights are the caller's."""
    if candidate.erased_at is not None:
        return []
    grounds = list(_find_grounds(session, candidate))
    told = {scope.employer_id for _, scope, _ in grounds if scope.employer_id is not None}
    found = [
        Viewer(account.role, _name(home), account.name, since)
        for account, home in _list_accounts(session, told)
        if (since := _since(account, home, grounds)) is not None
    ]
    return sorted(found, key=lambda one: (one.role, one.home["ru"], one.name))


def list_offices(viewers: list[Viewer]) -> list[Viewer]:
    """The same by role and office, without anybody's name, each since the first of them."""
    offices: dict[tuple[str, str], Viewer] = {}
    for one in sorted(viewers, key=lambda one: one.since, reverse=True):
        offices[one.role, one.home["ru"]] = replace(one, name="")
    return sorted(offices.values(), key=lambda one: (one.role, one.home["ru"]))


def _find_grounds(session: Session, candidate: Candidate) -> Iterator[_Ground]:
    for right in _OF_EVERYBODY:
        yield right, candidate.scope(), candidate.created_at
    taking_part = select(Consent.given_at).where(
        Consent.candidate_id == candidate.id, matching_stands()
    )
    if given := session.scalar(taking_part.limit(1)):
        yield "restrictions.read", candidate.scope(), given
    proposed = select(Proposal.proposed_at).where(Proposal.candidate_id == candidate.id)
    if first := session.scalar(proposed.order_by(Proposal.proposed_at).limit(1)):
        yield "proposals.read", candidate.scope(), first
    for measure in session.scalars(select(Measure).where(Measure.candidate_id == candidate.id)):
        yield "receptions.hold", Scope(executor_id=measure.executor_id), measure.made_at
    for job in session.scalars(select(Placement).where(Placement.candidate_id == candidate.id)):
        held = replace(job.scope(), supervised=candidate.supervised)
        yield "placements.read", held, job.recorded_at
    sent = select(Referral, Consent.state).join(Consent, Consent.id == Referral.consent_id)
    for referral, consent in session.execute(sent.where(Referral.candidate_id == candidate.id)):
        # An employer reads a first name only while the consent stands.
        told = consent == "given" and candidate.blocked_at is None
        firm = referral.employer_id if told else None
        sent_to = replace(referral.scope(), employer_id=firm, supervised=candidate.supervised)
        yield "referrals.read", sent_to, referral.issued_at


_Home = Centre | Body | Employer


def _list_accounts(session: Session, told: set[int]) -> list[tuple[Account, _Home]]:
    """Open accounts with their homes; of employers only those told."""
    rows = session.execute(
        select(Account, Centre, Body, Employer)
        .outerjoin(Centre, Centre.id == Account.centre_id)
        .outerjoin(Body, Body.id == Account.body_id)
        .outerjoin(Employer, Employer.id == Account.employer_id)
        .where(Account.closed_at.is_(None))
        .where(or_(Account.employer_id.is_(None), Account.employer_id.in_(told)))
    )
    return [(account, centre or body or firm) for account, centre, body, firm in rows]


def _since(account: Account, home: _Home, grounds: list[_Ground]) -> datetime | None:
    actor = Actor(
        Role(account.role),
        account_id=account.id,
        centre_id=account.centre_id,
        employer_id=account.employer_id,
        territory=home.territory if not isinstance(home, Employer) else None,
    )
    begun = [since for right, scope, since in grounds if rights.covers(actor, right, scope)]
    return max(account.opened_at, min(begun)) if begun else None


def _name(home: _Home) -> Mapping[str, str]:
    if isinstance(home, Employer):
        return dict.fromkeys(("kk", "ru", "en"), home.name)
    return home.names()
