"""The board of vacancies: rows for lists with filters, order and pages; three queries however long."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from quota import rights
from quota.employers import Employer
from quota.occupations import join_code
from quota.places import Place
from quota.rights import Actor
from quota.slots import Slot
from quota.vacancies import Vacancy, count_places


class Order(StrEnum):
    LISTED = "listed"
    PAY = "pay"
    TITLE = "title"
    EMPLOYER = "employer"
    EXPIRES = "expires"


@dataclass(frozen=True, slots=True)
class VacancyFilter:
    state: str | None = None
    district: str | None = None  # KATO
    profession: str | None = None  # the first digits of ISCO-08
    category: str | None = None  # with an open place for it
    employer: str | None = None  # key
    order: Order = Order.LISTED


@dataclass(frozen=True, slots=True)
class VacancyRow:
    """A vacancy as lists show it."""

    key: str
    title: str
    isco08: str | None
    employer_key: str
    employer_name: str
    place: dict[str, str]
    pay_from: int
    pay_to: int
    state: str
    places: int
    open_places: int
    listed_at: datetime | None
    expires_on: date | None


_ORDERS: Mapping[Order, ColumnElement[Any]] = {
    Order.LISTED: Vacancy.listed_at.desc().nulls_last(),
    Order.PAY: Vacancy.pay_from.desc(),
    Order.TITLE: Vacancy.title_order.asc(),
    Order.EMPLOYER: Employer.name_order.asc(),
    Order.EXPIRES: Vacancy.expires_on.asc().nulls_last(),
}


def list_vacancies(
    session: Session, actor: Actor, asked: VacancyFilter, *, limit: int, offset: int = 0
) -> list[VacancyRow]:
    """The rows of one page within reach, in three queries. Raises NotAllowed."""
    # Ordering whole rows costs more than finding the page's few first.
    order = (_ORDERS[asked.order], Vacancy.id.desc())
    page = _select_ids(actor, asked).order_by(*order).limit(limit).offset(offset)
    ids = session.scalars(page).all()
    counts = count_places(session, ids)
    rows = session.execute(
        select(Vacancy, Employer, Place)
        .join(Employer, Employer.id == Vacancy.employer_id)
        .join(Place, Place.kato == Vacancy.kato)
        .where(Vacancy.id.in_(ids))
    )
    found = {row[0].id: _to_row(row[0], row[1], row[2], counts) for row in rows}
    return [found[id_] for id_ in ids]


def list_national_codes(session: Session) -> dict[str, list[str]]:
    """What vacancies name below each unit group, as whole codes such as 7212-01."""
    used = select(Vacancy.isco08, Vacancy.isco08_suffix).where(Vacancy.isco08_suffix != "")
    found: defaultdict[str, list[str]] = defaultdict(list)
    for isco08, suffix in session.execute(used.distinct().order_by(*used.selected_columns)):
        if isco08:
            found[isco08].append(join_code(isco08, suffix))
    return found


def count_vacancies(session: Session, actor: Actor, asked: VacancyFilter) -> int:
    """How many rows the filter leaves. Raises NotAllowed."""
    inner = _select_ids(actor, asked).subquery()
    return session.scalar(select(func.count()).select_from(inner)) or 0


def _select_ids(actor: Actor, asked: VacancyFilter) -> Select[int]:
    statement = select(Vacancy.id).join(Employer, Employer.id == Vacancy.employer_id)
    if asked.district:
        statement = statement.join(Place, Place.kato == Vacancy.kato)
    statement = rights.limit(
        statement,
        actor,
        "vacancies.read",
        centre=Employer.centre_id,
        employer=Employer.id,
        territory=Employer.territory,
    )
    for condition in _conditions(asked):
        statement = statement.where(condition)
    return statement


def _conditions(asked: VacancyFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.state:
        found.append(Vacancy.state == asked.state)
    if asked.district:
        found.append(or_(Place.district_kato == asked.district, Place.kato == asked.district))
    if asked.profession:
        found.append(Vacancy.isco08.startswith(asked.profession, autoescape=True))
    if asked.employer:
        found.append(Employer.key == asked.employer)
    if asked.category:
        fits = or_(Slot.category.is_(None), Slot.category == asked.category)
        open_ = exists().where(Slot.vacancy_id == Vacancy.id, Slot.state == "open", fits)
        found.append(open_)
    return found


def _to_row(
    vacancy: Vacancy, employer: Employer, place: Place, counts: Mapping[int, tuple[int, int]]
) -> VacancyRow:
    places, free = counts.get(vacancy.id, (0, 0))
    return VacancyRow(
        key=vacancy.key,
        title=vacancy.title,
        isco08=vacancy.isco08,
        employer_key=employer.key,
        employer_name=employer.name,
        place=place.names(),
        pay_from=vacancy.pay_from,
        pay_to=vacancy.pay_to,
        state=vacancy.state,
        places=places,
        open_places=free,
        listed_at=vacancy.listed_at,
        expires_on=vacancy.expires_on,
    )
