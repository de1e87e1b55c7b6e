"""Orders of goals: named, dated policies of a centre, recorded once with a reason."""

from dataclasses import dataclass, field
from datetime import date

from litestar import Controller, get, post

from matching import policies
from matching.policies import CASE_LIMIT, GOALS, RESERVE_TARGET, NewOrder
from quota.calendar import local_day
from quota.errors import Invalid
from web.forms import Form, Typed
from web.guards import may
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page
from web.words import known_word, word


@dataclass(frozen=True, slots=True)
class Typing:
    name: str = field(metadata={"most": 80})
    reason: str = field(metadata={"most": 500})
    since: date
    goal1: str = field(default="", metadata={"most": 20})
    goal2: str = field(default="", metadata={"most": 20})
    goal3: str = field(default="", metadata={"most": 20})
    goal4: str = field(default="", metadata={"most": 20})
    goal5: str = field(default="", metadata={"most": 20})
    goal6: str = field(default="", metadata={"most": 20})
    reserve_target: int = RESERVE_TARGET
    course_budget: int | None = None
    case_limit: int = CASE_LIMIT

    @property
    def tiers(self) -> tuple[str, ...]:
        goals = (self.goal1, self.goal2, self.goal3, self.goal4, self.goal5, self.goal6)
        return tuple(goal for goal in goals if goal)


class Orders(Controller):
    path = "/rounds/orders"
    guards = (may("rounds.run"),)

    @get(sync_to_thread=True)
    def browse(self, request: Request, unit: Unit) -> Answer:
        goals = {f"goal{at}": goal for at, goal in enumerate(GOALS, 1)}
        limits = {"reserve_target": RESERVE_TARGET, "case_limit": CASE_LIMIT}
        blank = Form.blank(since=local_day(unit.now), **limits, **goals)
        return _browse(request, unit, blank)

    @post(sync_to_thread=True)
    def record(self, request: Request, unit: Unit, form: Typed) -> Answer:
        try:
            _record(unit, form.read(Typing))
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _browse(request, unit, form, status=422)
        flash(request, "order_recorded")
        return go(request, "/rounds/orders")


def _record(unit: UnitOfWork, asked: Typing) -> None:
    centre_id = unit.actor.centre_id
    assert centre_id is not None  # whoever may run rounds belongs to a centre
    order = NewOrder(
        asked.name,
        asked.since,
        asked.reason,
        asked.tiers,
        reserve_target=asked.reserve_target,
        course_budget=asked.course_budget,
        case_limit=asked.case_limit,
    )
    policies.record_order(unit.session, unit.actor, order, centre_id=centre_id, now=unit.now)


def _browse(request: Request, unit: UnitOfWork, form: Form, *, status: int = 200) -> Answer:
    centre_id = unit.actor.centre_id
    assert centre_id is not None
    rows = policies.list_policies(unit.session, unit.actor, centre_id, on=date.max)
    return page(
        request,
        "orders/list.html",
        rows=[(row, known_word("policy", row.name)) for row in rows],
        goals=[(goal, word("goal", goal)) for goal in GOALS],
        form=form,
        status=status,
    )
