"""Rates by date: minimum wage, monthly calculation index and others, each with its legal act.

Nothing of law is a constant in code: a rate holds from its day until the next row of its code.
"""

from datetime import date

from sqlalchemy import String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota.errors import NotFound
from quota.tables import Code, Table, Tenge

MINIMUM_WAGE = "minimum_wage"
MCI = "mci"


class Rate(Table):
    """`value` is whole tenge, whole per cent or a count, as `unit` says."""

    __tablename__ = "rates"
    __table_args__ = (UniqueConstraint("code", "valid_from"),)

    code: Mapped[Code]
    valid_from: Mapped[date]
    value: Mapped[Tenge]
    unit: Mapped[str] = mapped_column(String(20), default="tenge")
    act: Mapped[str] = mapped_column(String(300))
    verified: Mapped[bool] = mapped_column(default=True)


def rate_on(session: Session, code: str, day: date) -> int:
    """The value in force on `day`. Raises NotFound when no row is."""
    value = session.scalar(
        select(Rate.value)
        .where(Rate.code == code, Rate.valid_from <= day)
        .order_by(Rate.valid_from.desc())
        .limit(1)
    )
    if value is None:
        raise NotFound("no_rate", rate=code, day=day.isoformat())
    return value
