"""Vacancies: jobs an employer lists against slots, with what a fair match has to know of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, case, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota import journal, rates, rights, slots
from quota.employers import Employer
from quota.errors import Fault, Invalid, NotFound, WrongState, fault
from quota.places import find_place
from quota.rights import Actor
from quota.slots import Slot, Source
from quota.states import VACANCY
from quota.tables import Keyed, Table, Tenge

FLAGS = ("minors", "driving", "money", "state_sector", "hazardous", "heavy", "night", "rotational")
LICENCES = ("A", "B", "C", "D", "BE", "CE", "DE", "tractor")
ANY, BEYOND = "any", "beyond"  # keys of `asked` for places of any category, and beyond quota


class Vacancy(Keyed, Table):
    """A job. `shifts` is a list of {"days": "12345", "start": "08:00", "end": "17:00"}, days from
    Monday 1 to Sunday 7; a shift whose end is not after its start ends on the next day. `asked` is how
    many places a listing draws: {category, ANY or BEYOND: number}."""

    __tablename__ = "vacancies"
    WORKFLOW = VACANCY

    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    number: Mapped[str] = mapped_column(String(40), default="")
    title: Mapped[str] = mapped_column(String(200))
    title_search: Mapped[str] = mapped_column(String(200), index=True)
    isco08: Mapped[str | None] = mapped_column(String(4), index=True)
    kato: Mapped[str] = mapped_column(ForeignKey("places.kato"))
    address: Mapped[str] = mapped_column(String(300), default="")
    pay_from: Mapped[Tenge]
    pay_to: Mapped[Tenge]
    shifts: Mapped[list[Any]] = mapped_column(default=list)
    flags: Mapped[list[Any]] = mapped_column(default=list)
    licences: Mapped[list[Any]] = mapped_column(default=list)
    experience_years: Mapped[int] = mapped_column(default=0)
    housing: Mapped[bool] = mapped_column(default=False)
    transport: Mapped[bool] = mapped_column(default=False)
    duties: Mapped[str] = mapped_column(Text, default="")
    asked: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(12), default="draft", index=True)
    listed_at: Mapped[datetime | None]
    expires_on: Mapped[date | None]
    created_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class VacancyRow:
    """A vacancy as lists show it."""

    key: str
    title: str
    isco08: str | None
    employer_key: str
    employer_name: str
    kato: str
    pay_from: int
    pay_to: int
    state: str
    places: int
    open_places: int
    listed_at: datetime | None


EDITABLE = (
    "number",
    "title",
    "isco08",
    "kato",
    "address",
    "pay_from",
    "pay_to",
    "shifts",
    "flags",
    "licences",
    "experience_years",
    "housing",
    "transport",
    "duties",
    "asked",
    "expires_on",
)


def add_vacancy(
    session: Session, actor: Actor, employer: Employer, fields: Mapping[str, Any], *, now: datetime
) -> Vacancy:
    """Enters a draft. `fields` are of EDITABLE; title, kato and pay_from are needed.

    Raises NotAllowed, NotFound, or Invalid with every faulty field (pay below the minimum wage of
    the day among them).
    """
    rights.check(actor, "vacancies.edit", employer.scope())
    complete = {"pay_to": fields.get("pay_from"), **fields}
    _refuse(session, complete, needed=("title", "kato", "pay_from"), now=now)
    find_place(session, complete["kato"])
    title = complete["title"].strip()
    vacancy = Vacancy(
        employer_id=employer.id,
        created_at=now,
        state="draft",
        title_search=title.casefold(),
        **{**complete, "title": title},
    )
    session.add(vacancy)
    session.flush()
    journal.write(session, actor, "add", vacancy, now=now)
    return vacancy


def change_vacancy(
    session: Session, actor: Actor, key: str, fields: Mapping[str, Any], *, now: datetime
) -> Vacancy:
    """Changes some EDITABLE fields of a vacancy that is not withdrawn. Raises NotAllowed, NotFound,
    WrongState or Invalid."""
    vacancy = find_vacancy(session, actor, key, right="vacancies.edit")
    if vacancy.state == "withdrawn":
        raise WrongState("wrong_state", noun="vacancy", state=vacancy.state, verb="change")
    together = {name: getattr(vacancy, name) for name in EDITABLE} | dict(fields)
    _refuse(session, together, needed=("title", "kato", "pay_from"), now=now)
    find_place(session, together["kato"])
    changed = sorted(name for name in fields if getattr(vacancy, name) != fields[name])
    if "asked" in changed and vacancy.state != "draft":
        raise Invalid(fault("places", "already_listed"))
    for name in changed:
        setattr(vacancy, name, fields[name])
    if changed:
        vacancy.title_search = vacancy.title.casefold()
        journal.write(session, actor, "change", vacancy, now=now, fields=changed)
    return vacancy


def list_vacancy(
    session: Session,
    actor: Actor,
    key: str,
    *,
    asked: Mapping[str, int] | None = None,
    now: datetime,
) -> Vacancy:
    """Lists a draft: draws the places it asks for (or `asked`, remembered instead) from the
    employer's free slots and opens those beyond quota.

    Raises NotAllowed, NotFound, WrongState (not a draft, too few slots) or Invalid (no place at all,
    profession not confirmed).
    """
    vacancy = find_vacancy(session, actor, key, right="vacancies.edit")
    employer = session.get_one(Employer, vacancy.employer_id)
    VACANCY.next(vacancy.state, "list")
    places = {name: count for name, count in (asked or vacancy.asked).items() if count > 0}
    if vacancy.isco08 is None:
        raise Invalid(fault("isco08", "confirm_profession"))
    if not places:
        raise Invalid(fault("places", "at_least", least=1))
    vacancy.asked = places
    _draw_slots(session, actor, vacancy, employer, now=now)
    journal.move(session, actor, vacancy, "list", now=now, listed_at=now)
    return vacancy


def _draw_slots(
    session: Session, actor: Actor, vacancy: Vacancy, employer: Employer, *, now: datetime
) -> None:
    # Places of a named category first: a place for anybody must not use up a scarcer one.
    named = sorted(set(vacancy.asked) - {ANY, BEYOND})
    for name in [*named, ANY]:
        count = vacancy.asked.get(name, 0)
        category = None if name == ANY else name
        free = slots.find_free_slots(session, employer.id, category=category)
        if len(free) < count:
            raise WrongState("too_few_slots", noun="slot", free=len(free), wanted=count)
        slots.attach_slots(session, actor, free[:count], vacancy_id=vacancy.id, now=now)
    if beyond := vacancy.asked.get(BEYOND, 0):
        pattern = Slot(source=Source.BEYOND, vacancy_id=vacancy.id)
        slots.open_slots(session, actor, employer, pattern, count=beyond, now=now)


def find_vacancy(
    session: Session, actor: Actor, key: str, *, right: str = "vacancies.read"
) -> Vacancy:
    """The vacancy with this key. Raises NotAllowed, or NotFound also when out of reach."""
    row = session.execute(
        select(Vacancy, Employer)
        .join(Employer, Employer.id == Vacancy.employer_id)
        .where(Vacancy.key == key)
    ).one_or_none()
    if row is None:
        raise NotFound("not_found")
    rights.check(actor, right, row[1].scope())
    return row[0]


def list_rows(
    session: Session, actor: Actor, *, states: Sequence[str] = (), limit: int = 50, offset: int = 0
) -> list[VacancyRow]:
    """Vacancies within reach, newest listing first, in two queries however many rows."""
    statement = select(Vacancy, Employer.key, Employer.name).join(
        Employer, Employer.id == Vacancy.employer_id
    )
    statement = rights.limit(
        statement,
        actor,
        "vacancies.read",
        centre=Employer.centre_id,
        employer=Employer.id,
        territory=Employer.territory,
    )
    if states:
        statement = statement.where(Vacancy.state.in_(states))
    order = (Vacancy.listed_at.desc().nulls_last(), Vacancy.id.desc())
    rows = session.execute(statement.order_by(*order).limit(limit).offset(offset)).all()
    counts = count_places(session, [row[0].id for row in rows])
    return [_to_row(vacancy, key, name, counts) for vacancy, key, name in rows]


def count_places(session: Session, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """{vacancy id: (places, open places)}."""
    is_open = func.sum(case((Slot.state == "open", 1), else_=0))
    rows = session.execute(
        select(Slot.vacancy_id, func.count(), is_open)
        .where(Slot.vacancy_id.in_(ids), Slot.state != "closed")
        .group_by(Slot.vacancy_id)
    )
    return {vacancy: (places, int(free)) for vacancy, places, free in rows}


def check_fields(session: Session, fields: Mapping[str, Any], *, now: datetime) -> list[Fault]:
    """What is wrong with the given fields, pay against the minimum wage of the day included."""
    faults = [fault(name, "unknown_field") for name in fields if name not in EDITABLE]
    pay_from, pay_to = fields.get("pay_from"), fields.get("pay_to")
    if pay_from is not None:
        least = rates.rate_on(session, rates.MINIMUM_WAGE, now.date())
        if pay_from < least:
            faults.append(fault("pay_from", "below_minimum_wage", least=least))
        if pay_to is not None and pay_to < pay_from:
            faults.append(fault("pay_to", "below_start"))
    for name, known in (("flags", FLAGS), ("licences", LICENCES)):
        if any(value not in known for value in fields.get(name) or ()):
            faults.append(fault(name, "unknown_choice"))
    if any(count < 0 for count in (fields.get("asked") or {}).values()):
        faults.append(fault("places", "not_negative"))
    return faults


def _refuse(
    session: Session, fields: Mapping[str, Any], *, needed: Sequence[str], now: datetime
) -> None:
    faults = [fault(n, "required") for n in needed if not str(fields.get(n) or "").strip()]
    faults += check_fields(session, fields, now=now)
    if faults:
        raise Invalid(*faults)


def _to_row(
    vacancy: Vacancy, key: str, name: str, counts: Mapping[int, tuple[int, int]]
) -> VacancyRow:
    places, free = counts.get(vacancy.id, (0, 0))
    return VacancyRow(
        key=vacancy.key,
        title=vacancy.title,
        isco08=vacancy.isco08,
        employer_key=key,
        employer_name=name,
        kato=vacancy.kato,
        pay_from=vacancy.pay_from,
        pay_to=vacancy.pay_to,
        state=vacancy.state,
        places=places,
        open_places=free,
        listed_at=vacancy.listed_at,
    )
