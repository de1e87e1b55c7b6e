"""A person's individual programme: measures by the sections of the law, planned, done or closed by two."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from litestar import Controller, get, post
from litestar.params import FromPath

from matching import closings, programmes, receptions
from matching.closings import Closing
from matching.measure_rows import ProgrammePage, see_programme
from matching.programmes import NEXT_STEPS, RESULTS, SECTIONS, NewMeasure, Outcome
from matching.reasons import CLOSINGS, list_active
from quota import rights
from quota.errors import Invalid
from web.act_words import name_act
from web.asking import offer
from web.forms import Form, Typed
from web.guards import WRITES, may
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page
from web.words import word


@dataclass(frozen=True, slots=True)
class Planned:
    kind: str
    executor: str
    due_on: date
    gate: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    result: str
    next_step: str = "nothing"
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    reason: str = ""
    refusal_paper: str = field(default="", metadata={"most": 60})
    refused_on: date | None = None


class Programmes(Controller):
    path = "/candidates/{key:str}/programme"

    @get(guards=[may("programmes.read")], opt=WRITES, sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str], asked: Typed) -> Answer:
        kind = asked.value("kind")
        form = Form.blank(kind=kind, gate=bool(kind), next_step="nothing")
        return _show(request, unit, key, form)

    @post(guards=[may("programmes.read")], sync_to_thread=True)
    def change(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        """One page, several forms: the button says which step is meant."""
        try:
            said = STEPS[form.choose("step", STEPS)](unit, key, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show(request, unit, key, form, status=422)
        flash(request, said)
        return go(request, f"/candidates/{key}/programme")


def _plan(unit: UnitOfWork, key: str, form: Form) -> str:
    typed = form.read(Planned)
    new = NewMeasure(typed.kind, typed.due_on, typed.executor, typed.gate)
    programmes.plan(unit.session, unit.actor, key, new, now=unit.now)
    return "measure_planned"


def complete(unit: UnitOfWork, key: str, form: Form) -> str:
    typed = form.read(Done)
    outcome = Outcome(typed.result, typed.next_step, typed.next_on)
    programmes.complete(unit.session, unit.actor, form.value("measure"), outcome, now=unit.now)
    return "step_done"


def propose_closing(unit: UnitOfWork, key: str, form: Form) -> str:
    typed = form.read(Signed)
    closing = Closing(typed.reason, typed.refusal_paper, typed.refused_on)
    closings.propose(unit.session, unit.actor, form.value("measure"), closing, now=unit.now)
    return "closing_asked"


def simply(verb: Callable[..., object], said: str) -> Callable[[UnitOfWork, str, Form], str]:
    """A step whose verb needs nothing but the measure."""

    def step(unit: UnitOfWork, key: str, form: Form) -> str:
        verb(unit.session, unit.actor, form.value("measure"), now=unit.now)
        return said

    return step


def _gate(unit: UnitOfWork, key: str, form: Form) -> str:
    gate = form.choose("gate", ("yes", "no")) == "yes"
    programmes.set_gate(unit.session, unit.actor, form.value("measure"), gate=gate, now=unit.now)
    return "saved"


STEPS: dict[str, Callable[[UnitOfWork, str, Form], str]] = {
    "plan": _plan,
    "complete": complete,
    "undo_complete": simply(programmes.undo_complete, "step_done"),
    "unbook": simply(receptions.unbook, "step_done"),
    "gate": _gate,
    "propose": propose_closing,
    "confirm": simply(closings.confirm, "closing_confirmed"),
    "keep_open": simply(closings.keep_open, "step_done"),
    "undo_closing": simply(closings.undo, "step_done"),
}


def _show(request: Request, unit: UnitOfWork, key: str, form: Form, *, status: int = 200) -> Answer:
    seen = see_programme(unit.session, unit.actor, key, now=unit.now)
    return page(
        request,
        "programmes/show.html",
        status=status,
        key=key,
        seen=seen,
        form=form,
        name_act=name_act,
        may_edit=rights.has(unit.actor, "programmes.edit"),
        open_measures=_name_open(seen),
        **offer_outcomes(),
        kinds=[
            (kind, f"{word('section', section)}: {word('measure_kind', kind)}")
            for section, kinds in SECTIONS.items()
            for kind in kinds
        ],
        executors=[(one.key, f"{one.name} ({word('role', one.role)})") for one in seen.executors],
    )


def offer_outcomes() -> dict[str, object]:
    """The lists that forms about a measure choose from."""
    return {
        "results": offer(RESULTS, "measure_result"),
        "next_steps": offer(NEXT_STEPS, "next_step"),
        "reasons": offer((reason.code for reason in list_active(CLOSINGS)), "closing"),
    }


def _name_open(seen: ProgrammePage) -> list[tuple[str, str]]:
    """Measures that something can still be said of, for a list."""
    return [
        (row.key, f"{word('measure_kind', row.kind)}, {row.executor}")
        for section in seen.sections
        for row in section.measures
        if row.state in ("planned", "booked")
    ]
