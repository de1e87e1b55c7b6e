"""How the people of a simulated year behave: chances by a seed, the same for the same person and step."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Manners:
    """Shares of 100 at each step; what is left over stays silent. Nothing counts what the year comes to."""

    approve: int = 84
    reject: int = 9
    consent: int = 92
    refuse_consent: int = 8
    hire: int = 32
    refuse: int = 16
    decline: int = 14
    miss: int = 9
    learn: int = 38  # of those offered a seat on a course
    drop: int = 4  # a month, of those on a course
    keep: int = 84
    leave: int = 10


def draw(seed: int, *what: object) -> int:
    """A number from 0 to 99 for one person at one step."""
    return Random(" ".join(map(str, (seed, *what)))).randrange(100)


def choose(number: int, shares: dict[str, int]) -> str:
    """The name whose share the number falls into, or nothing: silence."""
    for name, share in shares.items():
        if number < share:
            return name
        number -= share
    return ""
