"""The day from which a line of the ledger holds, where it is another than that of its entry"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("slot_events", sa.Column("holds_from", sa.Date(), nullable=True))


def downgrade() -> None:
    raise RuntimeError("going back would lose data: restore a backup instead")
