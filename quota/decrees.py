"""Decrees: an akimat's act that sets quotas by category, and its annex of named employers."""

import math
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from itertools import combinations
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota import journal, rights
from quota.employers import Employer
from quota.errors import Invalid, NotFound, fault
from quota.rates import rate_on
from quota.rights import Actor, Scope
from quota.tables import Code, Keyed, Table

FIRST_GRACE = date(2016, 6, 13)  # older acts take the first grace that is on record


class Category(StrEnum):
    """Whom a quota place is for; decrees may name others, entered as their own code."""

    PROBATION = "probation"
    RELEASED = "released"
    DISABLED = "disabled"
    YOUTH_WITHOUT_CARE = "minors_from_boarding_institutions"


class Rounding(StrEnum):
    UP = "up"
    DOWN = "down"
    NEAREST = "nearest"


class Decree(Keyed, Table):
    """The act. What a decree leaves out stays empty."""

    __tablename__ = "decrees"

    kind: Mapped[str] = mapped_column(String(40), default="decree_rule")
    title: Mapped[str] = mapped_column(String(500))
    akimat: Mapped[str] = mapped_column(String(300))
    territory: Mapped[str] = mapped_column(String(80), index=True)
    centre_id: Mapped[int] = mapped_column(ForeignKey("centres.id"))
    number: Mapped[str] = mapped_column(String(60), default="")
    dated: Mapped[date | None]
    legal_basis: Mapped[str] = mapped_column(Text, default="")
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(300), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    oblast: Mapped[str] = mapped_column(String(300), default="")
    registry_id: Mapped[str] = mapped_column(String(60), default="")
    registered: Mapped[str] = mapped_column(String(100), default="")
    status: Mapped[str] = mapped_column(String(300), default="")

    def scope(self) -> Scope:
        return Scope(centre_id=self.centre_id, territory=self.territory)


class Rule(Table):
    """One clause: a percentage (in hundredths of a per cent) for a headcount tier and a category."""

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

    @property
    def is_tier(self) -> bool:
        return self.headcount_from is not None or self.headcount_to is not None


