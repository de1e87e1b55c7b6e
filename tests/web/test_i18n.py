"""Dates, numbers, money and plurals as each language writes them, in the time of Almaty."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import UTC, date, datetime

import pytest

from web import i18n
from web.sentences import say
from web.words import TONES, WORDS, tone, word

LATE = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)  # already the 23rd in Almaty


@pytest.fixture(autouse=True)
def keep_locale():
    yield
    i18n.set_locale(i18n.DEFAULT_LOCALE)


@pytest.mark.parametrize(
    ("locale", "day", "long_day", "tenge", "percent"),
    [
        ("kk", "23.11.2026", "2026 ж. 23 қараша, дүйсенбі", "1 234 567 ₸", "34 %"),
        ("ru", "23.11.2026", "понедельник, 23 ноября 2026 г.", "1 234 567 ₸", "34 %"),
        ("en", "23 Nov 2026", "Monday, 23 November 2026", "1,234,567 ₸", "34 %"),
    ],
)
def test_values_are_written_as_the_language_writes_them(
    locale: str, day: str, long_day: str, tenge: str, percent: str
) -> None:
    i18n.set_locale(locale)
    said = (i18n.day(LATE), i18n.long_day(LATE), i18n.tenge(1234567), i18n.percent(0.337))
    plain = tuple(" ".join(text.split()) for text in said)
    assert plain == (day, long_day, tenge, percent)
    assert i18n.day(date(2026, 11, 23)) == day
    assert i18n.moment(LATE) == f"{day}, 01:30"
    assert i18n.clock_time(LATE) == "01:30"
    assert (i18n.day(None), i18n.moment(None), i18n.tenge(None)) == ("—", "—", "—")


@pytest.mark.parametrize(
    ("count", "ending"), [(1, "1 секунду"), (2, "2 секунды"), (5, "5 секунд"), (1021, "секунду")]
)
def test_plurals_follow_the_language(count: int, ending: str) -> None:
    i18n.set_locale("ru")
    assert ending in say("wait", {"seconds": count})


def test_an_unknown_language_falls_back_to_kazakh() -> None:
    i18n.set_locale("xx")
    assert i18n.get_locale() == "kk"


def test_requests_at_the_same_time_do_not_mix_their_languages() -> None:
    def speak(locale: str) -> bool:
        i18n.set_locale(locale)
        return say("required") == wanted[locale]

    wanted = {}
    for locale in i18n.LOCALES:
        i18n.set_locale(locale)
        wanted[locale] = say("required")
    assert len(set(wanted.values())) == 3
    with ThreadPoolExecutor(8) as pool:
        asked = [
            pool.submit(copy_context().run, speak, locale)
            for _ in range(60)
            for locale in i18n.LOCALES
        ]
    assert all(answer.result() for answer in asked)


@pytest.mark.parametrize("locale", i18n.LOCALES)
def test_every_code_has_its_word(locale: str) -> None:
    i18n.set_locale(locale)
    for kind, codes in WORDS.items():
        assert all(word(kind, code) for code in codes)
        assert all(tone(kind, code) in ("kept", "waiting", "broken", "plain") for code in codes)
    assert all(set(tones) <= set(WORDS[kind]) for kind, tones in TONES.items())
