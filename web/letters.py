"""The letters an office sends: its templates, to take out, change in Word and bring back."""

from pathlib import Path

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from quota import journal
from quota.errors import Invalid, NotFound
from web.forms import Form, Typed
from web.guards import may
from web.letter_layout import hand_out
from web.letter_templates import KINDS, Kind, drop_template, keep_template
from web.site import Answer, Request, Unit, flash, go, page


class Letters(Controller):
    path = "/letters"
    guards = (may("references.edit"),)

    @get(sync_to_thread=True)
    def browse(self, request: Request) -> Answer:
        return _browse(request, Form.blank())

    @get("/{kind:str}/{file:str}", sync_to_thread=True)
    def take(self, request: Request, kind: FromPath[str], file: FromPath[str]) -> Response[bytes]:
        """The template as `blank.docx`, or the office's own as `own.docx`."""
        found, own = _find(kind), _folder(request) / _find(kind).file
        if file == "blank.docx":
            return hand_out(found.blank(), kind, "docx")
        if file != "own.docx" or not own.exists():
            raise NotFound("not_found")
        return hand_out(own.read_bytes(), kind, "docx")

    @post("/{kind:str}", sync_to_thread=True)
    def bring(self, request: Request, unit: Unit, kind: FromPath[str], form: Typed) -> Answer:
        found, step = _find(kind), form.value("step")
        try:
            if form.choose("step", ("keep", "drop")) == "keep":
                keep_template(form.file("file"), found, _folder(request))
            else:
                drop_template(found, _folder(request))
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _browse(request, form, chosen=kind)
        journal.note(unit.session, unit.actor, f"{step}_template", ("letters", kind), now=unit.now)
        flash(request, "saved")
        return go(request, "/letters")


def _browse(request: Request, form: Form, *, chosen: str = "") -> Answer:
    rows = [(name, kind, (_folder(request) / kind.file).exists()) for name, kind in KINDS.items()]
    status = 422 if form.faults else 200
    return page(request, "letters/list.html", status=status, rows=rows, form=form, chosen=chosen)


def _find(kind: str) -> Kind:
    if kind not in KINDS:
        raise NotFound("not_found")
    return KINDS[kind]


def _folder(request: Request) -> Path:
    folder: Path = request.app.state.settings.var_dir
    return folder
