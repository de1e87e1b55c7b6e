"""Fields of a candidate's record that verbs may set, and what each may hold."""

from collections.abc import Mapping, Sequence
from typing import Any

from quota.errors import Fault, fault
from quota.vacancies import FLAGS, LICENCES

# Work conditions a person's health can rule out; vacancies flag the same ones.
CONDITIONS = ("hazardous", "heavy", "night")
MEANS = ("foot", "bus", "car", "other")
EDUCATION = ("none", "basic", "secondary", "vocational", "college", "higher")
CARES = ("child_under_7", "child", "ill_relative", "disabled_relative")
# What has to be sorted out before work: holds the person out of rounds until it is.
NEEDS = ("documents", "housing", "health", "legal", "childcare", "debts", "psychological")

EDITABLE = (
    "number",
    "kato",
    "sex",
    "birth_year",
    "language",
    "status",
    "status_since",
    "earliest_start",
    "released_on",
    "readiness",
    "registered_on",
    "surveyed_on",
    "pay_wanted",
    "pay_accepted",
    "max_minutes",
    "max_km",
    "may_move",
    "hours",
    "licences",
    "avoids",
    "experience_years",
    "retraining_isco08",
    "retraining_title",
    "means",
    "education",
    "certificates",
    "cares",
    "needs",
    "jobless_since",
)
_CHOICES: Mapping[str, Sequence[str]] = {
    "means": ("", *MEANS),
    "education": ("", *EDUCATION),
}
_SUBSETS: Mapping[str, Sequence[str]] = {
    "avoids": FLAGS,
    "licences": LICENCES,
    "cares": CARES,
    "needs": NEEDS,
}


def check_fields(fields: Mapping[str, Any]) -> list[Fault]:
    """What is wrong with EDITABLE fields, beside status and readiness."""
    faults = [fault(name, "unknown_field") for name in fields if name not in EDITABLE]
    faults += [
        fault(name, "unknown_choice")
        for name, offered in _CHOICES.items()
        if fields.get(name) is not None and fields[name] not in offered
    ]
    faults += [
        fault(name, "unknown_choice")
        for name, offered in _SUBSETS.items()
        if any(value not in offered for value in fields.get(name) or ())
    ]
    for name in ("pay_wanted", "pay_accepted", "max_minutes", "max_km", "experience_years"):
        if (fields.get(name) or 0) < 0:
            faults.append(fault(name, "not_negative"))
    return faults
