"""Clauses of acts from a sheet: one row a category and headcount tier, with what the act leaves out open. A
row may also hold an act alone, of which no clause is known yet."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import select

from quota import annexes
from quota import columns as col
from quota.clauses import Rounding, Rule
from quota.columns import Column, Reading
from quota.decrees import RULE_EDITABLE
from quota.errors import Invalid, fault
from quota.imports.decrees import (
    ACT_COLUMNS,
    CATEGORY,
    NEW_CATEGORY,
    PER_CENT,
    REFERENCE,
    Acts,
    read_category,
)
from quota.imports.importer import Importer, pick_changed
from quota.imports.report import Done, Status

ROUNDING: col.Labels = {
    "down": ("төмен қарай", "вниз", "төмен"),
    "up": ("жоғары қарай", "вверх", "жоғары"),
    "nearest": ("жақынына", "до ближайшего", "to the nearest"),
}
COLUMNS = (
    *ACT_COLUMNS,
    Column("category", CATEGORY, "Санат", "Категория", example="probation"),
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
    REFERENCE,
)
_FIGURES = {"per_cent": "basis_points", "per_cent_to": "basis_points_to"}
# What each column of a clause is called in the table of clauses.
RULE_FIELDS = {
    c.code: name for c in COLUMNS if (name := _FIGURES.get(c.code, c.code)) in RULE_EDITABLE
}


class ClauseImport(Importer):
    """Clauses under their acts, and an act not known yet with its first row; annexes are computed anew. A
    clause is known by its row in the source, or else by all that it says."""

    noun = "clauses"
    columns = COLUMNS
    named: ClassVar[Mapping[str, str]] = {field: column for column, field in _FIGURES.items()}

    def prepare(self, readings: Sequence[Reading]) -> None:
        self._acts = Acts(self)
        rules = list(self.session.scalars(select(Rule)))
        self._known = {
            _mark(r.decree_id, {n: getattr(r, n) for n in RULE_EDITABLE}): r for r in rules
        }
        self._by_reference = {(r.decree_id, r.reference): r for r in rules if r.reference}

    def identify(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        act, fields = self._acts.name(values), _read(values)
        if fields["reference"]:
            return ((*act, fields["reference"]),)
        return ((*act, *fields.values()),)

    def enter(self, values: Mapping[str, Any]) -> Done:
        session, actor, now = self.session, self.actor, self.now
        if "category" not in values:
            return self._enter_act(values)
        fields = _read(values) | {"category": read_category(self, values)}
        decree, news = self._acts.obtain(values)
        known = self._by_reference.get((decree.id, fields["reference"]))
        known = known or self._known.get(_mark(decree.id, fields))
        done = Done(Status.UNCHANGED, decree.key)
        if known is None:
            annexes.add_clause(session, actor, decree.key, Rule(**fields), now=now)
            done.status = Status.CREATED
        elif changed := pick_changed(known, {n: fields[n] for n in _say(values)}):
            annexes.change_clause(session, actor, known, changed, now=now)
            done.mark_changed()
        if news:
            done.mark_changed()
        return done

    def _enter_act(self, values: Mapping[str, Any]) -> Done:
        """The act of a row without a category. Raises Invalid where the row says more of a clause."""
        if _say(values):
            raise Invalid(fault("category", "required"))
        decree, news = self._acts.obtain(values)
        return Done(news or Status.UNCHANGED, decree.key)


def _mark(decree_id: int, fields: Mapping[str, Any]) -> Hashable:
    """What a clause says, wherever it came from."""
    return (decree_id, *(fields[name] for name in RULE_EDITABLE if name != "reference"))


def _read(values: Mapping[str, Any]) -> dict[str, Any]:
    """A clause's fields in the order of RULE_EDITABLE."""
    empty: dict[str, Any] = dict.fromkeys(RULE_EDITABLE)
    empty |= dict.fromkeys(("counted", "excludes", "note", "reference"), "")
    return empty | {"rounding": Rounding.DOWN.value} | _say(values)


def _say(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a clause that a row gives."""
    said = {_FIGURES.get(name, name): value for name, value in values.items()}
    return {name: said[name] for name in RULE_EDITABLE if name in said}
