"""`senim bench engine`: the engine beside its peers on the same invented instances.

Every measurement runs in a process of its own, so that its peak of memory is its own, after a
warm-up on a tiny instance; times exclude making the instance. Only ratios within one run count:
absolute seconds move with the machine.
"""

import platform
import resource
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from math import log
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import click

from app.cli.bench_goals import Goal, compare_regrets, cut_budget, judge

if TYPE_CHECKING:
    from app.cli.bench_peers import Found, Peer
    from matching.engine.instance import Instance

_PURE = {
    "tiny": ("engine", "bare_flow", "linear_assignment"),
    "today": ("engine", "bare_flow", "linear_assignment"),
    "full": ("engine", "bare_flow", "linear_assignment"),
    "country": ("engine", "bare_flow"),
}
_RULES = ("first_come", "best_first", "deferred_acceptance")
_SIDE = {
    "tiny": ("engine", "bare_flow", "highs_mip", "cp_sat", *_RULES),
    "today": ("engine", "bare_flow", "highs_mip", "cp_sat", *_RULES),
    "full": ("engine", "bare_flow", "highs_mip", "cp_sat", *_RULES),
    "country": ("engine", "engine_2", "bare_flow", *_RULES),
}


_ROW = "{:<20}{:>9}{:>10}{:>8}{:>12}{:>16}{:>11}{:>10}{:>9}{:>8}"
_HEAD = ("method", "status", "shortage", "placed", "score", "weighted value", "gap", "seconds",
         "x flow", "MiB")  # fmt: skip
_SCARCE = 35  # per cent of what the best plan spends on courses
_GROWTH = (2, 4, 8, 17)  # regions; the people in each stay about as many


@dataclass(frozen=True)
class Figure:
    """One method on one instance."""

    method: str
    status: str
    shortage: int | None
    placements: int | None
    score: int | None
    gap: float | None
    seconds: float
    peak: int


@click.command()
@click.option(
    "--size", "sizes", multiple=True, type=click.Choice([*_PURE]), default=["today", "full"]
)
@click.option("--method", "only", multiple=True, help="Only these (and bare_flow).")
@click.option("--growth", is_flag=True, help="Also how time grows with the number of regions.")
@click.option("--pairs", is_flag=True, help="Also eligibility and scoring beside Polars.")
@click.option("--regrets", is_flag=True, help="Also all regrets beside the solve, at each size.")
@click.option("--lp", is_flag=True, help="Also the engine's linear programs by HiGHS and GLOP.")
@click.option("--budget", is_flag=True, help="Also with a third of the money for courses.")
@click.option("--frontier", is_flag=True, help="Also what could be traded, at region size.")
@click.option("--seed", default=1, show_default=True, help="Seed of the instances.")
@click.option("--repeat", default=3, show_default=True, help="Runs of each; the median counts.")
@click.option("--limit", default=60.0, show_default=True, help="Seconds for HiGHS and CP-SAT.")
def engine(
    sizes: tuple[str, ...],
    *,
    only: tuple[str, ...],
    growth: bool,
    pairs: bool,
    regrets: bool,
    lp: bool,
    budget: bool,
    frontier: bool,
    seed: int,
    repeat: int,
    limit: float,
) -> None:
    """Value, gap, status, time and peak memory of the engine and its peers.

    The bare flow solves the direct options alone, without any side row: a yardstick of time, no
    rival in value. HiGHS and CP-SAT run once; they are not tried at country size, where neither
    ends within minutes.
    """
    click.echo(f"{_name_machine()}, median of {repeat}")
    goals: list[Goal] = []
    seconds: dict[tuple[str, bool, str], float] = {}
    for size in sizes:
        for title, pure, methods in (
            ("pure assignment", True, _PURE[size]),
            ("all side rows", False, _SIDE[size]),
        ):
            click.echo(f"\n{size}, seed {seed}: {title}")
            figures = [
                _median(m, size, seed, pure, repeat, limit) for m in methods if _wanted(m, only)
            ]
            for line in _table(figures):
                click.echo(line)
            seconds |= {(size, pure, f.method): f.seconds for f in figures}
            if size == "country":
                peak = max(f.peak for f in figures if f.method.startswith("engine"))
                goals.append(Goal(f"country, {title}: peak, MiB", peak, 1536))
        if budget:
            click.echo(cut_budget(size, seed, _SCARCE))
        if regrets:
            share = compare_regrets(size, seed, repeat)
            goals.append(Goal(f"{size}: all regrets, times the solve", share, 1.0))
        if lp:
            goals.append(_replay_programs(size, seed, repeat))
    if pairs:
        goals.append(_join(seed, repeat))
    if growth:
        click.echo("\nall side rows, regions of about 2,350 people")
        exponent = _grow(seed, repeat)
        goals.append(Goal("exponent in people", exponent, 1.1))
    if frontier:
        _trade(seed)
    _print_goals([*judge(seconds), *goals])


def _name_machine() -> str:
    processor = platform.processor() or "processor unnamed"
    return f"{platform.machine()}, {processor}, Python {platform.python_version()}"


def _join(seed: int, repeat: int) -> Goal:
    """Eligibility and scoring of a whole country beside a join of the same rules."""
    from app.cli.bench_pairs import JOBS, PEOPLE, compare_pairs

    click.echo("\neligibility and scoring")
    took = dict(compare_pairs(PEOPLE, JOBS, seed, repeat))
    click.echo(", ".join(f"{who}: {second:.3f} s" for who, second in took.items()))
    return Goal("pairs: times the Polars join", took["engine"] / took["polars"], 2.0)


