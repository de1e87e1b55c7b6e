"""Memoranda: the pledge with its lines, scan and places; signed, suspended, resumed, ended."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from quota import attachments, employers, histories, memoranda, pledges
from quota.aliases import classifier_of
from quota.attachments import Upload
from quota.employers import Basis, Employer
from quota.errors import Invalid
from quota.memoranda import Memorandum, Pledge
from quota.places import find_place
from quota.rights import has
from quota.states import MEMORANDUM
from web import charts
from web.asking import Field, Options, Question, ask
from web.forms import Form, Typed
from web.geography import oblast_of, read_place, suggest_places
from web.guards import may
from web.i18n import gettext as _
from web.relations import steps_to
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page
from web.words import word

RENEWAL = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Paper:
    number: str = field(metadata={"most": 60})
    signed_on: date
    pledged: int
    ends_on: date | None = None
    parties: str = field(default="", metadata={"most": 500})
    basis: str = field(default="", metadata={"most": 16})


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    title: str = field(default="", metadata={"most": 200})
    place: str = field(default="", metadata={"most": 200})


@dataclass(frozen=True, slots=True)
class Reason:
    reason: str = field(metadata={"most": 300})


class NewMemorandum(Controller):
    path = "/employers/{key:str}/memoranda/new"
    guards = (may("memoranda.edit"),)

    @get(sync_to_thread=True)
    def ask(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        employer = _find_employer(unit, key)
        return ask(request, _paper_question(unit, employer), Form.blank())

    @post(sync_to_thread=True)
    def add(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        employer = _find_employer(unit, key)
        try:
            fields = _read_paper(unit, employer, form)
            added = memoranda.add_memorandum(
                unit.session, unit.actor, employer, Memorandum(**fields), now=unit.now
            )
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return ask(request, _paper_question(unit, employer), form, status=422)
        flash(request, "memorandum_added")
        return go(request, f"/memoranda/{added.key}")


class Memoranda(Controller):
    path = "/memoranda"

    @get(guards=[may("memoranda.edit")], sync_to_thread=True)
    def browse(self, request: Request, unit: Unit) -> Answer:
        rows = memoranda.list_lapsing(unit.session, unit.actor, within=RENEWAL, now=unit.now)
        return page(request, "memoranda/list.html", rows=rows)

    @get("/{key:str}", guards=[may("memoranda.read")], sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        return _show(request, unit, key, Form.blank())

    @post("/{key:str}", guards=[may("memoranda.edit")], sync_to_thread=True)
    def step(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        try:
            STEPS[form.choose("step", STEPS)](request, unit, key, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show(request, unit, key, form, status=422)
        flash(request, "saved")
        return go(request, f"/memoranda/{key}")

    @get("/{key:str}/edit", guards=[may("memoranda.edit")], sync_to_thread=True)
    def ask_change(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        memorandum, employer = _find(unit, key)
        basis = unit.session.get(Basis, memorandum.basis_id or 0)
        known = {name: getattr(memorandum, name) for name in memoranda.EDITABLE}
        form = Form.blank(**known, basis=basis.key if basis else None)
        return ask(request, _paper_question(unit, employer, memorandum), form)

    @post("/{key:str}/edit", guards=[may("memoranda.edit")], sync_to_thread=True)
    def change(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        memorandum, employer = _find(unit, key)
        try:
            fields = _read_paper(unit, employer, form)
            pledges.amend(unit.session, unit.actor, memorandum, fields, now=unit.now)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            question = _paper_question(unit, employer, memorandum)
            return ask(request, question, form, status=422)
        flash(request, "saved")
        return go(request, f"/memoranda/{key}")

    @get("/{key:str}/files/{file:str}", guards=[may("memoranda.read")], sync_to_thread=True)
    def download(
        self, request: Request, unit: Unit, key: FromPath[str], file: FromPath[str]
    ) -> Answer:
        memorandum = memoranda.find_memorandum(unit.session, unit.actor, key)
        return send_file(request, attachments.find_attachment(unit.session, memorandum, file))


def folder_of(request: Request) -> Path:
    """Where attachments lie, outside the database."""
    folder: Path = request.app.state.settings.var_dir / "attachments"
    return folder


def send_file(request: Request, attachment: attachments.Attachment) -> Answer:
    """A stored file as a download under a name that says nothing. The caller has checked the right."""
    name = attachments.name_file(attachment)
    return Response(
        attachments.read_file(attachment, folder=folder_of(request)),
        media_type=attachment.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


def _sign(request: Request, unit: UnitOfWork, key: str, form: Form) -> None:
    pledges.sign(unit.session, unit.actor, key, now=unit.now)


def _with_reason(verb: Callable[..., Any]) -> Callable[[Request, UnitOfWork, str, Form], None]:
    def take(request: Request, unit: UnitOfWork, key: str, form: Form) -> None:
        reason = form.read(Reason).reason
        verb(unit.session, unit.actor, key, reason=reason, now=unit.now)

    return take


def _add_line(request: Request, unit: UnitOfWork, key: str, form: Form) -> None:
    memorandum, employer = _find(unit, key)
    line = form.read(Line)
    territory = oblast_of(employer.territory)
    kato = read_place(unit.session, "place", line.place, territory) if line.place else None
    pledge = Pledge(
        number=line.number, title=line.title, kato=kato, isco08=_guess(unit, line.title)
    )
    memoranda.add_pledge(unit.session, unit.actor, memorandum, pledge, now=unit.now)


def _remove_line(request: Request, unit: UnitOfWork, key: str, form: Form) -> None:
    memorandum, _employer = _find(unit, key)
    line = form.value("line")
    memoranda.remove_pledge(unit.session, unit.actor, memorandum, line, now=unit.now)


def _attach(request: Request, unit: UnitOfWork, key: str, form: Form) -> None:
    memorandum, _employer = _find(unit, key)
    upload = Upload(form.value("title"), form.file("file"))
    attachments.attach(
        unit.session, unit.actor, memorandum, upload, folder=folder_of(request), now=unit.now
    )


def _detach(request: Request, unit: UnitOfWork, key: str, form: Form) -> None:
    memorandum, _employer = _find(unit, key)
    reason = form.read(Reason).reason
    attachments.detach(
        unit.session, unit.actor, memorandum, form.value("attached"), reason=reason, now=unit.now
    )


STEPS: dict[str, Callable[[Request, UnitOfWork, str, Form], None]] = {
    "sign": _sign,
    "suspend": _with_reason(pledges.suspend),
    "resume": _with_reason(pledges.resume),
    "end": _with_reason(pledges.end),
    "undo_end": _with_reason(pledges.undo_end),
    "discard": _with_reason(pledges.discard),
    "add_line": _add_line,
    "remove_line": _remove_line,
    "attach": _attach,
    "detach": _detach,
}


def _guess(unit: UnitOfWork, title: str) -> str | None:
    """The profession of a pledge's title when it is beyond doubt; a vacancy has it confirmed later."""
    classifier = classifier_of(unit.session, unit.actor.centre_id)
    found = classifier.resolve(title) if title else None
    return found.hits[0].isco08 if found and found.sure else None


