"""What every table shares: the declarative parent, column types and random public keys."""

import secrets
from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, MetaData, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# Digits and letters that cannot be taken for one another when read out or typed from paper.
KEY_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"

Tenge = Annotated[int, mapped_column(BigInteger)]
Code = Annotated[str, mapped_column(String(40))]
# Keys that the database has to sort by code point (`spelling.order_key`), whatever its own language.
OrderKey = Annotated[
    str, mapped_column(String(200).with_variant(String(200, collation="C"), "postgresql"))
]
Json = Annotated[Any, mapped_column(JSON)]
# Rows of one INSERT stay together where some have a column that is empty.
AT_ONCE = {"render_nulls": True}


def make_key(length: int = 10) -> str:
    """A random public key for addresses and exports: internal ids stay inside."""
    return "".join(secrets.choice(KEY_ALPHABET) for _ in range(length))


class UtcDateTime(TypeDecorator[datetime]):
    """A timezone-aware UTC moment on every database; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Table(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime(), dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)


class Keyed:
    """Mixed into every table whose rows have an address of their own."""

    key: Mapped[str] = mapped_column(String(16), unique=True, default=make_key)
