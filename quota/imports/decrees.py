"""A decree's annex from a sheet: one row an employer and category, the act itself repeated in each."""

import re
from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from quota import columns as col
from quota import decrees, ledger, rights
from quota.centres import Centre
from quota.clauses import read_per_cent
from quota.columns import Column, Reading
from quota.decrees import Decree, Line
from quota.errors import Invalid, SenimError, fault
from quota.imports.employers import IDENTIFIER, find_employer_of, index_employers, pick_changed
from quota.imports.report import Done, Report, Status, Watch, run
from quota.rights import Actor, Scope
from quota.sheets import Cell, Sheet

CATEGORIES: col.Labels = {
    "probation": ("пробация", "пробация", "учет пробации", "пробация есебі"),
    "released": (
        "босатылған",
        "освобожденные",
        "освобождённые из мест лишения свободы",
        "released_from_prison",
    ),
    "disabled": ("мүгедектігі бар", "с инвалидностью", "инвалиды"),
    "minors_from_boarding_institutions": (
        "қамқорлықсыз қалған жастар",
        "молодёжь без попечения родителей",
        "выпускники интернатов",
    ),
}


def _parse_category(cell: Cell) -> str:
    """A category by any of its names, or the code of another that an act names."""
    try:
        return str(_KNOWN.parse(cell))
    except SenimError:
        written = str(cell).strip()
        if not re.fullmatch(r"[a-z_]{1,40}", written):
            raise
        return written


def _parse_per_cent(cell: Cell) -> int | None:
    """Hundredths of a per cent: `1`, `1,5` and `2 %` are 100, 150 and 200."""
    try:
        return read_per_cent("per_cent", str(cell))
    except Invalid as refusal:
        raise SenimError(refusal.faults[0].code) from None


_KNOWN = col.choice(CATEGORIES)
CATEGORY = col.Kind("choice", _parse_category, CATEGORIES)
PER_CENT = col.Kind("per_cent", _parse_per_cent)
# What names the act; one without number and date is known by its akimat, registration and title.
ACT_COLUMNS = (
    Column("decree_number", col.text(60), "Қаулы нөмірі", "Номер постановления", example="214"),
    Column("decree_date", col.DAY, "Қаулы күні", "Дата постановления", example="2026-01-20"),
    Column("akimat", col.text(300), "Әкімдік", "Акимат", example="Талғар ауданының әкімдігі"),
    Column("title", col.text(500), "Қаулы атауы", "Название постановления"),
    Column("legal_basis", col.text(2_000), "Құқықтық негіз", "Правовое основание"),
    Column("valid_from", col.DAY, "Қолданыла бастауы", "Действует с"),
    Column("valid_until", col.DAY, "Қолданылу мерзімі", "Действует до"),
    Column("kind", col.text(40), "Құжат түрі", "Вид документа"),
    Column("oblast", col.text(300), "Облыс", "Область"),
    Column("registry_id", col.text(60), "Тізілімдегі коды", "Код в реестре"),
    Column("registered", col.text(100), "Тіркелуі", "Регистрация"),
    Column("status", col.text(300), "Қаулының күйі", "Состояние постановления"),
    Column("source", col.text(300), "Дереккөз", "Источник"),
)
COLUMNS = (
    *ACT_COLUMNS,
    IDENTIFIER,
    Column("category", CATEGORY, "Санат", "Категория", True, "probation"),
    Column("headcount", col.whole(), "Тізімдік саны", "Списочная численность", example=260),
    Column("excluded", col.whole(), "Есептелмейтін орын", "Не учитываемых мест", example=20),
    Column("per_cent", PER_CENT, "Квота, %", "Квота, %", example=1),
    Column("stated", col.whole(100_000), "Квота бойынша орын", "Мест по квоте", example=3),
)
_ACT = tuple(c.code for c in ACT_COLUMNS if c.code not in ("decree_number", "decree_date"))


