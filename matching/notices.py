"""Notices: who is to be told what about a referral by e-mail or SMS.

A row holds no name, address or text: those are read when it is sent, and a notice that has lost its
point by then (answered, called off, erased) is dropped. `term` is the day the notice is about, so that
a referral opened again is reminded again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching import outbox
from matching.outbox import Outgoing

ANSWER_LINK = "answer_link"  # to the employer, with its own link, once a referral is issued
ANSWER_SOON = "answer_soon"
ANSWER_LATE = "answer_late"
COME_SOON = "come_soon"  # to the candidate
TO_EMPLOYER = (ANSWER_LINK, ANSWER_SOON, ANSWER_LATE)


class Notice(Outgoing):
    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("referral_id", "code", "term"),)

    referral_id: Mapped[int] = mapped_column(ForeignKey("referrals.id"))
    term: Mapped[date]


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice as its referral's page shows it; `state` as `Outgoing.state` says it."""

    code: str
    made_at: datetime
    sent_at: datetime | None
    state: str


def make(session: Session, wanted: Iterable[tuple[int, str, date]], *, now: datetime) -> int:
    """Adds the notices (referral id, code, term) that are not there yet; returns how many."""
    return outbox.add_missing(session, Notice, "referral_id", wanted, now=now)


def list_of_referral(session: Session, referral_id: int) -> list[NoticeRow]:
    """What was sent about a referral, in order. Rights are the caller's."""
    rows = session.scalars(
        select(Notice).where(Notice.referral_id == referral_id).order_by(Notice.id)
    )
    return [NoticeRow(row.code, row.made_at, row.sent_at, row.state) for row in rows]
