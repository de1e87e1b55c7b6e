"""Notices: who is to be told what by e-mail or SMS, and whether it reached the wire.

A row holds no name, address or text: those are read when it is sent, and a notice that has lost its
point by then (answered, called off, erased) is dropped. `term` is the day the notice is about, so that
a referral opened again is reminded again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, String, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota import journal
from quota.rights import SYSTEM
from quota.tables import Code, Keyed, Table

ANSWER_LINK = "answer_link"  # to the employer, with its own link, once a referral is issued
ANSWER_SOON = "answer_soon"
ANSWER_LATE = "answer_late"
COME_SOON = "come_soon"  # to the candidate
TO_EMPLOYER = (ANSWER_LINK, ANSWER_SOON, ANSWER_LATE)
MOST_TRIES = 5
RETRY = timedelta(minutes=10)  # doubled with each try


class Notice(Keyed, Table):
    """`way` is how it went out at last, "email" or "sms"; `fault` a code of what went wrong."""

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("referral_id", "code", "term"),)

    referral_id: Mapped[int] = mapped_column(ForeignKey("referrals.id"))
    code: Mapped[Code]
    term: Mapped[date]
    due_at: Mapped[datetime] = mapped_column(index=True)
    made_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    way: Mapped[str] = mapped_column(String(8), default="")
    sent_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]
    fault: Mapped[Code] = mapped_column(default="")


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice as its referral's page shows it. `state`: how it went out, or waits, dropped or failed
    (given up after MOST_TRIES)."""

    code: str
    made_at: datetime
    sent_at: datetime | None
    state: str


def make(session: Session, wanted: Iterable[tuple[int, str, date]], *, now: datetime) -> int:
    """Adds the notices (referral id, code, term) that are not there yet; returns how many."""
    wanted = list(wanted)
    known = session.execute(
        select(Notice.referral_id, Notice.code, Notice.term).where(
            Notice.referral_id.in_({referral_id for referral_id, _, _ in wanted})
        )
    )
    missing = sorted(set(wanted) - {tuple(row) for row in known})
    for referral_id, code, term in missing:
        session.add(Notice(referral_id=referral_id, code=code, term=term, due_at=now, made_at=now))
    session.flush()
    return len(missing)


def list_due(session: Session, *, now: datetime, most: int = 200) -> list[str]:
    """Keys of notices waiting to be sent, the oldest first."""
    waiting = select(Notice.key).where(
        Notice.sent_at.is_(None),
        Notice.dropped_at.is_(None),
        Notice.tries < MOST_TRIES,
        Notice.due_at <= now,
    )
    return list(session.scalars(waiting.order_by(Notice.due_at, Notice.id).limit(most)))


def claim(session: Session, key: str, *, now: datetime) -> Notice | None:
    """The notice, for the caller alone until its next try; None when another timer was first."""
    notice = session.scalar(select(Notice).where(Notice.key == key))
    if notice is None or notice.sent_at is not None or notice.due_at > now:
        return None
    done = session.execute(
        update(Notice)
        .where(Notice.id == notice.id, Notice.tries == notice.tries)
        .values(tries=notice.tries + 1, due_at=now + RETRY * 2**notice.tries)
        .execution_options(synchronize_session=False)
    )
    session.expire(notice)
    return notice if done.rowcount == 1 else None  # type: ignore[attr-defined]


def drop(session: Session, notice: Notice, *, now: datetime) -> None:
    notice.dropped_at = now
    journal.write(session, SYSTEM, "drop", notice, now=now, code=notice.code)


def record_sent(session: Session, key: str, way: str, *, now: datetime) -> None:
    notice = session.scalars(select(Notice).where(Notice.key == key)).one()
    notice.sent_at, notice.way, notice.fault = now, way, ""
    journal.write(session, SYSTEM, "send", notice, now=now, code=notice.code, way=way)


def record_failed(session: Session, key: str, fault: str) -> None:
    """Keeps what went wrong; the next try comes by the notice's own clock."""
    notice = session.scalars(select(Notice).where(Notice.key == key)).one()
    notice.fault = fault


def list_of_referral(session: Session, referral_id: int) -> list[NoticeRow]:
    """What was sent about a referral, in order. Rights are the caller's."""
    rows = session.scalars(
        select(Notice).where(Notice.referral_id == referral_id).order_by(Notice.id)
    )
    return [NoticeRow(row.code, row.made_at, row.sent_at, _state_of(row)) for row in rows]


def _state_of(notice: Notice) -> str:
    if notice.sent_at is not None:
        return notice.way
    if notice.dropped_at is not None:
        return "dropped"
    return "failed" if notice.tries >= MOST_TRIES else "waits"
