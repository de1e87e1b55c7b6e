"""Reasons of the engine in sentences, as a colleague would say them.

Whoever reads them learns what stands in the way, never where it comes from: a restriction by law or
court, a limit of health and a wish of the person's own sound the same.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from matching.cockpit import BrokenRow
from quota.terms import group_names
from web.i18n import N_, get_locale, gettext, ngettext, number, tenge
from web.words import word

Reason = Mapping[str, Any]
Titles = Mapping[str, str]

# What keeps a person from vacancies; said with their number.
BARS: Mapping[str, str] = {
    "category": N_("kept for another category"),
    "conditions": N_("the conditions of work do not suit"),
    "consent": N_("no written consent to matching yet"),
    "dates": N_("the person is free too late"),
    "distance": N_("too far from home"),
    "forbidden": N_("ruled out for this person earlier"),
    "hours": N_("the hours do not fit"),
    "licence": N_("a licence is missing"),
    "moving": N_("away from home for weeks"),
    "pay": N_("paid less than the person accepts"),
    "place": N_("not at this place"),
    "profession": N_("another profession than the chosen ones"),
    "workplace": N_("not this kind of workplace"),
}

# What a change would have to be, for one vacancy.
CHANGES: Mapping[str, str] = {
    "conditions": N_("other conditions of work"),
    "consent": N_("a written consent to matching"),
    "dates": N_("a place kept %(days)s days longer"),
    "gate": N_("what comes first for this person, settled"),
    "hours": N_("hours moved by %(span)s a week"),
    "km": N_("a way of %(known)s km instead of %(most)s"),
    "licence": N_("a licence: %(missing)s"),
    "minutes": N_("a way of %(known)s minutes instead of %(most)s"),
    "minutes_by_district": N_(
        "a way of %(known)s minutes, as recorded for the district, instead of %(most)s"
    ),
    "moving": N_("a yes to work away from home"),
    "pay": N_("%(offered)s paid, where %(accepted)s is the least accepted"),
    "profession": N_("another profession: %(isco08)s"),
}

SENTENCES: Mapping[str, str] = {
    "course_closed": N_("“%(course)s” would gather too few people for “%(vacancy)s”."),
    "course_elsewhere": N_("The course is in another district."),
    "course_full": N_("“%(course)s”, the way to “%(vacancy)s”, has no seat left."),
    "course_limits": N_("“%(course)s”, the way to “%(vacancy)s”, takes no more people."),
    "displaced_plan": N_("Not this workplace with this plan: %(vacancies)s."),
    "displaced_policy": N_("Kept free by the order of the round's goals: %(vacancies)s."),
    "displaced_priority": N_("Given to people with priority by law: %(vacancies)s."),
    "displaced_promise": N_("Promised to others: %(vacancies)s."),
    "displaced_quota": N_("Kept for a quota that goes first in the order of goals: %(vacancies)s."),
    "distance_unknown": N_("How far it is has not been recorded."),
    "full": N_("Taken in the best plan: %(vacancies)s."),
    "hours_unknown": N_("The hours of the job have not been recorded."),
    "minutes_by_district": N_(
        "Whether it is too far was judged by minutes recorded for the district, not for the place."
    ),
    "no_vacancies": N_("There were no vacancies."),
    "other_district": N_("The job is in another district."),
    "runner_up": N_("Next best: “%(vacancy)s”, %(behind)s points behind."),
    "runner_up_better": N_(
        "“%(vacancy)s” would be %(behind)s points better for this person, but the plan as a whole"
        " gains by giving it to others."
    ),
    "runner_up_equal": N_("Just as good: “%(vacancy)s”."),
}

# Promises that a plan does not keep.
BROKEN: Mapping[str, str] = {
    "absent": N_("Not kept: %(pairs)s. The person or the place is not in this round."),
    "barred": N_("Not kept: %(pairs)s. In the way: %(why)s."),
    "by_course": N_("Not kept: %(pairs)s. Only a course leads there, and it cannot run for that."),
    "clash": N_(
        "These pairs cannot all be kept; without any one of them the others can: %(pairs)s."
    ),
    "outranked": N_(
        "Not kept: %(pairs)s. It could be, but the order of goals puts something else first."
    ),
}

# Said of several vacancies at once.
MISSED = (
    "full",
    "displaced_plan",
    "displaced_policy",
    "displaced_priority",
    "displaced_promise",
    "displaced_quota",
)


def explain(reason: Reason, titles: Titles) -> str:
    """The sentence of one reason that is not of MISSED. Raises KeyError for a code without one."""
    code, params = reason["code"], reason["params"]
    if code == "change":
        return _tell_change(params, titles)
    if code in BARS:
        return _tell_bar(code, params)
    behind = params.get("behind", 0)
    if code == "runner_up" and behind <= 0:
        code = "runner_up_better" if behind else "runner_up_equal"
    named = {name: titles.get(str(params.get(name)), "—") for name in ("vacancy", "course")}
    told = gettext(SENTENCES[code]) % {"behind": number(abs(behind)), **named}
    return f"{told} {_tell_cost(params)}".rstrip()


def _tell_cost(params: Mapping[str, Any]) -> str:
    """What this place for this person would cost the plan, by the goal that decides; "" if not known."""
    if not params.get("cost"):
        return ""
    goal, loss = params["cost"][0]
    sentence = gettext("A place there would cost the plan as a whole: %(goal)s −%(loss)s.")
    return sentence % {"goal": word("goal", goal), "loss": number(loss)}


def explain_all(reasons: Sequence[Reason], titles: Titles) -> list[str]:
    """One sentence a reason; vacancies that are missed for the same reason stand in one."""
    told = []
    for code, alike in _group(reasons).items():
        if code in MISSED:
            names = {titles.get(one["params"]["vacancy"], "—"): one for one in reversed(alike)}
            quoted = ", ".join(_quote(name, names[name]["params"]) for name in reversed(names))
            told.append(gettext(SENTENCES[code]) % {"vacancies": quoted})
        else:
            told += [explain(reason, titles) for reason in alike]
    return told


def _quote(title: str, params: Mapping[str, Any]) -> str:
    """A vacancy's title, with what a place there would cost the plan where that is known."""
    if "goal" not in params:
        return gettext("“%(title)s”") % {"title": title}
    price = {"goal": word("goal", params["goal"]), "loss": number(params["loss"])}
    return gettext("“%(title)s” (would cost the plan: %(goal)s −%(loss)s)") % {
        "title": title,
        **price,
    }


