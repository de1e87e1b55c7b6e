"""`senim draw`: a published sample drawn again, from its list and seed alone."""

from pathlib import Path

import click

from quota.errors import Invalid
from quota.sampling import draw as draw_units
from quota.sampling import fingerprint, read_frame


@click.command()
@click.argument("frame", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--seed", required=True, help="The published seed.")
@click.option("--size", type=click.IntRange(min=1), required=True, help="How many are drawn.")
def draw(frame: Path, seed: str, size: int) -> None:
    """Draw an inspection sample again from its published FRAME (csv: unit, stratum, weight)."""
    content = frame.read_bytes()
    try:
        units = read_frame(content)
    except Invalid as refusal:
        codes = ", ".join(fault.code for fault in refusal.faults)
        raise click.ClickException(f"{frame.name} is no list of a draw: {codes}") from None
    click.echo(f"SHA-256 of the list: {fingerprint(content.decode('utf-8-sig'))}", err=True)
    for key in draw_units(units, seed=seed, size=size):
        click.echo(key)
