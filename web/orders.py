"""Orders of goals: named, dated policies of a centre, recorded once with a reason, each from another."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from litestar import Controller, get, post
from litestar.params import FromPath

from matching import policies
from matching.policies import GOALS, NewOrder, PolicyRow, range_of
from quota.calendar import local_day
from quota.errors import Invalid
from web.act_words import name_act
from web.explanations import BARS
from web.forms import Form, Typed
from web.guards import may
from web.i18n import gettext, number, percent, tenge
from web.order_words import MEANINGS, OPTIONAL, PARTS, UNITS
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page
from web.words import WORDS, known_word, word


@dataclass(frozen=True, slots=True)
class Named:
    name: str = field(metadata={"most": 80})
    reason: str = field(metadata={"most": 500})
    since: date
    copied: str = field(default="", metadata={"most": 40})
    goal1: str = field(default="", metadata={"most": 20})
    goal2: str = field(default="", metadata={"most": 20})
    goal3: str = field(default="", metadata={"most": 20})
    goal4: str = field(default="", metadata={"most": 20})
    goal5: str = field(default="", metadata={"most": 20})
    goal6: str = field(default="", metadata={"most": 20})

    @property
    def goals(self) -> tuple[str, ...]:
        goals = (self.goal1, self.goal2, self.goal3, self.goal4, self.goal5, self.goal6)
        return tuple(goal for goal in goals if goal)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Nothing that has to be there has a value of its own here: an emptied field is a fault."""

    profession: int
    pay: int
    travel: int
    experience: int
    replies: int
    share1: int
    course_share: int
    similarity: int
    taught_similarity: int
    hold_days: int
    course_days: int
    travel_minutes: int
    travel_km: int
    full_experience_years: int
    case_limit: int
    prior_replies: int
    prior_referrals: int
    reserve_target: int
    share2: int | None = None
    share3: int | None = None
    share4: int | None = None
    share5: int | None = None
    course_budget: int | None = None
    preference_share: int | None = None