def _group(reasons: Sequence[Reason]) -> dict[str, list[Reason]]:
    groups: dict[str, list[Reason]] = {}
    for reason in reasons:
        by = reason["params"].get("by")
        groups.setdefault(f"{reason['code']}_{by}" if by else reason["code"], []).append(reason)
    return groups


def tell_broken(row: BrokenRow) -> str:
    """A promise that is not kept, or several that clash."""
    pairs = [
        gettext("%(name)s – “%(title)s”") % {"name": name or gettext("erased"), "title": title}
        for name, title in row.pairs
    ]
    why = "; ".join(gettext(BARS[rule]) for rule in row.rules)
    return gettext(BROKEN[row.code]) % {"pairs": ", ".join(pairs), "why": why}


def tell_facts(facts: Mapping[str, int]) -> str:
    """What speaks for a choice, as a few sentences."""
    told = [_tell_way(facts), _tell_rank(facts), _tell_pay(facts)]
    return " ".join(filter(None, told))


def _tell_way(facts: Mapping[str, int]) -> str:
    shown = {name: number(value) for name, value in facts.items()}
    told = []
    if 0 in (facts.get("minutes"), facts.get("km")):
        told.append(gettext("In the place where the person lives."))
    elif facts.get("by_district"):
        told.append(gettext("%(minutes)s minutes to work, as recorded for the district.") % shown)
    elif "minutes" in facts:
        told.append(gettext("%(minutes)s minutes to work.") % shown)
    elif "km" in facts:
        told.append(gettext("%(km)s km to work.") % shown)
    if facts.get("options") == 1:
        told.append(gettext("The only job that suits."))
    elif facts.get("farther"):
        sentence = ngettext(
            "Of the %(options)s jobs that suit, %(farther)s is farther.",
            "Of the %(options)s jobs that suit, %(farther)s are farther.",
            facts["farther"],
        )
        told.append(sentence % shown)
    return " ".join(told)


