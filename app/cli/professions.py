"""`senim professions`: titles of a file resolved to the occupation classifier."""

import csv
from pathlib import Path

import click

from quota.professions import load_classifier
from quota.resolutions import COLUMNS, row_of


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
def professions(file: Path, out: Path) -> None:
    """Resolve the job titles in FILE (a CSV with a column `title`) to ISCO-08 unit groups.

    Writes one row a title with the best five groups; `sure` is `no` where a person has to choose.
    """
    resolutions = load_classifier().resolve_all(read_titles(file))
    with out.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(row_of(resolution) for resolution in resolutions)
    sure = sum(resolution.sure for resolution in resolutions)
    click.echo(f"{len(resolutions)} titles, {sure} sure, {len(resolutions) - sure} to ask")


def read_titles(file: Path) -> list[str]:
    """The column `title`. Raises click.ClickException if the file is no such CSV."""
    return [row["title"] or "" for row in read_table(file, "title")]


def read_table(file: Path, *needed: str) -> list[dict[str, str]]:
    """The rows of a CSV with the columns needed. Raises click.ClickException if it is none."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            table = csv.DictReader(lines)
            columns, rows = table.fieldnames or [], list(table)
    except (UnicodeDecodeError, csv.Error) as error:
        raise click.ClickException(f"{file}: not a CSV in UTF-8 ({error})") from error
    for name in needed:
        if name not in columns:
            raise click.ClickException(f"{file}: no column `{name}` in the first line")
    return rows
