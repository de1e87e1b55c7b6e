"""`senim bench`: what is promised, measured against a named peer in the same run."""

import click

from app.cli.bench_engine import engine
from app.cli.bench_pages import pages
from app.cli.bench_professions import professions


@click.group()
def bench() -> None:
    """Measure what is promised, as figures and as ratios to a peer in the same run."""


bench.add_command(engine)
bench.add_command(pages)
bench.add_command(professions)
