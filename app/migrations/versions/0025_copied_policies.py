"""Which policy a policy was copied from"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("policies", schema=None) as batch_op:
        batch_op.add_column(sa.Column("copied_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_policies_copied_id"), "policies", ["copied_id"], ["id"]
        )


def downgrade() -> None:
    raise RuntimeError("going back would lose data: restore a backup instead")
