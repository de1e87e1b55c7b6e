"""`senim bench`: what is promised, measured against a named peer in the same run."""

import click

from app.cli.groups import Commands

_COMMANDS = {
    "engine": "bench_engine:engine",
    "pages": "bench_pages:pages",
    "professions": "bench_professions:professions",
}


@click.group(cls=Commands, places=_COMMANDS)
def bench() -> None:
    """Measure what is promised, as figures and as ratios to a peer in the same run."""
