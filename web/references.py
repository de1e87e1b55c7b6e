"""Reference books: rates with their acts, travel times, working days; read by all, edited by the office."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date

from litestar import Controller, get, post

from quota import references
from quota.board import list_national_codes
from quota.errors import Invalid
from quota.places import (
    POINTS,
    PlaceFilter,
    TravelTime,
    count_places,
    list_districts,
    list_places,
    names_of,
)
from quota.rates import Rate
from quota.references import MEANS, UNITS
from quota.rights import has
from quota.terms import LANGUAGES as TERM_LANGUAGES
from quota.terms import group_names
from web.act_words import name_act
from web.asking import offer
from web.forms import Form, Typed
from web.geography import oblast_of, place_name, read_place, suggest_places
from web.guards import may
from web.paging import turn_pages
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page


@dataclass(frozen=True, slots=True)
class NewRate:
    code: str = field(metadata={"most": 28})
    valid_from: date
    value: int
    unit: str
    act: str = field(metadata={"most": 300})
    verified: bool = False


@dataclass(frozen=True, slots=True)
class NewTime:
    start: str = field(metadata={"most": 200})
    end: str = field(metadata={"most": 200})
    means: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Changed:
    minutes: int


@dataclass(frozen=True, slots=True)
class MovedDay:
    day: date
    works: str
    act: str = field(metadata={"most": 300})


@dataclass(frozen=True, slots=True)
class Removed:
    day: date


class References(Controller):
    path = "/reference"

    @get(guards=[may("references.read")], sync_to_thread=True)
    def show(self, request: Request, unit: Unit) -> Answer:
        return _show(request, unit, Form.blank())

    @get("/places", guards=[may("references.read")], sync_to_thread=True)
    def places(self, request: Request, unit: Unit, asked: Typed) -> Answer:
        territory = unit.actor.territory or "/"
        districts = list_districts(unit.session, territory)
        district, point = asked.value("district"), asked.value("point")
        wanted = PlaceFilter(
            district if district in {one.kato for one in districts} else "",
            point if point in POINTS else "",
        )
        paging = turn_pages(request, asked, count_places(unit.session, territory, wanted))
        reach = {"limit": paging.size, "offset": paging.offset}
        rows = list_places(unit.session, territory, wanted, **reach)
        return page(
            request,
            "reference/places.html",
            block="rows",
            rows=[(place, place_name(place.names())) for place in rows],
            districts=[(one.kato, place_name(one.names)) for one in districts],
            points=offer(POINTS, "point"),
            paging=paging,
            asked=asked,
        )

    @get("/occupations", guards=[may("references.read")], sync_to_thread=True)
    def occupations(self, request: Request, unit: Unit, asked: Typed) -> Answer:
        major, national = asked.value("major"), list_national_codes(unit.session)
        rows = [
            (code, *(names[lang] for lang in TERM_LANGUAGES), national.get(code, []))
            for code, names in sorted(group_names().items())
            if code.startswith(major)
        ]
        paging = turn_pages(request, asked, len(rows))
        return page(
            request,
            "reference/occupations.html",
            block="rows",
            rows=rows[paging.offset : paging.offset + paging.size],
            majors=[(digit, f"{digit}000–{digit}999") for digit in "0123456789"],
            paging=paging,
            asked=asked,
        )

    @post(guards=[may("references.edit")], sync_to_thread=True)
    def step(self, request: Request, unit: Unit, form: Typed) -> Answer:
        try:
            STEPS[form.choose("step", STEPS)](unit, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show(request, unit, form, status=422)
        flash(request, "saved")
        return go(request, "/reference")


def _set_rate(unit: UnitOfWork, form: Form) -> None:
    rate = Rate(**asdict(form.read(NewRate)))
    references.set_rate(unit.session, unit.actor, rate, now=unit.now)


def _set_time(unit: UnitOfWork, form: Form) -> None:
    typed = form.read(NewTime)
    territory = oblast_of(unit.actor.territory or "/")
    start, end = (
        read_place(unit.session, name, text, territory)
        for name, text in (("start", typed.start), ("end", typed.end))
    )
    time = TravelTime(from_kato=start, to_kato=end, means=typed.means, minutes=typed.minutes)
    references.set_travel_time(unit.session, unit.actor, time, now=unit.now)


def _change_time(unit: UnitOfWork, form: Form) -> None:
    minutes, key = form.read(Changed).minutes, form.value("key")
    references.change_travel_time(unit.session, unit.actor, key, minutes, now=unit.now)


def _remove_time(unit: UnitOfWork, form: Form) -> None:
    references.remove_travel_time(unit.session, unit.actor, form.value("key"), now=unit.now)


def _set_day(unit: UnitOfWork, form: Form) -> None:
    typed = form.read(MovedDay)
    works = form.choose("works", ("yes", "no")) == "yes"
    references.set_transferred_day(
        unit.session, unit.actor, typed.day, works=works, act=typed.act, now=unit.now
    )


def _remove_day(unit: UnitOfWork, form: Form) -> None:
    day = form.read(Removed).day
    references.remove_transferred_day(unit.session, unit.actor, day, now=unit.now)


STEPS: dict[str, Callable[[UnitOfWork, Form], None]] = {
    "rate": _set_rate,
    "time": _set_time,
    "change_time": _change_time,
    "remove_time": _remove_time,
    "day": _set_day,
    "remove_day": _remove_day,
}


def _show(request: Request, unit: UnitOfWork, form: Form, *, status: int = 200) -> Answer:
    session = unit.session
    may_edit = has(unit.actor, "references.edit")
    territory = oblast_of(unit.actor.territory or "/")
    times = references.list_travel_times(session)
    katos = [kato for time in times for kato in (time.from_kato, time.to_kato)]
    names = {kato: place_name(given) for kato, given in names_of(session, katos).items()}
    return page(
        request,
        "reference/show.html",
        rates=references.list_rates(session),
        times=[(time, names[time.from_kato], names[time.to_kato]) for time in times],
        days=references.list_transferred_days(session),
        units=offer(UNITS, "unit"),
        means=offer(MEANS, "means"),
        places=suggest_places(session, territory) if may_edit else [],
        may_edit=may_edit,
        may_import=has(unit.actor, "imports.run"),
        name_act=name_act,
        form=form,
        status=status,
    )
