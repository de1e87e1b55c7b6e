"""Rounds: snapshot, solve, publish. The one door to the engine.

The row of the round is the truth: state, progress, heartbeat and the request to cancel live in it, so
that the page, the solving process and a restart all read the same.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from matching.states import PROPOSAL, ROUND
from quota.rights import Scope
from quota.tables import Code, Keyed, Table


class Round(Keyed, Table):
    """One run. `problem` and `plan` are canonical JSON text; `problem_sha256` is of `problem`."""

    __tablename__ = "rounds"
    WORKFLOW = ROUND

    centre_id: Mapped[int] = mapped_column(ForeignKey("centres.id"), index=True)
    territory: Mapped[str] = mapped_column(String(80))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(12), default="draft")
    opened_at: Mapped[datetime]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    seed: Mapped[int] = mapped_column(default=1)
    policy: Mapped[dict[str, Any]] = mapped_column(default=dict)
    problem: Mapped[str | None] = mapped_column(Text, deferred=True)
    problem_sha256: Mapped[str | None] = mapped_column(String(64))
    plan: Mapped[str | None] = mapped_column(Text, deferred=True)
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict)
    versions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    progress: Mapped[dict[str, Any]] = mapped_column(default=dict)
    attempt: Mapped[int] = mapped_column(default=0)
    heartbeat_at: Mapped[datetime | None]
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    failure: Mapped[str] = mapped_column(String(300), default="")
    published_at: Mapped[datetime | None]

    def scope(self) -> Scope:
        return Scope(centre_id=self.centre_id, territory=self.territory)


class Proposal(Keyed, Table):
    """The solver's suggestion: one candidate, one slot of a vacancy, perhaps a course before it.

    `parts` are the named parts of the score; `reasons` what the explanation says of this choice.
    """

    __tablename__ = "proposals"
    __table_args__ = (Index("ix_proposals_state_due_at", "state", "due_at"),)
    WORKFLOW = PROPOSAL

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    vacancy_id: Mapped[int] = mapped_column(ForeignKey("vacancies.id"), index=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id"))
    category: Mapped[Code | None]
    score: Mapped[int]
    parts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(String(12), default="proposed")
    supervised: Mapped[bool]
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    due_at: Mapped[datetime]
    escalated_at: Mapped[datetime | None]


class Unplaced(Table):
    """Why a candidate of a round was not placed: codes and parameters, most telling first."""

    __tablename__ = "unplaced"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    reasons: Mapped[list[Any]] = mapped_column(default=list)
