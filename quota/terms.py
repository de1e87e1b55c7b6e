"""The terms of the occupation classifier, indexed by the sound of their words."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from quota.data import read_rows
from quota.spelling import is_cyrillic, normalise, retype, sound, stem
from quota.titles import DETAIL, HEAD, NOISE, read_title
from quota.wordparts import PartsReader

Job = list[tuple[str, float]]  # keys with what they weigh
Scores = NDArray[np.float32]

LANGUAGES = ("kk", "ru", "en")
WORD = "word"  # names no occupation, but speaks for it: what is worked on, where, with what
KINDS = ("learned", "title", "synonym", "abbreviation", "typo", "group", WORD)

# What a word of a term is worth, besides its rarity, by the weight of its place in the term.
_STRESS = ((HEAD, 1.5), (DETAIL, 1.0), (2 * NOISE, 0.5), (0.0, 0.3))
_COMMON = 0.9  # how far the rarity of a word that all groups use falls from 1
# People's own names go before the classifier's headings; mere words are read by their parts alone.
_TRUST = {"group": 0.9, WORD: 0.0}


@dataclass(frozen=True, slots=True)
class Term:
    """A name people use for an occupation, with the unit group it leads to.

    `kind` is one of KINDS: learned, title, synonym, abbreviation, typo, group for a heading, or WORD.
    """

    isco08: str
    lang: str
    text: str
    kind: str = "learned"


class TermIndex:
    """Terms in a fixed order, group by group, and the keys that lead to them."""

    def __init__(self, terms: Iterable[Term]) -> None:
        """At least one term must have a word. ValueError for an unknown kind."""
        self.terms = sorted(set(terms), key=_order)
        jobs = [list(chain.from_iterable(read_jobs(term.text))) for term in self.terms]
        self.keys = sorted({key for job in jobs for key, _ in job})
        self.number = {key: number for number, key in enumerate(self.keys)}
        codes = [term.isco08 for term in self.terms]
        self.groups, self.starts = np.unique(codes, return_index=True)
        self.rarity = self._rate_rarity(jobs)
        self.cover = self._share_out(jobs)
        self.holds = self.cover.astype(bool).astype(np.float32)
        self.trust = np.array([_TRUST.get(term.kind, 1.0) for term in self.terms], np.float32)
        self.sounds = [sound_of(term.text) for term in self.terms]
        self.parts = PartsReader(jobs, self._number_groups())
        self._by_sound: dict[str, list[int]] = {}
        for number, text in enumerate(self.sounds):
            if self.terms[number].kind == WORD:
                continue
            self._by_sound.setdefault(text, []).append(number)

    def _number_groups(self) -> list[int]:
        return [int(n) for n in np.searchsorted(self.groups, [t.isco08 for t in self.terms])]

    def find_exact(self, text: str) -> list[int]:
        """The numbers of the terms that are this very text, in any script."""
        return self._by_sound.get(sound_of(text), [])

    def span(self, group: int) -> slice:
        """The numbers of the terms of a group."""
        after = [*self.starts[group + 1 : group + 2], len(self.terms)]
        return slice(int(self.starts[group]), int(after[0]))

    def _rate_rarity(self, jobs: list[Job]) -> Scores:
        """1 for a word of one group, falling towards 0 with the number of groups that use it."""
        owned = zip(self.terms, jobs, strict=True)
        uses = {(key, term.isco08) for term, job in owned for key, _ in job}
        count = np.bincount([self.number[key] for key, _ in uses], minlength=len(self.keys))
        commonness = np.log(count) / np.log(max(len(self.groups), 2))
        return np.asarray(1 - _COMMON * commonness, np.float32)

    def _share_out(self, jobs: list[Job]) -> Any:
        """A sparse table, keys by terms: the share of the term that the key stands for."""
        shares = {
            (key, number): share
            for number, job in enumerate(jobs)
            for key, share in self._shares(job).items()
        }
        cells = np.array(list(shares), np.intp).T
        shape = (len(self.keys), len(self.terms))
        return sparse.csr_array((np.array(list(shares.values()), np.float32), cells), shape=shape)

    def _shares(self, job: Job) -> dict[int, float]:
        worth: dict[int, float] = {}
        for key, weight in job:
            number = self.number[key]
            stress = next(stress for least, stress in _STRESS if weight >= least)
            worth[number] = max(worth.get(number, 0.0), float(self.rarity[number]) * stress)
        whole = sum(worth.values())
        return {number: value / whole for number, value in worth.items()}


def read_jobs(title: str) -> list[Job]:
    """The jobs of a title (`titles.read_title`) as keys with their weights."""
    return [[(_key(word.text), word.weight) for word in job] for job in read_title(title)]


def gist_of(title: str) -> str:
    """What all spellings, forms and wrappings of one job's title share: its keys without noise, in
    alphabetical order. Empty for a title that names no job, or several."""
    telling = [{key for key, weight in job if weight > NOISE} for job in read_jobs(title)]
    named = [keys for keys in telling if keys]
    return " ".join(sorted(named[0])) if len(named) == 1 else ""


def gists_of(title: str) -> list[str]:
    """The gist of a title as typed and, if it has no Cyrillic letter, as typed in the other layouts."""
    texts = [title] if is_cyrillic(title) else [title, *retype(title)]
    return [gist for gist in dict.fromkeys(map(gist_of, texts)) if gist]


def sound_of(text: str) -> str:
    """The sound of every word of a text, for comparing whole texts."""
    return " ".join(map(sound, normalise(text).split()))


def package_terms() -> list[Term]:
    """The terms the package brings: what people say, and the headings of the classifier."""
    said = [
        Term(row["isco08"], row["lang"], row["term"], row["kind"])
        for row in read_rows("occupation_synonyms.csv")
    ]
    said += _read_words()
    return said + [
        Term(code, lang, name, "group")
        for code, names in group_names().items()
        for lang, name in names.items()
        if name
    ]


def group_names() -> dict[str, dict[str, str]]:
    """The names of every unit group of ISCO-08 by language; the Kazakh one may be empty."""
    rows = read_rows("occupations.csv")
    return {row["isco08"]: {lang: row[f"title_{lang}"] for lang in LANGUAGES} for row in rows}


def _read_words() -> list[Term]:
    passed_over = {row["word"] for row in read_rows("title_words.csv") if not row["full"]}
    return [
        Term(row["isco08"], row["lang"], word, WORD)
        for row in read_rows("occupation_words.csv")
        for word in row["words"].split()
        if word not in passed_over
    ]


def _order(term: Term) -> tuple[str, int, str, str]:
    """By group, then the most telling kind first: of equal terms that one is shown."""
    return term.isco08, KINDS.index(term.kind), term.text, term.lang


@lru_cache(maxsize=50_000)
def _key(word: str) -> str:
    return stem(sound(word))
