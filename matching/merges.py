"""Merges: two records of one person made one, with what moved, so that it can be taken back."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from quota.tables import Keyed, Table


class Merge(Keyed, Table):
    """`moved` lists the ids of the rows that changed hands, by table."""

    __tablename__ = "merges"

    from_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    into_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    moved: Mapped[dict[str, Any]] = mapped_column(default=dict)
    undone_at: Mapped[datetime | None]
