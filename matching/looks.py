"""Looks: who saw or changed a person's record, and who was shown the name in a list.

A page about one person is an entry of the journal about that person. A list is one entry about the list,
with the keys of everybody named on it. Names are opened in one room (`matching.identities`), which
remembers whose, so no list can be forgotten.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.candidates import Candidate
from matching.identities import list_shown
from quota import journal, rights
from quota.calendar import local_day, midnight
from quota.journal import LISTS, Entry
from quota.rates import LIST_LINE_DAYS, rate_on
from quota.rights import Actor

_PART = 5_000  # a database takes only so many values at once
_KEY = 40  # characters of a journal's key
_LEAST_KEPT = 365  # days: the database keeps the line so long, whatever the office has set


@dataclass(frozen=True, slots=True)
class Look:
    """One entry about a person: when, which role, what was done."""

    at: datetime
    role: str
    verb: str


@dataclass(frozen=True, slots=True)
class Listed:
    """How often a role was shown a list that named the person, and when last; `until` is the last day
    that the line about it is kept."""

    role: str
    times: int
    last: datetime
    until: date


def find_unwritten(session: Session) -> list[str]:
    """The keys of people whose names this session opened and about whom it wrote no entry."""
    ids = sorted(list_shown(session))
    parts = (ids[start : start + _PART] for start in range(0, len(ids), _PART))
    keys = (key for part in parts for key in _keys_of(session, part))
    return sorted(set(keys) - journal.list_written(session))


def write_list(
    session: Session, actor: Actor, page: str, people: Sequence[str], *, of: str, now: datetime
) -> None:
    """One entry: a page (its address without what was asked of it) named these people, by key. `of` is
    the key of the record whose page it was, or ""."""
    about, whole = (LISTS, page[:_KEY]), {"page": page} if len(page) > _KEY else {}
    journal.note(session, actor, "show", about, now=now, of=of, people=list(people), **whole)


def destroy_lists(session: Session, actor: Actor, *, now: datetime) -> int:
    """For the timer: destroys the lines about lists whose term is over, and writes down how many. Returns
    that number; doing it twice changes nothing more. Raises NotAllowed."""
    rights.reach(actor, "persons.erase")
    today = local_day(now)
    before = midnight(today - timedelta(days=_days_kept(session, today)))
    destroyed = journal.destroy_lists(session, before=before)
    if destroyed:
        journal.note(session, actor, "destroy", ("journal", ""), now=now, lists=destroyed)
    return destroyed


def list_looks(session: Session, candidate: Candidate) -> list[Look]:
    """Who looked at or changed the record, oldest first. Rights are the caller's."""
    rows = session.execute(
        select(Entry.at, Entry.role, Entry.verb)
        .where(Entry.noun == "candidates", Entry.record_key == candidate.key)
        .order_by(Entry.id)
    )
    return [Look(row.at, row.role, row.verb) for row in rows]


def count_listed(session: Session, candidate: Candidate, *, now: datetime) -> list[Listed]:
    """Who was shown lists with the person's name, by role. Rights are the caller's."""
    rows = session.execute(
        select(Entry.role, func.count(), func.max(Entry.at))
        .where(journal.names(candidate.key))
        .group_by(Entry.role)
        .order_by(Entry.role)
    ).all()
    kept = timedelta(days=_days_kept(session, local_day(now)) if rows else 0)
    return [Listed(role, times, last, local_day(last) + kept) for role, times, last in rows]


def _days_kept(session: Session, day: date) -> int:
    return max(_LEAST_KEPT, rate_on(session, LIST_LINE_DAYS, day))


def _keys_of(session: Session, ids: Sequence[int]) -> Iterator[str]:
    yield from session.scalars(select(Candidate.key).where(Candidate.id.in_(ids)))
