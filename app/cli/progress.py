"""Progress on standard error: one moving line on a terminal, plain lines otherwise."""

import sys
from collections.abc import Callable

import click

_PLAIN_PARTS = 10  # plain lines are for logs: a tenth of the way each
_WIDTH = 30


def teller() -> Callable[[str, int, int], None]:
    """A function that tells how far a phase has come: (phase, done, total)."""
    terminal = sys.stderr.isatty()

    def tell(phase: str, done: int, total: int) -> None:
        if terminal:
            end = "" if done < total else "\n"
            click.echo(
                f"\r\x1b[K{phase}: {_bar(done, total)} {done}/{total}{end}", err=True, nl=False
            )
        elif done == total or done * _PLAIN_PARTS // total > (done - 1) * _PLAIN_PARTS // total:
            click.echo(f"{phase}: {done} of {total}", err=True)

    return tell


def _bar(done: int, total: int) -> str:
    filled = _WIDTH * done // total if total else _WIDTH
    return "[" + "#" * filled + "." * (_WIDTH - filled) + "]"
