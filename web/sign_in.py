"""Signing in and out, with guessing slowed down."""

from dataclasses import dataclass, field

from litestar import Controller, get, post

from quota import accounts
from quota.errors import Invalid, fault
from web.forms import Form, Typed
from web.guards import PUBLIC, begin_session, end_session, reader_of
from web.language import remember
from web.site import Answer, Request, Unit, flash, go, is_inside, page


@dataclass(frozen=True, slots=True)
class Pair:
    login: str = field(metadata={"most": 200})
    password: str = field(metadata={"most": 1000, "exact": True})
    next: str = "/"


class SignIn(Controller):
    path = "/"
    opt = PUBLIC

    @get("/sign-in", sync_to_thread=True)
    def show(self, request: Request, asked: Typed) -> Answer:
        if reader_of(request):
            return go(request, "/")
        return _show(request, Form.blank(next=asked.value("next") or "/"))

    @post("/sign-in", sync_to_thread=True)
    def enter(self, request: Request, unit: Unit, form: Typed) -> Answer:
        try:
            pair = form.read(Pair)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show(request, form, status=422)
        outcome = accounts.sign_in(unit.session, pair.login, pair.password, now=unit.now)
        if outcome.account is None:
            return _refuse(request, form, outcome.wait_seconds)
        begin_session(request, outcome.account)
        answer = go(request, pair.next if is_inside(pair.next) else "/")
        remember(request, answer, outcome.account.locale)
        return answer

    @post("/sign-out", sync_to_thread=True)
    def leave(self, request: Request) -> Answer:
        end_session(request)
        flash(request, "signed_out")
        return go(request, "/sign-in")


def _refuse(request: Request, form: Form, wait_seconds: int) -> Answer:
    # The failed try is kept, so this is an answer and not a raised refusal.
    if wait_seconds:
        form.faults = (fault("login", "wait", seconds=wait_seconds),)
        answer = _show(request, form, status=429)
        answer.set_header("Retry-After", str(wait_seconds))
        return answer
    form.faults = (fault("login", "wrong_pair"),)
    return _show(request, form, status=422)


def _show(request: Request, form: Form, *, status: int = 200) -> Answer:
    return page(request, "sign_in/show.html", form=form, status=status)
