"""The `senim` command: one group, one module a noun, imported when it is called for."""

import click

from app.cli.groups import Commands

# Reading every module of the house takes seconds; `senim verify` needs three of them.
_COMMANDS = {
    "account": "accounts:account",
    "backup": "backup:backup",
    "bench": "bench:bench",
    "demo": "demo:demo",
    "draw": "draw:draw",
    "export": "exports:export",
    "import": "imports:import_group",
    "migrate": "serve:migrate",
    "professions": "professions:professions",
    "replay": "verify:replay",
    "restore": "backup:restore",
    "rotate-keys": "privacy:rotate_keys",
    "round": "rounds:round_",
    "serve": "serve:serve",
    "settings": "serve:show_settings",
    "solve": "solve:solve",
    "template": "imports:template",
    "tick": "tick:tick",
    "verify": "verify:verify",
}


@click.group(
    cls=Commands, places=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="senim")
def main() -> None:
    """Senim: quota registry and job matching for people on probation or released."""
