"""The month's quota report: owed, filled, hired, left by district, employer and basis; page and sheets."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from litestar import Controller, Response, get

from quota import compliance
from quota.calendar import local_day
from quota.compliance import DoesNotAddUp, MonthReport, QuotaRow, Tally
from quota.employers import Employer
from quota.errors import Invalid, fault
from quota.places import Place
from quota.sheets import Cell, write_csv, write_xlsx
from web.forms import Typed
from web.geography import place_name
from web.guards import may
from web.i18n import LOCALES, get_locale, set_locale
from web.i18n import gettext as _
from web.site import Answer, Request, Unit, UnitOfWork, page
from web.words import word

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
FIRST_YEAR = 2020


@dataclass(frozen=True, slots=True)
class Asked:
    month: str = field(default="", metadata={"most": 7})
    locale: str = ""
    format: str = ""


@dataclass(frozen=True, slots=True)
class District:
    """A district's rows with their sums by source."""

    name: str
    rows: Sequence[QuotaRow]
    totals: dict[str, Tally]


class QuotaReport(Controller):
    path = "/reports/quota"
    guards = (may("slots.read"),)

    @get(sync_to_thread=True)
    def show(self, request: Request, unit: Unit, asked: Typed) -> Answer:
        wanted = asked.read(Asked)
        year, month = _read_month(wanted.month, local_day(unit.now))
        try:
            report = compliance.report_month(
                unit.session, unit.actor, year=year, month=month, now=unit.now
            )
        except DoesNotAddUp as problem:
            return _refuse(request, unit, problem, asked.value("month"))
        if wanted.format:
            asked.choose("format", FORMATS)
            return _send(unit, report, wanted)
        return page(
            request,
            "reports/quota.html",
            month=date(year, month, 1),
            districts=_by_district(unit, report),
            totals=report.totals,
            asked=asked,
            address=f"month={year}-{month:02}",
        )


def _read_month(typed: str, today: date) -> tuple[int, int]:
    if not typed:
        return today.year, today.month
    year, _dash, month = typed.partition("-")
    if not (year.isdecimal() and month.isdecimal() and 1 <= int(month) <= 12):
        raise Invalid(fault("month", "not_a_month"))
    if not FIRST_YEAR <= int(year) <= today.year:
        raise Invalid(fault("month", "not_a_month"))
    return int(year), int(month)


def _by_district(unit: UnitOfWork, report: MonthReport) -> list[District]:
    names = _name_districts(unit, report)
    katos = dict.fromkeys(row.district_kato for row in report.rows)
    grouped = {kato: [r for r in report.rows if r.district_kato == kato] for kato in katos}
    return [District(names[kato], rows, compliance.add_up(rows)) for kato, rows in grouped.items()]


def _name_districts(unit: UnitOfWork, report: MonthReport) -> dict[str, str]:
    katos = {row.district_kato for row in report.rows}
    places = unit.session.query(Place).where(Place.kato.in_(katos))
    return {place.kato: place_name(place.names()) for place in places}


def _refuse(request: Request, unit: UnitOfWork, problem: DoesNotAddUp, month: str) -> Answer:
    key = problem.params["employer"]
    employer = unit.session.query(Employer).where(Employer.key == key).one()
    return page(request, "reports/refused.html", employer=employer, code=problem.code, status=409)


def _send(unit: UnitOfWork, report: MonthReport, wanted: Asked) -> Answer:
    before = get_locale()
    set_locale(wanted.locale if wanted.locale in LOCALES else before)
    try:
        title = f"{report.year}-{report.month:02}"
        lines = _write_lines(unit, report)
        content = write_xlsx({title: lines}) if wanted.format == "xlsx" else write_csv(lines)
    finally:
        set_locale(before)
    name = f"quota-{report.year}-{report.month:02}.{wanted.format}"
    return Response(
        content,
        media_type=FORMATS[wanted.format],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _write_lines(unit: UnitOfWork, report: MonthReport) -> list[list[Cell | None]]:
    names = _name_districts(unit, report)
    lines: list[list[Cell | None]] = [[*_headings()]]
    for row in report.rows:
        facts = [names[row.district_kato], row.employer_name, row.identifier]
        source = word("source", row.source)
        lines.append([*facts, source, *_figures(row.tally), row.open_vacancies])
    for source, tally in report.totals.items():
        lines.append([_("Total"), "", "", word("source", source), *_figures(tally), None])
    return lines


def _headings() -> list[str]:
    return [
        _("District"),
        _("Employer"),
        _("BIN or IIN"),
        _("Basis"),
        _("Owed"),
        _("Filled at the start"),
        _("Counted"),
        _("Hired"),
        _("Left"),
        _("Filled at the end"),
        _("Filled, per cent"),
        _("Days worked"),
        _("Open vacancies"),
    ]


def _figures(tally: Tally) -> list[Any]:
    return [
        tally.owed,
        tally.filled_at_start,
        tally.counted,
        tally.hired,
        tally.left,
        tally.filled_at_end,
        tally.per_cent,
        tally.days,
    ]
