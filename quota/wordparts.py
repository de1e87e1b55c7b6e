"""A second reading of titles, by parts of words: what the terms of a group have in common.

Each term is the letter sequences of its words (two to five letters of a sound key) and the words
themselves, weighed by rarity; ridge regression (Hoerl and Kennard, 1970) over all terms tells how much
each speaks for each group. Sequences share `_WIDTH` columns by a fixed hash (Weinberger et al., 2009).
"""

from collections.abc import Iterable, Sequence
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
        self._number: dict[str, int] = {}
        counted = self._count(terms, learns=True)
        used = np.bincount(counted.indices, minlength=len(self._number))
        self._rarity = np.log(len(terms) / used) + _EXTRA_RARITY
        self._columns = _hash(self._number)
        self._weights = _fit(self._tabulate(counted), np.asarray(groups))

    def score(self, jobs: Sequence[Job]) -> Scores:
        """Jobs by groups: about 1 for a group that all parts speak for, about 0 for others."""
        rows = self._tabulate(self._count(jobs, learns=False))
        return np.asarray(rows @ self._weights, np.float32)

    def _count(self, jobs: Sequence[Job], *, learns: bool) -> Any:
        """A sparse table, texts by parts: how much of a part a text says; parts no term has say nothing."""
        said = [
            (row, key, weight)
            for row, job in enumerate(jobs)
            for key, weight in job
            if weight > NOISE
        ]
        order = {key: number for number, key in enumerate(dict.fromkeys(key for _, key, _ in said))}
        cells = np.array([(row, order[key]) for row, key, _ in said], np.intp).reshape(-1, 2).T
        weights = np.array([weight for *_, weight in said])
        texts = sparse.csr_array((weights, cells), shape=(len(jobs), len(order)))
        return texts @ self._spell(order, learns=learns)

    def _spell(self, keys: Iterable[str], *, learns: bool) -> Any:
        """A sparse table, keys by the parts they are written with."""
        numbers: list[int] = []
        shares: list[float] = []
        ends = [0]
        for key in keys:
            for part, share in _parts_of(key):
                number = (
                    self._number.setdefault(part, len(self._number))
                    if learns
                    else self._number.get(part)
                )
                if number is not None:
                    numbers.append(number)
                    shares.append(share)
            ends.append(len(numbers))
        return sparse.csr_array((shares, numbers, ends), shape=(len(ends) - 1, len(self._number)))

    def _tabulate(self, counted: Any) -> Any:
        """Texts by columns, sparse, each row of length 1 before hashing."""
        values = np.sqrt(counted.data) * self._rarity[counted.indices]
        rows = np.repeat(np.arange(counted.shape[0]), np.diff(counted.indptr))
        values /= np.sqrt(np.bincount(rows, values**2, minlength=counted.shape[0]))[rows]
        table = (values.astype(np.float32), counted.indices, counted.indptr)
        return sparse.csr_array(table, shape=counted.shape) @ self._columns


def _hash(parts: Iterable[str]) -> Any:
    """A sparse table, parts by columns: a sign in the column where each part falls."""
    marks = np.array([crc32(part.encode()) for part in parts], np.int64)
    signs = np.where(marks & 1, 1.0, -1.0).astype(np.float32)
    cells = (np.arange(len(marks)), (marks >> 1) % _WIDTH)
    return sparse.csr_array((signs, cells), shape=(len(marks), _WIDTH))


def _fit(rows: Any, groups: NDArray[np.intp]) -> Scores:
    """Columns by groups: the weights of the regression. `rows` hold few of many columns each, so that
    their products are cheaper sparse than dense."""
    belongs = sparse.csr_array((np.ones(len(groups), np.float32), (groups, range(len(groups)))))
    squares = (rows.T @ rows).toarray() + _STIFFNESS * np.eye(rows.shape[1], dtype=np.float32)
    sums = (belongs @ rows).T.toarray()
    factor = linalg.cho_factor(squares, overwrite_a=True, check_finite=False)
    return np.asarray(linalg.cho_solve(factor, sums, check_finite=False), np.float32)


def _parts_of(key: str) -> list[tuple[str, float]]:
    marked = f"<{key}>"
    sizes = range(_SHORTEST, _LONGEST + 1)
    parts = [marked[at : at + n] for n in sizes for at in range(len(marked) - n + 1)]
    return [(f"={key}", _WORD), *((part, _PART) for part in parts)]
