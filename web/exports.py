"""Exports: each list as a table to keep; people's names only on a stated purpose."""

from collections.abc import Callable
from dataclasses import dataclass, field

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from matching.exports import MOST_PURPOSE, NOUNS, export_candidates
from quota.errors import Invalid, NotFound
from quota.exports import Lines
from quota.sheets import XLSX, write_csv, write_xlsx
from web.forms import Form, Typed
from web.guards import WRITES, may, signed_in
from web.i18n import get_locale
from web.site import Answer, Request, Unit, page

FORMS: dict[str, tuple[str, Callable[[str, Lines], bytes]]] = {
    "xlsx": (XLSX, lambda title, lines: write_xlsx({title: lines})),
    "csv": ("text/csv; charset=utf-8", lambda title, lines: write_csv(lines)),
}


@dataclass(frozen=True, slots=True)
class Purpose:
    purpose: str = field(metadata={"most": MOST_PURPOSE})


class Exports(Controller):
    path = "/exports"

    @get("/candidates/named", guards=[may("candidates.read")], sync_to_thread=True)
    def ask(self, request: Request) -> Answer:
        return page(request, "exports/named.html", form=Form.blank())

    @post("/candidates/named", guards=[may("candidates.read")], sync_to_thread=True)
    def name(self, request: Request, unit: Unit, form: Typed) -> Answer:
        try:
            wanted = form.choose("form", FORMS)
            purpose = form.read(Purpose).purpose
            lines = export_candidates(
                unit.session, unit.actor, locale=get_locale(), now=unit.now, purpose=purpose
            )
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return page(request, "exports/named.html", form=form, status=422)
        return send(lines, "candidates", wanted)

    # Which role may take what, its noun decides: each verb asks for the right to read it.
    @get("/{noun:str}", guards=[signed_in], opt=WRITES, sync_to_thread=True)
    def take(self, unit: Unit, noun: FromPath[str], asked: Typed) -> Response[bytes]:
        if noun not in NOUNS:
            raise NotFound("not_found")
        wanted = asked.choose("form", FORMS) if asked.value("form") else "xlsx"
        options = {"employer": asked.value("employer")} if noun == "vacancies-exchange" else {}
        verb = NOUNS[noun]
        lines = verb(unit.session, unit.actor, locale=get_locale(), now=unit.now, **options)
        return send(lines, noun, wanted)


def send(lines: Lines, name: str, form: str) -> Response[bytes]:
    """The table as a file to keep."""
    media_type, write = FORMS[form]
    headers = {"Content-Disposition": f'attachment; filename="senim-{name}.{form}"'}
    return Response(write(name, lines), media_type=media_type, status_code=200, headers=headers)
