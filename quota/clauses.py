"""Clauses of a decree: what share of which workplaces an act asks for, and what that makes of a firm."""

import math
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from itertools import combinations
from typing import Protocol

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from quota.errors import Invalid, fault
from quota.tables import Code, Table


class Rounding(StrEnum):
    UP = "up"
    DOWN = "down"
    NEAREST = "nearest"


class Rule(Table):
    """One clause: a percentage (in hundredths of a per cent) for a headcount tier and a category. `reference`
    is what the table it came from calls its row."""

    __tablename__ = "decree_rules"

    decree_id: Mapped[int] = mapped_column(ForeignKey("decrees.id"), index=True)
    category: Mapped[Code]
    headcount_from: Mapped[int | None]
    headcount_to: Mapped[int | None]
    basis_points: Mapped[int | None]
    basis_points_to: Mapped[int | None]
    counted: Mapped[str] = mapped_column(String(300), default="")
    rounding: Mapped[str] = mapped_column(String(10), default=Rounding.DOWN)
    grace_months: Mapped[int | None]
    excludes: Mapped[str] = mapped_column(String(300), default="")  # workplaces that do not count
    note: Mapped[str] = mapped_column(Text, default="")
    reference: Mapped[str] = mapped_column(String(60), default="")

    @property
    def is_tier(self) -> bool:
        return self.headcount_from is not None or self.headcount_to is not None


class Counted(Protocol):
    """What a line of an annex says of its employer."""

    category: str
    headcount: int | None
    excluded: int
    basis_points: int | None


def compute_places(rules: Sequence[Rule], line: Counted) -> int | None:
    """The least that `compute_span` gives, or None when the act leaves it open."""
    span = compute_span(rules, line)
    return span[0] if span else None


def compute_span(rules: Sequence[Rule], line: Counted) -> tuple[int, int] | None:
    """Least and most places of a line: by its own percentage, or by every clause whose category and
    tier fit. Clauses with a tier go before general ones; a percentage from-to and tiers that overlap
    in the act widen the span. None when the act leaves it open."""
    if line.headcount is None:
        return None
    fitting = [rule for rule in rules if _fits(rule, line)]
    fitting = [rule for rule in fitting if rule.is_tier] or fitting
    counted = max(0, line.headcount - (line.excluded or 0))
    if line.basis_points:
        rounding = fitting[0].rounding if fitting else Rounding.DOWN
        places = [_round(counted * line.basis_points, rounding)]
    else:
        places = [
            _round(counted * points, rule.rounding or Rounding.DOWN)
            for rule in fitting
            for points in (rule.basis_points, rule.basis_points_to)
            if points
        ]
    return (min(places), max(places)) if places else None


def find_overlaps(rules: Sequence[Rule]) -> list[tuple[Rule, Rule]]:
    """Pairs of tiers of one category that share a headcount: the act is ambiguous there."""
    tiers = [rule for rule in rules if rule.is_tier]
    return [
        (one, other)
        for one, other in combinations(tiers, 2)
        if one.category == other.category
        and (one.headcount_from or 0) <= (other.headcount_to or math.inf)
        and (other.headcount_from or 0) <= (one.headcount_to or math.inf)
    ]


def read_per_cent(field: str, text: str) -> int | None:
    """Hundredths of a per cent of `1`, `1,5` or `0.25`; None of nothing. Raises Invalid."""
    if not text.strip():
        return None
    try:
        points = Decimal(text.strip().rstrip("%").strip().replace(",", ".")) * 100
    except InvalidOperation:
        raise Invalid(fault(field, "not_a_per_cent")) from None
    if not (points.is_finite() and 0 <= points <= 10_000 and points == int(points)):
        raise Invalid(fault(field, "not_a_per_cent"))
    return int(points)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _fits(rule: Rule, line: Counted) -> bool:
    headcount = line.headcount or 0
    inside = (rule.headcount_from or 0) <= headcount <= (rule.headcount_to or headcount)
    return inside and rule.category == line.category


def _round(ten_thousandths: int, rounding: str) -> int:
    match Rounding(rounding):
        case Rounding.UP:
            return math.ceil(ten_thousandths / 10_000)
        case Rounding.DOWN:
            return ten_thousandths // 10_000
        case Rounding.NEAREST:
            return (ten_thousandths + 5_000) // 10_000
