"""A decree's annex from a sheet: one row an employer and category, the act itself repeated in each."""

import re
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import select

from quota import annexes, decrees
from quota import columns as col
from quota.categories import CATEGORIES, check_category
from quota.clauses import read_per_cent
from quota.columns import Column, Reading
from quota.decrees import Decree, Line
from quota.errors import Invalid, SenimError, fault
from quota.imports.importer import IDENTIFIER, Importer, pick_changed
from quota.imports.report import Done, Status
from quota.sheets import Cell


def _parse_category(cell: Cell) -> str:
    """A category by any of its names, or what may be the code of another that an act names."""
    try:
        return str(_KNOWN.parse(cell))
    except SenimError:
        written = str(cell).strip()
        if not re.fullmatch(r"[a-z_]{1,40}", written):
            raise
        return written


def _write_per_cent(points: int, _locale: str) -> Cell:
    return points / 100 if points % 100 else points // 100


def _parse_per_cent(cell: Cell) -> int | None:
    """Hundredths of a per cent: `1`, `1,5` and `2 %` are 100, 150 and 200."""
    try:
        return read_per_cent("per_cent", str(cell))
    except Invalid as refusal:
        raise SenimError(refusal.faults[0].code) from None


_KNOWN = col.choice(CATEGORIES)
KINDS: col.Labels = {
    "decree_rule": (
        *("Ережесі бар қаулы", "Постановление с правилом"),
        "Decree with its rule",
    ),
    "decree_header_only": (
        *("Қаулы, мәтіні қолда жоқ", "Постановление, текста нет под рукой"),
        "Decree, text not at hand",
    ),
    "official_site_article": (
        *("Ресми сайттағы мақала", "Статья официального сайта"),
        "Article of an official site",
    ),
    "press_statement": (
        *("Баспасөздегі мәлімдеме", "Заявление в прессе"),
        "Statement in the press",
    ),
}
CATEGORY = col.Kind("choice", _parse_category, CATEGORIES, _KNOWN.write)
PER_CENT = col.Kind("per_cent", _parse_per_cent, write=_write_per_cent)
NEW_CATEGORY = Column("new_category", col.FLAG, "Жаңа санат", "Новая категория")
REFERENCE = Column(
    "reference", col.text(60), "Дереккөздегі жол", "Строка в источнике", example="D01"
)
# What names the act; one without number and date is known by its akimat, registration and title.
ACT_COLUMNS = (
    Column("decree_number", col.text(60), "Қаулы нөмірі", "Номер постановления", example="214"),
    Column("decree_date", col.DAY, "Қаулы күні", "Дата постановления", example="2026-01-20"),
    Column("akimat", col.text(300), "Әкімдік", "Акимат", example="Талғар ауданының әкімдігі"),
    Column("title", col.text(500), "Қаулы атауы", "Название постановления"),
    Column("legal_basis", col.text(2_000), "Құқықтық негіз", "Правовое основание"),
    Column("valid_from", col.DAY, "Қолданыла бастауы", "Действует с"),
    Column("valid_until", col.DAY, "Қолданылу мерзімі", "Действует до"),
    Column("kind", col.choice(KINDS), "Құжат түрі", "Вид документа"),
    Column("oblast", col.text(300), "Облыс", "Область"),
    Column("registry_id", col.text(60), "Тізілімдегі коды", "Код в реестре"),
    Column("registered", col.text(100), "Тіркелуі", "Регистрация"),
    Column("status", col.text(300), "Қаулының күйі", "Состояние постановления"),
    Column("source", col.text(300), "Дереккөз", "Источник"),
    Column("decree_note", col.text(2_000), "Қаулыға ескертпе", "Примечание к постановлению"),
)
COLUMNS = (
    *ACT_COLUMNS,
    IDENTIFIER,
    Column("category", CATEGORY, "Санат", "Категория", True, "probation"),
    NEW_CATEGORY,
    Column("headcount", col.whole(), "Тізімдік саны", "Списочная численность", example=260),
    Column("excluded", col.whole(), "Есептелмейтін орын", "Не учитываемых мест", example=20),
    Column("per_cent", PER_CENT, "Квота, %", "Квота, %", example=1),
    Column("stated", col.whole(100_000), "Квота бойынша орын", "Мест по квоте", example=3),
    Column("named", col.text(300), "Қосымшадағы атауы", "Наименование в приложении"),
    REFERENCE,
)
_ACT_NAMES = {"decree_number": "number", "decree_date": "dated", "decree_note": "note"}
# What each column is called in the tables of acts and of annex rows.
ACT_FIELDS = {c.code: _ACT_NAMES.get(c.code, c.code) for c in ACT_COLUMNS}
LINE_FIELDS = {
    "named": "named",
    "reference": "reference",
    "headcount": "headcount",
    "excluded": "excluded",
    "stated": "stated",
    "per_cent": "basis_points",
}
_ACT = tuple(c for c in ACT_FIELDS if c not in ("decree_number", "decree_date"))


