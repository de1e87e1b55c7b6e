"""The letter to a course in Kazakh and Russian on one paper, made like that of a referral.

The template is `course-letter.docx` in the var folder, or else `blank_template()`.
"""

from pathlib import Path

from docx import Document

from matching.letters import SeatLetter
from quota.professions import load_classifier
from web.documents import LANGUAGES, SIGNATURE, both, contacts, fill, join, save, show_day
from web.i18n import N_, gettext, speaking
from web.paper import Paper

TEMPLATE = "course-letter.docx"
TITLE = N_("Letter to a course No. %(number)s")
FACTS = (
    (N_("To the provider"), "provider"),
    (N_("Is sent"), "person"),
    (N_("To the course"), "course"),
    (N_("Profession taught"), "profession"),
    (N_("Place"), "place"),
    (N_("First day"), "starts_on"),
    (N_("Last day"), "ends_on"),
)
TERMS = (
    N_("The person took this seat in writing on %(consent_on)s (paper: %(consent_paper)s)."),
    N_(
        "Come on the first day, %(starts_on)s, with an identity document. Whoever cannot come tells"
        " the centre before."
    ),
)
TEAR_OFF = N_("Tear off here and return to the centre no later than %(ends_on)s")
ANSWERS = (
    N_("Came. First day attended:"),
    N_("Did not come, or left. Day and reason:"),
    N_("Finished. Number of the certificate:"),
)


FIELDS = (
    "number",
    "issued_on",
    "centre_kk",
    "centre_ru",
    "centre_address",
    "centre_phone",
    "person",
    "provider",
    "course",
    "profession",
    "place",
    "starts_on",
    "ends_on",
    "consent_on",
    "consent_paper",
)


def fields_of(letter: SeatLetter) -> dict[str, str]:
    """What a template may name. A field that differs by language ends in _kk or _ru."""
    titles = load_classifier().titles(letter.isco08)
    return {
        "number": str(letter.number),
        "issued_on": show_day(letter.issued_on),
        "centre_kk": letter.centre["kk"],
        "centre_ru": letter.centre["ru"],
        "centre_address": letter.centre_address,
        "centre_phone": letter.centre_phone,
        "person": letter.person,
        "provider": letter.provider,
        "course": letter.course,
        "profession": join(titles["kk"], titles["ru"]),
        "place": join(letter.place["kk"], letter.place["ru"]),
        "starts_on": show_day(letter.starts_on),
        "ends_on": show_day(letter.ends_on),
        "consent_on": show_day(letter.consent_on),
        "consent_paper": letter.consent_paper or "—",
    }


def write(letter: SeatLetter, form: str, folder: Path) -> bytes:
    """The letter as one of `documents.TYPES`; `folder` may hold the office's own template."""
    if form == "pdf":
        return write_pdf(letter)
    return fill(fields_of(letter), folder / TEMPLATE, blank_template)


def write_pdf(letter: SeatLetter) -> bytes:
    """The letter on one A4 page, its fonts embedded."""
    fields = fields_of(letter)
    paper = Paper()
    paper.head([fields["centre_kk"], fields["centre_ru"]], contacts(fields))
    paper.title(_title(fields), fields["issued_on"])
    for label, name in FACTS:
        paper.fact(both(label), fields[name])
    for locale in LANGUAGES:
        for sentence in TERMS:
            paper.sentence(_say(sentence, locale, fields))
    paper.tear(" / ".join(_say(TEAR_OFF, locale, fields) for locale in LANGUAGES))
    paper.title(both(N_("The provider's answer")), _title(fields))
    paper.fact(both(N_("Candidate")), fields["person"])
    for label in ANSWERS:
        paper.blank(both(label), box=True)
    paper.blank(both(SIGNATURE))
    return paper.write()


def blank_template() -> bytes:
    """The template to start from: the sentences of the PDF with fields in place of values."""
    blank = _Fields()
    document = Document()
    document.add_paragraph(
        "{{ centre_kk }}\n{{ centre_ru }}\n{{ centre_address }} {{ centre_phone }}"
    )
    document.add_heading(_title(blank), 1)
    document.add_paragraph("{{ issued_on }}")
    facts = document.add_table(rows=0, cols=2)
    for label, name in FACTS:
        cells = facts.add_row().cells
        cells[0].text, cells[1].text = both(label), blank[name]
    for locale in LANGUAGES:
        for sentence in TERMS:
            document.add_paragraph(_say(sentence, locale, blank))
    document.add_paragraph("- " * 60)
    for locale in LANGUAGES:
        document.add_paragraph(_say(TEAR_OFF, locale, blank))
    document.add_heading(both(N_("The provider's answer")), 2)
    document.add_paragraph(_title(blank) + ": {{ person }}")
    for label in (*ANSWERS, SIGNATURE):
        document.add_paragraph(f"{both(label)} {'_' * 40}")
    return save(document.save)


class _Fields(dict[str, str]):
    """Answers each name with the field a template fills in its place."""

    def __missing__(self, name: str) -> str:
        return f"{{{{ {name} }}}}"


def _title(fields: dict[str, str]) -> str:
    return join(*(_say(TITLE, locale, fields) for locale in LANGUAGES))


def _say(sentence: str, locale: str, fields: dict[str, str]) -> str:
    with speaking(locale):
        return gettext(sentence) % fields
