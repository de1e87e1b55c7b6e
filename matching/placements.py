"""Placements: a job begun, followed for a year."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from matching.states import PLACEMENT
from quota.tables import Code, Keyed, Table, Tenge


class Placement(Keyed, Table):
    __tablename__ = "placements"
    WORKFLOW = PLACEMENT

    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referrals.id"), index=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    vacancy_id: Mapped[int | None] = mapped_column(ForeignKey("vacancies.id"))
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("slots.id"))
    centre_id: Mapped[int] = mapped_column(ForeignKey("centres.id"), index=True)
    territory: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(12), default="started")
    contract_number: Mapped[str] = mapped_column(String(60), default="")
    contract_on: Mapped[date | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    pay: Mapped[Tenge | None]
    reason: Mapped[Code | None]
    recorded_at: Mapped[datetime]
