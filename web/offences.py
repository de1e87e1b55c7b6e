"""Repeat offences by employment: monthly totals typed in by the prosecutor, read as page, xlsx and csv."""

from dataclasses import asdict, dataclass, field

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from matching import offences
from matching.offences import OffenceRow, Typed
from quota.errors import Invalid, NotFound
from quota.rights import has
from web import forms, grids, plots
from web.grids import HIDDEN, Column, Grid, hide
from web.guards import may
from web.i18n import gettext, month_name
from web.plots import Bars
from web.reports import FORMS
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page

SHOWN = 24  # months on the page


@dataclass(frozen=True, slots=True)
class Month:
    in_work: int
    without_work: int
    offences_in_work: int
    offences_without_work: int
    month: str = field(default="", metadata={"most": 7})


class Offences(Controller):
    path = "/reports/offences"

    @get(guards=[may("reports.read")], sync_to_thread=True)
    def show(self, request: Request, unit: Unit) -> Answer:
        return _show(request, unit, forms.Form.blank())

    @post(guards=[may("offences.report")], sync_to_thread=True)
    def add(self, request: Request, unit: Unit, form: forms.Typed) -> Answer:
        try:
            typed = asdict(form.read(Month))
            month = typed.pop("month")
            offences.type_month(unit.session, unit.actor, month, Typed(**typed), now=unit.now)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show(request, unit, form, status=422)
        flash(request, "saved")
        return go(request, "/reports/offences")

    @get("/{kind:str}", guards=[may("reports.read")], sync_to_thread=True)
    def export(self, unit: Unit, kind: FromPath[str]) -> Response[bytes]:
        if kind not in FORMS:
            raise NotFound("not_found")
        media, write = FORMS[kind]
        grid = tell_months(offences.list_months(unit.session, unit.actor))
        headers = {"Content-Disposition": f'attachment; filename="offences.{kind}"'}
        return Response(write([grid]), media_type=media, headers=headers)


def tell_months(rows: list[OffenceRow]) -> Grid:
    """The months as a table, the latest first."""
    columns = [
        Column(gettext("Month")),
        Column(gettext("In work"), "count"),
        Column(gettext("Repeat offences by them"), "count"),
        Column(gettext("per 1,000"), "count"),
        Column(gettext("Without work"), "count"),
        Column(gettext("Repeat offences by them"), "count"),
        Column(gettext("per 1,000"), "count"),
    ]
    lines = [
        (
            month_name(row.month),
            row.in_work,
            hide(row.offences_in_work),
            HIDDEN if row.offences_in_work is None else row.rate_in_work,
            row.without_work,
            hide(row.offences_without_work),
            HIDDEN if row.offences_without_work is None else row.rate_without_work,
        )
        for row in rows
    ]
    return Grid(gettext("Repeat offences"), gettext("Repeat offences by month"), columns, lines)


def draw_rates(row: OffenceRow) -> Bars:
    """The latest month as two bars; the longer fills the width."""
    rates = [
        (gettext("In work"), row.rate_in_work),
        (gettext("Without work"), row.rate_without_work),
    ]
    return plots.draw_bars([(label, rate, _say(rate)) for label, rate in rates])


def _show(request: Request, unit: UnitOfWork, form: forms.Form, *, status: int = 200) -> Answer:
    rows = offences.list_months(unit.session, unit.actor)[:SHOWN]
    return page(
        request,
        "offences/show.html",
        grid=tell_months(rows),
        picture=draw_rates(rows[0]) if rows else None,
        latest=month_name(rows[0].month) if rows else "",
        cell=grids.show,
        may_type=has(unit.actor, "offences.report"),
        form=form,
        status=status,
    )


def _say(rate: int | None) -> str:
    if rate is None:
        return gettext("not shown")
    return gettext("%(rate)s per 1,000") % {"rate": rate}
