"""Obligations: what an employer owes by decree and pledged by memorandum, and how much of it is kept.

Counted from the ledger's lines. The credit goes by days: a place filled for three days does not look
like one filled for a year.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from quota import rights
from quota.compliance import count_days, load_ledger
from quota.decrees import due_on, list_lines
from quota.employers import Employer
from quota.memoranda import list_memoranda
from quota.rights import Actor
from quota.slots import Slot, SlotEvent, Source

YEAR = timedelta(days=365)
ON_THE_WAY = ("reserved", "held", "referred")
_CLOSED = (None, "closed")


@dataclass(frozen=True, slots=True)
class Obligation:
    """One decree line, memorandum, or all that is offered beyond (without `key`). Places of today;
    `days_filled` of `days_owed` are place-days of the last 365 days; `due_on` the day by which a
    decree's places must exist or until which a memorandum runs."""

    source: str
    key: str
    title: str
    category: str | None
    due_on: date | None
    owed: int
    filled: int
    on_the_way: int
    days_filled: int
    days_owed: int

    @property
    def credit(self) -> int | None:
        """Per cent of the year's place-days kept, rounded down; None before the first whole day."""
        return 100 * self.days_filled // self.days_owed if self.days_owed else None


@dataclass(frozen=True, slots=True)
class _Head:
    source: str
    key: str = ""
    title: str = ""
    category: str | None = None
    due_on: date | None = None


def read_obligations(
    session: Session, actor: Actor, employer: Employer, *, now: datetime
) -> list[Obligation]:
    """Decree lines first, then memoranda, then what is offered beyond, each only if it has places.
    Raises NotAllowed or NotFound."""
    rights.check(actor, "slots.read", employer.scope())
    found: dict[_Head, list[tuple[Slot, list[SlotEvent]]]] = defaultdict(list)
    heads = _find_heads(session, employer)
    for slot, events in load_ledger(session, [employer.id]):
        found[heads[slot.source, slot.line_id or slot.memorandum_id]].append((slot, events))
    return [_add_up(head, found[head], now) for head in heads.values() if head in found]


def _find_heads(session: Session, employer: Employer) -> dict[tuple[str, int | None], _Head]:
    heads: dict[tuple[str, int | None], _Head] = {}
    for line, decree in list_lines(session, employer.id):
        title = decree.number or decree.title or decree.akimat
        due = due_on(session, decree, line)
        head = _Head(Source.DECREE.value, decree.key, title, line.category, due)
        heads[Source.DECREE.value, line.id] = head
    for memorandum in list_memoranda(session, employer):
        head = _Head(
            Source.MEMORANDUM.value, memorandum.key, memorandum.number, None, memorandum.ends_on
        )
        heads[Source.MEMORANDUM.value, memorandum.id] = head
    heads[Source.BEYOND.value, None] = _Head(Source.BEYOND.value)
    return heads


def _add_up(
    head: _Head, slots: Sequence[tuple[Slot, list[SlotEvent]]], now: datetime
) -> Obligation:
    states = Counter(slot.state for slot, _ in slots)
    start = now - YEAR
    return Obligation(
        source=head.source,
        key=head.key,
        title=head.title,
        category=head.category,
        due_on=head.due_on,
        owed=len(slots) - states["closed"],
        filled=states["filled"],
        on_the_way=sum(states[state] for state in ON_THE_WAY),
        days_filled=sum(
            count_days(events, start, now, lambda state: state == "filled") for _, events in slots
        ),
        days_owed=sum(
            count_days(events, start, now, lambda state: state not in _CLOSED)
            for _, events in slots
        ),
    )
