"""Decrees: an akimat's act that sets quotas by category, and its annex of named employers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota import journal, rights
from quota.clauses import Rounding as Rounding
from quota.clauses import Rule as Rule
from quota.clauses import add_months, compute_span
from quota.clauses import compute_places as compute_places
from quota.employers import Employer
from quota.errors import Invalid, NotFound, fault
from quota.rates import rate_on
from quota.rights import Actor, Scope
from quota.tables import Code, Keyed, Table

FIRST_GRACE = date(2016, 6, 13)  # older acts take the first grace that is on record


ACT_KINDS = ("decree_rule", "decree_header_only", "official_site_article", "press_statement")


class Category(StrEnum):
    """Whom a quota place is for; decrees may name others, entered as their own code."""

    PROBATION = "probation"
    RELEASED = "released"
    DISABLED = "disabled"
    YOUTH_WITHOUT_CARE = "minors_from_boarding_institutions"


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


class Line(Keyed, Table):
    """One employer in the annex. The stated number counts; what the clauses give, from `computed` up
    to `computed_to`, is shown beside it, and counts where the act states none. `named` is the organisation
    as the annex writes it, `reference` what the table it came from calls its row."""

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
    named: Mapped[str] = mapped_column(String(300), default="")
    reference: Mapped[str] = mapped_column(String(60), default="")

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
    decree.kind = decree.kind or ACT_KINDS[0]
    _check_act({"kind": decree.kind, "akimat": decree.akimat})
    session.add(decree)
    session.flush()
    for rule in rules:
        rule.decree_id = decree.id
    session.add_all(rules)
    session.flush()
    journal.write(session, actor, "add", decree, now=now, rules=len(rules))
    return decree


ACT_EDITABLE = (
    "kind",
    "title",
    "akimat",
    "oblast",
    "number",
    "dated",
    "legal_basis",
    "valid_from",
    "valid_until",
    "registry_id",
    "registered",
    "status",
    "source",
    "note",
)


def change_decree(
    session: Session, actor: Actor, key: str, fields: Mapping[str, Any], *, now: datetime
) -> Decree:
    """Changes some of ACT_EDITABLE. Raises NotAllowed, NotFound or Invalid."""
    decree = find_decree(session, actor, key, right="decrees.edit")
    _check_act({"kind": decree.kind, "akimat": decree.akimat, **fields})
    changed = sorted(name for name in fields if getattr(decree, name) != fields[name])
    for name in changed:
        setattr(decree, name, fields[name])
    if changed:
        journal.write(session, actor, "change", decree, now=now, fields=changed)
    return decree


RULE_EDITABLE = (
    *("category", "headcount_from", "headcount_to", "basis_points", "basis_points_to"),
    *("counted", "excludes", "rounding", "grace_months", "note", "reference"),
)


def add_rule(session: Session, actor: Actor, key: str, rule: Rule, *, now: datetime) -> Decree:
    """Adds a clause to an act. Raises NotAllowed, NotFound or Invalid (a tier or range turned round)."""
    decree = find_decree(session, actor, key, right="decrees.edit")
    _check_rule({name: getattr(rule, name) for name in RULE_EDITABLE})
    rule.decree_id = decree.id
    session.add(rule)
    session.flush()
    journal.write(session, actor, "add_clause", decree, now=now, category=rule.category)
    return decree


def change_rule(
    session: Session, actor: Actor, rule: Rule, fields: Mapping[str, Any], *, now: datetime
) -> Decree:
    """Changes some of RULE_EDITABLE. Raises NotAllowed, NotFound, or Invalid as `add_rule`."""
    decree = session.get_one(Decree, rule.decree_id)
    rights.check(actor, "decrees.edit", decree.scope())
    old = {name: getattr(rule, name) for name in RULE_EDITABLE}
    _check_rule(old | dict(fields))
    changed = sorted(name for name in fields if old[name] != fields[name])
    for name in changed:
        setattr(rule, name, fields[name])
    if changed:
        detail = {"category": rule.category, "fields": changed}
        journal.write(session, actor, "change_clause", decree, now=now, **detail)
    return decree


def _check_act(fields: Mapping[str, Any]) -> None:
    faults = [fault(name, "unknown_field") for name in fields if name not in ACT_EDITABLE]
    if fields["kind"] not in ACT_KINDS:
        faults.append(fault("kind", "unknown_choice"))
    if not fields["akimat"].strip():
        faults.append(fault("akimat", "required"))
    if faults:
        raise Invalid(*faults)


def _check_rule(fields: Mapping[str, Any]) -> None:
    faults = [fault(name, "unknown_field") for name in fields if name not in RULE_EDITABLE]
    for low, high in (("headcount_from", "headcount_to"), ("basis_points", "basis_points_to")):
        least, most = fields[low], fields[high]
        faults += [fault(low, "not_negative") for number in (least, most) if (number or 0) < 0]
        if least is not None and most is not None and most < least:
            faults.append(fault(high, "below_start_number"))
    if not fields["category"].strip():
        faults.append(fault("category", "required"))
    if faults:
        raise Invalid(*faults)


@dataclass(frozen=True, slots=True)
class DecreeRow:
    """An act as lists show it: how many lines of its annex lie within reach, and what they owe."""

    decree: Decree
    lines: int
    owed: int


def list_decrees(session: Session, actor: Actor) -> list[DecreeRow]:
    """Acts within reach, the newest first; an employer reads those that name it. Raises NotAllowed."""
    owed = func.coalesce(func.sum(func.coalesce(Line.stated, Line.computed, 0)), 0)
    statement = (
        select(Decree, func.count(Line.id), owed)
        .outerjoin(Line, Line.decree_id == Decree.id)
        .group_by(Decree.id)
    )
    statement = rights.limit(
        statement,
        actor,
        "decrees.read",
        centre=Decree.centre_id,
        employer=Line.employer_id,
        territory=Decree.territory,
    )
    rows = session.execute(statement.order_by(Decree.dated.desc().nulls_last(), Decree.id.desc()))
    return [DecreeRow(decree, lines, int(places)) for decree, lines, places in rows]


_FIGURES = ("headcount", "excluded", "basis_points", "stated")
LINE_EDITABLE = (*_FIGURES, "named", "reference")


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


def find_decree(session: Session, actor: Actor, key: str, *, right: str = "decrees.read") -> Decree:
    """The decree with this key; an employer reads one that names it. Raises NotAllowed, or NotFound
    also when out of reach."""
    decree = session.scalar(select(Decree).where(Decree.key == key))
    if decree is None:
        raise NotFound("not_found")
    scope = decree.scope()
    if actor.employer_id is not None and _names(session, decree, actor.employer_id):
        scope = replace(scope, employer_id=actor.employer_id)
    rights.check(actor, right, scope)
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


def _check_line(fields: Mapping[str, Any]) -> None:
    faults = [fault(name, "unknown_field") for name in fields if name not in LINE_EDITABLE]
    faults += [fault(name, "not_negative") for name in _FIGURES if (fields[name] or 0) < 0]
    if faults:
        raise Invalid(*faults)


def _names(session: Session, decree: Decree, employer_id: int) -> bool:
    line = select(Line.id).where(Line.decree_id == decree.id, Line.employer_id == employer_id)
    return session.scalar(line.limit(1)) is not None


def _compute(session: Session, decree: Decree, line: Line) -> None:
    span = compute_span(list_rules(session, decree), line)
    line.computed, line.computed_to = span or (None, None)
