"""The `senim` command: one group, one module a noun."""

import click

from app.cli.accounts import account
from app.cli.backup import backup, restore
from app.cli.bench import bench
from app.cli.demo import demo
from app.cli.draw import draw
from app.cli.exports import export
from app.cli.imports import import_group, template
from app.cli.privacy import rotate_keys
from app.cli.professions import professions
from app.cli.rounds import round_
from app.cli.serve import migrate, serve, show_settings
from app.cli.solve import solve
from app.cli.tick import tick
from app.cli.verify import replay, verify
from app.settings import SettingsError


class Commands(click.Group):
    """Ends a command with a sentence instead of a traceback when a setting does not fit."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except SettingsError as problem:
            raise click.ClickException(str(problem)) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="senim")
def main() -> None:
    """Senim: quota registry and job matching for people on probation or released."""


main.add_command(account)
main.add_command(backup)
main.add_command(bench)
main.add_command(demo)
main.add_command(draw)
main.add_command(export)
main.add_command(import_group)
main.add_command(migrate)
main.add_command(professions)
main.add_command(restore)
main.add_command(rotate_keys)
main.add_command(round_)
main.add_command(serve)
main.add_command(show_settings)
main.add_command(solve)
main.add_command(tick)
main.add_command(template)
main.add_command(verify)
main.add_command(replay)
