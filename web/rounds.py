"""Rounds: the cockpit, from the checks before solving to the published plan."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from litestar import Controller, get, post
from litestar.params import FromPath

from matching import (
    checks,
    cockpit,
    frontiers,
    insights,
    policies,
    publication,
    rounds,
    solving,
)
from matching.cockpit import RoundRow
from quota import rights
from quota.calendar import local_day
from quota.errors import Invalid
from web.explanations import explain_all, tell_broken, tell_facts
from web.forms import Form, Typed
from web.frontiers import tell_aim, tell_difference
from web.guards import may
from web.i18n import gettext, tenge
from web.paging import turn_pages
from web.round_checks import (
    say_check,
    say_failure,
    say_sample,
    say_stayed_out,
    tell_standard,
    tell_standing,
)
from web.scores import draw_score
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, last_news, page
from web.variants import name_orders
from web.words import known_word

BUSY = ("queued", "solving")
SOLVED = ("solved", "published", "closed")
MENDED_AT = {
    "enter": "/candidates",
    "no_consent": "/candidates?mark=no_consent&readiness=ready",
    "no_location": "/candidates?mark=no_location",
    "no_profession": "/candidates?mark=no_profession",
    "open_places": "/vacancies",
    "vacancies": "/vacancies",
    "waits_for_support": "/candidates?mark=gate_open",
}


Step = Callable[[UnitOfWork, str, Form], str]


@dataclass(frozen=True, slots=True)
class Pair:
    """Keys of a candidate and a vacancy."""

    candidate: str = field(metadata={"most": 40})
    vacancy: str = field(metadata={"most": 40})


@dataclass(frozen=True, slots=True)
class Order:
    policy: str = field(metadata={"most": 40})
    reason: str = field(metadata={"most": 500})


@dataclass(frozen=True, slots=True)
class NewRound:
    title: str = field(default="", metadata={"most": 200})


class Rounds(Controller):
    path = "/rounds"
    guards = (may("rounds.read"),)

    @get(sync_to_thread=True)
    def browse(self, request: Request, unit: Unit, asked: Typed) -> Answer:
        total = cockpit.count_rounds(unit.session, unit.actor)
        paging = turn_pages(request, asked, total)
        rows = cockpit.list_rounds(
            unit.session, unit.actor, limit=paging.size, offset=paging.offset
        )
        context = {"rows": rows, "paging": paging, "runs": _runs(unit)}
        return page(request, "rounds/list.html", **context)

    @get("/new", guards=[may("rounds.run")], sync_to_thread=True)
    def ask(self, request: Request, unit: Unit) -> Answer:
        return page(request, "rounds/new.html", form=Form.blank())

    @post("/new", guards=[may("rounds.run")], sync_to_thread=True)
    def open(self, request: Request, unit: Unit, form: Typed) -> Answer:
        try:
            found = _open(unit, form.read(NewRound))
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return page(request, "rounds/new.html", form=form, status=422)
        return go(request, f"/rounds/{found.key}")

    @get("/{key:str}", sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str], asked: Typed) -> Answer:
        """The cockpit; while a round is solved the page asks again by itself, until it hears the end."""
        return _show(request, unit, key, asked, Form.blank())

    @post("/{key:str}", guards=[may("rounds.run")], sync_to_thread=True)
    def change(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        """One page, several buttons: each says which step is meant."""
        try:
            said = STEPS[form.choose("step", STEPS)](unit, key, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show(request, unit, key, Form.blank(), form)
        if said:
            flash(request, said)
        return go(request, f"/rounds/{key}")

    @get("/{key:str}/publish", guards=[may("rounds.run")], sync_to_thread=True)
    def confirm(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        row = cockpit.show_round(unit.session, unit.actor, key)
        supervised, others = cockpit.count_reviews(unit.session, unit.actor, key)
        return page(request, "rounds/publish.html", row=row, supervised=supervised, others=others)

    @post("/{key:str}/publish", guards=[may("rounds.run")], sync_to_thread=True)
    def publish(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        publication.publish_round(unit.session, unit.actor, key, now=unit.now)
        flash(request, "round_published")
        return go(request, f"/rounds/{key}")


def _show(request: Request, unit: UnitOfWork, key: str, asked: Form, form: Form) -> Answer:
    row = cockpit.show_round(unit.session, unit.actor, key)
    busy = row.state in BUSY
    return page(
        request,
        "rounds/show.html",
        block="work",
        status=last_news(request, 422 if form.faults else 200, busy=busy),
        row=row,
        busy=busy,
        runs=_runs(unit),
        form=form,
        known_word=known_word,
        budget=_tell_budget(row),
        standing=tell_standing(row.progress),
        standard=tell_standard(row.summary),
        **_look(request, unit, row, asked),
    )


def _tell_budget(row: RoundRow) -> str | None:
    """What the plan spends on courses, of how much; before there is a plan, how much it may."""
    most, spent = row.policy.get("limits", {}).get("course_budget"), row.summary.get("spent")
    if most is None:
        return tenge(spent) if spent else None
    shown = {"most": tenge(most), "spent": tenge(spent or 0)}
    if spent is None:
        return gettext("at most %(most)s") % shown
    return gettext("%(spent)s of %(most)s") % shown


def _open(unit: UnitOfWork, asked: NewRound) -> rounds.Round:
    centre_id = unit.actor.centre_id
    assert centre_id is not None  # whoever may run rounds belongs to a centre
    return rounds.open_round(
        unit.session, unit.actor, centre_id=centre_id, title=asked.title, now=unit.now
    )


def _solve(unit: UnitOfWork, key: str, form: Form) -> str:
    solving.snapshot_round(unit.session, unit.actor, key, now=unit.now)
    solving.queue_round(unit.session, unit.actor, key, now=unit.now)
    return ""


def _cancel(unit: UnitOfWork, key: str, form: Form) -> str:
    rounds.cancel_round(unit.session, unit.actor, key, now=unit.now)
    return "round_cancelled"


def _fix(fixed: str | None, said: str) -> Step:
    def fix(unit: UnitOfWork, key: str, form: Form) -> str:
        pair = form.read(Pair)
        args = (unit.session, unit.actor, key, (pair.candidate, pair.vacancy))
        rounds.fix_pair(*args, fixed=fixed, now=unit.now)
        return said

    return fix


def _order(unit: UnitOfWork, key: str, form: Form) -> str:
    asked = form.read(Order)
    policies.choose_policy(
        unit.session, unit.actor, key, asked.policy, reason=asked.reason, now=unit.now
    )
    return "order_chosen"


def _close(unit: UnitOfWork, key: str, form: Form) -> str:
    rounds.close_round(unit.session, unit.actor, key, now=unit.now)
    return "round_closed"


def _undo_close(unit: UnitOfWork, key: str, form: Form) -> str:
    rounds.undo_close(unit.session, unit.actor, key, note=form.value("note"), now=unit.now)
    return "round_reopened"


STEPS: dict[str, Step] = {
    "solve": _solve,
    "cancel": _cancel,
    "close": _close,
    "undo_close": _undo_close,
    "order": _order,
    "keep": _fix("locked", "pair_kept"),
    "forbid": _fix("forbidden", "pair_forbidden"),
    "free": _fix(None, "pair_free"),
}


def _runs(unit: UnitOfWork) -> bool:
    return rights.has(unit.actor, "rounds.run")


def _look(request: Request, unit: UnitOfWork, row: RoundRow, asked: Form) -> dict[str, Any]:
    """What the page shows of a round in its state, as far as the reader may see people."""
    if row.state in SOLVED and rights.has(unit.actor, "rounds.run"):
        return _look_at_plan(request, unit, row, asked)
    if row.state in BUSY or not _runs(unit):
        return {}
    found = checks.list_checks(unit.session, unit.actor, row.key)
    said = {"say_check": say_check, "say_failure": say_failure}
    on = local_day(unit.now)
    orders = policies.list_policies(unit.session, unit.actor, row.centre_id, on=on)
    return {"checks": found, "links": MENDED_AT, "orders": name_orders(orders), **said}


def _look_at_plan(request: Request, unit: UnitOfWork, row: RoundRow, asked: Form) -> dict[str, Any]:
    paging = turn_pages(request, asked, max(row.summary["placed"], row.summary["unplaced"]))
    part = {"limit": paging.size, "offset": paging.offset}
    plan = cockpit.list_plan(unit.session, unit.actor, row.key, **part)
    unplaced = cockpit.list_unplaced(unit.session, unit.actor, row.key, **part)
    weights = row.policy["weights"]
    return {
        "plan": [(one, draw_score(one.parts, weights), _speak_for(one)) for one in plan],
        "held": insights.list_held(unit.session, unit.actor, row.key),
        "sample": say_sample(row.summary.get("sample", 0)),
        "broken": [
            tell_broken(one)
            for one in cockpit.name_broken(unit.session, row.summary.get("broken", ()))
        ],
        "pairs": cockpit.list_pairs(unit.session, unit.actor, row.key),
        "unplaced": [(one, explain_all(one.reasons, one.titles)) for one in unplaced],
        "paging": paging,
        "orders_cost": [
            (tell_aim(one), tell_difference(one.placements - row.summary["placed"]))
            for one in frontiers.list_points(unit.session, unit.actor, row.key)
            if one.held is None
        ],
        "stayed_out": say_stayed_out(row.summary.get("held_out", {})),
    }


def _speak_for(row: cockpit.PlanRow) -> list[str]:
    return [*filter(None, [tell_facts(row.facts)]), *explain_all(row.reasons, row.titles)]
