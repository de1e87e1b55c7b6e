"""Ten rows of real acts are entered without loss, whatever their category, and go out as they came."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quota.clauses import find_overlaps
from quota.decrees import Decree, list_rules
from quota.exports import export_clauses
from quota.imports.clauses import ClauseImport
from quota.rights import Actor
from quota.sheets import Cell, read_sheet, write_csv, write_xlsx
from tests.acts import FILE, HEADERS, ROWS, expect, read_acts, tell
from tests.importing import statuses


def type_cell(written: str) -> Cell | None:
    """The cell as a spreadsheet keeps it: days are days, numbers numbers."""
    if written.isdecimal() and str(int(written)) == written:
        return int(written)
    try:
        return date.fromisoformat(written)
    except ValueError:
        return written or None


def as_workbook() -> bytes:
    lines: list[list[Cell | None]] = [list(ROWS[0])]
    return write_xlsx({"acts": lines + [[type_cell(c) for c in row.values()] for row in ROWS]})


@pytest.mark.parametrize("content", [FILE.read_bytes(), as_workbook()], ids=["csv", "xlsx"])
def test_every_row_of_real_acts_is_entered_without_loss(
    session: Session, office: Actor, now: datetime, content: bytes
) -> None:
    assert len(ROWS) == 10
    assert not any(row[name] for row in ROWS for name in ("organisation", "headcount", "slots"))
    assert set(ROWS[0]) - HEADERS.keys() == {
        *("registry_id", "registered", "status", "category", "headcount", "note"),
    }
    where: dict[str, Any] = {"actor": office, "centre_id": office.centre_id, "now": now}
    report = ClauseImport.bring(session, sheet=read_acts(content), **where)
    assert statuses(report) == ["created"] * 10, report.outcomes
    assert set(report.unknown) == {"named", "headcount", "stated"}
    for row in ROWS:
        assert tell(session, row) == expect(row)
    assert session.scalar(select(func.count()).select_from(Decree)) == 5
    tiers = session.scalars(select(Decree).where(Decree.registry_id == "V17UI003991")).one()
    assert len(find_overlaps(list_rules(session, tiers))) == 2
    for locale in ("kk", "ru", "en"):
        out = write_csv(export_clauses(session, office, locale=locale, now=now))
        again = ClauseImport.bring(session, sheet=read_sheet(out), **where)
        assert statuses(again) == ["unchanged"] * 10, again.outcomes
