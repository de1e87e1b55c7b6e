"""`python -m app.cli` is `senim` where the command is not installed."""

from app.cli import main

main(prog_name="senim")
