"""The next best plan after a proposal came to nothing, for the person and for the place."""

from dataclasses import dataclass, field

from litestar import Controller, get, post
from litestar.params import FromPath

from matching import next_best, review_rows
from quota.errors import Invalid
from web.forms import Form, Typed
from web.guards import WRITES, may
from web.round_checks import say_failure
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, last_news, page


@dataclass(frozen=True, slots=True)
class Pick:
    candidate: str = field(metadata={"most": 40})


class NextBest(Controller):
    path = "/proposals/{key:str}/next"
    guards = (may("rounds.run"),)

    @get(opt=WRITES, sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        return _show(request, unit, key, Form.blank())

    @post(sync_to_thread=True)
    def propose(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        try:
            person = form.read(Pick).candidate
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show(request, unit, key, form, status=422)
        made = next_best.propose_next(unit.session, unit.actor, key, person, now=unit.now)
        flash(request, "next_proposed")
        return go(request, f"/proposals/{made.key}")

    @post("/study", sync_to_thread=True)
    def ask(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        next_best.ask_next(unit.session, unit.actor, key, now=unit.now)
        return go(request, f"/proposals/{key}/next")


def _show(request: Request, unit: UnitOfWork, key: str, form: Form, *, status: int = 200) -> Answer:
    ended = review_rows.show_proposal(unit.session, unit.actor, key, now=unit.now)
    plan = next_best.show_next(unit.session, unit.actor, key)
    busy = bool(plan.study and plan.study.busy)
    return page(
        request,
        "proposals/next.html",
        block="work",
        status=last_news(request, status, busy=busy),
        ended=ended,
        plan=plan,
        busy=busy,
        form=form,
        say_failure=say_failure,
    )
