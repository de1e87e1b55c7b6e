"""Decrees: the act with its clauses, its annex of employers, computed against stated."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from litestar import Controller, get, post
from litestar.params import FromPath

from quota import annexes, decrees, employers, histories
from quota.annexes import Excuse, Exemption
from quota.categories import check_category, list_categories
from quota.clauses import Rounding, Rule, find_overlaps, read_per_cent
from quota.decrees import ACT_KINDS, Decree, Line
from quota.errors import Invalid
from quota.rights import has
from web.asking import Field, Question, ask, offer
from web.forms import Form, Typed
from web.guards import may
from web.i18n import gettext as _
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page

MOST = {"most": 300}


@dataclass(frozen=True, slots=True)
class Act:
    akimat: str = field(metadata=MOST)
    title: str = field(default="", metadata={"most": 500})
    kind: str = "decree_rule"
    oblast: str = field(default="", metadata=MOST)
    number: str = field(default="", metadata={"most": 60})
    dated: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    legal_basis: str = ""
    registry_id: str = field(default="", metadata={"most": 60})
    registered: str = field(default="", metadata={"most": 100})
    status: str = field(default="", metadata=MOST)
    source: str = field(default="", metadata=MOST)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    category: str = field(metadata={"most": 40})
    new_category: str = field(default="", metadata={"most": 40})
    headcount_from: int | None = None
    headcount_to: int | None = None
    per_cent: str = field(default="", metadata={"most": 8})
    per_cent_to: str = field(default="", metadata={"most": 8})
    counted: str = field(default="", metadata=MOST)
    excludes: str = field(default="", metadata=MOST)
    rounding: Rounding = Rounding.DOWN
    grace_months: int | None = None
    note: str = ""
    reference: str = field(default="", metadata={"most": 60})


@dataclass(frozen=True, slots=True)
class Row:
    identifier: str = field(metadata={"most": 12})
    category: str = field(metadata={"most": 40})
    new_category: str = field(default="", metadata={"most": 40})
    headcount: int | None = None
    excluded: int = 0
    per_cent: str = field(default="", metadata={"most": 8})
    stated: int | None = None
    named: str = field(default="", metadata=MOST)
    reference: str = field(default="", metadata={"most": 60})


@dataclass(frozen=True, slots=True)
class LetOff:
    excuse: Excuse
    document: str = field(metadata=MOST)
    starts_on: date
    ends_on: date | None = None


class Decrees(Controller):
    path = "/decrees"

    @get(guards=[may("decrees.read")], sync_to_thread=True)
    def browse(self, request: Request, unit: Unit) -> Answer:
        rows = decrees.list_decrees(unit.session, unit.actor)
        may_edit = has(unit.actor, "decrees.edit")
        return page(request, "decrees/list.html", rows=rows, may_edit=may_edit)

    @get("/new", guards=[may("decrees.edit")], sync_to_thread=True)
    def ask(self, request: Request, unit: Unit) -> Answer:
        return ask(request, _act_question(), Form.blank(kind="decree_rule"))

    @post("/new", guards=[may("decrees.edit")], sync_to_thread=True)
    def add(self, request: Request, unit: Unit, form: Typed) -> Answer:
        try:
            act = form.read(Act)
            decree = Decree(
                **asdict(act),
                centre_id=unit.actor.centre_id,
                territory=unit.actor.territory or "/",
            )
            decrees.add_decree(unit.session, unit.actor, decree, [], now=unit.now)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return ask(request, _act_question(), form, status=422)
        flash(request, "saved")
        return go(request, f"/decrees/{decree.key}")

    @get("/{key:str}", guards=[may("decrees.read")], sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        return _show(request, unit, key, Form.blank())

    @post("/{key:str}", guards=[may("decrees.edit")], sync_to_thread=True)
    def step(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        try:
            STEPS[form.choose("step", STEPS)](unit, key, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show(request, unit, key, form, status=422)
        flash(request, "saved")
        return go(request, f"/decrees/{key}")

    @get("/{key:str}/edit", guards=[may("decrees.edit")], sync_to_thread=True)
    def ask_change(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        decree = decrees.find_decree(unit.session, unit.actor, key, right="decrees.edit")
        known = {name: getattr(decree, name) for name in decrees.ACT_EDITABLE}
        return ask(request, _act_question(), Form.blank(**known))

    @post("/{key:str}/edit", guards=[may("decrees.edit")], sync_to_thread=True)
    def change(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        try:
            fields = asdict(form.read(Act))
            decrees.change_decree(unit.session, unit.actor, key, fields, now=unit.now)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return ask(request, _act_question(), form, status=422)
        flash(request, "saved")
        return go(request, f"/decrees/{key}")


class AnnexLines(Controller):
    path = "/decree-lines/{key:str}"
    guards = (may("decrees.edit"),)

    @get(sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        return _show_line(request, unit, key, Form.blank())

    @post(sync_to_thread=True)
    def step(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        try:
            _take_line_step(unit, key, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show_line(request, unit, key, form, status=422)
        flash(request, "saved")
        return go(request, f"/decree-lines/{key}")


def _add_clause(unit: UnitOfWork, key: str, form: Form) -> None:
    typed = _name_category(unit, _read_share(asdict(form.read(Clause))))
    upper = {"basis_points_to": read_per_cent("per_cent_to", typed.pop("per_cent_to"))}
    rule = Rule(**typed | upper | {"rounding": typed["rounding"].value})
    annexes.add_clause(unit.session, unit.actor, key, rule, now=unit.now)


def _add_row(unit: UnitOfWork, key: str, form: Form) -> None:
    typed = _name_category(unit, _read_share(asdict(form.read(Row))))
    decree = decrees.find_decree(unit.session, unit.actor, key, right="decrees.edit")
    number = typed.pop("identifier")
    employer = employers.find_by_identifier(unit.session, unit.actor, number)
    annexes.enter_line(unit.session, unit.actor, decree, employer, Line(**typed), now=unit.now)


def _read_share(typed: dict[str, Any]) -> dict[str, Any]:
    """The fields with what is typed as per cent in hundredths of one."""
    return typed | {"basis_points": read_per_cent("per_cent", typed.pop("per_cent"))}


def _name_category(unit: UnitOfWork, typed: dict[str, Any]) -> dict[str, Any]:
    """The fields with the category chosen, or the new one that the act names."""
    new = typed.pop("new_category")
    field = "new_category" if new else "category"
    category = check_category(unit.session, new or typed["category"], new=bool(new), field=field)
    return typed | {"category": category}


STEPS: dict[str, Callable[[UnitOfWork, str, Form], None]] = {
    "add_clause": _add_clause,
    "add_row": _add_row,
}


@dataclass(frozen=True, slots=True)
class Figures:
    headcount: int | None = None
    excluded: int = 0
    per_cent: str = field(default="", metadata={"most": 8})
    stated: int | None = None
    named: str = field(default="", metadata=MOST)
    reference: str = field(default="", metadata={"most": 60})


@dataclass(frozen=True, slots=True)
class Reason:
    reason: str = field(metadata=MOST)


def _take_line_step(unit: UnitOfWork, key: str, form: Form) -> None:
    session, actor, now = unit.session, unit.actor, unit.now
    step = form.choose("step", ("amend", "exempt", "lift"))
    if step == "amend":
        annexes.amend_line(session, actor, key, _read_share(asdict(form.read(Figures))), now=now)
    elif step == "exempt":
        typed = asdict(form.read(LetOff))
        exemption = Exemption(**typed | {"excuse": typed["excuse"].value})
        annexes.exempt(session, actor, key, exemption, now=now)
    else:
        annexes.lift_exemption(session, actor, key, reason=form.read(Reason).reason, now=now)


def _show_share(points: int | None) -> str:
    """Hundredths of a per cent as they are typed."""
    return "" if points is None else f"{points / 100:g}"


def _act_question() -> Question:
    fields = (
        Field("akimat", _("Akimat or territory"), hint=_("As the act names it.")),
        Field("title", _("Title"), optional=True),
        Field("kind", _("What it is"), "select", options=offer(ACT_KINDS, "act_kind")),
        Field("oblast", _("Oblast"), optional=True),
        Field("number", _("Number"), optional=True),
        Field("dated", _("Date"), "date", optional=True),
        Field("valid_from", _("In force from"), "date", optional=True),
        Field("valid_until", _("In force until"), "date", optional=True),
        Field("legal_basis", _("Legal basis"), "textarea", optional=True),
        Field("registry_id", _("Number in the register of acts"), optional=True),
        Field("registered", _("Registered"), optional=True),
        Field(
            "status", _("Status"), hint=_("Amended, repealed: as the register says."), optional=True
        ),
        Field("source", _("Source"), optional=True),
        Field("note", _("Note"), "textarea", optional=True),
    )
    return Question(_("A decree"), _("Save"), fields, [("/decrees", _("Decrees"))])


def _show(request: Request, unit: UnitOfWork, key: str, form: Form, *, status: int = 200) -> Answer:
    session = unit.session
    decree = decrees.find_decree(session, unit.actor, key)
    rules = decrees.list_rules(session, decree)
    rows = annexes.list_annex(session, unit.actor, decree)
    return page(
        request,
        "decrees/show.html",
        decree=decree,
        rules=rules,
        overlaps=find_overlaps(rules),
        rows=rows,
        due={row.line.id: decrees.due_on(session, decree, row.line) for row in rows[:1]},
        categories=offer(list_categories(session), "category"),
        roundings=offer(Rounding, "rounding"),
        may_edit=has(unit.actor, "decrees.edit"),
        events=histories.tell_record(session, decree),
        form=form,
        status=status,
    )


def _show_line(
    request: Request, unit: UnitOfWork, key: str, form: Form, *, status: int = 200
) -> Answer:
    session = unit.session
    line, decree = annexes.find_line(session, unit.actor, key)
    known: dict[str, Any] = {name: getattr(line, name) for name in decrees.LINE_EDITABLE}
    known["per_cent"] = _show_share(line.basis_points)
    return page(
        request,
        "decrees/line.html",
        line=line,
        decree=decree,
        employer=session.get_one(employers.Employer, line.employer_id),
        exemption=annexes.find_exemption(session, line),
        due=decrees.due_on(session, decree, line),
        excuses=offer(Excuse, "excuse"),
        events=histories.tell_record(session, line),
        form=form if form.faults else Form.blank(**known),
        status=status,
    )
