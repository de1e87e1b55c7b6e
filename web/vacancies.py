"""Vacancies: the list, one page a vacancy with the steps of its life, and the profession behind a title."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, make_dataclass
from datetime import date
from typing import Any

from litestar import Controller, get, post
from litestar.params import FromPath

from quota import board, directory, histories, listings, vacancies
from quota import slots as ledger
from quota.aliases import classifier_of
from quota.board import Order, VacancyFilter
from quota.decrees import Category
from quota.employers import Employer, find_employer
from quota.errors import Invalid, SenimError, fault
from quota.occupations import join_code, split_code
from quota.places import find_place
from quota.professions import load_classifier
from quota.requirements import find_wording
from quota.rights import Role, has
from quota.states import VACANCY
from quota.vacancies import ANY, BEYOND, Vacancy
from web import charts
from web.asking import offer
from web.forms import Form, Typed
from web.geography import place_name
from web.guards import may
from web.i18n import get_locale
from web.paging import turn_pages
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page
from web.vacancy_form import ask_vacancy, read_fields, show_fields
from web.words import word

OFFERED = (Category.PROBATION.value, Category.RELEASED.value)


@dataclass(frozen=True, slots=True)
class Reason:
    reason: str = field(metadata={"most": 300})


@dataclass(frozen=True, slots=True)
class Term:
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    isco08: str = field(metadata={"most": 13})


class Vacancies(Controller):
    path = "/vacancies"

    @get(guards=[may("vacancies.read")], sync_to_thread=True)
    def browse(self, request: Request, unit: Unit, asked: Typed) -> Answer:
        wanted = asked.read(VacancyFilter)
        total = board.count_vacancies(unit.session, unit.actor, wanted)
        paging = turn_pages(request, asked, total)
        rows = board.list_vacancies(
            unit.session, unit.actor, wanted, limit=paging.size, offset=paging.offset
        )
        context = {"asked": asked, "total": total, "paging": paging, **_offer_filters(unit)}
        return page(request, "vacancies/list.html", block="rows", rows=rows, **context)

    @get("/new", guards=[may("vacancies.edit")], sync_to_thread=True)
    def ask(self, request: Request, unit: Unit, asked: Typed) -> Answer:
        employer = _employer_of(unit, asked)
        form = Form.blank(employer=employer.key, regime="full", character="permanent")
        return ask_vacancy(request, unit, form, employer)

    @post("/new", guards=[may("vacancies.edit")], sync_to_thread=True)
    def add(self, request: Request, unit: Unit, form: Typed) -> Answer:
        employer = _employer_of(unit, form)
        try:
            fields = read_fields(unit, form, employer)
            added = vacancies.add_vacancy(unit.session, unit.actor, employer, fields, now=unit.now)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return ask_vacancy(request, unit, form, employer, status=422)
        flash(request, "vacancy_added")
        return go(request, f"/vacancies/{added.key}/profession")

    @get("/{key:str}", guards=[may("vacancies.read")], sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        return _show(request, unit, key, Form.blank())

    @post("/{key:str}", guards=[may("vacancies.edit")], sync_to_thread=True)
    def step(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        try:
            verb, said = STEPS[form.choose("step", STEPS)]
            vacancy = verb(unit, key, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show(request, unit, key, form, status=422)
        flash(request, said)
        return go(request, f"/vacancies/{vacancy.key}")

    @get("/{key:str}/edit", guards=[may("vacancies.edit")], sync_to_thread=True)
    def ask_change(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        vacancy, employer = _find(unit, key)
        form = show_fields(unit, vacancy)
        return ask_vacancy(request, unit, form, employer, vacancy=vacancy)

    @post("/{key:str}/edit", guards=[may("vacancies.edit")], sync_to_thread=True)
    def change(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        vacancy, employer = _find(unit, key)
        try:
            fields = read_fields(unit, form, employer)
            if fields["title"] != vacancy.title:
                fields["isco08"] = None  # another title has to be confirmed again
            vacancies.change_vacancy(unit.session, unit.actor, key, fields, now=unit.now)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return ask_vacancy(request, unit, form, employer, vacancy=vacancy, status=422)
        flash(request, "saved")
        return go(request, f"/vacancies/{key}")

    @get("/{key:str}/profession", guards=[may("vacancies.edit")], sync_to_thread=True)
    def ask_profession(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        vacancy, _ = _find(unit, key)
        return _ask_profession(request, unit, key, Form.blank(isco08=_write_code(vacancy)))

    @post("/{key:str}/profession", guards=[may("vacancies.edit")], sync_to_thread=True)
    def confirm(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        try:
            chosen = _read_code(form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _ask_profession(request, unit, key, form, status=422)
        vacancies.change_vacancy(unit.session, unit.actor, key, chosen, now=unit.now)
        flash(request, "profession_confirmed")
        return go(request, f"/vacancies/{key}")


def _list(unit: UnitOfWork, key: str, form: Form) -> Vacancy:
    kinds = _kinds_of_places(unit, *_find(unit, key))
    places = make_dataclass("Places", [(name, int, 0) for name in kinds], frozen=True)
    asked = asdict(form.read(places))
    return vacancies.list_vacancy(unit.session, unit.actor, key, asked=asked, now=unit.now)


def _pause(unit: UnitOfWork, key: str, form: Form) -> Vacancy:
    return listings.pause_vacancy(unit.session, unit.actor, key, now=unit.now)


def _resume(unit: UnitOfWork, key: str, form: Form) -> Vacancy:
    return listings.resume_vacancy(unit.session, unit.actor, key, now=unit.now)


def _renew(unit: UnitOfWork, key: str, form: Form) -> Vacancy:
    day = form.read(Term).expires_on
    return listings.renew_vacancy(unit.session, unit.actor, key, expires_on=day, now=unit.now)


def _withdraw(unit: UnitOfWork, key: str, form: Form) -> Vacancy:
    reason = form.read(Reason).reason
    return listings.withdraw_vacancy(unit.session, unit.actor, key, reason=reason, now=unit.now)


def _undo(unit: UnitOfWork, key: str, form: Form) -> Vacancy:
    return listings.undo_withdraw(unit.session, unit.actor, key, now=unit.now)


def _copy(unit: UnitOfWork, key: str, form: Form) -> Vacancy:
    return listings.copy_vacancy(unit.session, unit.actor, key, now=unit.now)


# Each step with the sentence that follows it.
STEPS: dict[str, tuple[Callable[[UnitOfWork, str, Form], Vacancy], str]] = {
    "list": (_list, "vacancy_listed"),
    "pause": (_pause, "vacancy_paused"),
    "resume": (_resume, "vacancy_listed"),
    "renew": (_renew, "vacancy_renewed"),
    "withdraw": (_withdraw, "vacancy_withdrawn"),
    "undo_withdraw": (_undo, "vacancy_back"),
    "copy": (_copy, "vacancy_copied"),
}


def _employer_of(unit: UnitOfWork, form: Form) -> Employer:
    """The employer the vacancy is of: the reader's own, or the one the address or form names."""
    own = unit.actor.employer_id
    key = unit.session.get_one(Employer, own).key if own else form.value("employer")
    return find_employer(unit.session, unit.actor, key, right="vacancies.edit")


