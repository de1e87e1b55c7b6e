"""The annex of a decree in the ledger: lines open places, exemptions with a document close them for
their term."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota import journal, ledger, rights
from quota.calendar import local_day
from quota.clauses import Rule, compute_span
from quota.decrees import (
    Decree,
    Line,
    add_line,
    add_rule,
    change_line,
    change_rule,
    list_rules,
)
from quota.employers import Employer
from quota.errors import Fault, Invalid, NotFound, WrongState, fault
from quota.rights import Actor
from quota.slots import Slot
from quota.tables import Code, Keyed, Table

EXEMPT = "exempt"


class Excuse(StrEnum):
    """What the law lets an employer off a quota for (Employment Law 2016, Art. 28)."""

    LIQUIDATION = "liquidation"
    STAFF_CUT = "staff_cut"
    OUTPUT_FALL = "output_fall"


class Exemption(Keyed, Table):
    """A line's term off the quota, with the paper that says so."""

    __tablename__ = "exemptions"

    line_id: Mapped[int] = mapped_column(ForeignKey("decree_lines.id"), index=True)
    excuse: Mapped[Code]
    document: Mapped[str] = mapped_column(String(300))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    lifted_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class AnnexRow:
    """A line of the annex with its employer and the exemption in force, if any."""

    line: Line
    employer: Employer
    exemption: Exemption | None


def add_clause(session: Session, actor: Actor, key: str, rule: Rule, *, now: datetime) -> Decree:
    """Adds a clause to an act and computes its annex anew. Raises as `decrees.add_rule`."""
    decree = add_rule(session, actor, key, rule, now=now)
    recompute(session, actor, decree, now=now)
    return decree


def change_clause(
    session: Session, actor: Actor, rule: Rule, fields: Mapping[str, Any], *, now: datetime
) -> Decree:
    """Changes a clause and computes the annex anew. Raises as `decrees.change_rule`."""
    decree = change_rule(session, actor, rule, fields, now=now)
    recompute(session, actor, decree, now=now)
    return decree


def enter_line(
    session: Session, actor: Actor, decree: Decree, employer: Employer, line: Line, *, now: datetime
) -> Line:
    """Enters an annex row and opens the places it states. Raises NotAllowed, NotFound, or Invalid."""
    add_line(session, actor, decree, employer, line, now=now)
    ledger.open_stated(session, actor, line, now=now)
    return line


def change_row(
    session: Session, actor: Actor, line: Line, fields: Mapping[str, Any], *, now: datetime
) -> Line:
    """Changes an annex row's figures; a greater number opens the places it adds, closed while the line is
    let off. Raises NotAllowed, NotFound or Invalid."""
    change_line(session, actor, line, fields, now=now)
    opened = ledger.open_stated(session, actor, line, now=now)
    if exemption := find_exemption(session, line):
        reason = exemption.document
        ledger.close_open(session, actor, opened, EXEMPT, reason=reason, now=now)
    return line


def amend_line(
    session: Session, actor: Actor, key: str, fields: dict[str, object], *, now: datetime
) -> Line:
    """`change_row` of the row with this key. Raises NotAllowed, NotFound or Invalid."""
    line, _ = find_line(session, actor, key)
    return change_row(session, actor, line, fields, now=now)


def exempt(
    session: Session, actor: Actor, key: str, exemption: Exemption, *, now: datetime
) -> Exemption:
    """Lets a line off for a term: its open places close until the exemption ends or is lifted.

    Raises NotAllowed, NotFound, WrongState when one is in force already, or Invalid (no document, a
    term that ends before it starts or has not begun).
    """
    line, _ = find_line(session, actor, key)
    _refuse(_check(exemption, local_day(now)))
    if find_exemption(session, line) is not None:
        raise WrongState("already_exempt", noun="line")
    exemption.line_id = line.id
    session.add(exemption)
    session.flush()
    journal.write(session, actor, "exempt", line, now=now, excuse=exemption.excuse)
    places = list_line_slots(session, line)
    ledger.close_open(session, actor, places, EXEMPT, reason=exemption.document, now=now)
    return exemption


