"""Postings: open vacancies that name no quota category, as anybody may read them.

They are for people who agree to nothing: nothing here says what the employer owes or pledged, or for
whom, so a visit there discloses nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from quota.employers import Employer
from quota.places import Place
from quota.slots import Slot
from quota.vacancies import Vacancy


@dataclass(frozen=True, slots=True)
class Posting:
    """`pay_from` and `pay_to` are whole tenge a month; `place` is a name by language."""

    title: str
    employer: str
    phone: str
    place: Mapping[str, str]
    address: str
    pay_from: int
    pay_to: int
    shifts: Sequence[Mapping[str, Any]]
    experience_years: int
    licences: Sequence[str]
    housing: bool
    transport: bool
    duties: str
    expires_on: date | None


def list_postings(
    session: Session, territory: str, *, day: date, limit: int, offset: int = 0
) -> list[Posting]:
    """Postings within a territory (a place path such as `/190000000/`), the newest first. They are
    public: whoever opens the page may read them."""
    rows = session.execute(
        _select(territory, day)
        .order_by(Vacancy.listed_at.desc().nulls_last(), Vacancy.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [_to_posting(vacancy, employer, place) for vacancy, employer, place in rows]


def count_postings(session: Session, territory: str, *, day: date) -> int:
    """How many postings there are within a territory."""
    statement = _select(territory, day).with_only_columns(func.count(Vacancy.id))
    return session.scalar(statement) or 0


def _select(territory: str, day: date) -> Select[Vacancy, Employer, Place]:
    under = Slot.vacancy_id == Vacancy.id
    return (
        select(Vacancy, Employer, Place)
        .join(Employer, Employer.id == Vacancy.employer_id)
        .join(Place, Place.kato == Vacancy.kato)
        .where(
            Place.path.startswith(territory, autoescape=True),
            Vacancy.state == "listed",
            or_(Vacancy.expires_on.is_(None), Vacancy.expires_on >= day),
            exists().where(under, Slot.state == "open"),
            ~exists().where(under, Slot.category.is_not(None)),
        )
    )


def _to_posting(vacancy: Vacancy, employer: Employer, place: Place) -> Posting:
    return Posting(
        title=vacancy.title,
        employer=employer.name,
        phone=employer.contact_phone,
        place=place.names(),
        address=vacancy.address,
        pay_from=vacancy.pay_from,
        pay_to=vacancy.pay_to,
        shifts=vacancy.shifts,
        experience_years=vacancy.experience_years,
        licences=vacancy.licences,
        housing=vacancy.housing,
        transport=vacancy.transport,
        duties=vacancy.duties,
        expires_on=vacancy.expires_on,
    )
