"""Check-ins: probation's week at a glance, the clerk's day, and what was decided for one person."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from litestar import Controller, get, post
from litestar.params import FromPath

from matching import check_in_rows, checkins
from matching.check_in_rows import PAGE, PersonCheckIns
from matching.checkins import Decision
from matching.reasons import CHECK_IN_EXCUSES, list_active
from quota.calendar import local_day
from quota.errors import Invalid, NotFound, fault
from quota.rights import has
from web.asking import offer
from web.forms import Form, Typed
from web.guards import WRITES, may
from web.paging import turn_pages
from web.people import say_days
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page
from web.words import word

FIRST_YEAR, LAST_YEAR = 2000, 2199


@dataclass(frozen=True, slots=True)
class Asked:
    week: date | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    number: str = field(metadata={"most": 60})
    decided_on: date
    starts_on: date
    days: tuple[str, ...] = ()
    start: str = ""
    end: str = ""
    ends_on: date | None = None
    lightens: bool = False


@dataclass(frozen=True, slots=True)
class Ending:
    on: date


class CheckIns(Controller):
    path = "/checkins"
    guards = (may("checkins.read"),)

    @get(sync_to_thread=True)
    def browse(self, request: Request, unit: Unit, asked: Typed) -> Answer:
        if has(unit.actor, "checkins.confirm"):
            rows = check_in_rows.list_today(unit.session, unit.actor, now=unit.now)
            return page(request, "checkins/today.html", rows=rows, now=unit.now)
        day = _read_week(asked) or local_day(unit.now)
        people = check_in_rows.count_people(unit.session, unit.actor, day)
        paging = turn_pages(request, asked, people, size=PAGE)
        week = check_in_rows.see_week(unit.session, unit.actor, day, offset=paging.offset)
        return page(request, "checkins/week.html", week=week, paging=paging, **_around(week.days))

    @post(guards=[may("checkins.confirm")], sync_to_thread=True)
    def confirm(self, request: Request, unit: Unit, form: Typed) -> Answer:
        verb = DAY_STEPS[form.choose("step", DAY_STEPS)]
        verb(unit.session, unit.actor, form.value("check_in"), now=unit.now)
        flash(request, "step_done")
        return go(request, "/checkins")


DAY_STEPS: Mapping[str, Callable[..., object]] = {
    "confirm": checkins.confirm,
    "undo_confirm": checkins.undo_confirm,
}


def _read_week(asked: Form) -> date | None:
    """The day asked for; far beyond any decision there is no week to turn to."""
    week = asked.read(Asked).week
    if week is not None and not FIRST_YEAR <= week.year <= LAST_YEAR:
        raise Invalid(fault("week", "not_a_date"))
    return week


def _around(days: Any) -> dict[str, str]:
    before, after = days[0] - timedelta(days=7), days[0] + timedelta(days=7)
    return {"before": f"/checkins?week={before}", "after": f"/checkins?week={after}"}


class PersonCheckInsPage(Controller):
    path = "/candidates/{key:str}/checkins"
    guards = (may("checkins.decide"),)

    @get(opt=WRITES, sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        seen = check_in_rows.see_person(unit.session, unit.actor, key, now=unit.now)
        return _show(request, unit, key, seen, _suggest(unit, seen))

    @post(sync_to_thread=True)
    def change(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        """One page, several forms: the button says which step is meant."""
        try:
            said = STEPS[form.choose("step", STEPS)](unit, key, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            seen = check_in_rows.see_person(unit.session, unit.actor, key, now=unit.now)
            return _show(request, unit, key, seen, form, status=422)
        flash(request, said)
        return go(request, f"/candidates/{key}/checkins")


def _suggest(unit: UnitOfWork, seen: PersonCheckIns) -> Form:
    """A new decision starts from the person's reporting days."""
    told = seen.reporting
    return Form.blank(
        days=list(told.get("days") or "1"),
        start=told.get("start") or "09:00",
        end=told.get("end") or "18:00",
        starts_on=local_day(unit.now),
    )


def _decide(unit: UnitOfWork, key: str, form: Form) -> str:
    typed = form.read(Decided)
    decision = Decision(
        number=typed.number,
        decided_on=typed.decided_on,
        lightens=typed.lightens,
        days="".join(typed.days),
        start=typed.start,
        end=typed.end,
        starts_on=typed.starts_on,
        ends_on=typed.ends_on,
    )
    checkins.order(unit.session, unit.actor, key, decision, now=unit.now)
    return "check_ins_decided"


def _end(unit: UnitOfWork, key: str, form: Form) -> str:
    seen = check_in_rows.see_person(unit.session, unit.actor, key, now=unit.now)
    if seen.order is None:
        raise NotFound("not_found")
    on = form.read(Ending).on
    checkins.end_order(unit.session, unit.actor, seen.order.key, on=on, now=unit.now)
    return "saved"


def _excuse(unit: UnitOfWork, key: str, form: Form) -> str:
    about, reason = form.value("check_in"), form.value("reason")
    checkins.excuse(unit.session, unit.actor, about, reason=reason, now=unit.now)
    return "check_in_excused"


def _take_back(unit: UnitOfWork, key: str, form: Form) -> str:
    verb = {"confirmed": checkins.undo_confirm, "excused": checkins.undo_excuse}
    undo = verb[form.choose("was", verb)]
    undo(unit.session, unit.actor, form.value("check_in"), now=unit.now)
    return "step_done"


STEPS: dict[str, Callable[[UnitOfWork, str, Form], str]] = {
    "decide": _decide,
    "end": _end,
    "excuse": _excuse,
    "take_back": _take_back,
}


def _show(
    request: Request,
    unit: UnitOfWork,
    key: str,
    seen: PersonCheckIns,
    form: Form,
    *,
    status: int = 200,
) -> Answer:
    return page(
        request,
        "checkins/person.html",
        status=status,
        key=key,
        seen=seen,
        form=form,
        say_days=say_days,
        weekdays=[(code, word("weekday", code)) for code in "1234567"],
        reasons=offer((one.code for one in list_active(CHECK_IN_EXCUSES)), "check_in_excuse"),
        excusable=[
            (row.key, f"{row.due_on:%d.%m.%Y}: {word('check_in', row.state)}")
            for row in sorted(seen.rows, key=lambda row: row.state != "missed")
            if row.state in ("due", "missed")
        ],
    )
