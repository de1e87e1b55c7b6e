"""`senim export`: a noun's table as xlsx or csv, typed and without formulas."""

from pathlib import Path
from typing import Any

import click

from app.cli.units import unit, utc_now
from matching.exports import NOUNS
from quota.rights import SYSTEM
from quota.sheets import write_csv, write_xlsx
from web.i18n import LOCALES, get_locale

_WRITABLE = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command()
@click.argument("noun", type=click.Choice(list(NOUNS)))
@click.argument("out", type=_WRITABLE)
@click.option("--locale", type=click.Choice(list(LOCALES)), help="Language of headers and names.")
@click.option("--purpose", default="", help="Candidates: why names are needed; journalled.")
@click.option("--employer", default="", help="Vacancies-exchange: of this employer's key alone.")
def export(noun: str, out: Path, locale: str | None, **given: str) -> None:
    """Write the table of NOUN to OUT (.xlsx or .csv), under the headers its import reads.

    Candidates are masked unless a purpose is stated. `vacancies-exchange` has the columns of the state
    exchange's bulk sheet. Every export is journalled.
    """
    if out.suffix not in (".xlsx", ".csv"):
        raise click.UsageError("OUT ends in .xlsx or .csv")
    with unit() as session:
        options = _options(noun, given)
        verb = NOUNS[noun]
        lines = verb(session, SYSTEM, locale=locale or get_locale(), now=utc_now(), **options)
        content = write_csv(lines) if out.suffix == ".csv" else write_xlsx({noun: lines})
    out.write_bytes(content)
    click.echo(f"{len(lines) - 1} {noun} -> {out}")


def _options(noun: str, given: dict[str, str]) -> dict[str, Any]:
    """The option that the noun knows. Raises UsageError for one that says nothing of it."""
    known = {"candidates": "purpose", "vacancies-exchange": "employer"}.get(noun)
    for name, value in given.items():
        if value and name != known:
            raise click.UsageError(f"--{name} does not go with {noun}")
    return {known: given[known]} if known else {}
