"""Refusals: people who turned down suitable work more than once, for staff to decide what follows."""

from dataclasses import dataclass, field

from litestar import Controller, get, post

from matching import answers, refusals
from quota.errors import Invalid
from web.forms import Form, Typed
from web.guards import may
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page


@dataclass(frozen=True, slots=True)
class Decision:
    key: str
    note: str = field(metadata={"most": 300})


class Refusals(Controller):
    path = "/refusals"
    guards = (may("candidates.edit"),)

    @get(sync_to_thread=True)
    def browse(self, request: Request, unit: Unit) -> Answer:
        return _show(request, unit, Form.blank())

    @post(sync_to_thread=True)
    def settle(self, request: Request, unit: Unit, form: Typed) -> Answer:
        try:
            asked = form.read(Decision)
            answers.settle_declines(
                unit.session, unit.actor, asked.key, note=asked.note, now=unit.now
            )
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show(request, unit, form, status=422)
        flash(request, "step_done")
        return go(request, "/refusals")


def _show(request: Request, unit: UnitOfWork, form: Form, status: int = 200) -> Answer:
    people = refusals.list_repeated(unit.session, unit.actor, now=unit.now)
    return page(request, "refusals/list.html", status=status, people=people, form=form)
