"""The language switch: remembered by the browser in a cookie and by the account."""

from litestar import Controller, post
from litestar.datastructures import Cookie
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from quota import accounts
from web.forms import Typed
from web.guards import PUBLIC
from web.i18n import LOCALES, choose_locale, set_locale
from web.site import Answer, Request, Unit, go, is_inside

COOKIE = "lang"
YEAR = 365 * 24 * 3600


class ReadLanguage(ASGIMiddleware):
    """Sets the language of the request before anything is said."""

    scopes = (ScopeType.HTTP,)
    exclude_opt_key = "stateless"

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        request: Request = Request(scope)  # type: ignore[arg-type]
        accepted = request.headers.get("accept-language", "")
        set_locale(choose_locale(request.cookies.get(COOKIE), accepted))
        await next_app(scope, receive, send)


class Languages(Controller):
    path = "/language"
    opt = PUBLIC

    @post(sync_to_thread=True)
    def switch(self, request: Request, unit: Unit, form: Typed) -> Answer:
        locale = form.choose("locale", LOCALES)
        if unit.reader:
            accounts.choose_locale(unit.session, unit.actor, locale)
        back = form.value("back")
        answer = go(request, back if is_inside(back) else "/")
        remember(request, answer, locale)
        return answer


def remember(request: Request, answer: Answer, locale: str) -> None:
    """Sets the cookie that keeps the language on this browser for a year."""
    answer.set_cookie(
        Cookie(
            key=COOKIE,
            value=locale,
            max_age=YEAR,
            httponly=True,
            samesite="lax",
            secure=request.app.state.settings.secure_cookies,
        )
    )
