"""Programmes: the individual rehabilitation programme as measures with term, executor and result.

Diagnoses and drawings are never stored: only what was done and what is next.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from matching.states import MEASURE
from quota.tables import Code, Keyed, Table


class Measure(Keyed, Table):
    """One measure of a candidate's programme, with term, executor and result.

    A `gate` holds the candidate out of rounds until it is done.
    """

    __tablename__ = "measures"
    WORKFLOW = MEASURE

    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    section: Mapped[Code]
    kind: Mapped[Code]
    text: Mapped[str] = mapped_column(Text, default="")
    gate: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(12), default="planned")
    executor_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    due_on: Mapped[date]
    booked_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
    result: Mapped[Code | None]
    reason: Mapped[Code | None]
    refusal_paper: Mapped[str] = mapped_column(String(60), default="")
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    closed_at: Mapped[datetime | None]
