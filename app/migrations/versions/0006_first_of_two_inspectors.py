"""The first of two inspectors"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_by", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_proposals_first_by"), "accounts", ["first_by"], ["id"]
        )


def downgrade() -> None:
    raise RuntimeError("going back would lose data: restore a backup instead")
