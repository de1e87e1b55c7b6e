"""Keys to sort names and titles by the Kazakh alphabet; the people of a centre in one index"""

import sqlalchemy as sa
from alembic import op

from quota.spelling import order_key

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEY = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")


def upgrade() -> None:
    _add_key("employers", "name", "name_order")
    _add_key("vacancies", "title", "title_order")
    op.drop_index("ix_employers_name_search", "employers")
    op.drop_index("ix_vacancies_title_search", "vacancies")
    # Not as a batch: making the table anew would stumble over the slots that refer to it.
    op.drop_column("vacancies", "title_search")
    present = sa.text("erased_at IS NULL AND merged_into_id IS NULL")
    op.create_index(
        "ix_candidates_caseload",
        "candidates",
        ["centre_id", "id", "readiness", "status", "surveyed_on"],
        sqlite_where=present,
        postgresql_where=present,
    )


def _add_key(table: str, named: str, column: str) -> None:
    op.add_column(table, sa.Column(column, KEY, nullable=False, server_default=""))
    rows = sa.table(table, sa.column("id"), sa.column(named), sa.column(column))
    connection = op.get_bind()
    keys = [
        {"row": row_id, "order": order_key(text)}
        for row_id, text in connection.execute(sa.select(rows.c.id, rows.c[named]))
    ]
    if keys:
        update = sa.update(rows).where(rows.c.id == sa.bindparam("row"))
        connection.execute(update.values({column: sa.bindparam("order")}), keys)
    op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    raise RuntimeError("going back would lose data: restore a backup instead")
