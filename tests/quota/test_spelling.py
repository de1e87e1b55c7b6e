"""Spelling: one normal form, one sound key, two keyboards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quota.spelling import LONGEST_KEY, normalise, order_key, retype, sound, stem

TEXT = st.text(st.characters(exclude_categories=["Cs"])) | st.text(
    "абвгёйьәіңғүұқөһabcxyz019 .,;-'"
)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("  Слесарь-Сантехник  ", "слесарь сантехник"),
        ("ВОДИТЕЛЬ кат. «В»", "водитель кат в"),
        ("Монтёр", "монтер"),
        ("Тігінші, ТІГІНШІ", "тігінші тігінші"),
        ("Cтoляр", "столяр"),
        ("саll", "call"),
        ("Ｃｏｏｋ №1", "cook no1"),
        ("", ""),
    ],
)
def test_normal_form(text: str, normal: str) -> None:
    assert normalise(text) == normal


@given(TEXT)
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    "spellings",
    [
        ("дәнекерлеуші", "данекерлеуши", "danekerleushi", "dänekerleuşı"),
        ("жүргізуші", "жургизуши", "zhurgizushi", "jürgızuşı", "jurgizushi"),
        ("құрылысшы", "курылысшы", "qurylysshy", "kurylysshy", "qūrylysşy"),
        ("сварщик", "svarshchik", "svarschik", "svarshik"),
        ("электрик", "elektrik"),
        ("шофер", "shofer"),
        ("тракторист", "traktorist"),
        ("уборщица", "uborshchitsa", "uborshica"),
    ],
)
def test_spellings_of_a_word_sound_alike(spellings: tuple[str, ...]) -> None:
    keys = {sound(normalise(spelling)) for spelling in spellings}
    assert len(keys) == 1


@pytest.mark.parametrize(
    "forms",
    [
        ("повар", "повара", "поваров", "поварами"),
        ("водитель", "водителя", "водителей"),
        ("рабочий", "рабочая", "рабочего", "рабочие"),
        ("уборщик", "уборщица", "уборщицы"),
        ("санитар", "санитарка"),
        ("тракторшы", "тракторшылар", "тракторшыға", "тракторшының"),
        ("жүргізуші", "жүргізушісі", "жүргізушілер", "жүргізушіні"),
        ("driver", "drivers"),
    ],
)
def test_inflected_forms_have_one_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(sound(form)) for form in forms}) == 1


@given(TEXT)
def test_stemming_twice_changes_nothing(text: str) -> None:
    key = sound(normalise(text))
    assert stem(stem(key)) == stem(key)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("djlbntkm", "водитель"),
        ("Djlbntkm fdnj,ecf", "водитель автобуса"),
        ("n3u3yi3", "тігінші"),
        ("т3г3нш3", "тігінші"),
        ("0fhfekib", "қараулши"),
        ("сщщл", "cook"),
        ("'ktrnhbr 4 hfphzl", "электрик 4 разряд"),
        ("njrfhm-hfcnjxybr", "токарь-расточник"),
    ],
)
def test_the_other_layout(typed: str, meant: str) -> None:
    assert meant in retype(typed)


@given(TEXT)
def test_any_text_can_be_retyped(text: str) -> None:
    assert text.lower() not in retype(text)


ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"


def test_lists_go_by_the_kazakh_alphabet() -> None:
    words = [
        "Ыбырай",
        "Яков",
        "Іңкәр",
        "Ғабит",
        "Гүлнұр",
        "Дана",
        "Әсел",
        "Айша",
        "Zhan",
        "9 мамыр",
    ]
    words += ["ТОО «Қазына»", "ТОО Казына", "ТОО «Лада»"]
    assert sorted(words, key=order_key) == [
        *("9 мамыр", "Zhan", "Айша", "Әсел", "Гүлнұр", "Ғабит", "Дана"),
        *("ТОО Казына", "ТОО «Қазына»", "ТОО «Лада»", "Ыбырай", "Іңкәр", "Яков"),
    ]


@given(st.lists(st.text(ALPHABET)))
def test_letters_are_compared_by_their_place_in_the_alphabet(words: list[str]) -> None:
    by_place = sorted(words, key=lambda word: [ALPHABET.index(letter) for letter in word])
    assert sorted(words, key=order_key) == by_place


@given(TEXT | st.text("ﷺßŉ", min_size=200))
def test_a_key_fits_its_column(text: str) -> None:
    assert len(order_key(text)) <= LONGEST_KEY
    assert order_key(text) == order_key(f" «{text.upper()}» ".lower()) or not text.isascii()
