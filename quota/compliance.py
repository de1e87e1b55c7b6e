"""Compliance: what was owed and filled, by employer and basis, counted anew from the ledger's lines.

Decree places and memorandum places are reported apart, and only decree places get a verdict. A report
whose rows do not reconcile is refused, naming the row; it is never printed.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quota import rights
from quota.calendar import ALMATY, local_day
from quota.employers import Employer
from quota.errors import SenimError
from quota.journal import Entry
from quota.places import Place
from quota.rights import Actor
from quota.slots import Slot, SlotEvent, Source
from quota.vacancies import Vacancy

_HIRED = {"fill": 1, "undo_fill": -1}
_LEFT = {"vacate": 1, "undo_vacate": -1}
_COUNTED = {"count_opening": 1, "undo_opening": -1}
_DONE = {"opening": "count_opening"}  # what an undo takes back, where it is not called alike


@dataclass(frozen=True, slots=True)
class Tally:
    """Places and movements of one period. `days` are place-days filled: the credit."""

    owed: int = 0
    filled_at_start: int = 0
    counted: int = 0
    hired: int = 0
    left: int = 0
    filled_at_end: int = 0
    days: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Tally)))

    @property
    def per_cent(self) -> int | None:
        """Filled of owed at the end, rounded down; None when nothing is owed."""
        return 100 * self.filled_at_end // self.owed if self.owed else None


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """One employer and one basis in a month."""

    employer_key: str
    employer_name: str
    district_kato: str
    source: str
    tally: Tally
    open_vacancies: int
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class MonthReport:
    year: int
    month: int
    rows: tuple[QuotaRow, ...]
    totals: dict[str, Tally]


class DoesNotAddUp(SenimError):  # noqa: N818
    """A report row that does not reconcile with the ledger. The row is for a reader who may see it."""

    def __init__(self, code: str, row: QuotaRow) -> None:
        super().__init__(code, employer=row.employer_key, source=row.source)
        self.row = row


def report_month(
    session: Session, actor: Actor, *, year: int, month: int, now: datetime
) -> MonthReport:
    """The month's table, by employer and source, in Almaty days; of a running month, up to `now`.

    Raises NotAllowed, or DoesNotAddUp naming the row whose lines do not reconcile, with one another or
    with the places as they stand today.
    """
    start, end = month_bounds(year, month)
    end = max(start, min(end, now))
    employers = employers_in_reach(session, actor)
    tallies: dict[tuple[int, str], Tally] = defaultdict(Tally)
    differing = set()
    for slot, events in load_ledger(session, list(employers)):
        tallies[slot.employer_id, slot.source] += tally_slot(events, start=start, end=end)
        if not events or events[-1].state_to != slot.state:
            differing.add((employers[slot.employer_id][0].key, slot.source))
    vacancies = _count_open_vacancies(session, end)
    rows = tuple(
        _to_row(employers[employer_id], source, tally, vacancies.get(employer_id, 0))
        for (employer_id, source), tally in tallies.items()
    )
    rows = tuple(sorted(rows, key=lambda r: (r.district_kato, r.employer_name, r.source)))
    for row in rows:
        if (row.employer_key, row.source) in differing:
            raise DoesNotAddUp("ledger_differs", row)
    return MonthReport(year, month, rows, add_up(rows))


def tally_employers(
    session: Session, employer_ids: Sequence[int], *, now: datetime
) -> dict[int, dict[str, Tally]]:
    """{employer id: {source: tally of everything up to `now`}}, in two queries."""
    tallies = {key: {source.value: Tally() for source in Source} for key in employer_ids}
    first = datetime(2000, 1, 1, tzinfo=UTC)
    for slot, events in load_ledger(session, employer_ids):
        tallies[slot.employer_id][slot.source] += tally_slot(events, start=first, end=now)
    return tallies


def tally_slot(events: Sequence[SlotEvent], *, start: datetime, end: datetime) -> Tally:
    """What one slot's lines, in time order, say of the period from `start` up to `end`: movements by
    when they were entered, so that a month that was reported stays as it was, days by the facts."""
    before, within = _split(events, start, end)
    at_start = before[-1].state_to if before else None
    at_end = within[-1].state_to if within else at_start
    return Tally(
        owed=int(at_end not in (None, "closed")),
        filled_at_start=int(at_start == "filled"),
        counted=_sum(within, _COUNTED),
        hired=_sum(within, _HIRED),
        left=_sum(within, _LEFT),
        filled_at_end=int(at_end == "filled"),
        days=count_days(events, start, end, lambda state: state == "filled"),
    )


def add_up(rows: Iterable[QuotaRow]) -> dict[str, Tally]:
    """Totals by source. Raises DoesNotAddUp for the first row that does not reconcile."""
    totals: dict[str, Tally] = defaultdict(Tally)
    for row in rows:
        tally = row.tally
        if tally.filled_at_start + tally.counted + tally.hired - tally.left != tally.filled_at_end:
            raise DoesNotAddUp("does_not_add_up", row)
        if not 0 <= tally.filled_at_end <= tally.owed:
            raise DoesNotAddUp("filled_over_owed", row)
        totals[row.source] += tally
    return dict(totals)


def month_bounds(year: int, month: int) -> tuple[datetime, datetime]:
    """The first moment of the month in Almaty and of the next one, in UTC."""
    first = date(year, month, 1)
    following = (first + timedelta(days=31)).replace(day=1)
    start, end = (datetime.combine(d, time(), tzinfo=ALMATY) for d in (first, following))
    return start.astimezone(UTC), end.astimezone(UTC)


def _split(
    events: Sequence[SlotEvent], start: datetime, end: datetime
) -> tuple[list[SlotEvent], list[SlotEvent]]:
    return [e for e in events if e.at < start], [e for e in events if start <= e.at < end]


def _sum(events: Iterable[SlotEvent], weights: dict[str, int]) -> int:
    return sum(weights.get(event.verb, 0) for event in events)


def count_days(
    events: Sequence[SlotEvent],
    start: datetime,
    end: datetime,
    counts: Callable[[str | None], bool],
) -> int:
    """Days of Almaty from `start` up to `end` at whose end a slot was in a state that `counts`: hours earn
    nothing, and the days of months add up to those of the year."""
    first, last = local_day(start), local_day(end)
    spans = _list_spans(events)
    ends = [day for day, _ in spans[1:]] + [date.max]
    return sum(
        max(0, (min(until, last) - max(since, first)).days)
        for (since, state), until in zip(spans, ends, strict=True)
        if counts(state)
    )


def _list_spans(events: Sequence[SlotEvent]) -> list[tuple[date, str]]:
    """(first day, state) of a slot by the facts: what was taken back never was, and no line starts
    before the one it follows."""
    lines: list[tuple[str, date, str]] = []
    for event in events:
        day = event.holds_from or local_day(event.at)
        undone = event.verb.removeprefix("undo_")
        while undone != event.verb and any(verb == _DONE.get(undone, undone) for verb, *_ in lines):
            verb, day, _ = lines.pop()
            if verb == _DONE.get(undone, undone):
                break
        day = max(day, lines[-1][1]) if lines else day
        lines.append((event.verb, day, event.state_to))
    return [(day, state) for _, day, state in lines]


def load_ledger(
    session: Session, employer_ids: Sequence[int]
) -> Iterable[tuple[Slot, list[SlotEvent]]]:
    """Each slot of these employers with its lines in the order they were written: two queries."""
    wanted = Slot.employer_id.in_(employer_ids)
    slots = session.scalars(select(Slot).where(wanted).order_by(Slot.id)).all()
    lines: dict[int, list[SlotEvent]] = defaultdict(list)
    statement = select(SlotEvent).join(Slot, Slot.id == SlotEvent.slot_id).where(wanted)
    for event in session.scalars(statement.order_by(SlotEvent.id)):
        lines[event.slot_id].append(event)
    return [(slot, lines[slot.id]) for slot in slots]


def employers_in_reach(session: Session, actor: Actor) -> dict[int, tuple[Employer, str | None]]:
    """{id: employer and its district's code} of those whose places the actor may read. Raises NotAllowed."""
    statement = rights.limit(
        select(Employer, Place.district_kato).join(Place, Place.kato == Employer.kato),
        actor,
        "slots.read",
        centre=Employer.centre_id,
        employer=Employer.id,
        territory=Employer.territory,
    )
    return {employer.id: (employer, district) for employer, district in session.execute(statement)}


def _count_open_vacancies(session: Session, end: datetime) -> dict[int, int]:
    """{employer id: vacancies that stood listed at `end`}, by what the journal says of each."""
    last = (
        select(func.max(Entry.id))
        .where(Entry.noun == Vacancy.__tablename__, Entry.state_to.is_not(None), Entry.at < end)
        .group_by(Entry.record_key)
    )
    rows = session.execute(
        select(Vacancy.employer_id, func.count())
        .join(Entry, Entry.record_key == Vacancy.key)
        .where(Entry.id.in_(last), Entry.state_to == "listed")
        .group_by(Vacancy.employer_id)
    )
    return {employer_id: number for employer_id, number in rows}  # noqa: C416


def _to_row(
    found: tuple[Employer, str | None], source: str, tally: Tally, open_vacancies: int
) -> QuotaRow:
    employer, district = found
    return QuotaRow(
        employer_key=employer.key,
        employer_name=employer.name,
        district_kato=district or employer.kato,
        source=source,
        tally=tally,
        open_vacancies=open_vacancies,
        identifier=employer.identifier,
    )
