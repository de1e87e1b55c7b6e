"""What a vacancy may say: the choices of the state exchange's form, and the checks of every field."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from sqlalchemy.orm import Session

from quota import rates
from quota.calendar import local_day
from quota.errors import Fault, fault
from quota.occupations import is_suffix
from quota.wording import Remark, find_remarks

FLAGS = ("minors", "driving", "money", "state_sector", "hazardous", "heavy", "night", "rotational")
LICENCES = ("A", "B", "C", "D", "BE", "CE", "DE", "tractor")
REGIMES = ("full", "part", "flexible", "shifts", "rotational", "remote")
CHARACTERS = ("permanent", "temporary", "seasonal", "replacement")
CONDITIONS = ("normal", "heavy", "harmful", "hazardous", "outdoors")
EDUCATIONS = ("any", "basic", "secondary", "vocational", "higher")
SUPPORT = ("money", "land", "housing")
LEVELS = ("a1", "a2", "b1", "b2", "c1", "c2", "native")
LANGUAGES = ("kk", "ru", "en")
MOST_EXPERIENCE = 50
MOST_LINES, LONGEST_LINE = 20, 300

_CHOICES: Mapping[str, Sequence[str]] = {
    "regime": REGIMES,
    "character": CHARACTERS,
    "conditions": CONDITIONS,
    "education": EDUCATIONS,
}
_SETS: Mapping[str, Sequence[str]] = {"flags": FLAGS, "licences": LICENCES, "support": SUPPORT}
_TEXTS = ("title", "post", "duties", "skills", "qualities", "essential", "desirable")
_CLOCK = re.compile(r"\d\d:\d\d")


def check_fields(session: Session, fields: Mapping[str, Any], *, now: datetime) -> list[Fault]:
    """What is wrong with the given fields, pay against the minimum wage of the day included."""
    faults = _check_pay(session, fields, now)
    for name, known in _CHOICES.items():
        if fields.get(name) is not None and fields[name] not in known:
            faults.append(fault(name, "unknown_choice"))
    for name, known in _SETS.items():
        if any(value not in known for value in fields.get(name) or ()):
            faults.append(fault(name, "unknown_choice"))
    if not 0 <= (fields.get("experience_years") or 0) <= MOST_EXPERIENCE:
        faults.append(fault("experience_years", "between", least=0, most=MOST_EXPERIENCE))
    if any(count < 0 for count in (fields.get("asked") or {}).values()):
        faults.append(fault("places", "not_negative"))
    if not is_suffix(fields.get("isco08_suffix") or ""):
        faults.append(fault("isco08", "unknown_choice"))
    if not all(_is_shift(shift) for shift in fields.get("shifts") or ()):
        faults.append(fault("shifts", "shift_shape"))
    if not all(_is_language(item) for item in fields.get("languages") or ()):
        faults.append(fault("languages", "unknown_choice"))
    for name in ("essential", "desirable", "sites"):
        faults += _check_lines(name, fields.get(name) or ())
    return faults


def find_wording(fields: Mapping[str, Any]) -> list[Remark]:
    """Phrases in the texts of a vacancy that may turn people away for what is not their work."""
    return find_remarks({name: _as_text(fields.get(name)) for name in _TEXTS})


def _check_pay(session: Session, fields: Mapping[str, Any], now: datetime) -> list[Fault]:
    pay_from, pay_to = fields.get("pay_from"), fields.get("pay_to")
    if pay_from is None:
        return []
    faults = []
    least = rates.rate_on(session, rates.MINIMUM_WAGE, local_day(now))
    if pay_from < least:
        faults.append(fault("pay_from", "below_minimum_wage", least=least))
    if pay_to is not None and pay_to < pay_from:
        faults.append(fault("pay_to", "below_start"))
    return faults


def _check_lines(name: str, lines: Sequence[Any]) -> list[Fault]:
    """Sentences, or sites with their address: so many and so long."""
    texts = [line if isinstance(line, str) else line["address"] for line in lines]
    if len(texts) > MOST_LINES:
        return [fault(name, "too_many_lines", most=MOST_LINES)]
    too_long = any(len(text) > LONGEST_LINE for text in texts)
    return [fault(name, "line_too_long", most=LONGEST_LINE)] if too_long else []


def _is_shift(shift: Any) -> bool:
    days = shift.get("days", "")
    weekdays = set(days) <= set("1234567") and len(set(days)) == len(days) > 0
    return weekdays and _is_clock(shift.get("start")) and _is_clock(shift.get("end"))


def _is_clock(text: Any) -> bool:
    if not isinstance(text, str) or not _CLOCK.fullmatch(text):
        return False
    try:
        time.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_language(item: Any) -> bool:
    return item.get("language") in LANGUAGES and item.get("level") in LEVELS


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else "\n".join(value or ())
