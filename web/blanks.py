"""Blanks: empty tables to fill in, one a noun, with headers in the reader's language and notes."""

from collections.abc import Mapping

from matching.imports.nouns import NOUNS
from quota.columns import Column, name_code
from quota.sheets import write_xlsx
from web.i18n import N_, get_locale, gettext, set_locale

KINDS: Mapping[str, str] = {
    "text": N_("Text."),
    "whole": N_("A whole number; money in tenge."),
    "number12": N_("Twelve digits."),
    "isco08": N_("Four digits of the occupation's unit group, if it is confirmed."),
    "occupation": N_(
        "Four digits of the occupation's unit group, if it is confirmed, or the national code: 7212-01."
    ),
    "day": N_("A date such as 23.11.2026."),
    "shifts": N_("Days and hours such as 1-5 08:00-17:00; 6 09:00-14:00, days from Monday 1."),
    "choice": N_("One of these:"),
    "choices": N_("Any of these, separated by semicolons:"),
    "flag": N_("Yes or no:"),
    "lines": N_("One sentence a line of the cell."),
    "sites": N_("One site a line of the cell: place; address."),
    "languages": N_("Languages with their level, such as kk B1; ru C1, out of these:"),
    "counts": N_("Category and number, such as single_parents 2; orphans 1."),
    "time": N_("A time such as 22:00."),
    "weekdays": N_("Days of the week from Monday 1, such as 1-5 or 1,3; left empty: every day."),
    "list": N_("One or several, separated by semicolons."),
    "pledges": N_(
        "One line of the cell for each kind of place: profession; code; place; number."
        " All but the number may be left empty."
    ),
    "per_cent": N_("Per cent, such as 1 or 1,5."),
}


def make_blank(noun: str, locale: str) -> bytes:
    """An xlsx with the headers of NOUNS[noun], an invented example row and a sheet of notes."""
    before = get_locale()
    set_locale(locale)
    try:
        columns = NOUNS[noun].columns
        example = [[c.name(locale) for c in columns], [c.example for c in columns]]
        head = [gettext("Column"), gettext("Code"), gettext("Needed"), gettext("What to write")]
        notes = [head, *(_note(column, locale) for column in columns)]
        return write_xlsx({noun: example, gettext("Notes"): notes})
    finally:
        set_locale(before)


def _note(column: Column, locale: str) -> list[str]:
    needed = gettext("needed") if column.needed else ""
    told = gettext(KINDS[column.kind.name])
    labels = column.kind.labels or {}
    names = [name_code(labels, code, locale) for code in labels]
    return [column.name(locale), column.code, needed, " ".join([told, "; ".join(names)]).strip()]
