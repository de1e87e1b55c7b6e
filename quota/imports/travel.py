"""Travel times from a sheet: minutes between two places or districts by one means, both ways alike."""

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from quota import columns as col
from quota import references, rights
from quota.centres import Centre
from quota.columns import Column, Reading
from quota.errors import Invalid, SenimError, fault
from quota.imports.report import Done, Report, Status, Watch, run
from quota.places import Gazetteer, TravelTime
from quota.references import LONGEST_MINUTES
from quota.rights import Actor, Scope
from quota.sheets import Sheet

MEANS: col.Labels = {
    "bus": ("автобус", "автобус"),
    "car": ("жеңіл көлік", "машина", "автомобиль"),
    "train": ("пойыз", "поезд"),
    "foot": ("жаяу", "пешком"),
}
COLUMNS = (
    Column("from_place", col.text(200), "Қайдан", "Откуда", True, "Талғар"),
    Column("from_district", col.text(200), "Қайдан, аудан", "Откуда, район"),
    Column("to_place", col.text(200), "Қайда", "Куда", True, "Қонаев"),
    Column("to_district", col.text(200), "Қайда, аудан", "Куда, район"),
    Column("means", col.choice(MEANS), "Немен", "Чем", example="bus"),
    Column("minutes", col.whole(LONGEST_MINUTES), "Минут", "Минуты", True, 95),
)


def import_travel(
    session: Session,
    actor: Actor,
    sheet: Sheet,
    *,
    centre_id: int,
    now: datetime,
    dry_run: bool = False,
    watch: Watch | None = None,
) -> Report:
    """Records minutes between places or districts; by bus where the sheet names no means.

    Raises NotAllowed, NotFound, or Invalid for a sheet without a needed column.
    """
    rights.check(actor, "imports.run", Scope(centre_id=centre_id))
    importer = _Times(session, actor, centre_id, now)
    return run(session, importer, sheet, dry_run=dry_run, watch=watch)


class _Times:
    noun = "travel"
    columns: Sequence[Column] = COLUMNS
    named: ClassVar[Mapping[str, str]] = {"to_kato": "to_place"}

    def __init__(self, session: Session, actor: Actor, centre_id: int, now: datetime) -> None:
        self._session, self._actor, self._now = session, actor, now
        self._territory = session.get_one(Centre, centre_id).territory

    def prepare(self, readings: Sequence[Reading]) -> None:
        self._places = Gazetteer(self._session, self._territory)
        rows = references.list_travel_times(self._session)
        self._known = {
            (frozenset((row.from_kato, row.to_kato)), row.means): row.minutes for row in rows
        }

    def identify(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        try:
            pair = frozenset((self._find(values, "from"), self._find(values, "to")))
        except Invalid:
            return ()
        return ((pair, values.get("means", "bus")),)

    def enter(self, values: Mapping[str, Any]) -> Done:
        start, end = self._find(values, "from"), self._find(values, "to")
        means, minutes = values.get("means", "bus"), values["minutes"]
        time = TravelTime(from_kato=start, to_kato=end, means=means, minutes=minutes)
        before = self._known.get((frozenset((start, end)), means))
        if before == minutes:
            return Done(Status.UNCHANGED, time.key)
        known = references.set_travel_time(self._session, self._actor, time, now=self._now)
        return Done(Status.CREATED if before is None else Status.CHANGED, known.key)

    def _find(self, values: Mapping[str, Any], end: str) -> str:
        """The code of one end of the way. Raises Invalid."""
        try:
            found = self._places.find(values[f"{end}_place"], values.get(f"{end}_district", ""))
        except SenimError as error:
            raise Invalid(fault(f"{end}_place", error.code, **error.params)) from None
        return found.kato
