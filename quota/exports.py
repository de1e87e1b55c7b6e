"""Exports: each noun as a table under the headers its import reads, so that what goes out can come back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from quota import columns as col
from quota import journal, references, rights
from quota.categories import CATEGORIES
from quota.clauses import Rule
from quota.columns import Column, Kind
from quota.decrees import Decree, Line
from quota.employers import Basis, Employer
from quota.imports import clauses, travel
from quota.imports import decrees as annexes
from quota.imports import employers as firms
from quota.imports import memoranda as pledges
from quota.imports import vacancy_columns as jobs
from quota.memoranda import Memorandum, Pledge
from quota.places import Place, label_place, names_of
from quota.rights import Actor, Scope
from quota.sheets import Cell
from quota.vacancies import ANY, BEYOND, Vacancy

Lines = list[list[Cell | None]]

_MEMORANDUM_STATES: col.Labels = {
    "draft": ("жоба", "черновик"),
    "active": ("күшінде", "действует"),
    "suspended": ("тоқтатылып тұр", "приостановлен"),
    "ended": ("аяқталған", "прекращён"),
}
_VACANCY_STATES: col.Labels = {
    "draft": ("жоба", "черновик"),
    "listed": ("жарияланған", "опубликована"),
    "paused": ("тоқтатылып тұр", "приостановлена"),
    "filled": ("толған", "занята"),
    "withdrawn": ("қайтарып алынған", "отозвана"),
    "expired": ("мерзімі өткен", "истёк срок"),
}
_COMPUTED = (
    Column("computed", col.whole(), "Ереже бойынша орын", "Мест по правилу"),
    Column("computed_to", col.whole(), "Ереже бойынша орын, дейін", "Мест по правилу, до"),
)
_ACT_ORDER = (Decree.dated.nulls_last(), Decree.number, Decree.id)
_BASIS_FIELDS = {
    "basis": "kind",
    "basis_number": "number",
    "basis_subject": "subject",
    "basis_amount": "amount",
    "basis_from": "starts_on",
    "basis_to": "ends_on",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """What the journal names when a whole table is taken out."""

    __tablename__: str
    key: str = "table"


def export_employers(session: Session, actor: Actor, *, locale: str, now: datetime) -> Lines:
    """Employers within reach, heads before their branches, each in as many rows as it has bases. Raises
    NotAllowed."""
    head = aliased(Employer)
    wanted = with_places(select(Employer), Employer.kato).add_columns(head.identifier, Basis)
    wanted = wanted.outerjoin(head, head.id == Employer.parent_id)
    wanted = wanted.outerjoin(Basis, Basis.employer_id == Employer.id)
    order = (Employer.parent_id.is_not(None), Employer.identifier, Basis.id)
    rows = session.execute(_reach(wanted, actor, "employers.read").order_by(*order))
    records = [
        {**_values(employer), **locate(place, district, locale), **_ground(basis), "parent": parent}
        for employer, place, district, parent, basis in rows
    ]
    # What the centre noted about an employer is not for the employer.
    shown = [c for c in firms.COLUMNS if c.code != "notes" or sees_inside(actor)]
    return take_out(session, actor, "employers", lay_out(shown, records, locale), now=now)


def export_memoranda(session: Session, actor: Actor, *, locale: str, now: datetime) -> Lines:
    """Memoranda within reach, by employer and date. Raises NotAllowed."""
    statement = select(Memorandum, Employer.identifier, Basis.number).join(
        Employer, Employer.id == Memorandum.employer_id
    )
    statement = statement.outerjoin(Basis, Basis.id == Memorandum.basis_id)
    statement = _reach(statement, actor, "memoranda.read")
    order = (Employer.identifier, Memorandum.signed_on, Memorandum.id)
    rows = session.execute(statement.order_by(*order)).all()
    lines = _tell_pledges(session, locale)
    records = [
        {**_values(memorandum), "identifier": identifier, "basis_number": number}
        | {"lines": lines.get(memorandum.id)}
        for memorandum, identifier, number in rows
    ]
    shown = (*pledges.COLUMNS, _state(_MEMORANDUM_STATES))
    return take_out(session, actor, "memoranda", lay_out(shown, records, locale), now=now)


def export_vacancies(session: Session, actor: Actor, *, locale: str, now: datetime) -> Lines:
    """Vacancies within reach, by employer; one without a number stands under its key. An employer's own
    table names no category. Raises NotAllowed."""
    rows = session.execute(reach_vacancies(actor)).all()
    sites = {site["kato"] for vacancy, *_ in rows for site in vacancy.sites}
    names = {kato: told[locale] for kato, told in names_of(session, sites).items()}
    records = [
        {**_values(vacancy), **locate(place, district, locale), **count_asked(vacancy, actor)}
        | {"identifier": employer.identifier, "number": vacancy.number or vacancy.key}
        | {"isco08": (vacancy.isco08, vacancy.isco08_suffix) if vacancy.isco08 else None}
        | {"sites": [_name_site(site, names) for site in vacancy.sites]}
        for vacancy, employer, place, district in rows
    ]
    hidden = () if sees_inside(actor) else (*jobs.CATEGORY_PLACES, jobs.OTHER_PLACES)
    shown = [c for c in (*jobs.COLUMNS, _state(_VACANCY_STATES)) if c.code not in hidden]
    return take_out(session, actor, "vacancies", lay_out(shown, records, locale), now=now)


def export_travel(session: Session, actor: Actor, *, locale: str, now: datetime) -> Lines:
    """Every recorded travel time, by places. Raises NotAllowed."""
    rights.check(actor, "references.read", Scope())
    times = references.list_travel_times(session)
    names = names_of(session, [kato for time in times for kato in (time.from_kato, time.to_kato)])
    records = [
        {
            "from_place": label_place(names[time.from_kato][locale], time.from_kato),
            "to_place": label_place(names[time.to_kato][locale], time.to_kato),
            "means": time.means,
            "minutes": time.minutes,
        }
        for time in times
    ]
    return take_out(session, actor, "travel", lay_out(travel.COLUMNS, records, locale), now=now)


def export_clauses(session: Session, actor: Actor, *, locale: str, now: datetime) -> Lines:
    """Acts within reach, the oldest first, each in as many rows as it has clauses; one without has its row
    too. An employer takes those that name it. Raises NotAllowed."""
    statement = _reach_acts(select(Decree, Rule), actor)
    statement = statement.outerjoin(Rule, Rule.decree_id == Decree.id)
    records = [
        _take(act, annexes.ACT_FIELDS) | _take(rule, clauses.RULE_FIELDS) | _call_new(rule)
        for act, rule in session.execute(statement.order_by(*_ACT_ORDER, Rule.id))
    ]
    return take_out(session, actor, "clauses", lay_out(clauses.COLUMNS, records, locale), now=now)


def export_annexes(session: Session, actor: Actor, *, locale: str, now: datetime) -> Lines:
    """The annex rows within reach with their acts, the oldest first, and what the clauses give beside the
    number stated; an exemption is not part of the annex. Raises NotAllowed."""
    statement = _reach_acts(select(Decree, Line, Employer.identifier), actor)
    statement = statement.join(Line, Line.decree_id == Decree.id)
    statement = statement.join(Employer, Employer.id == Line.employer_id)
    statement = _reach(statement, actor, "employers.read")
    order = (*_ACT_ORDER, Employer.identifier, Line.id)
    records = [
        _take(act, annexes.ACT_FIELDS)
        | _take(line, annexes.LINE_FIELDS)
        | {"category": line.category, **_call_new(line)}
        | {"identifier": identifier, "computed": line.computed, "computed_to": line.computed_to}
        for act, line, identifier in session.execute(statement.order_by(*order))
    ]
    shown = (*annexes.COLUMNS, *_COMPUTED)
    return take_out(session, actor, "decree", lay_out(shown, records, locale), now=now)


def reach_vacancies(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Vacancies within reach with employer, place and district, by employer. Raises NotAllowed."""
    whole = select(Vacancy, Employer).join(Employer, Employer.id == Vacancy.employer_id)
    statement: Select[*tuple[Any, ...]] = _reach(
        with_places(whole, Vacancy.kato), actor, "vacancies.read"
    )
    return statement.order_by(Employer.identifier, Vacancy.number, Vacancy.id)


