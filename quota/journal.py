"""The journal: an append-only record of who saw or changed what, with time and reason.

Records are named by noun and public key only, so that erasing a person leaves the journal true.
Triggers forbid UPDATE and DELETE on the table, but for lines about lists of people once they are a year
old: those say who else was on the list, and have an end of their own.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    cast,
    delete,
    insert,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota.errors import WrongState
from quota.rights import Actor
from quota.states import Workflow
from quota.tables import Table

LISTS = "lists"  # the noun of entries about lists; their `people` are the keys of those named there
_WRITTEN = "written"


class Entry(Table):
    __tablename__ = "journal"
    __table_args__ = (Index("ix_journal_noun_record_key", "noun", "record_key"),)

    at: Mapped[datetime] = mapped_column(index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    role: Mapped[str] = mapped_column(String(20))
    verb: Mapped[str] = mapped_column(String(40))
    noun: Mapped[str] = mapped_column(String(40))
    record_key: Mapped[str] = mapped_column(String(40))
    state_from: Mapped[str | None] = mapped_column(String(30))
    state_to: Mapped[str | None] = mapped_column(String(30))
    reason: Mapped[str] = mapped_column(String(500), default="")
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


def write(
    session: Session, actor: Actor, verb: str, record: Any, *, now: datetime, **detail: Any
) -> Entry:
    """Adds one entry about `record` (a Keyed row). `reason`, `state_from` and `state_to` in `detail`
    become columns; the rest must hold codes and numbers, never personal data."""
    entry = Entry(
        at=now,
        account_id=actor.account_id,
        role=actor.role.value,
        verb=verb,
        noun=record.__tablename__,
        record_key=record.key,
        reason=detail.pop("reason", ""),
        state_from=detail.pop("state_from", None),
        state_to=detail.pop("state_to", None),
        detail=detail,
    )
    session.add(entry)
    session.info.setdefault(_WRITTEN, set()).add(record.key)
    return entry


def write_all(
    session: Session, actor: Actor, verb: str, records: Sequence[Any], *, now: datetime
) -> None:
    """Adds one entry about each of `records` (Keyed rows), in one statement."""
    who = {"at": now, "account_id": actor.account_id, "role": actor.role.value, "verb": verb}
    rows = [who | {"noun": r.__tablename__, "record_key": r.key} for r in records]
    session.execute(insert(Entry), rows)
    session.info.setdefault(_WRITTEN, set()).update(r.key for r in records)


def list_written(session: Session) -> frozenset[str]:
    """The keys of the records that this session wrote an entry about."""
    return frozenset(session.info.get(_WRITTEN, ()))


def note(
    session: Session,
    actor: Actor,
    verb: str,
    about: tuple[str, str],
    *,
    now: datetime,
    **detail: Any,
) -> None:
    """Adds one entry about something that is no row: `about` is (noun, key). `detail` holds codes, keys
    and numbers, never personal data."""
    session.add(
        Entry(
            at=now,
            account_id=actor.account_id,
            role=actor.role.value,
            verb=verb,
            noun=about[0],
            record_key=about[1],
            detail=detail,
        )
    )


def destroy_lists(session: Session, *, before: datetime) -> int:
    """Destroys the lines about lists that are older; returns how many. Rights are the caller's."""
    done = session.execute(delete(Entry).where(Entry.noun == LISTS, Entry.at < before))
    return done.rowcount  # type: ignore[attr-defined, no-any-return]


def names(person: str) -> ColumnElement[bool]:
    """Whether an entry is of a list that named the person with this key."""
    told = cast(Entry.detail, Text).contains(f'"{person}"', autoescape=True)
    return (Entry.noun == LISTS) & told


def move(
    session: Session,
    actor: Actor,
    record: Any,
    verb: str,
    *,
    now: datetime,
    reason: str = "",
    **changes: Any,
) -> None:
    """Takes `record` through its WORKFLOW by `verb`, with `changes` to other columns, and writes it down.

    The state is compared and set in one statement, so of two writers who read the same state
    one gets WrongState. Raises WrongState when the table has no such row.
    """
    workflow: Workflow = record.WORKFLOW
    old, new = record.state, workflow.next(record.state, verb)
    session.flush()
    table = type(record)
    done = session.execute(
        update(table)
        .where(table.id == record.id, table.state == old)
        .values(state=new, **changes)
        .execution_options(synchronize_session=False)
    )
    session.expire(record, ["state", *changes])
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise WrongState("changed_meanwhile", noun=workflow.noun, state=record.state, verb=verb)
    write(session, actor, verb, record, now=now, reason=reason, state_from=old, state_to=new)
