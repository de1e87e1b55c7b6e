"""Identifier numbers with the right control digit and a date in the future: nobody's."""

from collections.abc import Callable
from random import Random

from quota.identifiers import control_digit

_FIRST_BIN_YEAR, _BIN_YEARS = 50, 40  # read as 2050 to 2089
_LATEST = 2099


class Numbers:
    """Hands out numbers, none of them twice."""

    def __init__(self, draw: Random) -> None:
        self._draw = draw
        self._used: set[str] = set()

    def iin(self, birth_year: int, *, female: bool) -> str:
        """An IIN whose holder is born a hundred years after `birth_year`, at most in 2099."""
        year = min(birth_year + 100, _LATEST)
        sex = "6" if female else "5"
        return self._take(
            lambda: (
                f"{year % 100:02d}{self._month_and_day()}{sex}{self._draw.randrange(10_000):04d}"
            )
        )

    def bin(self) -> str:
        """A BIN of a legal entity registered between 2050 and 2089."""
        year = _FIRST_BIN_YEAR + self._draw.randrange(_BIN_YEARS)
        month = self._draw.randint(1, 12)
        return self._take(lambda: f"{year:02d}{month:02d}40{self._draw.randrange(100_000):05d}")

    def _month_and_day(self) -> str:
        return f"{self._draw.randint(1, 12):02d}{self._draw.randint(1, 28):02d}"

    def _take(self, make_body: Callable[[], str]) -> str:
        while True:
            body = make_body()
            digit = control_digit(body)
            number = f"{body}{digit}"
            if digit is not None and number not in self._used:
                self._used.add(number)
                return number
