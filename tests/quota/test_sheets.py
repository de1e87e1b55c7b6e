"""Sheets: what people send is read as they meant it, and what is broken is one clear fault."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from quota.errors import Invalid
from quota.sheets import Limits, read_sheet, write_csv, write_xlsx
from tests.factories import FUZZ

LINES = [["number", "name", "day"], ["7", "Айгүл; «Ұя»", date(2026, 2, 28)]]


def _code(content: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(Invalid) as refused:
        read_sheet(content, limits=limits or Limits())
    (fault,) = refused.value.faults
    assert fault.field == "file"
    return fault.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_csv_in_every_unicode_form(encoding: str, separator: str) -> None:
    text = f'атауы{separator}күні\n"Ұя{separator} 2"{separator}28.02.2026\n'
    sheet = read_sheet(text.encode(encoding))
    assert sheet.headers == ("атауы", "күні")
    assert sheet.rows[0].cells == {"атауы": f"Ұя{separator} 2", "күні": "28.02.2026"}
    assert sheet.rows[0].number == 2


def test_csv_in_cp1251() -> None:
    sheet = read_sheet("Наименование;Район\nТОО Ёлка;Талгарский\n".encode("cp1251"))
    assert sheet.rows[0].cells == {"Наименование": "ТОО Ёлка", "Район": "Талгарский"}


def test_empty_rows_are_left_out_and_numbers_stay_those_a_person_sees() -> None:
    sheet = read_sheet(b"a;b\n1;\n;\n\n2;3\n")
    assert [(row.number, dict(row.cells)) for row in sheet.rows] == [
        (2, {"a": "1"}),
        (5, {"a": "2", "b": "3"}),
    ]


def test_xlsx_cells_are_typed() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["a", "b", "c", "d", None])
    sheet.append([500340000004.0, datetime(2026, 2, 28), True, " текст "])  # noqa: DTZ001
    target = io.BytesIO()
    book.save(target)
    row = read_sheet(target.getvalue()).rows[0]
    assert row.cells == {"a": 500340000004, "b": date(2026, 2, 28), "c": True, "d": "текст"}


def test_what_is_written_comes_back() -> None:
    for content in (write_xlsx({"лист": LINES}), write_csv(LINES)):
        row = read_sheet(content).rows[0]
        assert row.cells["name"] == "Айгүл; «Ұя»"
        assert str(row.cells["day"]) == "2026-02-28"


@pytest.mark.parametrize("text", ["=1+1", "+7", "-5", "@SUM(A1)", "=HYPERLINK(1)"])
def test_text_is_never_a_formula(text: str) -> None:
    book = load_workbook(io.BytesIO(write_xlsx({"s": [["a"], [text]]})))
    assert book["s"]["A2"].data_type == "s"
    assert book["s"]["A2"].value == text
    assert write_csv([[text]]).decode("utf-8-sig").startswith("'")
    assert read_sheet(write_csv([["a"], [text]])).rows[0].cells == {"a": text}


def _bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"\0" * 3_000_000)
    return target.getvalue()


def _entities() -> bytes:
    """A workbook whose sheet defines entities in a document type."""
    source, target = io.BytesIO(write_xlsx({"s": LINES})), io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith("sheet1.xml"):
                part = b'<!DOCTYPE w [<!ENTITY a "aaaa">]>' + part
            new.writestr(name, part)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "limits", "code"),
    [
        (b"", Limits(), "no_header"),
        (b";;\n1;2;3\n", Limits(), "no_header"),
        (b"a;a\n1;2\n", Limits(), "column_twice"),
        (b"a\n1\n2\n3\n", Limits(rows=2), "too_many_rows"),
        (b"a;b;c\n", Limits(columns=2), "too_many_columns"),
        (b"a\n" + b"x" * 50, Limits(cell_letters=20), "too_long_cell"),
        (b"a\n" * 50, Limits(file_bytes=20), "too_large_file"),
        (b"PK\x03\x04 not a workbook", Limits(), "damaged_file"),
        (b"a\n\x00\x01\x02", Limits(), "damaged_file"),
        (b'a\n"open', Limits(), "damaged_file"),
        (_bomb(), Limits(unpacked_bytes=1_000_000), "too_large_file"),
        (_entities(), Limits(), "damaged_file"),
    ],
)
def test_what_cannot_be_read_is_one_fault(content: bytes, limits: Limits, code: str) -> None:
    assert _code(content, limits) == code


def test_a_workbook_that_claims_a_million_rows_is_cut_short() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "a"
    sheet["A1048576"] = 1
    target = io.BytesIO()
    book.save(target)
    assert _code(target.getvalue(), Limits(rows=100)) == "too_many_rows"


@given(
    st.sampled_from([write_xlsx({"s": LINES * 3}), write_csv(LINES * 3)]),
    st.lists(st.tuples(st.integers(0, 8000), st.integers(0, 255)), min_size=1, max_size=12),
    st.integers(0, 8000),
)
@settings(max_examples=FUZZ or 300, deadline=None)
def test_any_damage_is_a_fault_or_a_sheet(
    content: bytes, damage: list[tuple[int, int]], length: int
) -> None:
    damaged = bytearray(content)
    for place, value in damage:
        damaged[place % len(damaged)] = value
    _expect_no_other_error(lambda: read_sheet(bytes(damaged[: max(1, length)])))


@given(st.binary(max_size=400))
@settings(max_examples=FUZZ or 300, deadline=None)
def test_any_bytes_are_a_fault_or_a_sheet(content: bytes) -> None:
    _expect_no_other_error(lambda: read_sheet(content))


def _expect_no_other_error(read: Callable[[], object]) -> None:
    try:
        read()
    except Invalid as refusal:
        assert {fault.field for fault in refusal.faults} == {"file"}
