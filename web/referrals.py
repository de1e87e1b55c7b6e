"""Referrals: letters under way with their clocks, and one with every answer it can get."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from litestar import Controller, get, post
from litestar.params import FromPath

from matching import (
    answers,
    disclosures,
    letters,
    placements,
    reasons,
    referral_rows,
    referrals,
    transfers,
)
from matching.placements import Contract
from matching.referrals import LIVE
from matching.reminders import list_notices
from quota import rights
from quota.calendar import local_day
from quota.errors import Invalid
from quota.professions import load_classifier
from quota.rights import Actor
from web import documents, letter_layout
from web.forms import Form, Typed
from web.guards import WRITES, may
from web.i18n import get_locale
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page
from web.words import word

LISTS = {
    "live": LIVE,
    "hired": ("hired",),
    "ended": ("refused", "declined", "no_show", "expired", "cancelled"),
}
RIGHTS = {
    "cancel": "referrals.issue",
    "undo_cancel": "referrals.issue",
    "undo_expire": "referrals.issue",
    "decline": "referrals.decline",
    "undo_decline": "referrals.decline",
}


@dataclass(frozen=True, slots=True)
class Ground:
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    note: str = field(default="", metadata={"most": 300})


@dataclass(frozen=True, slots=True)
class Hiring:
    number: str = field(metadata={"most": 60})
    signed_on: date
    starts_on: date
    pay: int
    term: str = "indefinite"
    until: date | None = None
    address: str = field(default="", metadata={"most": 300})


@dataclass(frozen=True, slots=True)
class Target:
    vacancy: str


class Referrals(Controller):
    path = "/referrals"
    guards = (may("referrals.read"),)

    @get(sync_to_thread=True)
    def browse(self, request: Request, unit: Unit, asked: Typed) -> Answer:
        chosen = asked.value("state") if asked.value("state") in LISTS else "live"
        rows = referral_rows.list_referrals(
            unit.session, unit.actor, states=LISTS[chosen], now=unit.now
        )
        lists = [(name, word("referral_list", name)) for name in LISTS]
        asked = Form.blank(state=chosen)
        return page(
            request, "referrals/list.html", block="list", rows=rows, asked=asked, lists=lists
        )

    @get("/{key:str}", opt=WRITES, sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        form = Form.blank(signed_on=local_day(unit.now), starts_on=local_day(unit.now))
        return page(request, "referrals/show.html", **describe(unit, unit.actor, key, form))

    @get("/{key:str}/{file:str}", guards=[may("referrals.issue")], opt=WRITES, sync_to_thread=True)
    def print(
        self, request: Request, unit: Unit, key: FromPath[str], file: FromPath[str]
    ) -> Answer:
        """The letter as `letter.pdf` or `letter.docx`, for the paper the candidate carries."""
        form = letter_layout.read_form(file)
        letter = letters.print_letter(unit.session, unit.actor, key, form=form, now=unit.now)
        content = documents.LAYOUT.write(
            documents.fields_of(letter), form, request.app.state.settings.var_dir
        )
        return letter_layout.hand_out(content, f"referral-{letter.number}", form)

    @post("/{key:str}", sync_to_thread=True)
    def answer(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        try:
            if form.value("step") == "transfer":
                made = transfers.transfer(
                    unit.session, unit.actor, key, form.read(Target).vacancy, now=unit.now
                )
                flash(request, "step_done")
                return go(request, f"/proposals/{made.key}")
            take_step(unit, unit.actor, key, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            shown = describe(unit, unit.actor, key, form)
            return page(request, "referrals/show.html", status=422, **shown)
        flash(request, "step_done")
        return go(request, f"/referrals/{key}")


def describe(unit: UnitOfWork, actor: Actor, key: str, form: Form) -> dict[str, Any]:
    """What the page of one referral shows to this actor; an employer's look is journalled."""
    row = referral_rows.show_referral(unit.session, actor, key, now=unit.now)
    person = disclosures.see_person(unit.session, actor, key, now=unit.now)
    return {
        "referral": row,
        "person": person,
        "professions": _name_professions(person.professions if person else ()),
        "steps": _list_steps(actor, row, unit),
        "notices": list_notices(unit.session, actor, key)
        if rights.has(actor, "referrals.issue")
        else (),
        "targets": _list_targets(unit, actor, row),
        "prints": rights.has(actor, "referrals.issue") and row.state in LIVE and person is not None,
        "form": form,
        "terms": [(term, word("contract_term", term)) for term in placements.TERMS],
        "refusals": _offer("refusal", reasons.REFUSALS),
        "declines": _offer("decline", reasons.DECLINES),
        "cancellations": _offer("cancellation", reasons.CANCELLATIONS),
    }


