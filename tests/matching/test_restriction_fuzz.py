"""Damaged rows and files of restrictions: always an outcome, never a partial write, never somebody else's."""

import random
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.db import open_engine
from matching.candidates import Candidate, Restriction
from matching.identities import Person
from matching.imports.restrictions import RestrictionImport
from quota.errors import Invalid
from quota.rights import Actor, Role
from quota.sealing import Keyring
from quota.sheets import read_sheet, write_csv, write_xlsx
from tests.factories import FUZZ, make_candidate
from tests.importing import (
    RESTRICTION,
    ROWS_A_FILE,
    RULES,
    bring_damaged,
    dump,
    make_damaged,
    prepare_centre,
    watch_writes,
)

OUT_OF_REACH = "990101500708"


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    engine = open_engine(request.getfixturevalue(f"{request.param}_url"))
    yield engine
    engine.dispose()


@pytest.fixture
def office(engine: Engine, keyring: Keyring) -> Iterator[tuple[Session, Actor]]:
    """Probation of a region with five people under supervision, and one released whom it may not know."""
    with Session(engine, info={"keyring": keyring}, expire_on_commit=False) as session:
        staff = prepare_centre(session)
        for number in range(5):
            make_candidate(session, staff.centre_id or 0, number=f"АО-{number}")
        released = Person("Сейітов", "Айдос", iin=OUT_OF_REACH)
        make_candidate(
            session, staff.centre_id or 0, person=released, status="released", number="АО-5"
        )
        yield session, Actor(Role.PROBATION, territory=staff.territory)


def vary(number: int, draw: random.Random) -> dict[str, Any]:
    rule = draw.choice(list(RULES))
    return {"number": f"АО-{number % 6}", "rule": rule} | RULES[rule]


def find_strangers(session: Session) -> list[Restriction]:
    mine = select(Restriction).join(Candidate, Candidate.id == Restriction.candidate_id)
    return list(session.scalars(mine.where(Candidate.status == "released")))


def test_any_row_is_an_outcome_and_a_refused_one_changes_nothing(
    engine: Engine, office: tuple[Session, Actor], now: datetime
) -> None:
    session, probation = office
    where = {"actor": probation, "centre_id": 0, "now": now}
    before, refused, files = dump(session), 0, (FUZZ or 300) // ROWS_A_FILE
    with watch_writes(engine) as writes:
        for number in range(files):
            sheet = make_damaged(RestrictionImport, RESTRICTION, vary, random.Random(number))
            with session.begin_nested() as example:
                refused += bring_damaged(session, writes, RestrictionImport, sheet, **where)
                assert find_strangers(session) == []
                example.rollback()
    assert dump(session) == before
    assert files * ROWS_A_FILE // 10 < refused < files * ROWS_A_FILE, "some pass, some do not"


def test_any_damaged_file_is_refused_or_read_row_by_row(
    engine: Engine, office: tuple[Session, Actor], now: datetime
) -> None:
    session, probation = office
    where = {"actor": probation, "centre_id": 0, "now": now}
    before, draw, read = dump(session), random.Random(7), 0
    sound = []
    for number in range(len(RULES)):
        row = RESTRICTION | vary(number, draw)
        lines = [list(row), list(row.values())]
        sound += [write_csv(lines), write_xlsx({"s": lines})]
    with watch_writes(engine) as writes:
        for number in range(FUZZ or 100):
            damaged = bytearray(sound[number % len(sound)])
            for _ in range(draw.randint(1, 6)):
                damaged[draw.randrange(len(damaged))] = draw.randrange(256)
            with session.begin_nested() as example:
                try:
                    sheet = read_sheet(bytes(damaged))
                    bring_damaged(session, writes, RestrictionImport, sheet, **where)
                    read += 1
                except Invalid as refusal:
                    assert {fault.field for fault in refusal.faults} == {"file"}
                example.rollback()
    assert dump(session) == before
    assert 0 < read < (FUZZ or 100), "some can be read, some cannot"
