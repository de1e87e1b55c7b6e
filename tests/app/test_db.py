"""The migrated schema is the one the house describes, and sealed tables stay sealed."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError

from app.db import work
from app.schema import METADATA
from quota.centres import Centre
from tests.factories import make_centre


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


def test_a_unit_that_promised_to_read_is_refused_when_it_writes(
    any_engine: Engine, keyring
) -> None:
    with work(any_engine, keyring) as session:
        make_centre(session)
    with pytest.raises(DBAPIError), work(any_engine, keyring, read_only=True) as session:
        make_centre(session)
    with work(any_engine, keyring) as session:
        make_centre(session)
    with work(any_engine, keyring, read_only=True) as session:
        assert session.scalar(select(func.count()).select_from(Centre)) == 2
