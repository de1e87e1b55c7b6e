"""What a solved round teaches: whom to call first, and what would give one person a place."""

from litestar import Controller, get
from litestar.params import FromPath

from matching import cockpit, insights, studies
from matching.insights import PriceRow, RemedyRow, Vacant
from web.explanations import BARS, name_profession, tell_needs
from web.forms import Typed
from web.geography import place_name
from web.guards import may
from web.i18n import gettext, ngettext, number, tenge
from web.round_checks import say_failure
from web.site import Answer, Request, Unit, last_news, page
from web.words import word


class Insights(Controller):
    path = "/rounds/{key:str}"
    guards = (may("rounds.run"),)

    @get("/prices", sync_to_thread=True)
    def browse(self, request: Request, unit: Unit, key: FromPath[str], asked: Typed) -> Answer:
        """The call list, by vacancy, employer, profession or district."""
        by = asked.choose("by", insights.GROUPS) if asked.value("by") else insights.GROUPS[0]
        row = cockpit.show_round(unit.session, unit.actor, key)
        prices = insights.list_prices(unit.session, unit.actor, key, by=by)
        rows = [(price, _name(price, by), tell_gains(price.gains)) for price in prices]
        study = studies.show_study(unit.session, unit.actor, key, studies.PRICES)
        busy = bool(study and study.busy)
        return page(
            request,
            "rounds/prices.html",
            block="work",
            status=last_news(request, 200, busy=busy),
            row=row,
            rows=rows,
            by=by,
            groups=insights.GROUPS,
            held=insights.list_held(unit.session, unit.actor, key),
            vacant=[
                (one, tell_vacant(one.why))
                for one in insights.list_vacant(unit.session, unit.actor, key)
            ],
            study=study,
            busy=busy,
            say_failure=say_failure,
        )

    @get("/people/{candidate:str}", sync_to_thread=True)
    def show(
        self, request: Request, unit: Unit, key: FromPath[str], candidate: FromPath[str]
    ) -> Answer:
        """Changes that would give one person a place, each solved again for this page."""
        row = cockpit.show_round(unit.session, unit.actor, key)
        found = insights.list_remedies(unit.session, unit.actor, key, candidate)
        name = cockpit.open_names(unit.session, {candidate}).get(candidate, "")
        rows = [(one, tell_remedy(one), tell_gains(one.gains)) for one in found]
        return page(request, "rounds/remedies.html", row=row, name=name, rows=rows)


def tell_vacant(why: Vacant) -> str:
    """Why places stay open, naming nobody: fit for an employer to read."""
    people = ngettext("%(number)s person", "%(number)s people", why.people)
    shown = {"people": people % {"number": number(why.people)}}
    if why.code == "nobody":
        counts = [(reason.params["together"], gettext(BARS[reason.code])) for reason in why.reasons]
        told = "; ".join(f"{text}: {number(count)}" for count, text in counts)
        return gettext("Nobody of the round may take it. %(told)s") % {"told": told}
    if why.code == "reserved":
        return gettext("Kept for another category; %(people)s would suit otherwise.") % shown
    if why.code == "by_course":
        return gettext("Only after a course; %(people)s could come by one.") % shown
    told = (
        gettext("%(people)s could come; the plan as a whole is better with them elsewhere.") % shown
    )
    if not why.cost:
        return told
    price = tell_gains(tuple((goal, -amount) for goal, amount in why.cost))
    return f"{told} {gettext('Somebody here would change it by: %(price)s.') % {'price': price}}"


def tell_gains(gains: tuple[tuple[str, int], ...]) -> str:
    """Gains goal by goal, the deciding one first. Less shortage is told as more places filled."""
    told = (f"{word('goal', goal)} {_sign(amount)}" for goal, amount in gains)
    return "; ".join(told)


def _sign(amount: int) -> str:
    return f"{'+' if amount > 0 else '−'}{number(abs(amount))}"


def _name(price: PriceRow, by: str) -> str:
    if price.kind == "budget":
        return gettext("%(step)s more for courses") % {"step": tenge(price.step)}
    if by == "profession" and price.key == price.name:
        return name_profession(price.name)
    return place_name(dict(price.names)) if price.names else price.name or gettext("erased")


def tell_remedy(remedy: RemedyRow) -> str:
    """What would have to be for one person's place, a course last."""
    needs = tell_needs([need for need in remedy.needed if need["code"] != "retraining"])
    if not remedy.course_key:
        return needs
    title = remedy.titles.get(remedy.course_key, "—")
    course = gettext("a course: “%(course)s”") % {"course": title}
    return f"{needs}; {course}" if needs else course
