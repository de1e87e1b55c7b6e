"""How a job title is read: which words name a job and which say only where, when, for how much."""

import re
from dataclasses import dataclass

from quota.data import read_rows
from quota.spelling import normalise

# How much a word says about the job, by where it stands.
HEAD, ADJECTIVE, DETAIL, RANK, PLACE, ASIDE, NOISE = 1.0, 0.5, 0.5, 0.2, 0.15, 0.08, 0.05
NEXT_JOB = 0.6

_GLUED = re.compile("(?<=[а-яёәіңғүұқөһ])(?=[А-ЯЁӘІҢҒҮҰҚӨҺ][а-яёәіңғүұқөһ])")
_BRACKETS = re.compile(r"[(\[{«\"“][^()\[\]{}«»\"“”]*(?:[)\]}»\"”]|$)")
_PAY = re.compile(
    r"\d[\d\s.,]*(?:тг|тенге|теңге|тыс|руб|₸|₽|kzt|rub)[\w./]*|\d+\s*[*х/:]\s*\d+"
    r"|\bз[/.]\s?п(?:латы?)?\b",
    re.IGNORECASE,
)
_JOBS = re.compile(r"[/\\,;+|&•]|\.\s+")

_KEYWORD = r"(?i:кате[а-яё]*|кат(?:\.|\b)|санат[а-яіңғқ]*)"
_LETTERS = r"(?:[ABCDEАВСДЕ]{1,3}1?\b[\s,/+\"»-]*)+"
_LICENCE = re.compile(
    rf"{_KEYWORD}[\s\"«.:]*((?i:{_LETTERS}))|({_LETTERS}){_KEYWORD}|(?<=[а-яіА-Я]\s)({_LETTERS})$"
    r"|(?i:(?<=водитель\s)([bcdeвсде]{1,2}))$"
)
_LICENCE_LETTERS = str.maketrans("АВСЕДавседabcde", "ABCEDABCEDABCDE")


def _listed(kind: str) -> dict[str, str]:
    return {row["word"]: row["full"] for row in read_rows("title_words.csv") if row["kind"] == kind}


_PREFIXES, _SHORT = _listed("prefix"), _listed("short")
_PREPOSITIONS, _CONJUNCTIONS = _listed("preposition").keys(), _listed("conjunction").keys()
_RANKS, _NOISE = _listed("rank").keys(), _listed("noise").keys()
_ABBREVIATION = re.compile(
    rf"(?<!\w)(?:({'|'.join(_PREFIXES)})[./]\s*|({'|'.join(_SHORT)})\.\s*)(?=\w)", re.IGNORECASE
)
_ADJECTIVE = re.compile("(?:[ыио]й|[ая]я|[ое]е|[ыи]е|ого|его|лық|лік|дық|дік|тық|тік)$")


@dataclass(frozen=True, slots=True)
class Word:
    """A normalised word of a title and how much it says about the job (0 to 1)."""

    text: str
    weight: float


def read_title(title: str) -> list[list[Word]]:
    """The jobs a title names, in its order, each as weighted words.

    Pay is cut, licence letters become words of their own, abbreviations are written out; what
    stands in brackets goes with every job as an aside. No words, no jobs.
    """
    text = _LICENCE.sub(_licence_words, _GLUED.sub(" / ", title))
    text = _ABBREVIATION.sub(_written_out, _PAY.sub(" ", text))
    asides = [Word(w, _aside(w)) for w in _words(" ".join(_BRACKETS.findall(text)))]
    jobs = _read_jobs(_BRACKETS.sub(" ", text)) or [[]]
    return [job + asides for job in jobs if job or asides]


def _read_jobs(text: str) -> list[list[Word]]:
    jobs: list[list[Word]] = []
    level = 1.0
    for part in _JOBS.split(text):
        if job := _read_job(_words(part), level):
            jobs.append(job)
            named = any(word.weight > NOISE for word in job)
            level = max(level * NEXT_JOB, PLACE) if named else level
    return jobs


def _read_job(texts: list[str], level: float) -> list[Word]:
    words: list[Word] = []
    headed = place = False
    for text in texts:
        if text in _CONJUNCTIONS or text in _PREPOSITIONS:
            place = headed and (place or text in _PREPOSITIONS)
            continue
        weight = _weigh(text, headed=headed, place=place)
        headed = headed or weight == HEAD
        words.append(Word(text, weight * level))
    return words


def _weigh(text: str, *, headed: bool, place: bool) -> float:
    if text in _NOISE:
        return NOISE
    if text in _RANKS:
        return RANK
    if headed:
        return PLACE if place else DETAIL
    return ADJECTIVE if _ADJECTIVE.search(text) else HEAD


def _aside(text: str) -> float:
    return NOISE if text in _NOISE else ASIDE


def _words(text: str) -> list[str]:
    """Normalised words; numbers and words with a digit say nothing, except 1С."""
    return [w for w in normalise(text).split() if w.isalpha() or w in ("1с", "1c")]


def _licence_words(match: re.Match[str]) -> str:
    written = "".join(group for group in match.groups() if group)
    letters = set(written.translate(_LICENCE_LETTERS)) & set("ABCDE")
    return f" {' '.join(f'licence{letter}' for letter in sorted(letters))} "


def _written_out(match: re.Match[str]) -> str:
    prefix, short = match.groups()
    return _PREFIXES[prefix.lower()] if prefix else f"{_SHORT[short.lower()]} "
