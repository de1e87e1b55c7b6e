"""`senim serve`, `migrate` and `settings`: the installation itself."""

import logging

import click

from app import db
from app.settings import Settings, describe, load_secrets, load_settings
from web.catalogues import compile_catalogues

# Open pages get this long to finish when the server is told to stop.
SHUTDOWN_SECONDS = 5


@click.command()
@click.option("--host", help="Address to serve on; SENIM_HOST otherwise.")
@click.option("--port", type=int, help="Port to serve on; SENIM_PORT otherwise.")
def serve(host: str | None, port: int | None) -> None:
    """Serve the pages until interrupted. The schema must be migrated before."""
    settings = load_settings()
    serve_pages(settings, host=host or settings.host, port=port or settings.port)


def serve_pages(settings: Settings, *, host: str, port: int) -> None:
    # Loaded here so that the other commands start at once.
    import uvicorn

    from app.asgi import make_app

    compile_catalogues()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    uvicorn.run(
        make_app(settings, load_secrets(settings), solves=True),
        host=host,
        port=port,
        access_log=False,  # it would write addresses, which hold personal codes
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        log_config=None,
    )


@click.command()
def migrate() -> None:
    """Bring the database to the newest schema; creates it when there is none."""
    settings = load_settings()
    db.prepare(settings.database, load_secrets(settings).keyring)
    click.echo("The database has the newest schema and the reference tables.")


@click.command(name="settings")
def show_settings() -> None:
    """Show every SENIM_* setting with its value, without passwords."""
    for variable, value, about in describe(load_settings()):
        click.echo(f"{variable}={value}\n    {about}")
