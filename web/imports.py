"""Imports: a table somebody keeps is first checked row by row, then the same file is entered.

No file is kept: the page holds on to it (htmx swaps the report alone), or it is chosen again; that it is
the one that was checked, its digest tells.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from matching.imports.nouns import NOUNS
from quota.columns import Column
from quota.errors import Fault, Invalid, NotFound, fault
from quota.imports.report import Report, Status
from quota.mappings import apply_mapping, find_foreign, read_mapping, recall, remember
from quota.rights import has
from quota.sheets import XLSX, Limits, Sheet, read_sheet
from quota.spelling import normalise
from web.blanks import make_blank
from web.forms import Form, Typed
from web.guards import may, reader_of
from web.i18n import get_locale
from web.navigation import is_served
from web.sentences import say
from web.site import Answer, Request, Unit, UnitOfWork, page
from web.words import word

# What a request can enter while somebody waits; the command line takes more.
LIMITS = Limits(rows=5_000, file_bytes=10 * 1024 * 1024)
SHOWN_FIRST = (Status.REFUSED, Status.CREATED, Status.CHANGED, Status.UNCHANGED)


@dataclass(frozen=True, slots=True)
class Upload:
    """`checked` is the mark of the table that was checked last."""

    accept_sure: bool = False
    checked: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """An uploaded table. `foreign` are its headers that are not ours, `mapping` what they mean, `mark`
    the digest of the file and the mapping."""

    noun: str
    sheet: Sheet
    foreign: tuple[str, ...]
    mapping: Mapping[str, str]
    mark: str


@dataclass(frozen=True, slots=True)
class Told:
    """A row of the report in words; `href` leads to the record if it has a page."""

    row: int
    status: str
    href: str
    sentences: tuple[str, ...]


class Imports(Controller):
    path = "/imports"
    guards = (may("imports.run", "restrictions.edit"),)

    @get(sync_to_thread=True)
    def ask(self, request: Request, asked: Typed) -> Answer:
        noun = asked.value("noun")
        return _show(request, Form.blank(noun=noun if noun in _offered(request) else None))

    @post(sync_to_thread=True)
    def run(self, request: Request, unit: Unit, form: Typed) -> Answer:
        table = None
        try:
            enters = form.choose("step", ("check", "enter")) == "enter"
            table = _read(unit, form, _offered(request))
            report = _run(unit, form, table, enters=enters)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show(request, form, table=table, status=422)
        return _show(request, form, table=table, report=report, checked=not enters)

    @get("/blank/{noun:str}", sync_to_thread=True)
    def blank(self, request: Request, noun: FromPath[str]) -> Response[bytes]:
        if noun not in _offered(request):
            raise NotFound("not_found")
        headers = {"Content-Disposition": f'attachment; filename="senim-{noun}.xlsx"'}
        return Response(make_blank(noun, get_locale()), media_type=XLSX, headers=headers)


def _offered(request: Request) -> list[str]:
    """The nouns whose tables the reader may bring."""
    reader = reader_of(request)
    return [n for n, importer in NOUNS.items() if reader and has(reader.actor, importer.right)]


def _read(unit: UnitOfWork, form: Form, offered: Sequence[str]) -> Table:
    """The uploaded table under our columns, by what is remembered and what was chosen on the page.

    Raises Invalid.
    """
    noun = form.choose("noun", offered)
    columns = NOUNS[noun].columns
    content = form.file("file")
    sheet = read_sheet(content, limits=LIMITS)
    known = recall(unit.session, unit.actor.centre_id or 0, noun)
    foreign = find_foreign(sheet.headers, columns, known)
    # A browser sends a header and the choice beside it in the order of the page.
    typed = zip(form.values("map_header"), form.values("map_code"), strict=False)
    chosen = read_mapping([pair for pair in typed if pair[0] in foreign], columns)
    mapping = known | chosen
    named = repr((noun, sorted(mapping.items()))).encode()
    mark = hashlib.sha256(named + content).hexdigest()
    return Table(noun, apply_mapping(sheet, mapping, columns), foreign, mapping, mark)


def _run(unit: UnitOfWork, form: Form, table: Table, *, enters: bool) -> Report:
    """The report; entered rows keep the mapping too. Raises Invalid, also for another file than the one
    checked."""
    asked = form.read(Upload)
    if enters and asked.checked != table.mark:
        raise Invalid(fault("file", "check_first"))
    noun, centre_id = NOUNS[table.noun], unit.actor.centre_id or 0
    options = {"accept_sure": asked.accept_sure} if noun.resolves else {}
    given = {"centre_id": centre_id, "now": unit.now, "dry_run": not enters, **options}
    report = noun.bring(unit.session, unit.actor, table.sheet, **given)
    if enters and noun.of_a_centre:
        kept = {"noun": table.noun, "centre_id": centre_id, "now": unit.now}
        remember(unit.session, unit.actor, table.mapping, **kept)
    return report


def _show(
    request: Request,
    form: Form,
    *,
    table: Table | None = None,
    report: Report | None = None,
    checked: bool = False,
    status: int = 200,
) -> Answer:
    offered = _offered(request)
    mark = table.mark if table and checked else ""
    context: dict[str, Any] = {
        "kinds": [(noun, word("import_noun", noun)) for noun in offered],
        "resolves": any(NOUNS[noun].resolves for noun in offered),
        "report": report,
        "rows": _tell(request, report) if report else (),
        "mark": mark,
        "enterable": bool(mark and report and _enterable(report)),
        "foreign": [(h, table.mapping.get(normalise(h), "")) for h in table.foreign]
        if table
        else (),
        "columns": [(c.code, _name(c)) for c in NOUNS[table.noun].columns] if table else (),
    }
    return page(request, "imports/show.html", block="report", form=form, status=status, **context)


def _enterable(report: Report) -> int:
    return report.counts[Status.CREATED] + report.counts[Status.CHANGED]


def _tell(request: Request, report: Report) -> list[Told]:
    """Refused rows first, then in the order of the file."""
    names = {column.code: _name(column) for column in NOUNS[report.noun].columns}
    path = f"/{report.noun}"
    paged = is_served(request.app, path)
    ordered = sorted(report.outcomes, key=lambda one: (SHOWN_FIRST.index(one.status), one.row))
    return [
        Told(
            one.row,
            one.status.value,
            f"{path}/{one.key}" if one.key and paged else "",
            tuple(_say(told, names) for told in (*one.faults, *one.notices)),
        )
        for one in ordered
    ]


def _say(told: Fault, names: dict[str, str]) -> str:
    sentence = say(told.code, told.params)
    return f"{names[told.field]}: {sentence}" if told.field in names else sentence


def _name(column: Column) -> str:
    return column.name(get_locale())
