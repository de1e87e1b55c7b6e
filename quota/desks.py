"""The desk of an employer: how many people it takes at once, and days on which nobody is sent.

A round leaves paused employers out and fills no more places than the limit leaves room for; a referral
is issued to neither a paused desk nor a full one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ForeignKey, Select, String, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota import journal
from quota.calendar import local_day
from quota.employers import Employer, find_employer
from quota.errors import Fault, Invalid, NotFound, WrongState, fault
from quota.rights import Actor
from quota.slots import Slot, Source
from quota.tables import Keyed, Table

ON_THE_WAY = ("reserved", "referred")


class DeskPause(Keyed, Table):
    """Days on which nobody is sent; without `ends_on` until it is lifted."""

    __tablename__ = "desk_pauses"

    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(300))
    said_at: Mapped[datetime]
    said_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    lifted_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Break:
    """A pause as somebody asks for it."""

    starts_on: date
    ends_on: date | None
    reason: str


def pause_desk(
    session: Session, actor: Actor, employer_key: str, asked: Break, *, now: datetime
) -> DeskPause:
    """Stops people from being sent; those under way are still to be answered about. Raises NotAllowed,
    NotFound, WrongState beside a pause that overlaps, or Invalid with every faulty field."""
    employer = find_employer(session, actor, employer_key, right="desk.edit")
    faults = _find_faults(asked, local_day(now))
    if faults:
        raise Invalid(*faults)
    if any(_overlaps(known, asked) for known in list_pauses(session, employer, now=now)):
        raise WrongState("already_paused", noun="desk")
    pause = DeskPause(
        employer_id=employer.id,
        starts_on=asked.starts_on,
        ends_on=asked.ends_on,
        reason=asked.reason.strip(),
        said_at=now,
        said_by=actor.account_id,
    )
    session.add(pause)
    session.flush()
    journal.write(session, actor, "pause", pause, now=now, reason=pause.reason)
    return pause


def resume_desk(
    session: Session, actor: Actor, employer_key: str, key: str, *, now: datetime
) -> DeskPause:
    """Lifts a pause, or calls a coming one off. Raises NotAllowed or NotFound."""
    employer = find_employer(session, actor, employer_key, right="desk.edit")
    found = [pause for pause in list_pauses(session, employer, now=now) if pause.key == key]
    if not found:
        raise NotFound("not_found")
    found[0].lifted_at = now
    journal.write(session, actor, "resume", found[0], now=now)
    return found[0]


def limit_desk(
    session: Session, actor: Actor, employer_key: str, most: int | None, *, now: datetime
) -> Employer:
    """At most so many people on the way to the employer at once; None for no limit. Raises NotAllowed,
    NotFound, or Invalid below one."""
    employer = find_employer(session, actor, employer_key, right="desk.edit")
    if most is not None and most < 1:
        raise Invalid(fault("most_sent", "at_least", least=1))
    if most is not None and most > 10_000:
        raise Invalid(fault("most_sent", "too_large"))
    if employer.most_sent != most:
        employer.most_sent = most
        journal.write(session, actor, "limit", employer, now=now, most=most)
    return employer


def list_pauses(session: Session, employer: Employer, *, now: datetime) -> list[DeskPause]:
    """Pauses in force and to come, the earliest first. The caller has checked the right to read."""
    mine = select(DeskPause).where(
        DeskPause.employer_id == employer.id,
        DeskPause.lifted_at.is_(None),
        or_(DeskPause.ends_on.is_(None), DeskPause.ends_on >= local_day(now)),
    )
    return list(session.scalars(mine.order_by(DeskPause.starts_on, DeskPause.id)))


def paused_on(day: date) -> Select[int]:
    """The ids of employers whose desks are paused on the day, as a query."""
    return select(DeskPause.employer_id).where(
        DeskPause.lifted_at.is_(None),
        DeskPause.starts_on <= day,
        or_(DeskPause.ends_on.is_(None), DeskPause.ends_on >= day),
    )


def need_open(session: Session, employer_id: int, *, now: datetime) -> None:
    """Raises WrongState when nobody may be sent to this employer today: its desk is paused, or as many
    people are sent to it already as it takes at once."""
    if session.scalar(paused_on(local_day(now)).where(DeskPause.employer_id == employer_id)):
        raise WrongState("desk_paused", noun="desk")
    most = session.get_one(Employer, employer_id).most_sent
    if most is not None and _count_slots(session, ("referred",)).get(employer_id, 0) >= most:
        raise WrongState("desk_full", noun="desk", most=most)


def keep_within_limits(session: Session, slots: Iterable[Slot]) -> list[Slot]:
    """Of these open slots those that may be filled now: as many an employer as its limit leaves room
    for beside the people on their way, decree places first, then the oldest."""
    limits = select(Employer.id, Employer.most_sent).where(Employer.most_sent.is_not(None))
    most: dict[int, int] = {row[0]: row[1] or 0 for row in session.execute(limits)}
    on_the_way = _count_slots(session, ON_THE_WAY) if most else {}
    room = {id_: limit - on_the_way.get(id_, 0) for id_, limit in most.items()}
    kept = []
    for slot in sorted(slots, key=lambda slot: (slot.source != Source.DECREE, slot.id)):
        left = room.get(slot.employer_id)
        if left is None or left > 0:
            kept.append(slot)
            room |= {} if left is None else {slot.employer_id: left - 1}
    return kept


def _count_slots(session: Session, states: Iterable[str]) -> dict[int, int]:
    """{employer id: slots in these states} of employers with a limit."""
    rows = session.execute(
        select(Slot.employer_id, func.count())
        .join(Employer, Employer.id == Slot.employer_id)
        .where(Slot.state.in_(states), Employer.most_sent.is_not(None))
        .group_by(Slot.employer_id)
    )
    return {row[0]: row[1] for row in rows}


def _find_faults(asked: Break, today: date) -> list[Fault]:
    faults = []
    if asked.starts_on < today:
        faults.append(fault("starts_on", "date_in_past"))
    if asked.ends_on is not None and asked.ends_on < asked.starts_on:
        faults.append(fault("ends_on", "before_start"))
    if not asked.reason.strip():
        faults.append(fault("reason", "required"))
    return faults


def _overlaps(known: DeskPause, asked: Break) -> bool:
    last, wanted_last = known.ends_on or date.max, asked.ends_on or date.max
    return known.starts_on <= wanted_last and asked.starts_on <= last
