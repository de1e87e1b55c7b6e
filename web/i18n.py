"""The reader's language: sentences from gettext catalogues; dates, numbers and money by babel.

The English sentence is the message id. In Python write `_("...")` with `from web.i18n import
gettext as _`, in templates `{{ _("...") }}` or `{% trans %}`; a sentence kept in a table of codes is
marked with `N_("...")` and translated when shown. Then run `make messages` and translate.
"""

import gettext as gnu
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, negotiate_locale
from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal, format_percent

LOCALES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
DEFAULT_LOCALE = "kk"
LOCALE_DIR = Path(__file__).parent / "locale"
DOMAIN = "senim"
ALMATY = ZoneInfo("Asia/Almaty")

_locale: ContextVar[str] = ContextVar("locale", default=DEFAULT_LOCALE)


def set_locale(locale: str) -> None:
    """Sets the language of everything said in this context (one request, one command)."""
    _locale.set(locale if locale in LOCALES else DEFAULT_LOCALE)


def get_locale() -> str:
    return _locale.get()


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Says everything inside in another language: a paper in two, a letter in its reader's."""
    before = get_locale()
    set_locale(locale)
    try:
        yield
    finally:
        set_locale(before)


def choose_locale(remembered: str | None, accept_language: str) -> str:
    """The language remembered, else the first accepted one that Senim speaks, else Kazakh."""
    if remembered in LOCALES:
        return str(remembered)
    wanted = [part.split(";")[0].strip() for part in accept_language[:200].split(",")]
    found = negotiate_locale(wanted, list(LOCALES), sep="-")
    return found or DEFAULT_LOCALE


@cache
def _catalogue(locale: str) -> gnu.NullTranslations:
    # No silent fallback: a missing catalogue would show English to everybody.
    return gnu.translation(DOMAIN, LOCALE_DIR, [locale])


def gettext(message: str) -> str:
    return _catalogue(get_locale()).gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    return _catalogue(get_locale()).ngettext(one, many, count)


def pgettext(context: str, message: str) -> str:
    return _catalogue(get_locale()).pgettext(context, message)


def N_(message: str) -> str:  # noqa: N802  (gettext's own name for a marker)
    """Marks a sentence for extraction; it is translated when shown."""
    return message


def NP_(context: str, message: str) -> str:  # noqa: N802
    """Marks a word whose translation depends on what it is said of."""
    return message


def NN_(one: str, many: str, counted: str) -> tuple[str, str, str]:  # noqa: N802
    """Marks singular and plural of a sentence in which the parameter `counted` counts."""
    return one, many, counted


def day(value: date | None) -> str:
    """23.11.2026, in English 23 Nov 2026; a dash for none."""
    if value is None:
        return "—"
    if isinstance(value, datetime):
        value = value.astimezone(ALMATY).date()
    pattern = "d MMM y" if get_locale() == "en" else "dd.MM.y"
    return format_date(value, pattern, locale=get_locale())


def long_day(value: date) -> str:
    """Monday, 23 November 2026, as the language writes it."""
    if isinstance(value, datetime):
        value = value.astimezone(ALMATY).date()
    return format_date(value, "full", locale=_region())


def month_name(value: date) -> str:
    """November 2026, as the language writes it alone."""
    return format_date(value, "LLLL y", locale=get_locale())


def moment(value: datetime | None) -> str:
    """Day and time in Almaty; a dash for none."""
    if value is None:
        return "—"
    pattern = "d MMM y, HH:mm" if get_locale() == "en" else "dd.MM.y, HH:mm"
    return format_datetime(value, pattern, tzinfo=ALMATY, locale=get_locale())


def clock_time(value: datetime) -> str:
    return format_time(value, "HH:mm", tzinfo=ALMATY, locale=get_locale())


def number(value: float) -> str:
    return format_decimal(value, locale=get_locale())


def tenge(value: int | None) -> str:
    """150 000 ₸, with spaces that do not break; a dash for none."""
    return "—" if value is None else f"{number(value)}\u00a0₸"


def percent(share: float) -> str:
    """12 % of a share between 0 and 1, rounded to a whole percent."""
    return format_percent(share, "#,##0\u00a0%", locale=get_locale())


def _region() -> Locale:
    # English as it is read in Kazakhstan: the day stands before the month.
    return Locale.parse("en_GB" if get_locale() == "en" else get_locale())
