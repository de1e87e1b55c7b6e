"""Variants of a round: what would change, side by side and person by person, before anybody signs."""

from dataclasses import asdict, dataclass, field
from typing import Any

from litestar import Controller, get, post
from litestar.params import FromPath

from matching import cockpit, policies, variants
from matching.policies import PolicyRow
from matching.variants import Opening, Wish
from quota.calendar import local_day
from quota.errors import Invalid, NotFound
from web.explanations import tell_broken
from web.forms import Form, Typed
from web.guards import may
from web.i18n import tenge
from web.round_checks import count_standard, say_failure, tell_standard
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, last_news, page
from web.words import known_word


@dataclass(frozen=True, slots=True)
class Trial:
    name: str = field(metadata={"most": 80})
    policy: str = field(default="", metadata={"most": 40})
    vacancy: str = field(default="", metadata={"most": 40})
    places: int = 0
    pay: int | None = None
    candidate: str = field(default="", metadata={"most": 40})
    fixed: str = field(default="", metadata={"most": 10})


@dataclass(frozen=True, slots=True)
class Reason:
    reason: str = field(metadata={"most": 500})


class Variants(Controller):
    path = "/rounds/{key:str}/variants"
    guards = (may("rounds.run"),)

    @get(sync_to_thread=True)
    def browse(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        return _browse(request, unit, key, Form.blank())

    @post(sync_to_thread=True)
    def attempt(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        """Asks for the round to be solved once more with something changed, the plan kept beside it."""
        try:
            trial = form.read(Trial)
            wish = Wish(**{k: v for k, v in asdict(trial).items() if k != "name"})
            made = variants.try_wish(unit.session, unit.actor, key, trial.name, wish, now=unit.now)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _browse(request, unit, key, form, status=422)
        return go(request, f"/rounds/{key}/variants/{made.key}")

    @get("/{variant:str}", sync_to_thread=True)
    def show(
        self, request: Request, unit: Unit, key: FromPath[str], variant: FromPath[str]
    ) -> Answer:
        return _show(request, unit, (key, variant), Form.blank())

    @post("/{variant:str}", sync_to_thread=True)
    def choose(
        self,
        request: Request,
        unit: Unit,
        key: FromPath[str],
        variant: FromPath[str],
        form: Typed,
    ) -> Answer:
        try:
            reason = form.read(Reason).reason
            variants.choose_variant(
                unit.session, unit.actor, key, variant, reason=reason, now=unit.now
            )
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show(request, unit, (key, variant), form, status=422)
        flash(request, "variant_chosen")
        return go(request, f"/rounds/{key}")


def _browse(
    request: Request, unit: UnitOfWork, key: str, form: Form, *, status: int = 200
) -> Answer:
    row = cockpit.show_round(unit.session, unit.actor, key)
    on = local_day(unit.now)
    orders = policies.list_policies(unit.session, unit.actor, row.centre_id, on=on)
    rows = [(v, asdict(v.measures) if v.measures else {}) for v in _list(unit, key)]
    busy = any(variant.study.busy for variant, _ in rows)
    context: dict[str, Any] = {
        "row": row,
        "own": asdict(variants.show_round_measures(unit.session, unit.actor, key)),
        "own_standard": row.summary.get("standard"),
        "rows": rows,
        "busy": busy,
        "count_standard": count_standard,
        "orders": name_orders(orders),
        "openings": [
            (o.key, _name(o)) for o in variants.list_openings(unit.session, unit.actor, key)
        ],
    }
    status = last_news(request, status, busy=busy)
    return page(request, "variants/list.html", block="work", form=form, status=status, **context)


def _list(unit: UnitOfWork, key: str) -> list[variants.VariantRow]:
    return variants.list_variants(unit.session, unit.actor, key)


def _show(
    request: Request,
    unit: UnitOfWork,
    keys: tuple[str, str],
    form: Form,
    *,
    status: int = 200,
) -> Answer:
    key, variant_key = keys
    row = cockpit.show_round(unit.session, unit.actor, key)
    moves = variants.list_variant_moves(unit.session, unit.actor, key, variant_key)
    variant = next((v for v in _list(unit, key) if v.key == variant_key), None)
    if variant is None:  # of a problem the round no longer has
        raise NotFound("not_found")
    context: dict[str, Any] = {
        "row": row,
        "moves": moves,
        "variant": variant,
        "standard": _tell_standard(variant),
        "broken": [tell_broken(one) for one in cockpit.name_broken(unit.session, variant.broken)],
        "say_failure": say_failure,
    }
    status = last_news(request, status, busy=variant.study.busy)
    return page(request, "variants/show.html", block="work", form=form, status=status, **context)


def _tell_standard(variant: variants.VariantRow) -> str:
    if variant.measures is None:
        return ""
    return tell_standard({"standard": variant.standard, "placed": variant.measures.placements})


def name_orders(orders: list[PolicyRow]) -> list[tuple[str, str]]:
    return [(order.key, known_word("policy", order.name)) for order in orders]


def _name(opening: Opening) -> str:
    return f"{opening.title}, {opening.employer}: {tenge(opening.pay_from)}"