class Acts:
    """Finds the act that a row names, or enters it with its first row."""

    def __init__(self, session: Session, actor: Actor, centre_id: int, now: datetime) -> None:
        self._session, self._actor, self._now = session, actor, now
        self._centre = session.get_one(Centre, centre_id)

    def name(self, values: Mapping[str, Any]) -> tuple[Hashable, ...]:
        """What tells the act of a row from others."""
        number = values.get("decree_number", "")
        more = () if number else (values.get(n, "") for n in ("akimat", "registry_id", "title"))
        return (number, values.get("decree_date"), *more)

    def obtain(self, values: Mapping[str, Any]) -> Decree:
        """Raises Invalid for a new act without its akimat, and what `decrees.add_decree` raises."""
        return self._find(values) or self._add(values)

    def _find(self, values: Mapping[str, Any]) -> Decree | None:
        number, dated, *more = self.name(values)
        wanted = select(Decree).where(Decree.centre_id == self._centre.id)
        wanted = wanted.where(Decree.number == number, Decree.dated == dated)
        for column, value in zip(
            (Decree.akimat, Decree.registry_id, Decree.title), more, strict=False
        ):
            wanted = wanted.where(column == value)
        return self._session.scalar(wanted.order_by(Decree.id).limit(1))

    def _add(self, values: Mapping[str, Any]) -> Decree:
        if not values.get("akimat"):
            raise Invalid(fault("akimat", "required"))
        decree = Decree(
            number=values.get("decree_number", ""),
            dated=values.get("decree_date"),
            territory=self._centre.territory,
            centre_id=self._centre.id,
            **{"title": "", **{name: values[name] for name in _ACT if name in values}},
        )
        return decrees.add_decree(self._session, self._actor, decree, [], now=self._now)


def import_decree(
    session: Session,
    actor: Actor,
    sheet: Sheet,
    *,
    centre_id: int,
    now: datetime,
    dry_run: bool = False,
    watch: Watch | None = None,
) -> Report:
    """Enters annex rows by decree, employer and category, and opens the stated places. An act not
    known yet is entered with its first row.

    Raises NotAllowed, NotFound, or Invalid for a sheet without a needed column.
    """
    rights.check(actor, "imports.run", Scope(centre_id=centre_id))
    importer = _Annex(session, actor, centre_id, now)
    return run(session, importer, sheet, dry_run=dry_run, watch=watch)


class _Annex:
    noun = "decree"
    columns: Sequence[Column] = COLUMNS
    named: ClassVar[Mapping[str, str]] = {"basis_points": "per_cent"}

    def __init__(self, session: Session, actor: Actor, centre_id: int, now: datetime) -> None:
        self._session, self._actor, self._now = session, actor, now
        self._acts, self._centre_id = Acts(session, actor, centre_id, now), centre_id

    def prepare(self, readings: Sequence[Reading]) -> None:
        self._employers = index_employers(self._session, self._centre_id)
        rows = self._session.scalars(select(Line))
        self._known = {(line.decree_id, line.employer_id, line.category): line for line in rows}

    def identify(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        return ((*self._acts.name(values), values["identifier"], values["category"]),)

    def enter(self, values: Mapping[str, Any]) -> Done:
        session, actor, now = self._session, self._actor, self._now
        employer = find_employer_of(self._employers, values)
        decree = self._acts.obtain(values)
        fields = {
            name: values[name] for name in ("headcount", "excluded", "stated") if name in values
        }
        if "per_cent" in values:
            fields["basis_points"] = values["per_cent"]
        known = self._known.get((decree.id, employer.id, values["category"]))
        if known is None:
            line = Line(category=values["category"], **{"excluded": 0, **fields})
            decrees.add_line(session, actor, decree, employer, line, now=now)
            ledger.open_stated(session, actor, line, now=now)
            return Done(Status.CREATED, line.key, _notice_difference(line))
        if not (changed := pick_changed(known, fields)):
            return Done(Status.UNCHANGED, known.key, _notice_difference(known))
        decrees.change_line(session, actor, known, changed, now=now)
        ledger.open_stated(session, actor, known, now=now)
        return Done(Status.CHANGED, known.key, _notice_difference(known))


def _notice_difference(line: Line) -> list[Any]:
    """The stated number counts; that the rule gives another is told."""
    if line.computed is None or line.computed == line.stated:
        return []
    return [fault("stated", "differs_from_rule", stated=line.stated, computed=line.computed)]
