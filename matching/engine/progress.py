"""How far a long step has come, told while it goes on."""

from collections.abc import Callable
from dataclasses import dataclass

from matching.engine.plan import TierResult


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` in a phase (0 of 0: it cannot be counted). `tiers` say what the plan has so far
    of each goal, and what the best plan has at most of it (of a shortage: at least)."""

    phase: str
    done: int = 0
    total: int = 0
    tiers: tuple[TierResult, ...] = ()


Tell = Callable[[Progress], None]


def keep_silent(progress: Progress) -> None:
    """For callers whom nobody waits for."""
