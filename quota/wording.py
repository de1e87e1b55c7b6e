"""Wording that turns people away for what is not their work: warned about, never refused by a machine.

The phrases are dated package data (`data/wording.csv`), a star standing for any ending.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from quota.data import read_rows
from quota.spelling import normalise


@dataclass(frozen=True, slots=True)
class Remark:
    """A phrase in a field that speaks of somebody's `ground`: age, sex, origin, conviction and so on."""

    field: str
    ground: str
    words: str


def find_remarks(texts: Mapping[str, str]) -> list[Remark]:
    """What the texts {field: text} say that may discriminate, in their order; each phrase once a field."""
    return [remark for field, text in texts.items() for remark in _search(field, text)]


def _search(field: str, text: str) -> list[Remark]:
    found: dict[str, Remark] = {}
    plain = normalise(text)
    for ground, pattern in _phrases():
        if match := pattern.search(plain):
            found.setdefault(match.group(), Remark(field, ground, match.group()))
    return list(found.values())


@cache
def _phrases() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row["ground"], _compile(row["words"])) for row in read_rows("wording.csv"))


def _compile(phrase: str) -> re.Pattern[str]:
    words = (_word(word) for word in phrase.split())
    return re.compile(rf"\b{' '.join(words)}\b")


def _word(word: str) -> str:
    stem = re.escape(normalise(word.removesuffix("*")))
    return rf"{stem}\w*" if word.endswith("*") else stem
