"""The migrated schema is the one the house describes, and sealed tables stay sealed."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from app.schema import METADATA


def test_migrations_make_exactly_the_schema_of_the_code(any_engine: Engine) -> None:
    with any_engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, METADATA) == []


@pytest.mark.parametrize("statement", ["UPDATE journal SET verb = 'x'", "DELETE FROM journal"])
def test_the_journal_refuses_changes(any_engine: Engine, statement: str) -> None:
    with any_engine.connect() as connection:
        connection.execute(
            text(
                "INSERT INTO journal (id, at, role, verb, noun, record_key, reason, detail)"
                " VALUES (1, '2026-01-01', 'system', 'add', 'employers', 'k', '', '{}')"
            )
        )
        with pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(statement))
