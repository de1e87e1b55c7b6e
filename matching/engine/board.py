"""How things stand while parts are solved, told as they are finished."""

from collections.abc import Sequence
from typing import Any

from matching.engine.bounds import spans, values_of
from matching.engine.components import Part
from matching.engine.instance import Ints
from matching.engine.objective import Tier, gain_of
from matching.engine.plan import TierResult
from matching.engine.progress import Progress, Tell
from matching.engine.proof import PartResult
from matching.engine.stages import part_bounds


class Board:
    """What the parts have so far of each tier, and what the best plan of each has at most; `idle` is what
    no part can change."""

    def __init__(
        self, tiers: Sequence[Tier], idle: Sequence[int], jobs: Sequence[tuple[Part, Ints]]
    ) -> None:
        self.tiers, self.idle = tiers, idle
        self.values: list[Sequence[int]] = [values_of(part, plan) for part, plan in jobs]
        self.bounds: list[Sequence[int]] = [[high for _, high in spans(part)] for part, _ in jobs]

    def note(self, at: int, result: PartResult) -> None:
        self.values[at], self.bounds[at] = result.values, part_bounds(result)

    def standing(self) -> tuple[TierResult, ...]:
        rows = [
            [sum(row[at] for row in table) + self.idle[at] for at in range(len(self.tiers))]
            for table in (self.values, self.bounds)
        ]
        return tuple(
            TierResult(tier.name, gain_of(value, tier), gain_of(bound, tier))
            for tier, value, bound in zip(self.tiers, *rows, strict=True)
        )


class Teller:
    """Tells of one phase: how many jobs are done, and where a board is kept, how things stand."""

    def __init__(self, tell: Tell, phase: str, total: int, board: Board | None) -> None:
        self.tell, self.phase, self.total, self.board = tell, phase, total, board
        self.done = 0

    def finish(self, at: int, result: Any) -> None:
        self.done += 1
        self.watch(at, result)

    def watch(self, at: int, result: Any) -> None:
        tiers: tuple[TierResult, ...] = ()
        if self.board is not None:
            self.board.note(at, result)
            tiers = self.board.standing()
        self.tell(Progress(self.phase, self.done, self.total, tiers))
