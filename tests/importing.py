"""Tables brought in by the importers, for tests of every noun; and tables with anything in their cells."""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from app.schema import METADATA
from matching import restrictions
from quota.centres import Centre
from quota.imports.importer import Importer
from quota.imports.report import Report, Status
from quota.installation import mark_demonstration
from quota.places import load_places
from quota.rates import load_rates
from quota.rights import Actor, Role
from quota.sheets import Cell, Row, Sheet, read_sheet, write_xlsx

Import = Callable[..., Report]
Vary = Callable[[int, random.Random], dict[str, Any]]
ROWS_A_FILE = 50
# A sound row of each noun of the registry.
A, B = "500340000004", "500340000500"
EMPLOYER = {"identifier": A, "name": "ЖШС «Үлгі»", "place": "Талғар", "district": "Талғар ауданы"}
PLEDGE = {"identifier": A, "number": "М-1", "signed_on": date(2026, 2, 2), "pledged": 3}
QUOTA = {
    "decree_number": "214",
    "decree_date": date(2026, 1, 20),
    "akimat": "Талғар ауданының әкімдігі",
    "identifier": A,
    "category": "probation",
    "headcount": 260,
    "per_cent": "1",
    "stated": 2,
}
JOB = {
    "identifier": A,
    "number": "1",
    "title": "эл.сварщик",
    "isco08": "7212",
    "place": "Талғар",
    "pay_from": 200_000,
    "shifts": "1-5 08:00-17:00",
    "places_probation": 2,
}
WAY = {"from_place": "Талғар", "to_place": "Конаев", "minutes": 95}
BASIS = "Үкім № 77-сот"
RESTRICTION = {"number": "АО-1", "starts": date(2026, 3, 2), "basis": BASIS}
HOURS = {"days": "1-5", "from": "22:00", "until": "06:00"}
# What a row of each rule needs besides.
RULES: dict[str, dict[str, Any]] = {
    **{rule: {} for rule in restrictions.RULES},
    **dict.fromkeys(restrictions.HOURS, HOURS),
    "barred_places": {"places": "Талғар; Конаев"},
    "banned_professions": {"professions": "7212; 83"},
    "notice_to_leave": {"days_before": 3},
    "labour_hours": {"hours": 4},
    "corrective_labour": {"jobless_since": date(2026, 4, 1)},
    "apart": {"case_number": "26-1911/55"},
}
# And of people and courses.
IIN = "990101500006"
PERSON: dict[str, Any] = {
    "number": "АО-1",
    "iin": IIN,
    "family_name": "Үлгіұлы",
    "given_name": "Санжар",
    "place": "Талғар",
    "status": "пробация есебінде",
}
SURVEY: dict[str, Any] = {
    "surveyed_on": date(2026, 10, 5),
    "readiness": "готов",
    "profession_1": "эл.сварщик",
    "years_1": 4,
    "profession_2": "жүргізуші",
    "isco08_2": "8332",
    "retraining": "сварщик",
    "pay_wanted": "220 000",
    "hours": "1-6 07:00-20:00",
    "licences": "B; C",
    "avoids": "ночные смены",
    "may_move": "жоқ",
    "consent_on": date(2026, 10, 5),
    "consent_paper": "С-1",
}
COURSE: dict[str, Any] = {
    "provider": "Үлгі колледжі",
    "title": "Дәнекерлеуші",
    "isco08": "7212",
    "place": "Талғар",
    "seats": 10,
    "starts_on": date(2027, 1, 11),
    "ends_on": date(2027, 3, 5),
}

ODD: tuple[Any, ...] = (
    *(None, "", " ", -1, 0, 10**18, -(10**18), 1.5, float("nan"), float("inf"), True, False),
    *(
        date(1, 1, 1),
        date(2026, 2, 28),
        date(2090, 1, 1),
        datetime(2026, 1, 1, 12),  # noqa: DTZ001  (a cell has no zone)
        "1e9",
        "9" * 40,
        "x" * 5000,
    ),
    *("=1", "٣٣", "²", "\u202e", "\U0001f600", "Талғар", "1-5 08:00-17:00", "B; C", "АО-1", "<b>"),
    *("500340000004", "500340000500", "990101500006", "990101500708", "99010150071", "ДА", "иә"),
)


