"""What pages say of a person: effects of restrictions, priorities, hours, as sentences."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from matching.priorities import Priority
from matching.restrictions import Effect
from web.i18n import N_, day, get_locale, gettext
from web.words import word

EVERY_DAY = "1234567"
_EFFECTS: Mapping[str, str] = {
    "not_free": N_("Not free %(days)s from %(start)s to %(end)s."),
    "not_in_places": N_("No work in: %(places)s."),
    "not_every_workplace": N_("Not every kind of workplace is possible; each vacancy is checked."),
    "notice_before_leaving": N_("Work outside the district needs a notice %(days)s days before."),
    "hours_of_duty": N_("Up to %(hours)s hours a day belong to other duties."),
}
_PRIORITIES: Mapping[str, str] = {
    "by_law": N_("Goes first by law."),
    "corrective_labour_term": N_("Corrective labour: three months without work end soon."),
    "forced_labour_due": N_("Forced labour is due and falls away with a permanent job."),
    "released_within_year": N_("Released within the last year."),
    "long_without_work": N_("Without work for over a year."),
}


def say_effect(effect: Effect, places: Mapping[str, Mapping[str, str]]) -> str:
    """A neutral effect as a sentence; `places` names the KATO codes."""
    params: dict[str, Any] = dict(effect.params)
    if effect.code == "not_free":
        params["days"] = say_days(params["days"] or EVERY_DAY)
    if effect.code == "not_in_places":
        named = (places[kato][get_locale()] for kato in params["places"] if kato in places)
        # Names of towns end in an abbreviation with its own full stop.
        params["places"] = ", ".join(named).rstrip(".")
    return gettext(_EFFECTS[effect.code]) % params


def say_rule(params: Mapping[str, Any], places: Mapping[str, Mapping[str, str]]) -> str:
    """What the params of a restriction say, for those who may read it; `places` names the KATO codes."""
    said = []
    if params.get("start"):
        said.append(
            f"{say_days(params.get('days') or EVERY_DAY)} {params['start']}–{params['end']}"
        )
    said += [places[kato][get_locale()] for kato in params.get("places", ()) if kato in places]
    said += params.get("professions", ())
    if "hours" in params:
        said.append(gettext(N_("%(hours)s hours a day")) % {"hours": params["hours"]})
    if "days_before" in params:
        said.append(gettext(N_("%(days)s days before")) % {"days": params["days_before"]})
    if "jobless_since" in params:
        since = day(date.fromisoformat(params["jobless_since"]))
        said.append(gettext(N_("without work since %(day)s")) % {"day": since})
    return ", ".join(said)


def say_priority(priority: Priority) -> str:
    """A reason to go first, with its day."""
    said = gettext(_PRIORITIES[priority.code])
    if priority.until is None:
        return said
    return f"{said} {gettext(N_('Until %(day)s.')) % {'day': day(priority.until)}}"


def say_days(days: str) -> str:
    """Weekdays as short words; every day as one."""
    if set(days) == set(EVERY_DAY):
        return gettext(N_("every day"))
    return ", ".join(word("weekday", code) for code in sorted(days))


def say_hours(hours: Sequence[Mapping[str, str]]) -> str:
    """When somebody can work; no spans mean any time."""
    if not hours:
        return gettext(N_("any time"))
    return "; ".join(f"{say_days(h['days'])} {h['start']}–{h['end']}" for h in hours)


def say_all(kind: str, codes: Sequence[str]) -> str | None:
    """Words of several codes; None for none."""
    return ", ".join(word(kind, code) for code in codes) or None
