"""Damaged rows of people and courses: always an outcome, never a partial write, on either database."""

import random
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from matching.imports.candidates import CandidateImport
from matching.imports.courses import CourseImport
from quota.imports.importer import Importer
from tests.factories import FUZZ
from tests.importing import (
    COURSE,
    PERSON,
    ROWS_A_FILE,
    SURVEY,
    Vary,
    bring_damaged,
    dump,
    make_damaged,
    prepare_centre,
    to_sheet,
    watch_writes,
)

CASES: tuple[tuple[type[Importer], dict[str, Any], Vary], ...] = (
    (CandidateImport, PERSON | SURVEY | {"iin": None}, lambda n, _: {"number": f"АО-{n}"}),
    (CandidateImport, PERSON | SURVEY | {"iin": None}, lambda n, _: {"number": f"АО-{n}"}),
    (CourseImport, COURSE, lambda number, _: {"title": f"Курс {number}"}),
)
# Each database takes half of the rows, and other ones.
FILES = (FUZZ or 300) // 2 // ROWS_A_FILE


def test_any_row_is_an_outcome_and_a_refused_one_changes_nothing(
    any_engine: Engine, any_session: Session, now: datetime
) -> None:
    session, office = any_session, prepare_centre(any_session)
    where: dict[str, Any] = {"actor": office, "centre_id": office.centre_id, "now": now}
    known = to_sheet(PERSON | {"family_name": "Басқа"})
    CandidateImport.bring(session, sheet=known, **where)
    before, refused = dump(session), 0
    first = FILES if any_engine.dialect.name == "postgresql" else 0
    with watch_writes(any_engine) as writes:
        for number in range(first, first + FILES):
            importer, sound, vary = CASES[number % len(CASES)]
            sheet = make_damaged(importer, sound, vary, random.Random(number))
            with session.begin_nested() as example:
                refused += bring_damaged(session, writes, importer, sheet, **where)
                example.rollback()
    assert dump(session) == before
    assert FILES * ROWS_A_FILE // 10 < refused < FILES * ROWS_A_FILE, "some pass, some do not"
