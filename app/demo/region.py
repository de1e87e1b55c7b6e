"""The whole region as tables, from a seed and a day, and the files they are written to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from app.demo.firms import make_annex, make_firms, make_memoranda, make_vacancies
from app.demo.ground import Ground, measure_travel, to_table
from app.demo.people import Limit, make_courses, make_limits, make_people
from quota.sheets import write_csv, write_xlsx

SEED = 205
# In the order in which they have to be entered.
FILES = {
    "employers": "1-employers.xlsx",
    "memoranda": "2-memoranda.xlsx",
    "decree": "3-decree-annex.csv",
    "vacancies": "4-vacancies.xlsx",
    "candidates": "5-candidates.xlsx",
    "courses": "6-courses.csv",
}
TRAVEL = "travel-times.csv"


@dataclass(frozen=True, slots=True)
class Region:
    """`tables` by noun; `travel` rows are from, to, means, minutes."""

    tables: Mapping[str, Sequence[Mapping[str, Any]]]
    travel: Sequence[Sequence[Any]]
    limits: Sequence[Limit]


def make_region(today: date, *, seed: int = SEED) -> Region:
    """The same seed and day give the same region."""
    ground = Ground(seed)
    firms = make_firms(ground, today=today)
    memoranda = make_memoranda(ground.draw, firms, today=today)
    annex = make_annex(ground.draw, firms, today=today)
    people = make_people(ground, firms, today=today)
    tables = {
        "employers": [firm.row for firm in firms],
        "memoranda": memoranda,
        "decree": annex,
        "vacancies": make_vacancies(ground, firms, _count_free(memoranda, annex), today=today),
        "candidates": people,
        "courses": make_courses(ground, today=today),
    }
    limits = make_limits(ground, people, today=today)
    return Region(tables, measure_travel(ground.places), limits)


def thin_out(region: Region, *, surveyed: int, others: int) -> Region:
    """The same region with one in `surveyed` of those surveyed and one in `others` of the rest."""
    people = region.tables["candidates"]
    said = [row for row in people if "surveyed_on" in row][::surveyed]
    kept = said + [row for row in people if "surveyed_on" not in row][::others]
    numbers = {row["number"] for row in kept}
    limits = [limit for limit in region.limits if limit.number in numbers]
    return Region({**region.tables, "candidates": kept}, region.travel, limits)


def write_files(region: Region, folder: Path) -> None:
    """The tables as xlsx and csv that anyone can open."""
    folder.mkdir(parents=True, exist_ok=True)
    for noun, name in FILES.items():
        table = to_table(region.tables[noun])
        content = write_csv(table) if name.endswith(".csv") else write_xlsx({noun: table})
        (folder / name).write_bytes(content)
    header = ["from_kato", "to_kato", "means", "minutes"]
    (folder / TRAVEL).write_bytes(write_csv([header, *region.travel]))


def _count_free(
    memoranda: Sequence[Mapping[str, Any]], annex: Sequence[Mapping[str, Any]]
) -> dict[str, dict[str, int]]:
    """{identifier: {places column: places}}: what each employer can list."""
    free: dict[str, dict[str, int]] = defaultdict(dict)
    for row in memoranda:
        free[row["identifier"]]["places_any"] = row["pledged"]
    for row in annex:
        free[row["identifier"]][f"places_{row['category']}"] = row["stated"]
    return free
