"""`senim solve`: the best plan of an open-format instance, with its proof status."""

import sys
import time
from pathlib import Path

import click

from app.cli.progress import teller

EXIT = {"optimal": 0, "feasible": 3, "infeasible": 4}
BAD_INPUT = 2

_READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)
_WRITABLE = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command()
@click.argument("instance", type=_READABLE)
@click.option("--out", type=_WRITABLE, help="Write the plan here (default: standard output).")
@click.option("--explain", type=_WRITABLE, help="Write why everybody is where they are here.")
@click.option("--certificate", type=_WRITABLE, help="Write problem, plan and proof here.")
@click.option("--workers", type=click.IntRange(1), default=1, help="Processes for the parts.")
@click.option(
    "--time-limit", type=click.FloatRange(0), help="Stop after so many seconds, saying so."
)
def solve(
    instance: Path,
    *,
    out: Path | None,
    explain: Path | None,
    certificate: Path | None,
    workers: int,
    time_limit: float | None,
) -> None:
    """Solve a matching-instance/1 file (JSON, maybe gzipped) and write a matching-plan/1.

    --explain writes matching-reasons/1: everybody placed with points and runner-up, or not with one
    reason, and why places stay open.

    Exit status: 0 proven optimal, 3 feasible (the limit was reached), 4 infeasible (the plan
    names an irreducible set of pins that clash), 2 bad input.
    """
    from matching.engine.accounts import explain_plan
    from matching.engine.certificate import make_run
    from matching.engine.instance import InstanceError
    from matching.engine.objective import format_tiers
    from matching.engine.openformat import format_plan, parse_with_attributes, read_json, write_json
    from matching.engine.solver import Limits, solve

    try:
        problem, attributes = parse_with_attributes(read_json(instance))
    except InstanceError as error:
        click.echo(f"senim solve: {instance}: {error}", err=True)
        sys.exit(BAD_INPUT)
    limits = Limits(time_limit, time.monotonic, workers)
    tiers = format_tiers(problem)
    plan = solve(problem, tiers, limits, progress=teller())
    write_json(out or Path("/dev/stdout"), format_plan(plan))
    if explain is not None:
        write_json(explain, explain_plan(problem, tiers, plan, attributes))
    if certificate is not None:
        write_json(certificate, make_run(problem, tiers, plan))
    click.echo(_summary(plan.status, plan.tiers, plan.gap), err=True)
    sys.exit(EXIT[plan.status])


def _summary(status: str, tiers: tuple, gap: float) -> str:
    told = ", ".join(f"{tier.name} {tier.value} (bound {tier.bound})" for tier in tiers)
    return ": ".join(filter(None, [status + (f", gap {gap:.4%}" if gap else ""), told]))
