"""A person's own page, opened by a personal code: see, accept, decline, object, withdraw,
check in. No script."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from litestar import Controller, get, post
from litestar.params import FromPath

from matching import (
    absences,
    access,
    answers,
    check_in_rows,
    checkins,
    codes,
    consents,
    enrolments,
    own,
    placements,
    privacy,
    withdrawals,
)
from matching.candidates import Candidate
from matching.codes import Purpose
from matching.consents import Evidence
from matching.consents import Form as Evident
from matching.privacy import Kind
from matching.reasons import DECLINES, LEAVINGS, list_active
from quota.calendar import local_day
from quota.errors import Invalid, NotFound, fault
from quota.rights import Actor
from web.forms import Form, Typed
from web.geography import place_name
from web.guards import PUBLIC, WRITES
from web.people import say_hours
from web.questionnaire import name_of
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page
from web.stored import tell_stored
from web.words import word


@dataclass(frozen=True, slots=True)
class Visit:
    unit: UnitOfWork
    actor: Actor
    candidate: Candidate
    code: str


class Me(Controller):
    path = "/me"
    opt = PUBLIC

    @get(sync_to_thread=True)
    def ask(self, request: Request) -> Answer:
        return page(request, "me/door.html", form=Form.blank())

    @post(sync_to_thread=True)
    def enter(self, request: Request, unit: Unit, form: Typed) -> Answer:
        code = codes.tidy(form.value("code"))
        try:
            codes.enter(unit.session, code, now=unit.now)
        except NotFound as problem:
            form.faults = (fault("code", problem.code),)
            return page(request, "me/door.html", form=form, status=422)
        return go(request, f"/me/{code}")

    @get("/{code:str}", opt=PUBLIC | WRITES, sync_to_thread=True)
    def show(self, request: Request, unit: Unit, code: FromPath[str]) -> Answer:
        actor, candidate, purpose = codes.enter(unit.session, code, now=unit.now)
        codes.mark_used(unit.session, actor, code, now=unit.now)
        if purpose is Purpose.SURVEY:
            return page(request, "me/begin.html", code=code)
        return _show(request, Visit(unit, actor, candidate, code), Form.blank())

    @get("/{code:str}/data", opt=PUBLIC | WRITES, sync_to_thread=True)
    def tell(self, request: Request, unit: Unit, code: FromPath[str]) -> Answer:
        actor, candidate, purpose = codes.enter(unit.session, code, now=unit.now)
        if purpose is Purpose.SURVEY:
            raise NotFound("no_such_code")
        told = access.report_on(unit.session, actor, candidate.key, now=unit.now)
        return page(request, "me/data.html", code=code, told=told, stored=tell_stored(told))

    @post("/{code:str}", sync_to_thread=True)
    def act(self, request: Request, unit: Unit, code: FromPath[str], form: Typed) -> Answer:
        actor, candidate, purpose = codes.enter(unit.session, code, now=unit.now)
        if purpose is Purpose.SURVEY:
            raise NotFound("no_such_code")
        visit = Visit(unit, actor, candidate, code)
        try:
            said = STEPS[form.choose("step", STEPS)](visit, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show(request, visit, form, status=422)
        flash(request, said)
        return go(request, f"/me/{code}")


def _agree(visit: Visit, form: Form) -> str:
    unit = visit.unit
    evidence = Evidence(Evident.CODE, local_day(unit.now))
    consents.give(unit.session, visit.actor, form.value("consent"), evidence, now=unit.now)
    return "consent_given"


def _refuse(visit: Visit, form: Form) -> str:
    consents.refuse(visit.unit.session, visit.actor, form.value("consent"), now=visit.unit.now)
    return "consent_refused_by_you"


def _decline(visit: Visit, form: Form) -> str:
    unit, reason = visit.unit, form.value("reason")
    key = form.value("referral")
    answers.decline(unit.session, visit.actor, key, reason=reason, now=unit.now)
    return "offer_declined"


def _take_seat(visit: Visit, form: Form) -> str:
    unit, key, on = visit.unit, form.value("seat"), local_day(visit.unit.now)
    enrolments.accept(unit.session, visit.actor, key, on=on, now=unit.now)
    return "seat_taken_by_you"


def _decline_seat(visit: Visit, form: Form) -> str:
    unit, reason = visit.unit, form.choose("leaving", dict(_list_leavings()))
    enrolments.leave(unit.session, visit.actor, form.value("seat"), reason=reason, now=unit.now)
    return "seat_declined_by_you"


def _list_leavings() -> list[tuple[str, str]]:
    """What a person may say of a seat that is not wanted; the rest the centre says."""
    codes = [one.code for one in list_active(LEAVINGS) if one.code not in ("absence", "custody")]
    return [(code, word("leaving", code)) for code in codes]


def _still(visit: Visit, form: Form) -> str:
    unit = visit.unit
    placements.keep(unit.session, visit.actor, form.value("job"), now=unit.now)
    return "offer_declined"


def _left(visit: Visit, form: Form) -> str:
    unit = visit.unit
    absences.say_left(unit.session, visit.actor, form.value("job"), now=unit.now)
    return "objection_kept"


def _withdraw(visit: Visit, form: Form) -> str:
    unit, key = visit.unit, form.value("consent")
    withdrawals.withdraw_consent(unit.session, visit.actor, key, now=unit.now)
    return "consent_withdrawn_by_you"


def _object(visit: Visit, form: Form) -> str:
    unit = visit.unit
    own.object_to(unit.session, visit.actor, visit.candidate, form.value("text"), now=unit.now)
    return "objection_kept"


def _ask(visit: Visit, form: Form) -> str:
    unit, kind = visit.unit, Kind(form.choose("kind", KINDS))
    privacy.enter_request(
        unit.session,
        visit.actor,
        visit.candidate.key,
        kind,
        asked_on=local_day(unit.now),
        now=unit.now,
    )
    return "request_kept"


def _check_in(visit: Visit, form: Form) -> str:
    unit, key, kato = visit.unit, form.value("check_in"), form.value("kato")
    checkins.confirm(unit.session, visit.actor, key, kato=kato, now=unit.now)
    return "checked_in"


def _tell_place(visit: Visit, form: Form) -> str:
    return _agree_to_place(visit, agreed=True)


def _hide_place(visit: Visit, form: Form) -> str:
    return _agree_to_place(visit, agreed=False)


def _agree_to_place(visit: Visit, *, agreed: bool) -> str:
    unit, person = visit.unit, visit.candidate
    checkins.set_place_consent(unit.session, visit.actor, person, agreed=agreed, now=unit.now)
    return "place_told" if agreed else "place_hidden"


KINDS = (Kind.CORRECTION, Kind.BLOCKING, Kind.ERASURE)
STEPS: dict[str, Callable[[Visit, Form], str]] = {
    "ask": _ask,
    "agree": _agree,
    "refuse": _refuse,
    "decline": _decline,
    "take_seat": _take_seat,
    "decline_seat": _decline_seat,
    "still": _still,
    "left": _left,
    "withdraw": _withdraw,
    "object": _object,
    "check_in": _check_in,
    "tell_place": _tell_place,
    "hide_place": _hide_place,
}


def _show(request: Request, visit: Visit, form: Form, *, status: int = 200) -> Answer:
    seen = own.see_own(visit.unit.session, visit.actor, visit.candidate, now=visit.unit.now)
    awaited = check_in_rows.see_own(visit.unit.session, visit.candidate, now=visit.unit.now)
    offers: list[Any] = [(offer, say_hours(offer.shifts)) for offer in seen.offers]
    return page(
        request,
        "me/show.html",
        status=status,
        leavings=_list_leavings(),
        form=form,
        code=visit.code,
        seen=seen,
        c=seen.candidate,
        offers=offers,
        own=awaited,
        places=[(kato, place_name(names)) for kato, names in awaited.places] if awaited else [],
        hours=say_hours(seen.candidate.hours),
        choices=[f"{choice.title} — {name_of(choice.isco08)}" for choice in seen.choices],
        kinds=[(kind.value, word("request", kind)) for kind in KINDS],
        reasons=[(reason.code, word("decline", reason.code)) for reason in list_active(DECLINES)],
    )
