"""The directory of employers: rows for lists with filters, order and pages; three queries however long."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from quota import rights
from quota.employers import Basis, Employer
from quota.meetings import Meeting
from quota.places import Place
from quota.rights import Actor
from quota.slots import Slot, Source
from quota.spelling import normalise, sound


class Order(StrEnum):
    NAME = "name"
    HEADCOUNT = "headcount"
    OWED = "owed"
    OPEN = "open"
    FILLED = "filled"
    MET = "met"


class Attention(StrEnum):
    """What a list can be narrowed to."""

    OPEN = "open"  # places nobody holds
    UNFILLED = "unfilled"  # decree places not filled
    UNMET = "unmet"


@dataclass(frozen=True, slots=True)
class EmployerFilter:
    district: str | None = None  # KATO
    basis: str | None = None
    attention: Attention | None = None
    order: Order = Order.NAME


@dataclass(frozen=True, slots=True)
class EmployerRow:
    """An employer as lists show it. `owed` are places of decrees and memoranda, `beyond` others."""

    key: str
    name: str
    identifier: str
    district: dict[str, str]
    headcount: int | None
    owed: int
    filled: int
    open: int
    last_met: datetime | None


def list_employers(
    session: Session, actor: Actor, asked: EmployerFilter, *, limit: int, offset: int = 0
) -> list[EmployerRow]:
    """The rows of one page within reach. Raises NotAllowed."""
    statement = _select_rows(actor, asked)
    rows = session.execute(statement.limit(limit).offset(offset))
    return [_to_row(*row) for row in rows]


def count_employers(session: Session, actor: Actor, asked: EmployerFilter) -> int:
    """How many rows the filter leaves. Raises NotAllowed."""
    inner = _select_rows(actor, asked).order_by(None).with_only_columns(Employer.id).subquery()
    return session.scalar(select(func.count()).select_from(inner)) or 0


def search_employers(
    session: Session, actor: Actor, phrase: str, *, limit: int = 50
) -> list[EmployerRow]:
    """Employers whose number begins with the phrase's digits or whose name has all its words, in
    either alphabet and without Kazakh letters too. Raises NotAllowed."""
    phrase = phrase.strip()
    words = normalise(phrase).split()
    if not words:
        return []
    ids = [
        employer_id
        for employer_id, name, number in session.execute(_reach(actor, _IDENTITY))
        if number.startswith(phrase) or _has_words(name, words)
    ]
    statement = _select_rows(actor, EmployerFilter()).where(Employer.id.in_(ids[:limit]))
    return [_to_row(*row) for row in session.execute(statement)]


def list_districts(session: Session, actor: Actor) -> list[Place]:
    """The districts that have an employer within reach, by code. Raises NotAllowed."""
    mine = select(Place.district_kato).join(Employer, Employer.kato == Place.kato)
    katos = _reach(actor, mine).distinct()
    return list(session.scalars(select(Place).where(Place.kato.in_(katos)).order_by(Place.kato)))


_IDENTITY = select(Employer.id, Employer.name, Employer.identifier).order_by(Employer.name_search)


def _reach(actor: Actor, statement: Any) -> Any:
    return rights.limit(
        statement.where(Employer.merged_into_id.is_(None)),
        actor,
        "employers.read",
        centre=Employer.centre_id,
        employer=Employer.id,
        territory=Employer.territory,
    )


def _has_words(name: str, words: list[str]) -> bool:
    plain = normalise(name)
    if all(word in plain for word in words):
        return True
    sounds = " ".join(sound(word) for word in plain.split())
    return all(sound(word) in sounds for word in words)


def _select_rows(actor: Actor, asked: EmployerFilter) -> Select[*tuple[Any, ...]]:
    district = aliased(Place)
    counts, met = _count_slots(), _last_meetings()
    owed, filled, free = (func.coalesce(counts.c[n], 0) for n in ("owed", "filled", "open"))
    statement: Select[*tuple[Any, ...]] = (
        select(Employer, Place, district, owed, filled, free, met.c.at)
        .join(Place, Place.kato == Employer.kato)
        .outerjoin(district, district.kato == Place.district_kato)
        .outerjoin(counts, counts.c.employer_id == Employer.id)
        .outerjoin(met, met.c.employer_id == Employer.id)
    )
    orders: dict[Order, ColumnElement[Any]] = {
        Order.NAME: Employer.name_search.asc(),
        Order.HEADCOUNT: Employer.headcount.desc().nulls_last(),
        Order.OWED: owed.desc(),
        Order.OPEN: free.desc(),
        Order.FILLED: filled.desc(),
        Order.MET: met.c.at.asc().nulls_first(),
    }
    narrowed = {
        Attention.OPEN: free > 0,
        Attention.UNFILLED: counts.c.decree > counts.c.decree_filled,
        Attention.UNMET: met.c.at.is_(None),
    }
    statement = _reach(actor, statement).order_by(
        orders[asked.order], Employer.name_search, Employer.id
    )
    if asked.district:
        statement = statement.where(
            or_(Place.district_kato == asked.district, Place.kato == asked.district)
        )
    if asked.basis:
        has = exists().where(Basis.employer_id == Employer.id, Basis.kind == asked.basis)
        statement = statement.where(has)
    if asked.attention:
        statement = statement.where(narrowed[asked.attention])
    return statement


def _count_slots() -> Subquery:
    def number(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((condition, 1), else_=0))

    owed = (Slot.state != "closed") & (Slot.source != Source.BEYOND)
    decree = (Slot.state != "closed") & (Slot.source == Source.DECREE)
    return (
        select(
            Slot.employer_id,
            number(owed).label("owed"),
            number(Slot.state == "filled").label("filled"),
            number(Slot.state == "open").label("open"),
            number(decree).label("decree"),
            number(decree & (Slot.state == "filled")).label("decree_filled"),
        )
        .group_by(Slot.employer_id)
        .subquery()
    )


def _last_meetings() -> Subquery:
    held = select(Meeting.employer_id, func.max(Meeting.at).label("at"))
    return held.where(Meeting.state == "held").group_by(Meeting.employer_id).subquery()


def _to_row(employer: Employer, place: Place, district: Place | None, *figures: Any) -> EmployerRow:
    owed, filled, free, last_met = figures
    return EmployerRow(
        key=employer.key,
        name=employer.name,
        identifier=employer.identifier,
        district=(district or place).names(),
        headcount=employer.headcount,
        owed=owed,
        filled=filled,
        open=free,
        last_met=last_met,
    )
