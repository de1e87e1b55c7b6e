"""Referrals: the paper sent with a candidate; both sides must answer within their working days."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from matching.states import REFERRAL
from quota.tables import Code, Keyed, Table, make_key


class Referral(Keyed, Table):
    """`answer_code` is the employer's own, never printed on the paper the candidate carries."""

    __tablename__ = "referrals"
    WORKFLOW = REFERRAL

    number: Mapped[int]
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), index=True)
    consent_id: Mapped[int] = mapped_column(ForeignKey("consents.id"))
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    vacancy_id: Mapped[int] = mapped_column(ForeignKey("vacancies.id"), index=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"))
    centre_id: Mapped[int] = mapped_column(ForeignKey("centres.id"), index=True)
    territory: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(12), default="issued")
    issued_at: Mapped[datetime]
    come_by: Mapped[date]
    answer_by: Mapped[date]
    answered_at: Mapped[datetime | None]
    reason: Mapped[Code | None]
    answer_code: Mapped[str] = mapped_column(String(24), unique=True, default=lambda: make_key(20))
