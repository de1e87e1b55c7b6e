"""The employer's answer by link: one referral, without signing in."""

from litestar import Controller, get, post
from litestar.params import FromPath

from matching.referrals import find_by_answer_code
from quota.calendar import local_day
from quota.errors import Invalid
from web.forms import Form, Typed
from web.guards import PUBLIC, WRITES
from web.referrals import describe, take_step
from web.site import Answer, Request, Unit, flash, go, page


class Answers(Controller):
    path = "/answer"
    opt = {**PUBLIC, **WRITES}  # noqa: RUF012

    @get("/{code:str}", sync_to_thread=True)
    def show(self, request: Request, unit: Unit, code: FromPath[str]) -> Answer:
        referral, actor = find_by_answer_code(unit.session, code)
        form = Form.blank(signed_on=local_day(unit.now), starts_on=local_day(unit.now))
        shown = describe(unit, actor, referral.key, form)
        return page(request, "referrals/answer.html", code=code, **shown)

    @post("/{code:str}", sync_to_thread=True)
    def answer(self, request: Request, unit: Unit, code: FromPath[str], form: Typed) -> Answer:
        referral, actor = find_by_answer_code(unit.session, code)
        try:
            take_step(unit, actor, referral.key, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            shown = describe(unit, actor, referral.key, form)
            return page(request, "referrals/answer.html", status=422, code=code, **shown)
        flash(request, "step_done")
        return go(request, f"/answer/{code}")
