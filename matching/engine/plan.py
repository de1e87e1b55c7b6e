"""A solved instance: the plan, how good it is by every tier, and what no plan can beat."""

from dataclasses import dataclass, field

from matching.engine.feasibility import Choice
from matching.engine.instance import Ints
from matching.engine.proof import PartResult, SharedProof

OPTIMAL, FEASIBLE, INFEASIBLE = "optimal", "feasible", "infeasible"


@dataclass(frozen=True)
class TierResult:
    """A tier's value in the plan and the bound on it among plans as good in the tiers before."""

    name: str
    value: int
    bound: int

    @property
    def closed(self) -> bool:
        return self.value == self.bound


@dataclass(frozen=True, eq=False)
class Plan:
    """The answer. `chosen` are positions of options in the instance. When infeasible, `choices`
    are empty and `clash` is an irreducible set of pins that contradict each other or the rules.
    `parts` and `shared` prove the bounds."""

    status: str
    choices: tuple[Choice, ...]
    chosen: Ints
    tiers: tuple[TierResult, ...]
    clash: tuple[Choice, ...] = ()
    nodes: int = 0
    parts: tuple[PartResult, ...] = field(default=(), repr=False)
    shared: tuple[SharedProof, ...] = field(default=(), repr=False)

    @property
    def gap(self) -> float:
        """Of the first tier not proven: distance to the bound as a share of the bound."""
        for tier in self.tiers:
            if not tier.closed:
                return abs(tier.bound - tier.value) / max(1, abs(tier.bound))
        return 0.0
