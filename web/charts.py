"""Pictures drawn once and used everywhere, each with its words: the strip of slots, a bar of what is owed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quota.obligations import Obligation
from quota.slots import Slot, Source
from web.words import tone, word

# Filled first, free last: the strip reads like a gauge.
ORDER = ("filled", "referred", "held", "reserved", "open", "closed")


@dataclass(frozen=True, slots=True)
class Cell:
    """One place: its state as shape and colour, and the words that say so."""

    state: str
    tone: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class OwedBar:
    """Widths of 200: places filled, then places somebody is on the way to, and the credit by days."""

    filled: int
    on_the_way: int
    credit: int


def draw_obligation(row: Obligation) -> OwedBar:
    """The bar of one obligation; nothing owed is an empty bar."""
    of = row.owed or 1
    return OwedBar(200 * row.filled // of, 200 * row.on_the_way // of, 2 * (row.credit or 0))


def slot_strip(slots: Iterable[Slot], *, plain: bool = False) -> Sequence[Cell]:
    """Cells of a strip, one a slot, by state; `plain` names no category, for pages of employers."""
    ordered = sorted(slots, key=lambda slot: (ORDER.index(slot.state), slot.id))
    return [
        Cell(slot.state, tone("slot", slot.state), _describe(slot, plain), f"/slots/{slot.key}")
        for slot in ordered
    ]


def strips_by_source(slots: Iterable[Slot], *, plain: bool) -> dict[str, Sequence[Cell]]:
    """{source: its strip} for the sources that have a place."""
    grouped: dict[str, list[Slot]] = {}
    for slot in slots:
        grouped.setdefault(slot.source, []).append(slot)
    return {
        s.value: slot_strip(grouped[s.value], plain=plain) for s in Source if s.value in grouped
    }


def _describe(slot: Slot, plain: bool) -> str:
    parts = [word("source", slot.source), word("slot", slot.state)]
    if slot.category and not plain:
        parts.insert(1, word("category", slot.category))
    return " · ".join(parts)