def _find(unit: UnitOfWork, key: str) -> tuple[Vacancy, Employer]:
    vacancy = vacancies.find_vacancy(unit.session, unit.actor, key, right="vacancies.edit")
    return vacancy, unit.session.get_one(Employer, vacancy.employer_id)


def _offer_filters(unit: UnitOfWork) -> dict[str, Any]:
    own = unit.actor.role is Role.EMPLOYER
    districts = [] if own else directory.list_districts(unit.session, unit.actor)
    return {
        "districts": [(place.kato, place_name(place.names())) for place in districts],
        "states": offer(VACANCY.states, "vacancy"),
        "categories": [] if own else offer(OFFERED, "category"),
        "orders": offer(Order, "vacancy_order"),
        "own": own,
        "name_profession": name_profession,
        "may_edit": has(unit.actor, "vacancies.edit"),
    }


def _show(request: Request, unit: UnitOfWork, key: str, form: Form, *, status: int = 200) -> Answer:
    session = unit.session
    vacancy = vacancies.find_vacancy(session, unit.actor, key)
    employer = session.get_one(Employer, vacancy.employer_id)
    places = ledger.list_listed(session, vacancy.id)
    kinds = _kinds_of_places(unit, vacancy, employer)
    own = unit.actor.role is Role.EMPLOYER
    return page(
        request,
        "vacancies/show.html",
        status=status,
        vacancy=vacancy,
        employer=employer,
        place=find_place(session, vacancy.kato),
        licences=", ".join(word("licence", code) for code in vacancy.licences),
        sites=[(find_place(session, s["kato"]), s["address"]) for s in vacancy.sites],
        profession=name_profession(vacancy.isco08),
        occupation=_write_code(vacancy),
        cells=charts.slot_strip(places, plain=own),
        free={name: _count_free(unit, employer, name) for name in kinds if name != BEYOND},
        categories=kinds,
        remarks=find_wording({name: getattr(vacancy, name) for name in vacancies.EDITABLE}),
        events=histories.tell_record(session, vacancy),
        verbs=VACANCY.verbs(vacancy.state),
        may_edit=has(unit.actor, "vacancies.edit"),
        own=own,
        form=form if form.faults else _suggest_places(vacancy, kinds),
    )


