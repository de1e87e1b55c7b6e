"""How many people a desk takes at once, and its pauses"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("employers", sa.Column("most_sent", sa.Integer(), nullable=True))
    op.create_table(
        "desk_pauses",
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_by", sa.Integer(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_desk_pauses_employer_id")
        ),
        sa.ForeignKeyConstraint(["said_by"], ["accounts.id"], name=op.f("fk_desk_pauses_said_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_pauses")),
        sa.UniqueConstraint("key", name=op.f("uq_desk_pauses_key")),
    )
    op.create_index(op.f("ix_desk_pauses_employer_id"), "desk_pauses", ["employer_id"])


def downgrade() -> None:
    raise RuntimeError("going back would lose data: restore a backup instead")
