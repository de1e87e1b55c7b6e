"""The profession resolver: a title as people type it, to ranked unit groups of ISCO-08.

A title is read as weighted words (`titles`), each word looked up by its sound (`spelling`), exactly
or nearly. A term scores by how much of it the title says, and how much of the title it explains;
a group by its best term. Nothing is learned or guessed: every score can be read off the words.
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

from quota.data import read_rows
from quota.spelling import is_cyrillic, normalise, retype, sound, stem
from quota.titles import HEAD, NOISE, read_title

BEST = 5
SURE_SCORE, SURE_MARGIN = 60, 16

_NEARLY = 76  # least likeness of two keys, in per cent
_COMPOUND = 0.7  # likeness of a compound to its last part: автоэлектрик to электрик
_SPELLING_ONLY = 0.2  # worth of a likeness of whole titles that share no word with any term
_KNOWN_ENOUGH = 0.6  # below this share of known words the other keyboard layout is tried
_CHUNK = 128
_KINDS = ("learned", "title", "synonym", "abbreviation", "typo", "group")
_TRUST = {"group": 0.9}  # people's own names go before the classifier's headings
_LANGUAGES = ("kk", "ru", "en")

Reading = list[list[tuple[str, float]]]  # jobs of weighted keys
Likeness = dict[str, list[tuple[int, float]]]  # key to known keys by number, with 0 to 1
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Term:
    """A name people use for an occupation, with the unit group it leads to."""

    isco08: str
    lang: str
    text: str
    kind: str = "learned"


@dataclass(frozen=True, slots=True)
class Hit:
    """A unit group, the term that led to it and how well that agrees with the title, 0 to 100."""

    isco08: str
    term: str
    score: int


@dataclass(frozen=True, slots=True)
class Resolution:
    """The five best groups for a title, best first; unless `sure`, ask a person."""

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


class Classifier:
    """Terms by the sound of their words; built once, then only read."""

    def __init__(self, terms: Iterable[Term], names: dict[str, dict[str, str]]) -> None:
        """`names` gives each unit group's names by language; every group needs a term."""
        self._names = names
        self._terms = sorted(set(terms), key=_order)
        readings = [list(chain(*_read(term.text))) for term in self._terms]
        self._keys = sorted({key for reading in readings for key, _ in reading})
        self._number = {key: i for i, key in enumerate(self._keys)}
        codes = [term.isco08 for term in self._terms]
        self._groups, self._starts = np.unique(codes, return_index=True)
        self._rarity = self._rate_rarity(readings)
        self._cover, self._holds = self._index(readings)
        self._trust = np.array([_TRUST.get(term.kind, 1.0) for term in self._terms], np.float32)
        self._sounds = [_sound_of(term.text) for term in self._terms]

    def titles(self, isco08: str) -> dict[str, str]:
        """The names of a unit group in kk, ru and en (kk may be empty). KeyError if unknown."""
        return dict(self._names[isco08])

    def resolve(self, title: str) -> Resolution:
        """The best groups for one title; any text is answered, nonsense never surely."""
        return self.resolve_all([title])[0]

    def resolve_all(self, titles: Sequence[str]) -> list[Resolution]:
        """`resolve` for many titles at once, in their order and with the same results."""
        readings, near = self._read_all(titles)
        chunks = [slice(start, start + _CHUNK) for start in range(0, len(titles), _CHUNK)]
        ranked = (self._rank(titles[chunk], readings[chunk], near) for chunk in chunks)
        return list(chain.from_iterable(ranked))

    def _rate_rarity(self, readings: list[list[tuple[str, float]]]) -> Scores:
        """1 for a word of one group, falling to a quarter for a word that all groups use."""
        uses = {
            (key, term.isco08)
            for term, r in zip(self._terms, readings, strict=True)
            for key, _ in r
        }
        count = np.bincount([self._number[key] for key, _ in uses], minlength=len(self._keys))
        rarity: Scores = 1 - 0.75 * np.log(count) / np.log(max(len(self._groups), 2))
        return rarity

    def _index(self, readings: list[list[tuple[str, float]]]) -> tuple[Any, Any]:
        """Keys by terms: the share of a term each key stands for, and plain presence."""
        shares: dict[tuple[int, int], float] = {}
        for number, reading in enumerate(readings):
            share = self._share(reading)
            shares |= {(key, number): value for key, value in share.items()}
        rows, columns = zip(*shares, strict=True)
        shape = (len(self._keys), len(self._terms))
        values = np.array(list(shares.values()), np.float32)
        cover = sparse.csr_array((values, (rows, columns)), shape=shape)
        return cover, cover.astype(bool).astype(np.float32)

    def _share(self, reading: list[tuple[str, float]]) -> dict[int, float]:
        worth: dict[int, float] = {}
        for key, weight in reading:
            number = self._number[key]
            stress = 1.5 if weight >= HEAD else 0.3 if weight <= NOISE else 1.0
            worth[number] = max(worth.get(number, 0.0), self._rarity[number] * stress)
        whole = sum(worth.values())
        return {number: value / whole for number, value in worth.items()}

    def _read_all(self, titles: Sequence[str]) -> tuple[list[list[Reading]], Likeness]:
        """The ways to read each title: as typed, and what is barely known in other layouts too."""
        readings = [[self._join(_read(title))] for title in titles]
        near = self._find_near(chain.from_iterable(readings))
        for title, ways in zip(titles, readings, strict=True):
            if not is_cyrillic(title) or self._known(ways[0]) < _KNOWN_ENOUGH:
                ways += (self._join(_read(other)) for other in retype(title))
        near |= self._find_near(way for ways in readings for way in ways[1:])
        return readings, near

    def _join(self, reading: Reading) -> Reading:
        """Words written apart are joined where the joined word is known: авто слесарь."""
        return [self._join_words(job) for job in reading]

    def _join_words(self, job: list[tuple[str, float]]) -> list[tuple[str, float]]:
        joined: list[tuple[str, float]] = []
        for key, weight in job:
            last, stress = joined[-1] if joined else ("", 0.0)
            if len(last) > 2 and last + key in self._number:
                joined[-1] = (last + key, max(weight, stress))
            else:
                joined.append((key, weight))
        return joined

    def _known(self, reading: Reading) -> float:
        words = [word for job in reading for word in job]
        known = sum(weight for key, weight in words if key in self._number)
        return known / (sum(weight for _, weight in words) or 1.0)

    def _find_near(self, readings: Iterable[Reading]) -> Likeness:
        keys = sorted({key for reading in readings for job in reading for key, _ in job})
        near: Likeness = {key: [(self._number[key], 1.0)] for key in keys if key in self._number}
        unknown = [key for key in keys if key not in near]
        likeness = process.cdist(
            unknown, self._keys, scorer=fuzz.ratio, score_cutoff=_NEARLY, dtype=np.uint8
        )
        for key, row in zip(unknown, likeness, strict=True):
            numbers = np.flatnonzero(row)
            best = numbers[np.argsort(-row[numbers].astype(int), kind="stable")][:3]
            found = [(int(n), (int(row[n]) / 100) ** 2) for n in best]
            near[key] = found or self._find_last_part(key)
        return near

    def _find_last_part(self, key: str) -> list[tuple[int, float]]:
        parts = (key[cut:] for cut in range(2, len(key) - 4))
        return [(self._number[part], _COMPOUND) for part in parts if part in self._number][:1]

    def _rank(
        self, titles: Sequence[str], readings: list[list[Reading]], near: Likeness
    ) -> list[Resolution]:
        scores = self._score(readings, near)
        groups = np.maximum.reduceat(scores, self._starts, axis=1)
        for i in map(int, np.flatnonzero((groups > 0).sum(axis=1) < BEST)):
            scores[i] = np.maximum(scores[i], self._score_spelling(titles[i]))
            groups[i] = np.maximum.reduceat(scores[i], self._starts)
        order = np.argsort(-np.rint(groups), axis=1, kind="stable")[:, :BEST]
        return [self._resolution(title, order[i], scores[i]) for i, title in enumerate(titles)]

    def _score(self, readings: list[list[Reading]], near: Likeness) -> Scores:
        """Titles by terms, 0 to 100: the best over all ways to read the title and all jobs in it.

        How much of the term is said counts squared; how much of the title it explains, 70 %.
        """
        ways = [(i, way) for i, ways in enumerate(readings) for way in ways]
        jobs = [(i, number, job) for number, (i, way) in enumerate(ways) for job in way or [[]]]
        starts = np.searchsorted([i for i, _, _ in jobs], range(len(readings)))
        way_of = np.array([number for _, number, _ in jobs], dtype=np.intp)
        said, explained = self._tabulate([job for _, _, job in jobs], near)
        weights = [self._weigh(job, near) for _, _, job in jobs]
        whole = np.maximum(np.bincount(way_of, weights, len(ways))[way_of], NOISE)
        share = np.minimum((explained @ self._holds).toarray() / np.float32(whole[:, None]), 1)
        cover = np.minimum((said @ self._cover).toarray(), 1)
        scores = (100 * cover**2) * (0.3 + 0.7 * share) * self._trust
        return np.maximum.reduceat(scores, starts, axis=0)

    def _tabulate(self, jobs: list[list[tuple[str, float]]], near: Likeness) -> tuple[Any, Any]:
        """Jobs by keys: the likeness of each key to a word said, and the weight it explains."""
        said: dict[tuple[int, int], float] = {}
        explained: dict[tuple[int, int], float] = {}
        for row, job in enumerate(jobs):
            for key, weight in job:
                for number, likeness in near[key]:
                    cell = (row, number)
                    said[cell] = max(said.get(cell, 0.0), likeness)
                    worth = weight * self._rarity_of(near[key]) * likeness
                    explained[cell] = explained.get(cell, 0.0) + worth
        cells = np.array(list(said), dtype=np.intp).reshape(-1, 2).T
        shape = (len(jobs), len(self._keys))
        return tuple(
            sparse.csr_array((np.array(list(table.values()), np.float32), cells), shape=shape)
            for table in (said, explained)
        )

    def _weigh(self, job: list[tuple[str, float]], near: Likeness) -> float:
        return sum(weight * self._rarity_of(near[key]) for key, weight in job)

    def _rarity_of(self, near: list[tuple[int, float]]) -> float:
        """The rarity of the nearest known word; a word nobody knows is as rare as can be."""
        return float(self._rarity[near[0][0]]) if near else 1.0

    def _score_spelling(self, title: str) -> Scores:
        """A weak score by the likeness of whole titles, so that there are always five to ask."""
        likeness = process.cdist([_sound_of(title)], self._sounds, scorer=fuzz.ratio)
        return np.asarray(likeness[0], dtype=np.float32) * _SPELLING_ONLY

    def _resolution(self, title: str, groups: NDArray[np.int64], scores: Scores) -> Resolution:
        hits = tuple(self._hit(int(group), scores) for group in groups)
        margin = hits[0].score - (hits[1].score if len(hits) > 1 else 0)
        sure = hits[0].score >= SURE_SCORE and margin >= SURE_MARGIN
        return Resolution(title, hits, margin, sure)

    def _hit(self, group: int, scores: Scores) -> Hit:
        start = int(self._starts[group])
        end = int(self._starts[group + 1]) if group + 1 < len(self._starts) else len(self._terms)
        best = start + int(np.argmax(scores[start:end]))
        return Hit(str(self._groups[group]), self._terms[best].text, round(scores[best]))


