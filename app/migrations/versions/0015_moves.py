"""Moves to another post"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "placement_moves",
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("post", sa.String(length=200), nullable=False),
        sa.Column("pay", sa.BigInteger(), nullable=False),
        sa.Column("pay_before", sa.BigInteger(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_placement_moves_placement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_moves")),
    )
    op.create_index(
        op.f("ix_placement_moves_placement_id"), "placement_moves", ["placement_id"], unique=False
    )


def downgrade() -> None:
    raise RuntimeError("going back would lose data: restore a backup instead")
