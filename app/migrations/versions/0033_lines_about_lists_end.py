"""Lines of the journal about lists of people may be destroyed after a year at the earliest"""

from alembic import op

revision = "0033"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER journal_no_delete")
        op.execute(
            "CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal "
            "WHEN NOT (OLD.noun = 'lists' AND OLD.at < datetime('now', '-365 days')) "
            "BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION refuse_destroying() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF OLD.noun = 'lists' AND OLD.at < now() - interval '365 days' THEN RETURN OLD; END IF; "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    op.execute("DROP TRIGGER journal_sealed ON journal")
    op.execute(
        "CREATE TRIGGER journal_sealed BEFORE UPDATE ON journal "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER journal_kept BEFORE DELETE ON journal "
        "FOR EACH ROW EXECUTE FUNCTION refuse_destroying()"
    )


def downgrade() -> None:
    raise RuntimeError("going back would lose data: restore a backup instead")
