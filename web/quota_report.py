"""The month's quota report: owed, filled, hired, left by district, employer and basis; page and sheets."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from litestar import Controller, Response, get

from quota import compliance
from quota.calendar import local_day
from quota.compliance import MonthReport, QuotaRow, Tally
from quota.errors import Invalid, fault
from quota.places import names_of
from quota.rights import has
from web import month_grids
from web.forms import Typed
from web.geography import place_name
from web.grids import FORMS
from web.guards import may
from web.i18n import LOCALES, get_locale, set_locale
from web.site import Answer, Request, Unit, UnitOfWork, page

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
        report = compliance.report_month(
            unit.session, unit.actor, year=year, month=month, now=unit.now
        )
        if wanted.format:
            asked.choose("format", FORMS)
            return _send(unit, report, wanted)
        return page(
            request,
            "reports/quota.html",
            month=date(year, month, 1),
            districts=_by_district(unit, report),
            totals=report.totals,
            asked=asked,
            address=f"month={year}-{month:02}",
            may_print=has(unit.actor, "reports.read"),
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
    found = names_of(unit.session, {row.district_kato for row in report.rows})
    return {kato: place_name(names) for kato, names in found.items()}


def _send(unit: UnitOfWork, report: MonthReport, wanted: Asked) -> Answer:
    before = get_locale()
    set_locale(wanted.locale if wanted.locale in LOCALES else before)
    try:
        media_type, write = FORMS[wanted.format]
        content = write([month_grids.tell_quota(report, _name_districts(unit, report))])
    finally:
        set_locale(before)
    name = f"quota-{report.year}-{report.month:02}.{wanted.format}"
    return Response(
        content,
        media_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
