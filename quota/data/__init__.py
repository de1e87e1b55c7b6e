"""Package data: tables the product uses, each with its source in README.md."""

import csv
from importlib.resources import files


def read_rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the tables here, by its file name."""
    text = files(__name__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
