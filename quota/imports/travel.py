"""Travel times from a sheet: minutes between two places or districts by one means, both ways alike."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, ClassVar

from quota import columns as col
from quota import references
from quota.columns import Column, Reading
from quota.errors import Invalid
from quota.imports.importer import Importer
from quota.imports.report import Done, Status
from quota.places import TravelTime
from quota.references import LONGEST_MINUTES

MEANS: col.Labels = {
    "bus": ("автобус", "автобус"),
    "car": ("жеңіл көлік", "машина", "автомобиль"),
    "train": ("пойыз", "поезд"),
    "foot": ("жаяу", "пешком", "on foot"),
}
COLUMNS = (
    Column("from_place", col.text(200), "Қайдан", "Откуда", True, "Талғар"),
    Column("from_district", col.text(200), "Қайдан, аудан", "Откуда, район"),
    Column("to_place", col.text(200), "Қайда", "Куда", True, "Қонаев"),
    Column("to_district", col.text(200), "Қайда, аудан", "Куда, район"),
    Column("means", col.choice(MEANS), "Немен", "Чем", example="bus"),
    Column("minutes", col.whole(LONGEST_MINUTES), "Минут", "Минуты", True, 95),
)


class TravelImport(Importer):
    """Minutes between places or districts; by bus where the sheet names no means."""

    noun = "travel"
    columns = COLUMNS
    named: ClassVar[Mapping[str, str]] = {"to_kato": "to_place"}

    def prepare(self, readings: Sequence[Reading]) -> None:
        rows = references.list_travel_times(self.session)
        self._known = {
            (frozenset((row.from_kato, row.to_kato)), row.means): row.minutes for row in rows
        }

    def identify(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        try:
            pair = frozenset((self.find_kato(values, "from_"), self.find_kato(values, "to_")))
        except Invalid:
            return ()
        return ((pair, values.get("means", "bus")),)

    def enter(self, values: Mapping[str, Any]) -> Done:
        start, end = self.find_kato(values, "from_"), self.find_kato(values, "to_")
        means, minutes = values.get("means", "bus"), values["minutes"]
        time = TravelTime(from_kato=start, to_kato=end, means=means, minutes=minutes)
        before = self._known.get((frozenset((start, end)), means))
        if before == minutes:
            return Done(Status.UNCHANGED, time.key)
        known = references.set_travel_time(self.session, self.actor, time, now=self.now)
        return Done(Status.CREATED if before is None else Status.CHANGED, known.key)
