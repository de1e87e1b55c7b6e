"""Check-ins: remote confirmation of presence, where probation has decided that it lightens a duty."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matching.states import CHECK_IN
from quota.tables import Code, Keyed, Table


class CheckInOrder(Keyed, Table):
    """Probation's recorded decision that a person checks in remotely, on which weekdays and hours.

    Without `lightens` a check-in replaces no legal appearance. `place_consent_on`: the person agreed to
    tell the coarse place.
    """

    __tablename__ = "check_in_orders"

    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    number: Mapped[str] = mapped_column(String(60))
    decided_on: Mapped[date]
    lightens: Mapped[bool]
    days: Mapped[str] = mapped_column(String(7))
    start: Mapped[str] = mapped_column(String(5))
    end: Mapped[str] = mapped_column(String(5))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    place_consent_on: Mapped[date | None]
    entered_at: Mapped[datetime]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class CheckIn(Keyed, Table):
    """One check-in that is or was due. `way`: by the person's code, or by a clerk."""

    __tablename__ = "check_ins"
    __table_args__ = (UniqueConstraint("order_id", "due_on"),)
    WORKFLOW = CHECK_IN

    order_id: Mapped[int] = mapped_column(ForeignKey("check_in_orders.id"))
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    due_on: Mapped[date] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(12), default="due")
    confirmed_at: Mapped[datetime | None]
    way: Mapped[str] = mapped_column(String(8), default="")
    kato: Mapped[str | None] = mapped_column(ForeignKey("places.kato"))
    reason: Mapped[Code | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
