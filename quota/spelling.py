"""How words are written: one normal form, one sound key, and text typed on the wrong keyboard.

`normalise` is what is compared and shown, `sound` is what is looked up: it makes Kazakh with and
without its letters, Russian, and either of them in Latin letters meet in one key. `order_key` is what
lists are sorted by.
"""

import re
import unicodedata
from functools import lru_cache

LONGEST_KEY = 200

_WORD = re.compile(r"[^\W_]+")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[a-z]")
_LATIN_TWINS, _CYRILLIC_TWINS = "aceopxykmthi", "асеорхукмтні"
_TWINS_TO_CYRILLIC = str.maketrans(_LATIN_TWINS, _CYRILLIC_TWINS)
_TWINS_TO_LATIN = str.maketrans(_CYRILLIC_TWINS, _LATIN_TWINS)

_LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғіңөұүқһ"
_SOUNDS = "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya"
_SOUNDS += " a g i n o u u k h"
_TO_SOUND = str.maketrans(dict(zip(_LETTERS, _SOUNDS.split(" "), strict=True)))
_TO_SOUND |= str.maketrans({"ş": "sh", "š": "sh", "ç": "ch", "č": "ch", "ž": "zh", "ı": "i"})
_DIGRAPHS = {"shch": "ş", "sch": "ş", "sh": "ş", "ch": "ç", "zh": "j", "kh": "h"}
_DIGRAPHS |= {"gh": "g", "ts": "c", "yo": "e", "x": "ks", "q": "k", "w": "u"}
_GLIDE = re.compile("[iy]+(?=[aeou])")
_DOUBLED = re.compile(r"(.)\1+")

# Endings are cut in sound-key letters, so that a rule holds for both alphabets.
_KAZAKH = "ning|[ldt][ae]r|[ndt]in|[dtn][ae]n|[mbp]en|[gn][ae]|d[ae]|[nds]i"
_RUSSIAN = "[oe]go|[oe]mu|[ia]mi|[oe]v|[ai]h|[ioe]m|oe|[eo]i"
_ENDING = re.compile(
    f"(?<=.{{4}})(?:{_KAZAKH}|{_RUSSIAN}|s)$|(?<=.{{4}}[rt])k$|(?<=.{{3}})[aeiou]$"
)

_ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
# Code points of private use in the order of the Kazakh alphabet, which Unicode's own is not.
_TO_PLACE = str.maketrans({letter: chr(0xE000 + n) for n, letter in enumerate(_ALPHABET)})
_MARK = re.compile(r"[\W_]+")

_SHIFTED = str.maketrans('{}:"<>~', "[];',.`")
_LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_CYRILLIC_KEYS = "йцукенгшщзхъфывапролджэячсмитьбюё"
_KEYS_TO_CYRILLIC = str.maketrans(_LATIN_KEYS, _CYRILLIC_KEYS)
_KEYS_TO_LATIN = str.maketrans(_CYRILLIC_KEYS, _LATIN_KEYS)
_DIGITS_TO_KAZAKH = str.maketrans("2345890-=", "әіңғүұқөһ")
_DIGIT_IN_WORD = re.compile("[a-z][02-589]|[02-589][a-z]")
_KEY_IN_WORD = re.compile(rf"[a-z][,.;'\[\]`][a-z]|{_DIGIT_IN_WORD.pattern}")
_TYPED_WORD = re.compile(r"\S*[^\W\d_]\S*")


def normalise(text: str) -> str:
    """Casefolded words with single spaces: ё is е, look-alike letters repaired, Kazakh kept."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    plain = folded.replace("ё", "е")
    words = _WORD.findall(plain)
    return " ".join(map(_repair_script, words) if _is_mixed(plain) else words)


def _is_mixed(text: str) -> bool:
    return bool(_LATIN.search(text) and _CYRILLIC.search(text))


def _repair_script(word: str) -> str:
    """One alphabet a word: the c of `cтоляр` becomes Cyrillic, the а of `саll` Latin."""
    if not _is_mixed(word):
        return word
    latin = word.translate(_TWINS_TO_LATIN)
    cyrillic = word.translate(_TWINS_TO_CYRILLIC)
    return latin if _LATIN.search(cyrillic) and not _CYRILLIC.search(latin) else cyrillic


def is_cyrillic(text: str) -> bool:
    """Whether any letter is Cyrillic; what has none may be typed on the wrong keyboard."""
    return bool(_CYRILLIC.search(text.lower()))


@lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """The key of one normalised word: Latin letters, one for each sound, softness dropped."""
    marked = unicodedata.normalize("NFD", word.translate(_TO_SOUND))
    key = "".join(letter for letter in marked if not unicodedata.combining(letter))
    for digraph, letter in _DIGRAPHS.items():
        key = key.replace(digraph, letter)
    return _DOUBLED.sub(r"\1", _GLIDE.sub("", key).replace("y", "i"))


def stem(key: str) -> str:
    """A sound key without its endings of case, number, possession and feminine form."""
    while (shorter := _ENDING.sub("", key)) != key:
        key = shorter
    return key[:-2] + "ik" if key.endswith("ic") else key


def order_key(text: str) -> str:
    """A key whose code points sort as the Kazakh alphabet does: digits, then Latin letters, then аәбвгғ...
    Case and marks such as quotes and dashes do not count; at most LONGEST_KEY letters do."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _MARK.sub(" ", plain).strip().translate(_TO_PLACE)[:LONGEST_KEY]


def has_keys_in_words(text: str) -> bool:
    """Whether a Latin word holds a digit or mark that is a letter in another layout: `it,th3`."""
    return not is_cyrillic(text) and bool(_KEY_IN_WORD.search(text.lower()))


def retype(text: str) -> list[str]:
    """What the same keys give in the other layouts: `djlbntkm` is `водитель`, `сщщл` is `cook`.

    The Kazakh layout has letters on the number row: they are read in words with a letter, and where
    a digit stands beside a letter no other reading makes sense.
    """
    lower = text.lower().translate(_SHIFTED)
    kazakh = _TYPED_WORD.sub(lambda match: match[0].translate(_DIGITS_TO_KAZAKH), lower)
    if _LATIN.search(lower):
        typed = [kazakh.translate(_KEYS_TO_CYRILLIC)]
        if not _DIGIT_IN_WORD.search(lower):
            typed.insert(0, lower.translate(_KEYS_TO_CYRILLIC))
    else:
        typed = [lower.translate(_KEYS_TO_LATIN), kazakh]
    return [other for other in dict.fromkeys(typed) if other != lower]
