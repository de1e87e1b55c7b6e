"""The site around every page: its layout, navigation, messages and answers.

A controller is a class in `web/<noun>.py`, listed in `web/controllers.py`; its templates lie in
`web/templates/<noun>/`. Handlers are plain functions in worker threads (`sync_to_thread=True`): parse,
call one verb or query, render. They ask for what they need by name and type: `unit: Unit` (session, actor,
now; committed before the answer is sent, rolled back on any error) and `form: Typed` (see `web/forms`).
A GET reads; one that writes says `opt=WRITES`. The page is rendered in the handler, so a template can
be sure of its data and an error in it changes nothing.

    class Courses(Controller):
        path = "/courses"

        @get(guards=[may("courses.read")], sync_to_thread=True)
        def browse(self, request: Request, unit: Unit, asked: Typed) -> Answer:
            rows = courses.browse(unit.session, unit.actor, asked.read(Filter))
            return page(request, "courses/list.html", block="rows", rows=rows, asked=asked)

`block` is what an htmx request gets of the same template, so a swapped page equals a reloaded one.
Errors of the lower floors are left alone: `web/errors` makes their pages.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2_fragments import render_block
from litestar import Response
from litestar.di import NamedDependency
from litestar.exceptions import NotAuthorizedException
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from litestar.template.base import csrf_token
from markupsafe import Markup
from sqlalchemy.orm import Session

from quota.rights import Actor
from web import i18n
from web.assets import address_of
from web.due_words import due_word
from web.events import tell_noun, tell_verb
from web.geography import place_name, tell_place
from web.guards import Reader, reader_of
from web.navigation import nouns_for
from web.sentences import say
from web.words import tone, word

Request = HTMXRequest
Answer = Response[Any]


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    """One request's transaction, its moment and who reads."""

    session: Session
    now: datetime
    reader: Reader | None

    @property
    def actor(self) -> Actor:
        """Who acts; on a guarded page there is always somebody."""
        if self.reader is None:
            raise NotAuthorizedException
        return self.reader.actor


Unit = NamedDependency[UnitOfWork]
LAST_NEWS = 286  # htmx swaps this answer and asks no more


@cache
def environment() -> Environment:
    """Jinja with escaping on and no silent undefined names; the macros of `ui.html` are known as `ui`."""
    env = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        i18n.gettext, i18n.ngettext, newstyle=True, pgettext=i18n.pgettext
    )
    env.policies["ext.i18n.trimmed"] = True
    shown = (
        i18n.day,
        i18n.month_name,
        i18n.long_day,
        i18n.moment,
        i18n.clock_time,
        i18n.number,
        i18n.tenge,
    )
    env.filters.update({fn.__name__: fn for fn in (*shown, i18n.percent)})
    env.globals.update(word=word, tone=tone, say=say, asset=address_of, languages=i18n.LOCALES)
    env.globals.update(place_name=place_name, tell_place=tell_place)
    env.globals.update(tell_verb=tell_verb, tell_noun=tell_noun)
    env.globals["due_word"] = due_word
    env.globals["ui"] = env.get_template("ui.html").module
    env.globals["charts"] = env.get_template("charts.html").module
    return env


def page(
    request: Request, template: str, /, *, block: str = "", status: int = 200, **context: Any
) -> Answer:
    """The page, or for an htmx request only its `block`."""
    return Response(
        render(request, template, block=block if is_fragment(request) else "", **context),
        media_type="text/html",
        status_code=status,
        headers={"Vary": "HX-Request"},
    )


def render(request: Request, template: str, /, *, block: str = "", **context: Any) -> str:
    env = environment()
    names = {**_describe(request), **context}
    if block:
        return render_block(env, template, block, names)
    return env.get_template(template).render({**names, "messages": take_messages(request)})


def go(request: Request, path: str) -> Answer:
    """Sends the reader on to another page after something was done."""
    if is_fragment(request):
        # A header holds Latin letters only; for a plain redirect Litestar quotes by itself.
        headers = {"HX-Redirect": quote(path, safe="/?&=%#+:@,;")}
        return Response("", status_code=200, headers=headers)
    return Redirect(path, status_code=303)


def flash(request: Request, code: str, **params: object) -> None:
    """Says the sentence of `code` on the next page. It is stored: no personal data in `params`."""
    waiting = [*request.session.get("flashes", ()), [code, params]]
    request.set_session({**request.session, "flashes": waiting})


def take_messages(request: Request) -> list[str]:
    """The sentences left by `flash`, which are then forgotten."""
    session = request.scope.get("session")
    if not isinstance(session, dict) or not session.get("flashes"):
        return []
    messages = [say(code, params) for code, params in session["flashes"]]
    request.set_session({**session, "flashes": []})
    return messages


def last_news(request: Request, status: int, *, busy: bool) -> int:
    """The status of a fragment that asks again by itself: once nothing is busy it need not."""
    return LAST_NEWS if is_fragment(request) and status == 200 and not busy else status


def is_fragment(request: Request) -> bool:
    return bool(request.htmx) and not request.htmx.boosted


def is_inside(path: str) -> bool:
    """Whether an address given by a form leads to this site and nowhere else."""
    return (
        path.startswith("/")
        and not path.startswith("//")
        and path.isprintable()
        and "\\" not in path
    )


def _describe(request: Request) -> dict[str, Any]:
    reader, path = reader_of(request), request.url.path
    token = csrf_token({"request": request})
    return {
        "reader": reader,
        "nouns": nouns_for(request.app, reader, path),
        "locale": i18n.get_locale(),
        "here": path + (f"?{request.url.query}" if request.url.query else ""),
        "csrf_token": token,
        "csrf_input": Markup('<input type="hidden" name="_csrf_token" value="{}">').format(token),
    }
