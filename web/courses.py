"""Courses: seats, enrolment, attendance and results of retraining."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date

from litestar import Controller, get, post
from litestar.params import FromPath

from matching import course_rows, courses, enrolments, letters
from matching.courses import PAYERS, Course
from matching.reasons import COURSE_CANCELLATIONS, LEAVINGS, list_active
from quota.calendar import local_day
from quota.employers import find_by_identifier
from quota.errors import Invalid
from quota.places import list_districts
from quota.rights import Role
from web import letter_layout, seat_letters
from web.asking import Field, Question, ask, offer
from web.forms import Form, Typed
from web.guards import WRITES, may
from web.i18n import N_, get_locale, gettext
from web.questionnaire import name_of, offer_groups
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page
from web.words import word


@dataclass(frozen=True, slots=True)
class NewCourse:
    title: str = field(metadata={"most": 200})
    provider: str = field(metadata={"most": 200})
    isco08: str
    kato: str
    seats: int
    starts_on: date
    ends_on: date
    least: int = 1
    cost: int = 0
    payer: str = PAYERS[0]
    identifier: str = field(default="", metadata={"most": 12})  # of the employer who pledged


@dataclass(frozen=True, slots=True)
class Paper:
    seat: str
    on: date
    paper: str = field(default="", metadata={"most": 60})


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    present: tuple[str, ...] = ()


class Courses(Controller):
    path = "/courses"

    @get(guards=[may("courses.read")], sync_to_thread=True)
    def browse(self, request: Request, unit: Unit) -> Answer:
        rows = course_rows.list_courses(unit.session, unit.actor, now=unit.now)
        staff = unit.actor.role is Role.STAFF
        return page(request, "courses/list.html", rows=rows, may_add=staff, name_of=name_of)

    @get("/new", guards=[may("courses.edit")], sync_to_thread=True)
    def ask(self, request: Request, unit: Unit) -> Answer:
        return _ask(request, unit, Form.blank(least=1))

    @post("/new", guards=[may("courses.edit")], sync_to_thread=True)
    def add(self, request: Request, unit: Unit, form: Typed) -> Answer:
        try:
            course = _enter(unit, form.read(NewCourse))
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _ask(request, unit, form, status=422)
        flash(request, "course_added")
        return go(request, f"/courses/{course.key}")

    @get("/{key:str}", guards=[may("courses.read")], sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        return _show(
            request, unit, key, Form.blank(on=local_day(unit.now), day=local_day(unit.now))
        )

    @get(
        "/{key:str}/seats/{seat:str}/{file:str}",
        guards=[may("courses.edit")],
        opt=WRITES,
        sync_to_thread=True,
    )
    def print(
        self,
        request: Request,
        unit: Unit,
        key: FromPath[str],
        seat: FromPath[str],
        file: FromPath[str],
    ) -> Answer:
        """The letter to the course as `letter.pdf` or `letter.docx`, for the person to carry."""
        form = letter_layout.read_form(file)
        letter = letters.print_seat_letter(unit.session, unit.actor, seat, form=form, now=unit.now)
        content = seat_letters.LAYOUT.write(
            seat_letters.fields_of(letter), form, request.app.state.settings.var_dir
        )
        return letter_layout.hand_out(content, f"course-{letter.number}", form)

    @post("/{key:str}", guards=[may("courses.read")], sync_to_thread=True)
    def change(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        """One page, several forms: the button says which step is meant."""
        try:
            said = STEPS[form.choose("step", STEPS)](unit, key, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show(request, unit, key, form, status=422)
        flash(request, said)
        return go(request, f"/courses/{key}")


def _enter(unit: UnitOfWork, asked: NewCourse) -> Course:
    given = asdict(asked)
    if identifier := given.pop("identifier"):
        firm = find_by_identifier(unit.session, unit.actor, identifier)
        given["pledged_by"] = firm.id
    course = Course(centre_id=unit.actor.centre_id, **given)
    return courses.add_course(unit.session, unit.actor, course, now=unit.now)


def _offer(unit: UnitOfWork, key: str, form: Form) -> str:
    person = form.value("person")
    enrolments.offer(unit.session, unit.actor, key, person, now=unit.now)
    return "seat_offered"


def _accept(unit: UnitOfWork, key: str, form: Form) -> str:
    asked = form.read(Paper)
    enrolments.accept(
        unit.session, unit.actor, asked.seat, on=asked.on, paper=asked.paper, now=unit.now
    )
    return "seat_taken"


def _permit(unit: UnitOfWork, key: str, form: Form) -> str:
    asked = form.read(Paper)
    enrolments.permit(
        unit.session, unit.actor, asked.seat, on=asked.on, paper=asked.paper, now=unit.now
    )
    return "study_permitted"


def _attend(unit: UnitOfWork, key: str, form: Form) -> str:
    enrolments.attend(unit.session, unit.actor, form.value("seat"), now=unit.now)
    return "seat_changed"


def _complete(unit: UnitOfWork, key: str, form: Form) -> str:
    paper = form.value("paper")
    seat = form.value("seat")
    enrolments.complete(unit.session, unit.actor, seat, certificate=paper, now=unit.now)
    return "seat_changed"


def _leave(unit: UnitOfWork, key: str, form: Form) -> str:
    seat, reason = form.value("seat"), form.value("reason")
    enrolments.leave(unit.session, unit.actor, seat, reason=reason, now=unit.now)
    return "seat_changed"


def _undo(unit: UnitOfWork, key: str, form: Form) -> str:
    seat, note = form.value("seat"), form.value("paper")
    enrolments.undo(unit.session, unit.actor, seat, note=note, now=unit.now)
    return "seat_changed"


def _mark(unit: UnitOfWork, key: str, form: Form) -> str:
    asked = form.read(Day)
    enrolments.mark_day(unit.session, unit.actor, key, asked.day, asked.present, now=unit.now)
    return "day_marked"


def _cancel(unit: UnitOfWork, key: str, form: Form) -> str:
    reason = form.value("reason")
    enrolments.cancel_course(unit.session, unit.actor, key, reason=reason, now=unit.now)
    return "course_cancelled"


def _undo_cancel(unit: UnitOfWork, key: str, form: Form) -> str:
    note = form.value("note")
    enrolments.undo_cancel_course(unit.session, unit.actor, key, note=note, now=unit.now)
    return "course_back"


STEPS: dict[str, Callable[[UnitOfWork, str, Form], str]] = {
    "offer": _offer,
    "accept": _accept,
    "permit": _permit,
    "attend": _attend,
    "complete": _complete,
    "leave": _leave,
    "undo": _undo,
    "mark": _mark,
    "cancel": _cancel,
    "undo_cancel": _undo_cancel,
}
_NEXT = {"offered": "accept", "accepted": "attend", "attending": "complete"}


def _ask(request: Request, unit: UnitOfWork, form: Form, *, status: int = 200) -> Answer:
    districts = list_districts(unit.session, unit.actor.territory or "/")
    places = [(p.kato, p.names[get_locale()]) for p in districts]
    question = Question(
        title=gettext(N_("Enter a course")),
        button=gettext(N_("Enter the course")),
        fields=[
            Field("title", gettext(N_("Title"))),
            Field("provider", gettext(N_("Provider"))),
            Field("isco08", gettext(N_("Profession taught")), "select", options=offer_groups()),
            Field("kato", gettext(N_("Place")), "select", options=places),
            Field("seats", gettext(N_("Seats")), "number"),
            Field("least", gettext(N_("Least number to open")), "number"),
            Field("starts_on", gettext(N_("First day")), "date"),
            Field("ends_on", gettext(N_("Last day")), "date"),
            Field("cost", gettext(N_("Cost for one, tenge")), "number", optional=True),
            Field("payer", gettext(N_("Who pays")), "select", options=offer(PAYERS, "payer")),
            Field(
                "identifier",
                gettext(N_("BIN or IIN of the employer who pledged in writing to hire")),
                optional=True,
            ),
        ],
        steps=[("/courses", gettext(N_("Courses")))],
    )
    return ask(request, question, form, status=status)


def _show(request: Request, unit: UnitOfWork, key: str, form: Form, *, status: int = 200) -> Answer:
    seen = course_rows.show_course(unit.session, unit.actor, key, now=unit.now)
    role = unit.actor.role
    live = [s for s in seen.seats if s.state in enrolments.LIVE]
    done = [s for s in seen.seats if s.state in enrolments.UNDONE_FROM]
    return page(
        request,
        "courses/show.html",
        status=status,
        seen=seen,
        row=seen.row,
        form=form,
        key=key,
        profession=name_of(seen.row.isco08),
        staff=role is Role.STAFF,
        steps=[(s, _NEXT[s.state]) for s in live],
        permits=[(s.key, s.name) for s in live if s.needs_permit and role is Role.PROBATION],
        attending=[(s.key, s.name) for s in live if s.state == "attending"],
        leaving=[(s.key, s.name) for s in live],
        undoing=[(s.key, s.name) for s in done],
        leavings=[(r.code, word("leaving", r.code)) for r in list_active(LEAVINGS)],
        cancellations=[
            (r.code, word("course_cancellation", r.code)) for r in list_active(COURSE_CANCELLATIONS)
        ],
    )
