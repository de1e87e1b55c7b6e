"""Inspections: campaigns of the prosecutor, the drawn employers' evidence, and the open page of a draw."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from matching import inspected
from matching.inspected import Job
from quota import attachments, cases, histories, inspections
from quota.attachments import Upload
from quota.calendar import local_day
from quota.cases import DOUBTS, MEASURES, READING, WAITING, Case, Inspection
from quota.employers import Employer
from quota.errors import Invalid
from quota.inspection_rows import list_inspections
from quota.inspections import Campaign, NewCampaign
from quota.rights import has
from quota.states import CAMPAIGN
from web.asking import Field, Question, ask, offer
from web.forms import Form, Typed
from web.guards import PUBLIC, may
from web.i18n import gettext
from web.memoranda import folder_of, send_file
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page
from web.strata import say_stratum

CAMPAIGN_STEPS = ("draw", "cancel", "undo_cancel", "close", "reopen")


@dataclass(frozen=True, slots=True)
class Plan:
    title: str = field(metadata={"most": 200})
    since: date
    until: date
    size: int
    cases_each: int


@dataclass(frozen=True, slots=True)
class CampaignStep:
    seed: str = field(default="", metadata={"most": 80})
    reason: str = field(default="", metadata={"most": 300})


@dataclass(frozen=True, slots=True)
class Said:
    """Whatever a step of an inspection reads; each step its own fields."""

    note: str = field(default="", metadata={"most": cases.NOTE_LENGTH})
    title: str = field(default="", metadata={"most": 200})
    attached: str = field(default="", metadata={"most": 16})
    case: str = field(default="", metadata={"most": 16})
    doubt: str = field(default="", metadata={"most": 40})
    measure: str = field(default="", metadata={"most": 40})
    purpose: str = field(default="", metadata={"most": 300})
    reason: str = field(default="", metadata={"most": 300})


class Campaigns(Controller):
    path = "/inspections/campaigns"
    guards = (may("inspections.run"),)

    @get("/new", sync_to_thread=True)
    def ask(self, request: Request, unit: Unit) -> Answer:
        today = local_day(unit.now)
        since = today - timedelta(days=90)
        form = Form.blank(since=since, until=today, size=10, cases_each=3)
        return ask(request, _plan_question(), form)

    @post("/new", sync_to_thread=True)
    def add(self, request: Request, unit: Unit, form: Typed) -> Answer:
        try:
            plan = form.read(Plan)
            new = NewCampaign(plan.title, plan.since, plan.until, plan.size, plan.cases_each)
            campaign = inspections.add_campaign(unit.session, unit.actor, new, now=unit.now)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return ask(request, _plan_question(), form, status=422)
        flash(request, "campaign_added")
        return go(request, f"/inspections/campaigns/{campaign.key}")

    @get("/{key:str}", sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        return _show_campaign(request, unit, key, Form.blank())

    @post("/{key:str}", sync_to_thread=True)
    def step(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        session, actor, now = unit.session, unit.actor, unit.now
        try:
            step = form.choose("step", CAMPAIGN_STEPS)
            asked = form.read(CampaignStep)
            if step == "draw":
                cases.start_campaign(session, actor, key, seed=asked.seed, now=now)
            else:
                inspections.step_campaign(session, actor, key, step, reason=asked.reason, now=now)
        except Invalid as refusal:
            form.refuse(session, refusal)
            return _show_campaign(request, unit, key, form, status=422)
        flash(request, "saved")
        return go(request, f"/inspections/campaigns/{key}")


class Inspections(Controller):
    path = "/inspections"

    @get(guards=[may("inspections.read")], sync_to_thread=True)
    def browse(self, request: Request, unit: Unit) -> Answer:
        may_run = has(unit.actor, "inspections.run")
        return page(
            request,
            "inspections/list.html",
            rows=list_inspections(unit.session, unit.actor, now=unit.now),
            campaigns=inspections.list_campaigns(unit.session, unit.actor) if may_run else [],
            may_run=may_run,
        )

    @get("/{key:str}", guards=[may("inspections.read")], sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        return _show(request, unit, key, Form.blank())

    @post("/{key:str}", guards=[may("inspections.evidence")], sync_to_thread=True)
    def step(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        try:
            step = form.choose("step", (*STEPS, "reveal"))
            said = form.read(Said)
            if step == "reveal":
                return _reveal(request, unit, key, said)
            STEPS[step](request, unit, key, said, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show(request, unit, key, form, status=422)
        flash(request, "saved")
        return go(request, f"/inspections/{key}")

    @get("/{key:str}/files/{file:str}", guards=[may("inspections.evidence")], sync_to_thread=True)
    def download(
        self, request: Request, unit: Unit, key: FromPath[str], file: FromPath[str]
    ) -> Answer:
        right = "inspections.evidence"
        inspection = cases.find_inspection(unit.session, unit.actor, key, right=right)
        return send_file(request, attachments.find_attachment(unit.session, inspection, file))


class Draws(Controller):
    """Open to all: what is needed to draw a sample again, under opaque keys."""

    path = "/draws"
    opt = PUBLIC

    @get("/{code:str}", sync_to_thread=True)
    def show(self, request: Request, unit: Unit, code: FromPath[str]) -> Answer:
        told = inspections.find_publication(unit.session, code)
        return page(request, "inspections/draw.html", told=told, code=code)

    @get("/{code:str}/frame.csv", sync_to_thread=True)
    def download(self, unit: Unit, code: FromPath[str]) -> Answer:
        told = inspections.find_publication(unit.session, code)
        headers = {"Content-Disposition": 'attachment; filename="frame.csv"'}
        return Response(told.frame, media_type="text/csv; charset=utf-8", headers=headers)


def _submit(request: Request, unit: UnitOfWork, key: str, said: Said, form: Form) -> None:
    cases.submit(unit.session, unit.actor, key, note=said.note, now=unit.now)


def _attach(request: Request, unit: UnitOfWork, key: str, said: Said, form: Form) -> None:
    upload = Upload(said.title, form.file("file"))
    folder = folder_of(request)
    cases.attach_evidence(unit.session, unit.actor, key, upload, folder=folder, now=unit.now)


def _detach(request: Request, unit: UnitOfWork, key: str, said: Said, form: Form) -> None:
    cases.detach_evidence(
        unit.session, unit.actor, key, said.attached, reason=said.reason, now=unit.now
    )


def _judge(request: Request, unit: UnitOfWork, key: str, said: Said, form: Form) -> None:
    form.choose("doubt", ("", *DOUBTS))
    cases.judge_case(
        unit.session, unit.actor, key, said.case, doubt=said.doubt, note=said.note, now=unit.now
    )


def _conclude(request: Request, unit: UnitOfWork, key: str, said: Said, form: Form) -> None:
    cases.conclude(unit.session, unit.actor, key, measure=said.measure, now=unit.now)


def _take_back(request: Request, unit: UnitOfWork, key: str, said: Said, form: Form) -> None:
    cases.take_back(unit.session, unit.actor, key, reason=said.reason, now=unit.now)


STEPS: dict[str, Callable[[Request, UnitOfWork, str, Said, Form], None]] = {
    "submit": _submit,
    "attach": _attach,
    "detach": _detach,
    "judge": _judge,
    "conclude": _conclude,
    "take_back": _take_back,
}


def _reveal(request: Request, unit: UnitOfWork, key: str, said: Said) -> Answer:
    job = inspected.reveal_job(
        unit.session, unit.actor, said.case, purpose=said.purpose, now=unit.now
    )
    return _show(request, unit, key, Form.blank(), opened={said.case: job})


def _plan_question() -> Question:
    return Question(
        gettext("New campaign"),
        gettext("Prepare"),
        (
            Field("title", gettext("Title")),
            Field("since", gettext("Work from"), "date"),
            Field("until", gettext("to"), "date"),
            Field("size", gettext("Employers to draw"), "number"),
            Field("cases_each", gettext("Jobs to look at, at most, for each"), "number"),
        ),
        [("/inspections", gettext("Inspections"))],
        lead=gettext(
            "Drawn are employers of your territory that had a place filled in these days."
        ),
    )


def _show_campaign(
    request: Request, unit: UnitOfWork, key: str, form: Form, *, status: int = 200
) -> Answer:
    campaign = inspections.find_campaign(unit.session, unit.actor, key)
    rows = list_inspections(unit.session, unit.actor, campaign=campaign, now=unit.now)
    strata = inspections.list_strata(campaign) if campaign.seed else []
    return page(
        request,
        "inspections/campaign.html",
        campaign=campaign,
        rows=rows,
        strata=[(row, say_stratum(unit.session, row.name)) for row in strata],
        verbs=_offer_steps(campaign),
        address=f"{request.base_url}draws/{campaign.code}",
        form=form,
        status=status,
    )


def _offer_steps(campaign: Campaign) -> list[str]:
    verbs = CAMPAIGN.verbs(campaign.state)
    return [verb for verb in verbs if campaign.seed or verb != "undo_cancel"]


def _show(
    request: Request,
    unit: UnitOfWork,
    key: str,
    form: Form,
    *,
    opened: dict[str, Job] | None = None,
    status: int = 200,
) -> Answer:
    session, actor = unit.session, unit.actor
    inspection = cases.find_inspection(session, actor, key)
    campaign = session.get_one(Campaign, inspection.campaign_id)
    employer = session.get_one(Employer, inspection.employer_id)
    found = cases.list_cases(session, inspection)
    may_read = has(actor, "inspections.evidence")
    runs = campaign.state == "drawn"
    return page(
        request,
        "inspections/show.html",
        inspection=inspection,
        campaign=campaign,
        employer=employer,
        cases=found,
        places=inspected.name_places(session, found),
        files=attachments.list_attachments(session, inspection) if may_read else [],
        events=histories.tell_records(session, [inspection, *found]),
        may_read=may_read,
        may_run=has(actor, "inspections.run"),
        may_answer=runs and has(actor, "inspections.answer") and inspection.state in WAITING,
        may_judge=runs and has(actor, "inspections.run") and inspection.state in READING,
        may_take_back=runs and has(actor, "inspections.run") and inspection.state != "asked",
        doubts=offer(DOUBTS, "doubt"),
        measures=offer(MEASURES, "measure_taken"),
        ends=_tell_end(inspection, found),
        opened=opened or {},
        form=form,
        status=status,
    )


def _tell_end(inspection: Inspection, found: list[Case]) -> str:
    """What concluding would do now: nothing yet, accept, question or find."""
    if any(case.confirmed is None for case in found):
        return "unread"
    if all(case.confirmed for case in found):
        return "accept"
    return "find" if inspection.state == "rereading" else "question"
