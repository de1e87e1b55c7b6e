"""Studies of a solved round, with their own state: variants and the call list move into them"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    studies = op.create_table(
        "studies",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("base_sha256", sa.String(length=64), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=80), nullable=False),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=300), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_studies_round_id")),
        sa.ForeignKeyConstraint(["asked_by"], ["accounts.id"], name=op.f("fk_studies_asked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studies")),
        sa.UniqueConstraint("key", name=op.f("uq_studies_key")),
    )
    op.create_index(op.f("ix_studies_round_id"), "studies", ["round_id"], unique=False)
    op.create_index(op.f("ix_studies_state"), "studies", ["state"], unique=False)
    with op.batch_alter_table("variants", schema=None) as batch_op:
        batch_op.add_column(sa.Column("study_id", sa.Integer(), nullable=True))
    _move_variants(studies)
    with op.batch_alter_table("variants", schema=None) as batch_op:
        batch_op.alter_column("study_id", existing_type=sa.Integer(), nullable=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_variants_study_id"), "studies", ["study_id"], ["id"]
        )
        for column in ("base_sha256", "plan", "run", "summary", "made_by", "made_at"):
            if column == "made_by":
                batch_op.drop_constraint(batch_op.f("fk_variants_made_by"), type_="foreignkey")
            batch_op.drop_column(column)
    op.create_index(op.f("ix_variants_study_id"), "variants", ["study_id"], unique=False)
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.drop_column("insight")


def _move_variants(studies: sa.Table) -> None:
    """Each variant's plan becomes the outcome of a study of its own, under the variant's key."""
    variants = sa.table(
        "variants",
        sa.column("id"),
        sa.column("key"),
        sa.column("round_id"),
        sa.column("changes", sa.JSON()),
        sa.column("base_sha256"),
        sa.column("plan"),
        sa.column("run"),
        sa.column("summary", sa.JSON()),
        sa.column("made_by"),
        sa.column("made_at", sa.DateTime(timezone=True)),
        sa.column("study_id"),
    )
    here = op.get_bind()
    for row in here.execute(sa.select(variants).order_by(variants.c.id)).mappings().all():
        texts = {"plan": row["plan"], "run": row["run"]}
        answer = json.loads(row["plan"])
        solution = {
            "status": answer["status"],
            "options": answer["options"],
            "placed": len(answer["choices"]),
            "unplaced": len(answer["unplaced"]),
            "tiers": answer["tiers"],
        }
        made = here.execute(
            sa.insert(studies).values(
                round_id=row["round_id"],
                kind="variant",
                base_sha256=row["base_sha256"],
                question=row["changes"],
                state="done",
                progress={},
                attempt=1,
                worker="",
                failure="",
                summary=row["summary"] | {"solution": solution},
                outcome=json.dumps(
                    texts, sort_keys=True, separators=(",", ":"), ensure_ascii=False
                ),
                asked_by=row["made_by"],
                asked_at=row["made_at"],
                key=row["key"],
            )
        )
        study = made.inserted_primary_key[0]
        here.execute(variants.update().where(variants.c.id == row["id"]).values(study_id=study))


def downgrade() -> None:
    raise RuntimeError("going back would lose data: restore a backup instead")
