"""The message catalogues under web/locale: extracted, updated and compiled without hand work.

After writing a sentence: `make messages`, then fill the empty `msgstr` in `kk` and `ru` (English may
stay empty: the message id is the English sentence). When two branches meet in a catalogue, keep both
sides and run `make messages` again: it sorts, drops what is no longer used and ends in one form only.
"""

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from web.i18n import DOMAIN, LOCALE_DIR, LOCALES

ROOT = Path(__file__).parent.parent
SOURCES = (("app", "*.py", "python"), ("web", "*.py", "python"), ("web", "*.html", "jinja2"))
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, "NN_": (1, 2), "NP_": ((1, "c"), 2)}


def path_of(locale: str) -> Path:
    return LOCALE_DIR / locale / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(locale: str) -> Catalog:
    path = path_of(locale)
    if not path.exists():
        return Catalog(locale=locale, domain=DOMAIN)
    with path.open("rb") as file:
        return read_po(file, locale=locale, domain=DOMAIN)


def extract() -> Catalog:
    """Every message in the sources, with the translators' comments that stand above it."""
    found = Catalog(domain=DOMAIN)
    for path, method in _sources():
        messages = extract_from_file(
            "jinja2.ext:babel_extract" if method == "jinja2" else method,
            path,
            keywords=KEYWORDS,
            comment_tags=["Translators:"],
            options={"silent": "false", "trimmed": "true", "encoding": "utf-8"},
            strip_comment_tags=False,
        )
        for _, message, comments, context in messages:
            found.add(message, auto_comments=comments, context=context)
    return found


def update() -> None:
    """Brings every catalogue in line with the sources; translations are kept, unused ones dropped."""
    template = extract()
    for locale in LOCALES:
        catalogue = read(locale)
        catalogue.update(template, no_fuzzy_matching=True)
        path_of(locale).parent.mkdir(parents=True, exist_ok=True)
        path_of(locale).write_bytes(_render(catalogue))


def compile_catalogues() -> None:
    """Writes each .mo that is missing or older than its .po."""
    for locale in LOCALES:
        source, target = path_of(locale), path_of(locale).with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            content = io.BytesIO()
            write_mo(content, read(locale))
            _replace(target, content.getvalue())


def _sources() -> Iterator[tuple[Path, str]]:
    for folder, pattern, method in SOURCES:
        for path in sorted((ROOT / folder).rglob(pattern)):
            yield path, method


def _render(catalogue: Catalog) -> bytes:
    # Without dates and line numbers two people's catalogues differ only where their sentences do.
    header = (
        "Content-Type: text/plain; charset=utf-8\\n",
        "Content-Transfer-Encoding: 8bit\\n",
        f"Language: {catalogue.locale_identifier}\\n",
        f"Plural-Forms: {catalogue.plural_forms}\\n",
    )
    body = io.BytesIO()
    write_po(
        body,
        catalogue,
        width=0,
        no_location=True,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
    )
    lines = "".join(f'"{line}"\n' for line in header)
    return f'msgid ""\nmsgstr ""\n{lines}\n'.encode() + body.getvalue().strip() + b"\n"


def _replace(target: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).replace(target)


if __name__ == "__main__":
    {"update": update, "compile": compile_catalogues}[sys.argv[1]]()