class Orders(Controller):
    path = "/rounds/orders"
    guards = (may("rounds.run"),)

    @get(sync_to_thread=True)
    def browse(self, request: Request, unit: Unit) -> Answer:
        rows = _list(unit, on=date.max)
        names = {row.key: known_word("policy", row.name) for row in rows}
        return page(request, "orders/list.html", rows=rows, names=names)

    @get("/new", sync_to_thread=True)
    def ask(self, request: Request, unit: Unit, asked: Typed) -> Answer:
        """A form filled in from the order to copy, which is the last in force unless another is named."""
        known = {row.key: row for row in _list(unit, on=date.max)}
        latest = next(reversed(_list(unit, on=local_day(unit.now))), None)
        copied = known.get(asked.value("copy"), latest)
        return _ask(request, unit, _begin(unit, copied))

    @post("/new", sync_to_thread=True)
    def record(self, request: Request, unit: Unit, form: Typed) -> Answer:
        try:
            stored = _record(unit, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _ask(request, unit, form, status=422)
        flash(request, "order_recorded")
        return go(request, f"/rounds/orders/{stored.key}")

    @get("/{key:str}", sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        row, *copied = policies.show_policy(unit.session, unit.actor, _centre(unit), key)
        source = copied[0] if copied else None
        context: dict[str, Any] = {
            "row": row,
            "name": known_word("policy", row.name),
            "goals": tell_goals(row.goals),
            "numbers": {part: list(_tell_all(row, names)) for part, names in PARTS.items()},
            "copied": source,
            "copied_name": known_word("policy", source.name) if source else "",
            "differences": tell_differences(row, source) if source else [],
            "rules": tell_rules(),
        }
        return page(request, "orders/show.html", **context)


def tell_goals(goals: tuple[str, ...]) -> str:
    return ", ".join(f"{at}. {word('goal', goal)}" for at, goal in enumerate(goals, 1))


def tell_differences(row: PolicyRow, source: PolicyRow) -> list[tuple[str, str, str]]:
    """What is otherwise than in the order copied: (what, there, here)."""
    told = []
    if row.goals != source.goals:
        first = gettext("Goals, the first one first")
        told.append((first, tell_goals(source.goals), tell_goals(row.goals)))
    for name in UNITS:
        there, here = source.numbers.get(name), row.numbers.get(name)
        if there != here:
            told.append((word("policy_number", name), _tell(name, there), _tell(name, here)))
    return told


def tell_rules() -> list[tuple[str, str, str]]:
    """The hard rules: what each looks at, what it says to the person, and the act it follows."""
    return [
        (_name_rule(rule), gettext(BARS[rule.shown_as]), name_act(rule.act) or "—")
        for rule in policies.list_rules()
    ]


def _name_rule(rule: policies.RuleRow) -> str:
    if rule.code == "appointments":
        return f"{word('rule', 'reporting')}, {word('rule', 'treatment')}"
    if rule.code in WORDS["rule"]:
        return word("rule", rule.code)
    return word("tested", rule.shown_as)


def _tell_all(row: PolicyRow, names: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(word("policy_number", name), _tell(name, row.numbers.get(name))) for name in names]


def _tell(name: str, value: int | None) -> str:
    """A number with its unit, or what it means that there is none."""
    if value is None:
        return gettext("no bound") if name == "course_budget" else "—"
    if UNITS[name] == "percent":
        return percent(value / 100)
    if UNITS[name] == "tenge":
        return tenge(value)
    return number(value) if UNITS[name] == "cases" else f"{number(value)} {_unit(name)}"


def _unit(name: str) -> str:
    return word("policy_unit", UNITS[name])


def _begin(unit: UnitOfWork, copied: PolicyRow | None) -> Form:
    if copied is None:
        return Form.blank(since=local_day(unit.now))
    goals = {f"goal{at}": goal for at, goal in enumerate(copied.goals, 1)}
    given = {"since": local_day(unit.now), "copied": copied.key}
    return Form.blank(**given, **goals, **copied.numbers)


def _record(unit: UnitOfWork, form: Form) -> policies.StoredPolicy:
    named, numbers = _read(form)
    order = NewOrder(
        named.name, named.since, named.reason, named.goals, asdict(numbers), named.copied
    )
    return policies.record_order(
        unit.session, unit.actor, order, centre_id=_centre(unit), now=unit.now
    )


def _read(form: Form) -> tuple[Named, Numbers]:
    """Both halves of the form. Raises Invalid with the faults of both."""
    read: list[Any] = []
    faults: list[Any] = []
    for shape in (Named, Numbers):
        try:
            read.append(form.read(shape))
        except Invalid as refusal:
            faults.extend(refusal.faults)
    if faults:
        raise Invalid(*faults)
    named, numbers = read
    return named, numbers


def _ask(request: Request, unit: UnitOfWork, form: Form, *, status: int = 200) -> Answer:
    rows = _list(unit, on=date.max)
    source = next((row for row in rows if row.key == form.value("copied")), None)
    return page(
        request,
        "orders/new.html",
        form=form,
        goals=[(goal, word("goal", goal)) for goal in GOALS],
        parts=PARTS,
        optional=OPTIONAL,
        hints={name: _hint(name, source) for name in UNITS},
        labels=_label_fields(),
        source=known_word("policy", source.name) if source else "",
        sources=[(row.key, known_word("policy", row.name)) for row in rows],
        status=status,
    )


def _label_fields() -> dict[str, str]:
    said = {
        "name": gettext("Title"),
        "since": gettext("In force since"),
        "reason": gettext("Reason"),
        "tiers": gettext("Goals, the first one first"),
    }
    return said | {name: word("policy_number", name) for name in UNITS}


def _hint(name: str, source: PolicyRow | None) -> str:
    """What a number does, what it may be, and what it is in the order copied."""
    least, most = range_of(name)
    shown = {"unit": _unit(name), "least": number(least), "most": number(most)}
    said = [gettext("From %(least)s to %(most)s (%(unit)s).") % shown]
    if name in MEANINGS:
        said.insert(0, gettext(MEANINGS[name]))
    if source is not None:
        told = _tell(name, source.numbers.get(name))
        said.append(gettext("In the order copied: %(value)s.") % {"value": told})
    return " ".join(said)


def _list(unit: UnitOfWork, *, on: date) -> list[PolicyRow]:
    return policies.list_policies(unit.session, unit.actor, _centre(unit), on=on)


def _centre(unit: UnitOfWork) -> int:
    centre_id = unit.actor.centre_id
    assert centre_id is not None  # whoever may run rounds belongs to a centre
    return centre_id
