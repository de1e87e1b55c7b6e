"""`senim demo`: an invented region to look at, ready to sign in to."""

from pathlib import Path

import click
from sqlalchemy import inspect

from app import db
from app.cli.progress import teller
from app.cli.serve import serve_pages
from app.cli.units import unit, utc_now
from app.demo.fill import fill, is_filled, is_taken, write_accounts
from app.demo.history import fill_year
from app.demo.support import give_support
from app.demo.tally import count_figures
from app.settings import Settings, load_secrets, load_settings

ACCOUNTS_FILE, FOLDER = "demo-accounts.txt", "demo"


@click.command()
@click.option("--port", type=int, help="Port to serve on; SENIM_PORT otherwise.")
@click.option("--reset", is_flag=True, help="Forget everything and start over.")
@click.option("--year", is_flag=True, help="With a year of monthly rounds behind it.")
@click.option("--no-serve", is_flag=True, help="Fill and print the accounts only.")
def demo(port: int | None, reset: bool, year: bool, no_serve: bool) -> None:
    """Fill an empty database with an invented region, print its accounts, and serve it.

    A second run keeps the data. A database that is in use by an office is never touched.
    """
    settings = load_settings()
    if reset:
        _reset(settings)
    db.prepare(settings.database, load_secrets(settings).keyring)
    accounts = settings.var_dir / ACCOUNTS_FILE
    _fill_if_empty(settings, accounts, year=year)
    if accounts.exists():
        click.echo(f"Accounts, each with its password ({accounts}):\n")
        click.echo(accounts.read_text(encoding="utf-8"))
    if not no_serve:
        click.echo(f"Serving http://{settings.host}:{port or settings.port}  (Ctrl+C stops)")
        serve_pages(settings, host=settings.host, port=port or settings.port)


def _fill_if_empty(settings: Settings, accounts: Path, *, year: bool) -> None:
    with unit() as session:
        if is_filled(session):
            return
        _refuse_if_taken(is_taken(session))
        started = utc_now()
        folder = settings.var_dir / FOLDER
        enter = fill_year if year else fill
        password, opened = enter(session, folder, now=started, tell=teller())
        give_support(session, now=started)
        write_accounts(accounts, password, opened)
        figures = count_figures(session) if year else []
    seconds = (utc_now() - started).total_seconds()
    click.echo(f"Filled in {seconds:.0f} s. The files it came from are in {folder}.")
    for figure in figures:
        click.echo(f"{figure.name:<34} {figure.reached:>6,}   published: {figure.published}")


def _refuse_if_taken(taken: bool) -> None:
    if taken:
        raise click.ClickException("this database is in use by an office; set SENIM_VAR_DIR")


def _reset(settings: Settings) -> None:
    """Empties the database of a demonstration, whatever its schema, and of nothing else."""
    engine = db.open_engine(settings.database)
    known = inspect(engine).has_table("installation")
    engine.dispose()
    if known:
        with unit(read_only=True) as session:
            _refuse_if_taken(is_taken(session))
    db.discard(settings.database)
