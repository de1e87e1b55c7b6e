"""The frontier of a round: plans of which none is better in every respect, and wishes in turn."""

from dataclasses import dataclass, field
from typing import Any

from litestar import Controller, get, post
from litestar.params import FromPath

from matching import cockpit, frontiers, studies, variants
from matching.frontiers import PointRow
from quota.errors import Invalid
from web import plots
from web.forms import Form, Typed
from web.guards import may
from web.i18n import gettext, ngettext, number
from web.round_checks import say_failure
from web.site import Answer, Request, Unit, UnitOfWork, go, last_news, page
from web.words import word


@dataclass(frozen=True, slots=True)
class Share:
    share: int = field(metadata={"least": 1})


class Frontiers(Controller):
    path = "/rounds/{key:str}/frontier"
    guards = (may("rounds.run"),)

    @get(sync_to_thread=True)
    def browse(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        return _browse(request, unit, key, Form.blank(share=90))

    @post(sync_to_thread=True)
    def attempt(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        """Tries a point, or wishes in turn, as a variant to be compared and signed."""
        try:
            made = _attempt(unit, key, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _browse(request, unit, key, form, status=422)
        return go(request, f"/rounds/{key}/variants/{made.key}")


def _attempt(unit: UnitOfWork, key: str, form: Form) -> variants.Variant:
    where = (unit.session, unit.actor, key)
    if form.value("point"):
        numbers = [str(point.number) for point in frontiers.list_points(*where)]
        chosen = int(form.choose("point", numbers))
        name = gettext("Plan %(number)s of the frontier") % {"number": chosen}
        return frontiers.try_point(*where, chosen, name, now=unit.now)
    share = form.read(Share).share
    name = gettext("Wishes in turn, at %(share)s %% of the best plan") % {"share": share}
    return frontiers.try_preferences(*where, share, name, now=unit.now)


def _browse(
    request: Request, unit: UnitOfWork, key: str, form: Form, *, status: int = 200
) -> Answer:
    row = cockpit.show_round(unit.session, unit.actor, key)
    study = studies.show_study(unit.session, unit.actor, key, studies.FRONTIER)
    points = frontiers.list_points(unit.session, unit.actor, key)
    busy = bool(study and study.busy)
    placed = row.summary.get("placed", 0)
    context: dict[str, Any] = {
        "row": row,
        "study": study,
        "busy": busy,
        "rows": [(one, tell_aim(one), tell_difference(one.placements - placed)) for one in points],
        "picture": draw_points(points) if len(points) > 1 else None,
        "say_failure": say_failure,
        "form": form,
    }
    status = last_news(request, status, busy=busy)
    return page(request, "rounds/frontier.html", block="work", status=status, **context)


def draw_points(points: list[PointRow]) -> plots.Scatter:
    """People placed against points in all, numbered as in the table."""
    names = (word("goal", "placements"), word("goal", "score"))
    dots = [
        (one.placements, one.score, f"{number(one.placements)}, {number(one.score)}")
        for one in points
    ]
    return plots.draw_points(dots, names, number)


def tell_aim(point: PointRow) -> str:
    """What leads to a point: the goal held at a level, or else the goal that comes first."""
    if point.held is None:
        return gettext("%(goal)s first") % {"goal": word("goal", point.order[0])}
    goal, value = point.held
    if goal == "patient":
        return ngettext(
            "everybody who waited %(number)s day or longer has a place",
            "everybody who waited %(number)s days or longer has a place",
            value,
        ) % {"number": number(value)}
    if goal == "shortage":
        return gettext("shortage of quota places at most %(number)s") % {"number": number(value)}
    return gettext("%(goal)s at least %(number)s") % {
        "goal": word("goal", goal),
        "number": number(value),
    }


def tell_difference(more: int) -> str:
    """People placed more or fewer than in the round's plan."""
    if not more:
        return gettext("as many")
    return f"{'+' if more > 0 else '−'}{number(abs(more))}"