def _list_targets(
    unit: UnitOfWork, actor: Actor, row: referral_rows.ReferralRow
) -> list[tuple[str, str]]:
    """Where a person under way could be sent instead, for the centre."""
    if row.state not in LIVE or not rights.has(actor, "referrals.issue"):
        return []
    jobs = transfers.list_targets(unit.session, actor, row.key, now=unit.now)
    return sorted(((job.key, job.title) for job in jobs), key=lambda target: target[1])


def take_step(unit: UnitOfWork, actor: Actor, key: str, form: Form) -> None:
    """Does what the button said. Raises Invalid, or what the verb raises."""
    step = form.choose("step", STEPS)
    STEPS[step](unit, actor, key, form)


def _list_steps(actor: Actor, row: referral_rows.ReferralRow, unit: UnitOfWork) -> set[str]:
    allowed = {
        verb
        for verb in row.next_verbs
        if verb in STEPS and rights.has(actor, RIGHTS.get(verb, "referrals.answer"))
    }
    may_still_come = local_day(unit.now) <= row.come_by
    return allowed - ({"miss"} if may_still_come else set())


def _offer(kind: str, table: Any) -> list[tuple[str, str]]:
    return [(reason.code, word(kind, reason.code)) for reason in reasons.list_active(table)]


def _name_professions(codes: tuple[str, ...]) -> list[str]:
    classifier = load_classifier()
    return [classifier.titles(code)[get_locale()] for code in codes]


def _answer(unit: UnitOfWork, actor: Actor, key: str, form: Form) -> None:
    getattr(answers, form.value("step"))(unit.session, actor, key, now=unit.now)


def _say_no(unit: UnitOfWork, actor: Actor, key: str, form: Form) -> None:
    step = form.value("step")
    verb = referrals.cancel if step == "cancel" else getattr(answers, step)
    verb(unit.session, actor, key, reason=form.read(Ground).reason, now=unit.now)


def _undo(unit: UnitOfWork, actor: Actor, key: str, form: Form) -> None:
    step = form.value("step")
    home: Any = answers
    if step in ("undo_cancel", "undo_expire"):
        home = referrals
    if step == "undo_hire":
        home = placements
    getattr(home, step)(unit.session, actor, key, note=form.read(Why).note, now=unit.now)


def _hire(unit: UnitOfWork, actor: Actor, key: str, form: Form) -> None:
    asked = form.read(Hiring)
    placements.hire(unit.session, actor, key, Contract(**asdict(asked)), now=unit.now)


_UNDO = (
    "undo_present",
    "undo_accept",
    "undo_hire",
    "undo_refuse",
    "undo_decline",
    "undo_miss",
    "undo_cancel",
    "undo_expire",
)
STEPS: dict[str, Callable[[UnitOfWork, Actor, str, Form], None]] = {
    **dict.fromkeys(("present", "accept", "miss"), _answer),
    **dict.fromkeys(("refuse", "decline", "cancel"), _say_no),
    "hire": _hire,
    **dict.fromkeys(_UNDO, _undo),
}
