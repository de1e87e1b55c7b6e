"""Clauses of acts from a sheet: one row a category and headcount tier, with what the act leaves out open."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import select

from quota import annexes
from quota import columns as col
from quota.clauses import Rounding, Rule
from quota.columns import Column, Reading
from quota.imports.decrees import (
    ACT_COLUMNS,
    CATEGORY,
    NEW_CATEGORY,
    PER_CENT,
    Acts,
    read_category,
)
from quota.imports.importer import Importer
from quota.imports.report import Done, Status

ROUNDING: col.Labels = {
    "down": ("төмен қарай", "вниз", "төмен"),
    "up": ("жоғары қарай", "вверх", "жоғары"),
    "nearest": ("жақынына", "до ближайшего", "to the nearest"),
}
COLUMNS = (
    *ACT_COLUMNS,
    Column("category", CATEGORY, "Санат", "Категория", True, "probation"),
    NEW_CATEGORY,
    Column("headcount_from", col.whole(), "Саны, бастап", "Численность от", example=50),
    Column("headcount_to", col.whole(), "Саны, дейін", "Численность до", example=100),
    Column("per_cent", PER_CENT, "Квота, %", "Квота, %", example=1),
    Column("per_cent_to", PER_CENT, "Квота, % дейін", "Квота, % до"),
    Column("counted", col.text(300), "Неден есептеледі", "От чего считается"),
    Column("excludes", col.text(300), "Есептелмейтін орындар", "Не учитываемые места"),
    Column("rounding", col.choice(ROUNDING), "Дөңгелектеу", "Округление"),
    Column("grace_months", col.whole(120), "Мерзімі, ай", "Срок, месяцев", example=6),
    Column("note", col.text(2_000), "Ескертпе", "Примечание"),
)
_FIGURES = {"per_cent": "basis_points", "per_cent_to": "basis_points_to"}
_CLAUSE = (
    *("category", "headcount_from", "headcount_to", "basis_points", "basis_points_to"),
    *("counted", "excludes", "rounding", "grace_months", "note"),
)


class ClauseImport(Importer):
    """Clauses under their acts, and an act not known yet with its first row; annexes are computed anew."""

    noun = "clauses"
    columns = COLUMNS
    named: ClassVar[Mapping[str, str]] = {field: column for column, field in _FIGURES.items()}

    def prepare(self, readings: Sequence[Reading]) -> None:
        self._acts = Acts(self)
        rows = self.session.scalars(select(Rule))
        self._known = {(r.decree_id, *(getattr(r, name) for name in _CLAUSE)) for r in rows}

    def identify(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        return ((*self._acts.name(values), *_read(values).values()),)

    def enter(self, values: Mapping[str, Any]) -> Done:
        fields = _read(values) | {"category": read_category(self, values)}
        decree = self._acts.obtain(values)
        if (decree.id, *fields.values()) in self._known:
            return Done(Status.UNCHANGED, decree.key)
        annexes.add_clause(self.session, self.actor, decree.key, Rule(**fields), now=self.now)
        return Done(Status.CREATED, decree.key)


def _read(values: Mapping[str, Any]) -> dict[str, Any]:
    """A clause's fields in the order of _CLAUSE."""
    empty: dict[str, Any] = dict.fromkeys(_CLAUSE)
    empty |= {"counted": "", "excludes": "", "note": "", "rounding": Rounding.DOWN.value}
    said = {_FIGURES.get(name, name): value for name, value in values.items()}
    return empty | {name: said[name] for name in _CLAUSE if name in said}
