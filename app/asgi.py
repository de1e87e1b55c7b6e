"""The web application: controllers, database, sessions, headers and errors wired together."""

import hashlib
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    ExitStack,
    asynccontextmanager,
)
from datetime import UTC, datetime
from functools import partial
from typing import Any

from anyio import to_thread
from litestar import Litestar
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import MutableScopeHeaders, State
from litestar.di import Provide
from litestar.exceptions import NotFoundException
from litestar.types import Message, Scope
from sqlalchemy.orm import Session

from app.auth import KeepSession, OpenUnit
from app.db import open_engine, work
from app.jobs import start_worker
from app.settings import Secrets, Settings
from matching import looks
from web.controllers import CONTROLLERS
from web.errors import answer_error
from web.forms import provide_form, provide_query
from web.guards import reader_of
from web.language import ReadLanguage
from web.site import Request as SiteRequest
from web.site import UnitOfWork, environment

log = logging.getLogger("senim.requests")

LARGEST_BODY = 10 * 1024 * 1024
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Pages hold personal data: neither a shared cache nor the browser's history keeps them.
    "Cache-Control": "no-store",
}


def utc_now() -> datetime:
    return datetime.now(UTC)


def make_app(
    settings: Settings,
    secrets: Secrets,
    *,
    clock: Callable[[], datetime] = utc_now,
    solves: bool = False,
) -> Litestar:
    """The application; `clock` is the one place where pages learn the time. One that `solves` also
    works off queued rounds while it runs."""
    engine = open_engine(settings.database)
    open_unit = partial(work, engine, secrets.keyring)
    environment()  # a broken template stops the start, not a request
    return Litestar(
        route_handlers=list(CONTROLLERS),
        dependencies={
            "unit": Provide(_provide_unit(open_unit, clock)),
            "form": Provide(provide_form),
            "asked": Provide(provide_query),
        },
        middleware=[ReadLanguage(), KeepSession(open_unit, settings, clock)],
        csrf_config=_guard_forms(settings, secrets),
        before_request=refuse_unstorable,
        before_send=[_send_headers(settings)],
        exception_handlers={Exception: answer_error},
        request_class=SiteRequest,
        request_max_body_size=LARGEST_BODY,
        openapi_config=None,
        logging_config=None,
        on_shutdown=[engine.dispose],
        lifespan=[_solve_rounds(settings)] if solves else [],
        state=State({"settings": settings, "engine": engine}),
    )


def _solve_rounds(settings: Settings) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def solve_rounds(_: Litestar) -> AsyncIterator[None]:
        worker = start_worker(settings)
        yield
        await to_thread.run_sync(worker.stop)

    return solve_rounds


def _provide_unit(open_unit: OpenUnit, clock: Callable[[], datetime]) -> Any:
    async def provide_unit(request: SiteRequest) -> AsyncGenerator[UnitOfWork, None]:
        """One unit of work a request, ended before the answer is sent."""
        reads = request.method == "GET" and not request.route_handler.opt.get("writes", False)
        work = open_unit(read_only=reads)
        unit = UnitOfWork(work.__enter__(), clock(), reader_of(request))
        try:
            yield unit
        except BaseException as problem:
            await to_thread.run_sync(work.__exit__, type(problem), problem, problem.__traceback__)
            raise
        await to_thread.run_sync(_end_unit, request, unit, work, open_unit if reads else None)

    return provide_unit


def _end_unit(
    request: SiteRequest,
    unit: UnitOfWork,
    work: AbstractContextManager[Session],
    open_unit: OpenUnit | None,
) -> None:
    """Ends the unit. Whom a page names to an account is written down before it is sent, by `open_unit`
    where the unit itself may only read: what cannot be written down is not shown."""
    with ExitStack() as stack:
        stack.push(work)
        named = looks.find_unwritten(unit.session) if unit.reader else []
        if named and open_unit is None:
            _write_list(request, unit, unit.session, named)
    if named and open_unit is not None:
        with open_unit() as session:
            _write_list(request, unit, session, named)


def _write_list(
    request: SiteRequest, unit: UnitOfWork, session: Session, named: Sequence[str]
) -> None:
    page, of = str(request.scope.get("path_template", "")), request.path_params.get("key", "")
    looks.write_list(session, unit.actor, page, named, of=of, now=unit.now)


async def refuse_unstorable(request: SiteRequest) -> None:
    """No record has such an address, and PostgreSQL would fail on it."""
    if "\x00" in request.url.path or "%00" in request.url.query:
        raise NotFoundException


def _guard_forms(settings: Settings, secrets: Secrets) -> CSRFConfig:
    # The name changes with the secret: a cookie signed by an earlier installation would block every form.
    mark = hashlib.sha256(secrets.session.encode()).hexdigest()[:8]
    return CSRFConfig(
        secret=secrets.session,
        cookie_name=f"csrf_{mark}",
        cookie_httponly=True,
        cookie_samesite="lax",
        cookie_secure=settings.secure_cookies,
        exclude_from_csrf_key="stateless",
    )


def _send_headers(settings: Settings) -> Callable[[Message, Scope], Any]:
    headers = dict(HEADERS)
    if settings.secure_cookies:
        headers["Strict-Transport-Security"] = "max-age=31536000"

    async def send_headers(message: Message, scope: Scope) -> None:
        """Adds the headers every answer carries, and logs the route without what was asked of it."""
        if message["type"] != "http.response.start":
            return
        sent = MutableScopeHeaders.from_message(message)
        for name, value in headers.items():
            sent.setdefault(name, value)
        route = scope.get("path_template", "-")
        log.info("%s %s %s", scope.get("method"), route, message["status"])

    return send_headers
