"""Sheets: tables people keep in xlsx or csv, read within limits and written without formulas.

A damaged or oversized file is refused as a fault of the field `file`; nothing of its content is
repeated in the fault. Cells come as text, int, float, bool, date or datetime; empty ones not at all.
"""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from quota.errors import Invalid, fault

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ZIP = b"PK\x03\x04"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

Cell = str | int | float | bool | date | datetime


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may hold. A workbook is a zip: a small one can be huge when unpacked."""

    rows: int = 50_000
    columns: int = 100
    file_bytes: int = 20_000_000
    unpacked_bytes: int = 200_000_000
    cell_letters: int = 5_000


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a sheet with the number a person sees beside it, and its cells by header."""

    number: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    headers: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sheet(content: bytes, *, limits: Limits = LIMITS) -> Sheet:
    """The first table of an xlsx or csv file: a header line, then rows; empty rows are left out.

    csv is UTF-8 (with or without its mark), UTF-16 with a mark, or else cp1251; separated by a
    semicolon, comma or tab. Raises Invalid: too_large_file, damaged_file, too_many_rows,
    too_many_columns, too_long_cell, no_header, column_twice.
    """
    if len(content) > limits.file_bytes:
        raise _refused("too_large_file", most=limits.file_bytes)
    lines = _read_xlsx(content, limits) if content.startswith(_ZIP) else _read_csv(content, limits)
    return _make_sheet(lines, limits)


def write_xlsx(tables: Mapping[str, Sequence[Sequence[Cell | None]]]) -> bytes:
    """A workbook with one sheet a table; the first line is the header. Text is never a formula."""
    book = Workbook()
    for unasked in book.worksheets:
        book.remove(unasked)
    for title, lines in tables.items():
        sheet = book.create_sheet(title[:31])
        for number, line in enumerate(lines, start=1):
            _write_line(sheet, number, line)
        _dress(sheet, lines)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def write_csv(lines: Iterable[Sequence[Cell | None]]) -> bytes:
    """UTF-8 with its mark and semicolons, as office programs open it here; formulas are defused."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerows([_to_csv(cell) for cell in line] for line in lines)
    return target.getvalue().encode("utf-8-sig")


def _refused(code: str, **params: object) -> Invalid:
    return Invalid(fault("file", code, **params))


def _read_xlsx(content: bytes, limits: Limits) -> Iterator[Sequence[object]]:
    # Whatever the parsers raise on a damaged workbook, and they raise nearly everything, it is one
    # fault to the person who sent it.
    try:
        _check_zip(content, limits)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            yield from sheet.iter_rows(
                max_row=limits.rows + 2, max_col=limits.columns + 1, values_only=True
            )
    except (Invalid, GeneratorExit):
        raise
    except Exception:
        raise _refused("damaged_file") from None


def _check_zip(content: bytes, limits: Limits) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if sum(member.file_size for member in members) > limits.unpacked_bytes:
            raise _refused("too_large_file", most=limits.unpacked_bytes)
        for member in members:
            with archive.open(member) as part:
                # Office programs write no document types; entities in one can grow without end.
                if b"<!DOCTYPE" in part.read(4096):
                    raise _refused("damaged_file")


def _read_csv(content: bytes, limits: Limits) -> Iterator[Sequence[object]]:
    text = _decode(content)
    if _CONTROL.search(text):
        raise _refused("damaged_file")
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error:
        raise _refused("damaged_file") from None


def _decode(content: bytes) -> str:
    encodings = ("utf-16",) if content.startswith(_UTF16) else ("utf-8-sig", "cp1251")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refused("damaged_file")


def _make_sheet(lines: Iterator[Sequence[object]], limits: Limits) -> Sheet:
    headers = [_to_text(cell) for cell in _trim(next(lines, ()))]
    if not any(headers):
        raise _refused("no_header")
    if len(headers) > limits.columns:
        raise _refused("too_many_columns", most=limits.columns)
    named = [header for header in headers if header]
    if len(set(named)) < len(named):
        raise _refused("column_twice", column=next(h for h in named if named.count(h) > 1))
    rows = []
    for number, line in enumerate(lines, start=2):
        if number > limits.rows + 1:
            raise _refused("too_many_rows", most=limits.rows)
        cells = _to_cells(headers, line, number, limits)
        if cells:
            rows.append(Row(number, cells))
    return Sheet(tuple(named), tuple(rows))


def _trim(line: Sequence[object]) -> list[object]:
    cells = list(line)
    while cells and not _to_text(cells[-1]):
        cells.pop()
    return cells


def _to_cells(
    headers: Sequence[str], line: Sequence[object], number: int, limits: Limits
) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for header, value in zip(headers, line, strict=False):
        cell = _to_cell(value)
        if isinstance(cell, str) and len(cell) > limits.cell_letters:
            raise _refused("too_long_cell", row=number, most=limits.cell_letters)
        if header and cell is not None:
            cells[header] = cell
    return cells


def _to_cell(value: object) -> Cell | None:
    """Text stripped, whole floats as int, midnights as dates, empty as None."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, datetime):
        return value.date() if value.time() == datetime.min.time() else value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, int | float | date):
        return value
    return _undefuse(str(value).strip()) or None


def _undefuse(text: str) -> str:
    """Takes off the apostrophe that `write_csv` puts before a formula's first letter."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA_STARTS) else text


def _to_text(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())


def _to_csv(cell: Cell | None) -> object:
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
        return f"'{cell}"
    return cell


def _write_line(sheet: object, number: int, line: Sequence[Cell | None]) -> None:
    for column, value in enumerate(line, start=1):
        if value is None:
            continue
        clean = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
        cell = sheet.cell(number, column, clean)  # type: ignore[attr-defined]
        if isinstance(value, str):
            cell.data_type = "s"
        elif isinstance(value, date):
            cell.number_format = "yyyy-mm-dd hh:mm" if isinstance(value, datetime) else "yyyy-mm-dd"


def _dress(sheet: object, lines: Sequence[Sequence[Cell | None]]) -> None:
    """A bold header that stays in sight, and columns wide enough to read."""
    sheet.freeze_panes = "A2"  # type: ignore[attr-defined]
    for column in range(1, max((len(line) for line in lines), default=0) + 1):
        sheet.cell(1, column).font = Font(bold=True)  # type: ignore[attr-defined]
        sample = [_to_text(line[column - 1]) for line in lines[:50] if len(line) >= column]
        width = min(60, max(8, *(len(text) + 2 for text in sample)))
        sheet.column_dimensions[get_column_letter(column)].width = width  # type: ignore[attr-defined]
