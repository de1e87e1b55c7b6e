"""Histories: what the journal and the ledger tell of a record of the registry, as pages show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from quota.accounts import Account
from quota.certificates import Certificate
from quota.contacts import Contact
from quota.decrees import Line
from quota.desks import DeskPause
from quota.employers import Basis, Employer
from quota.evidence import Evidence
from quota.invitations import DeskInvitation
from quota.journal import Entry
from quota.meetings import Meeting
from quota.memoranda import Memorandum
from quota.vacancies import Vacancy

_BELONGING = (
    Basis,
    Memorandum,
    Line,
    Vacancy,
    Contact,
    Meeting,
    Certificate,
    DeskPause,
    Evidence,
    DeskInvitation,
)


@dataclass(frozen=True, slots=True)
class Event:
    """One line: what was done to what, by whom. `person` is the account's name, if there was one."""

    at: datetime
    verb: str
    noun: str
    role: str
    person: str | None
    reason: str
    state_from: str | None
    state_to: str | None


def tell_employer(session: Session, employer: Employer, *, limit: int = 30) -> list[Event]:
    """The latest events of an employer and all that belongs to it, also from records merged into it.
    The caller has checked that the employer may be read."""
    ours = select(Employer.id).where(
        or_(Employer.id == employer.id, Employer.merged_into_id == employer.id)
    )
    keys = [_of(Employer, select(Employer.key).where(Employer.id.in_(ours)))]
    for table in _BELONGING:
        keys.append(_of(table, select(table.key).where(table.employer_id.in_(ours))))
    return _read(session, or_(*keys), limit)


def tell_record(session: Session, record: Any, *, limit: int = 30) -> list[Event]:
    """The latest events of one record. The caller has checked that it may be read."""
    same = and_(Entry.noun == record.__tablename__, Entry.record_key == record.key)
    return _read(session, same, limit)


def tell_records(session: Session, records: Sequence[Any], *, limit: int = 30) -> list[Event]:
    """The latest events of several records."""
    same = [and_(Entry.noun == r.__tablename__, Entry.record_key == r.key) for r in records]
    return _read(session, or_(*same), limit) if same else []


def _of(table: Any, keys: Select[*tuple[Any, ...]]) -> ColumnElement[bool]:
    return and_(Entry.noun == table.__tablename__, Entry.record_key.in_(keys))


def _read(session: Session, condition: ColumnElement[bool], limit: int) -> list[Event]:
    rows = session.execute(
        select(Entry, Account.name)
        .outerjoin(Account, Account.id == Entry.account_id)
        .where(condition)
        .order_by(Entry.at.desc(), Entry.id.desc())
        .limit(limit)
    )
    return [
        Event(e.at, e.verb, e.noun, e.role, name, e.reason, e.state_from, e.state_to)
        for e, name in rows
    ]
