"""`senim backup` and `senim restore`."""

from pathlib import Path

import click

from app.backup import BackupError, read_backup, write_backup
from app.cli.units import utc_now
from app.settings import load_settings

_PATH = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("archive", type=_PATH)
def backup(archive: Path) -> None:
    """Write the database, the attachments and the office's letters to ARCHIVE (.tar.gz), without keys."""
    settings = load_settings()
    try:
        write_backup(settings, archive, now=utc_now())
    except BackupError as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(f"Written: {archive}")
    click.echo(
        f"Keep {settings.var_dir / 'secrets.json'} apart from it: without it names stay sealed."
    )


@click.command()
@click.argument("archive", type=_PATH)
@click.option("--replace", is_flag=True, help="Overwrite the data that is there.")
def restore(archive: Path, replace: bool) -> None:
    """Put the database, the attachments and the letters of ARCHIVE in place. Stop the server before."""
    try:
        read_backup(load_settings(), archive, replace=replace)
    except BackupError as problem:
        raise click.ClickException(str(problem)) from None
    click.echo("Restored. Run `senim migrate` if this Senim is newer than the backup.")