def load_classifier(extra_terms: Iterable[Term] = ()) -> Classifier:
    """The classifier of the package's names and synonyms, with the terms learned elsewhere."""
    return _build(tuple(extra_terms))


@lru_cache(maxsize=4)
def _build(extra: tuple[Term, ...]) -> Classifier:
    rows = read_rows("occupations.csv")
    names = {r["isco08"]: {lang: r[f"title_{lang}"] for lang in _LANGUAGES} for r in rows}
    groups = [
        Term(code, lang, name, "group")
        for code, n in names.items()
        for lang, name in n.items()
        if name
    ]
    synonyms = [
        Term(r["isco08"], r["lang"], r["term"], r["kind"])
        for r in read_rows("occupation_synonyms.csv")
    ]
    return Classifier([*groups, *synonyms, *extra], names)


def _order(term: Term) -> tuple[str, int, str, str]:
    """Terms by group, the most telling kind first, so that it is the one shown on equal scores."""
    return term.isco08, _KINDS.index(term.kind), term.text, term.lang


def _read(title: str) -> Reading:
    return [[(_key(word.text), word.weight) for word in job] for job in read_title(title)]


@lru_cache(maxsize=50_000)
def _key(word: str) -> str:
    return stem(sound(word))


def _sound_of(title: str) -> str:
    return " ".join(sound(word) for word in normalise(title).split())
