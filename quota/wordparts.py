"""A second reading of titles, by parts of words: what the terms of a group have in common.

Each term is the letter sequences of its words (two to five letters of a sound key) and the words
themselves, weighed by rarity; ridge regression (Hoerl and Kennard, 1970) over all terms tells how much
each speaks for each group. Sequences share `_WIDTH` columns by a fixed hash (Weinberger et al., 2009).
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from quota.titles import NOISE

_SHORTEST, _LONGEST = 2, 5
_WORD, _PART = 2.0, 0.5  # what a whole word and a part of one weigh
_WIDTH = 2048
_STIFFNESS = 0.5  # of the regression: how strongly weights are held towards zero
_EXTRA_RARITY = 0.3  # so that what every term has still says a little

Job = list[tuple[str, float]]
Scores = NDArray[np.float32]


class PartsReader:
    """Fitted once to the terms of a classifier, then only read."""

    def __init__(self, terms: Sequence[Job], groups: Sequence[int]) -> None:
        """`terms` as keys with their weights; `groups` the number of each term's group."""
        counted = [_count(job) for job in terms]
        held = sorted({part for parts in counted for part in parts})
        self._number = {part: number for number, part in enumerate(held)}
        used = np.bincount([self._number[part] for parts in counted for part in parts])
        self._rarity = np.log(len(counted) / used) + _EXTRA_RARITY
        self._columns = self._hash(held)
        rows = self._tabulate(counted)
        self._weights = _fit(rows, np.asarray(groups))

    def score(self, jobs: Sequence[Job]) -> Scores:
        """Jobs by groups: about 1 for a group that all parts speak for, about 0 for others."""
        rows = self._tabulate([_count(job) for job in jobs])
        return np.asarray(rows @ self._weights, np.float32)

    def _hash(self, parts: Sequence[str]) -> Any:
        marks = np.array([crc32(part.encode()) for part in parts], np.int64)
        signs = np.where(marks & 1, 1.0, -1.0).astype(np.float32)
        cells = (np.arange(len(parts)), (marks >> 1) % _WIDTH)
        return sparse.csr_array((signs, cells), shape=(len(parts), _WIDTH))

    def _tabulate(self, counted: Sequence[dict[str, float]]) -> Scores:
        """Texts by columns, each row of length 1 before hashing; parts no term has say nothing."""
        cells = [
            (row, self._number[part], weight)
            for row, parts in enumerate(counted)
            for part, weight in parts.items()
            if part in self._number
        ]
        if not cells:
            return np.zeros((len(counted), _WIDTH), np.float32)
        rows, columns, weights = (np.array(list(one)) for one in zip(*cells, strict=True))
        values = (np.sqrt(weights) * self._rarity[columns.astype(np.intp)]).astype(np.float32)
        lengths = np.sqrt(np.bincount(rows, values**2, minlength=len(counted)))
        values /= lengths[rows]
        shape = (len(counted), len(self._number))
        held = sparse.csr_array((values, (rows, columns)), shape=shape)
        return np.asarray((held @ self._columns).toarray(), np.float32)


def _fit(rows: Scores, groups: NDArray[np.intp]) -> Scores:
    """Columns by groups: the weights of the regression."""
    belongs = sparse.csr_array((np.ones(len(groups), np.float32), (groups, range(len(groups)))))
    squares = rows.T @ rows + _STIFFNESS * np.eye(rows.shape[1], dtype=np.float32)
    return np.asarray(linalg.solve(squares, (belongs @ rows).T, assume_a="pos"), np.float32)


def _count(job: Job) -> dict[str, float]:
    counts: dict[str, float] = {}
    for key, weight in job:
        if weight > NOISE:
            for part, share in _parts_of(key):
                counts[part] = counts.get(part, 0.0) + share * weight
    return counts


@lru_cache(maxsize=50_000)
def _parts_of(key: str) -> tuple[tuple[str, float], ...]:
    marked = f"<{key}>"
    sizes = range(_SHORTEST, _LONGEST + 1)
    parts = [marked[at : at + n] for n in sizes for at in range(len(marked) - n + 1)]
    return (f"={key}", _WORD), *((part, _PART) for part in parts)