class Acts:
    """Finds the act that a row names, or enters it with its first row. What a file says otherwise of a known
    act is changed; what one row says otherwise than another is refused."""

    def __init__(self, importer: Importer) -> None:
        self._importer = importer
        self._told: dict[Hashable, Mapping[str, Any]] = {}

    def name(self, values: Mapping[str, Any]) -> tuple[Hashable, ...]:
        """What tells the act of a row from others."""
        number = values.get("decree_number", "")
        more = () if number else (values.get(n, "") for n in ("akimat", "registry_id", "title"))
        return (number, values.get("decree_date"), *more)

    def obtain(self, values: Mapping[str, Any]) -> tuple[Decree, Status | None]:
        """The act, and whether it was entered or changed just now. Raises Invalid for a new act without
        its akimat or where an earlier row says otherwise of it, and what the verbs of acts raise."""
        told = self._told.get(self.name(values), {})
        said = {name: values[name] for name in _ACT if name in values}
        if faults := [fault(n, "differs_in_file") for n in said if told.get(n, said[n]) != said[n]]:
            raise Invalid(*faults)
        decree = self._find(values)
        changed = pick_changed(decree, _name_fields(said)) if decree else {}
        news = Status.CHANGED if changed else None
        if decree is None:
            decree, news = self._add(values), Status.CREATED
        elif changed:
            run = self._importer
            decrees.change_decree(run.session, run.actor, decree.key, changed, now=run.now)
        self._told[self.name(values)] = {**told, **said}
        return decree, news

    def _find(self, values: Mapping[str, Any]) -> Decree | None:
        number, dated, *more = self.name(values)
        wanted = select(Decree).where(Decree.centre_id == self._importer.centre.id)
        wanted = wanted.where(Decree.number == number, Decree.dated == dated)
        for column, value in zip(
            (Decree.akimat, Decree.registry_id, Decree.title), more, strict=False
        ):
            wanted = wanted.where(column == value)
        return self._importer.session.scalar(wanted.order_by(Decree.id).limit(1))

    def _add(self, values: Mapping[str, Any]) -> Decree:
        if not values.get("akimat"):
            raise Invalid(fault("akimat", "required"))
        run = self._importer
        decree = Decree(
            number=values.get("decree_number", ""),
            dated=values.get("decree_date"),
            territory=run.centre.territory,
            centre_id=run.centre.id,
            **{"title": "", **_name_fields({n: values[n] for n in _ACT if n in values})},
        )
        return decrees.add_decree(run.session, run.actor, decree, [], now=run.now)


def _name_fields(said: Mapping[str, Any]) -> dict[str, Any]:
    return {ACT_FIELDS[column]: value for column, value in said.items()}


def read_category(importer: Importer, values: Mapping[str, Any]) -> str:
    """The row's category. Raises Invalid for one that no act has named and the row does not call new."""
    new = values.get("new_category", False)
    return check_category(importer.session, values["category"], new=new)


class AnnexImport(Importer):
    """Annex rows by decree, employer and category, with the stated places opened. An act not known yet
    is entered with its first row."""

    noun = "decree"
    columns = COLUMNS
    named: ClassVar[Mapping[str, str]] = {"basis_points": "per_cent"}

    def prepare(self, readings: Sequence[Reading]) -> None:
        self._acts = Acts(self)
        rows = self.session.scalars(select(Line))
        self._known = {(line.decree_id, line.employer_id, line.category): line for line in rows}

    def identify(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        return ((*self._acts.name(values), values["identifier"], values["category"]),)

    def enter(self, values: Mapping[str, Any]) -> Done:
        session, actor, now = self.session, self.actor, self.now
        employer, category = self.find_employer(values), read_category(self, values)
        decree, news = self._acts.obtain(values)
        done, line = self.settle(
            self._known.get((decree.id, employer.id, category)),
            {name: values[column] for column, name in LINE_FIELDS.items() if column in values},
            add=lambda fields: annexes.enter_line(
                session,
                actor,
                decree,
                employer,
                Line(category=category, **{"excluded": 0, **fields}),
                now=now,
            ),
            change=lambda known, more: annexes.change_row(session, actor, known, more, now=now),
        )
        if news:
            done.mark_changed()
        done.notices += _notice_difference(line)
        return done


def _notice_difference(line: Line) -> list[Any]:
    """The stated number counts; that the rule gives another is told."""
    if line.computed is None or line.computed == line.stated:
        return []
    return [fault("stated", "differs_from_rule", stated=line.stated, computed=line.computed)]
