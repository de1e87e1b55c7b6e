"""Who reads, and the coarse doors: which role may come to a page at all.

Every handler carries `guards=[signed_in]`, `guards=[may("right")]` or `opt=PUBLIC`; a test holds that.
Which records a reader sees is decided below, by `quota.rights` in each verb and query.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from litestar.types import Guard

from quota import rights
from quota.accounts import Account
from quota.errors import NotAllowed
from quota.rights import Actor

PUBLIC = {"public": True}
# No session is read or written: for static files.
STATELESS = {"public": True, "stateless": True}
# A GET that writes, such as one that journals who looked.
WRITES = {"writes": True}

Connection = ASGIConnection[Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """A signed-in person, as pages need them."""

    key: str
    name: str
    actor: Actor


def reader_of(connection: Connection) -> Reader | None:
    # The error pages of unknown addresses are made before anybody was recognised.
    reader: Reader | None = connection.scope.get("user")
    return reader


async def signed_in(connection: Connection, _: BaseRouteHandler) -> None:
    """Lets every signed-in reader pass."""
    if reader_of(connection) is None:
        raise NotAuthorizedException


def may(*any_of: str) -> Guard:
    """A guard that lets roles with any of the rights pass. Raises KeyError at start for an unknown right."""
    for right in any_of:
        rights.RIGHTS[right]

    async def may_enter(connection: Connection, handler: BaseRouteHandler) -> None:
        await signed_in(connection, handler)
        reader = reader_of(connection)
        if reader is None or not any(rights.has(reader.actor, r) for r in any_of):
            raise NotAllowed("not_allowed", right=any_of[0])

    may_enter.door = right  # type: ignore[attr-defined]
    return may_enter


signed_in.door = "any"  # type: ignore[attr-defined]


def is_open_door(handler: BaseRouteHandler) -> bool:
    """Whether a handler has neither a door of this module nor says that it is public."""
    doors = [guard for guard in handler.resolve_guards() if hasattr(guard, "door")]
    return not doors and not handler.opt.get("public", False)


def begin_session(connection: Connection, account: Account) -> None:
    """Signs the account in: its session gets a new id when the answer is sent."""
    connection.set_session(
        {"account_id": account.id, "bound_to": bind(account), "begins": True, "flashes": []}
    )


def end_session(connection: Connection) -> None:
    connection.set_session({})


def bind(account: Account) -> str:
    """What ties a session to the password it was opened with: a new password ends old sessions."""
    return hashlib.sha256(account.password_hash.encode()).hexdigest()[:16]
