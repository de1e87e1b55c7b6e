"""Reference books as the office edits them: rates with their acts, travel times, moved working days."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quota import journal, rights
from quota.calendar import TransferredDay
from quota.errors import Fault, Invalid, NotFound, fault
from quota.places import TravelTime, find_place
from quota.rates import Rate
from quota.rights import Actor, Scope

UNITS = (
    "tenge",
    "mci",
    "per_cent",
    "basis_points",
    "days",
    "working_days",
    "months",
    "refusals",
    "inspectors",
    "people",
)
MEANS = ("bus", "car", "train", "foot")
LONGEST_MINUTES = 24 * 60


def set_rate(session: Session, actor: Actor, rate: Rate, *, now: datetime) -> Rate:
    """Enters what holds from a day on; a row of the same code and day is replaced, its old value kept
    in the journal. Raises NotAllowed or Invalid (no act, below zero, unknown unit)."""
    rights.check(actor, "references.edit", Scope())
    _refuse(_check_rate(rate))
    same_day = select(Rate).where(Rate.code == rate.code, Rate.valid_from == rate.valid_from)
    known = session.scalar(same_day)
    before = known.value if known else None
    if known is None:
        session.add(rate)
        known = rate
    known.value, known.unit, known.act, known.verified = (
        rate.value,
        rate.unit,
        rate.act.strip(),
        rate.verified is not False,
    )
    session.flush()
    journal.write(session, actor, "set", known, now=now, before=before, value=known.value)
    return known


def list_rates(session: Session) -> list[Rate]:
    """Every row, by code, the newest first."""
    return list(session.scalars(select(Rate).order_by(Rate.code, Rate.valid_from.desc())))


def set_travel_time(
    session: Session, actor: Actor, time: TravelTime, *, now: datetime
) -> TravelTime:
    """Records minutes between two places or districts; the pair is one, whichever way it is given.
    Raises NotAllowed, NotFound for an unknown place, or Invalid."""
    rights.check(actor, "references.edit", Scope())
    _refuse(_check_time(time))
    for kato in (time.from_kato, time.to_kato):
        find_place(session, kato)
    time.from_kato, time.to_kato = sorted((time.from_kato, time.to_kato))
    known = _find_time(session, time)
    before = known.minutes if known else None
    if known is None:
        session.add(time)
        known = time
    known.minutes = time.minutes
    session.flush()
    journal.write(session, actor, "set", known, now=now, before=before, minutes=known.minutes)
    return known


def change_travel_time(
    session: Session, actor: Actor, key: str, minutes: int, *, now: datetime
) -> TravelTime:
    """Corrects the minutes of a recorded way. Raises NotAllowed, NotFound or Invalid."""
    rights.check(actor, "references.edit", Scope())
    known = _find_by_key(session, key)
    ends = {"from_kato": known.from_kato, "to_kato": known.to_kato, "means": known.means}
    return set_travel_time(session, actor, TravelTime(**ends, minutes=minutes), now=now)


def remove_travel_time(session: Session, actor: Actor, key: str, *, now: datetime) -> None:
    """Makes a distance unknown again. Raises NotAllowed or NotFound."""
    rights.check(actor, "references.edit", Scope())
    known = _find_by_key(session, key)
    journal.write(session, actor, "remove", known, now=now, before=known.minutes)
    session.delete(known)
    session.flush()


def list_travel_times(session: Session) -> list[TravelTime]:
    order = (TravelTime.from_kato, TravelTime.to_kato, TravelTime.means)
    return list(session.scalars(select(TravelTime).order_by(*order)))


def set_transferred_day(
    session: Session, actor: Actor, day: date, *, works: bool, act: str, now: datetime
) -> TransferredDay:
    """Says that people work, or do not work, on a day, by which act. Raises NotAllowed or Invalid."""
    rights.check(actor, "references.edit", Scope())
    if not act.strip():
        raise Invalid(fault("act", "required"))
    known = session.scalar(select(TransferredDay).where(TransferredDay.day == day))
    if known is None:
        known = TransferredDay(day=day, works=works, act=act.strip())
        session.add(known)
    known.works, known.act = works, act.strip()
    session.flush()
    journal.write(session, actor, "set", known, now=now, works=works)
    return known


def remove_transferred_day(session: Session, actor: Actor, day: date, *, now: datetime) -> None:
    """The day is again what the law's calendar says. Raises NotAllowed or NotFound."""
    rights.check(actor, "references.edit", Scope())
    known = session.scalar(select(TransferredDay).where(TransferredDay.day == day))
    if known is None:
        raise NotFound("not_found")
    journal.write(session, actor, "remove", known, now=now, works=known.works)
    session.delete(known)
    session.flush()


def list_transferred_days(session: Session) -> list[TransferredDay]:
    return list(session.scalars(select(TransferredDay).order_by(TransferredDay.day.desc())))


def _find_by_key(session: Session, key: str) -> TravelTime:
    known = next((time for time in list_travel_times(session) if time.key == key), None)
    if known is None:
        raise NotFound("not_found")
    return known


def _find_time(session: Session, time: TravelTime) -> TravelTime | None:
    """The pair's row in either direction: older rows may stand the other way round."""
    pair = (time.from_kato, time.to_kato)
    return session.scalar(
        select(TravelTime).where(
            TravelTime.from_kato.in_(pair),
            TravelTime.to_kato.in_(pair),
            TravelTime.means == time.means,
        )
    )


def _check_rate(rate: Rate) -> list[Fault]:
    faults = []
    if not rate.code.replace("_", "").isalnum() or len(rate.code) > 28:
        faults.append(fault("code", "code_shape"))
    if rate.value < 0:
        faults.append(fault("value", "not_negative"))
    if rate.unit not in UNITS:
        faults.append(fault("unit", "unknown_choice"))
    if not rate.act.strip():
        faults.append(fault("act", "required"))
    return faults


def _check_time(time: TravelTime) -> list[Fault]:
    faults = []
    if time.from_kato == time.to_kato:
        faults.append(fault("to_kato", "same_record"))
    if not 1 <= time.minutes <= LONGEST_MINUTES:
        faults.append(fault("minutes", "between", least=1, most=LONGEST_MINUTES))
    if time.means not in MEANS:
        faults.append(fault("means", "unknown_choice"))
    return faults


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise Invalid(*faults)
