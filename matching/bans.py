"""Bans of a pair: until a day, no round proposes this candidate for this vacancy again."""

from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.candidates import Candidate
from quota import journal, rates
from quota.calendar import local_day
from quota.rights import Actor
from quota.tables import Code, Keyed, Table


class PairBan(Keyed, Table):
    """`cause` names the verb that made it; `ends_on` is the first day on which it no longer holds."""

    __tablename__ = "pair_bans"

    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    vacancy_id: Mapped[int] = mapped_column(ForeignKey("vacancies.id"), index=True)
    cause: Mapped[Code]
    made_at: Mapped[datetime]
    ends_on: Mapped[date]
    lifted_at: Mapped[datetime | None]


def ban_pair(
    session: Session, actor: Actor, pair: tuple[int, int], *, cause: str, now: datetime
) -> PairBan:
    """Bans a (candidate id, vacancy id) for the days of the rate PAIR_BAN_DAYS. Rights are the caller's."""
    today = local_day(now)
    days = rates.rate_on(session, rates.PAIR_BAN_DAYS, today)
    ban = PairBan(
        candidate_id=pair[0],
        vacancy_id=pair[1],
        cause=cause,
        made_at=now,
        ends_on=today + timedelta(days=days),
    )
    session.add(ban)
    session.flush()
    journal.write(session, actor, "ban", ban, now=now, cause=cause)
    return ban


def lift_bans(session: Session, actor: Actor, pair: tuple[int, int], *, now: datetime) -> None:
    """Lifts what still bans the pair, because the decision behind it was undone."""
    statement = select(PairBan).where(
        PairBan.candidate_id == pair[0],
        PairBan.vacancy_id == pair[1],
        PairBan.lifted_at.is_(None),
    )
    for ban in session.scalars(statement).all():
        ban.lifted_at = now
        journal.write(session, actor, "lift", ban, now=now)


def find_end(session: Session, pair: tuple[int, int]) -> date | None:
    """The first day on which the pair may be proposed again; None when nothing bans it. Rights are the
    caller's."""
    ends_on = select(func.max(PairBan.ends_on)).where(
        PairBan.candidate_id == pair[0],
        PairBan.vacancy_id == pair[1],
        PairBan.lifted_at.is_(None),
    )
    return session.scalar(ends_on)


def list_banned_pairs(session: Session, centre_id: int, *, on: date) -> set[tuple[int, int]]:
    """The (candidate id, vacancy id) pairs that a round of the centre must not propose on that day."""
    rows = session.execute(
        select(PairBan.candidate_id, PairBan.vacancy_id)
        .join(Candidate, Candidate.id == PairBan.candidate_id)
        .where(Candidate.centre_id == centre_id, PairBan.lifted_at.is_(None), PairBan.ends_on > on)
    )
    return {(candidate, vacancy) for candidate, vacancy in rows}
