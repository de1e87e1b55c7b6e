"""`senim round`: rounds from the command line of the office's own machine."""

import json
from pathlib import Path

import click
from sqlalchemy import select

from app.cli.progress import teller
from app.cli.units import unit, utc_now
from app.settings import load_settings
from matching import cockpit, insights, rounds, solving
from matching.cockpit import RoundRow
from matching.publication import publish_round
from quota.centres import Centre
from quota.errors import NotFound
from quota.rights import SYSTEM


@click.group(name="round")
def round_() -> None:
    """Open, solve, publish and show rounds."""


@round_.command(name="open")
@click.option("--centre", required=True, help="Key of the centre; see `senim account homes`.")
@click.option("--title", default="", help="What the round is for.")
def open_(centre: str, title: str) -> None:
    """Open a round and take its snapshot; prints its key."""
    with unit() as session:
        centre_id = session.scalar(select(Centre.id).where(Centre.key == centre))
        if centre_id is None:
            raise NotFound("not_found")
        opened = rounds.open_round(session, SYSTEM, centre_id=centre_id, title=title, now=utc_now())
        solving.snapshot_round(session, SYSTEM, opened.key, now=utc_now())
        click.echo(opened.key)


@round_.command(name="solve")
@click.argument("key")
def solve_(key: str) -> None:
    """Solve a round here and now, then work out its call list; fails when a server is solving it."""
    from app.jobs import ROUND, work_off, work_off_studies

    with unit() as session:
        solving.queue_round(session, SYSTEM, key, now=utc_now())
    work_off(load_settings(), ROUND, key, teller())
    work_off_studies(load_settings(), teller())
    show_round(key)


@round_.command()
@click.argument("key")
def publish(key: str) -> None:
    """Turn the plan of a solved round into proposals."""
    with unit() as session:
        publish_round(session, SYSTEM, key, now=utc_now())
    show_round(key)


@round_.command()
@click.argument("key")
def show(key: str) -> None:
    """Show a round: state, snapshot, plan by keys, and why the others have no place."""
    show_round(key)


@round_.command()
@click.argument("key")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="File to write; .gz is compressed.",
)
def export(key: str, out: Path) -> None:
    """Write a solved round as a run that `senim verify` and `senim replay` read."""
    from matching.engine.openformat import write_json

    with unit(read_only=True) as session:
        write_json(out, json.loads(solving.export_round(session, SYSTEM, key)))


@round_.command()
@click.argument("key")
@click.option(
    "--by", type=click.Choice(insights.GROUPS), default="vacancy", help="What to add up by."
)
def prices(key: str, by: str) -> None:
    """Show what one more place, seat or wage step is worth: whom to call first.

    Rows marked `exact` were solved again with everything free; for the others courses are held as in
    the plan.
    """
    with unit(read_only=True) as session:
        for row in insights.list_prices(session, SYSTEM, key, by=by):
            worth = ", ".join(f"{goal} {amount:+}" for goal, amount in row.gains)
            mark = "exact" if row.exact else "held"
            name = "" if row.kind == "gate" else row.name
            click.echo(f"{mark:<5} {row.kind:<6} {name} {row.key}: {worth}")


@round_.command()
@click.argument("key")
def reserves(key: str) -> None:
    """Show who comes next for each place, by keys, and the chance of filling it."""
    from matching.reserves import list_reserves

    with unit(read_only=True) as session:
        for line in list_reserves(session, SYSTEM, key):
            people = ", ".join(person for person, _ in line.people) or "nobody"
            click.echo(f"{line.vacancy_key} {line.chance} % -> {line.reached} %: {people}")


@round_.command(name="list")
def show_rounds() -> None:
    """List all rounds: number, state, key, title."""
    with unit(read_only=True) as session:
        for row in cockpit.list_rounds(session, SYSTEM, limit=1000):
            click.echo(f"{row.number:>4} {row.state:<10} {row.key} {row.title}".rstrip())


def show_round(key: str) -> None:
    with unit(read_only=True) as session:
        row = cockpit.show_round(session, SYSTEM, key)
        click.echo("\n".join(describe(row)))
        for choice in cockpit.list_choices(session, SYSTEM, key):
            way = f" by way of {choice.course}" if choice.course else ""
            click.echo(f"{choice.candidate} -> {choice.vacancy}{way} {choice.score}")
        for missed in cockpit.list_missed(session, SYSTEM, key):
            codes = ", ".join(reason.code for reason in missed.reasons)
            click.echo(f"{missed.candidate} -- {missed.kind}: {codes}")


def describe(row: RoundRow) -> list[str]:
    told = [f"round {row.number}: {row.state} {row.failure}".rstrip()]
    known = ("candidates", "vacancies", "places", "options", "placed", "unplaced", "status")
    told += [f"{name}: {row.summary[name]}" for name in known if name in row.summary]
    tiers = row.summary.get("tiers", ())
    return told + [f"{t['name']}: {t['value']} (bound {t['bound']})" for t in tiers]
