"""Restrictions as the engine takes them: rule codes with what each needs, and the priorities they give.

What `params` of a restriction hold, by rule: `home_hours`, `reporting`, `treatment`: days, start, end
("12345", "22:00", "06:00"; days missing: every day; no times: nothing to clash with);
`barred_places`: places (KATO codes); `banned_professions`: professions (ISCO-08 codes or their
beginnings); `corrective_labour`: jobless_since (ISO date). Others need nothing.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from matching.candidates import Candidate, Restriction, Status
from matching.engine import problem as engine
from matching.engine.rules import APPOINTMENTS, RESTRICTIONS
from matching.engine.week import is_span

# Of the 90 jobless days after which corrective labour counts as evaded (Penal Execution Code, Art. 54).
_JOBLESS_DAYS_PRIORITY = 60
_RELEASED_DAYS_PRIORITY = 365
_WAITING_DAYS_PRIORITY = 365
_EVERY_DAY = "1234567"


def is_in_force(restriction: Restriction, day: date) -> bool:
    started = restriction.starts_on is None or restriction.starts_on <= day
    return started and (restriction.ends_on is None or day <= restriction.ends_on)


def read_restriction(rule: str, params: Mapping[str, Any]) -> engine.Restriction:
    """The restriction for the engine. Raises ValueError for an unknown rule or params it cannot read:
    such a candidate is held out of rounds, never matched without the restriction."""
    if rule not in RESTRICTIONS:
        raise ValueError(f"unknown rule {rule!r}")
    return engine.Restriction(
        code=rule,
        spans=_read_spans(params) if rule in ("home_hours", *APPOINTMENTS) else (),
        places=_read_codes(params, "places") if rule == "barred_places" else (),
        professions=_read_codes(params, "professions") if rule == "banned_professions" else (),
    )


def find_priorities(
    candidate: Candidate, restrictions: Iterable[Restriction], *, day: date
) -> tuple[str, ...]:
    """Reasons by law or waiting, in order, to go before others; never a predicted behaviour."""
    in_force = {r.rule: r.params for r in restrictions if is_in_force(r, day)}
    jobless = _days_since(in_force.get("corrective_labour", {}).get("jobless_since"), day)
    released = candidate.status == Status.RELEASED
    since_release = (day - candidate.status_since).days if candidate.status_since else None
    found = {
        "corrective_labour_term": jobless >= _JOBLESS_DAYS_PRIORITY,
        "forced_labour_due": "forced_labour" in in_force,
        "released_within_year": released
        and since_release is not None
        and since_release <= _RELEASED_DAYS_PRIORITY,
        "long_without_work": (day - candidate.registered_on).days >= _WAITING_DAYS_PRIORITY,
    }
    return tuple(code for code, holds in found.items() if holds)


def _days_since(text: object, day: date) -> int:
    return (day - date.fromisoformat(text)).days if isinstance(text, str) else -1


def _read_spans(params: Mapping[str, Any]) -> tuple[engine.Span, ...]:
    if not params.get("start") and not params.get("end"):
        return ()
    return (read_span({"days": _EVERY_DAY, **params}),)


def read_span(row: Mapping[str, Any]) -> engine.Span:
    """A weekly span of days, start and end. Raises ValueError."""
    days, start, end = (str(row.get(name, "")) for name in ("days", "start", "end"))
    if not is_span(days, (start, end)):
        raise ValueError("no weekly span")
    return engine.Span("".join(sorted(set(days))), start, end)


def _read_codes(params: Mapping[str, Any], name: str) -> tuple[str, ...]:
    codes = params.get(name)
    if not isinstance(codes, list) or not codes or not all(isinstance(c, str) and c for c in codes):
        raise ValueError(f"no {name}")
    return tuple(sorted(codes))
