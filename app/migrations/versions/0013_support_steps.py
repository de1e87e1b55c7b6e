"""Measures hold codes and dates alone; hours of reception, group work and who came"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("measures", schema=None) as batch_op:
        batch_op.drop_column("text")
        batch_op.add_column(sa.Column("next_step", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("next_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("refused_on", sa.Date(), nullable=True))
        batch_op.create_unique_constraint(
            batch_op.f("uq_measures_executor_id_booked_at"), ["executor_id", "booked_at"]
        )
    op.create_table(
        "receptions",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("days", sa.String(length=7), nullable=False),
        sa.Column("start", sa.String(length=5), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("per_day", sa.Integer(), nullable=False),
        sa.Column("per_week", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_receptions_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receptions")),
        sa.UniqueConstraint("account_id", name=op.f("uq_receptions_account_id")),
        sa.UniqueConstraint("key", name=op.f("uq_receptions_key")),
    )
    op.create_table(
        "gatherings",
        sa.Column("executor_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["executor_id"], ["accounts.id"], name=op.f("fk_gatherings_executor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gatherings")),
        sa.UniqueConstraint("key", name=op.f("uq_gatherings_key")),
    )
    with op.batch_alter_table("gatherings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_gatherings_executor_id"), ["executor_id"], unique=False
        )

    op.create_table(
        "invitations",
        sa.Column("gathering_id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("came", sa.Boolean(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gathering_id"], ["gatherings.id"], name=op.f("fk_invitations_gathering_id")
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measures.id"], name=op.f("fk_invitations_measure_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint(
            "gathering_id", "measure_id", name=op.f("uq_invitations_gathering_id_measure_id")
        ),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitations_measure_id"), ["measure_id"], unique=False)


def downgrade() -> None:
    raise RuntimeError("going back would lose data: restore a backup instead")
