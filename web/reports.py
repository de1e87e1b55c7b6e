"""Reports: what the figures say, with filters in the address, as page, workbook, csv and on paper."""

from dataclasses import dataclass
from datetime import date

from litestar import Controller, Response, get
from litestar.params import FromPath
from sqlalchemy import select

from matching import equity, reports, wages, ways
from matching.funnel import Period
from quota.calendar import local_day
from quota.certificates import list_pledges
from quota.compliance import report_month
from quota.errors import Invalid, NotFound
from quota.places import Place
from quota.slots import Source
from web import grids, month_grids, report_grids
from web.forms import Typed
from web.geography import place_name
from web.grids import FORMS
from web.guards import may
from web.i18n import LOCALES, set_locale
from web.report_grids import Counted, Said
from web.site import Answer, Request, Unit, UnitOfWork, page

MONTHLY = ("districts", "month")
NAMES = (*report_grids.PEOPLE, *MONTHLY, "pledges")
# What each report can be narrowed by; those on people by all but the month.
FILTERS = {"districts": ("month", "source"), "month": ("month",), "pledges": ("district",)}
ON_PEOPLE = ("since", "until", "district", "source")


@dataclass(frozen=True, slots=True)
class Filter:
    """What a report is narrowed to. `month` is such as 2026-11; the running one is left out."""

    since: date | None = None
    until: date | None = None
    month: str = ""
    district: str = ""
    source: Source | None = None

    @property
    def narrowed(self) -> bool:
        """Whether a report on people is told of some of them, or of some of their days."""
        return bool(self.since or self.until or self.district or self.source)


class Reports(Controller):
    path = "/reports"
    guards = (may("reports.read"),)

    @get(sync_to_thread=True)
    def browse(self, request: Request) -> Answer:
        return page(request, "reports/list.html", names=NAMES)

    @get("/{name:str}", sync_to_thread=True)
    def show(self, request: Request, unit: Unit, name: FromPath[str], asked: Typed) -> Answer:
        _need(name)
        districts = name_districts(unit)
        said, status, wanted = Said([]), 200, Filter()
        try:
            wanted = asked.read(Filter)
            said = _tell(unit, name, wanted, districts)
        except Invalid as refusal:
            asked.faults, status = refusal.faults, 422
        context = {"said": said, "asked": asked, "districts": districts, "sources": list(Source)}
        return page(
            request,
            "reports/show.html",
            block="report",
            status=status,
            name=name,
            narrows=FILTERS.get(name, ON_PEOPLE),
            in_fives=wanted.narrowed and name in report_grids.PEOPLE,
            cell=grids.show,
            query=request.url.query,
            **context,
        )

    @get("/month/print", sync_to_thread=True)
    def print_month(self, request: Request, unit: Unit, asked: Typed) -> Answer:
        """The month's report as a document, in the language the address names."""
        language = asked.choose("language", LOCALES)
        set_locale(language)
        wanted = asked.read(Filter)
        year, month = reports.read_month(wanted.month, now=unit.now)
        said = _tell(unit, "month", wanted, name_districts(unit))
        return page(
            request,
            "reports/print.html",
            said=said,
            first=date(year, month, 1),
            cell=grids.show,
            now=unit.now,
        )

    @get("/{name:str}/{kind:str}", sync_to_thread=True)
    def export(
        self, unit: Unit, name: FromPath[str], kind: FromPath[str], asked: Typed
    ) -> Response[bytes]:
        _need(name)
        if kind not in FORMS:
            raise NotFound("not_found")
        if asked.value("language"):
            set_locale(asked.choose("language", LOCALES))
        media, write = FORMS[kind]
        said = _tell(unit, name, asked.read(Filter), name_districts(unit))
        headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
        return Response(write(said.grids), media_type=media, headers=headers)

    @get("/rounds/{key:str}", guards=[may("rounds.run")], sync_to_thread=True)
    def mirror(self, request: Request, unit: Unit, key: FromPath[str], asked: Typed) -> Answer:
        """Whom the plan of a round places and at what pay, before it is published; for a group that is
        behind, what evening it out would cost."""
        year, districts = local_day(unit.now).year, name_districts(unit)
        mirror = equity.mirror_round(unit.session, unit.actor, key, year=year)
        facet, code = asked.value("facet"), asked.value("group")
        cost = (
            equity.cost_evening(unit.session, unit.actor, key, facet, code, year=year)
            if facet
            else None
        )
        return page(
            request,
            "reports/mirror.html",
            block="mirror",
            grids=report_grids.tell_mirror(mirror, districts),
            behind=report_grids.name_behind(mirror, districts),
            cost=cost,
            told=report_grids.tell_evening(cost, districts) if cost else None,
            key=key,
            cell=grids.show,
        )


def name_districts(unit: UnitOfWork) -> dict[str, str]:
    """The districts and cities by code, in the reader's language."""
    codes = select(Place.district_kato).distinct()
    rows = unit.session.scalars(select(Place).where(Place.kato.in_(codes)).order_by(Place.kato))
    return {place.kato: place_name(place.names()) for place in rows}


def _need(name: str) -> None:
    if name not in NAMES:
        raise NotFound("not_found")


def _tell(unit: UnitOfWork, name: str, asked: Filter, districts: dict[str, str]) -> Said:
    if name in MONTHLY:
        return _tell_month(unit, name, asked, districts)
    if name == "pledges":
        lines = list_pledges(unit.session, unit.actor, now=unit.now)
        chosen = [line for line in lines if asked.district in ("", line.district_kato)]
        return month_grids.tell_pledges(chosen, districts)
    source = asked.source or ""
    people = ways.choose(
        ways.load_ways(unit.session, unit.actor), district=asked.district, source=source
    )
    openings = wages.load_openings(unit.session, unit.actor) if name == "wages" else []
    period = Period(asked.until or local_day(unit.now), asked.since)
    shown = [o for o in openings if asked.district in ("", o.district)]
    counted = Counted(people, shown, period, districts, asked.narrowed)
    said = report_grids.PEOPLE[name](counted)
    if name != "funnel":
        return said
    went = reports.count_outcomes(
        unit.session, unit.actor, period, district=asked.district, narrowed=asked.narrowed
    )
    return Said([*said.grids, report_grids.tell_outcomes(went)], said.picture)


def _tell_month(unit: UnitOfWork, name: str, asked: Filter, districts: dict[str, str]) -> Said:
    year, month = reports.read_month(asked.month, now=unit.now)
    when = {"year": year, "month": month, "now": unit.now}
    report = report_month(unit.session, unit.actor, **when)
    if name == "districts":
        return month_grids.tell_districts(report, districts, source=asked.source or "")
    answers = reports.follow_month(unit.session, unit.actor, **when)
    return month_grids.tell_month(report, answers, districts)
