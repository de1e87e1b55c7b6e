"""Restrictions of a person: entered and ended by probation; a source opens on a stated purpose."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from litestar import Controller, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from matching import restrictions
from matching.cards import RulesPage, see_rules
from matching.restrictions import (
    LONGEST_CASE_NUMBER,
    PARAMS,
    RULES,
    NewRestriction,
    Source,
)
from quota.calendar import local_day
from quota.errors import Invalid
from quota.places import list_around
from web.asking import Field, Question, ask
from web.forms import Form, Typed
from web.guards import WRITES, may
from web.i18n import N_, get_locale, gettext
from web.people import say_rule
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page
from web.words import word


@dataclass(frozen=True, slots=True)
class Typing:
    """Everything the form of a rule may hold; each rule asks for its own part."""

    legal_basis: str = field(default="", metadata={"most": 300})
    starts_on: date | None = None
    ends_on: date | None = None
    days: tuple[str, ...] = ()
    start: str = ""
    end: str = ""
    place: str = ""
    professions: str = field(default="", metadata={"most": 200})
    days_before: int | None = None
    hours: int | None = None
    jobless_since: date | None = None
    case_number: str = field(default="", metadata={"most": LONGEST_CASE_NUMBER})


@dataclass(frozen=True, slots=True)
class Ending:
    ended: str
    on: date
    reason: str = field(metadata={"most": 300})


@dataclass(frozen=True, slots=True)
class Reveal:
    restriction: str
    purpose: str = field(default="", metadata={"most": 300})


class Restrictions(Controller):
    path = "/candidates/{key:str}/restrictions"

    @get(guards=[may("restrictions.read")], opt=WRITES, sync_to_thread=True)
    def browse(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        return _show(request, unit, key, Form.blank())

    @post(guards=[may("restrictions.read")], sync_to_thread=True, status_code=200)
    def change(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        source = None
        try:
            if form.choose("step", ("end", "reveal")) == "end":
                _end(unit, form.read(Ending))
                flash(request, "restriction_ended")
                return go(request, f"/candidates/{key}/restrictions")
            source = reveal_source(unit, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show(request, unit, key, form, status=422)
        return _show(request, unit, key, Form.blank(), opened=(form.value("restriction"), source))

    @get("/{rule:str}", guards=[may("restrictions.edit")], opt=WRITES, sync_to_thread=True)
    def ask(self, request: Request, unit: Unit, key: FromPath[str], rule: FromPath[str]) -> Answer:
        return _ask(request, unit, key, rule, Form.blank(starts_on=local_day(unit.now)))

    @post("/{rule:str}", guards=[may("restrictions.edit")], sync_to_thread=True)
    def enter(
        self,
        request: Request,
        unit: Unit,
        key: FromPath[str],
        rule: FromPath[str],
        form: Typed,
    ) -> Answer:
        try:
            new = _read(rule, form.read(Typing))
            restrictions.add_restriction(unit.session, unit.actor, key, new, now=unit.now)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _ask(request, unit, key, rule, form, status=422)
        flash(request, "restriction_entered")
        return go(request, f"/candidates/{key}/restrictions")


def _read(rule: str, typed: Typing) -> NewRestriction:
    given: dict[str, Any] = {
        "days": "".join(typed.days) or None,
        "start": typed.start or None,
        "end": typed.end or None,
        "places": [typed.place] if typed.place else None,
        "professions": typed.professions.replace(",", " ").split() or None,
        "days_before": typed.days_before,
        "hours": typed.hours,
        "jobless_since": typed.jobless_since.isoformat() if typed.jobless_since else None,
        "case_number": typed.case_number or None,
    }
    wanted = {name: given[name] for name in PARAMS.get(rule, ()) if given[name] is not None}
    return NewRestriction(rule, wanted, typed.legal_basis, typed.starts_on, typed.ends_on)


def _end(unit: UnitOfWork, asked: Ending) -> None:
    restrictions.end_restriction(
        unit.session,
        unit.actor,
        asked.ended,
        on=asked.on,
        reason=asked.reason,
        now=unit.now,
    )


def reveal_source(unit: UnitOfWork, form: Form) -> Source:
    """The source of the restriction chosen in a form. Raises Invalid without a purpose."""
    asked = form.read(Reveal)
    return restrictions.reveal_source(
        unit.session, unit.actor, asked.restriction, purpose=asked.purpose, now=unit.now
    )


def _ask(
    request: Request, unit: UnitOfWork, key: str, rule: str, form: Form, *, status: int = 200
) -> Answer:
    if rule not in RULES:
        raise NotFoundException
    seen = see_rules(unit.session, unit.actor, key, now=unit.now)
    question = Question(
        title=word("rule", rule),
        button=gettext(N_("Enter the restriction")),
        fields=[*_fields(unit, rule, seen), *_common()],
        steps=[
            ("/candidates", gettext(N_("Candidates"))),
            *([(f"/candidates/{key}", seen.name)] if seen.opens else []),
            (f"/candidates/{key}/restrictions", gettext(N_("Restrictions"))),
        ],
    )
    return ask(request, question, form, status=status)


def _common() -> list[Field]:
    return [
        Field(
            "legal_basis",
            gettext(N_("Legal basis: act, court, case")),
            hint=gettext(N_("Stored encrypted; it opens on a stated purpose only.")),
            optional=True,
        ),
        Field("starts_on", gettext(N_("In force from")), "date", optional=True),
        Field(
            "ends_on",
            gettext(N_("Last day")),
            "date",
            hint=gettext(N_("Empty: for life.")),
            optional=True,
        ),
    ]


def _fields(unit: UnitOfWork, rule: str, seen: RulesPage) -> list[Field]:
    days = [(code, word("weekday", code)) for code in "1234567"]
    offered = {
        "days": Field("days", gettext(N_("Weekdays")), "checks", options=days),
        "start": Field("start", gettext(N_("From")), "time"),
        "end": Field("end", gettext(N_("To")), "time"),
        "professions": Field(
            "professions",
            gettext(N_("Occupations")),
            hint=gettext(N_("ISCO-08 codes or their beginnings, such as 53 2341.")),
        ),
        "days_before": Field("days_before", gettext(N_("Days before")), "number"),
        "hours": Field("hours", gettext(N_("Hours a day")), "number"),
        "jobless_since": Field(
            "jobless_since", gettext(N_("Without work since")), "date", optional=True
        ),
        "case_number": Field(
            "case_number",
            gettext(N_("Number of the criminal case")),
            hint=gettext(
                N_(
                    "Enter it for each person of the case. It is stored encrypted; rounds only learn"
                    " who must not meet at one employer."
                )
            ),
        ),
    }
    if rule == "barred_places":
        towns, districts = list_around(unit.session, seen.kato)
        places = [(p.kato, p.names[get_locale()]) for p in [*towns, *districts]]
        return [Field("place", gettext(N_("Place")), "select", options=places)]
    return [offered[name] for name in PARAMS.get(rule, ())]


def _show(
    request: Request,
    unit: UnitOfWork,
    key: str,
    form: Form,
    *,
    opened: tuple[str, Source | None] = ("", None),
    status: int = 200,
) -> Answer:
    seen = see_rules(unit.session, unit.actor, key, now=unit.now)
    return page(
        request,
        "candidates/restrictions.html",
        status=status,
        key=key,
        seen=seen,
        rows=[(row, say_rule(row.params, seen.places)) for row in seen.rows],
        named=[(row.key, word("rule", row.rule)) for row in seen.rows],
        rules=[(rule, word("rule", rule)) for rule in RULES],
        opened_key=opened[0],
        source=opened[1],
        form=form,
    )
