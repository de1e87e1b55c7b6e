"""Coded reasons of a no. An active code can be chosen; a retired one stays readable in old records.

Valid and invalid are kept apart: a valid refusal is one the law or the person's situation excuses and
counts against nobody; an invalid one is counted, and the criminal record itself is always invalid.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from quota.errors import Invalid, fault


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    valid: bool = True
    active: bool = True


def _table(*reasons: Reason) -> Mapping[str, Reason]:
    return {reason.code: reason for reason in reasons}


REJECTIONS = _table(
    Reason("restriction_clash"),
    Reason("health"),
    Reason("legal_ban"),
    Reason("safety"),
    Reason("hours_clash"),
    Reason("too_far"),
    Reason("profession_mismatch"),
    Reason("person_unavailable"),
    Reason("vacancy_gone"),
    Reason("record_itself", valid=False),
    Reason("other_ground", valid=False),
)

REFUSALS = _table(
    Reason("qualification"),
    Reason("health"),
    Reason("legal_ban"),
    Reason("restriction_clash"),
    Reason("vacancy_filled"),
    Reason("staff_cut"),
    Reason("record_itself", valid=False),
    Reason("no_ground", valid=False),
    Reason("not_needed", valid=False, active=False),
)

DECLINES = _table(
    Reason("pay_below_accepted"),
    Reason("against_restriction"),
    Reason("against_health"),
    Reason("too_far"),
    Reason("terms_changed"),
    Reason("found_other_work"),
    Reason("not_interested", valid=False),
    Reason("conditions_disliked", valid=False),
    Reason("consultation", valid=False, active=False),
)

CANCELLATIONS = _table(
    Reason("entered_by_mistake"),
    Reason("vacancy_closed"),
    Reason("person_unavailable"),
    Reason("transferred"),
    Reason("consent_withdrawn"),
    Reason("hired_elsewhere"),
)

ENDINGS = _table(
    Reason("own_wish"),
    Reason("agreement"),
    Reason("term_ended"),
    Reason("staff_cut"),
    Reason("employer_closed"),
    Reason("better_work"),
    Reason("moved_away"),
    Reason("health"),
    Reason("discipline", valid=False),
    Reason("absence", valid=False),
    Reason("custody", valid=False),
)


LEAVINGS = _table(
    Reason("found_work"),
    Reason("health"),
    Reason("cares"),
    Reason("moved_away"),
    Reason("not_suited"),
    Reason("custody"),
    Reason("absence", valid=False),
    Reason("no_wish", valid=False),
)

COURSE_CANCELLATIONS = _table(
    Reason("too_few"),
    Reason("provider"),
    Reason("no_money"),
    Reason("entered_by_mistake"),
)

# Why a measure is closed without being done. Each needs a signed refusal of the person and a second
# account; only a slip of the pen needs no signature.
CLOSINGS = _table(
    Reason("consultation"),
    Reason("not_needed"),
    Reason("refused_by_person"),
    Reason("solved_elsewhere"),
    Reason("entered_by_mistake"),
)

CHECK_IN_EXCUSES = _table(
    Reason("ill"),
    Reason("came_in_person"),
    Reason("at_work"),
    Reason("no_connection"),
    Reason("family"),
    Reason("fault_of_the_system"),
)


def choose(table: Mapping[str, Reason], code: str) -> Reason:
    """The active reason with this code. Raises Invalid for a missing, unknown or retired one."""
    if not code:
        raise Invalid(fault("reason", "required"))
    if code not in table:
        raise Invalid(fault("reason", "unknown_choice"))
    if not table[code].active:
        raise Invalid(fault("reason", "retired_choice"))
    return table[code]


def list_active(table: Mapping[str, Reason]) -> tuple[Reason, ...]:
    return tuple(reason for reason in table.values() if reason.active)
