"""What kind of database this is. A demonstration holds invented people whose numbers lie in the future."""

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota.tables import Table


class Installation(Table):
    """One row, made when the database is filled for the first time."""

    __tablename__ = "installation"

    demonstration: Mapped[bool] = mapped_column(default=False)


def is_demonstration(session: Session) -> bool:
    return bool(session.scalar(select(Installation.demonstration)))


def mark_demonstration(session: Session) -> None:
    """Marks a database without a mark as a demonstration; it cannot be undone."""
    session.add(Installation(demonstration=True))
    session.flush()
