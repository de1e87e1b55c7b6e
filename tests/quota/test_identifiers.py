"""BIN and IIN against a second implementation, written anew from the wording of the rule."""

import time
from collections import Counter
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quota.identifiers import (
    Kind,
    check_employer_number,
    check_person_number,
    control_digit,
    kind_of,
)

TODAY = date(2026, 11, 23)


def control_by_the_rule(body: str) -> str:
    """The rule's text, step by step: 'x' when the number cannot be issued."""
    total = 0
    for place in range(1, 12):
        total = total + place * int(body[place - 1])
    if total % 11 != 10:
        return str(total % 11)
    total = 0
    for place in range(1, 12):
        weight = place + 2 if place <= 9 else place - 9
        total = total + weight * int(body[place - 1])
    return "x" if total % 11 == 10 else str(total % 11)


def fault_by_the_rule(number: str, *, employer: bool) -> str:
    """What the rule says of twelve digits on TODAY, '' when nothing is wrong: the control digit, then
    whoever the number is of by its fifth digit, then the date it holds, then the sixth digit."""
    digit = [int(d) for d in number]
    if control_by_the_rule(number[:11]) != number[11]:
        return "control_digit"
    if employer and 4 <= digit[4] <= 6:
        year, month = digit[0] * 10 + digit[1], digit[2] * 10 + digit[3]
        if month == 0 or month > 12:
            return "no_such_date"
        if (year + (2000 if year < 90 else 1900), month) > (TODAY.year, TODAY.month):
            return "date_in_future"
        return "bin_attribute" if digit[5] > 3 else ""
    century = {0: "20", 1: "18", 2: "18", 3: "19", 4: "19", 5: "20", 6: "20"}.get(digit[6], "")
    try:
        born = time.strptime(f"{century}{number[:6]}", "%Y%m%d" if century else "never")
    except ValueError:
        return "no_such_date"
    return "date_in_future" if tuple(born[:3]) > TODAY.timetuple()[:3] else ""


def codes(number: str, *, employer: bool) -> str:
    check = check_employer_number if employer else check_person_number
    return " ".join(fault.code for fault in check(number, today=TODAY))


def test_every_month_type_and_attribute_is_judged_as_the_rule_says() -> None:
    """All of them: four digits of year and month in two years, ten types, ten attributes."""
    told = Counter()
    for year, month, kind, attribute in product((26, 94), range(100), range(10), range(10)):
        body = f"{year:02}{month:02}{kind}{attribute}0000{month % 10}"
        control = control_by_the_rule(body)
        number = body + ("0" if control == "x" else control)
        told[expected := fault_by_the_rule(number, employer=True)] += 1
        assert codes(number, employer=True) == expected, number
    assert told.keys() >= {"", "no_such_date", "date_in_future", "bin_attribute"}


small = st.integers(0, 13).map("{:02}".format) | st.integers(0, 99).map("{:02}".format)
heads = st.tuples(
    *(st.integers(0, 99).map("{:02}".format), small),
    *(st.integers(0, 32).map("{:02}".format) | small, st.sampled_from("0123456789")),
).map("".join)


@given(heads, st.integers(0, 9999), st.sampled_from("c0123456789"), st.booleans())
def test_dates_and_centuries_are_judged_as_the_rule_says(
    head: str, serial: int, last: str, employer: bool
) -> None:
    body = f"{head}{serial:04}"
    control = control_by_the_rule(body).replace("x", "0")
    number = body + last.replace("c", control)
    assert codes(number, employer=employer) == fault_by_the_rule(number, employer=employer)


bodies = st.text("0123456789", min_size=11, max_size=11)


@given(bodies)
def test_the_control_digit_is_the_one_of_the_rule(body: str) -> None:
    digit = control_digit(body)
    assert ("x" if digit is None else str(digit)) == control_by_the_rule(body)


@given(bodies, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_of_the_first_ten_is_always_seen(body: str, place: int, shift: int) -> None:
    """Within one round: the eleventh digit weighs eleven, so the rule itself does not guard it."""
    changed = body[:place] + str((int(body[place]) + shift) % 10) + body[place + 1 :]
    first = sum((i + 1) * int(d) for i, d in enumerate(body)) % 11
    other = sum((i + 1) * int(d) for i, d in enumerate(changed)) % 11
    if 10 not in (first, other):
        assert control_digit(body) != control_digit(changed)


@pytest.mark.parametrize("number", ["940140000385", "990140004654", "170540017769"])
def test_published_bins_are_valid(number: str) -> None:
    assert kind_of(number) is Kind.BIN
    assert check_employer_number(number, today=TODAY) == []


@pytest.mark.parametrize("digit", "0123456789")
@pytest.mark.parametrize("body", ["99010150071", "50034000055"])
def test_a_remainder_of_ten_twice_is_invalid_whatever_the_last_digit(body: str, digit: str) -> None:
    faults = check_employer_number(body + digit, today=TODAY, allow_future=True)
    assert [f.code for f in faults] == ["control_digit"]


@pytest.mark.parametrize("number", ["990101500006", "990101500708", "500340000004", "500340000500"])
def test_numbers_of_nobody_pass_only_in_a_demonstration(number: str) -> None:
    assert check_employer_number(number, today=TODAY, allow_future=True) == []
    assert [f.code for f in check_employer_number(number, today=TODAY)] == ["date_in_future"]


@pytest.mark.parametrize(
    "number", ["", "12345678901", "1234567890123", "12345678901x", "１２３４５６７８９０１２"]
)
def test_anything_but_twelve_digits_is_refused(number: str) -> None:
    assert [f.code for f in check_person_number(number, today=TODAY)] == ["twelve_digits"]


@given(st.text())
def test_no_text_is_too_strange_to_be_answered(text: str) -> None:
    check_employer_number(text, today=TODAY)
    check_person_number(text, today=TODAY)


@given(st.dates(date(1930, 1, 1), date(2010, 12, 31)), st.integers(0, 9999))
def test_an_iin_of_a_real_birth_date_is_accepted(born: date, serial: int) -> None:
    century = "3" if born.year < 2000 else "5"
    body = f"{born:%y%m%d}{century}{serial:04d}"
    digit = control_digit(body)
    if digit is not None:
        assert check_person_number(f"{body}{digit}", today=TODAY) == []


def test_impossible_dates_and_attributes_are_named() -> None:
    def complete(body: str) -> str:
        while control_digit(body) is None:
            body = body[:-1] + str((int(body[-1]) + 1) % 10)
        return f"{body}{control_digit(body)}"

    assert [f.code for f in check_person_number(complete("99023030001"), today=TODAY)] == [
        "no_such_date"
    ]
    assert [f.code for f in check_employer_number(complete("20134000001"), today=TODAY)] == [
        "no_such_date"
    ]
    assert [f.code for f in check_employer_number(complete("20014900001"), today=TODAY)] == [
        "bin_attribute"
    ]
