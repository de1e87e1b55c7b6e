"""Employers: the list, one page an employer, and the forms of its record."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from litestar import Controller, get, post
from litestar.params import FromPath

from matching.replies import read_replies
from quota import (
    board,
    certificates,
    contacts,
    decrees,
    directory,
    duplicates,
    employers,
    histories,
    meetings,
    memoranda,
)
from quota import slots as ledger
from quota.attachments import list_attachments
from quota.board import VacancyFilter
from quota.directory import Attention, EmployerFilter, Order
from quota.employers import BasisKind, Employer
from quota.errors import Invalid, fault
from quota.places import find_place
from quota.rights import has
from web import charts
from web.asking import offer
from web.forms import Form, Typed
from web.geography import oblast_of, place_name, read_place, suggest_places, write_place
from web.guards import may
from web.i18n import LOCALES
from web.paging import turn_pages
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page


@dataclass(frozen=True, slots=True)
class Record:
    """What the form of an employer holds besides its number."""

    name: str = field(metadata={"most": 300})
    place: str = field(metadata={"most": 200})
    address: str = field(default="", metadata={"most": 300})
    activity: str = field(default="", metadata={"most": 200})
    headcount: int | None = None
    contact_name: str = field(default="", metadata={"most": 200})
    contact_phone: str = field(default="", metadata={"most": 60})
    contact_email: str = field(default="", metadata={"most": 200})
    locale: str = "kk"
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    parent: str = field(default="", metadata={"most": 12})


@dataclass(frozen=True, slots=True)
class Identity:
    identifier: str = field(metadata={"most": 40})
    different: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    phrase: str = field(metadata={"most": 200})


class Employers(Controller):
    path = "/employers"

    @get(guards=[may("employers.read")], sync_to_thread=True)
    def browse(self, request: Request, unit: Unit, asked: Typed) -> Answer:
        wanted = asked.read(EmployerFilter)
        total = directory.count_employers(unit.session, unit.actor, wanted)
        paging = turn_pages(request, asked, total)
        rows = directory.list_employers(
            unit.session, unit.actor, wanted, limit=paging.size, offset=paging.offset
        )
        return _list(request, unit, rows, asked=asked, total=total, paging=paging)

    @post(guards=[may("employers.read")], status_code=200, sync_to_thread=True)
    def search(self, request: Request, unit: Unit, form: Typed) -> Answer:
        phrase = form.read(Phrase).phrase
        rows = directory.search_employers(unit.session, unit.actor, phrase)
        return _list(request, unit, rows, asked=Form.blank(), found=phrase, total=len(rows))

    @get("/new", guards=[may("employers.edit")], sync_to_thread=True)
    def ask(self, request: Request, unit: Unit) -> Answer:
        return _ask(request, unit, Form.blank(locale="kk"))

    @post("/new", guards=[may("employers.edit")], sync_to_thread=True)
    def add(self, request: Request, unit: Unit, form: Typed) -> Answer:
        try:
            identity, record = form.read(Identity), form.read(Record)
            likely = [] if identity.different else _find_likely(unit, record)
            if likely:
                return _ask(request, unit, form, likely=likely, status=422)
            employer = employers.add_employer(
                unit.session,
                unit.actor,
                identity.identifier,
                _fields(unit, record),
                centre_id=unit.actor.centre_id or 0,
                now=unit.now,
            )
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _ask(request, unit, form, status=422)
        flash(request, "employer_added")
        return go(request, f"/employers/{employer.key}")

    @get("/{key:str}", guards=[may("employers.read")], sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        employer = employers.find_employer(unit.session, unit.actor, key)
        return page(request, "employers/show.html", employer=employer, **_gather(unit, employer))

    @get("/{key:str}/edit", guards=[may("employers.edit")], sync_to_thread=True)
    def ask_change(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        employer = employers.find_employer(unit.session, unit.actor, key, right="employers.edit")
        known = {name: getattr(employer, name) for name in employers.EDITABLE if name != "kato"}
        place = write_place(find_place(unit.session, employer.kato))
        head = unit.session.get(Employer, employer.parent_id or 0)
        known |= {"place": place, "parent": head.identifier if head else None}
        return _ask(request, unit, Form.blank(**known), employer=employer)

    @post("/{key:str}/edit", guards=[may("employers.edit")], sync_to_thread=True)
    def change(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        employer = employers.find_employer(unit.session, unit.actor, key, right="employers.edit")
        try:
            fields, head = _fields(unit, form.read(Record)), _find_head(unit, form)
            employers.change_employer(unit.session, unit.actor, key, fields, now=unit.now)
            if (head.id if head else None) != employer.parent_id:
                employers.set_parent(unit.session, unit.actor, key, head, now=unit.now)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _ask(request, unit, form, employer=employer, status=422)
        flash(request, "saved")
        return go(request, f"/employers/{key}")


def _fields(unit: UnitOfWork, record: Record) -> dict[str, object]:
    fields = asdict(record)
    typed = fields.pop("place")
    territory = oblast_of(unit.actor.territory or "/")
    return {**fields, "kato": read_place(unit.session, "place", typed, territory)}


def _find_head(unit: UnitOfWork, form: Form) -> Employer | None:
    number = form.read(Head).parent
    if not number:
        return None
    try:
        return employers.find_by_identifier(unit.session, unit.actor, number)
    except Invalid as refusal:
        raise Invalid(*(fault("parent", f.code) for f in refusal.faults)) from None


def _find_likely(unit: UnitOfWork, record: Record) -> Sequence[duplicates.Likeness]:
    return duplicates.find_likely(
        unit.session,
        unit.actor,
        name=record.name,
        phone=record.contact_phone,
        email=record.contact_email,
    )


def _list(
    request: Request, unit: UnitOfWork, rows: Sequence[directory.EmployerRow], **given: Any
) -> Answer:
    districts = directory.list_districts(unit.session, unit.actor)
    context = {
        "districts": [(place.kato, place_name(place.names())) for place in districts],
        "bases": offer(BasisKind, "basis"),
        "attentions": offer(Attention, "attention"),
        "orders": offer(Order, "employer_order"),
        "may_edit": has(unit.actor, "employers.edit"),
        "paging": None,
        "found": "",
        **given,
    }
    return page(request, "employers/list.html", block="rows", rows=rows, **context)


def _ask(
    request: Request,
    unit: UnitOfWork,
    form: Form,
    *,
    employer: Employer | None = None,
    likely: Sequence[duplicates.Likeness] = (),
    status: int = 200,
) -> Answer:
    territory = oblast_of(unit.actor.territory or "/")
    return page(
        request,
        "employers/edit.html",
        form=form,
        employer=employer,
        likely=likely,
        places=suggest_places(unit.session, territory),
        locales=LOCALES.items(),
        status=status,
    )


def _gather(unit: UnitOfWork, employer: Employer) -> dict[str, Any]:
    """What the page of an employer shows, within the reader's rights."""
    session, actor = unit.session, unit.actor
    slots = ledger.list_slots(session, employer.id)
    wanted = VacancyFilter(employer=employer.key)
    inside = has(actor, "meetings.read")
    return {
        "place": find_place(session, employer.kato),
        "parent": session.get(Employer, employer.parent_id) if employer.parent_id else None,
        "merged_into": session.get(Employer, employer.merged_into_id or 0),
        "branches": employers.list_branches(session, employer),
        "bases": employers.list_bases(session, employer),
        "memoranda": memoranda.list_memoranda(session, employer),
        "lines": decrees.list_lines(session, employer.id),
        "strips": charts.strips_by_source(slots, plain=not inside),
        "counts": ledger.count_states(session, employer.id),
        "vacancies": board.list_vacancies(session, actor, wanted, limit=50),
        "contacts": contacts.list_contacts(session, actor, employer) if inside else [],
        "meetings": meetings.list_meetings(session, actor, employer)[:20] if inside else [],
        "record": certificates.read_record(session, employer, now=unit.now),
        "certificates": certificates.list_certificates(session, employer),
        "files": list_attachments(session, employer),
        "events": histories.tell_employer(session, employer),
        "replies": read_replies(session, actor, employer, now=unit.now),
        "inside": inside,
        "may_edit": has(actor, "employers.edit") and employer.merged_into_id is None,
        "may_list": has(actor, "vacancies.edit") and employer.merged_into_id is None,
    }
