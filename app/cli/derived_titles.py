"""Titles as people mistype them, derived from known terms by rule: what `senim bench` asks for."""

from collections.abc import Callable, Iterator
from zlib import crc32

from quota.terms import Term

_LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяәіңғүұқөһ"
_SOUNDS = "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya"
_SOUNDS += " a i n g u u k o h"
_TRANSLITERATION = str.maketrans(dict(zip(_LETTERS, _SOUNDS.split(" "), strict=True)))
_LATIN_KAZAKH = _TRANSLITERATION | str.maketrans("әіңғүұқөшжй", "äıñğüūqöşji")
_WITHOUT_LETTERS = str.maketrans("әіңғүұқөһ", "аингуукох")
_KEYBOARD = str.maketrans(
    "йцукенгшщзхъфывапролджэячсмитьбюёәіңғүұқөһ", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`2345890-="
)
# Letters people confuse, both ways.
_CONFUSED = "ао еи щш бп дт вф гк зс жш мн рл ұу қк әа өо іы"
_MISHEARD = {a: b for pair in _CONFUSED.split(" ") for a, b in (pair, pair[::-1])}


def misspell(text: str) -> str:
    """One slip in the longest word, chosen by the text itself: a letter lost, doubled, swapped with
    the next, or taken for one that sounds like it. A word of under five letters is left alone."""
    word = max(text.split(), key=len)
    if len(word) < 5:
        return text
    dice = crc32(text.encode())
    at = 1 + dice % (len(word) - 2)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    slips = [
        before + after,
        before + letter + letter + after,
        before + after[0] + letter + after[1:],
        before + _MISHEARD.get(letter, "") + after,
    ]
    return text.replace(word, slips[(dice >> 8) % 4])


KAZAKH_WAYS: dict[str, Callable[[str], str]] = {
    "Kazakh without its letters": lambda text: text.translate(_WITHOUT_LETTERS),
    "Kazakh in Latin letters": lambda text: text.translate(_LATIN_KAZAKH),
    "Kazakh transliterated": lambda text: text.translate(_TRANSLITERATION),
    "Kazakh on the other keyboard": lambda text: text.translate(_KEYBOARD),
    "Kazakh misspelt": misspell,
}
RUSSIAN_WAYS: dict[str, Callable[[str], str]] = {
    "Russian transliterated": lambda text: text.translate(_TRANSLITERATION),
    "Russian on the other keyboard": lambda text: text.translate(_KEYBOARD),
    "Russian misspelt": misspell,
}


def derive_titles(term: Term) -> Iterator[tuple[str, str]]:
    """The ways a Kazakh or Russian term may be typed, by name; none that equals the term itself."""
    text = term.text.lower()
    ways = {"kk": KAZAKH_WAYS, "ru": RUSSIAN_WAYS}.get(term.lang, {})
    for name, way in ways.items():
        if (typed := way(text)) != text:
            yield name, typed
