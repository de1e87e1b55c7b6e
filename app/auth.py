"""Who is behind a request: sessions in a table, by the hash of a random token in a cookie.

A token that nobody issued is never adopted, signing in always issues a new one, and a row is written
only when its content changed. A session ends after `session_hours`, after `idle_minutes` without a
request, when its account is closed and when its password is reset.
"""

import hashlib
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
from anyio import to_thread
from litestar.datastructures import Cookie, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from sqlalchemy import LargeBinary, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.settings import Settings
from quota.accounts import Account, actor_of
from quota.tables import Table
from web.guards import Reader, bind
from web.site import Request

TOUCH_EVERY = timedelta(minutes=5)
OpenUnit = Callable[..., AbstractContextManager[Session]]


class StoredSession(Table):
    __tablename__ = "sessions"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime]
    touched_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Known:
    """What a request's cookie led to; `stored` is the row as it was, None when there is none."""

    data: dict[str, Any] = field(default_factory=dict)
    reader: Reader | None = None
    stored: StoredSession | None = None


def cookie_name(settings: Settings) -> str:
    # The prefix makes browsers refuse such a cookie from another host or without HTTPS.
    return "__Host-senim" if settings.secure_cookies else "senim"


class KeepSession(ASGIMiddleware):
    """Recognises the reader before the handler runs and keeps the session when the answer is sent."""

    scopes = (ScopeType.HTTP,)
    exclude_opt_key = "stateless"

    def __init__(
        self, open_unit: OpenUnit, settings: Settings, clock: Callable[[], datetime]
    ) -> None:
        self._open, self._settings, self._clock = open_unit, settings, clock

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        token = Request(scope).cookies.get(cookie_name(self._settings), "")  # type: ignore[arg-type]
        known = await to_thread.run_sync(self._recognise, token) if token else Known()
        scope["session"], scope["user"], scope["auth"] = dict(known.data), known.reader, None

        async def send_and_keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                cookie = await self._keep(known, scope.get("session"), bool(token))
                if cookie is not None:
                    headers = MutableScopeHeaders.from_message(message)
                    headers.add("Set-Cookie", cookie.to_header(header=""))
            await send(message)

        await next_app(scope, receive, send_and_keep)

    def _recognise(self, token: str) -> Known:
        now = self._clock()
        idle = timedelta(minutes=self._settings.idle_minutes)
        with self._open(read_only=True) as session:
            row = session.scalar(
                select(StoredSession).where(
                    StoredSession.token_hash == _hash(token),
                    StoredSession.expires_at > now,
                    StoredSession.touched_at > now - idle,
                )
            )
            if row is None:
                return Known()
            data = msgspec.json.decode(row.data)
            if "account_id" not in data:
                return Known(data, None, row)
            account = session.get(Account, data["account_id"])
            if account is None or account.closed_at or bind(account) != data["bound_to"]:
                return Known({}, None, row)
            reader = Reader(account.key, account.name, actor_of(session, account))
            return Known(data, reader, row)

    async def _keep(self, known: Known, data: Any, has_cookie: bool) -> Cookie | None:
        """Writes what changed and returns the cookie to set, if any."""
        data = {name: value for name, value in (data or {}).items() if value}
        begins = data.pop("begins", False)
        content = msgspec.json.encode(data)
        now = self._clock()
        if not data:
            if known.stored is not None:
                await to_thread.run_sync(self._forget, known.stored)
            return self._cookie("", 0) if has_cookie else None
        if known.stored is None or begins:
            token = secrets.token_urlsafe(32)
            await to_thread.run_sync(self._begin, known.stored, token, content, now)
            return self._cookie(token, self._settings.session_hours * 3600)
        if content != known.stored.data or now - known.stored.touched_at > TOUCH_EVERY:
            await to_thread.run_sync(self._rewrite, known.stored, content, now)
        return None

    def _begin(self, old: StoredSession | None, token: str, content: bytes, now: datetime) -> None:
        with self._open() as session:
            if old is not None:
                session.execute(delete(StoredSession).where(StoredSession.id == old.id))
            session.execute(delete(StoredSession).where(StoredSession.expires_at <= now))
            session.add(
                StoredSession(
                    token_hash=_hash(token),
                    data=content,
                    expires_at=now + timedelta(hours=self._settings.session_hours),
                    touched_at=now,
                )
            )

    def _rewrite(self, row: StoredSession, content: bytes, now: datetime) -> None:
        with self._open() as session:
            stored = session.get(StoredSession, row.id)
            if stored is not None:
                stored.data, stored.touched_at = content, now

    def _forget(self, row: StoredSession) -> None:
        with self._open() as session:
            session.execute(delete(StoredSession).where(StoredSession.id == row.id))

    def _cookie(self, token: str, max_age: int) -> Cookie:
        return Cookie(
            key=cookie_name(self._settings),
            value=token,
            max_age=max_age,
            path="/",
            httponly=True,
            samesite="lax",
            secure=self._settings.secure_cookies,
        )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