def count_asked(vacancy: Vacancy, actor: Actor) -> dict[str, Any]:
    """The places asked for by column; to an employer, quota places are all alike."""
    if sees_inside(actor):
        return jobs.show_asked(vacancy.asked)
    beyond = vacancy.asked.get(BEYOND, 0)
    return jobs.show_asked({ANY: sum(vacancy.asked.values()) - beyond, BEYOND: beyond})


def sees_inside(actor: Actor) -> bool:
    """Whether the actor works at the side of the state: sees categories and the centre's notes."""
    return rights.has(actor, "meetings.read")


def lay_out(columns: Sequence[Column], records: Iterable[Mapping[str, Any]], locale: str) -> Lines:
    """A header line in the language, then a line a record with typed cells."""
    head: list[Cell | None] = [column.name(locale) for column in columns]
    return [head, *([show(c.kind, r.get(c.code), locale) for c in columns] for r in records)]


def show(kind: Kind, value: Any, locale: str) -> Cell | None:
    """A value as its import reads it: numbers and dates stay themselves, choices get their names."""
    return None if value is None or value in ("", [], {}) else kind.write(value, locale)


def take_out(
    session: Session, actor: Actor, noun: str, lines: Lines, *, now: datetime, **detail: Any
) -> Lines:
    """The lines, and an entry in the journal that so many were taken out."""
    journal.write(session, actor, "export", Taken(noun), now=now, rows=len(lines) - 1, **detail)
    return lines


