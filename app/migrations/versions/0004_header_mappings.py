"""Headers of a centre's own tables, mapped by hand once"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "header_mappings",
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("noun", sa.String(length=40), nullable=False),
        sa.Column("header", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centres.id"], name=op.f("fk_header_mappings_centre_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_header_mappings")),
        sa.UniqueConstraint("key", name=op.f("uq_header_mappings_key")),
        sa.UniqueConstraint(
            "centre_id", "noun", "header", name=op.f("uq_header_mappings_centre_id_noun_header")
        ),
    )


def downgrade() -> None:
    raise RuntimeError("going back would lose data: restore a backup instead")
