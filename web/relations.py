"""What belongs to an employer: bases, contacts, and the merging of its duplicates."""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from litestar import Controller, get, post
from litestar.params import FromPath

from quota import contacts, duplicates, employers
from quota.employers import Basis, BasisKind, Employer
from quota.errors import Invalid
from web.asking import Field, Question, ask, offer
from web.forms import Form, Typed
from web.guards import may
from web.i18n import gettext as _
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page


@dataclass(frozen=True, slots=True)
class NewBasis:
    kind: BasisKind
    number: str = field(default="", metadata={"most": 100})
    subject: str = field(default="", metadata={"most": 300})
    amount: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    name: str = field(metadata={"most": 200})
    post: str = field(default="", metadata={"most": 200})
    phone: str = field(default="", metadata={"most": 60})
    email: str = field(default="", metadata={"most": 200})
    note: str = field(default="", metadata={"most": 500})


@dataclass(frozen=True, slots=True)
class Merging:
    identifier: str = field(metadata={"most": 12})
    reason: str = field(metadata={"most": 300})


class Relations(Controller):
    path = "/employers/{key:str}"
    guards = (may("employers.edit"),)

    @get("/bases/new", sync_to_thread=True)
    def ask_basis(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        return ask(request, _basis_question(_find(unit, key)), Form.blank())

    @post("/bases/new", sync_to_thread=True)
    def add_basis(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        employer = _find(unit, key)
        try:
            typed = form.read(NewBasis)
            basis = Basis(**{**asdict(typed), "kind": typed.kind.value})
            employers.add_basis(unit.session, unit.actor, employer, basis, now=unit.now)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return ask(request, _basis_question(employer), form, status=422)
        flash(request, "saved")
        return go(request, f"/employers/{key}")

    @get("/contacts/new", sync_to_thread=True)
    def ask_contact(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        return ask(request, _contact_question(_find(unit, key)), Form.blank())

    @post("/contacts/new", sync_to_thread=True)
    def add_contact(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        employer = _find(unit, key)
        try:
            person = asdict(form.read(Person))
            contacts.add_contact(unit.session, unit.actor, employer, person, now=unit.now)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return ask(request, _contact_question(employer), form, status=422)
        flash(request, "saved")
        return go(request, f"/employers/{key}")

    @get("/merge", sync_to_thread=True)
    def ask_merge(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        return _show_merge(request, unit, _find(unit, key), Form.blank())

    @post("/merge", sync_to_thread=True)
    def merge(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        employer = _find(unit, key)
        try:
            said, shown = _merge_or_undo(unit, employer, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show_merge(request, unit, employer, form, status=422)
        flash(request, said)
        return go(request, f"/employers/{shown.key}")


class Contacts(Controller):
    path = "/contacts/{key:str}"
    guards = (may("contacts.edit"),)

    @get(sync_to_thread=True)
    def ask(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        contact = contacts.find_contact(unit.session, unit.actor, key)
        form = Form.blank(**{name: getattr(contact, name) for name in contacts.EDITABLE})
        return _show_contact(request, unit, contact, form)

    @post(sync_to_thread=True)
    def change(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        contact = contacts.find_contact(unit.session, unit.actor, key)
        try:
            step = form.choose("step", ("save", "dismiss", "recall"))
            if step == "save":
                fields = asdict(form.read(Person))
                contacts.change_contact(unit.session, unit.actor, key, fields, now=unit.now)
            elif step == "dismiss":
                contacts.dismiss_contact(unit.session, unit.actor, key, now=unit.now)
            else:
                contacts.recall_contact(unit.session, unit.actor, key, now=unit.now)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show_contact(request, unit, contact, form, status=422)
        flash(request, "saved")
        return go(request, f"/employers/{_employer_of(unit, contact).key}")


def _find(unit: UnitOfWork, key: str) -> Employer:
    return employers.find_employer(unit.session, unit.actor, key, right="employers.edit")


def _employer_of(unit: UnitOfWork, record: Any) -> Employer:
    return unit.session.get_one(Employer, record.employer_id)


def steps_to(employer: Employer) -> list[tuple[str, str]]:
    """The crumbs above a page of something that belongs to an employer."""
    return [("/employers", _("Employers")), (f"/employers/{employer.key}", employer.name)]


def _basis_question(employer: Employer) -> Question:
    fields = (
        Field("kind", _("Basis"), "select", options=offer(BasisKind, "basis")),
        Field("number", _("Number"), hint=_("Of the contract or programme."), optional=True),
        Field("subject", _("Subject"), optional=True),
        Field("amount", _("Sum, tenge"), "number", optional=True),
        Field("starts_on", _("From the day"), "date", optional=True),
        Field("ends_on", _("To the day"), "date", optional=True),
    )
    return Question(_("Add a basis"), _("Save"), fields, steps_to(employer))


def _contact_question(employer: Employer) -> Question:
    fields = (
        Field("name", _("Name")),
        Field("post", _("Post"), optional=True),
        Field("phone", _("Telephone"), optional=True),
        Field("email", _("E-mail"), optional=True),
        Field("note", _("Note"), "textarea", optional=True),
    )
    return Question(_("Add a contact"), _("Save"), fields, steps_to(employer))


def _show_contact(
    request: Request, unit: UnitOfWork, contact: contacts.Contact, form: Form, *, status: int = 200
) -> Answer:
    employer = _employer_of(unit, contact)
    question = _contact_question(employer)
    return page(
        request,
        "employers/contact.html",
        contact=contact,
        question=question,
        form=form,
        status=status,
    )


def _merge_or_undo(unit: UnitOfWork, employer: Employer, form: Form) -> tuple[str, Employer]:
    session, actor, now = unit.session, unit.actor, unit.now
    if form.choose("step", ("merge", "undo")) == "undo":
        reason = form.value("reason")
        taken = duplicates.undo_merge(session, actor, employer.key, reason=reason, now=now)
        return "merge_undone", taken
    typed = form.read(Merging)
    other = employers.find_by_identifier(session, actor, typed.identifier, right="employers.edit")
    kept = duplicates.merge_employers(
        session, actor, employer.key, other.key, reason=typed.reason, now=now
    )
    return "records_merged", kept


def _show_merge(
    request: Request, unit: UnitOfWork, employer: Employer, form: Form, *, status: int = 200
) -> Answer:
    likely = duplicates.find_likely(
        unit.session,
        unit.actor,
        name=employer.name,
        phone=employer.contact_phone,
        email=employer.contact_email,
        besides=employer,
    )
    return page(
        request,
        "employers/merge.html",
        employer=employer,
        likely=likely,
        form=form,
        status=status,
    )
