"""`senim import`: tables people keep, entered row by row; `senim template`: empty ones to fill."""

import sys
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.progress import teller
from app.cli.units import explain, speak, unit, utc_now
from matching.imports.nouns import NOUNS
from matching.solving import Progress
from quota.centres import Centre
from quota.errors import Fault, Invalid
from quota.imports.report import Outcome, Report, Status
from quota.mappings import apply_mapping, read_mapping, recall, remember
from quota.rights import SYSTEM
from quota.sheets import read_sheet
from web.blanks import make_blank
from web.i18n import LOCALES, get_locale
from web.sentences import say
from web.words import word

ROWS_REFUSED, BAD_FILE = 1, 2
_READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)
_WRITABLE = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.group(name="import")
def import_group() -> None:
    """Enter employers, memoranda, decrees, vacancies, candidates, courses, travel times, restrictions.

    The file is xlsx or csv. Every row's outcome is printed. Exit status: 0 all entered, 1 some rows
    were refused (the others are entered), 2 the file cannot be read.
    """


@click.command()
@click.argument("noun", type=click.Choice(list(NOUNS)))
@click.argument("out", type=_WRITABLE)
@click.option("--locale", type=click.Choice(list(LOCALES)), help="Language of the headers.")
def template(noun: str, out: Path, locale: str | None) -> None:
    """Write an empty table for NOUN to OUT (xlsx): headers, an invented example, notes."""
    speak()
    out.write_bytes(make_blank(noun, locale or get_locale()))


def _command(noun: str) -> click.Command:
    @click.argument("file", type=_READABLE)
    @click.option("--dry-run", is_flag=True, help="Tell every row's outcome and change nothing.")
    @click.option("--centre", help="Key of the centre; needed when there are several.")
    @click.option(
        "--map",
        "pairs",
        multiple=True,
        metavar="'THEIR HEADER=OUR COLUMN'",
        help="What a header of the file means; remembered for the centre.",
    )
    def run(file: Path, centre: str | None, pairs: tuple[str, ...], **options: bool) -> None:
        with unit() as session:
            report = _import(session, noun, file, centre=centre, pairs=pairs, options=options)
        tell_report(report)
        sys.exit(ROWS_REFUSED if report.counts[Status.REFUSED] else 0)

    if NOUNS[noun].resolves:
        run = click.option(
            "--accept-sure",
            is_flag=True,
            help="Take professions the resolver is sure of as confirmed; journalled.",
        )(run)
    return click.command(name=noun, help=f"Enter {noun} from FILE (xlsx or csv).")(run)


def _import(
    session: Session,
    noun: str,
    file: Path,
    *,
    centre: str | None,
    pairs: tuple[str, ...],
    options: dict[str, bool],
) -> Report:
    centre_id, now = _find_centre(session, centre).id, utc_now()
    tell = teller()
    columns = NOUNS[noun].columns
    try:
        chosen = read_mapping([_split(pair) for pair in pairs], columns)
        mapping = recall(session, centre_id, noun) | chosen
        report = NOUNS[noun].bring(
            session,
            SYSTEM,
            apply_mapping(read_sheet(file.read_bytes()), mapping, columns),
            centre_id=centre_id,
            now=now,
            watch=lambda done, total: tell(Progress(noun, done, total)),
            **options,
        )
    except Invalid as refusal:
        for line in explain(refusal):
            click.echo(line, err=True)
        sys.exit(BAD_FILE)
    if not report.dry_run and NOUNS[noun].of_a_centre:
        remember(session, SYSTEM, chosen, noun=noun, centre_id=centre_id, now=now)
    return report


def _split(pair: str) -> tuple[str, str]:
    header, sign, column = pair.rpartition("=")
    if not sign:
        raise click.UsageError("--map takes 'THEIR HEADER=OUR COLUMN'")
    return header, column


def _find_centre(session: Session, key: str | None) -> Centre:
    centres = session.scalars(select(Centre).order_by(Centre.id)).all()
    chosen = [centre for centre in centres if key in (None, centre.key)]
    if len(chosen) != 1:
        known = "".join(f"\n  {centre.key}  {centre.name_en}" for centre in centres)
        raise click.UsageError(f"choose a centre by --centre KEY:{known}")
    return chosen[0]


def tell_report(report: Report) -> None:
    """One line a row with its outcome and what is wrong, then the numbers."""
    for outcome in report.outcomes:
        click.echo("\t".join(_describe(outcome)))
    for header in report.unknown:
        click.echo(say("column_not_read", {"column": header}), err=True)
    told = ", ".join(f"{word('import', s.value)} {n}" for s, n in report.counts.items())
    click.echo(f"{told}{' (dry run)' if report.dry_run else ''}")


def _describe(outcome: Outcome) -> list[str]:
    told = [_say(fault) for fault in (*outcome.faults, *outcome.notices)]
    return [
        str(outcome.row),
        word("import", outcome.status.value),
        outcome.key or "-",
        "; ".join(told),
    ]


def _say(fault: Fault) -> str:
    return f"{fault.field}: {say(fault.code, fault.params)}"


for _noun in NOUNS:
    import_group.add_command(_command(_noun))
