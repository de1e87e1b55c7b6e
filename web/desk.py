"""The employer's desk: what was pledged or owed, who was sent, and the one big next step.

Staff have the same switches of a desk, and its invitations, on a page beside the employer's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from litestar import Controller, get, post
from litestar.params import FromPath

from matching import reasons
from matching.placement_rows import PlacementRow, list_placements
from matching.referral_rows import ReferralRow, list_referrals
from matching.replies import read_replies
from matching.today import list_due
from quota import board, desks, employers, evidence, invitations, slots
from quota.board import VacancyFilter
from quota.calendar import local_day
from quota.employers import Employer
from quota.errors import Invalid
from quota.invitations import Invited
from quota.obligations import read_obligations
from web import charts
from web.forms import Form, Typed
from web.guards import may
from web.i18n import gettext as _
from web.i18n import ngettext
from web.relations import steps_to
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page
from web.slips import draw_code
from web.words import word

NEWS = ("sent", "returned", "accepted")


@dataclass(frozen=True, slots=True)
class Pausing:
    starts_on: date
    ends_on: date | None = None
    reason: str = field(default="", metadata={"most": 300})


@dataclass(frozen=True, slots=True)
class Limit:
    most_sent: int | None = None


class Desk(Controller):
    path = "/desk"

    @get(guards=[may("desk.read")], sync_to_thread=True)
    def show(self, request: Request, unit: Unit) -> Answer:
        return _show_own(request, unit, _blank(unit, _own(unit)))

    @post(guards=[may("desk.read")], sync_to_thread=True)
    def change(self, request: Request, unit: Unit, form: Typed) -> Answer:
        employer = _own(unit)
        try:
            SWITCHES[form.choose("step", SWITCHES)](unit, employer.key, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show_own(request, unit, form, status=422)
        flash(request, "saved")
        return go(request, "/desk")


class EmployerDesk(Controller):
    path = "/employers/{key:str}/desk"
    guards = (may("desk.manage"),)

    @get(sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        employer = _find(unit, key)
        return _show_managed(request, unit, employer, _blank(unit, employer))

    @post(sync_to_thread=True)
    def change(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        employer = _find(unit, key)
        try:
            SWITCHES[form.choose("step", SWITCHES)](unit, key, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show_managed(request, unit, employer, form, status=422)
        flash(request, "saved")
        return go(request, f"/employers/{key}/desk")

    @post("/invite", status_code=200, sync_to_thread=True)
    def invite(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        invited = invitations.invite(unit.session, unit.actor, key, now=unit.now)
        return _show_invitation(request, _find(unit, key), invited)

    @post("/withdraw", sync_to_thread=True)
    def withdraw(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        chosen = form.value("invitation")
        invitations.withdraw_invitation(unit.session, unit.actor, key, chosen, now=unit.now)
        flash(request, "code_ended")
        return go(request, f"/employers/{key}/desk")


def _pause(unit: UnitOfWork, key: str, form: Form) -> None:
    asked = form.read(Pausing)
    pause = desks.Break(asked.starts_on, asked.ends_on, asked.reason)
    desks.pause_desk(unit.session, unit.actor, key, pause, now=unit.now)


def _resume(unit: UnitOfWork, key: str, form: Form) -> None:
    desks.resume_desk(unit.session, unit.actor, key, form.value("pause"), now=unit.now)


def _limit(unit: UnitOfWork, key: str, form: Form) -> None:
    most = form.read(Limit).most_sent
    desks.limit_desk(unit.session, unit.actor, key, most, now=unit.now)


SWITCHES: dict[str, Callable[[UnitOfWork, str, Form], None]] = {
    "pause": _pause,
    "resume": _resume,
    "limit": _limit,
}


def _own(unit: UnitOfWork) -> Employer:
    return unit.session.get_one(Employer, unit.actor.employer_id)


def _find(unit: UnitOfWork, key: str) -> Employer:
    return employers.find_employer(unit.session, unit.actor, key, right="desk.manage")


def _blank(unit: UnitOfWork, employer: Employer) -> Form:
    return Form.blank(starts_on=local_day(unit.now), most_sent=employer.most_sent)


def _show_own(request: Request, unit: UnitOfWork, form: Form, *, status: int = 200) -> Answer:
    session, actor, now = unit.session, unit.actor, unit.now
    employer = _own(unit)
    wanted = VacancyFilter(employer=employer.key)
    referred = list_referrals(session, actor, now=now)
    at_work = list_placements(session, actor, now=now)
    return page(
        request,
        "desk/show.html",
        step=_find_next_step(unit, employer, referred, at_work),
        due=list_due(session, actor, now=now),
        referred=referred,
        refusals=[(r.code, word("refusal", r.code)) for r in reasons.list_active(reasons.REFUSALS)],
        at_work=at_work,
        vacancies=board.list_vacancies(session, actor, wanted, limit=20),
        papers=evidence.list_evidence(session, actor, states=NEWS, limit=5),
        replies=read_replies(session, actor, employer, now=now),
        status=status,
        form=form,
        **_describe(unit, employer),
    )


def _find_next_step(
    unit: UnitOfWork,
    employer: Employer,
    referred: Sequence[ReferralRow],
    at_work: Sequence[PlacementRow],
) -> tuple[str, str]:
    """The one thing to do now and its address: an answer, a hire to report, a job to confirm, places to
    list. Both empty when all is done."""
    if referred:
        first = referred[0]
        said = (
            _("Report the hire of %(name)s")
            if first.state == "accepted"
            else _("Answer for %(name)s")
        )
        return said % {"name": first.name or _("not disclosed")}, f"/referrals/{first.key}"
    if due := [row for row in at_work if row.is_due]:
        said = _("Confirm the work of %(name)s")
        return said % {"name": due[0].name or _("erased")}, f"/placements/{due[0].key}"
    if free := slots.count_unlisted(unit.session, employer.id):
        said = ngettext(
            "List a vacancy for %(num)s free place", "List a vacancy for %(num)s free places", free
        )
        return said % {"num": free}, f"/vacancies/new?employer={employer.key}"
    return "", ""


def _show_managed(
    request: Request, unit: UnitOfWork, employer: Employer, form: Form, *, status: int = 200
) -> Answer:
    return page(
        request,
        "desk/managed.html",
        steps=steps_to(employer),
        invitations=invitations.list_invitations(unit.session, employer)[:10],
        status=status,
        form=form,
        **_describe(unit, employer),
    )


def _describe(unit: UnitOfWork, employer: Employer) -> dict[str, Any]:
    owed = read_obligations(unit.session, unit.actor, employer, now=unit.now)
    return {
        "employer": employer,
        "today": local_day(unit.now),
        "now": unit.now,
        "obligations": [(row, charts.draw_obligation(row)) for row in owed],
        "pauses": desks.list_pauses(unit.session, employer, now=unit.now),
    }


def _show_invitation(request: Request, employer: Employer, invited: Invited) -> Answer:
    address = f"{request.base_url}invitation/{invited.text}"
    return page(
        request,
        "desk/invitation.html",
        steps=[*steps_to(employer), (f"/employers/{employer.key}/desk", _("Desk"))],
        employer=employer,
        invited=invited,
        address=address,
        picture=draw_code(address),
    )
