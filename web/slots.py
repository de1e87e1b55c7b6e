"""A place of the ledger: its history, and what staff may do to it by hand, each with a reason."""

from dataclasses import dataclass, field
from datetime import date

from litestar import Controller, get, post
from litestar.params import FromPath

from quota import listings, slots
from quota.employers import Employer
from quota.errors import Invalid
from quota.rights import Role, has
from quota.slots import Slot
from quota.vacancies import Vacancy
from web.forms import Form, Typed
from web.guards import may
from web.relations import steps_to
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody who worked there before counts: since when, and the employer's paper."""

    on: date
    document: str = field(metadata={"most": 300})


@dataclass(frozen=True, slots=True)
class Reason:
    reason: str = field(metadata={"most": 300})


class Slots(Controller):
    path = "/slots/{key:str}"

    @get(guards=[may("slots.read")], sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        return _show(request, unit, key, Form.blank())

    @post(guards=[may("slots.edit")], sync_to_thread=True)
    def step(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        try:
            _take_step(unit, slots.find_by_key(unit.session, unit.actor, key), form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show(request, unit, key, form, status=422)
        flash(request, "saved")
        return go(request, f"/slots/{key}")


VERBS = {
    "undo_opening": slots.undo_opening,
    "close": slots.close_slot,
    "reopen": slots.reopen_slot,
}


def _take_step(unit: UnitOfWork, slot: Slot, form: Form) -> None:
    session, actor, now = unit.session, unit.actor, unit.now
    step = form.choose("step", ("count_opening", "undo_opening", "close", "reopen"))
    if step == "count_opening":
        opening = form.read(Opening)
        slots.count_opening(session, actor, slot, on=opening.on, document=opening.document, now=now)
    else:
        VERBS[step](session, actor, slot, reason=form.read(Reason).reason, now=now)
    listings.follow_slot(session, actor, slot, now=now)


def _show(request: Request, unit: UnitOfWork, key: str, form: Form, *, status: int = 200) -> Answer:
    session = unit.session
    slot = slots.find_by_key(session, unit.actor, key)
    employer = session.get_one(Employer, slot.employer_id)
    return page(
        request,
        "slots/show.html",
        slot=slot,
        employer=employer,
        vacancy=session.get(Vacancy, slot.vacancy_id or 0),
        events=slots.list_events(session, slot)[::-1],
        steps=steps_to(employer),
        may_edit=has(unit.actor, "slots.edit"),
        own=unit.actor.role is Role.EMPLOYER,
        form=form,
        status=status,
    )
