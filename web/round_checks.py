"""What to look at before a round is solved, and why one failed, in sentences."""

from collections.abc import Mapping
from typing import Any

from web.i18n import N_, NN_, gettext, ngettext, number
from web.words import word

CHECKS: Mapping[str, tuple[str, str, str]] = {
    "enter": NN_("%(num)s person enters the round.", "%(num)s people enter the round.", "num"),
    "in_progress": NN_(
        "%(num)s person is in progress already: proposed, referred or at work.",
        "%(num)s people are in progress already: proposed, referred or at work.",
        "num",
    ),
    "no_consent": NN_(
        "%(num)s ready person has not consented to matching in writing and stays out.",
        "%(num)s ready people have not consented to matching in writing and stay out.",
        "num",
    ),
    "no_location": NN_(
        "%(num)s person lives where no distance is known.",
        "%(num)s people live where no distance is known.",
        "num",
    ),
    "no_profession": NN_(
        "%(num)s person has no confirmed profession and is considered for unskilled work only.",
        "%(num)s people have no confirmed profession and are considered for unskilled work only.",
        "num",
    ),
    "open_places": NN_("%(num)s place is open.", "%(num)s places are open.", "num"),
    "unread_hours": NN_(
        "%(num)s person's record cannot be read and stays out until it is corrected.",
        "%(num)s people's records cannot be read and stay out until they are corrected.",
        "num",
    ),
    "unread_restriction": NN_(
        "%(num)s person's record cannot be read and stays out until it is corrected.",
        "%(num)s people's records cannot be read and stay out until they are corrected.",
        "num",
    ),
    "vacancies": NN_("%(num)s vacancy is listed.", "%(num)s vacancies are listed.", "num"),
    "waits_for_support": NN_(
        "%(num)s person waits for a support step and stays out until it is done.",
        "%(num)s people wait for a support step and stay out until it is done.",
        "num",
    ),
}
# Whom the picture of a round left out, by reason, in the order it is told.
STAYED_OUT = (
    "waits_for_support",
    "no_consent",
    "in_progress",
    "unread_hours",
    "unread_restriction",
)

FAILURES: Mapping[str, str] = {
    "app_stopped": N_("the application was stopped meanwhile."),
    "outdated": N_("the round was solved anew meanwhile."),
    "plan_refused": N_(
        "the independent check refused the plan; your administrator finds it in the log."
    ),
    "process_ended": N_("the solving process ended without an answer."),
    "process_lost": N_("the solving process fell silent."),
    "solver_error": N_("the solver met an error; your administrator finds it in the log."),
}


def say_check(code: str, count: int) -> str:
    """Raises KeyError for a code without a sentence."""
    one, many, name = CHECKS[code]
    return ngettext(one, many, count) % {name: number(count)}


def say_failure(code: str) -> str:
    """Why a round failed; an unknown code is an error of the solver."""
    return gettext(FAILURES.get(code, FAILURES["solver_error"]))


def tell_standing(progress: Mapping[str, Any]) -> list[str]:
    """How the people placed and the first goal not settled stand while a round is solved: what the plan
    has so far, and what the best plan cannot pass."""
    tiers = progress.get("tiers", ())
    unsettled = [tier for tier in tiers if tier["value"] != tier["bound"]]
    shown = [t for t in tiers if t in unsettled[:1] or t["name"] == "placements"]
    return [_tell_tier(tier["name"], tier["value"], tier["bound"]) for tier in shown]


def _tell_tier(name: str, value: int, bound: int) -> str:
    shown = {"goal": word("goal", name), "value": number(value), "bound": number(bound)}
    if name == "placements":
        return (
            gettext("Placed so far: %(value)s; the best plan has no more than %(bound)s.") % shown
        )
    if name == "shortage":
        return (
            gettext("Quota gaps so far: %(value)s; the best plan has no fewer than %(bound)s.")
            % shown
        )
    return gettext("%(goal)s so far: %(value)s; the best plan has no more than %(bound)s.") % shown


def tell_standard(summary: Mapping[str, Any]) -> str:
    """What the order of a plan costs or gains in people placed, against the standard order; "" where that is
    the order of the plan."""
    standard = summary.get("standard")
    if not standard:
        return ""
    more = standard["value"] - summary["placed"]
    shown = {"number": count_standard(standard), "more": f"{more:+d}".replace("-", "\u2212")}
    if more:
        said = gettext(
            "The standard order of goals, with the same points and limits, would place %(number)s:"
            " %(more)s against this plan. It settles promises and people with priority by law"
            " before the number of people placed."
        )
    else:
        said = gettext(
            "The standard order of goals, with the same points and limits, would place as many:"
            " %(number)s."
        )
    return said % shown


def count_standard(standard: Mapping[str, Any]) -> str:
    """People the standard order places, marked where more are not ruled out."""
    value = number(standard["value"])
    if standard["value"] == standard["bound"]:
        return value
    return gettext("at least %(number)s") % {"number": value}


def say_sample(checked: int) -> str:
    """How many of the costs that reasons tell were solved again; "" where none is told."""
    if not checked:
        return ""
    return ngettext(
        "%(num)s of the costs told here, drawn at random, was solved again and came out the same.",
        "%(num)s of the costs told here, drawn at random, were solved again and came out the same.",
        checked,
    ) % {"num": number(checked)}


def say_stayed_out(held_out: Mapping[str, int]) -> list[str]:
    """Who is not in the picture of a round, as numbers of people with their reason."""
    return [say_check(code, held_out[code]) for code in STAYED_OUT if held_out.get(code)]
