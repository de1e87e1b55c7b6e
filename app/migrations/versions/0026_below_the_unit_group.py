"""The national level of an occupation, and where a clause or line of an act came from"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("vacancies", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("isco08_suffix", sa.String(length=8), nullable=False, server_default="")
        )
        batch_op.alter_column("isco08_suffix", server_default=None)
    with op.batch_alter_table("decree_rules", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("reference", sa.String(length=60), nullable=False, server_default="")
        )
        batch_op.alter_column("reference", server_default=None)
    with op.batch_alter_table("decree_lines", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("named", sa.String(length=300), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("reference", sa.String(length=60), nullable=False, server_default="")
        )
        batch_op.alter_column("named", server_default=None)
        batch_op.alter_column("reference", server_default=None)


def downgrade() -> None:
    raise RuntimeError("going back would lose data: restore a backup instead")
