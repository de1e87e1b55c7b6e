"""Reserves called up"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("followed_at", sa.DateTime(timezone=True), nullable=True))
    # What fell through before there were call-ups is of the past.
    op.execute(
        "UPDATE referrals SET followed_at = issued_at"
        " WHERE state IN ('refused', 'declined', 'no_show', 'expired')"
    )


def downgrade() -> None:
    raise RuntimeError("going back would lose data: restore a backup instead")
