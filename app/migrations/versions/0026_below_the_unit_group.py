"""The national level of an occupation below its unit group"""

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


def downgrade() -> None:
    raise RuntimeError("going back would lose data: restore a backup instead")
