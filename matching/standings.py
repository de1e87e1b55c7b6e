"""Standings: how a candidate's status, readiness and centre changed, each change with date and reason."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, String, insert, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota import rates
from quota.calendar import local_day, midnight
from quota.rights import Actor
from quota.tables import AT_ONCE, Code, Table

PLACEMENT_ENDED, OUTCOME_ENDED = "placement_ended", "outcome_ended"
# Reasons of changes that take a mistake back.
TAKEN_BACK = ("hire_annulled", "taken_back", "unmerged")


class Kind(StrEnum):
    STATUS = "status"
    READINESS = "readiness"
    CENTRE = "centre"


class Standing(Table):
    """One change. `since` is the day it holds from, where that differs from the day of entry."""

    __tablename__ = "standings"
    __table_args__ = (Index("ix_standings_kind_value_to_at", "kind", "value_to", "at"),)

    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    value_from: Mapped[str | None] = mapped_column(String(20))
    value_to: Mapped[str] = mapped_column(String(20))
    since: Mapped[date | None]
    reason: Mapped[Code] = mapped_column(default="")
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


def write_down(session: Session, actor: Actor, standing: Standing, *, now: datetime) -> None:
    """Keeps a change that the calling verb has made."""
    standing.at, standing.account_id = now, actor.account_id
    session.add(standing)


def write_all_down(
    session: Session, actor: Actor, standings: Sequence[Standing], *, now: datetime
) -> None:
    """Keeps many changes in one statement; they come back when read."""
    made = {"at": now, "account_id": actor.account_id}
    told = ("candidate_id", "kind", "value_from", "value_to", "since", "reason")
    rows = [{name: getattr(one, name) for name in told} | made for one in standings]
    session.execute(insert(Standing), rows, execution_options=AT_ONCE)


def keep_until(session: Session, off_since: date) -> date:
    """The last day the record of somebody off the register is kept, by the rate of the day they left it."""
    years = rates.rate_on(session, rates.RETENTION_YEARS, off_since)
    year = off_since.year + years
    leap_day = (off_since.month, off_since.day) == (2, 29)
    return date(year, 3, 1) if leap_day else off_since.replace(year=year)


def find_last(session: Session, kind: Kind, value: str) -> dict[int, date]:
    """The day from which each person's standing of a kind last came to a value, by candidate id, in one
    query."""
    rows = session.execute(
        select(Standing.candidate_id, Standing.since, Standing.at)
        .where(*_says(kind, value))
        .order_by(Standing.at, Standing.id)
    )
    return {candidate: since or local_day(at) for candidate, since, at in rows}


def day_after(on: date, *, now: datetime) -> date:
    """The first day after the last day of a job, but none to come."""
    return min(on + timedelta(days=1), local_day(now))


def find_left(session: Session, candidate_id: int | None = None) -> dict[int, date]:
    """The first day after the last job that is recorded here, by candidate id: of everybody, or of one."""
    left = select(Standing.candidate_id, Standing.since, Standing.at).where(
        Standing.kind == Kind.READINESS,
        Standing.value_from == "employed",
        Standing.reason.in_((PLACEMENT_ENDED, OUTCOME_ENDED)),
    )
    if candidate_id is not None:
        left = left.where(Standing.candidate_id == candidate_id)
    rows = session.execute(left.order_by(Standing.at, Standing.id))
    return {candidate: since or local_day(at) for candidate, since, at in rows}


def came_to(kind: Kind, value: str, since: date) -> Select[int]:
    """The candidate ids whose standing of a kind came to a value on that day or later; no readiness holds
    from a day after that of its entry."""
    lately = Standing.at >= midnight(since), or_(Standing.since.is_(None), Standing.since >= since)
    return select(Standing.candidate_id).where(*_says(kind, value), *lately)


def _says(kind: Kind, value: str) -> tuple[ColumnElement[bool], ...]:
    """What brought a standing to a value anew: where a mistake was taken back, it had held all along."""
    anew = Standing.reason.not_in(TAKEN_BACK)
    return Standing.kind == kind, Standing.value_to == value, anew


def list_standings(
    session: Session, candidate_id: int, *, kinds: Iterable[Kind] = tuple(Kind)
) -> list[Standing]:
    """The changes of these kinds, oldest first. Rights are the caller's."""
    return list(
        session.scalars(
            select(Standing)
            .where(Standing.candidate_id == candidate_id, Standing.kind.in_(tuple(kinds)))
            .order_by(Standing.at, Standing.id)
        )
    )