def _tell_pledges(session: Session, locale: str) -> dict[int, list[dict[str, Any]]]:
    """The lines of profession and place by memorandum."""
    found = session.scalars(select(Pledge).order_by(Pledge.id)).all()
    names = names_of(session, {line.kato for line in found if line.kato})
    told: dict[int, list[dict[str, Any]]] = {}
    for line in found:
        place = label_place(names[line.kato][locale], line.kato) if line.kato else ""
        told.setdefault(line.memorandum_id, []).append({**_values(line), "place": place})
    return told


def _state(labels: col.Labels) -> Column:
    return Column("state", col.choice(labels), "Күйі", "Состояние")


def _take(record: Any, fields: Mapping[str, str]) -> dict[str, Any]:
    """What the record holds, by column."""
    return {column: getattr(record, name) for column, name in fields.items()} if record else {}


def _call_new(record: Rule | Line | None) -> dict[str, Any]:
    """A category that only acts here have named is called new: who reads the table may not know it."""
    return {"new_category": True} if record and record.category not in CATEGORIES else {}


def _values(record: Any) -> dict[str, Any]:
    return {column.key: getattr(record, column.key) for column in record.__table__.columns}


def _name_site(site: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    place = label_place(names[site["kato"]], site["kato"])
    return {"place": place, "address": site["address"]}


def locate(place: Place, district: Place | None, locale: str) -> dict[str, str]:
    """Place and district as columns; a district needs no district beside it."""
    names = {"place": label_place(place.names()[locale], place.kato)}
    return names if district in (None, place) else names | {"district": district.names()[locale]}


def _ground(basis: Basis | None) -> dict[str, Any]:
    return {code: getattr(basis, name) for code, name in _BASIS_FIELDS.items()} if basis else {}


def with_places(statement: Any, kato: Any) -> Any:
    """The statement with the place under `kato` and its district, if it has one, as two more columns."""
    district = aliased(Place)
    statement = statement.join(Place, Place.kato == kato).add_columns(Place, district)
    return statement.outerjoin(district, district.kato == Place.district_kato)


def _reach_acts(statement: Any, actor: Actor) -> Any:
    within = rights.limit(
        select(Decree.id).outerjoin(Line, Line.decree_id == Decree.id),
        actor,
        "decrees.read",
        centre=Decree.centre_id,
        employer=Line.employer_id,
        territory=Decree.territory,
    )
    return statement.where(Decree.id.in_(within))


def _reach(statement: Any, actor: Actor, right: str) -> Any:
    return rights.limit(
        statement.where(Employer.merged_into_id.is_(None)),
        actor,
        right,
        centre=Employer.centre_id,
        employer=Employer.id,
        territory=Employer.territory,
    )
