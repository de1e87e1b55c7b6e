"""Grids: tables of a report, the same for the page, the workbook and the csv file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from quota.sheets import XLSX, Cell, write_csv, write_xlsx
from web.i18n import gettext, number, tenge


class Hidden:
    """Stands where a number of people is not shown."""


HIDDEN: Final = Hidden()
Value = Cell | Hidden | None
# How a column is written: text, or one of the kinds of numbers.
NUMBERS = ("count", "tenge", "per_cent")


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Grid:
    """`name` is the sheet's; the first column names the row. A line with `last` is the total."""

    name: str
    caption: str
    columns: Sequence[Column]
    lines: Sequence[Sequence[Value]]
    total: bool = False


def hide(value: Cell | None) -> Value:
    """A number of people as a cell: None means that it is not shown."""
    return HIDDEN if value is None else value


def show(column: Column, value: Value) -> str:
    """A cell as the page writes it."""
    if isinstance(value, Hidden):
        return gettext("not shown")
    if value is None:
        return "—"
    if column.kind == "tenge" and isinstance(value, int):
        return tenge(value)
    if column.kind == "per_cent":
        return f"{value}\u00a0%"
    if isinstance(value, int):
        return number(value)
    return str(value)


def to_xlsx(grids: Sequence[Grid]) -> bytes:
    """A workbook with a sheet a grid; numbers are numbers."""
    return write_xlsx({grid.name: _lines(grid) for grid in grids})


def to_csv(grids: Sequence[Grid]) -> bytes:
    """All grids below one another, each under its caption."""
    lines: list[Sequence[Cell | None]] = []
    for grid in grids:
        lines += [[grid.caption], *_lines(grid), []]
    return write_csv(lines)


# How grids are sent: the media type and what writes them.
FORMS: Final = {"xlsx": (XLSX, to_xlsx), "csv": ("text/csv; charset=utf-8", to_csv)}


def _lines(grid: Grid) -> list[list[Cell | None]]:
    head: list[Cell | None] = [
        f"{column.label}, {unit}" if unit else column.label
        for column in grid.columns
        for unit in [{"tenge": "₸", "per_cent": "%"}.get(column.kind)]
    ]
    body = [
        [gettext("not shown") if isinstance(v, Hidden) else v for v in line] for line in grid.lines
    ]
    return [head, *body]
