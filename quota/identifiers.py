"""BIN and IIN: the control digit in two rounds and the meaning of the leading digits.

Rule: Government resolutions 11.06.2003 No. 565 and 22.05.2007 No. 406, as implemented in public code
(valery1707/kaz-person-id). A remainder of ten in both rounds means that the number cannot be issued.
"""

from datetime import date
from enum import StrEnum

from quota.errors import Fault, fault

_FIRST_ROUND = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
_SECOND_ROUND = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
_CENTURIES = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}


class Kind(StrEnum):
    IIN = "iin"  # a person, also a sole proprietor or a farm headed by one
    BIN = "bin"  # a legal entity, branch or joint entrepreneurship


def control_digit(body: str) -> int | None:
    """The twelfth digit for eleven, or None when the number cannot be issued."""
    for weights in (_FIRST_ROUND, _SECOND_ROUND):
        remainder = sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11
        if remainder < 10:
            return remainder
    return None


def kind_of(number: str) -> Kind:
    """A BIN's fifth digit is its type, 4 to 6, which no day of a birth date can begin with."""
    return Kind.BIN if number[4:5] in ("4", "5", "6") else Kind.IIN


def check_employer_number(number: str, *, today: date, allow_future: bool = False) -> list[Fault]:
    """What is wrong with a BIN or IIN of an employer, as faults of the field `identifier`.

    `allow_future` lets in numbers that can be nobody's yet: for a demonstration database only.
    """
    return _check(number, kind_of(number), "identifier", today=today, allow_future=allow_future)


def check_person_number(number: str, *, today: date, allow_future: bool = False) -> list[Fault]:
    """What is wrong with a person's IIN, as faults of the field `iin`."""
    return _check(number, Kind.IIN, "iin", today=today, allow_future=allow_future)


def _check(number: str, kind: Kind, field: str, *, today: date, allow_future: bool) -> list[Fault]:
    if len(number) != 12 or not (number.isascii() and number.isdecimal()):
        return [fault(field, "twelve_digits")]
    if control_digit(number[:11]) != int(number[11]):
        return [fault(field, "control_digit")]
    begun = _birth_date(number) if kind is Kind.IIN else _registration_month(number)
    if begun is None:
        return [fault(field, "no_such_date")]
    if begun > today and not allow_future:
        return [fault(field, "date_in_future")]
    if kind is Kind.BIN and number[5] not in "0123":
        return [fault(field, "bin_attribute")]
    return []


def _birth_date(iin: str) -> date | None:
    """The birth date; the seventh digit 0 (some foreigners) says no century, taken as the latest."""
    century = _CENTURIES.get(iin[6], 2000 if iin[6] == "0" else None)
    if century is None:
        return None
    try:
        return date(century + int(iin[:2]), int(iin[2:4]), int(iin[4:6]))
    except ValueError:
        return None


def _registration_month(bin_number: str) -> date | None:
    month = int(bin_number[2:4])
    if not 1 <= month <= 12:
        return None
    # BINs are issued since the register began in 1994: two digits of the year suffice until 2093.
    year = int(bin_number[:2])
    return date((1900 if year >= 90 else 2000) + year, month, 1)
