"""What is stored about a person, for the person's own requests; duplicates and moves between centres."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from litestar import Controller, get, post
from litestar.params import FromPath

from matching import access, merges, privacy
from matching.privacy import Kind, Outcome
from quota.calendar import local_day
from quota.errors import Invalid
from quota.rights import Role
from web.forms import Form, Typed
from web.guards import WRITES, may
from web.i18n import get_locale, moment
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page
from web.stored import tell_stored
from web.words import word


@dataclass(frozen=True, slots=True)
class Asked:
    kind: Kind
    asked_on: date


@dataclass(frozen=True, slots=True)
class Move:
    centre: str
    why: str = field(metadata={"most": 300})


class OwnData(Controller):
    path = "/candidates/{key:str}/data"
    guards = (may("persons.block"),)

    @get(opt=WRITES, sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        return _show(request, unit, key, Form.blank(asked_on=local_day(unit.now)))

    @post(sync_to_thread=True)
    def change(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        """One page, several forms: the button says which step is meant."""
        try:
            said, back = STEPS[form.choose("step", STEPS)](unit, key, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show(request, unit, key, form, status=422)
        flash(request, said)
        return go(request, back or f"/candidates/{key}/data")


class Requests(Controller):
    path = "/requests"
    guards = (may("persons.block"),)

    @get(sync_to_thread=True)
    def browse(self, request: Request, unit: Unit) -> Answer:
        rows = privacy.list_requests(unit.session, unit.actor)
        officer = unit.actor.role is Role.OFFICER
        expired = privacy.list_expired(unit.session, unit.actor, now=unit.now) if officer else []
        return page(request, "candidates/requests.html", rows=rows, expired=expired)


Said = tuple[str, str]


def _enter(unit: UnitOfWork, key: str, form: Form) -> Said:
    asked = form.read(Asked)
    on = asked.asked_on
    privacy.enter_request(unit.session, unit.actor, key, asked.kind, asked_on=on, now=unit.now)
    return "request_entered", ""


def _answer(unit: UnitOfWork, key: str, form: Form) -> Said:
    outcome = Outcome(form.choose("outcome", tuple(Outcome)))
    request = form.value("request")
    privacy.answer_request(unit.session, unit.actor, request, outcome=outcome, now=unit.now)
    return "request_answered", ""


def _block(unit: UnitOfWork, key: str, form: Form) -> Said:
    reason = form.value("reason")
    privacy.block(unit.session, unit.actor, key, reason=reason, now=unit.now)
    return "record_blocked", ""


def _unblock(unit: UnitOfWork, key: str, form: Form) -> Said:
    reason = form.value("reason")
    privacy.unblock(unit.session, unit.actor, key, reason=reason, now=unit.now)
    return "record_unblocked", ""


def _erase(unit: UnitOfWork, key: str, form: Form) -> Said:
    privacy.erase(unit.session, unit.actor, key, reason=form.value("reason"), now=unit.now)
    return "person_erased", "/requests"


def _merge(unit: UnitOfWork, key: str, form: Form) -> Said:
    into = form.value("into")
    merges.merge(unit.session, unit.actor, key, into, now=unit.now)
    return "records_merged", f"/candidates/{into}"


def _unmerge(unit: UnitOfWork, key: str, form: Form) -> Said:
    merges.undo_merge(unit.session, unit.actor, key, now=unit.now)
    return "records_parted", ""


def _transfer(unit: UnitOfWork, key: str, form: Form) -> Said:
    asked = form.read(Move)
    merges.transfer(unit.session, unit.actor, key, asked.centre, reason=asked.why, now=unit.now)
    return "person_moved", "/candidates"


STEPS: dict[str, Callable[[UnitOfWork, str, Form], Said]] = {
    "enter": _enter,
    "answer": _answer,
    "block": _block,
    "unblock": _unblock,
    "erase": _erase,
    "merge": _merge,
    "unmerge": _unmerge,
    "transfer": _transfer,
}


def _show(request: Request, unit: UnitOfWork, key: str, form: Form, *, status: int = 200) -> Answer:
    told = access.report_on(unit.session, unit.actor, key, now=unit.now)
    staff = unit.actor.role is Role.STAFF
    likely = merges.list_likely(unit.session, unit.actor, key) if staff else []
    centres = merges.list_centres(unit.session, unit.actor) if staff else []
    return page(
        request,
        "candidates/data.html",
        status=status,
        key=key,
        told=told,
        stored=tell_stored(told),
        requests=privacy.list_requests(unit.session, unit.actor, candidate_key=key),
        kinds=[(kind.value, word("request", kind)) for kind in Kind],
        outcomes=[(outcome.value, word("request_outcome", outcome)) for outcome in Outcome],
        likely=likely,
        centres=[(centre.key, centre.names()[get_locale()]) for centre in centres],
        form=form,
        staff=staff,
        officer=unit.actor.role is Role.OFFICER,
        made=moment(told.made_at),
    )
