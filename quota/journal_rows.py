"""The journal as the data-protection officer reads it: filtered, newest first, in pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from quota import rights
from quota.accounts import Account
from quota.calendar import midnight
from quota.journal import Entry, names
from quota.rights import Actor


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: of a noun (a table's name), of one record (lists that named a person are of that
    person too), by one account, from a day to a day in
    Almaty, both included. Empty parts leave all in."""

    noun: str = ""
    record: str = ""
    account: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class EntryRow:
    """Who did what to which record. `account` and `person` are its key and name, if there was one."""

    at: datetime
    account: str | None
    person: str | None
    role: str
    verb: str
    noun: str
    record: str
    state_from: str | None
    state_to: str | None
    reason: str
    detail: Mapping[str, Any]


def count_entries(session: Session, actor: Actor, wanted: Wanted) -> int:
    """Raises NotAllowed."""
    rights.reach(actor, "journal.read")
    conditions = _conditions(wanted)
    joined = select(func.count(Entry.id)).outerjoin(Account, Account.id == Entry.account_id)
    return session.scalar(joined.where(*conditions)) or 0


def list_entries(
    session: Session, actor: Actor, wanted: Wanted, *, limit: int = 50, offset: int = 0
) -> list[EntryRow]:
    """Newest first. Raises NotAllowed."""
    rights.reach(actor, "journal.read")
    rows = session.execute(
        select(Entry, Account.key, Account.name)
        .outerjoin(Account, Account.id == Entry.account_id)
        .where(*_conditions(wanted))
        .order_by(Entry.at.desc(), Entry.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [_to_row(entry, key, name) for entry, key, name in rows]


def list_writers(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Key and login of every account. Raises NotAllowed."""
    rights.reach(actor, "journal.read")
    rows = session.execute(select(Account.key, Account.login).order_by(Account.login))
    return [(key, login) for key, login in rows]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.noun:
        found.append(Entry.noun == wanted.noun)
    if wanted.record:
        found.append(or_(Entry.record_key == wanted.record, names(wanted.record)))
    if wanted.account:
        found.append(Account.key == wanted.account)
    if wanted.since:
        found.append(Entry.at >= midnight(wanted.since))
    if wanted.until:
        found.append(Entry.at < midnight(wanted.until + timedelta(days=1)))
    return found


def _to_row(entry: Entry, account: str | None, person: str | None) -> EntryRow:
    return EntryRow(
        at=entry.at,
        account=account,
        person=person,
        role=entry.role,
        verb=entry.verb,
        noun=entry.noun,
        record=entry.record_key,
        state_from=entry.state_from,
        state_to=entry.state_to,
        reason=entry.reason,
        detail=entry.detail,
    )
