"""Occupation codes: the unit group of ISCO-08, by which people and jobs are matched, and below it the
level that the national classifier adds, as 01 in 7212-01."""

import re
from functools import cache

from quota.data import read_rows
from quota.errors import SenimError

LONGEST_SUFFIX = 8
_CODE = re.compile(r"([0-9]{4})(?:-([0-9]{1,3}(?:-[0-9]{1,4})?))?")


def split_code(written: str) -> tuple[str, str]:
    """The unit group and what stands below it, perhaps nothing: `7212-01` is 7212 and 01.

    Raises SenimError: unknown_choice.
    """
    match = _CODE.fullmatch(written.strip())
    if match is None or match[1] not in unit_groups():
        raise SenimError("unknown_choice")
    return match[1], match[2] or ""


def join_code(isco08: str, suffix: str) -> str:
    return f"{isco08}-{suffix}" if suffix else isco08


def is_suffix(written: str) -> bool:
    """Whether it may stand below a unit group."""
    return not written or _CODE.fullmatch(f"0000-{written}") is not None


@cache
def unit_groups() -> frozenset[str]:
    return frozenset(row["isco08"] for row in read_rows("occupations.csv"))
