"""Invitations of employers"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_invitations",
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_desk_invitations_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by"], ["accounts.id"], name=op.f("fk_desk_invitations_issued_by")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_desk_invitations_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_invitations")),
        sa.UniqueConstraint("key", name=op.f("uq_desk_invitations_key")),
        sa.UniqueConstraint("token", name=op.f("uq_desk_invitations_token")),
    )
    op.create_index(
        op.f("ix_desk_invitations_employer_id"), "desk_invitations", ["employer_id"], unique=False
    )


def downgrade() -> None:
    raise RuntimeError("going back would lose data: restore a backup instead")
