"""Requests of people about their own data: `matching.privacy` keeps them, `matching.access` tells them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from quota.tables import Code, Keyed, Table


class SubjectRequest(Keyed, Table):
    """What a person asked about the own data, and what came of it."""

    __tablename__ = "subject_requests"

    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    asked_on: Mapped[date]
    due_on: Mapped[date]
    entered_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    outcome: Mapped[Code | None]