def prepare_centre(session: Session) -> Actor:
    """Somebody of a new centre, with the reference tables filled."""
    load_places(session)
    load_rates(session)
    mark_demonstration(session)
    centre = Centre(name_kk="О", name_ru="Ц", name_en="C", territory="/190000000/")
    session.add(centre)
    session.flush()
    return Actor(Role.STAFF, centre_id=centre.id, territory=centre.territory)


def to_sheet(*rows: dict[str, Any]) -> Sheet:
    """The rows as a workbook, read again."""
    headers = list(dict.fromkeys(name for row in rows for name in row))
    lines: list[Sequence[Cell | None]] = [headers]
    lines += [[row.get(name) for name in headers] for row in rows]
    return read_sheet(write_xlsx({"sheet": lines}))


def statuses(report: Report) -> list[str]:
    return [outcome.status.value for outcome in report.outcomes]


def faults(report: Report) -> list[tuple[int, str, str]]:
    return [(o.row, f.field, f.code) for o in report.outcomes for f in o.faults]


def dump(session: Session) -> dict[str, list[str]]:
    session.flush()
    ask = session.connection().exec_driver_sql
    tables = [table.name for table in METADATA.sorted_tables if table.name != "places"]
    return {name: sorted(map(repr, ask(f'SELECT * FROM "{name}"'))) for name in tables}


class Writes:
    """How many rows' worth of statements that change something stand in the transaction: what a savepoint
    took back is not counted."""

    def __init__(self) -> None:
        self.levels = [0]

    @property
    def standing(self) -> int:
        return sum(self.levels)


@contextmanager
def watch_writes(engine: Engine) -> Iterator[Writes]:
    writes = Writes()

    def on_statement(_c: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        writes.levels[-1] += statement.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE")

    def on_savepoint(*_: Any) -> None:
        writes.levels.append(0)

    def on_rollback(*_: Any) -> None:
        writes.levels.pop()

    def on_release(*_: Any) -> None:
        done = writes.levels.pop()
        writes.levels[-1] += done

    hooks = {
        "before_cursor_execute": on_statement,
        "savepoint": on_savepoint,
        "rollback_savepoint": on_rollback,
        "release_savepoint": on_release,
    }
    for name, hook in hooks.items():
        event.listen(engine, name, hook)
    yield writes
    for name, hook in hooks.items():
        event.remove(engine, name, hook)


def make_damaged(
    importer: type[Importer], sound: dict[str, Any], vary: Vary, draw: random.Random
) -> Sheet:
    """A table of rows told apart by `vary`, most with up to four cells of anything."""
    names = [column.code for column in importer.columns]
    rows = []
    for number in range(ROWS_A_FILE):
        row = sound | vary(number, draw)
        row |= {draw.choice(names): draw.choice(ODD) for _ in range(draw.randint(0, 4))}
        cells = {name: cell for name, cell in row.items() if cell is not None}
        rows.append(Row(number + 2, cells))
    return Sheet(tuple(names), tuple(rows))


def bring_damaged(
    session: Session, writes: Writes, importer: type[Importer], sheet: Sheet, **where: Any
) -> int:
    """Brings a damaged table in: every row has an outcome, and one that is refused leaves nothing behind.
    Returns how many were refused; the caller rolls back."""
    standing: list[tuple[int, int]] = []  # after how many rows, how many writes

    def look(done: int, _of: int) -> None:
        assert not session.new and not session.dirty
        standing.append((done, writes.standing))

    before = writes.standing
    report = importer.bring(session, sheet=sheet, watch=look, **where)
    assert len(report.outcomes) == len(sheet.rows) == standing[-1][0]
    refused = 0
    for (first, earlier), (last, later) in pairwise([(0, before), *standing]):
        for outcome in report.outcomes[first:last]:
            if outcome.status is Status.REFUSED:
                refused += 1
                assert outcome.faults, outcome
                assert last == first + 1, "rows entered at once are entered"
                assert later == earlier, (importer.noun, sheet.rows[outcome.row - 2])
    return refused
