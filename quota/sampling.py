"""A stratified sample that anybody can draw again: a published list of units and a published seed.

Places in the sample are shared among the strata in proportion to their weight, by largest remainders;
inside a stratum the units stand in the order of SHA-256("seed:unit"), and the first are drawn. No
random generator takes part, so the draw can be repeated with any program that knows SHA-256.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from quota.errors import Invalid, fault
from quota.sheets import Row, read_sheet, write_csv

HEADERS = ("unit", "stratum", "weight")
HEAVIEST = 1_000


@dataclass(frozen=True, slots=True)
class Unit:
    """One that can be drawn: an opaque key, its stratum, and how much it weighs when places are shared."""

    key: str
    stratum: str
    weight: int = 1


def draw(units: Iterable[Unit], *, seed: str, size: int) -> tuple[str, ...]:
    """The keys drawn, in order of stratum and then of the draw; all of them when `size` is not below
    their number. The order of `units` changes nothing."""
    strata: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        strata[unit.stratum].append(unit)
    drawn = []
    for stratum, places in share_out(strata, seed=seed, size=size).items():
        ordered = sorted(strata[stratum], key=lambda unit: (rank(seed, unit.key), unit.key))
        drawn += [unit.key for unit in ordered[:places]]
    return tuple(drawn)


def share_out(strata: dict[str, list[Unit]], *, seed: str, size: int) -> dict[str, int]:
    """How many of each stratum are drawn, by name: largest remainders, none more than it has. Equal
    remainders go by the seed."""
    places = dict.fromkeys(sorted(strata), 0)
    left = min(size, sum(map(len, strata.values())))
    while left:
        open_ = {name: units for name, units in strata.items() if places[name] < len(units)}
        weights = {name: sum(unit.weight for unit in units) for name, units in open_.items()}
        left = _share_round(places, open_, weights, left, seed)
    return places


def _share_round(
    places: dict[str, int],
    open_: dict[str, list[Unit]],
    weights: dict[str, int],
    left: int,
    seed: str,
) -> int:
    """Gives `left` places to the strata that still have room; what is left over after it."""
    total, given = sum(weights.values()), left
    remainders = {name: left * weight % total for name, weight in weights.items()}
    whole = {name: left * weight // total for name, weight in weights.items()}
    spare = left - sum(whole.values())
    for name in sorted(weights, key=lambda n: (-remainders[n], rank(seed, n), n))[:spare]:
        whole[name] += 1
    for name, number in whole.items():
        taken = min(number, len(open_[name]) - places[name])
        places[name] += taken
        given -= taken
    return given


def rank(seed: str, key: str) -> str:
    """Where a key stands in the draw: the lower, the earlier."""
    return hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()


def write_frame(units: Iterable[Unit]) -> str:
    """The list to publish, as csv in the order of the keys."""
    rows = [(u.key, u.stratum, u.weight) for u in sorted(units, key=lambda unit: unit.key)]
    return write_csv([HEADERS, *rows]).decode("utf-8-sig")


def read_frame(content: bytes) -> list[Unit]:
    """The units of a published list. Raises Invalid for a damaged list, or one with a unit twice."""
    sheet = read_sheet(content)
    if any(header not in sheet.headers for header in HEADERS):
        raise Invalid(fault("file", "no_header"))
    units = [_read_unit(row) for row in sheet.rows]
    if len({unit.key for unit in units}) != len(units):
        raise Invalid(fault("file", "damaged_file"))
    return units


def fingerprint(frame: str) -> str:
    """The SHA-256 of a published list, so that nobody can change it after the draw."""
    return hashlib.sha256(frame.encode()).hexdigest()


def _read_unit(row: Row) -> Unit:
    key, stratum, weight = (str(row.cells.get(header, "")) for header in HEADERS)
    if not (key and stratum and weight.isascii() and weight.isdigit()):
        raise Invalid(fault("file", "damaged_file"))
    if not 1 <= int(weight) <= HEAVIEST:
        raise Invalid(fault("file", "damaged_file"))
    return Unit(key, stratum, int(weight))
