"""Restrictions as the engine takes them: rule codes with what each needs. See `matching.restrictions`."""

from collections.abc import Mapping
from typing import Any

from matching.engine import problem as engine
from matching.engine.rules import APPOINTMENTS, RESTRICTIONS
from matching.engine.week import is_span

_EVERY_DAY = "1234567"


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
