"""The migrated schema is the one the house describes, and sealed tables stay sealed."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError

from app.db import work
from app.schema import METADATA
from quota.centres import Centre
from quota.journal import Entry
from tests.factories import OPENED, make_centre


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


@pytest.mark.parametrize(
    ("noun", "at", "destroyed"),
    [
        ("lists", OPENED - timedelta(days=800), True),
        ("lists", datetime.now(UTC) - timedelta(days=360), False),
        ("candidates", OPENED - timedelta(days=800), False),
    ],
)
def test_of_the_journal_only_old_lines_about_lists_can_be_destroyed(
    any_engine: Engine, keyring, noun: str, at: datetime, destroyed: bool
) -> None:
    entry = Entry(at=at, role="staff", verb="show", noun=noun, record_key="/candidates")
    with work(any_engine, keyring) as session:
        session.add(entry)
    with any_engine.connect() as connection:
        changed = pytest.raises(DBAPIError, match="append-only")
        with changed, connection.begin():
            connection.execute(text("UPDATE journal SET verb = 'x'"))
        kept = nullcontext() if destroyed else pytest.raises(DBAPIError, match="append-only")
        with kept, connection.begin():
            connection.execute(text("DELETE FROM journal"))
        assert connection.scalar(text("SELECT COUNT(*) FROM journal")) == int(not destroyed)


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
