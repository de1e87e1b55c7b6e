"""One unit of work for a command, on the installation of the settings, with refusals as sentences."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from app.db import open_engine, work
from app.settings import load_secrets, load_settings
from quota.errors import Invalid, SenimError
from web.catalogues import compile_catalogues
from web.i18n import LOCALES, set_locale
from web.sentences import say


@contextmanager
def unit(*, read_only: bool = False) -> Iterator[Session]:
    """A session committed at the end; a refusal ends the command with its sentences."""
    settings = load_settings()
    engine = open_engine(settings.database)
    speak()
    try:
        with work(engine, load_secrets(settings).keyring, read_only=read_only) as session:
            yield session
    except SenimError as refusal:
        raise click.ClickException("\n".join(explain(refusal))) from None
    finally:
        engine.dispose()


def speak() -> None:
    """Answers in the language of the terminal when Senim speaks it, else in English."""
    compile_catalogues()
    terminal = (os.environ.get("LC_ALL") or os.environ.get("LANG") or "")[:2]
    set_locale(terminal if terminal in LOCALES else "en")


def explain(refusal: SenimError) -> list[str]:
    if isinstance(refusal, Invalid):
        return [f"{fault.field}: {say(fault.code, fault.params)}" for fault in refusal.faults]
    return [say(refusal.code, refusal.params)]


def utc_now() -> datetime:
    return datetime.now(UTC)
