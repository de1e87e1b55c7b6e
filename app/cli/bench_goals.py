"""The goals of `senim bench engine`, each with its figure, and what is measured for them alone."""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Goal:
    """What was promised: a figure that shall be at most (or, `least`, at least) so much."""

    name: str
    figure: float
    limit: float
    least: bool = False

    @property
    def met(self) -> bool:
        return self.figure >= self.limit if self.least else self.figure <= self.limit

    def __str__(self) -> str:
        word, said = ("least", "most")[not self.least], "met" if self.met else "missed"
        return f"{self.name:<58}{self.figure:>10,.2f}   at {word} {self.limit:,g}: {said}"


def judge(seconds: Mapping[tuple[str, bool, str], float]) -> Iterator[Goal]:
    """The goals that what was measured decides; keys are (size, pure, method)."""
    for size, pure, method, peer, limit in (
        ("full", True, "engine", "bare_flow", 1.3),
        ("country", True, "engine", "bare_flow", 1.3),
        ("country", False, "engine", "bare_flow", 4.0),
        ("country", False, "engine_2", "bare_flow", 2.5),
    ):
        own, other = seconds.get((size, pure, method)), seconds.get((size, pure, peer))
        if own and other:
            kind = "pure assignment" if pure else "all side rows"
            yield Goal(f"{size}, {kind}: {method}, times the bare flow", own / other, limit)
    own, other = (seconds.get(("full", False, method)) for method in ("engine", "highs_mip"))
    if own and other:
        yield Goal("full, all side rows: times faster than HiGHS", other / own, 20, least=True)


def cut_budget(size: str, seed: int, share: int) -> str:
    """The budget cut to `share` per cent of what the best plan spends, and the instance solved again."""
    from matching.engine.generator import generate
    from matching.engine.objective import format_tiers
    from matching.engine.solver import solve

    instance = generate(size, seed)
    tiers = format_tiers(instance)
    taken = instance.course[solve(instance, tiers).chosen]
    spent = int(instance.cost[taken[taken >= 0]].sum())
    scarce = replace(instance, budget=spent * share // 100)
    begin = time.perf_counter()
    plan = solve(scarce, tiers)
    seconds = time.perf_counter() - begin
    how = "at a price" if plan.shared else "in one search"
    return f"budget at {share} %: {plan.status} {how}, gap {plan.gap:.4%}, {seconds:.2f} s"


def compare_regrets(size: str, seed: int, repeat: int) -> float:
    """The time of all regrets and slot prices, as a share of the time of the solve."""
    from matching.engine.generator import generate
    from matching.engine.holding import hold
    from matching.engine.objective import format_tiers
    from matching.engine.regrets import find_regrets
    from matching.engine.solver import solve

    instance = generate(size, seed)
    tiers = format_tiers(instance)
    plan = solve(instance, tiers)
    solving = _median(lambda: solve(instance, tiers), repeat)
    return _median(lambda: find_regrets(hold(instance, tiers, plan.chosen)), repeat) / solving


def _median(work: Callable[[], object], repeat: int) -> float:
    runs = []
    for _ in range(repeat):
        begin = time.perf_counter()
        work()
        runs.append(time.perf_counter() - begin)
    return statistics.median(runs)
