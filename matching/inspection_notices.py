"""Notices of inspections: who is asked for evidence or a reply hears of it by e-mail or SMS.

Made by the timer from the inspections themselves, so that no step can forget one. A row holds no name,
address or text; one that has lost its point when it is sent (answered, called off, a new term) is dropped.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching import outbox
from matching.outbox import Outgoing
from quota.calendar import add_working_days, local_day
from quota.cases import WAITING, Inspection
from quota.contacts import find_addresses
from quota.employers import Employer
from quota.inspections import Campaign

ASKED = {"asked": "evidence_asked", "questioned": "reply_asked"}
SOON = {"asked": "evidence_soon", "questioned": "reply_soon"}


class InspectionNotice(Outgoing):
    """`term` is the day the notice is about: a new term is told anew."""

    __tablename__ = "inspection_notices"
    __table_args__ = (UniqueConstraint("inspection_id", "code", "term"),)

    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"))
    term: Mapped[date]


@dataclass(frozen=True, slots=True)
class InspectionMessage:
    """What a text is written from, and where it can go; `inspection` is the key of its page."""

    code: str
    locale: str
    email: str
    phone: str
    employer: str
    term: date
    inspection: str


def make_notices(session: Session, *, now: datetime) -> int:
    """For the timer: tells of what is asked, and the working day before its term and on it reminds.

    Returns how many were made; doing it twice makes no second one.
    """
    today = local_day(now)
    soon = add_working_days(session, today, 1)
    waiting = session.scalars(
        select(Inspection)
        .join(Campaign, Campaign.id == Inspection.campaign_id)
        .where(Inspection.state.in_(WAITING), Campaign.state == "drawn")
        .where(Inspection.due_on >= today)
        .order_by(Inspection.id)
    ).all()
    wanted = [row for one in waiting for row in _due(one, soon)]
    return outbox.add_missing(session, InspectionNotice, "inspection_id", wanted, now=now)


def compose(session: Session, key: str, *, now: datetime) -> InspectionMessage | None:
    """Claims the notice and reads what its text needs; None when another timer has it, or when it lost
    its point and was dropped."""
    notice = outbox.claim(session, InspectionNotice, key, now=now)
    if notice is None:
        return None
    inspection = session.get_one(Inspection, notice.inspection_id)
    if not _has_point(session, inspection, notice):
        outbox.drop(session, notice, now=now)
        return None
    employer = session.get_one(Employer, inspection.employer_id)
    email, phone = find_addresses(session, employer)
    return InspectionMessage(
        code=notice.code,
        locale=employer.locale,
        email=email,
        phone=phone,
        employer=employer.name,
        term=notice.term,
        inspection=inspection.key,
    )


def _due(inspection: Inspection, soon: date) -> Iterator[tuple[int, str, date]]:
    yield inspection.id, ASKED[inspection.state], inspection.due_on
    if inspection.due_on <= soon:
        yield inspection.id, SOON[inspection.state], inspection.due_on


def _has_point(session: Session, inspection: Inspection, notice: InspectionNotice) -> bool:
    running = session.get_one(Campaign, inspection.campaign_id).state == "drawn"
    codes = (ASKED.get(inspection.state), SOON.get(inspection.state))
    return running and notice.code in codes and notice.term == inspection.due_on
