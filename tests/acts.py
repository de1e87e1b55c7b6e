"""The rows of real acts, and what must be stored of each: what it says, and nothing where it is silent."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from quota.clauses import Rule
from quota.decrees import ACT_EDITABLE, RULE_EDITABLE, Decree
from quota.imports import clauses
from quota.imports import decrees as annexes
from quota.mappings import apply_mapping
from quota.sheets import Sheet, read_sheet
from quota.spelling import normalise

FILE = Path(__file__).with_name("data") / "quota_decrees.csv"
ROWS = list(csv.DictReader(FILE.read_text().splitlines()))
# Their header, our column. The three of annex rows are empty in every row.
HEADERS = {
    "record_id": "reference",
    "record_kind": "kind",
    "act_title_ru": "title",
    "territory_ru": "akimat",
    "oblast_ru": "oblast",
    "act_date": "decree_date",
    "act_number": "decree_number",
    "clause_headcount_from": "headcount_from",
    "clause_headcount_to": "headcount_to",
    "percent": "per_cent",
    "percent_to": "per_cent_to",
    "base": "counted",
    "organisation": "named",
    "slots": "stated",
    "source_url": "source",
}
_CODES = {"released_from_prison": "released"}


def read_acts(content: bytes | str) -> Sheet:
    """A table under those headers, as the importers read it."""
    mapping = {normalise(header): code for header, code in HEADERS.items()}
    written = content.encode() if isinstance(content, str) else content
    return apply_mapping(read_sheet(written), mapping, (*clauses.COLUMNS, *annexes.COLUMNS))


def expect(row: dict[str, str]) -> dict[str, Any]:
    """The act and the clause of a row, by field of the registry."""

    def number(name: str, times: int = 1) -> int | None:
        return int(row[name]) * times if row[name] else None

    act: dict[str, Any] = {
        "kind": row["record_kind"],
        "title": row["act_title_ru"],
        "akimat": row["territory_ru"],
        "oblast": row["oblast_ru"],
        "number": row["act_number"],
        "dated": date.fromisoformat(row["act_date"]) if row["act_date"] else None,
        "registry_id": row["registry_id"],
        "registered": row["registered"],
        "status": row["status"],
        "source": row["source_url"],
        "legal_basis": "",
        "valid_from": None,
        "valid_until": None,
    }
    rule: dict[str, Any] = {
        "category": _CODES.get(row["category"], row["category"]),
        "headcount_from": number("clause_headcount_from"),
        "headcount_to": number("clause_headcount_to"),
        "basis_points": number("percent", 100),
        "basis_points_to": number("percent_to", 100),
        "counted": row["base"],
        "reference": row["record_id"],
        "note": row["note"],
        "excludes": "",
        "rounding": "down",
        "grace_months": None,
    }
    return {"act": act, "rule": rule}


def tell(session: Session, row: dict[str, str]) -> dict[str, Any]:
    """What is stored of a row; the act's own note is for what an office adds."""
    rule, act = session.execute(
        select(Rule, Decree).join(Decree).where(Rule.reference == row["record_id"])
    ).one()
    return {
        "act": {name: getattr(act, name) for name in ACT_EDITABLE if name != "note"},
        "rule": {name: getattr(rule, name) for name in RULE_EDITABLE},
    }
