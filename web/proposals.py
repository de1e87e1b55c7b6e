"""Proposals: the review desk, and one proposal with all that may be done about it on one screen."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from litestar import Controller, get, post
from litestar.params import FromPath

from matching import consents, reasons, referrals, review_rows, reviews, withdrawals
from matching.consents import Evidence
from matching.restrictions import Source
from matching.review_rows import ProposalPage
from matching.reviews import DECISIONS, Ruling
from matching.states import PROPOSAL, WAITING
from quota import rights
from quota.calendar import local_day
from quota.errors import Invalid, fault
from web.forms import Form, Typed
from web.guards import WRITES, may
from web.people import say_effect, say_rule
from web.restrictions import reveal_source
from web.scores import draw_score
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page
from web.words import word

QUEUES = {"waiting": WAITING, "approved": ("approved",), "rejected": ("rejected",)}
REVIEWING = (*DECISIONS, "undo_first", "undo_approve", "undo_reject")
ENDED = ("rejected", "withdrawn")
CENTRES = ("resubmit", "withdraw", "undo_withdraw")


@dataclass(frozen=True, slots=True)
class Decision:
    reason: str = ""
    note: str = field(default="", metadata={"most": 2000})
    note_for_person: str = field(default="", metadata={"most": 2000})


@dataclass(frozen=True, slots=True)
class Paper:
    paper_number: str = field(metadata={"most": 60})
    on: date


class Proposals(Controller):
    path = "/proposals"
    guards = (may("proposals.read"),)

    @get(sync_to_thread=True)
    def browse(self, request: Request, unit: Unit, asked: Typed) -> Answer:
        return _browse(request, unit, asked, Form.blank())

    @post(sync_to_thread=True)
    def decide(self, request: Request, unit: Unit, form: Typed) -> Answer:
        """One decision on every ticked row; what each row came to is said above the list."""
        names = {
            row.key: row.name
            for row in review_rows.list_queue(unit.session, unit.actor, now=unit.now)
        }
        try:
            outcomes = _decide(unit, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _browse(request, unit, Form.blank(), form, status=422)
        said = [(names.get(o.key, ""), o.code, o.params) for o in outcomes]
        return _browse(request, unit, Form.blank(), Form.blank(), outcomes=said)

    @get("/{key:str}", opt=WRITES, sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        return _show(request, unit, key, Form.blank(on=local_day(unit.now)))

    @post("/{key:str}", sync_to_thread=True)
    def change(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        try:
            path = _take_step(unit, key, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show(request, unit, key, form, status=422)
        flash(request, "step_done")
        return go(request, path)

    @post(
        "/{key:str}/source",
        guards=[may("restrictions.read")],
        sync_to_thread=True,
        status_code=200,
    )
    def reveal(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        """Opens the source of a restriction beside the decision, on a purpose that is written down."""
        try:
            source = reveal_source(unit, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show(request, unit, key, form, status=422)
        opened = (form.value("restriction"), source)
        return _show(request, unit, key, Form.blank(), opened=opened)


def _browse(
    request: Request, unit: UnitOfWork, asked: Form, form: Form, status: int = 200, **more: object
) -> Answer:
    chosen = asked.value("state") if asked.value("state") in QUEUES else "waiting"
    rows = review_rows.list_queue(unit.session, unit.actor, states=QUEUES[chosen], now=unit.now)
    known = {"outcomes": [], **more}
    return page(
        request,
        "proposals/list.html",
        block="list",
        status=status,
        rows=rows,
        asked=Form.blank(state=chosen),
        form=form,
        queues=[(name, word("queue", name)) for name in QUEUES],
        grounds=_grounds(),
        **known,
    )


def _decide(unit: UnitOfWork, form: Form) -> list[reviews.Outcome]:
    verb = form.choose("step", DECISIONS)
    asked = form.read(Decision)
    keys = form.values("key")
    if not keys:
        raise Invalid(fault("key", "required"))
    ruling = Ruling(asked.reason, asked.note, asked.note_for_person)
    if verb == "reject":
        reasons.choose(reasons.REJECTIONS, ruling.reason)
    return reviews.decide_several(unit.session, unit.actor, keys, (verb, ruling), now=unit.now)


def _show(
    request: Request,
    unit: UnitOfWork,
    key: str,
    form: Form,
    *,
    opened: tuple[str, Source | None] = ("", None),
    status: int = 200,
) -> Answer:
    found = review_rows.show_proposal(unit.session, unit.actor, key, now=unit.now)
    centre = rights.has(unit.actor, "consents.record")
    return page(
        request,
        "proposals/show.html",
        status=status,
        proposal=found,
        bar=draw_score(found.parts, found.weights),
        effects=[say_effect(effect, found.places) for effect in found.effects],
        rules=[(row, say_rule(row.params, found.places)) for row in found.rules],
        named=[(row.key, word("rule", row.rule)) for row in found.rules],
        opened_key=opened[0],
        source=opened[1],
        form=form,
        steps=_list_steps(unit, found),
        grounds=_grounds(),
        leads_on=found.state in ENDED and rights.has(unit.actor, "rounds.run"),
        records_consent=centre and found.state == "approved",
        may_withdraw=centre and found.consent_state == "given",
        may_undo_consent=centre and _may_undo_consent(found),
    )


def _list_steps(unit: UnitOfWork, found: ProposalPage) -> list[str]:
    mine = REVIEWING if found.may_review else ()
    ours = CENTRES if rights.has(unit.actor, "rounds.run") else ()
    allowed = {*PROPOSAL.verbs(found.state)} - (set() if found.may_decide else {*DECISIONS})
    return [verb for verb in (*mine, *ours) if verb in allowed]


def _may_undo_consent(found: ProposalPage) -> bool:
    """A yes while no letter rests on it; a no, a silence or a yes taken back that ended the proposal."""
    needed = "approved" if found.consent_state == "given" else "withdrawn"
    return found.consent_state in consents.UNDONE_FROM and found.state == needed


def _grounds() -> list[tuple[str, str]]:
    return [(r.code, word("rejection", r.code)) for r in reasons.list_active(reasons.REJECTIONS)]


def _take_step(unit: UnitOfWork, key: str, form: Form) -> str:
    """Does what the button said; returns the page to go on with."""
    step = form.choose("step", STEPS)
    return STEPS[step](unit, key, form, step) or f"/proposals/{key}"


def _rule(unit: UnitOfWork, key: str, form: Form, step: str) -> None:
    asked = form.read(Decision)
    ruling = Ruling(asked.reason, asked.note, asked.note_for_person)
    DECISIONS[step](unit.session, unit.actor, key, ruling, now=unit.now)


def _note(unit: UnitOfWork, key: str, form: Form, step: str) -> None:
    verb = getattr(reviews, step)
    verb(unit.session, unit.actor, key, note=form.read(Decision).note, now=unit.now)


def _give(unit: UnitOfWork, key: str, form: Form, _: str) -> None:
    asked = form.read(Paper)
    consent = consents.ask_disclosure(unit.session, unit.actor, key, now=unit.now)
    evidence = Evidence(consents.Form.PAPER, asked.on, asked.paper_number)
    consents.give(unit.session, unit.actor, consent.key, evidence, now=unit.now)


def _refuse(unit: UnitOfWork, key: str, _: Form, __: str) -> None:
    consent = consents.ask_disclosure(unit.session, unit.actor, key, now=unit.now)
    consents.refuse(unit.session, unit.actor, consent.key, now=unit.now)


def _undo_consent(unit: UnitOfWork, key: str, form: Form, _: str) -> None:
    consent = _consent_of(unit, key)
    note = form.read(Decision).note
    consents.undo(unit.session, unit.actor, consent, note=note, now=unit.now)


def _withdraw_consent(unit: UnitOfWork, key: str, _: Form, __: str) -> None:
    withdrawals.withdraw_consent(unit.session, unit.actor, _consent_of(unit, key), now=unit.now)


def _consent_of(unit: UnitOfWork, key: str) -> str:
    found = review_rows.show_proposal(unit.session, unit.actor, key, now=unit.now)
    return found.consent_key or ""


def _refer(unit: UnitOfWork, key: str, _: Form, __: str) -> str:
    referral = referrals.issue(unit.session, unit.actor, key, now=unit.now)
    return f"/referrals/{referral.key}"


STEPS: dict[str, Callable[[UnitOfWork, str, Form, str], str | None]] = {
    **dict.fromkeys(DECISIONS, _rule),
    **dict.fromkeys(("undo_first", "undo_approve", "undo_reject", *CENTRES), _note),
    "give_consent": _give,
    "refuse_consent": _refuse,
    "undo_consent": _undo_consent,
    "withdraw_consent": _withdraw_consent,
    "refer": _refer,
}
