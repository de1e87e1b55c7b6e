"""The first sign-in of an employer: a link that staff handed out, and a form that is sent once.

Opening the link changes nothing; whoever sends the form chooses a login and a password.
"""

from dataclasses import dataclass, field

from litestar import Controller, get, post
from litestar.params import FromPath

from quota import invitations
from quota.employers import Employer
from quota.errors import Invalid, NotFound
from quota.invitations import Choice, DeskInvitation, Knock
from web.forms import Form, Typed
from web.guards import PUBLIC, WRITES, begin_session
from web.i18n import LOCALES, get_locale
from web.language import remember
from web.sentences import say
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page


@dataclass(frozen=True, slots=True)
class Joining:
    name: str = field(metadata={"most": 200})
    login: str = field(metadata={"most": 60})
    password: str = field(metadata={"most": 1000, "exact": True})
    locale: str = "kk"


class Invitations(Controller):
    path = "/invitation/{code:str}"
    opt = {**PUBLIC, **WRITES}  # noqa: RUF012  (a wrong code is counted)

    @get(sync_to_thread=True)
    def show(self, request: Request, unit: Unit, code: FromPath[str]) -> Answer:
        door = invitations.knock(unit.session, code, now=unit.now)
        if door.invitation is None:
            return _refuse(request, door)
        return _ask(request, unit, (code, door.invitation), Form.blank(locale=get_locale()))

    @post(sync_to_thread=True)
    def join(self, request: Request, unit: Unit, code: FromPath[str], form: Typed) -> Answer:
        door = invitations.knock(unit.session, code, now=unit.now)
        if door.invitation is None:
            return _refuse(request, door)
        try:
            typed = form.read(Joining)
            form.choose("locale", LOCALES)
            chosen = Choice(typed.login, typed.password, typed.name, typed.locale)
            account = invitations.accept_invitation(
                unit.session, door.invitation, chosen, now=unit.now
            )
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _ask(request, unit, (code, door.invitation), form, status=422)
        begin_session(request, account)
        flash(request, "welcome")
        answer = go(request, "/desk")
        remember(request, answer, account.locale)
        return answer


def _refuse(request: Request, door: Knock) -> Answer:
    # The try is kept, so this is an answer and not a raised refusal.
    if not door.wait_seconds:
        problem = NotFound("no_such_invitation")
        return page(request, "desk/no_invitation.html", sentence=say(problem.code), status=404)
    sentence = say("wait", {"seconds": door.wait_seconds})
    answer = page(request, "desk/no_invitation.html", sentence=sentence, status=429)
    answer.set_header("Retry-After", str(door.wait_seconds))
    return answer


def _ask(
    request: Request,
    unit: UnitOfWork,
    found: tuple[str, DeskInvitation],
    form: Form,
    *,
    status: int = 200,
) -> Answer:
    code, invitation = found
    employer = unit.session.get_one(Employer, invitation.employer_id)
    return page(
        request,
        "desk/join.html",
        code=code,
        employer=employer,
        locales=LOCALES.items(),
        form=form,
        status=status,
    )
