"""Placements: people at work, asked after four times in a year."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from litestar import Controller, get, post
from litestar.params import FromPath

from matching import absences, moves, placement_rows, placements, reasons
from quota import rights
from quota.calendar import local_day
from quota.errors import Invalid
from quota.rights import Role
from web.forms import Form, Typed
from web.guards import WRITES, may
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page
from web.words import word

TOLD = ("announce_end", "report_absence")
LISTS = {"in_work": placement_rows.IN_WORK, "ended": ("ended",)}


@dataclass(frozen=True, slots=True)
class Leaving:
    reason: str
    on: date


@dataclass(frozen=True, slots=True)
class Moving:
    post: str = field(metadata={"most": 200})
    moved_on: date
    pay: int


@dataclass(frozen=True, slots=True)
class Why:
    note: str = field(default="", metadata={"most": 300})


class Placements(Controller):
    path = "/placements"
    guards = (may("placements.read"),)

    @get(sync_to_thread=True)
    def browse(self, request: Request, unit: Unit, asked: Typed) -> Answer:
        chosen = asked.value("state") if asked.value("state") in LISTS else "in_work"
        rows = placement_rows.list_placements(
            unit.session, unit.actor, states=LISTS[chosen], now=unit.now
        )
        lists = [(name, word("placement_list", name)) for name in LISTS]
        asked = Form.blank(state=chosen)
        return page(
            request, "placements/list.html", block="list", rows=rows, asked=asked, lists=lists
        )

    @get("/{key:str}", opt=WRITES, sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        return _show(
            request, unit, key, Form.blank(on=local_day(unit.now), moved_on=local_day(unit.now))
        )

    @post("/{key:str}", sync_to_thread=True)
    def change(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        try:
            STEPS[form.choose("step", STEPS)](unit, key, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show(request, unit, key, form, status=422)
        flash(request, "step_done")
        return go(request, f"/placements/{key}")


def _show(request: Request, unit: UnitOfWork, key: str, form: Form, status: int = 200) -> Answer:
    row = placement_rows.show_placement(unit.session, unit.actor, key, now=unit.now)
    steps = set(row.next_verbs) if rights.has(unit.actor, "placements.record") else set()
    if not row.is_due:
        steps -= {"keep"}
    if "end" in steps:
        steps |= {*TOLD, "move"}
    if row.posts and "move" in steps:
        steps |= {"undo_move"}
    offered = [(r.code, word("ending", r.code)) for r in reasons.list_active(reasons.ENDINGS)]
    return page(
        request,
        "placements/show.html",
        status=status,
        placement=row,
        steps=steps & set(STEPS),
        endings=offered,
        sides=placements.SIDES if unit.actor.role is Role.STAFF else (),
        sends=rights.has(unit.actor, "evidence.send"),
        form=form,
    )


def _keep(unit: UnitOfWork, key: str, form: Form) -> None:
    side = form.value("side")
    placements.keep(unit.session, unit.actor, key, side=side, now=unit.now)


def _end(unit: UnitOfWork, key: str, form: Form) -> None:
    asked = form.read(Leaving)
    leaving = (asked.reason, asked.on)
    placements.end(unit.session, unit.actor, key, leaving, now=unit.now)


def _tell(unit: UnitOfWork, key: str, form: Form) -> None:
    getattr(absences, form.value("step"))(unit.session, unit.actor, key, now=unit.now)


def _move(unit: UnitOfWork, key: str, form: Form) -> None:
    asked = form.read(Moving)
    post = moves.Post(asked.post, asked.moved_on, asked.pay)
    moves.move(unit.session, unit.actor, key, post, now=unit.now)


def _undo_move(unit: UnitOfWork, key: str, form: Form) -> None:
    moves.undo_move(unit.session, unit.actor, key, note=form.read(Why).note, now=unit.now)


def _undo(unit: UnitOfWork, key: str, form: Form) -> None:
    verb = getattr(placements, form.value("step"))
    verb(unit.session, unit.actor, key, note=form.read(Why).note, now=unit.now)


STEPS: dict[str, Callable[[UnitOfWork, str, Form], None]] = {
    "keep": _keep,
    "end": _end,
    **dict.fromkeys(TOLD, _tell),
    "move": _move,
    "undo_move": _undo_move,
    "undo_keep": _undo,
    "undo_end": _undo,
}
