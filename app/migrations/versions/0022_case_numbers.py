"""Sealed numbers of the cases whose people are kept apart"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("restrictions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("case_number", sa.Text(), nullable=False, server_default=""))
        batch_op.alter_column("case_number", server_default=None)


def downgrade() -> None:
    raise RuntimeError("going back would lose data: restore a backup instead")
