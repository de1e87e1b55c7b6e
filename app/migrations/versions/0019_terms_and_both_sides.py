"""The term and place of a contract, and a question to each side"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("placements", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("term", sa.String(length=40), nullable=False, server_default="indefinite")
        )
        batch_op.add_column(sa.Column("until", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("address", sa.String(length=300), nullable=False, server_default="")
        )
    with op.batch_alter_table("placements", schema=None) as batch_op:
        for name in ("term", "address"):
            batch_op.alter_column(name, server_default=None)
    with op.batch_alter_table("follow_ups", schema=None) as batch_op:
        batch_op.add_column(sa.Column("employer_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("person_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE follow_ups SET employer_at = kept_at")


def downgrade() -> None:
    raise RuntimeError("going back would lose data: restore a backup instead")
