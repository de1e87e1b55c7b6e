"""The `senim` command: one group, one module a noun."""

import click

from app.cli.professions import professions
from app.cli.solve import solve


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="senim")
def main() -> None:
    """Senim: quota registry and job matching for people on probation or released."""


main.add_command(professions)
main.add_command(solve)
