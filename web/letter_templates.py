"""The letters' templates: handed out blank or as the office keeps them, and taken back checked.

A template names fields and does nothing else: whatever more Jinja could do is refused.
"""

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import Environment, TemplateSyntaxError, nodes

from quota.errors import Invalid, fault
from web import documents, seat_letters
from web.i18n import N_

MOST_BYTES, MOST_UNPACKED = 2 * 1024 * 1024, 40 * 1024 * 1024
_PLAIN = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name)


@dataclass(frozen=True, slots=True)
class Kind:
    """A letter with a template: `fields` are all it may name, `needed` those without which the paper
    would say nothing."""

    title: str
    file: str
    blank: Callable[[], bytes]
    fields: frozenset[str]
    needed: frozenset[str]


KINDS: Mapping[str, Kind] = {
    "referral": Kind(
        N_("Letter of a referral"),
        documents.LAYOUT.template,
        documents.LAYOUT.blank_template,
        frozenset(documents.LAYOUT.fields),
        frozenset({"number", "person", "employer", "vacancy", "come_by", "answer_by"}),
    ),
    "course": Kind(
        N_("Letter to a course"),
        seat_letters.LAYOUT.template,
        seat_letters.LAYOUT.blank_template,
        frozenset(seat_letters.LAYOUT.fields),
        frozenset({"number", "person", "provider", "course", "starts_on", "ends_on"}),
    ),
}


def check_template(content: bytes, kind: Kind) -> None:
    """Raises Invalid when the file is no such template: too large, damaged, naming a field that does not
    exist, lacking one that is needed, or doing more than naming fields."""
    named = _read_fields(content)
    faults = []
    if unknown := sorted(named - kind.fields):
        faults.append(fault("file", "unknown_fields", names=", ".join(unknown)[:200]))
    if missing := sorted(kind.needed - named):
        faults.append(fault("file", "fields_missing", names=", ".join(missing)))
    if faults:
        raise Invalid(*faults)


def keep_template(content: bytes, kind: Kind, folder: Path) -> None:
    """Puts a checked template in the place of the office's own, at once or not at all. Raises Invalid."""
    check_template(content, kind)
    waiting = folder / f"{kind.file}.new"
    waiting.write_bytes(content)
    waiting.replace(folder / kind.file)


def drop_template(kind: Kind, folder: Path) -> None:
    """Goes back to the blank one; the office's own is kept beside it under another name."""
    own = folder / kind.file
    if own.exists():
        own.replace(folder / f"{kind.file}.old")


def _read_fields(content: bytes) -> set[str]:
    if len(content) > MOST_BYTES:
        raise Invalid(fault("file", "too_large_file", most=MOST_BYTES))
    try:
        _check_parts(content)
        names = _Reader()
        DocxTemplate(BytesIO(content)).get_undeclared_template_variables(jinja_env=names)
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, TemplateSyntaxError):
        raise Invalid(fault("file", "damaged_template")) from None
    if names.does_more:
        raise Invalid(fault("file", "fields_only"))
    return names.named


def _check_parts(content: bytes) -> None:
    """Braces count in the text, headers and footers; elsewhere they would be filled in unseen."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        if sum(member.file_size for member in archive.infolist()) > MOST_UNPACKED:
            raise Invalid(fault("file", "too_large_file", most=MOST_BYTES))
        hidden = [n for n in archive.namelist() if n.startswith("docProps/") or "notes" in n]
        if any(b"{{" in archive.read(name) or b"{%" in archive.read(name) for name in hidden):
            raise Invalid(fault("file", "fields_only"))


class _Reader(Environment):
    """Notes what the text of a template names, and whether it does anything but name."""

    def __init__(self) -> None:
        super().__init__()
        self.named: set[str] = set()
        self.does_more = False

    def parse(self, source: str, *given: object, **more: object) -> nodes.Template:
        tree = super().parse(source, *given, **more)  # type: ignore[arg-type]
        for node in (tree, *tree.find_all(nodes.Node)):
            self.does_more |= not isinstance(node, _PLAIN)
            if isinstance(node, nodes.Name):
                self.named.add(node.name)
        return tree
