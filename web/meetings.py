"""Meetings and calls with employers: whom to meet next, plan, record what came of it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from litestar import Controller, get, post
from litestar.params import FromPath

from quota import contacts, employers, histories, meetings, planner
from quota.employers import Employer
from quota.errors import Invalid, fault
from quota.meetings import Meeting, MeetingKind, Outcome, Result
from quota.states import MEETING
from web.asking import Field, Question, ask, offer
from web.forms import Form, Typed
from web.guards import may
from web.i18n import ALMATY
from web.i18n import gettext as _
from web.relations import steps_to
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page


@dataclass(frozen=True, slots=True)
class Plan:
    kind: MeetingKind
    day: date
    hour: str = field(default="10:00", metadata={"most": 5})
    contact: str = field(default="", metadata={"most": 16})
    outcome: Outcome | None = None
    note: str = ""
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class Came:
    outcome: Outcome
    note: str = ""
    next_on: date | None = None


class Meetings(Controller):
    path = "/meetings"
    guards = (may("meetings.edit"),)

    @get(sync_to_thread=True)
    def browse(self, request: Request, unit: Unit) -> Answer:
        due = planner.plan_next(unit.session, unit.actor, now=unit.now, limit=20)
        planned = meetings.list_planned(unit.session, unit.actor)
        return page(request, "meetings/list.html", due=due, planned=planned)

    @get("/{key:str}", sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        return _show(request, unit, key, Form.blank())

    @post("/{key:str}", sync_to_thread=True)
    def step(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        try:
            meeting = _take_step(unit, key, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show(request, unit, key, form, status=422)
        flash(request, "saved")
        return go(request, f"/employers/{_employer_of(unit, meeting).key}")


class NewMeeting(Controller):
    path = "/employers/{key:str}/meetings/new"
    guards = (may("meetings.edit"),)

    @get(sync_to_thread=True)
    def ask(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        employer = employers.find_employer(unit.session, unit.actor, key)
        today = unit.now.astimezone(ALMATY)
        form = Form.blank(kind="meeting", day=today.date(), hour=today.strftime("%H:00"))
        return ask(request, _question(unit, employer), form)

    @post(sync_to_thread=True)
    def plan(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        employer = employers.find_employer(unit.session, unit.actor, key)
        try:
            _plan_or_record(unit, employer, form.read(Plan))
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return ask(request, _question(unit, employer), form, status=422)
        flash(request, "saved")
        return go(request, f"/employers/{key}")


def _plan_or_record(unit: UnitOfWork, employer: Employer, plan: Plan) -> None:
    people = contacts.list_contacts(unit.session, unit.actor, employer)
    contact = next((c for c in people if c.key == plan.contact), None)
    meeting = meetings.plan_meeting(
        unit.session,
        unit.actor,
        employer,
        plan.kind,
        at=_moment(plan.day, plan.hour),
        contact=contact,
        now=unit.now,
    )
    if plan.outcome is not None:
        result = Result(plan.outcome, plan.note, plan.next_on)
        meetings.hold_meeting(unit.session, unit.actor, meeting.key, result, now=unit.now)


def _take_step(unit: UnitOfWork, key: str, form: Form) -> Meeting:
    session, actor, now = unit.session, unit.actor, unit.now
    step = form.choose("step", ("hold", "cancel", "undo"))
    if step == "hold":
        came = form.read(Came)
        result = Result(came.outcome, came.note, came.next_on)
        return meetings.hold_meeting(session, actor, key, result, now=now)
    verb = meetings.cancel_meeting if step == "cancel" else meetings.undo_meeting
    return verb(session, actor, key, reason=form.value("reason")[:300], now=now)


def _moment(day: date, hour: str) -> datetime:
    try:
        return datetime.combine(day, time.fromisoformat(hour), tzinfo=ALMATY)
    except ValueError:
        raise Invalid(fault("hour", "not_a_time")) from None


def _question(unit: UnitOfWork, employer: Employer) -> Question:
    people = contacts.list_contacts(unit.session, unit.actor, employer)
    known = [(c.key, c.name) for c in people if c.gone_at is None]
    fields = [
        Field("kind", _("Kind"), "select", options=offer(MeetingKind, "meeting_kind")),
        Field("day", _("Day"), "date"),
        Field("hour", _("Time"), "time"),
        Field("contact", _("With whom"), "select", options=known, optional=True),
        Field(
            "outcome",
            _("Outcome"),
            "select",
            options=offer(Outcome, "outcome"),
            optional=True,
            hint=_("Only when it has taken place; without an outcome it is planned."),
        ),
        Field("note", _("Note"), "textarea", optional=True),
        Field("next_on", _("Next meeting"), "date", optional=True),
    ]
    return Question(_("Plan or record a meeting"), _("Save"), fields, steps_to(employer))


def _employer_of(unit: UnitOfWork, meeting: Meeting) -> Employer:
    return unit.session.get_one(Employer, meeting.employer_id)


def _show(request: Request, unit: UnitOfWork, key: str, form: Form, *, status: int = 200) -> Answer:
    meeting = meetings.find_meeting(unit.session, unit.actor, key)
    employer = _employer_of(unit, meeting)
    return page(
        request,
        "meetings/show.html",
        meeting=meeting,
        employer=employer,
        steps=steps_to(employer),
        verbs=MEETING.verbs(meeting.state),
        outcomes=offer(Outcome, "outcome"),
        events=histories.tell_record(unit.session, meeting),
        form=form,
        status=status,
    )
