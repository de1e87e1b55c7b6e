"""`senim rotate-keys`: new keys for personal data at rest."""

import click

from app.cli.units import speak, utc_now
from app.db import open_engine, work
from app.settings import (
    add_seal_key,
    adopt_index_key,
    drop_old_seal_keys,
    load_settings,
    plan_index_key,
)
from matching.resealing import rebuild_tokens, reseal
from quota.sealing import Keyring


@click.command("rotate-keys")
@click.option("--index", is_flag=True, help="Also a new key for searches; ends personal codes.")
def rotate_keys(index: bool) -> None:
    """Seal personal data under a new key and forget the old ones.

    Stop the server first and start it again afterwards. An interrupted run is finished by running
    the command again; backups made before open with the keys of their time only.
    """
    speak()
    settings = load_settings()
    ring = add_seal_key(settings).keyring
    engine = open_engine(settings.database)
    with work(engine, ring) as session:
        resealed = reseal(session)
    ring = drop_old_seal_keys(settings).keyring
    click.echo(f"{resealed} sealed values are under the new key")
    if index:
        planned = Keyring(ring.seal_keys, plan_index_key(settings))
        with work(engine, ring) as session:
            people = rebuild_tokens(session, planned, now=utc_now())
        adopt_index_key(settings)
        click.echo(f"{people} people can be found by the new index key; personal codes are ended")
    engine.dispose()
