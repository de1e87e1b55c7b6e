"""Notices of inspections by e-mail and SMS"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inspection_notices",
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("term", sa.Date(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"],
            ["inspections.id"],
            name=op.f("fk_inspection_notices_inspection_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_notices")),
        sa.UniqueConstraint("key", name=op.f("uq_inspection_notices_key")),
        sa.UniqueConstraint(
            "inspection_id",
            "code",
            "term",
            name=op.f("uq_inspection_notices_inspection_id_code_term"),
        ),
    )
    with op.batch_alter_table("inspection_notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inspection_notices_due_at"), ["due_at"], unique=False)


def downgrade() -> None:
    raise RuntimeError("going back would lose data: restore a backup instead")
