"""Who keyed a paper form the first time"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("surveys", schema=None) as batch_op:
        batch_op.add_column(sa.Column("keyed_by", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_surveys_keyed_by"), "accounts", ["keyed_by"], ["id"]
        )


def downgrade() -> None:
    raise RuntimeError("going back would lose data: restore a backup instead")
