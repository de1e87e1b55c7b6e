"""Consents: a candidate's written yes to one disclosure, with scope, date and withdrawal.

Written consent before any disclosure outside the state bodies: Probation Law of 30.12.2016, Art. 11(2).
"""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from matching.states import CONSENT
from quota.tables import Code, Keyed, Table

MATCHING = "matching"  # the survey and taking part in rounds
DISCLOSURE = "disclosure"  # one proposal's employer hears of the person


class Consent(Keyed, Table):
    __tablename__ = "consents"
    WORKFLOW = CONSENT

    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    scope: Mapped[Code]
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id"), index=True)
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employers.id"))
    state: Mapped[str] = mapped_column(String(12), default="asked")
    asked_at: Mapped[datetime]
    given_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    form: Mapped[str] = mapped_column(String(20), default="paper")
    paper_number: Mapped[str] = mapped_column(String(60), default="")
