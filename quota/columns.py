"""Columns: what a sheet of a noun may hold, under which headers, and how its cells are read.

A header is the column's code or its Russian or Kazakh name. A blank cell says nothing: it neither
clears a field nor matches anything.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from quota.errors import Fault, Invalid, SenimError, fault
from quota.occupations import join_code, split_code
from quota.sheets import Cell, Row, Sheet
from quota.spelling import normalise

Labels = Mapping[str, tuple[str, ...]]  # code to its Kazakh and Russian name, then other spellings

YES: Labels = {
    "yes": ("иә", "да", "ия", "true", "1", "+", "бар", "есть"),
    "no": ("жоқ", "нет", "жок", "false", "0", "-"),
}
_DAYS = {
    short: number
    for number, names in enumerate(
        (
            "пн дс mon",
            "вт сс tue",
            "ср wed",
            "чт бс thu",
            "пт жм fri",
            "сб sat",
            "вс жс sun",
        ),
        start=1,
    )
    for short in names.split()
}
_SHIFT = re.compile(r"([\w,\-–]+)\s+(\d{1,2}:\d\d)\s*[-–]\s*(\d{1,2}:\d\d)")
_DATE_FORMS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y")
_MONEY_WORDS = re.compile(r"(тг|тенге|теңге|₸|kzt)\.?$", re.IGNORECASE)
_ZERO_FRACTION = re.compile(r"[.,]0{1,2}$")


def _as_it_is(value: Any, _locale: str) -> Cell:
    cell: Cell = value
    return cell


@dataclass(frozen=True, slots=True)
class Kind:
    """How cells of a kind are read, and written in a language so that they are read back the same.
    `parse` raises SenimError with the code of what is wrong."""

    name: str
    parse: Callable[[Cell], Any]
    labels: Labels | None = None
    write: Callable[[Any, str], Cell] = _as_it_is


@dataclass(frozen=True, slots=True)
class Column:
    code: str
    kind: Kind
    kk: str
    ru: str
    needed: bool = False
    example: Cell | None = None

    def name(self, locale: str) -> str:
        return {"kk": self.kk, "ru": self.ru}.get(locale, self.code)


@dataclass(frozen=True, slots=True)
class Reading:
    """A row as read: values by column code, and what is wrong with the others."""

    number: int
    values: Mapping[str, Any]
    faults: tuple[Fault, ...]


def read_rows(sheet: Sheet, columns: Sequence[Column]) -> tuple[list[Reading], tuple[str, ...]]:
    """Every row read by `columns`, and the headers that are none of them.

    Raises Invalid when a needed column is missing or stands there twice.
    """
    known, unknown = _assign(sheet.headers, columns)
    return [_read_row(row, columns, known) for row in sheet.rows], unknown


def _assign(
    headers: Sequence[str], columns: Sequence[Column]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """{column code: header}, and the headers left over."""
    by_name = {normalise(n): c.code for c in columns for n in (c.ru, c.kk, c.code)}
    known: dict[str, str] = {}
    unknown = []
    for header in headers:
        code = by_name.get(normalise(header))
        if code is None:
            unknown.append(header)
        elif code in known:
            raise Invalid(fault("file", "column_twice", column=code))
        else:
            known[code] = header
    missing = [c.code for c in columns if c.needed and c.code not in known]
    if missing:
        raise Invalid(*(fault("file", "missing_column", column=code) for code in missing))
    return known, tuple(unknown)


def _read_row(row: Row, columns: Sequence[Column], headers: Mapping[str, str]) -> Reading:
    values: dict[str, Any] = {}
    faults = []
    for column in columns:
        cell = row.cells.get(headers.get(column.code, ""))
        if cell is None:
            if column.needed:
                faults.append(fault(column.code, "required"))
            continue
        try:
            values[column.code] = column.kind.parse(cell)
        except SenimError as error:
            faults.append(Fault(column.code, error.code, error.params))
    return Reading(row.number, values, tuple(faults))


def text(most: int) -> Kind:
    """One line or more of text, at most `most` characters."""

    def parse(cell: Cell) -> str:
        words = _as_text(cell)
        if len(words) > most:
            raise SenimError("too_long", most=most)
        return words

    return Kind("text", parse)


def whole(most: int = 1_000_000) -> Kind:
    """A number without fraction from 0 to `most`, also with spaces and the word for tenge."""

    def parse(cell: Cell) -> int:
        number = _as_number(cell)
        if number < 0:
            raise SenimError("not_negative")
        if number > most:
            raise SenimError("too_large", most=most)
        return number

    return Kind("whole", parse)


def choice(labels: Labels) -> Kind:
    """One of the codes of `labels`, or any of its names."""
    by_name = _index(labels)

    def parse(cell: Cell) -> str:
        code = by_name.get(_as_key(cell))
        if code is None:
            raise SenimError("unknown_choice")
        return code

    return Kind("choice", parse, labels, lambda code, locale: name_code(labels, code, locale))


def choices(labels: Labels) -> Kind:
    """Several of the codes of `labels`, between commas or semicolons, in the order of `labels`."""
    by_name = _index(labels)

    def parse(cell: Cell) -> list[str]:
        found = {by_name.get(_as_key(part)) for part in re.split("[,;\n]", _as_text(cell))}
        if None in found:
            raise SenimError("unknown_choice")
        return [code for code in labels if code in found]

    def write(codes: Sequence[str], locale: str) -> str:
        return "; ".join(name_code(labels, code, locale) for code in codes)

    return Kind("choices", parse, labels, write)


def name_code(labels: Labels, code: str, locale: str) -> str:
    """The name of a code in Kazakh or Russian, or the code itself."""
    names, place = labels.get(code, ()), {"kk": 0, "ru": 1}.get(locale)
    return names[place] if place is not None and len(names) > place else code


def _parse_number12(cell: Cell) -> str:
    """Twelve digits; a spreadsheet that took them for a number dropped the leading zeros."""
    if isinstance(cell, int) and not isinstance(cell, bool):
        return str(cell).zfill(12)
    return "".join(_as_text(cell).split())


def _parse_day(cell: Cell) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    for form in _DATE_FORMS:
        try:
            day = datetime.strptime(_as_text(cell), form).date()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            continue
        if day.year >= 1900:
            return day
    raise SenimError("not_a_date")


def _parse_shifts(cell: Cell) -> list[dict[str, str]]:
    """`1-5 08:00-17:00; сб 09:00-14:00`: days by number or short name, then hours."""
    shifts = []
    for part in re.split("[;\n]", _as_text(cell)):
        match = _SHIFT.fullmatch(part.strip())
        if match is None:
            raise SenimError("not_a_schedule")
        days, start, end = match.groups()
        shifts.append({"days": parse_days(days), "start": _clock(start), "end": _clock(end)})
    return shifts


def _write_shifts(shifts: Sequence[Mapping[str, str]], _locale: str) -> str:
    return "; ".join(f"{s['days']} {s['start']}-{s['end']}" for s in shifts)


def parse_days(written: str) -> str:
    """Days by number or short name, such as `1-5` or `пн,ср`, as sorted digits. Raises SenimError."""
    days: set[int] = set()
    for part in written.casefold().replace("–", "-").split(","):
        first, _, last = part.partition("-")
        if not last and first.isascii() and first.isdecimal():
            numbers = [int(digit) for digit in first]
        else:
            ends = [_day_number(end) for end in (first, last or first)]
            numbers = list(range(ends[0], ends[1] + 1))
        if not numbers or not all(1 <= n <= 7 for n in numbers):
            raise SenimError("not_a_schedule")
        days.update(numbers)
    return "".join(str(day) for day in sorted(days))


def _day_number(written: str) -> int:
    if written.isascii() and written.isdecimal():
        return int(written)
    if written not in _DAYS:
        raise SenimError("not_a_schedule")
    return _DAYS[written]


def _clock(written: str) -> str:
    hours, minutes = written.split(":")
    if int(hours) > 23 or int(minutes) > 59:
        raise SenimError("not_a_schedule")
    return f"{int(hours):02d}:{minutes}"


def _parse_isco08(cell: Cell) -> str:
    """Four digits of a unit group."""
    code, suffix = _parse_occupation(cell)
    if suffix:
        raise SenimError("unknown_choice")
    return code


def _parse_occupation(cell: Cell) -> tuple[str, str]:
    """A unit group and the national level below it, perhaps empty; a spreadsheet that took four digits
    for a number dropped a leading zero."""
    return split_code(str(cell).zfill(4) if isinstance(cell, int) else _as_text(cell))


def _as_text(cell: Cell) -> str:
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell).strip()


def _as_key(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return " ".join(_as_text(cell).casefold().replace("ё", "е").split())


def _as_number(cell: Cell) -> int:
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell
    written = "".join(_as_text(cell).split())
    plain = _ZERO_FRACTION.sub("", _MONEY_WORDS.sub("", written))
    if not re.fullmatch(r"-?[0-9]{1,15}", plain):
        raise SenimError("not_a_number")
    return int(plain)


def _index(labels: Labels) -> dict[str, str]:
    return {_as_key(name): code for code, names in labels.items() for name in (code, *names)}


NUMBER12 = Kind("number12", _parse_number12)
ISCO08 = Kind("isco08", _parse_isco08)
OCCUPATION = Kind("occupation", _parse_occupation, write=lambda code, _: join_code(*code))
DAY = Kind("day", _parse_day)
SHIFTS = Kind("shifts", _parse_shifts, write=_write_shifts)
FLAG = Kind(
    "flag",
    lambda cell: choice(YES).parse(cell) == "yes",
    YES,
    lambda value, locale: name_code(YES, "yes" if value else "no", locale),
)
TENGE = whole(10**14)
