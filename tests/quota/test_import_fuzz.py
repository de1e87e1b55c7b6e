"""Damaged files and rows of the registry: always an outcome, never a partial write."""

import random
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.db import open_engine
from app.demo.numbers import Numbers
from quota.data import read_rows
from quota.errors import Invalid
from quota.imports.clauses import ClauseImport
from quota.imports.decrees import AnnexImport
from quota.imports.employers import EmployerImport
from quota.imports.importer import Importer
from quota.imports.memoranda import MemorandumImport
from quota.imports.travel import TravelImport
from quota.imports.vacancies import VacancyImport
from quota.rights import Actor
from quota.sealing import Keyring
from quota.sheets import read_sheet, write_csv, write_xlsx
from tests.factories import FUZZ
from tests.importing import (
    EMPLOYER,
    JOB,
    PLEDGE,
    QUOTA,
    ROWS_A_FILE,
    WAY,
    Vary,
    bring_damaged,
    dump,
    make_damaged,
    prepare_centre,
    to_sheet,
    watch_writes,
)

MONEY = {"basis": "subsidy", "basis_from": date(2026, 3, 1), "basis_to": date(2027, 1, 1)}
TIER = {"headcount_from": 50, "headcount_to": 100}
VILLAGES = [row["kato"] for row in read_rows("places.csv") if row["kato"].startswith("19")]
# A sound row of each noun, and what tells the rows of one file apart. Some are refused only after
# something of them was written: a basis that ends too early, a new act, a vacancy without places.
IMPORTS: tuple[tuple[type[Importer], dict[str, Any], Vary], ...] = (
    (EmployerImport, EMPLOYER | MONEY, lambda _, draw: {"identifier": Numbers(draw).bin()}),
    (MemorandumImport, PLEDGE, lambda number, _: {"number": f"М-{number}"}),
    (AnnexImport, QUOTA, lambda number, _: {"decree_number": f"{number}"}),
    (ClauseImport, QUOTA | TIER, lambda number, _: {"decree_number": f"{number}"}),
    (
        VacancyImport,
        JOB,
        lambda number, draw: {
            "number": f"В-{number}",
            "places_beyond": 1,
            "places_probation": draw.choice((None, 1)),
        },
    ),
    (TravelImport, WAY, lambda number, _: {"to_place": f"x ({VILLAGES[number]})"}),
)


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_any_row_is_an_outcome_and_a_refused_one_changes_nothing(
    database: str, request: pytest.FixtureRequest, keyring: Keyring, now: datetime
) -> None:
    engine = open_engine(request.getfixturevalue(f"{database}_url"))
    files = (FUZZ or 300) // ROWS_A_FILE
    with Session(engine, info={"keyring": keyring}, expire_on_commit=False) as session:
        office = prepare_centre(session)
        where = {"actor": office, "centre_id": office.centre_id, "now": now}
        EmployerImport.bring(session, sheet=to_sheet(EMPLOYER), **where)
        before, refused = dump(session), 0
        with watch_writes(engine) as writes:
            for number in range(files):
                importer, sound, vary = IMPORTS[number % len(IMPORTS)]
                sheet = make_damaged(importer, sound, vary, random.Random(number))
                with session.begin_nested() as example:
                    refused += bring_damaged(session, writes, importer, sheet, **where)
                    example.rollback()
        assert dump(session) == before
        assert files * ROWS_A_FILE // 10 < refused < files * ROWS_A_FILE, "some pass, some do not"
    engine.dispose()


def test_any_damaged_file_is_refused_or_read_row_by_row(
    session: Session, office: Actor, now: datetime
) -> None:
    """Bytes changed in files of every noun, entered without a page around them."""
    where = {"actor": office, "centre_id": office.centre_id, "now": now}
    EmployerImport.bring(session, sheet=to_sheet(EMPLOYER), **where)
    before, draw = dump(session), random.Random(7)
    sound = []
    for importer, row, _ in IMPORTS:
        lines = [list(row), list(row.values())]
        sound += [(importer, write_csv(lines)), (importer, write_xlsx({"s": lines}))]
    with watch_writes(session.get_bind()) as writes:  # type: ignore[arg-type]
        for number in range(FUZZ or 300):
            importer, content = sound[number % len(sound)]
            damaged = bytearray(content)
            for _ in range(draw.randint(1, 6)):
                damaged[draw.randrange(len(damaged))] = draw.randrange(256)
            with session.begin_nested() as example:
                try:
                    sheet = read_sheet(bytes(damaged))
                    bring_damaged(session, writes, importer, sheet, **where)
                except Invalid as refusal:
                    assert {fault.field for fault in refusal.faults} == {"file"}
                example.rollback()
    assert dump(session) == before
