"""The profession resolver: a title as people type it, to ranked unit groups of ISCO-08.

A title is read as weighted words (`titles`), each word looked up by its sound (`spelling`), exactly
or nearly. A term scores by how much of it the title says, and by how much of the title it explains;
a group half by its best term and half by what the parts of the words have in common with all its terms
(`wordparts`). A title that is a term, word for word, scores 100.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from scipy import sparse

from quota.spelling import has_keys_in_words, is_cyrillic, retype
from quota.terms import (
    Job,
    Scores,
    Term,
    TermIndex,
    group_names,
    package_terms,
    read_jobs,
    sound_of,
)
from quota.titles import NOISE

__all__ = ["BEST", "Classifier", "Hit", "Resolution", "Term", "load_classifier", "similarity"]

BEST = 5
SURE_SCORE, SURE_MARGIN = 55, 16

# A score is how much of the term the title says (to the power 1.5), times how much of the title the
# term explains; the latter not wholly, as long titles say much besides the job.
_EXPLAINED = 0.9
_BESIDE_EXACT = 0.8  # what the others count where the title is a term, word for word

_NEARLY = 76  # least likeness of two keys, in per cent
_OTHER_FIRST = 0.9  # of the likeness where the first letters differ: slips are rare there
_COMPOUND = 0.7  # likeness of a compound to its last part: автоэлектрик to электрик
_SPELLING_ONLY = 0.2  # worth of the likeness of whole texts that share no word
_KNOWN_ENOUGH = 0.6  # below this share of known words the other keyboard layouts are tried
_PARTS = 0.5  # how much of a score is what parts of words say
_FINE = 100  # of a point: what groups are ordered by, so that few stand level
_CHUNK = 128

Likeness = dict[str, list[tuple[int, float]]]  # a key to the known keys it may be, with 0 to 1


@dataclass(frozen=True, slots=True)
class Hit:
    """A unit group, the term that led to it and how well that agrees with the title, 0 to 100."""

    isco08: str
    term: str
    score: int


@dataclass(frozen=True, slots=True)
class Resolution:
    """The five best groups for a title, best first; unless `sure`, ask a person.

    `margin` is the distance in points from the best group to the next.
    """

    title: str
    hits: tuple[Hit, ...]
    margin: int
    sure: bool


def similarity(isco_a: str, isco_b: str) -> int:
    """How near two unit groups are, 0 to 100, by the digits of the ISCO-08 code they share.

    Same group 100, same minor group (three digits) 70, same sub-major (two) 40, same major 15.
    """
    shared = next((n for n in (4, 3, 2, 1) if isco_a[:n] == isco_b[:n]), 0)
    return (0, 15, 40, 70, 100)[shared]


def load_classifier(extra_terms: Iterable[Term] = ()) -> "Classifier":
    """The classifier of the package's terms and those learned elsewhere; built once for each set."""
    return _build(tuple(extra_terms))


@lru_cache(maxsize=8)
def _build(extra_terms: tuple[Term, ...]) -> "Classifier":
    return Classifier([*package_terms(), *extra_terms], group_names())


