"""What an import tells: every row's outcome, refused rows apart."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from quota.errors import Fault

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
