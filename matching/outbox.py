"""The outbox: what every message to be sent shares: its clock, its tries, and what became of it.

A message is claimed for one sender alone, tried again later and less and less often, and given up after
MOST_TRIES. What it says is written when it is sent.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota import journal
from quota.rights import SYSTEM
from quota.tables import Code, Keyed, Table

MOST_TRIES = 5
RETRY = timedelta(minutes=10)  # doubled with each try


class Outgoing(Keyed, Table):
    """`way` is how it went out at last, "email" or "sms"; `fault` a code of what went wrong; `code` says
    what it is about."""

    __abstract__ = True

    code: Mapped[Code]
    due_at: Mapped[datetime] = mapped_column(index=True)
    made_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    way: Mapped[str] = mapped_column(String(8), default="")
    sent_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]
    fault: Mapped[Code] = mapped_column(default="")

    @property
    def state(self) -> str:
        """How it went out, or waits, dropped or failed (given up after MOST_TRIES)."""
        if self.sent_at is not None:
            return self.way
        if self.dropped_at is not None:
            return "dropped"
        return "failed" if self.tries >= MOST_TRIES else "waits"


Kind = TypeVar("Kind", bound=Outgoing)


def add_missing(
    session: Session,
    table: type[Outgoing],
    about: str,
    wanted: Iterable[tuple[int, str, date]],
    *,
    now: datetime,
) -> int:
    """Adds the messages (id in the column `about`, code, term) that are not there yet; returns how many,
    so that a timer may want the same again."""
    wanted, columns = set(wanted), [getattr(table, name) for name in (about, "code", "term")]
    known = session.execute(
        select(*columns).where(columns[0].in_({owner for owner, _, _ in wanted}))
    )
    missing = sorted(wanted - {tuple(row) for row in known})
    for owner, code, term in missing:
        session.add(table(**{about: owner}, code=code, term=term, due_at=now, made_at=now))
    session.flush()
    return len(missing)


def list_due(
    session: Session, table: type[Outgoing], *, now: datetime, most: int = 200
) -> list[str]:
    """Keys of messages waiting to be sent, the oldest first."""
    waiting = select(table.key).where(
        table.sent_at.is_(None),
        table.dropped_at.is_(None),
        table.tries < MOST_TRIES,
        table.due_at <= now,
    )
    return list(session.scalars(waiting.order_by(table.due_at, table.id).limit(most)))


def claim(session: Session, table: type[Kind], key: str, *, now: datetime) -> Kind | None:
    """The message, for the caller alone until its next try; None when another timer was first."""
    message = session.scalar(select(table).where(table.key == key))
    if message is None or message.sent_at is not None or message.due_at > now:
        return None
    done = session.execute(
        update(table)
        .where(table.id == message.id, table.tries == message.tries)
        .values(tries=message.tries + 1, due_at=now + RETRY * 2**message.tries)
        .execution_options(synchronize_session=False)
    )
    session.expire(message)
    return message if done.rowcount == 1 else None  # type: ignore[attr-defined]


def drop(session: Session, message: Outgoing, *, now: datetime) -> None:
    message.dropped_at = now
    journal.write(session, SYSTEM, "drop", message, now=now, code=message.code)


def record_sent(
    session: Session, table: type[Outgoing], key: str, way: str, *, now: datetime
) -> None:
    message = session.scalars(select(table).where(table.key == key)).one()
    message.sent_at, message.way, message.fault = now, way, ""
    journal.write(session, SYSTEM, "send", message, now=now, code=message.code, way=way)


def record_failed(session: Session, table: type[Outgoing], key: str, fault: str) -> None:
    """Keeps what went wrong; the next try comes by the message's own clock."""
    message = session.scalars(select(table).where(table.key == key)).one()
    message.fault = fault
