"""Error pages: every refusal and failure as a page in the reader's language, without personal data."""

import logging
import traceback
from typing import Any
from urllib.parse import quote

from litestar import Response
from litestar.exceptions import HTTPException
from litestar.response import Redirect
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from quota.compliance import DoesNotAddUp
from quota.errors import Invalid, NotAllowed, NotEntered, NotFound, SenimError, WrongState
from quota.tables import make_key
from web.i18n import N_, choose_locale, gettext, set_locale
from web.language import COOKIE
from web.sentences import say
from web.site import Answer, Request, is_fragment, render
from web.words import word

log = logging.getLogger("senim")

STATUSES: dict[type[Exception], int] = {
    Invalid: 422,
    NotAllowed: 403,
    NotEntered: 409,
    NotFound: 404,
    WrongState: 409,
    # A report whose lines do not reconcile is refused, not printed.
    DoesNotAddUp: 409,
    # Two people did the same thing at once, or a value is larger than its column.
    IntegrityError: 409,
    DataError: 422,
    OperationalError: 503,
    PoolTimeoutError: 503,
}
TITLES = {
    400: N_("The request cannot be understood"),
    401: N_("Please sign in"),
    403: N_("This is not open to you"),
    404: N_("Nothing here"),
    405: N_("This cannot be done here"),
    409: N_("Not any more"),
    413: N_("The file is too large"),
    422: N_("Something does not fit"),
    429: N_("Too many tries"),
    500: N_("Something broke on our side"),
    503: N_("Busy at the moment"),
}
ADVICE = {
    400: N_("Go back and try again."),
    401: N_(
        "You are signed out, or your session has ended. What you had not saved is not changed."
    ),
    403: N_("Reload the page you came from and try again. If it stays so, ask your administrator."),
    404: N_("The address may be mistyped, or what stood here is gone."),
    405: N_("Go back and use the buttons of the page."),
    409: N_("Somebody changed it meanwhile. Reload the page and look again."),
    413: N_("Choose a smaller file."),
    422: N_("Something in the form does not fit."),
    500: N_("Nothing was changed. Tell your administrator this number: %(reference)s"),
    503: N_("Nothing was changed. Try again in a moment."),
}


def answer_error(request: Request, problem: Exception) -> Answer:
    """The answer to any exception that reached the top; registered for all of them."""
    # Unknown addresses are answered before the language was chosen.
    header = request.headers.get("accept-language", "")
    set_locale(choose_locale(request.cookies.get(COOKIE), header))
    status = _status_of(problem)
    if status == 401 and request.method == "GET" and not is_fragment(request):
        return Redirect(f"/sign-in?next={quote(request.url.path)}", status_code=303)
    title = gettext(TITLES.get(status, TITLES[400]))
    links = []
    if isinstance(problem, DoesNotAddUp):
        title = gettext("The report is not printed")
        links = [(f"/employers/{problem.row.employer_key}", problem.row.employer_name)]
    reference = make_key(8)
    if status == 500 or isinstance(problem, DBAPIError):
        _write_down(request, problem, reference)
    fragment = is_fragment(request)
    body = render(
        request,
        "error.html",
        block="notice" if fragment else "",
        title=title,
        sentences=_explain(problem, status, reference),
        links=links,
        fragment=fragment,
    )
    headers = _headers_of(problem, status)
    return Response(body, media_type="text/html", status_code=status, headers=headers)


def _status_of(problem: Exception) -> int:
    if isinstance(problem, HTTPException):
        return problem.status_code
    return next((status for kind, status in STATUSES.items() if isinstance(problem, kind)), 500)


def _explain(problem: Exception, status: int, reference: str) -> list[str]:
    if isinstance(problem, Invalid):
        return [say(fault.code, fault.params) for fault in problem.faults]
    if isinstance(problem, DoesNotAddUp):
        row = problem.row
        named = {"employer": row.employer_name, "source": word("source", row.source)}
        return [say(problem.code, named), gettext("Look at the history of its places.")]
    if isinstance(problem, SenimError):
        return [say(problem.code, problem.params)]
    advice = gettext(ADVICE.get(status, ADVICE[400]))
    return [advice % {"reference": reference}]


def _headers_of(problem: Exception, status: int) -> dict[str, Any]:
    headers = dict(getattr(problem, "headers", None) or {})
    more = {401: {"HX-Redirect": "/sign-in"}, 503: {"Retry-After": "5"}}
    return {**headers, **more.get(status, {})}


def _write_down(request: Request, problem: Exception, reference: str) -> None:
    # The message and the address of an error can hold what somebody typed: only its place is logged.
    places = [
        f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(problem.__traceback__)
    ]
    route = request.scope.get("path_template", "")
    kind = type(problem).__name__
    log.error("%s %s %s %s\n  %s", reference, kind, request.method, route, "\n  ".join(places))