class Line(Keyed, Table):
    """One employer in the annex. The stated number counts; what the clauses give, from `computed` up
    to `computed_to`, is shown beside it, and counts where the act states none."""

    __tablename__ = "decree_lines"
    __table_args__ = (UniqueConstraint("decree_id", "employer_id", "category"),)

    decree_id: Mapped[int] = mapped_column(ForeignKey("decrees.id"), index=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    category: Mapped[Code]
    headcount: Mapped[int | None]
    excluded: Mapped[int] = mapped_column(default=0)
    basis_points: Mapped[int | None]  # when the annex gives the employer's own percentage
    stated: Mapped[int | None]
    computed: Mapped[int | None]
    computed_to: Mapped[int | None]

    @property
    def owed(self) -> int:
        return self.stated if self.stated is not None else self.computed or 0

    @property
    def difference(self) -> int | None:
        """How far the stated number lies off what the clauses give; None when either is open."""
        if self.stated is None or self.computed is None or self.computed_to is None:
            return None
        nearest = min(max(self.stated, self.computed), self.computed_to)
        return self.stated - nearest


def add_decree(
    session: Session, actor: Actor, decree: Decree, rules: list[Rule], *, now: datetime
) -> Decree:
    """Enters an act with its clauses. Raises NotAllowed, NotFound for another centre, or Invalid."""
    rights.check(actor, "decrees.edit", Scope(centre_id=decree.centre_id))
    if not decree.akimat.strip():
        raise Invalid(fault("akimat", "required"))
    session.add(decree)
    session.flush()
    for rule in rules:
        rule.decree_id = decree.id
    session.add_all(rules)
    session.flush()
    journal.write(session, actor, "add", decree, now=now, rules=len(rules))
    return decree


LINE_EDITABLE = ("headcount", "excluded", "basis_points", "stated")


def add_line(
    session: Session, actor: Actor, decree: Decree, employer: Employer, line: Line, *, now: datetime
) -> Line:
    """Enters an annex row; what the rule gives is computed and kept beside the stated number.

    Raises NotAllowed, NotFound, or Invalid (negative numbers, an employer named twice).
    """
    rights.check(actor, "decrees.edit", decree.scope())
    _check_line({name: getattr(line, name) for name in LINE_EDITABLE})
    twice = select(Line.id).where(
        Line.decree_id == decree.id,
        Line.employer_id == employer.id,
        Line.category == line.category,
    )
    if session.scalar(twice) is not None:
        raise Invalid(fault("identifier", "taken"))
    line.decree_id, line.employer_id = decree.id, employer.id
    _compute(session, decree, line)
    session.add(line)
    session.flush()
    journal.write(session, actor, "add", line, now=now, stated=line.stated, computed=line.computed)
    return line


def change_line(
    session: Session, actor: Actor, line: Line, fields: Mapping[str, Any], *, now: datetime
) -> Line:
    """Changes some of LINE_EDITABLE and computes anew. The stated number may grow, not shrink: its
    places are taken out of the ledger one by one, with a reason. Raises NotAllowed, NotFound or Invalid.
    """
    decree = session.get_one(Decree, line.decree_id)
    rights.check(actor, "decrees.edit", decree.scope())
    old = {name: getattr(line, name) for name in LINE_EDITABLE}
    _check_line(old | dict(fields))
    stated = fields.get("stated", line.stated)
    if stated is not None and stated < line.owed:
        raise Invalid(fault("stated", "not_lowered", least=line.owed))
    changed = sorted(name for name in fields if old[name] != fields[name])
    for name in changed:
        setattr(line, name, fields[name])
    if changed:
        _compute(session, decree, line)
        journal.write(session, actor, "change", line, now=now, fields=changed)
    return line


def compute_places(rules: Sequence[Rule], line: Line) -> int | None:
    """The least that `compute_span` gives, or None when the act leaves it open."""
    span = compute_span(rules, line)
    return span[0] if span else None


def compute_span(rules: Sequence[Rule], line: Line) -> tuple[int, int] | None:
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


def due_on(session: Session, decree: Decree, line: Line) -> date | None:
    """The day by which a line's places must exist: its start plus the months of grace of the act, or of
    the rate for acts that name none. None for an act without a day."""
    start = decree.valid_from or decree.dated
    if start is None:
        return None
    clauses = [r for r in list_rules(session, decree) if r.category == line.category]
    months = next((r.grace_months for r in clauses if r.grace_months is not None), None)
    if months is None:
        months = rate_on(session, "quota_grace_months", max(start, FIRST_GRACE))
    return add_months(start, months)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def find_decree(session: Session, actor: Actor, key: str, *, right: str = "decrees.read") -> Decree:
    """The decree with this key. Raises NotAllowed, or NotFound also when out of reach."""
    decree = session.scalar(select(Decree).where(Decree.key == key))
    if decree is None:
        raise NotFound("not_found")
    rights.check(actor, right, decree.scope())
    return decree


def list_rules(session: Session, decree: Decree) -> list[Rule]:
    return list(session.scalars(select(Rule).where(Rule.decree_id == decree.id).order_by(Rule.id)))


def list_lines(session: Session, employer_id: int) -> list[tuple[Line, Decree]]:
    """The annex lines that name an employer, with their acts, the newest first."""
    rows = session.execute(
        select(Line, Decree)
        .join(Decree, Decree.id == Line.decree_id)
        .where(Line.employer_id == employer_id)
        .order_by(Decree.dated.desc().nulls_last(), Line.id)
    )
    return [(row[0], row[1]) for row in rows]


def _fits(rule: Rule, line: Line) -> bool:
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


def _check_line(fields: Mapping[str, Any]) -> None:
    faults = [fault(name, "unknown_field") for name in fields if name not in LINE_EDITABLE]
    faults += [fault(name, "not_negative") for name in LINE_EDITABLE if (fields[name] or 0) < 0]
    if faults:
        raise Invalid(*faults)


def _compute(session: Session, decree: Decree, line: Line) -> None:
    span = compute_span(list_rules(session, decree), line)
    line.computed, line.computed_to = span or (None, None)
