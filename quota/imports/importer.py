"""The shape of an importer: what its columns are, what tells a row from others, how a row is entered.

A noun says only that; looking up what rows name, the right to import, and created, changed or unchanged
are the same for all.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import Any, ClassVar, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quota import columns as col
from quota import rights
from quota.centres import Centre
from quota.columns import Column, Reading, read_rows
from quota.employers import Employer
from quota.errors import Fault, Invalid, SenimError, fault
from quota.imports.report import Done, Outcome, Report, Status, Watch
from quota.places import Gazetteer
from quota.rights import Actor, Scope
from quota.sheets import Sheet
from quota.tables import Keyed

IDENTIFIER = Column("identifier", col.NUMBER12, "БСН/ЖСН", "БИН/ИИН", True, "500340000004")
PLACE = Column("place", col.text(200), "Елді мекен", "Населённый пункт", True, "Талғар")
DISTRICT = Column("district", col.text(200), "Аудан", "Район", example="Талғар ауданы")
ADDRESS = Column("address", col.text(300), "Мекенжай", "Адрес", example="Жастар көшесі, 1")


TOGETHER = 200  # rows entered at once
Record = TypeVar("Record", bound=Keyed)


class Importer(ABC):
    """`named` gives the column of a verb's field where they differ; `resolves` tells that the sheet holds
    typed professions, and `accept_sure` that those the resolver is sure of count as confirmed. `right` is
    what it takes to run one; where it is not of a centre, each row's verb judges its own reach, and no
    mapping is kept."""

    noun: ClassVar[str]
    columns: ClassVar[Sequence[Column]]
    named: ClassVar[Mapping[str, str]] = {}
    resolves: ClassVar[bool] = False
    right: ClassVar[str] = "imports.run"
    of_a_centre: ClassVar[bool] = True

    def __init__(
        self, session: Session, actor: Actor, centre: Centre | None, now: datetime
    ) -> None:
        self.session, self.actor, self._centre, self.now = session, actor, centre, now
        self.accept_sure = self.dry_run = False

    @classmethod
    def bring(
        cls,
        session: Session,
        actor: Actor,
        sheet: Sheet,
        *,
        centre_id: int,
        now: datetime,
        dry_run: bool = False,
        accept_sure: bool = False,
        watch: Watch | None = None,
    ) -> Report:
        """Enters every row, each for itself: a refused row changes nothing and stops no other.

        Raises NotAllowed, NotFound, or Invalid for a sheet without a needed column.
        """
        if cls.of_a_centre:
            rights.check(actor, cls.right, Scope(centre_id=centre_id))
        else:
            rights.reach(actor, cls.right)
        importer = cls(session, actor, session.get(Centre, centre_id), now)
        importer.accept_sure, importer.dry_run = accept_sure, dry_run
        report = run(importer, sheet, dry_run=dry_run, watch=watch)
        importer.conclude()
        return report

    @property
    def centre(self) -> Centre:
        assert self._centre is not None
        return self._centre

    def prepare(self, readings: Sequence[Reading]) -> None:  # noqa: B027 - most need nothing
        """Looks up once what all rows need."""

    def conclude(self) -> None:  # noqa: B027 - most need nothing
        """Keeps what is kept of a dry run and of refused rows too."""

    @abstractmethod
    def identify(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        """What another row of the file must not share, blanks left out."""

    @abstractmethod
    def enter(self, values: Mapping[str, Any]) -> Done:
        """Enters a row that was read without fault; raises SenimError to refuse it."""

    def may_join(self, values: Mapping[str, Any]) -> bool:
        """Whether the row can be entered with others at once, by `enter_together`."""
        return False

    def enter_together(self, rows: Sequence[Mapping[str, Any]]) -> list[Done]:
        """Enters rows that may join, in few statements where a noun knows how, and nothing that `prepare`
        looked up changes by it; raises SenimError when any would be refused."""
        return [self.enter(values) for values in rows]

    @cached_property
    def employers(self) -> dict[str, Employer]:
        """The centre's employers by identifier."""
        rows = select(Employer).where(Employer.centre_id == self.centre.id)
        return {employer.identifier: employer for employer in self.session.scalars(rows)}

    @cached_property
    def places(self) -> Gazetteer:
        home = self.actor if self._centre is None else self._centre
        return Gazetteer(self.session, home.territory or "/")

    def find_employer(self, values: Mapping[str, Any], column: str = "identifier") -> Employer:
        """The employer a row names. Raises Invalid when the centre has none with this identifier."""
        employer = self.employers.get(values[column])
        if employer is None:
            raise Invalid(fault(column, "unknown_employer"))
        return employer

    def find_kato(self, values: Mapping[str, Any], before: str = "") -> str:
        """The code of the place a row names, in the columns that begin with `before`. Raises Invalid."""
        place, district = values[f"{before}place"], values.get(f"{before}district", "")
        try:
            return self.places.find(place, district).kato
        except SenimError as error:
            raise Invalid(fault(f"{before}place", error.code, **error.params)) from None

    def settle(
        self,
        known: Record | None,
        fields: Mapping[str, Any],
        *,
        add: Callable[[Mapping[str, Any]], Record],
        change: Callable[[Record, Mapping[str, Any]], object],
    ) -> tuple[Done, Record]:
        """Adds what is not known, and changes what is known otherwise."""
        if known is None:
            record = add(fields)
            return Done(Status.CREATED, record.key), record
        if changed := pick_changed(known, fields):
            change(known, changed)
            return Done(Status.CHANGED, known.key), known
        return Done(Status.UNCHANGED, known.key), known


