"""Duplicates: employers entered twice, found by name and telephone, and merged without losing history.

Merging points everything that names the one record at the other: every foreign key to `employers` in
the schema, so that rooms above need not be known here. What was moved is kept in the journal, and
`undo_merge` moves exactly that back.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Column, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quota import journal, rights
from quota.data import read_rows
from quota.employers import Employer, find_employer
from quota.errors import Invalid, WrongState, fault
from quota.rights import Actor
from quota.spelling import normalise, sound
from quota.tables import Table

_COUNTERS = ("referrals_sent", "referrals_answered", "referrals_hired")


@dataclass(frozen=True, slots=True)
class Likeness:
    """An employer that may be the same, and by what: `name`, `phone` or `email`."""

    employer: Employer
    marks: tuple[str, ...]


def find_likely(
    session: Session,
    actor: Actor,
    *,
    name: str,
    phone: str = "",
    email: str = "",
    besides: Employer | None = None,
) -> list[Likeness]:
    """Employers within reach that look like the one described, most marks first. One query.

    Names are compared by the sound of their words without legal forms and order; telephones by their
    last ten digits. Raises NotAllowed.
    """
    statement = rights.limit(
        select(Employer).where(Employer.merged_into_id.is_(None)),
        actor,
        "employers.edit",
        centre=Employer.centre_id,
    )
    wanted = (name_key(name), _digits(phone), email.strip().casefold())
    found = [
        Likeness(employer, marks)
        for employer in session.scalars(statement.order_by(Employer.id))
        if employer is not besides and (marks := tuple(_marks(employer, wanted)))
    ]
    return sorted(found, key=lambda likeness: -len(likeness.marks))


def name_key(name: str) -> frozenset[str]:
    """The sounds of a name's words, legal forms left out."""
    return frozenset(sound(word) for word in normalise(name).split() if word not in _legal_forms())


def merge_employers(
    session: Session, actor: Actor, kept_key: str, merged_key: str, *, reason: str, now: datetime
) -> Employer:
    """Merges the second record into the first and returns it. Everything follows: slots, vacancies,
    memoranda, bases, accounts, referrals. The merged record stays, pointing at the kept one.

    Raises NotAllowed, NotFound, Invalid (no reason, a record with itself), or WrongState when one is
    merged already or both stand in the annex of one decree.
    """
    kept = find_employer(session, actor, kept_key, right="employers.edit")
    merged = find_employer(session, actor, merged_key, right="employers.edit")
    if not reason.strip():
        raise Invalid(fault("reason", "required"))
    if kept is merged:
        raise Invalid(fault("merged", "same_record"))
    if kept.merged_into_id or merged.merged_into_id:
        raise WrongState("already_merged", noun="employer")
    moved = _move_all(session, merged, kept)
    merged.merged_into_id = kept.id
    for counter in _COUNTERS:
        setattr(kept, counter, getattr(kept, counter) + getattr(merged, counter))
    session.flush()
    detail = {"into": kept.key, "moved": moved}
    journal.write(session, actor, "merge", merged, now=now, reason=reason.strip(), **detail)
    journal.write(session, actor, "take_in", kept, now=now, merged=merged.key)
    return kept


def undo_merge(
    session: Session, actor: Actor, merged_key: str, *, reason: str, now: datetime
) -> Employer:
    """Takes a merged record out again, with what it brought along. Raises NotAllowed, NotFound,
    Invalid without a reason, or WrongState when it is not merged."""
    merged = find_employer(session, actor, merged_key, right="employers.edit")
    if not reason.strip():
        raise Invalid(fault("reason", "required"))
    if merged.merged_into_id is None:
        raise WrongState("not_merged", noun="employer")
    kept = session.get_one(Employer, merged.merged_into_id)
    for column in _pointers():
        ids = _last_merge(session, merged)["moved"].get(str(column), [])
        _point(session, column, ids, merged.id)
    merged.merged_into_id = None
    for counter in _COUNTERS:
        setattr(kept, counter, max(0, getattr(kept, counter) - getattr(merged, counter)))
    session.flush()
    session.expire_all()
    journal.write(session, actor, "undo_merge", merged, now=now, reason=reason.strip())
    return merged


@cache
def _legal_forms() -> frozenset[str]:
    return frozenset(row["word"] for row in read_rows("legal_forms.csv"))


def _move_all(session: Session, merged: Employer, kept: Employer) -> dict[str, list[int]]:
    """{table.column: ids of the rows that named `merged` and now name `kept`}."""
    session.flush()
    moved: dict[str, list[int]] = {}
    try:
        with session.begin_nested():
            for column in _pointers():
                rows = select(column.table.c.id).where(column == merged.id)
                ids = [id_ for id_ in session.scalars(rows) if not _is(column, id_, kept)]
                if ids:
                    moved[str(column)] = ids
                    _point(session, column, ids, kept.id)
    except IntegrityError:
        raise WrongState("both_in_decree", noun="employer") from None
    session.expire_all()
    return moved


def _pointers() -> Iterator[Column[Any]]:
    """Every column of the schema that names an employer, the pointer of merging itself left out."""
    for table in Table.metadata.sorted_tables:
        for column in table.columns:
            if column is not Employer.__table__.c.merged_into_id and any(
                key.column is Employer.__table__.c.id for key in column.foreign_keys
            ):
                yield column


def _point(session: Session, column: Column[Any], ids: list[int], employer_id: int) -> None:
    table = column.table
    session.execute(update(table).where(table.c.id.in_(ids)).values({column: employer_id}))


def _is(column: Column[Any], id_: int, kept: Employer) -> bool:
    # The kept record may have been the branch of the merged one: it cannot become its own parent.
    return column.table is Employer.__table__ and id_ == kept.id


def _last_merge(session: Session, merged: Employer) -> dict[str, Any]:
    entry = select(journal.Entry.detail).where(
        journal.Entry.noun == Employer.__tablename__,
        journal.Entry.record_key == merged.key,
        journal.Entry.verb == "merge",
    )
    detail: dict[str, Any] = session.scalars(entry.order_by(journal.Entry.id.desc()).limit(1)).one()
    return detail


def _marks(employer: Employer, wanted: tuple[frozenset[str], str, str]) -> Iterator[str]:
    name, phone, email = wanted
    if name and name_key(employer.name) == name:
        yield "name"
    if len(phone) == 10 and _digits(employer.contact_phone) == phone:
        yield "phone"
    if email and employer.contact_email.strip().casefold() == email:
        yield "email"


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)[-10:]