def _tell_rank(facts: Mapping[str, int]) -> str:
    if "rank" not in facts:
        return ""
    if facts["rank"] == 1:
        return gettext("The first choice of profession.")
    return gettext("Choice %(rank)s of the professions.") % {"rank": facts["rank"]}


def _tell_pay(facts: Mapping[str, int]) -> str:
    if "wanted" not in facts:
        return ""
    shown = {"pay": tenge(facts["pay"]), "wanted": tenge(facts["wanted"])}
    if facts["pay"] >= facts["wanted"]:
        return gettext("Pays %(pay)s, no less than was wanted.") % shown
    return gettext("Pays %(pay)s; %(wanted)s was wanted.") % shown


def _tell_bar(code: str, params: Mapping[str, Any]) -> str:
    together, alone = params["together"], params["alone"]
    sentence = ngettext(
        "%(together)s vacancy: %(why)s.", "%(together)s vacancies: %(why)s.", together
    )
    told = sentence % {"together": number(together), "why": gettext(BARS[code])}
    if not alone:
        return told
    more = ngettext(
        "For %(alone)s of them nothing else stands in the way.",
        "For %(alone)s of them nothing else stands in the way.",
        alone,
    )
    return f"{told} {more % {'alone': number(alone)}}"


def _tell_change(params: Mapping[str, Any], titles: Titles) -> str:
    needed = tell_needs(params["needed"])
    title = titles.get(params["vacancy"], "—")
    sentence = gettext("The smallest change: %(needed)s. Then “%(vacancy)s” is open.")
    return sentence % {"needed": needed, "vacancy": title}


def tell_needs(needed: Sequence[Reason]) -> str:
    """What would have to be, in one line."""
    return "; ".join(dict.fromkeys(_tell_need(need) for need in needed))


def _tell_need(need: Reason) -> str:
    code, params = need["code"], dict(need["params"])
    if code == "distance":
        unit = "minutes" if "minutes" in params else "km"
        params["known"] = params[unit]
        code = "minutes_by_district" if params.pop("by_district", False) else unit
    shown = {name: value if isinstance(value, str) else "" for name, value in params.items()}
    shown |= {name: number(value) for name, value in params.items() if isinstance(value, int)}
    return gettext(CHANGES[code]) % (shown | _tell_special(code, params))


def _tell_special(code: str, params: Mapping[str, Any]) -> dict[str, str]:
    match code:
        case "dates":
            return {"days": number(params["free_in"] - params["last"])}
        case "hours":
            return {"span": _tell_span(params["minutes"])}
        case "licence":
            return {"missing": ", ".join(params["missing"])}
        case "pay":
            return {"offered": tenge(params["offered"]), "accepted": tenge(params["accepted"])}
        case "profession":
            return {"isco08": name_profession(params["isco08"])}
    return {}


def name_profession(isco08: str) -> str:
    """The name of a unit group in the reader's language, or else in Russian."""
    names = _names()[isco08]
    return names[get_locale()] or names["ru"]


@cache
def _names() -> dict[str, dict[str, str]]:
    return group_names()


def _tell_span(minutes: int) -> str:
    if minutes < 60:
        return gettext("%(number)s minutes") % {"number": minutes}
    hours = ngettext("%(number)s hour", "%(number)s hours", -(-minutes // 60))
    return hours % {"number": -(-minutes // 60)}
