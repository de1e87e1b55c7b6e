"""One run of an import: every row's outcome, refused rows apart, a dry run that leaves no trace."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quota.columns import Column, Reading, read_rows
from quota.errors import Fault, Invalid, SenimError, fault
from quota.sheets import Sheet

Watch = Callable[[int, int], None]  # rows done, rows in all


class Status(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row. `faults` name columns; `notices` tell without refusing.

    `key` is the public key of the record; a dry run has none for what it would create.
    """

    row: int
    status: Status
    key: str | None = None
    faults: tuple[Fault, ...] = ()
    notices: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """`unknown` are headers that no column has; their cells were not read."""

    noun: str
    dry_run: bool
    outcomes: tuple[Outcome, ...]
    unknown: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[Status, int]:
        counted = Counter(outcome.status for outcome in self.outcomes)
        return {status: counted[status] for status in Status}


@dataclass(slots=True)
class Done:
    """What entering a row did, told by an importer."""

    status: Status
    key: str
    notices: list[Fault] = field(default_factory=list)

    def mark_changed(self) -> None:
        if self.status is Status.UNCHANGED:
            self.status = Status.CHANGED


class Importer(Protocol):
    """Knows one noun: its columns, what identifies a row, and how to enter it by the noun's verbs.

    `named` gives the column of a verb's field where they differ.
    """

    @property
    def noun(self) -> str: ...

    @property
    def columns(self) -> Sequence[Column]: ...

    @property
    def named(self) -> Mapping[str, str]: ...

    def prepare(self, readings: Sequence[Reading]) -> None:
        """Looks up once what all rows need."""

    def identify(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        """What another row of the file must not share, blanks left out."""

    def enter(self, values: Mapping[str, Any]) -> Done:
        """Enters a row that was read without fault; raises SenimError to refuse it."""


def run(
    session: Session, importer: Importer, sheet: Sheet, *, dry_run: bool, watch: Watch | None = None
) -> Report:
    """Enters every row, each for itself: a refused row changes nothing and stops no other.

    Raises Invalid when the sheet lacks a needed column.
    """
    readings, unknown = read_rows(sheet, importer.columns)
    with session.begin_nested() as whole:
        importer.prepare([reading for reading in readings if not reading.faults])
        seen: dict[Hashable, int] = {}
        outcomes = []
        for reading in readings:
            outcomes.append(_enter(session, importer, reading, seen))
            if watch:
                watch(len(outcomes), len(readings))
        if dry_run:
            whole.rollback()
            outcomes = [_forget_new(outcome) for outcome in outcomes]
    return Report(importer.noun, dry_run, tuple(outcomes), unknown)


def _enter(
    session: Session, importer: Importer, reading: Reading, seen: dict[Hashable, int]
) -> Outcome:
    if reading.faults:
        return Outcome(reading.number, Status.REFUSED, faults=reading.faults)
    marks = importer.identify(reading.values)
    for mark in marks:
        if mark in seen:
            twice = fault("row", "twice_in_file", first=seen[mark])
            return Outcome(reading.number, Status.REFUSED, faults=(twice,))
    seen.update(dict.fromkeys(marks, reading.number))
    try:
        with session.begin_nested():
            done = importer.enter(reading.values)
            session.flush()
    except Invalid as refusal:
        return Outcome(
            reading.number, Status.REFUSED, faults=_rename(refusal.faults, importer.named)
        )
    except SenimError as refusal:
        faults = (Fault("row", refusal.code, refusal.params),)
        return Outcome(reading.number, Status.REFUSED, faults=faults)
    except IntegrityError:
        # Another writer entered the same record since the lookup.
        faults = (fault("row", "changed_meanwhile"),)
        return Outcome(reading.number, Status.REFUSED, faults=faults)
    return Outcome(reading.number, done.status, done.key, notices=tuple(done.notices))


def _rename(faults: Sequence[Fault], named: Mapping[str, str]) -> tuple[Fault, ...]:
    return tuple(Fault(named.get(f.field, f.field), f.code, f.params) for f in faults)


def _forget_new(outcome: Outcome) -> Outcome:
    if outcome.status is not Status.CREATED:
        return outcome
    return Outcome(outcome.row, outcome.status, None, outcome.faults, outcome.notices)