def _kinds_of_places(unit: UnitOfWork, vacancy: Vacancy, employer: Employer) -> tuple[str, ...]:
    """What places a listing can ask for: the usual categories, and others that the employer owes. The
    employer's own page names no category: its places are places of the quota."""
    if unit.actor.role is Role.EMPLOYER:
        return (ANY, BEYOND)
    named = {*vacancy.asked, *ledger.list_free_categories(unit.session, employer.id)}
    others = sorted(named - {ANY, BEYOND, *OFFERED})
    return (ANY, *OFFERED, *others, BEYOND)


def _suggest_places(vacancy: Vacancy, kinds: Sequence[str]) -> Form:
    return Form.blank(**{name: vacancy.asked.get(name) or None for name in kinds})


def _count_free(unit: UnitOfWork, employer: Employer, name: str) -> int:
    category = None if name == ANY else name
    return len(ledger.find_free_slots(unit.session, employer.id, category=category))


def name_profession(isco08: str | None) -> str:
    """The unit group's name in the reader's language, in Russian where Kazakh is lacking."""
    if isco08 is None:
        return ""
    titles = load_classifier().titles(isco08)
    return titles[get_locale()] or titles["ru"]


def _read_code(form: Form) -> dict[str, str]:
    try:
        group, suffix = split_code(form.read(Choice).isco08)
    except SenimError as refusal:
        raise Invalid(fault("isco08", refusal.code)) from None
    return {"isco08": group, "isco08_suffix": suffix}


def _write_code(vacancy: Vacancy) -> str:
    return join_code(vacancy.isco08, vacancy.isco08_suffix) if vacancy.isco08 else ""


def _ask_profession(
    request: Request, unit: UnitOfWork, key: str, form: Form, *, status: int = 200
) -> Answer:
    vacancy, employer = _find(unit, key)
    found = classifier_of(unit.session, employer.centre_id).resolve(vacancy.title)
    groups = [(hit, name_profession(hit.isco08)) for hit in found.hits]
    return page(
        request,
        "vacancies/profession.html",
        vacancy=vacancy,
        found=found,
        groups=groups,
        form=form,
        status=status,
    )
