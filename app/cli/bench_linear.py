"""`senim bench engine --lp`: the engine's linear programs solved again by other libraries.

While an instance is solved, whatever the engine asks of HiGHS is written down: rows and columns
added, bounds and costs moved, and each solve with its optimal value. The same calls are then put to
HiGHS once more, which starts each solve from the basis of the last, to OR-Tools' GLOP, given every
program afresh, and to GLOP behind MathOpt's incremental solver, which starts from the last basis
too. What is counted is computing time, of everything and of the solves within it.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from app.cli.bench_programs import (
    VERBS,
    Call,
    Glop,
    Highs,
    MathOpt,
    Solver,
    new_program,
    optimum,
)
from matching.engine import pricing
from matching.engine.generator import generate
from matching.engine.instance import Instance
from matching.engine.objective import format_tiers
from matching.engine.solver import solve

_LINE = "{:<24}{:>8}{:>10}{:>8}{:>10}{:>7}{:>10}{:>7}"
_INSTANCES = 5  # one alone may need no more than four solves

Journal = list[Call]


@dataclass(frozen=True)
class Timing:
    """One library over all programs: computing seconds in all and within the solves (MathOpt's by
    its own clock), the solves, how many it did not prove, and the largest relative difference of
    its values to the engine's."""

    name: str
    seconds: float
    within: float
    solves: int
    failed: int
    apart: float


def record(instance: Instance) -> list[Journal]:
    """What the engine asks of its linear programs while it solves the instance, one journal for
    each program, in their order."""
    journals: list[Journal] = []

    def begin() -> "_Recorder":
        journals.append([])
        return _Recorder(new_program(), journals[-1])

    with _programs_made_by(begin):
        solve(instance, format_tiers(instance))
    return journals


@contextmanager
def _programs_made_by(make: Callable[[], Any]) -> Iterator[None]:
    pricing._new_program = make
    try:
        yield
    finally:
        pricing._new_program = new_program


class _Recorder:
    """Passes every call on to HiGHS, and writes down those that change or solve the program."""

    def __init__(self, program: Any, journal: Journal) -> None:
        self._program, self._journal = program, journal

    def __getattr__(self, verb: str) -> Any:
        method = getattr(self._program, verb)
        if verb not in VERBS:
            return method

        def call(*given: Any) -> Any:
            answer = method(*given)
            value = optimum(self._program) if verb == "run" else None
            self._journal.append(Call(verb, given, value))
            return answer

        return call


def compare_linear(size: str, seed: int, repeat: int) -> list[Timing]:
    """Each library over the programs of a few instances of the size, HiGHS first; of several
    replays the one with the median time."""
    instances = [generate(size, seed + at) for at in range(_INSTANCES)]
    journals = [journal for instance in instances for journal in record(instance)]
    libraries: tuple[tuple[str, Callable[[], Solver]], ...] = (
        ("HiGHS, warm", Highs),
        ("GLOP, afresh", Glop),
        ("GLOP by MathOpt, warm", MathOpt),
    )
    timings = []
    for name, make in libraries:
        runs = sorted((replay(name, make, journals) for _ in range(repeat)), key=_seconds)
        timings.append(runs[(repeat - 1) // 2])
    return timings


def replay(name: str, make: Callable[[], Solver], journals: Sequence[Journal]) -> Timing:
    """All programs put to one library; solves that HiGHS did not prove are left out."""
    begin, solvers, pairs = time.process_time(), [], []
    for journal in journals:
        solvers.append(solver := make())
        for call in journal:
            if call.verb != "run":
                solver.apply(call)
            elif call.value is not None:
                pairs.append((call.value, solver.run()))
    seconds = time.process_time() - begin
    within = sum(solver.within for solver in solvers)
    far = [abs(own - peer) / max(1.0, abs(own)) for own, peer in pairs if peer is not None]
    return Timing(name, seconds, within, len(pairs), len(pairs) - len(far), max(far, default=0.0))


def _seconds(timing: Timing) -> float:
    return timing.seconds


def tell_linear(timings: Sequence[Timing]) -> Iterator[str]:
    """The table, with ratios to the first."""
    first = timings[0]
    yield _LINE.format(
        "linear programs", "solves", "unproven", "apart", "seconds", "x", "within", "x"
    )
    for t in timings:
        yield _LINE.format(
            t.name, t.solves, t.failed, f"{t.apart:.0e}",
            f"{t.seconds:.3f}", f"{t.seconds / first.seconds:.1f}",
            f"{t.within:.3f}", f"{t.within / first.within:.1f}",
        )  # fmt: skip


def slower(timings: Sequence[Timing]) -> float:
    """How many times slower than the first the fastest other library is."""
    return min(timing.seconds for timing in timings[1:]) / timings[0].seconds
