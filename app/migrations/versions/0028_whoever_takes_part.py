"""Whether a consent to matching stands, written down with the person"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not as a batch: making the table anew would stumble over what refers to it.
    op.add_column(
        "candidates",
        sa.Column("takes_part", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.execute(
        "UPDATE candidates SET takes_part = (1 = 1) WHERE id IN (SELECT candidate_id FROM consents"
        " WHERE scope = 'matching' AND state = 'given')"
    )


def downgrade() -> None:
    raise RuntimeError("going back would lose data: restore a backup instead")
