"""Who became ready lately and who takes part are found in an index"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0033"
branch_labels = None
depends_on = None

PRESENT = sa.text("erased_at IS NULL AND merged_into_id IS NULL")
CASELOAD = ["centre_id", "id", "readiness", "status", "surveyed_on", "takes_part"]


def upgrade() -> None:
    op.create_index("ix_standings_kind_value_to_at", "standings", ["kind", "value_to", "at"])
    op.drop_index("ix_candidates_caseload", "candidates")
    op.create_index(
        "ix_candidates_caseload",
        "candidates",
        CASELOAD,
        sqlite_where=PRESENT,
        postgresql_where=PRESENT,
    )
