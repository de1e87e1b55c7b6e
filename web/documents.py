"""The referral letter in Kazakh and Russian on one paper: as PDF, and as DOCX from the office's template.

The template is `letter.docx` in the var folder, or else `blank_template()`, which says the same as the
PDF. Its fields are those of `fields_of`, written as {{ person }}.
"""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from docx import Document
from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment
from litestar import Response

from matching.letters import Letter
from quota.errors import NotFound
from web.act_words import name_act
from web.i18n import N_, day, gettext, number, speaking
from web.paper import Paper

TEMPLATE = "letter.docx"
LANGUAGES = ("kk", "ru")
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

FACTS = (
    (N_("To the employer"), "employer"),
    (N_("Is sent"), "person"),
    (N_("For the vacancy"), "vacancy"),
    (N_("Place of work"), "place"),
    (N_("Pay a month, in tenge"), "pay"),
)
TERMS = (
    N_("Come to the employer no later than %(come_by)s. Ground: %(come_act)s."),
    N_(
        "The employer answers no later than %(answer_by)s: hired, or not hired and why."
        " Ground: %(answer_act)s."
    ),
)
TEAR_OFF = N_("Tear off here and return to the centre no later than %(answer_by)s")
ANSWERS = (
    N_("Hired. Number and date of the contract:"),
    N_("Not hired. Reason:"),
)
SIGNATURE = N_("Signature, name, date:")


FIELDS = (
    "number",
    "issued_on",
    "centre_kk",
    "centre_ru",
    "centre_address",
    "centre_phone",
    "person",
    "employer",
    "vacancy",
    "place",
    "pay",
    "come_by",
    "answer_by",
    *(f"{name}_{locale}" for name in ("come_act", "answer_act") for locale in LANGUAGES),
)


def read_form(file: str) -> str:
    """One of TYPES, from a name such as `letter.pdf`. Raises NotFound."""
    form = file.removeprefix("letter.")
    if form not in TYPES or file == form:
        raise NotFound("not_found")
    return form


def hand_out(content: bytes, name: str, form: str) -> Response[bytes]:
    """The paper as a file that no cache keeps."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{form}"',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=TYPES[form], headers=headers)


def fields_of(letter: Letter) -> dict[str, str]:
    """What a template may name. A field that differs by language ends in _kk or _ru."""
    fields = {
        "number": str(letter.number),
        "issued_on": show_day(letter.issued_on),
        "centre_address": letter.centre_address,
        "centre_phone": letter.centre_phone,
        "person": letter.person,
        "employer": letter.employer,
        "vacancy": letter.vacancy,
        "place": join(letter.place["kk"], letter.place["ru"]) + after(letter.address),
        "pay": _pay(letter),
        "come_by": show_day(letter.come_by),
        "answer_by": show_day(letter.answer_by),
    }
    for locale in LANGUAGES:
        with speaking(locale):
            fields[f"centre_{locale}"] = letter.centre[locale]
            fields[f"come_act_{locale}"] = name_act(letter.come_act)
            fields[f"answer_act_{locale}"] = name_act(letter.answer_act)
    return fields


def write(letter: Letter, form: str, folder: Path) -> bytes:
    """The letter as one of TYPES; `folder` may hold the office's own template."""
    return write_pdf(letter) if form == "pdf" else write_docx(letter, folder)


def write_pdf(letter: Letter) -> bytes:
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
    paper.title(both(N_("The employer's answer")), _title(fields))
    paper.fact(both(N_("Candidate")), fields["person"])
    for label in ANSWERS:
        paper.blank(both(label), box=True)
    paper.blank(both(SIGNATURE))
    return paper.write()


def write_docx(letter: Letter, folder: Path) -> bytes:
    """The letter from the template in `folder`, or else from the blank one."""
    return fill(fields_of(letter), folder / TEMPLATE, blank_template)


def fill(fields: dict[str, str], own: Path, blank: Callable[[], bytes]) -> bytes:
    """A template with its fields filled in: the office's own where it exists, else the blank one."""
    template = DocxTemplate(own if own.exists() else BytesIO(blank()))
    # Without escaping a name with & or < would damage the file; an own template is not ours to trust.
    template.render(fields, jinja_env=SandboxedEnvironment(autoescape=True), autoescape=True)
    return save(template.save)


def blank_template() -> bytes:
    """The template to start from: the sentences of the PDF with fields in place of values."""
    document = Document()
    document.add_paragraph(
        "{{ centre_kk }}\n{{ centre_ru }}\n{{ centre_address }} {{ centre_phone }}"
    )
    document.add_heading(_title({"number": "{{ number }}"}), 1)
    document.add_paragraph("{{ issued_on }}")
    facts = document.add_table(rows=0, cols=2)
    for label, name in FACTS:
        cells = facts.add_row().cells
        cells[0].text, cells[1].text = both(label), f"{{{{ {name} }}}}"
    for locale in LANGUAGES:
        for sentence in TERMS:
            document.add_paragraph(_say(sentence, locale, _Placeholders(locale)))
    document.add_paragraph("- " * 60)
    for locale in LANGUAGES:
        document.add_paragraph(_say(TEAR_OFF, locale, _Placeholders(locale)))
    document.add_heading(both(N_("The employer's answer")), 2)
    document.add_paragraph(_title({"number": "{{ number }}"}) + ": {{ person }}")
    for label in (*ANSWERS, SIGNATURE):
        document.add_paragraph(f"{both(label)} {'_' * 40}")
    return save(document.save)


class _Placeholders(dict[str, str]):
    """Answers each name with the field a template fills in its place."""

    def __init__(self, locale: str) -> None:
        super().__init__()
        self._locale = locale

    def __missing__(self, name: str) -> str:
        return f"{{{{ {name}_{self._locale} }}}}" if name.endswith("_act") else f"{{{{ {name} }}}}"


def _say(sentence: str, locale: str, fields: dict[str, str]) -> str:
    told = fields
    if not isinstance(fields, _Placeholders):
        told = fields | {name: fields[f"{name}_{locale}"] for name in ("come_act", "answer_act")}
    with speaking(locale):
        return gettext(sentence) % told


def both(message: str) -> str:
    said = []
    for locale in LANGUAGES:
        with speaking(locale):
            said.append(gettext(message))
    return join(*said)


def _title(fields: dict[str, str]) -> str:
    said = []
    for locale in LANGUAGES:
        with speaking(locale):
            said.append(gettext("Referral No. %(number)s") % {"number": fields["number"]})
    return join(*said)


def join(first: str, second: str) -> str:
    return first if first == second else f"{first} / {second}"


def after(text: str) -> str:
    return f", {text}" if text else ""


def contacts(fields: dict[str, str]) -> str:
    return ", ".join(text for text in (fields["centre_address"], fields["centre_phone"]) if text)


def show_day(value: object) -> str:
    with speaking("ru"):
        return day(value)  # type: ignore[arg-type]


def _pay(letter: Letter) -> str:
    with speaking("ru"):
        shown = [number(letter.pay_from)]
        if letter.pay_to > letter.pay_from:
            shown.append(number(letter.pay_to))
    return " – ".join(shown)


def save(save: Callable[[BytesIO], object]) -> bytes:
    content = BytesIO()
    save(content)
    return content.getvalue()
