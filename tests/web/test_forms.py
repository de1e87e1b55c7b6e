"""Forms: typed text becomes a dataclass or faults beside the fields, and nothing typed is lost."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quota.errors import Invalid
from web.forms import Form


class Kind(StrEnum):
    DAY = "day"
    NIGHT = "night"


@dataclass(frozen=True, slots=True)
class Shape:
    title: str = field(metadata={"most": 20})
    seats: int
    kind: Kind
    starts: date | None = None
    places: tuple[str, ...] = ()
    paid: bool = False
    phrase: str = field(default="", metadata={"exact": True})


WHOLE = {"title": ["Курс"], "seats": ["12"], "kind": ["day"]}


def faults_of(values: dict[str, list[str]]) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        Form(WHOLE | values).read(Shape)
    return {fault.field: fault.code for fault in refused.value.faults}


def test_a_whole_form_is_read() -> None:
    typed = {
        "starts": ["2026-11-23"],
        "places": ["a", "", "b"],
        "paid": ["1"],
        "phrase": [" кең дала "],
        "title": ["  Курс\r\n"],
    }
    assert Form(WHOLE | typed).read(Shape) == Shape(
        "Курс", 12, Kind.DAY, date(2026, 11, 23), ("a", "b"), True, " кең дала "
    )


def test_what_is_left_empty_takes_its_default() -> None:
    assert Form(WHOLE | {"starts": [" "], "paid": ["0"]}).read(Shape) == Shape("Курс", 12, Kind.DAY)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"title": ["  "], "seats": [""]}, {"title": "required", "seats": "required"}),
        ({"title": ["x" * 21]}, {"title": "too_long"}),
        ({"title": ["a\x00b"]}, {"title": "unreadable"}),
        ({"title": ["a\ufffdb"]}, {"title": "unreadable"}),
        ({"seats": ["twelve"]}, {"seats": "not_a_number"}),
        ({"seats": ["1.5"]}, {"seats": "not_a_number"}),
        ({"seats": ["١٢"]}, {"seats": "not_a_number"}),
        ({"seats": ["9" * 16]}, {"seats": "too_large"}),
        ({"kind": ["noon"]}, {"kind": "unknown_choice"}),
        ({"starts": ["31.02.2026"]}, {"starts": "not_a_date"}),
        ({"starts": ["tomorrow"]}, {"starts": "not_a_date"}),
    ],
)
def test_every_fault_is_found_with_its_field(
    values: dict[str, list[str]], expected: dict[str, str]
) -> None:
    assert faults_of(values) == expected


@pytest.mark.parametrize(
    ("typed", "value"), [("150 000", 150000), ("150\u00a0000", 150000), ("-3", -3), (" 7 ", 7)]
)
def test_numbers_are_read_as_people_write_them(typed: str, value: int) -> None:
    assert Form(WHOLE | {"seats": [typed]}).read(Shape).seats == value


@pytest.mark.parametrize("typed", ["2026-11-23", "23.11.2026"])
def test_dates_are_read_from_the_browser_and_from_people(typed: str) -> None:
    assert Form(WHOLE | {"starts": [typed]}).read(Shape).starts == date(2026, 11, 23)


@given(
    st.dictionaries(
        st.sampled_from(["title", "seats", "kind", "starts", "places", "paid", "phrase"]),
        st.lists(st.text(max_size=40), max_size=3),
    )
)
def test_whatever_is_typed_is_read_or_refused_and_kept(values: dict[str, list[str]]) -> None:
    form = Form(values)
    try:
        read = form.read(Shape)
    except Invalid as refused:
        assert refused.faults
    else:
        assert isinstance(read.seats, int)
    assert all(form.values(name) == typed for name, typed in values.items())


def test_a_blank_form_shows_what_is_known() -> None:
    form = Form.blank(title="Курс", seats=None, kind=Kind.NIGHT, starts=date(2026, 1, 2), paid=True)
    assert [form.value(name) for name in ("title", "seats", "kind", "starts", "paid")] == [
        "Курс",
        "",
        "night",
        "2026-01-02",
        "1",
    ]
    assert Form.blank(places=("a", "b")).values("places") == ["a", "b"]


def test_a_file_that_was_not_chosen_is_a_fault() -> None:
    with pytest.raises(Invalid):
        Form({}).file("sheet")
