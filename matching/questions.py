"""The questions of the survey, step by step: what can be answered, and what is wrong with an answer.

Nothing asks about an offence, a sentence or a diagnosis: only what a match needs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any

from matching.fields import CARES, CONDITIONS, EDUCATION, MEANS, NEEDS
from quota.calendar import is_time_of_day
from quota.errors import Fault, fault
from quota.vacancies import LICENCES

WISHES = (1, 2, 3)
MOST_YEARS = 60
MOST_PAY = 100_000_000
MOST_MINUTES = 6 * 60
MOST_KM = 2000
YES, NO = "yes", "no"
NONE = "-"
_SHORT = {"most": 120}


@dataclass(frozen=True, slots=True)
class Agreement:
    """Consent to the survey and to matching: on paper with its number, or by the person's own code."""

    agreed: str
    paper_number: str = field(default="", metadata={"most": 60})
    signed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """Professions in order of wish, as the person says them, with years of work in each."""

    title_1: str = field(default="", metadata=_SHORT)
    years_1: int = 0
    title_2: str = field(default="", metadata=_SHORT)
    years_2: int = 0
    title_3: str = field(default="", metadata=_SHORT)
    years_3: int = 0
    retraining_title: str = field(default="", metadata=_SHORT)


@dataclass(frozen=True, slots=True)
class Meaning:
    """The ISCO-08 unit group meant by each wish; NONE where none of those offered is meant."""

    isco08_1: str = field(default="", metadata={"most": 4})
    isco08_2: str = field(default="", metadata={"most": 4})
    isco08_3: str = field(default="", metadata={"most": 4})
    retraining_isco08: str = field(default="", metadata={"most": 4})


@dataclass(frozen=True, slots=True)
class Skills:
    experience_years: int = 0
    education: str = ""
    certificates: str = field(default="", metadata={"most": 500})
    licences: tuple[str, ...] = ()
    jobless_since: date | None = None


@dataclass(frozen=True, slots=True)
class Pay:
    """Whole tenge a month before tax."""

    pay_wanted: int
    pay_accepted: int


@dataclass(frozen=True, slots=True)
class Way:
    """Home and the way to work: minutes by the means used, kilometres where no bus goes."""

    kato: str
    means: str = ""
    max_minutes: int | None = None
    max_km: int | None = None
    may_move: bool = False


@dataclass(frozen=True, slots=True)
class Hours:
    """When the person can work: any time, or weekdays with times, and a second span if needed."""

    any_time: bool = False
    days: tuple[str, ...] = ()
    start: str = ""
    end: str = ""
    other_days: tuple[str, ...] = ()
    other_start: str = ""
    other_end: str = ""


@dataclass(frozen=True, slots=True)
class Conditions:
    """Work conditions that health rules out, never why; and whom the person cares for."""

    avoids: tuple[str, ...] = ()
    cares: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Needs:
    """What must be sorted out first, and the first day the person could start."""

    needs: tuple[str, ...] = ()
    earliest_start: date | None = None


STEPS: Mapping[str, type] = {
    "agreement": Agreement,
    "wishes": Wishes,
    "meaning": Meaning,
    "skills": Skills,
    "pay": Pay,
    "way": Way,
    "hours": Hours,
    "conditions": Conditions,
    "needs": Needs,
}
OFFERED: Mapping[str, Sequence[str]] = {
    "agreed": (YES, NO),
    "education": EDUCATION,
    "licences": LICENCES,
    "means": MEANS,
    "avoids": CONDITIONS,
    "cares": CARES,
    "needs": NEEDS,
    "days": tuple("1234567"),
    "other_days": tuple("1234567"),
}
_MOST = {
    "years_1": MOST_YEARS,
    "years_2": MOST_YEARS,
    "years_3": MOST_YEARS,
    "experience_years": MOST_YEARS,
    "pay_wanted": MOST_PAY,
    "pay_accepted": MOST_PAY,
    "max_minutes": MOST_MINUTES,
    "max_km": MOST_KM,
}


def check(answers: Any, *, today: date) -> list[Fault]:
    """What is wrong with the answers of one step."""
    given = asdict(answers)
    faults = [
        fault(name, "between", least=0, most=most)
        for name, most in _MOST.items()
        if given.get(name) is not None and not 0 <= given[name] <= most
    ]
    faults += [
        fault(name, "unknown_choice")
        for name, offered in OFFERED.items()
        if any(value not in offered for value in _each(given.get(name)))
    ]
    if isinstance(answers, Hours):
        faults += _check_hours(answers)
    if isinstance(answers, Pay) and answers.pay_accepted > answers.pay_wanted:
        faults.append(fault("pay_accepted", "above_wanted"))
    for name in ("jobless_since", "signed_on"):
        if given.get(name) and given[name] > today:
            faults.append(fault(name, "date_in_future"))
    return faults


def store(answers: Any) -> dict[str, Any]:
    """The answers of one step as JSON."""
    return {name: _plain(value) for name, value in asdict(answers).items()}


def read(step: str, stored: Mapping[str, Any]) -> Any:
    """The answers of one step out of JSON."""
    kind = STEPS[step]
    hints = {part.name: str(part.type) for part in fields(kind)}
    values = {name: _rich(stored[name], hints[name]) for name in hints if name in stored}
    return kind(**values)


MEANINGS: Mapping[str, str] = {
    **{f"title_{n}": f"isco08_{n}" for n in WISHES},
    "retraining_title": "retraining_isco08",
}


def check_meaning(meaning: Meaning, wishes: Mapping[str, Any]) -> list[Fault]:
    """Every wish needs its meaning: a unit group, or that none of those offered is meant."""
    given = {name: getattr(meaning, name) for title, name in MEANINGS.items() if wishes.get(title)}
    return [
        fault(name, "unknown_choice" if code else "required")
        for name, code in given.items()
        if code != NONE and not (len(code) == 4 and code.isdigit())
    ]


def code_of(meaning: Meaning, name: str) -> str | None:
    """The unit group meant, or None."""
    code: str = getattr(meaning, name)
    return None if code in ("", NONE) else code


def spans_of(hours: Hours) -> list[dict[str, str]]:
    """The weekly spans a candidate's `hours` hold; none means any time."""
    if hours.any_time:
        return []
    spans = (
        (hours.days, hours.start, hours.end),
        (hours.other_days, hours.other_start, hours.other_end),
    )
    return [
        {"days": "".join(sorted(days)), "start": start, "end": end}
        for days, start, end in spans
        if days
    ]


def _check_hours(hours: Hours) -> list[Fault]:
    if hours.any_time:
        return []
    faults = [] if hours.days or hours.other_days else [fault("days", "required")]
    for days, names in (
        (hours.days, ("start", "end")),
        (hours.other_days, ("other_start", "other_end")),
    ):
        for name in names:
            if days and not is_time_of_day(getattr(hours, name)):
                faults.append(fault(name, "not_a_time"))
    return faults


def _each(value: Any) -> tuple[Any, ...]:
    if isinstance(value, tuple):
        return value
    return (value,) if value else ()


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _rich(value: Any, hint: str) -> Any:
    if "date" in hint and value:
        return date.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value
