"""Progress on standard error: one moving line on a terminal, plain lines otherwise."""

import sys

import click

from matching.solving import Progress, Tell

_PLAIN_PARTS = 10  # plain lines are for logs: a tenth of the way each
_WIDTH = 30
_SHOWN = 3  # goals on one line


def teller() -> Tell:
    """A function that tells how far a phase has come, and how its goals stand."""
    terminal = sys.stderr.isatty()
    said: set[tuple[str, int]] = set()

    def tell(progress: Progress) -> None:
        phase, done, total = progress.phase, progress.done, progress.total
        stand = _stand(progress)
        if terminal:
            end = "" if done < total else "\n"
            line = f"{phase}: {_bar(done, total)} {done}/{total}{stand}"
            click.echo(f"\r\x1b[K{line}{end}", err=True, nl=False)
        elif (phase, part := _PLAIN_PARTS * done // max(1, total)) not in said:
            said.add((phase, part))
            click.echo(f"{phase}: {done} of {total}{stand}", err=True)

    return tell


def _stand(progress: Progress) -> str:
    """The goals not settled yet, with what the best plan can have; all of them at the end."""
    shown = [tier for tier in progress.tiers if not tier.closed] or progress.tiers
    return "".join(f", {tier.name} {tier.value} (bound {tier.bound})" for tier in shown[:_SHOWN])


def _bar(done: int, total: int) -> str:
    filled = _WIDTH * done // total if total else _WIDTH
    return "[" + "#" * filled + "." * (_WIDTH - filled) + "]"
