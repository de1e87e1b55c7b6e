"""Personal codes asked for by SMS"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "code_messages",
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
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
            ["candidate_id"], ["candidates.id"], name=op.f("fk_code_messages_candidate_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["accounts.id"], name=op.f("fk_code_messages_asked_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_code_messages_key")),
    )
    with op.batch_alter_table("code_messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_code_messages_due_at"), ["due_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_code_messages_candidate_id"), ["candidate_id"], unique=False
        )


def downgrade() -> None:
    raise RuntimeError("going back would lose data: restore a backup instead")