def _find_employer(unit: UnitOfWork, key: str) -> Employer:
    return employers.find_employer(unit.session, unit.actor, key, right="memoranda.edit")


def _find(unit: UnitOfWork, key: str) -> tuple[Memorandum, Employer]:
    memorandum = memoranda.find_memorandum(unit.session, unit.actor, key, right="memoranda.edit")
    return memorandum, unit.session.get_one(Employer, memorandum.employer_id)


def _read_paper(unit: UnitOfWork, employer: Employer, form: Form) -> dict[str, Any]:
    fields = asdict(form.read(Paper))
    chosen = fields.pop("basis")
    bases = {basis.key: basis.id for basis in employers.list_bases(unit.session, employer)}
    if chosen:
        form.choose("basis", bases)
    return {**fields, "basis_id": bases.get(chosen)}


def _offer_bases(unit: UnitOfWork, employer: Employer) -> Options:
    bases = employers.list_bases(unit.session, employer)
    return [(b.key, f"{word('basis', b.kind)} {b.number}".strip()) for b in bases]


def _paper_question(
    unit: UnitOfWork, employer: Employer, memorandum: Memorandum | None = None
) -> Question:
    offered = _offer_bases(unit, employer)
    fields = (
        Field("number", _("Number")),
        Field("signed_on", _("Signed on"), "date"),
        Field("ends_on", _("Ends on"), "date", optional=True),
        Field("pledged", _("Places pledged"), "number"),
        Field("parties", _("Parties"), hint=_("Who signed with whom."), optional=True),
        Field("basis", _("Basis"), "select", options=offered, optional=True),
    )
    title = _("Change the memorandum") if memorandum else _("New memorandum")
    return Question(title, _("Save"), fields, steps_to(employer))


def _show(request: Request, unit: UnitOfWork, key: str, form: Form, *, status: int = 200) -> Answer:
    session = unit.session
    memorandum = memoranda.find_memorandum(session, unit.actor, key)
    employer = session.get_one(Employer, memorandum.employer_id)
    slots = pledges.list_pledged_slots(session, memorandum)
    lines = memoranda.list_pledges(session, memorandum)
    may_edit = has(unit.actor, "memoranda.edit")
    return page(
        request,
        "memoranda/show.html",
        memorandum=memorandum,
        employer=employer,
        basis=session.get(Basis, memorandum.basis_id or 0),
        lines=[(line, find_place(session, line.kato) if line.kato else None) for line in lines],
        named=sum(line.number for line in lines),
        cells=charts.slot_strip(slots, plain=not has(unit.actor, "meetings.read")),
        files=attachments.list_attachments(session, memorandum),
        places=suggest_places(session, oblast_of(employer.territory)) if may_edit else [],
        verbs=MEMORANDUM.verbs(memorandum.state),
        events=histories.tell_record(session, memorandum),
        steps=steps_to(employer),
        may_edit=may_edit,
        form=form,
        status=status,
    )
