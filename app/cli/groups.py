"""Groups of commands that are imported when they are called for."""

from collections.abc import Mapping
from importlib import import_module

import click

from app.settings import SettingsError


class Commands(click.Group):
    """A group whose commands lie in modules beside this one: `places` are `module:name` by command."""

    def __init__(self, *args: object, places: Mapping[str, str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if (place := self._places.get(cmd_name)) is None:
            return None
        module, name = place.split(":")
        command: click.Command = getattr(import_module(f"app.cli.{module}"), name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Ends a command with a sentence instead of a traceback when a setting does not fit."""
        try:
            return super().invoke(ctx)
        except SettingsError as problem:
            raise click.ClickException(str(problem)) from None