class Classifier:
    """Resolves titles by a fixed set of terms; built once, then only read."""

    def __init__(self, terms: Iterable[Term], names: dict[str, dict[str, str]]) -> None:
        """`names` gives each unit group's names by language. At least one term must have a word."""
        self._index = TermIndex(terms)
        self._names = names

    def titles(self, isco08: str) -> dict[str, str]:
        """The names of a unit group in kk, ru and en (kk may be empty). KeyError if unknown."""
        return dict(self._names[isco08])

    def resolve(self, title: str) -> Resolution:
        """The best groups for one title; any text is answered, nonsense never surely."""
        return self.resolve_all([title])[0]

    def resolve_all(self, titles: Sequence[str]) -> list[Resolution]:
        """`resolve` for many titles at once, in their order and with the same results."""
        ways, near = self._read_all(titles)
        chunks = [slice(start, start + _CHUNK) for start in range(0, len(titles), _CHUNK)]
        ranked = (self._rank(titles[chunk], ways[chunk], near) for chunk in chunks)
        return list(chain.from_iterable(ranked))

    def _read_all(self, titles: Sequence[str]) -> tuple[list[list[list[Job]]], Likeness]:
        """The ways to read each title: as typed, and if barely known in other layouts too."""
        ways = [[self._read(title)] for title in titles]
        for title, read in zip(titles, ways, strict=True):
            if not is_cyrillic(title) or self._known(read[0]) < _KNOWN_ENOUGH:
                retyped = [self._read(text) for text in retype(title)]
                known = any(self._known(jobs) >= _KNOWN_ENOUGH for jobs in retyped)
                read[:] = retyped if known and has_keys_in_words(title) else read + retyped
        jobs = chain.from_iterable(chain.from_iterable(ways))
        return ways, self._find_near({key for job in jobs for key, _ in job})

    def _read(self, title: str) -> list[Job]:
        return [self._join(job) for job in read_jobs(title)]

    def _join(self, job: Job) -> Job:
        """Words written apart are joined where the joined word is known: авто слесарь."""
        joined: Job = []
        for key, weight in job:
            last, stress = joined[-1] if joined else ("", 0.0)
            if len(last) > 2 and last + key in self._index.number:
                joined[-1] = (last + key, max(weight, stress))
            else:
                joined.append((key, weight))
        return joined

    def _known(self, jobs: list[Job]) -> float:
        words = list(chain.from_iterable(jobs))
        known = sum(weight for key, weight in words if key in self._index.number)
        return known / (sum(weight for _, weight in words) or 1.0)

    def _find_near(self, keys: set[str]) -> Likeness:
        known = self._index.number
        unknown = sorted(keys - known.keys())
        likeness = process.cdist(
            unknown, self._index.keys, scorer=fuzz.ratio, score_cutoff=_NEARLY, dtype=np.uint8
        )
        near = {
            key: self._best_three(key, row) or self._find_last_part(key)
            for key, row in zip(unknown, likeness, strict=True)
        }
        return near | {key: [(known[key], 1.0)] for key in keys & known.keys()}

    def _best_three(self, key: str, row: NDArray[np.uint8]) -> list[tuple[int, float]]:
        alike = [
            (int(n), int(row[n]) * (1.0 if self._index.keys[n][0] == key[0] else _OTHER_FIRST))
            for n in np.flatnonzero(row)
        ]
        best = sorted(alike, key=lambda pair: -pair[1])[:3]
        return [(number, (likeness / 100) ** 2) for number, likeness in best]

    def _find_last_part(self, key: str) -> list[tuple[int, float]]:
        number = self._index.number
        parts = (key[cut:] for cut in range(2, len(key) - 4))
        return [(number[part], _COMPOUND) for part in parts if part in number][:1]

    def _rank(
        self, titles: Sequence[str], ways: list[list[list[Job]]], near: Likeness
    ) -> list[Resolution]:
        scores = self._score(ways, near)
        for title, row in zip(titles, scores, strict=True):
            self._prefer_exact(title, row)
        groups = np.maximum.reduceat(scores, self._index.starts, axis=1)
        for i in map(int, np.flatnonzero((groups > 0).sum(axis=1) < BEST)):
            scores[i] = np.maximum(scores[i], self._score_spelling(titles[i]))
            groups[i] = np.maximum.reduceat(scores[i], self._index.starts)
        fine = np.rint(_FINE * self._add_parts(groups, ways, near))
        order = np.argsort(-fine, axis=1, kind="stable")[:, :BEST]
        points = np.rint(fine / _FINE)
        return [
            self._conclude(title, order[i], points[i], scores[i]) for i, title in enumerate(titles)
        ]

    def _add_parts(self, groups: Scores, ways: list[list[list[Job]]], near: Likeness) -> Scores:
        """The scores of groups by their best terms, with what parts of words say of the group; a title
        that is a term, word for word, is left alone."""
        spelt = [[[self._spell(job, near) for job in jobs] for jobs in read] for read in ways]
        jobs = [[_order_jobs(jobs) for jobs in read] for read in spelt]
        rows = [list(chain.from_iterable(read)) or [([], 0.0)] for read in jobs]
        starts = np.cumsum([0, *(len(read) for read in rows[:-1])])
        flat = list(chain.from_iterable(rows))
        said = self._index.parts.score([job for job, _ in flat])
        said *= np.array([[share] for _, share in flat], np.float32)
        said = 100 * np.clip(np.maximum.reduceat(said, starts, axis=0), 0, 1)
        exact = groups >= 100
        said[exact.any(axis=1)] *= _BESIDE_EXACT
        return np.where(exact, groups, (1 - _PARTS) * groups + _PARTS * said)

    def _spell(self, job: Job, near: Likeness) -> Job:
        """A job whose unknown words stand half as typed and half as the known word nearest to each."""
        spelt: Job = []
        for key, weight in job:
            nearest = self._index.keys[near[key][0][0]] if near[key] else key
            spelt += (
                [(key, weight / 2), (nearest, weight / 2)] if nearest != key else [(key, weight)]
            )
        return spelt

    def _score(self, ways: list[list[list[Job]]], near: Likeness) -> Scores:
        """Titles by terms, 0 to 100: the best of all ways to read the title and all jobs in it."""
        flat = [(title, jobs) for title, read in enumerate(ways) for jobs in read]
        rows = [(title, way, job) for way, (title, jobs) in enumerate(flat) for job in jobs or [[]]]
        jobs = [job for _, _, job in rows]
        way_of = [way for _, way, _ in rows]
        weights = np.bincount(way_of, [self._weigh(job, near) for job in jobs])
        whole = np.maximum(weights, NOISE).astype(np.float32)[way_of, None]
        starts = np.searchsorted([title for title, _, _ in rows], range(len(ways)))
        return np.maximum.reduceat(self._score_jobs(jobs, whole, near), starts, axis=0)

    def _score_jobs(self, jobs: list[Job], whole: Scores, near: Likeness) -> Scores:
        said, explained = self._tabulate(jobs, near)
        cover = np.minimum((said @ self._index.cover).toarray(), 1)
        cover *= np.sqrt(cover)
        share = np.minimum((explained @ self._index.holds).toarray() / whole, 1)
        scores: Scores = cover * (1 - _EXPLAINED + _EXPLAINED * share) * self._index.trust
        return 100 * scores

    def _tabulate(self, jobs: list[Job], near: Likeness) -> tuple[Any, Any]:
        """Sparse tables, jobs by keys: the likeness of the key to a word, the weight it explains."""
        said: dict[tuple[int, int], float] = {}
        explained: dict[tuple[int, int], float] = {}
        for row, job in enumerate(jobs):
            for key, weight in job:
                worth = weight * self._rarity_of(near[key])
                for number, likeness in near[key]:
                    cell = (row, number)
                    said[cell] = max(said.get(cell, 0.0), likeness)
                    explained[cell] = explained.get(cell, 0.0) + worth * likeness
        cells = np.array(list(said), np.intp).reshape(-1, 2).T
        shape = (len(jobs), len(self._index.keys))
        values = [np.array(list(table.values()), np.float32) for table in (said, explained)]
        return tuple(sparse.csr_array((value, cells), shape=shape) for value in values)

    def _weigh(self, job: Job, near: Likeness) -> float:
        return sum(weight * self._rarity_of(near[key]) for key, weight in job)

    def _rarity_of(self, near: list[tuple[int, float]]) -> float:
        """The rarity of the nearest known word; a word nobody knows is as rare as can be."""
        return float(self._index.rarity[near[0][0]]) if near else 1.0

    def _prefer_exact(self, title: str, scores: Scores) -> None:
        texts = [title] if is_cyrillic(title) else [title, *retype(title)]
        if terms := next(filter(None, map(self._index.find_exact, texts)), []):
            learned = [term for term in terms if self._index.terms[term].kind == "learned"]
            scores *= _BESIDE_EXACT
            scores[learned or terms] = 100

    def _score_spelling(self, title: str) -> Scores:
        """A weak score by the likeness of whole texts, so that there are always five to ask."""
        likeness = process.cdist([sound_of(title)], self._index.sounds, scorer=fuzz.ratio)
        return np.asarray(likeness[0], np.float32) * _SPELLING_ONLY * self._index.trust

    def _conclude(
        self, title: str, groups: NDArray[np.intp], points: Scores, scores: Scores
    ) -> Resolution:
        hits = tuple(self._hit(int(group), int(points[group]), scores) for group in groups)
        margin = hits[0].score - (hits[1].score if len(hits) > 1 else 0)
        sure = hits[0].score >= SURE_SCORE and margin >= SURE_MARGIN
        return Resolution(title, hits, margin, sure)

    def _hit(self, group: int, points: int, scores: Scores) -> Hit:
        span = self._index.span(group)
        best = span.start + int(np.argmax(scores[span]))
        term = self._index.terms[best]
        return Hit(term.isco08, term.text, points)


def _order_jobs(jobs: list[Job]) -> list[tuple[Job, float]]:
    """Each job with its share: 1 for the one the title names first, less for those that follow."""
    heads = [max(weight for _, weight in job) for job in jobs if job]
    return [(job, head / max(heads)) for job, head in zip(filter(None, jobs), heads, strict=True)]