def run(importer: Importer, sheet: Sheet, *, dry_run: bool, watch: Watch | None = None) -> Report:
    """Enters every row; `watch` hears of each step of one or many. Raises Invalid when the sheet lacks a
    needed column."""
    readings, unknown = read_rows(sheet, importer.columns)
    with importer.session.begin_nested() as whole:
        importer.prepare([reading for reading in readings if not reading.faults])
        seen: dict[Hashable, int] = {}
        outcomes: list[Outcome] = []
        for rows in _group(importer, readings):
            for entered in _enter_all(importer, rows, seen):
                outcomes += entered
                if watch:
                    watch(len(outcomes), len(readings))
        if dry_run:
            whole.rollback()
            outcomes = [_forget_new(outcome) for outcome in outcomes]
    return Report(importer.noun, dry_run, tuple(outcomes), unknown)


def _group(importer: Importer, readings: Sequence[Reading]) -> Iterator[Sequence[Reading]]:
    """The rows in their order: up to TOGETHER neighbours that may join, every other by itself."""
    joins = groupby(readings, lambda r: not r.faults and importer.may_join(r.values))
    for may_join, run in joins:
        rows, size = list(run), TOGETHER if may_join else 1
        yield from (rows[start : start + size] for start in range(0, len(rows), size))


def _enter_all(
    importer: Importer, rows: Sequence[Reading], seen: dict[Hashable, int]
) -> Iterator[list[Outcome]]:
    """The outcomes of the rows, as they are entered: at once, or by halves where one would be refused,
    until that one is by itself and tells why."""
    if len(rows) == 1:
        yield [_enter(importer, rows[0], seen)]
    elif together := _enter_together(importer, rows, seen):
        yield together
    else:
        middle = len(rows) // 2
        yield from _enter_all(importer, rows[:middle], seen)
        yield from _enter_all(importer, rows[middle:], seen)


def _enter_together(
    importer: Importer, rows: Sequence[Reading], seen: dict[Hashable, int]
) -> list[Outcome]:
    marks = [(mark, r.number) for r in rows for mark in importer.identify(r.values)]
    if len(seen.keys() | dict(marks)) < len(seen) + len(marks):
        return []
    try:
        with importer.session.begin_nested():
            entered = importer.enter_together([reading.values for reading in rows])
            importer.session.flush()
    except (SenimError, IntegrityError):
        return []
    seen.update(marks)
    return [_tell(*pair) for pair in zip(rows, entered, strict=True)]


def _tell(reading: Reading, done: Done) -> Outcome:
    return Outcome(reading.number, done.status, done.key, notices=tuple(done.notices))


def pick_changed(record: object, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Those of `fields` that the record has otherwise."""
    return {name: value for name, value in fields.items() if getattr(record, name) != value}


def _enter(importer: Importer, reading: Reading, seen: dict[Hashable, int]) -> Outcome:
    if reading.faults:
        return _refuse(reading, reading.faults)
    marks = importer.identify(reading.values)
    for mark in marks:
        if mark in seen:
            return _refuse(reading, [fault("row", "twice_in_file", first=seen[mark])])
    seen.update(dict.fromkeys(marks, reading.number))
    try:
        with importer.session.begin_nested():
            done = importer.enter(reading.values)
            importer.session.flush()
    except Invalid as refusal:
        named = importer.named
        return _refuse(
            reading, [Fault(named.get(f.field, f.field), f.code, f.params) for f in refusal.faults]
        )
    except SenimError as refusal:
        return _refuse(reading, [Fault("row", refusal.code, refusal.params)])
    except IntegrityError:
        # Another writer entered the same record since the lookup.
        return _refuse(reading, [fault("row", "changed_meanwhile")])
    return _tell(reading, done)


def _refuse(reading: Reading, faults: Sequence[Fault]) -> Outcome:
    return Outcome(reading.number, Status.REFUSED, faults=tuple(faults))


def _forget_new(outcome: Outcome) -> Outcome:
    if outcome.status is not Status.CREATED:
        return outcome
    return Outcome(outcome.row, outcome.status, None, outcome.faults, outcome.notices)
