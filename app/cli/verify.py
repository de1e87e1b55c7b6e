"""`senim verify` and `senim replay`: does a solved problem's document hold, and does it come again?"""

import sys
from pathlib import Path
from typing import Any

import click

FAILED, BAD_INPUT = 1, 2

_READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("run", type=_READABLE)
def verify(run: Path) -> None:
    """Check a solved problem (matching-run/1) without the solver, in whole numbers.

    Says whether the plan is feasible and what is proven of each tier; of a round's document also
    whether its answer is the plan. Exit status: 0 all that the document claims holds, 1 something
    does not, 2 it cannot be read.
    """
    from matching.engine.instance import InstanceError
    from matching.engine.runs import verify_round_run

    try:
        verdict = verify_round_run(_read(run))
    except InstanceError as error:
        _refuse(run, error)
    if verdict.feasible:
        click.echo("feasible")
    for name, value, bound in verdict.tiers:
        proven = "optimal" if value == bound else f"no plan passes {bound}"
        click.echo(f"{name} {value}: {proven}")
    for failure in verdict.failures:
        click.echo(f"FAILS: {failure}")
    if not verdict.failures and not verdict.feasible:
        click.echo("infeasible: the clash is proven and none of its pins can be spared")
    sys.exit(FAILED if verdict.failures else 0)


@click.command()
@click.argument("run", type=_READABLE)
@click.option("--workers", type=click.IntRange(1), default=1, help="Processes for the parts.")
def replay(run: Path, workers: int) -> None:
    """Solve the problem of a document (matching-run/1) again and compare the plans byte for byte.

    Exit status: 0 the same plan, 1 another one (then says which input or version differs), 2 the
    document cannot be read.
    """
    from matching.engine.instance import InstanceError
    from matching.engine.replay import replay_run
    from matching.engine.runs import is_of_round, replay_round_run

    try:
        content = _read(run)
        differences = replay_run(content, workers=workers)
        if not differences and is_of_round(content):
            differences = replay_round_run(content)
    except InstanceError as error:
        _refuse(run, error)
    for difference in differences or ["the same plan, byte for byte"]:
        click.echo(difference)
    sys.exit(FAILED if differences else 0)


def _read(path: Path) -> Any:
    from matching.engine.openformat import read_json

    return read_json(path)


def _refuse(path: Path, error: Exception) -> None:
    click.echo(f"{path}: {error}", err=True)
    sys.exit(BAD_INPUT)
