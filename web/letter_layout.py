"""Letters in Kazakh and Russian on one paper: as PDF, and as DOCX from the office's own template.

A letter is its `Layout`, said once, and the fields of one case. The template is a file of the layout's
name in the var folder, or else `blank_template()`, which says the same as the PDF; it names fields as
{{ person }}.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from docx import Document
from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment
from litestar import Response

from quota.errors import NotFound
from web.i18n import N_, day, gettext, speaking
from web.paper import Paper

LANGUAGES = ("kk", "ru")
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
SIGNATURE = N_("Signature, name, date:")
Fields = dict[str, str]


@dataclass(frozen=True, slots=True)
class Layout:
    """What a letter says around its fields. `facts` are (label, field); sentences name fields as
    `%(person)s`. Of the names in `spoken` there is a field for each language, such as `come_act_kk`."""

    template: str
    title: str
    facts: Sequence[tuple[str, str]]
    terms: Sequence[str]
    tear_off: str
    answer: str
    answers: Sequence[str]
    fields: Sequence[str]
    spoken: Sequence[str] = ()

    def write(self, fields: Fields, form: str, folder: Path) -> bytes:
        """The letter as one of TYPES; `folder` may hold the office's own template."""
        return self.write_pdf(fields) if form == "pdf" else self.write_docx(fields, folder)

    def write_pdf(self, fields: Fields) -> bytes:
        """The letter on one A4 page, its fonts embedded."""
        paper = Paper()
        paper.head([fields["centre_kk"], fields["centre_ru"]], _contacts(fields))
        paper.title(self._say_both(self.title, fields), fields["issued_on"])
        for label, name in self.facts:
            paper.fact(both(label), fields[name])
        for locale in LANGUAGES:
            for sentence in self.terms:
                paper.sentence(self._say(sentence, locale, fields))
        paper.tear(" / ".join(self._say(self.tear_off, locale, fields) for locale in LANGUAGES))
        paper.title(both(self.answer), self._say_both(self.title, fields))
        paper.fact(both(N_("Candidate")), fields["person"])
        for label in self.answers:
            paper.blank(both(label), box=True)
        paper.blank(both(SIGNATURE))
        return paper.write()

    def write_docx(self, fields: Fields, folder: Path) -> bytes:
        """The letter from the template in `folder`, or else from the blank one."""
        own = folder / self.template
        template = DocxTemplate(own if own.exists() else BytesIO(self.blank_template()))
        # Without escaping a name with & or < would damage the file; an own template is not ours to trust.
        template.render(fields, jinja_env=SandboxedEnvironment(autoescape=True), autoescape=True)
        return _save(template.save)

    def blank_template(self) -> bytes:
        """The template to start from: the sentences of the PDF with fields in place of values."""
        blank, document = _Blank(), Document()
        document.add_paragraph(
            "{{ centre_kk }}\n{{ centre_ru }}\n{{ centre_address }} {{ centre_phone }}"
        )
        document.add_heading(self._say_both(self.title, blank), 1)
        document.add_paragraph("{{ issued_on }}")
        facts = document.add_table(rows=0, cols=2)
        for label, name in self.facts:
            cells = facts.add_row().cells
            cells[0].text, cells[1].text = both(label), blank[name]
        for locale in LANGUAGES:
            for sentence in self.terms:
                document.add_paragraph(self._say(sentence, locale, blank))
        document.add_paragraph("- " * 60)
        for locale in LANGUAGES:
            document.add_paragraph(self._say(self.tear_off, locale, blank))
        document.add_heading(both(self.answer), 2)
        document.add_paragraph(self._say_both(self.title, blank) + ": {{ person }}")
        for label in (*self.answers, SIGNATURE):
            document.add_paragraph(f"{both(label)} {'_' * 40}")
        return _save(document.save)

    def _say(self, sentence: str, locale: str, fields: Fields) -> str:
        own = {name: fields[f"{name}_{locale}"] for name in self.spoken}
        with speaking(locale):
            return gettext(sentence) % type(fields)(fields | own)

    def _say_both(self, sentence: str, fields: Fields) -> str:
        return join(*(self._say(sentence, locale, fields) for locale in LANGUAGES))


class _Blank(Fields):
    """Fields; a name it does not hold is answered with the mark a template fills in its place."""

    def __missing__(self, name: str) -> str:
        return f"{{{{ {name} }}}}"


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


def both(message: str) -> str:
    """A sentence in both languages, once where they say the same."""
    said = []
    for locale in LANGUAGES:
        with speaking(locale):
            said.append(gettext(message))
    return join(*said)


def join(first: str, second: str) -> str:
    return first if first == second else f"{first} / {second}"


def show_day(value: object) -> str:
    with speaking("ru"):
        return day(value)  # type: ignore[arg-type]


def _contacts(fields: Fields) -> str:
    return ", ".join(text for text in (fields["centre_address"], fields["centre_phone"]) if text)


def _save(save: Callable[[BytesIO], object]) -> bytes:
    content = BytesIO()
    save(content)
    return content.getvalue()
