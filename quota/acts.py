"""Acts: the legal act behind a rule, by date. An act is shown with a rule's source, never with its effect."""

from datetime import date

from sqlalchemy import String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota.data import read_rows
from quota.tables import Code, Table


class Act(Table):
    """A row that is not `verified` is for the office to check against the text in force."""

    __tablename__ = "acts"
    __table_args__ = (UniqueConstraint("rule", "valid_from"),)

    rule: Mapped[Code]
    valid_from: Mapped[date]
    act: Mapped[str] = mapped_column(String(300))
    verified: Mapped[bool] = mapped_column(default=True)


def act_on(session: Session, rule: str, day: date) -> Act | None:
    """The act in force for a rule on `day`, or None when no row says."""
    return session.scalar(
        select(Act)
        .where(Act.rule == rule, Act.valid_from <= day)
        .order_by(Act.valid_from.desc())
        .limit(1)
    )


def load_acts(session: Session) -> int:
    """Adds the package's rows that the table lacks, by rule and day; returns how many."""
    known = {(rule, day) for rule, day in session.execute(select(Act.rule, Act.valid_from))}
    rows = [
        Act(
            rule=row["rule"],
            valid_from=date.fromisoformat(row["valid_from"]),
            act=row["act"],
            verified=row["verified"] == "yes",
        )
        for row in read_rows("acts.csv")
    ]
    missing = [act for act in rows if (act.rule, act.valid_from) not in known]
    session.add_all(missing)
    session.flush()
    return len(missing)
