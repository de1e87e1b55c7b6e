"""Listed vacancies in the columns of the state exchange's bulk sheet, so that nobody types twice.

Headers and values are Russian in every language, since the exchange's sheet is. The columns are those of
the sheet as an office's own posting script filled them; the exchange may have renamed some since.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from quota import columns as col
from quota.columns import Column
from quota.employers import Employer, find_employer
from quota.exports import Lines, lay_out, reach_vacancies, sees_inside, take_out
from quota.imports.vacancy_columns import (
    CATEGORY_PLACES,
    CHARACTERS,
    CONDITIONS,
    EDUCATIONS,
    LICENCES,
    REGIMES,
    SPOKEN,
    SUPPORT,
)
from quota.places import Place
from quota.rights import Actor
from quota.vacancies import Vacancy

_TEXT, _WHOLE = col.text(5_000), col.whole()


def _column(code: str, kind: col.Kind, ru: str) -> Column:
    return Column(code, kind, ru, ru)


COLUMNS = (
    _column("post", _TEXT, "Должность"),
    _column("field", _TEXT, "Профессиональная область"),
    _column("title", _TEXT, "Уточнение должности"),
    _column("region", _TEXT, "Область"),
    _column("district", _TEXT, "Район/город"),
    _column("place", _TEXT, "Населённый пункт"),
    _column("address", _TEXT, "Полный адрес"),
    _column("regime", col.choice(REGIMES), "Режим работы"),
    _column("character", col.choice(CHARACTERS), "Характер работы"),
    _column("conditions", col.choice(CONDITIONS), "Условия труда"),
    _column("internship", col.FLAG, "Стажировка"),
    _column("pay_from", _WHOLE, "Заработная плата от"),
    _column("pay_to", _WHOLE, "Заработная плата до"),
    _column("graduates", col.FLAG, "Для выпускников"),
    _column("places", _WHOLE, "Всего вакантных мест"),
    _column("places_youth", _WHOLE, "из них для молодёжи"),
    _column("places_disabled", _WHOLE, "из них для лиц с инвалидностью"),
    _column("places_probation", _WHOLE, "из них для лиц на учёте службы пробации"),
    _column("places_released", _WHOLE, "из них для освобождённых из мест лишения свободы"),
    _column(
        "places_without_care", _WHOLE, "из них для молодёжи, оставшейся без попечения родителей"
    ),
    _column("support", col.choices(SUPPORT), "Дополнительная социальная поддержка"),
    _column("experience_years", _WHOLE, "Стаж работы, лет"),
    _column("skills", _TEXT, "Профессиональные навыки"),
    _column("qualities", _TEXT, "Личные качества"),
    _column("education", col.choice(EDUCATIONS), "Образование"),
    _column("duties", _TEXT, "Должностные обязанности"),
    _column("licences", col.choices(LICENCES), "Категории водительских прав"),
    _column("languages", SPOKEN, "Знание языков"),
    _column("expires_on", col.DAY, "Срок публикации до"),
)


def export_for_exchange(
    session: Session, actor: Actor, *, now: datetime, employer: str = "", locale: str = "ru"
) -> Lines:
    """Listed vacancies within reach, or those of one employer (its key). Places of the vacancy's own
    kind are counted as they were asked for. Raises NotAllowed or NotFound."""
    statement = reach_vacancies(actor).where(Vacancy.state == "listed")
    if employer:
        chosen = find_employer(session, actor, employer)
        statement = statement.where(Employer.id == chosen.id)
    rows = session.execute(statement).all()
    regions = _find_regions(session, [place for _, _, place, _ in rows])
    records = [
        {**_describe(vacancy), **_locate(place, district, regions), **_count(vacancy, actor)}
        for vacancy, _, place, district in rows
    ]
    lines = lay_out(COLUMNS, records, "ru")
    return take_out(session, actor, "vacancies", lines, now=now, form="exchange")


def _describe(vacancy: Vacancy) -> dict[str, Any]:
    told = {column.code: getattr(vacancy, column.code, None) for column in COLUMNS}
    # The exchange knows housing only as a kind of support.
    offered = {*vacancy.support, *(["housing"] if vacancy.housing else [])}
    support = [code for code in SUPPORT if code in offered]
    return told | {"post": vacancy.post or vacancy.title, "support": support}


def _count(vacancy: Vacancy, actor: Actor) -> dict[str, int]:
    total = {"places": sum(vacancy.asked.values())}
    if not sees_inside(actor):
        return total
    return total | {name: vacancy.asked.get(code, 0) for name, code in CATEGORY_PLACES.items()}


def _locate(place: Place, district: Place | None, regions: Mapping[str, str]) -> dict[str, str]:
    region = regions.get(_region_of(place), "")
    return {"region": region, "district": (district or place).name_ru, "place": place.name_ru}


def _find_regions(session: Session, places: list[Place]) -> dict[str, str]:
    katos = {_region_of(place) for place in places}
    rows = session.execute(select(Place.kato, Place.name_ru).where(Place.kato.in_(katos)))
    return {kato: name for kato, name in rows}  # noqa: C416


def _region_of(place: Place) -> str:
    return place.path.split("/")[1]
