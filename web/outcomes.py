"""Other outcomes of a person: recorded, ended and taken back by the centre."""

from dataclasses import dataclass, field
from datetime import date

from litestar import Controller, get, post
from litestar.params import FromPath

from matching import outcomes
from matching.cockpit import open_names
from matching.outcomes import KINDS, NewOutcome
from quota.errors import Invalid
from quota.rights import has
from web.asking import offer
from web.forms import Form, Typed
from web.guards import may
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page


@dataclass(frozen=True, slots=True)
class Began:
    kind: str = field(metadata={"most": 20})
    starts_on: date
    paper: str = field(default="", metadata={"most": outcomes.NOTE_LENGTH})


@dataclass(frozen=True, slots=True)
class Ended:
    outcome: str = field(metadata={"most": 16})
    on: date
    reason: str = field(metadata={"most": 300})


@dataclass(frozen=True, slots=True)
class Mistaken:
    outcome: str = field(metadata={"most": 16})
    why: str = field(metadata={"most": 300})


class Outcomes(Controller):
    path = "/candidates/{key:str}/outcomes"

    @get(guards=[may("candidates.read")], sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        return _show(request, unit, key, Form.blank())

    @post(guards=[may("candidates.edit")], sync_to_thread=True)
    def step(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        try:
            _take_step(unit, key, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show(request, unit, key, form, status=422)
        flash(request, "saved")
        return go(request, f"/candidates/{key}/outcomes")


def _take_step(unit: UnitOfWork, key: str, form: Form) -> None:
    session, actor, now = unit.session, unit.actor, unit.now
    step = form.choose("step", ("record", "end", "take_back"))
    if step == "record":
        began = form.read(Began)
        new = NewOutcome(began.kind, began.starts_on, began.paper)
        outcomes.record_outcome(session, actor, key, new, now=now)
    elif step == "end":
        ended = form.read(Ended)
        outcomes.end_outcome(
            session, actor, ended.outcome, on=ended.on, reason=ended.reason, now=now
        )
    else:
        mistaken = form.read(Mistaken)
        outcomes.take_back(session, actor, mistaken.outcome, reason=mistaken.why, now=now)


def _show(request: Request, unit: UnitOfWork, key: str, form: Form, *, status: int = 200) -> Answer:
    rows = outcomes.list_outcomes(unit.session, unit.actor, key)
    return page(
        request,
        "candidates/outcomes.html",
        key=key,
        name=open_names(unit.session, {key}).get(key, ""),
        rows=rows,
        current=[row for row in rows if row.state == "current"],
        standing=[row for row in rows if row.state != "annulled"],
        kinds=offer(KINDS, "outcome_kind"),
        may_edit=has(unit.actor, "candidates.edit"),
        form=form,
        status=status,
    )