def _trade(seed: int) -> None:
    from app.cli.bench_frontier import time_frontier

    click.echo("\nwhat could be traded, a region's register in one round")
    for what, second in time_frontier(seed):
        click.echo(f"{what}: {second:.1f} s")


def _replay_programs(size: str, seed: int, repeat: int) -> Goal:
    """The engine's linear programs, solved again by GLOP: HiGHS stays while it is faster."""
    from app.cli.bench_linear import compare_linear, slower, tell_linear

    click.echo(f"\n{size}, seeds from {seed} on: the linear programs of the solve")
    timings = compare_linear(size, seed, repeat)
    for line in tell_linear(timings):
        click.echo(line)
    return Goal(
        f"{size}: linear programs, GLOP's time to HiGHS's", slower(timings), 1.5, least=True
    )


def _print_goals(goals: Sequence[Goal]) -> None:
    if goals:
        click.echo("\ngoals")
    for goal in goals:
        click.echo(goal)


def _wanted(method: str, only: tuple[str, ...]) -> bool:
    return not only or method == "bare_flow" or method in only


def _median(method: str, size: str, seed: int, pure: bool, repeat: int, limit: float) -> Figure:
    once = method in ("highs_mip", "cp_sat")
    figures = [_apart(method, size, seed, pure, limit) for _ in range(1 if once else repeat)]
    middle = statistics.median_low([figure.seconds for figure in figures])
    return next(figure for figure in figures if figure.seconds == middle)


def _apart(method: str, size: str, seed: int, pure: bool, limit: float) -> Figure:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_measure, method, size, seed, pure, limit).result()


def _measure(method: str, size: str, seed: int, pure: bool, limit: float) -> Figure:
    """In a fresh process: make the instance, warm up, solve it against the clock."""
    from matching.engine.generator import generate, without_side_rows
    from matching.engine.objective import format_tiers, value_all

    instance, small = generate(size, seed), generate("tiny", seed)
    if pure or method == "bare_flow":
        instance, small = without_side_rows(instance), without_side_rows(small)
    with _solver(method) as solve:
        solve(small, limit)
        begin = time.perf_counter()
        found = solve(instance, limit)
        seconds = time.perf_counter() - begin
    own, workers = (
        resource.getrusage(who).ru_maxrss // 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    peak = own + (2 * workers if method == "engine_2" else 0)
    if found.chosen is None:
        return Figure(method, found.status, None, None, None, None, seconds, peak)
    values = value_all(instance, format_tiers(instance), found.chosen)
    return Figure(method, found.status, *values, _gap(values, found.bound), seconds, peak)


@contextmanager
def _solver(method: str) -> Iterator["Peer"]:
    """The method as a function; the engine with two workers keeps its processes warm."""
    from app.cli import bench_peers
    from matching.engine.objective import format_tiers
    from matching.engine.solver import Limits, solve

    if not method.startswith("engine"):
        yield getattr(bench_peers, method)
        return
    workers = 2 if method == "engine_2" else 1
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        if workers > 1:
            list(pool.map(_warm_up, range(workers)))

        def run(instance: "Instance", limit: float) -> "Found":
            plan = solve(instance, format_tiers(instance), Limits(workers=workers, pool=pool))
            bound = _weigh([tier.bound for tier in plan.tiers])
            return bench_peers.Found(plan.chosen, plan.status, bound)

        yield run


def _warm_up(number: int) -> None:
    """Import the solver in a worker, and keep it busy until the others have theirs."""
    import matching.engine.solver  # noqa: F401

    time.sleep(0.2)


def _weigh(values: Sequence[int]) -> int:
    """The weighted value of the open format's checker."""
    shortage, placements, score = values
    return 20_000 * placements + score - 400_000 * shortage


def _gap(values: Sequence[int], bound: float | None) -> float | None:
    value = _weigh(values)
    return None if bound is None else max(0.0, bound - value) / max(1.0, abs(bound))


def _table(figures: Sequence[Figure]) -> Iterator[str]:
    flow = next(figure.seconds for figure in figures if figure.method == "bare_flow")
    yield _ROW.format(*_HEAD)
    for f in figures:
        known: list[Any] = ["-"] * 4
        if f.placements is not None and f.shortage is not None and f.score is not None:
            values = (f.shortage, f.placements, f.score)
            known = [f"{n:,}" for n in (*values, _weigh(values))]
        gap = "-" if f.gap is None else f"{f.gap:.4%}"
        yield _ROW.format(
            f.method, f.status, *known, gap, f"{f.seconds:.3f}", f"{f.seconds / flow:.2f}", f.peak
        )


def _grow(seed: int, repeat: int) -> float:
    """Seconds of one process at growing numbers of regions, and the exponent between the ends."""
    from dataclasses import replace

    from matching.engine.generator import SIZES, generate_size
    from matching.engine.objective import format_tiers
    from matching.engine.solver import solve

    seconds, people = [], []
    for regions in _GROWTH:
        whole, share = SIZES["country"], regions / SIZES["country"].regions
        scaled = {
            name: round(getattr(whole, name) * share)
            for name in ("candidates", "vacancies", "slots", "employers", "courses")
        }
        instance = generate_size(replace(whole, **scaled, regions=regions), seed)
        runs = []
        for _ in range(repeat):
            begin = time.perf_counter()
            solve(instance, format_tiers(instance))
            runs.append(time.perf_counter() - begin)
        seconds.append(statistics.median(runs))
        people.append(instance.candidates)
        click.echo(f"{people[-1]:>7,} people, {instance.options:>9,} options: {seconds[-1]:.2f} s")
    return log(seconds[-1] / seconds[0]) / log(people[-1] / people[0])
