"""A specialist's own tasks: the queue, one task, the hours of reception, and group work."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from litestar import Controller, get, post
from litestar.params import FromPath

from matching import gatherings, programmes, receptions
from matching.gatherings import TOPICS, NewGathering
from matching.measure_rows import list_groups, list_own, see_group, see_own_task
from matching.receptions import Hours
from quota.calendar import ALMATY, is_time_of_day
from quota.errors import Invalid, fault
from web.asking import Field, Question, ask, offer
from web.forms import Form, Typed
from web.guards import WRITES, may
from web.i18n import N_, gettext, moment
from web.programmes import complete, offer_outcomes, propose_closing, simply
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page
from web.words import word


@dataclass(frozen=True, slots=True)
class TypedHours:
    days: tuple[str, ...]
    start: str
    minutes: int
    per_day: int
    per_week: int


@dataclass(frozen=True, slots=True)
class TypedGroup:
    topic: str
    day: date
    time: str
    seats: int


class Queue(Controller):
    path = "/queue"
    guards = (may("receptions.hold"),)

    @get(sync_to_thread=True)
    def browse(self, request: Request, unit: Unit) -> Answer:
        rows = list_own(unit.session, unit.actor, now=unit.now)
        return page(
            request,
            "queue/list.html",
            rows=rows,
            groups=list_groups(unit.session, unit.actor, now=unit.now),
            has_hours=receptions.find_reception(unit.session, unit.actor.account_id) is not None,
        )

    @get("/hours", sync_to_thread=True)
    def ask_hours(self, request: Request, unit: Unit) -> Answer:
        known = receptions.find_reception(unit.session, unit.actor.account_id)
        form = Form.blank(days=list("12345"), start="09:00", minutes=30, per_day=8, per_week=30)
        if known is not None:
            names = ("start", "minutes", "per_day", "per_week")
            given = {name: getattr(known, name) for name in names}
            form = Form.blank(days=list(known.days), **given)
        return ask(request, _hours_question(), form)

    @post("/hours", sync_to_thread=True)
    def set_hours(self, request: Request, unit: Unit, form: Typed) -> Answer:
        try:
            typed = form.read(TypedHours)
            hours = Hours(
                "".join(typed.days), typed.start, typed.minutes, typed.per_day, typed.per_week
            )
            receptions.set_hours(unit.session, unit.actor, hours, now=unit.now)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return ask(request, _hours_question(), form, status=422)
        flash(request, "saved")
        return go(request, "/queue")

    @get("/{key:str}", opt=WRITES, sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        return _show(request, unit, key, Form.blank(next_step="nothing"))

    @post("/{key:str}", sync_to_thread=True)
    def change(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        """One page, several forms: the button says which step is meant."""
        known = Form({**{name: form.values(name) for name in _NAMES}, "measure": [key]})
        try:
            said = STEPS[form.choose("step", STEPS)](unit, key, known)
        except Invalid as refusal:
            known.refuse(unit.session, refusal)
            return _show(request, unit, key, known, status=422)
        flash(request, said)
        return go(request, f"/queue/{key}")


_NAMES = ("at", "result", "next_step", "next_on", "reason", "refusal_paper", "refused_on")


def _book(unit: UnitOfWork, key: str, form: Form) -> str:
    try:
        at = datetime.fromisoformat(form.value("at"))
    except ValueError:
        raise Invalid(fault("at", "time_not_free")) from None
    if at.tzinfo is None:
        raise Invalid(fault("at", "time_not_free"))
    receptions.book(unit.session, unit.actor, key, at, now=unit.now)
    return "time_given"


STEPS: dict[str, Callable[[UnitOfWork, str, Form], str]] = {
    "book": _book,
    "unbook": simply(receptions.unbook, "step_done"),
    "miss": simply(receptions.miss, "step_done"),
    "complete": complete,
    "undo_complete": simply(programmes.undo_complete, "step_done"),
    "propose": propose_closing,
}


def _show(request: Request, unit: UnitOfWork, key: str, form: Form, *, status: int = 200) -> Answer:
    task = see_own_task(unit.session, unit.actor, key, now=unit.now)
    free = receptions.list_free(unit.session, unit.actor.account_id, now=unit.now)
    return page(
        request,
        "queue/show.html",
        status=status,
        form=form,
        task=task,
        row=task.row.measure,
        free=[(at.isoformat(), moment(at)) for at in free],
        **offer_outcomes(),
    )


def _hours_question() -> Question:
    days = [(code, word("weekday", code)) for code in "1234567"]
    return Question(
        title=gettext(N_("Hours of reception")),
        button=gettext(N_("Save")),
        lead=gettext(N_("Times given already stay as they are.")),
        fields=[
            Field("days", gettext(N_("Weekdays")), "checks", options=days),
            Field("start", gettext(N_("From")), "time"),
            Field("minutes", gettext(N_("Minutes for one person")), "number"),
            Field("per_day", gettext(N_("People a day, at most")), "number"),
            Field("per_week", gettext(N_("People a week, at most")), "number"),
        ],
        steps=[("/queue", gettext(N_("My tasks")))],
    )


class Groups(Controller):
    path = "/queue/groups"
    guards = (may("receptions.hold"),)

    @get("/new", sync_to_thread=True)
    def ask(self, request: Request, unit: Unit) -> Answer:
        return ask(request, _group_question(), Form.blank(time="15:00", seats=8))

    @post("/new", sync_to_thread=True)
    def add(self, request: Request, unit: Unit, form: Typed) -> Answer:
        try:
            new = _read_group(form.read(TypedGroup))
            group = gatherings.call_together(unit.session, unit.actor, new, now=unit.now)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return ask(request, _group_question(), form, status=422)
        flash(request, "group_planned")
        return go(request, f"/queue/groups/{group.key}")

    @get("/{key:str}", sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        seen = see_group(unit.session, unit.actor, key, now=unit.now)
        over = seen.row.starts_at <= unit.now
        return page(request, "queue/group.html", seen=seen, row=seen.row, over=over)

    @post("/{key:str}", sync_to_thread=True)
    def change(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        GROUP_STEPS[form.choose("step", GROUP_STEPS)](unit, key, form)
        flash(request, "step_done")
        return go(request, f"/queue/groups/{key}")


def _invite(unit: UnitOfWork, key: str, form: Form) -> None:
    for measure in form.values("measure"):
        gatherings.invite(unit.session, unit.actor, key, measure, now=unit.now)


def _hold(unit: UnitOfWork, key: str, form: Form) -> None:
    present = form.values("came")
    gatherings.hold(unit.session, unit.actor, key, present=present, now=unit.now)


def _about(verb: Callable[..., object]) -> Callable[[UnitOfWork, str, Form], None]:
    def step(unit: UnitOfWork, key: str, form: Form) -> None:
        verb(unit.session, unit.actor, key, now=unit.now)

    return step


GROUP_STEPS: dict[str, Callable[[UnitOfWork, str, Form], None]] = {
    "invite": _invite,
    "hold": _hold,
    "undo_hold": _about(gatherings.undo_hold),
    "cancel": _about(gatherings.cancel),
    "undo_cancel": _about(gatherings.undo_cancel),
}


def _read_group(typed: TypedGroup) -> NewGathering:
    if not is_time_of_day(typed.time) or typed.time == "24:00":
        raise Invalid(fault("time", "time_shape"))
    begins = datetime.combine(typed.day, time.fromisoformat(typed.time), tzinfo=ALMATY)
    return NewGathering(typed.topic, begins, typed.seats)


def _group_question() -> Question:
    return Question(
        title=gettext(N_("A meeting of a group")),
        button=gettext(N_("Plan it")),
        fields=[
            Field("topic", gettext(N_("Topic")), "select", options=offer(TOPICS, "topic")),
            Field("day", gettext(N_("Day")), "date"),
            Field("time", gettext(N_("Time")), "time"),
            Field("seats", gettext(N_("Seats")), "number"),
        ],
        steps=[("/queue", gettext(N_("My tasks")))],
    )
