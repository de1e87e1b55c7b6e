"""The directory of employers: rows for lists with filters, order and pages; three queries however long."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, exists, func, or_, select
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
    # Ordering whole rows with all their figures costs more than finding the page's few first.
    page = _select_ids(actor, asked).limit(limit).offset(offset)
    return _load_rows(session, session.scalars(page).all())


def count_employers(session: Session, actor: Actor, asked: EmployerFilter) -> int:
    """How many rows the filter leaves. Raises NotAllowed."""
    # An order by figures would have them summed for every employer.
    inner = _select_ids(actor, replace(asked, order=Order.NAME)).order_by(None).subquery()
    return session.scalar(select(func.count()).select_from(inner)) or 0


def search_employers(
    session: Session, actor: Actor, phrase: str, *, limit: int = 50
) -> list[EmployerRow]:
    """Employers whose number begins with the phrase or whose name has all its words; if there are
    none, those whose names sound so, in either alphabet and without Kazakh letters. Raises NotAllowed."""
    words = phrase.casefold().split()
    if not words:
        return []
    written = [Employer.name_search.contains(word, autoescape=True) for word in words]
    number = Employer.identifier.startswith(phrase.strip(), autoescape=True)
    exact = _select_ids(actor, EmployerFilter()).where(or_(number, and_(*written)))
    ids = session.scalars(exact.limit(limit)).all()
    return _load_rows(session, ids or _find_by_sound(session, actor, phrase)[:limit])


def list_districts(session: Session, actor: Actor) -> list[Place]:
    """The districts that have an employer within reach, by code. Raises NotAllowed."""
    mine = select(Place.district_kato).join(Employer, Employer.kato == Place.kato)
    katos = _reach(actor, mine).distinct()
    return list(session.scalars(select(Place).where(Place.kato.in_(katos)).order_by(Place.kato)))


def _reach(actor: Actor, statement: Any) -> Any:
    return rights.limit(
        statement.where(Employer.merged_into_id.is_(None)),
        actor,
        "employers.read",
        centre=Employer.centre_id,
        employer=Employer.id,
        territory=Employer.territory,
    )


def _find_by_sound(session: Session, actor: Actor, phrase: str) -> list[int]:
    wanted = [sound(word) for word in normalise(phrase).split()]
    named = _select_ids(actor, EmployerFilter()).add_columns(Employer.name)
    return [
        employer_id
        for employer_id, name in session.execute(named)
        if wanted and _sounds_like(name, wanted)
    ]


def _sounds_like(name: str, wanted: Sequence[str]) -> bool:
    sounds = _sounds_of(name)
    return all(key in sounds for key in wanted)


@lru_cache(maxsize=20_000)
def _sounds_of(name: str) -> str:
    return " ".join(sound(word) for word in normalise(name).split())


def _select_ids(actor: Actor, asked: EmployerFilter) -> Any:
    """The ids in their order; figures are joined only when order or filter need them."""
    statement = _reach(actor, select(Employer.id))
    if asked.district:
        place = or_(Place.district_kato == asked.district, Place.kato == asked.district)
        statement = statement.join(Place, Place.kato == Employer.kato).where(place)
    if asked.basis:
        has = exists().where(Basis.employer_id == Employer.id, Basis.kind == asked.basis)
        statement = statement.where(has)
    first: list[ColumnElement[Any]] = []
    if names := _name_figures(asked):
        counts = _count_slots(names)
        statement = statement.outerjoin(counts, counts.c.employer_id == Employer.id)
        if asked.order in _BY_SLOTS:
            first.append(func.coalesce(counts.c[asked.order.value], 0).desc())
        if asked.attention in _WANTED:
            statement = statement.where(_is_wanted(asked.attention, counts))
    if Order.MET is asked.order or Attention.UNMET is asked.attention:
        met = _last_meetings()
        statement = statement.outerjoin(met, met.c.employer_id == Employer.id)
        first += [met.c.at.asc().nulls_first()] if asked.order is Order.MET else []
        if asked.attention is Attention.UNMET:
            statement = statement.where(met.c.at.is_(None))
    if asked.order is Order.HEADCOUNT:
        first.append(Employer.headcount.desc().nulls_last())
    return statement.order_by(*first, Employer.name_order, Employer.id)


_BY_SLOTS = (Order.OWED, Order.OPEN, Order.FILLED)
_WANTED: Mapping[Attention, Sequence[str]] = {
    Attention.OPEN: ("open",),
    Attention.UNFILLED: ("decree", "decree_filled"),
}


def _name_figures(asked: EmployerFilter) -> set[str]:
    """The figures that order or filter need: each takes a look at every slot."""
    ordered = {asked.order.value} if asked.order in _BY_SLOTS else set()
    return ordered | set(_WANTED.get(asked.attention, ()) if asked.attention else ())


def _is_wanted(attention: Attention | None, counts: Subquery) -> ColumnElement[bool]:
    if attention is Attention.OPEN:
        return counts.c.open > 0
    return counts.c.decree > counts.c.decree_filled


def _load_rows(session: Session, ids: Sequence[int]) -> list[EmployerRow]:
    """The rows of these employers, in this order, in one query."""
    district = aliased(Place)
    counts, met = _count_slots(_SHOWN, ids), _last_meetings(ids)
    figures = (func.coalesce(counts.c[n], 0) for n in _SHOWN)
    rows = session.execute(
        select(Employer, Place, district, *figures, met.c.at)
        .join(Place, Place.kato == Employer.kato)
        .outerjoin(district, district.kato == Place.district_kato)
        .outerjoin(counts, counts.c.employer_id == Employer.id)
        .outerjoin(met, met.c.employer_id == Employer.id)
        .where(Employer.id.in_(ids))
    )
    found = {row[0].id: _to_row(*row) for row in rows}
    return [found[id_] for id_ in ids]


_OWED = (Slot.state != "closed") & (Slot.source != Source.BEYOND)
_DECREE = (Slot.state != "closed") & (Slot.source == Source.DECREE)
_FIGURES: Mapping[str, ColumnElement[bool]] = {
    "owed": _OWED,
    "filled": Slot.state == "filled",
    "open": Slot.state == "open",
    "decree": _DECREE,
    "decree_filled": _DECREE & (Slot.state == "filled"),
}
_SHOWN = ("owed", "filled", "open")


def _count_slots(names: Iterable[str], ids: Sequence[int] | None = None) -> Subquery:
    """These of the _FIGURES by employer: of everybody, or of `ids`."""
    numbers = (func.sum(case((_FIGURES[n], 1), else_=0)).label(n) for n in sorted(names))
    statement = select(Slot.employer_id, *numbers).group_by(Slot.employer_id)
    return (statement if ids is None else statement.where(Slot.employer_id.in_(ids))).subquery()


def _last_meetings(ids: Sequence[int] | None = None) -> Subquery:
    held = select(Meeting.employer_id, func.max(Meeting.at).label("at"))
    held = held.where(Meeting.state == "held").group_by(Meeting.employer_id)
    return (held if ids is None else held.where(Meeting.employer_id.in_(ids))).subquery()


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
