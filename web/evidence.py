"""Evidence: employers send papers, staff accept or return them, prosecutors of the territory read them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from matching import placement_rows, placements
from matching.placement_rows import PlacementRow
from quota import evidence, histories, rights
from quota.attachments import Upload
from quota.calendar import local_day
from quota.employers import Employer, find_employer
from quota.errors import Invalid, SenimError
from quota.evidence import Evidence, Kind, Paper
from quota.rights import Role
from quota.slots import Slot, find_slot
from web.asking import Field, Question, ask, offer
from web.forms import Form, Typed
from web.guards import WRITES, may
from web.i18n import gettext as _
from web.memoranda import folder_of
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page
from web.words import word

LISTS = {"waiting": ("sent",), "returned": ("returned",), "accepted": ("accepted",)}


@dataclass(frozen=True, slots=True)
class NewPaper:
    kind: Kind
    on: date
    about: str = field(default="", metadata={"most": 16})
    note: str = field(default="", metadata={"most": 500})


@dataclass(frozen=True, slots=True)
class Reason:
    reason: str = field(metadata={"most": 300})


class EvidencePages(Controller):
    path = "/evidence"

    @get(guards=[may("evidence.read")], sync_to_thread=True)
    def browse(self, request: Request, unit: Unit, asked: Typed) -> Answer:
        chosen = asked.value("state") if asked.value("state") in LISTS else "waiting"
        rows = evidence.list_evidence(unit.session, unit.actor, states=LISTS[chosen])
        lists = [(name, word("evidence_list", name)) for name in LISTS]
        return page(
            request,
            "evidence/list.html",
            block="list",
            rows=rows,
            asked=Form.blank(state=chosen),
            lists=lists,
            own=unit.actor.role is Role.EMPLOYER,
        )

    @get("/new", guards=[may("evidence.send")], sync_to_thread=True)
    def ask(self, request: Request, unit: Unit, asked: Typed) -> Answer:
        employer = _employer_of(unit, asked)
        form = Form.blank(about=asked.value("about"), on=local_day(unit.now))
        return ask(request, _question(unit, employer), form)

    @post("/new", guards=[may("evidence.send")], sync_to_thread=True)
    def send(self, request: Request, unit: Unit, asked: Typed, form: Typed) -> Answer:
        employer = _employer_of(unit, asked)
        try:
            sent = evidence.send_evidence(
                unit.session,
                unit.actor,
                employer,
                _read_paper(unit, employer, form),
                folder=folder_of(request),
                now=unit.now,
            )
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return ask(request, _question(unit, employer), form, status=422)
        flash(request, "evidence_sent")
        return go(request, f"/evidence/{sent.key}")

    @get("/{key:str}", guards=[may("evidence.read")], opt=WRITES, sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        return _show(request, unit, key, Form.blank())

    @post("/{key:str}", guards=[may("evidence.send")], sync_to_thread=True)
    def step(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        try:
            STEPS[form.choose("step", STEPS)](unit, key, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show(request, unit, key, form, status=422)
        flash(request, "step_done")
        return go(request, f"/evidence/{key}")

    @get("/{key:str}/file", guards=[may("evidence.read")], opt=WRITES, sync_to_thread=True)
    def download(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        name, media_type, content = evidence.read_content(
            unit.session, unit.actor, key, folder=folder_of(request), now=unit.now
        )
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
        }
        return Response(content, media_type=media_type, headers=headers)


def _accept(unit: UnitOfWork, key: str, _form: Form) -> None:
    evidence.accept_evidence(unit.session, unit.actor, key, now=unit.now)


def _send_back(unit: UnitOfWork, key: str, form: Form) -> None:
    reason = form.read(Reason).reason
    evidence.return_evidence(unit.session, unit.actor, key, reason=reason, now=unit.now)


def _undo(unit: UnitOfWork, key: str, _form: Form) -> None:
    evidence.undo_judgement(unit.session, unit.actor, key, now=unit.now)


def _withdraw(unit: UnitOfWork, key: str, _form: Form) -> None:
    evidence.withdraw_evidence(unit.session, unit.actor, key, now=unit.now)


STEPS: dict[str, Callable[[UnitOfWork, str, Form], None]] = {
    "accept": _accept,
    "send_back": _send_back,
    "undo": _undo,
    "withdraw": _withdraw,
}


def _employer_of(unit: UnitOfWork, asked: Form) -> Employer:
    """The reader's own employer, or for staff the one the address names."""
    if unit.actor.employer_id is not None:
        return unit.session.get_one(Employer, unit.actor.employer_id)
    return find_employer(unit.session, unit.actor, asked.value("employer"), right="evidence.send")


def _read_paper(unit: UnitOfWork, employer: Employer, form: Form) -> Paper:
    typed, content = form.read(NewPaper), form.file("file")
    about, slot = typed.about or None, None
    if about:
        form.choose("about", [row.key for row in _list_people(unit, employer)])
        slot = _slot_of(unit, about)
    return Paper(typed.kind, typed.on, Upload("", content), typed.note, slot, about)


def _slot_of(unit: UnitOfWork, about: str) -> Slot | None:
    placement = placements.find_placement(unit.session, unit.actor, about)
    return find_slot(unit.session, placement.slot_id) if placement.slot_id else None


def _list_people(unit: UnitOfWork, employer: Employer) -> list[PlacementRow]:
    return placement_rows.list_placements(
        unit.session,
        unit.actor,
        states=(*placement_rows.IN_WORK, "ended"),
        employer_id=employer.id,
        now=unit.now,
    )


def _tell(row: PlacementRow) -> str:
    closed = _("not disclosed") if row.withheld else _("erased")
    return f"{row.name or closed}, {row.title}"


def _question(unit: UnitOfWork, employer: Employer) -> Question:
    people = [(row.key, _tell(row)) for row in _list_people(unit, employer)]
    fields = (
        Field("kind", _("What it is"), "select", options=offer(Kind, "evidence_kind")),
        Field("on", _("Date of the paper"), "date"),
        Field("about", _("About whose work"), "select", options=people, optional=True),
        Field("note", _("Note"), "textarea", optional=True),
        Field("file", _("File"), "file", hint=_("PDF, JPEG or PNG, up to 8 MB.")),
    )
    lead = _("Read by the centre and the prosecutor's office, and by nobody else.")
    return Question(
        _("Send a paper"), _("Send"), fields, [("/evidence", _("Papers"))], lead, files=True
    )


def _show(request: Request, unit: UnitOfWork, key: str, form: Form, *, status: int = 200) -> Answer:
    session, actor = unit.session, unit.actor
    found = evidence.find_evidence(session, actor, key)
    steps = set(found.WORKFLOW.verbs(found.state)) if rights.has(actor, "evidence.send") else set()
    if not rights.has(actor, "evidence.judge"):
        steps &= {"withdraw"}
    return page(
        request,
        "evidence/show.html",
        paper=found,
        employer=session.get_one(Employer, found.employer_id),
        slot=session.get(Slot, found.slot_id or 0),
        person=_find_person(unit, found),
        steps=steps,
        own=actor.role is Role.EMPLOYER,
        events=histories.tell_record(session, found),
        form=form,
        status=status,
    )


def _find_person(unit: UnitOfWork, found: Evidence) -> PlacementRow | None:
    """Whom the paper is about, for those who may know."""
    if not found.about_key or not rights.has(unit.actor, "placements.read"):
        return None
    try:
        return placement_rows.show_placement(
            unit.session, unit.actor, found.about_key, now=unit.now
        )
    except SenimError:
        return None
