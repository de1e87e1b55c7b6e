"""Choices: the professions a candidate wishes for, in order of wish."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.candidates import Candidate
from quota import journal, rights
from quota.rights import Actor
from quota.tables import Table


class Choice(Table):
    """A profession the candidate chose, as said and as confirmed, in order of wish from 1."""

    __tablename__ = "choices"
    __table_args__ = (UniqueConstraint("candidate_id", "rank"),)

    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    rank: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    isco08: Mapped[str | None] = mapped_column(String(4))
    years: Mapped[int] = mapped_column(default=0)


def choose_professions(
    session: Session,
    actor: Actor,
    candidate: Candidate,
    choices: Sequence[Choice],
    *,
    now: datetime,
) -> None:
    """Replaces the ranked choices (order of the sequence). Raises NotAllowed or NotFound."""
    rights.check(actor, "candidates.edit", candidate.scope())
    set_choices(session, actor, candidate, choices, now=now)


def set_choices(
    session: Session,
    actor: Actor,
    candidate: Candidate,
    choices: Sequence[Choice],
    *,
    now: datetime,
) -> None:
    """Replaces the ranked choices. Rights are the caller's."""
    for old in list_choices(session, candidate):
        session.delete(old)
    session.flush()
    for rank, choice in enumerate(choices, start=1):
        choice.candidate_id, choice.rank = candidate.id, rank
        session.add(choice)
    session.flush()
    journal.write(session, actor, "choose_professions", candidate, now=now, number=len(choices))


def list_choices(session: Session, candidate: Candidate) -> list[Choice]:
    return list(
        session.scalars(
            select(Choice).where(Choice.candidate_id == candidate.id).order_by(Choice.rank)
        )
    )
