"""Inspection campaigns with their cases, and monthly totals of repeat offences"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "offence_totals",
        sa.Column("territory", sa.String(length=80), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("in_work", sa.Integer(), nullable=False),
        sa.Column("without_work", sa.Integer(), nullable=False),
        sa.Column("offences_in_work", sa.Integer(), nullable=False),
        sa.Column("offences_without_work", sa.Integer(), nullable=False),
        sa.Column("typed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offence_totals")),
        sa.UniqueConstraint("key", name=op.f("uq_offence_totals_key")),
        sa.UniqueConstraint("territory", "month", name=op.f("uq_offence_totals_territory_month")),
    )
    op.create_table(
        "campaigns",
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("territory", sa.String(length=80), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("cases_each", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("seed", sa.String(length=80), nullable=False),
        sa.Column("frame", sa.Text(), nullable=False),
        sa.Column("frame_sha256", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["accounts.id"], name=op.f("fk_campaigns_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        sa.UniqueConstraint("code", name=op.f("uq_campaigns_code")),
        sa.UniqueConstraint("key", name=op.f("uq_campaigns_key")),
    )
    with op.batch_alter_table("campaigns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaigns_territory"), ["territory"], unique=False)

    op.create_table(
        "inspections",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("stratum", sa.String(length=120), nullable=False),
        sa.Column("patterns", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_inspections_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_inspections_employer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspections")),
        sa.UniqueConstraint("key", name=op.f("uq_inspections_key")),
    )
    with op.batch_alter_table("inspections", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_inspections_campaign_id"), ["campaign_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_inspections_employer_id"), ["employer_id"], unique=False
        )

    op.create_table(
        "inspection_cases",
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("holder_key", sa.String(length=16), nullable=True),
        sa.Column("filled_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=True),
        sa.Column("doubt", sa.String(length=40), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_inspection_cases_inspection_id")
        ),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["slots.id"], name=op.f("fk_inspection_cases_slot_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_cases")),
        sa.UniqueConstraint("key", name=op.f("uq_inspection_cases_key")),
    )
    with op.batch_alter_table("inspection_cases", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_inspection_cases_inspection_id"), ["inspection_id"], unique=False
        )


def downgrade() -> None:
    raise RuntimeError("going back would lose data: restore a backup instead")