def lift_exemption(session: Session, actor: Actor, key: str, *, reason: str, now: datetime) -> Line:
    """Ends the exemption in force: the places it closed are owed again. Raises NotAllowed, NotFound,
    Invalid without a reason, or WrongState when none is in force."""
    line, _ = find_line(session, actor, key)
    if not reason.strip():
        raise Invalid(fault("reason", "required"))
    exemption = find_exemption(session, line)
    if exemption is None:
        raise WrongState("not_exempt", noun="line")
    _lift(session, actor, line, exemption, reason.strip(), now)
    return line


def lift_ended(session: Session, actor: Actor, *, now: datetime) -> int:
    """Lifts every exemption whose last day has passed; returns how many. Run by the timer."""
    today = local_day(now)
    over = session.execute(
        select(Exemption, Line)
        .join(Line, Line.id == Exemption.line_id)
        .where(Exemption.lifted_at.is_(None), Exemption.ends_on < today)
        .order_by(Exemption.id)
    ).all()
    for exemption, line in over:
        _lift(session, actor, line, exemption, "", now)
    return len(over)


def find_line(
    session: Session, actor: Actor, key: str, *, right: str = "decrees.edit"
) -> tuple[Line, Decree]:
    """The annex row with this key and its act. Raises NotAllowed, or NotFound also when out of reach."""
    row = session.execute(
        select(Line, Decree).join(Decree, Decree.id == Line.decree_id).where(Line.key == key)
    ).one_or_none()
    if row is None:
        raise NotFound("not_found")
    rights.check(actor, right, row[1].scope())
    return row[0], row[1]


def find_exemption(session: Session, line: Line) -> Exemption | None:
    """The exemption in force."""
    return session.scalar(
        select(Exemption).where(Exemption.line_id == line.id, Exemption.lifted_at.is_(None))
    )


def list_annex(session: Session, actor: Actor, decree: Decree) -> list[AnnexRow]:
    """The annex by employer name, within the reader's reach; two queries."""
    statement = rights.limit(
        select(Line, Employer).join(Employer, Employer.id == Line.employer_id),
        actor,
        "employers.read",
        centre=Employer.centre_id,
        employer=Employer.id,
        territory=Employer.territory,
    ).where(Line.decree_id == decree.id)
    rows = session.execute(statement.order_by(Employer.name_order, Line.id)).all()
    in_force = select(Exemption).where(Exemption.lifted_at.is_(None))
    exemptions = {e.line_id: e for e in session.scalars(in_force)}
    return [AnnexRow(line, employer, exemptions.get(line.id)) for line, employer in rows]


def recompute(session: Session, actor: Actor, decree: Decree, *, now: datetime) -> int:
    """Computes every line of the annex anew after a clause changed; returns how many differ now."""
    rights.check(actor, "decrees.edit", decree.scope())
    lines = session.scalars(select(Line).where(Line.decree_id == decree.id)).all()
    rules = list_rules(session, decree)
    changed = 0
    for line in lines:
        before = (line.computed, line.computed_to)
        line.computed, line.computed_to = compute_span(rules, line) or (None, None)
        changed += before != (line.computed, line.computed_to)
    journal.write(session, actor, "recompute", decree, now=now, changed=changed)
    return changed


def list_line_slots(session: Session, line: Line) -> list[Slot]:
    return list(session.scalars(select(Slot).where(Slot.line_id == line.id).order_by(Slot.id)))


def _lift(
    session: Session, actor: Actor, line: Line, exemption: Exemption, reason: str, now: datetime
) -> None:
    exemption.lifted_at = now
    journal.write(session, actor, "lift_exemption", line, now=now, reason=reason)
    places = list_line_slots(session, line)
    ledger.reopen_closed(session, actor, places, (EXEMPT,), reason=reason, now=now)


def _check(exemption: Exemption, today: date) -> list[Fault]:
    faults = []
    if exemption.excuse not in tuple(Excuse):
        faults.append(fault("excuse", "unknown_choice"))
    if not exemption.document.strip():
        faults.append(fault("document", "required"))
    if exemption.starts_on > today:
        faults.append(fault("starts_on", "date_in_future"))
    if exemption.ends_on and exemption.ends_on < exemption.starts_on:
        faults.append(fault("ends_on", "before_start"))
    return faults


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise Invalid(*faults)
