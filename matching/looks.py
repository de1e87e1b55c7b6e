"""Looks: who saw or changed a person's record, and who was shown the name in a list.

A page about one person is an entry of the journal about that person. A list is one entry about the list,
with the keys of everybody named on it. Names are opened at one place (`identities.open_persons`), which
remembers whose, so no list can be forgotten.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.candidates import Candidate
from matching.identities import list_shown
from quota import journal
from quota.journal import LISTS, Entry
from quota.rights import Actor

_PART = 5_000  # a database takes only so many values at once


@dataclass(frozen=True, slots=True)
class Look:
    """One entry about a person: when, which role, what was done."""

    at: datetime
    role: str
    verb: str


@dataclass(frozen=True, slots=True)
class Listed:
    """How often a role was shown a list that named the person, and when last."""

    role: str
    times: int
    last: datetime


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
    about = (LISTS, page[:40])
    journal.note(session, actor, "show", about, now=now, of=of, people=list(people))


def list_looks(session: Session, candidate: Candidate) -> list[Look]:
    """Who looked at or changed the record, oldest first. Rights are the caller's."""
    rows = session.execute(
        select(Entry.at, Entry.role, Entry.verb)
        .where(Entry.noun == "candidates", Entry.record_key == candidate.key)
        .order_by(Entry.id)
    )
    return [Look(row.at, row.role, row.verb) for row in rows]


def count_listed(session: Session, candidate: Candidate) -> list[Listed]:
    """Who was shown lists with the person's name, by role. Rights are the caller's."""
    rows = session.execute(
        select(Entry.role, func.count(), func.max(Entry.at))
        .where(journal.names(candidate.key))
        .group_by(Entry.role)
        .order_by(Entry.role)
    )
    return [Listed(*row) for row in rows]


def _keys_of(session: Session, ids: Sequence[int]) -> Iterator[str]:
    yield from session.scalars(select(Candidate.key).where(Candidate.id.in_(ids)))
