"""Candidates: the caseload, and one page a person."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from litestar import Controller, get, post
from litestar.params import FromPath

from matching import candidates, cards, caseload, code_messages, codes, lookups, readiness, tasks
from matching.candidates import Readiness, Status
from matching.caseload import MARKS, Filter
from matching.codes import Purpose
from matching.identities import Person
from quota import rights
from quota.errors import Invalid, WrongState, fault
from quota.places import list_districts
from quota.rights import Role
from web.forms import Form, Typed
from web.guards import WRITES, may
from web.i18n import get_locale
from web.paging import turn_pages
from web.people import say_all, say_effect, say_hours, say_priority
from web.questionnaire import name_of
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page
from web.slips import show_slip
from web.words import known_word, word


@dataclass(frozen=True, slots=True)
class Registration:
    family_name: str = field(metadata={"most": 100})
    given_name: str = field(metadata={"most": 100})
    kato: str
    status: Status
    patronymic: str = field(default="", metadata={"most": 100})
    iin: str = field(default="", metadata={"most": 12})
    phone: str = field(default="", metadata={"most": 40})
    number: str = field(default="", metadata={"most": 40})
    status_since: date | None = None
    released_on: date | None = None
    earliest_start: date | None = None
    language: str = "kk"


@dataclass(frozen=True, slots=True)
class Words:
    text: str = field(metadata={"most": 2000})


@dataclass(frozen=True, slots=True)
class Job:
    text: str = field(metadata={"most": 2000})
    due_on: date


@dataclass(frozen=True, slots=True)
class NewStatus:
    status: Status
    status_since: date
    released_on: date | None = None
    earliest_start: date | None = None


@dataclass(frozen=True, slots=True)
class NewReadiness:
    readiness: Readiness
    reason: str = field(default="", metadata={"most": 40})


class Candidates(Controller):
    path = "/candidates"

    @get(guards=[may("candidates.browse")], sync_to_thread=True)
    def browse(self, request: Request, unit: Unit, asked: Typed) -> Answer:
        wanted = asked.read(Filter)
        total = caseload.count(unit.session, unit.actor, wanted, now=unit.now)
        paging = turn_pages(request, asked, total, size=caseload.PAGE)
        rows = caseload.browse(unit.session, unit.actor, wanted, now=unit.now, offset=paging.offset)
        # The figures stand where the list opens: counting them takes longer than a page of it.
        opens = wanted == Filter() and not paging.offset
        marks = _count_marks(unit) if opens else ()
        return _list(request, unit, rows=rows, total=total, paging=paging, asked=asked, marks=marks)

    @post("/search", guards=[may("candidates.browse")], sync_to_thread=True, status_code=200)
    def search(self, request: Request, unit: Unit, form: Typed) -> Answer:
        try:
            rows = caseload.search(unit.session, unit.actor, form.value("query"))
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _list(request, unit, rows=[], total=0, sought=form, status=422)
        return _list(request, unit, rows=rows, total=len(rows), sought=form)

    @post("/by-number", guards=[may("restrictions.edit")], sync_to_thread=True, status_code=200)
    def open_by_number(self, request: Request, unit: Unit, form: Typed) -> Answer:
        """Leads to the restrictions of one who stands in no list of probation's."""
        found = lookups.look_up(unit.session, unit.actor, form.value("iin"), now=unit.now)
        if found.candidate is None:
            return _say_nobody(request, unit, form, found.wait_seconds)
        return go(request, f"/candidates/{found.candidate.key}/restrictions")

    @get("/new", guards=[may("candidates.edit")], sync_to_thread=True)
    def ask(self, request: Request, unit: Unit) -> Answer:
        return _ask(request, unit, Form.blank(language=get_locale()))

    @post("/new", guards=[may("candidates.edit")], sync_to_thread=True)
    def add(self, request: Request, unit: Unit, form: Typed) -> Answer:
        try:
            key = _register(unit, form.read(Registration))
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _ask(request, unit, form, status=422)
        flash(request, "candidate_added")
        return go(request, f"/candidates/{key}")

    @get("/{key:str}", guards=[may("candidates.read")], opt=WRITES, sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        return _show(request, unit, key, Form.blank())

    @post("/{key:str}", guards=[may("candidates.read")], sync_to_thread=True)
    def change(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        """One page, several forms: the button says which step is meant."""
        try:
            said = STEPS[form.choose("step", STEPS)](unit, key, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show(request, unit, key, form, status=422)
        flash(request, said)
        return go(request, f"/candidates/{key}")

    @post("/{key:str}/slip", guards=[may("codes.issue")], sync_to_thread=True, status_code=200)
    def issue(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        purpose = Purpose(form.choose("purpose", tuple(Purpose)))
        issued = codes.issue_code(unit.session, unit.actor, key, purpose, now=unit.now)
        return show_slip(request, key, issued)

    @post("/{key:str}/sms", guards=[may("codes.issue")], sync_to_thread=True)
    def send(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        purpose = Purpose(form.choose("purpose", tuple(Purpose)))
        if not request.app.state.settings.sms_url:
            raise WrongState("no_gateway", noun="code")
        code_messages.ask(unit.session, unit.actor, key, purpose, now=unit.now)
        flash(request, "code_on_its_way")
        return go(request, f"/candidates/{key}")


def _register(unit: UnitOfWork, asked: Registration) -> str:
    given = asdict(asked)
    person = Person(
        **{name: given.pop(name) for name in ("family_name", "given_name", "patronymic")},
        iin=given.pop("iin") or None,
        phone=given.pop("phone") or None,
    )
    centre_id = unit.actor.centre_id or 0
    return candidates.add_candidate(
        unit.session, unit.actor, person, given, centre_id=centre_id, now=unit.now
    ).key


def _note(unit: UnitOfWork, key: str, form: Form) -> str:
    tasks.add_note(unit.session, unit.actor, key, form.read(Words).text, now=unit.now)
    return "note_kept"


def _task(unit: UnitOfWork, key: str, form: Form) -> str:
    job = form.read(Job)
    tasks.add_task(unit.session, unit.actor, key, job.text, due_on=job.due_on, now=unit.now)
    return "task_kept"


def _finish(unit: UnitOfWork, key: str, form: Form) -> str:
    tasks.finish_task(unit.session, unit.actor, form.value("task"), now=unit.now)
    return "task_finished"


def _reopen(unit: UnitOfWork, key: str, form: Form) -> str:
    tasks.reopen_task(unit.session, unit.actor, form.value("task"), now=unit.now)
    return "task_reopened"


def _revoke(unit: UnitOfWork, key: str, form: Form) -> str:
    purpose = Purpose(form.choose("purpose", tuple(Purpose)))
    codes.revoke_codes(unit.session, unit.actor, key, purpose, now=unit.now)
    return "code_ended"


def _set_status(unit: UnitOfWork, key: str, form: Form) -> str:
    fields = asdict(form.read(NewStatus))
    if fields["released_on"] is None:  # a new status says nothing of the day
        del fields["released_on"]
    candidates.change_candidate(unit.session, unit.actor, key, fields, now=unit.now)
    return "candidate_changed"


def _set_readiness(unit: UnitOfWork, key: str, form: Form) -> str:
    asked = form.read(NewReadiness)
    readiness.change_readiness(
        unit.session, unit.actor, key, asked.readiness, reason=asked.reason, now=unit.now
    )
    return "candidate_changed"


STEPS: dict[str, Callable[[UnitOfWork, str, Form], str]] = {
    "note": _note,
    "task": _task,
    "finish": _finish,
    "reopen": _reopen,
    "revoke": _revoke,
    "status": _set_status,
    "readiness": _set_readiness,
}


def _count_marks(unit: UnitOfWork) -> list[tuple[int, str, str]]:
    """How many people have each mark, for whoever may read more of them than their names."""
    if not rights.has(unit.actor, "candidates.read"):
        return []
    counts = caseload.count_marks(unit.session, unit.actor, now=unit.now)
    return [(counts[m], word("caseload_mark", m), f"/candidates?mark={m}") for m in counts]


def _list(request: Request, unit: UnitOfWork, *, status: int = 200, **context: Any) -> Answer:
    surveyor = not rights.has(unit.actor, "candidates.read")
    offered: dict[str, Any] = {
        "asked": Form.blank(),
        "sought": Form.blank(),
        "numbered": Form.blank(),
        "paging": None,
        "marks": (),
        "mark_options": [(m, word("caseload_mark", m)) for m in MARKS],
        "statuses": [(s.value, word("status", s)) for s in Status],
        "readinesses": [(r.value, word("readiness", r)) for r in Readiness],
        "surveyor": surveyor,
        "may_survey": rights.has(unit.actor, "surveys.take"),
        "may_restrict": unit.actor.role is Role.PROBATION,
        "may_add": unit.actor.role is Role.STAFF,
    }
    return page(request, "candidates/list.html", block="rows", status=status, **offered | context)


def _say_nobody(request: Request, unit: UnitOfWork, form: Form, wait_seconds: int) -> Answer:
    # The miss is kept, so this is an answer and not a raised refusal.
    if not wait_seconds:
        form.faults = (fault("iin", "nobody_with_number"),)
        return _list(request, unit, rows=[], total=0, numbered=form, status=422)
    form.faults = (fault("iin", "wait", seconds=wait_seconds),)
    answer = _list(request, unit, rows=[], total=0, numbered=form, status=429)
    answer.set_header("Retry-After", str(wait_seconds))
    return answer


def _ask(request: Request, unit: UnitOfWork, form: Form, *, status: int = 200) -> Answer:
    districts = list_districts(unit.session, unit.actor.territory or "/")
    return page(
        request,
        "candidates/new.html",
        form=form,
        status=status,
        places=[(p.kato, p.names[get_locale()]) for p in districts],
        statuses=[(s.value, word("status", s)) for s in Status],
    )


def _show(request: Request, unit: UnitOfWork, key: str, form: Form, *, status: int = 200) -> Answer:
    card = cards.see_candidate(unit.session, unit.actor, key, now=unit.now)
    c = card.candidate
    return page(
        request,
        "candidates/show.html",
        status=status,
        form=form,
        card=card,
        c=c,
        name=card.person.full_name if card.person else "",
        choices=[(ch.title, name_of(ch.isco08), ch.years) for ch in card.choices],
        retraining=name_of(c.retraining_isco08),
        effects=[say_effect(effect, card.barred) for effect in card.effects],
        priorities=[say_priority(priority) for priority in card.priorities],
        hours=say_hours(c.hours),
        avoids=say_all("condition", c.avoids),
        licences=", ".join(known_word("licence", code) for code in c.licences),
        cares=say_all("care", c.cares),
        needs=say_all("need", c.needs),
        statuses=[(s.value, word("status", s)) for s in Status],
        readinesses=[(r.value, word("readiness", r)) for r in Readiness],
        reasons=[(code, word("survey_refusal", code)) for code in readiness.list_reasons()],
        staff=unit.actor.role is Role.STAFF,
        by_sms=bool(request.app.state.settings.sms_url and card.person and card.person.phone),
    )
