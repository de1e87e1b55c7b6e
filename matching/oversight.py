"""What waits on those who oversee and keep the doors: prosecutor, administrator, data-protection officer.

Counts of the registry, accounts and requests; nobody here learns a candidate's name.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from matching import privacy
from matching.referrals import Referral
from matching.today import UNANSWERED, Due
from quota import accounts, memoranda, rates, rights
from quota.accounts import Account
from quota.calendar import local_day
from quota.employers import Employer
from quota.rights import Actor, Role

LAPSING = timedelta(days=60)
SILENT_AFTER = 3  # answers owed and not given


def list_due(session: Session, actor: Actor, *, now: datetime) -> list[Due]:
    """What the reader's role has to look at, with a number above zero, in a fixed order; empty for a role
    that oversees nothing."""
    counts = _BY_ROLE.get(actor.role)
    return [due for due in counts(session, actor, now) if due.number] if counts else []


def _for_prosecutor(session: Session, actor: Actor, now: datetime) -> Iterator[Due]:
    lapsing = memoranda.list_lapsing(session, actor, within=LAPSING, now=now)
    today = local_day(now)
    late = sum(row.ends_on is not None and row.ends_on < today for row, _ in lapsing)
    yield Due("pledges_ending", len(lapsing), late, "/employers")
    yield Due("silent_employers", _count_silent(session, actor), 0, "/employers")


def _for_administrator(session: Session, actor: Actor, now: datetime) -> Iterator[Due]:
    yield Due("logins_guessed", accounts.count_guessed(session, actor, now=now), 0, "/accounts")
    yield Due("firms_without_account", _count_doorless(session, actor), 0, "/accounts/new")
    yield Due("rates_unchecked", rates.count_unchecked(session), 0, "/reference")


def _for_officer(session: Session, actor: Actor, now: datetime) -> Iterator[Due]:
    waiting = [r for r in privacy.list_requests(session, actor) if r.answered_at is None]
    late = sum(request.due_on < local_day(now) for request in waiting)
    yield Due("requests_open", len(waiting), late, "/requests")
    expired = privacy.list_expired(session, actor, now=now)
    yield Due("records_expired", len(expired), 0, "/requests")


_BY_ROLE: dict[Role, Callable[[Session, Actor, datetime], Iterator[Due]]] = {
    Role.PROSECUTOR: _for_prosecutor,
    Role.ADMINISTRATOR: _for_administrator,
    Role.OFFICER: _for_officer,
}


def _count_silent(session: Session, actor: Actor) -> int:
    owed = Employer.referrals_sent - Employer.referrals_answered
    statement = rights.limit(
        select(func.count()).select_from(Employer).where(owed >= SILENT_AFTER),
        actor,
        "employers.read",
        territory=Employer.territory,
    )
    return session.scalar(statement) or 0


def _count_doorless(session: Session, actor: Actor) -> int:
    """Employers with a referral to answer and no open account: they have the link alone."""
    rights.reach(actor, "accounts.manage")
    open_door = exists().where(Account.employer_id == Employer.id, Account.closed_at.is_(None))
    asked = exists().where(Referral.employer_id == Employer.id, Referral.state.in_(UNANSWERED))
    return session.scalar(select(func.count(Employer.id)).where(asked, ~open_door)) or 0
