"""The month's report, the quota by district and the line of each pledge as grids."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple

from matching.reports import DistrictQuota, MonthAnswers, sum_districts
from quota.certificates import PledgeLine
from quota.compliance import MonthReport, Tally
from web.grids import Column, Grid, Value, hide
from web.i18n import gettext, pgettext
from web.plots import draw_bars
from web.report_grids import Said
from web.words import word


def tell_districts(report: MonthReport, districts: Mapping[str, str], *, source: str = "") -> Said:
    rows = [row for row in sum_districts(report) if source in ("", row.source)]
    grid = Grid(
        word("report", "districts"),
        word("report_lead", "districts"),
        [Column(gettext("District")), Column(gettext("Basis")), *_tally_columns()],
        [
            (_name(row, districts), word("source", row.source), *_tally_cells(row.tally))
            for row in rows
        ],
        total=True,
    )
    bars = [
        (
            f"{_name(row, districts)}, {word('source', row.source)}",
            row.tally.filled_at_end,
            f"{row.tally.filled_at_end} / {row.tally.owed}",
        )
        for row in rows
        if row.district
    ]
    return Said([grid], draw_bars(bars) if bars else None)


def tell_month(report: MonthReport, answers: MonthAnswers, districts: Mapping[str, str]) -> Said:
    return Said(
        [
            tell_quota(report, districts),
            _letters(answers, districts),
            _counts(gettext("Letters by state"), gettext("State"), answers.states, "referral"),
            _counts(gettext("Refusals"), gettext("Reason"), answers.refusals, "refusal"),
            _late(answers, districts),
        ]
    )


def tell_quota(report: MonthReport, districts: Mapping[str, str]) -> Grid:
    """A line an employer and basis, and the totals."""
    lines: list[Sequence[Value]] = [
        (
            row.employer_name,
            row.identifier,
            districts.get(row.district_kato, row.district_kato),
            word("source", row.source),
            *_tally_cells(row.tally),
            row.open_vacancies,
        )
        for row in report.rows
    ]
    lines += [
        (gettext("Total"), None, None, word("source", source), *_tally_cells(tally), None)
        for source, tally in sorted(report.totals.items())
    ]
    columns = [
        Column(gettext("Employer")),
        Column(gettext("BIN or IIN")),
        Column(gettext("District")),
        Column(gettext("Basis")),
        *_tally_columns(),
        Column(gettext("Open vacancies"), "count"),
    ]
    return Grid(gettext("Quota"), gettext("Quota and pledges"), columns, lines, total=True)


def tell_pledges(pledges: Sequence[PledgeLine], districts: Mapping[str, str]) -> Said:
    """From public money to working days, a line an employer."""
    lines: list[Sequence[Value]] = [
        (
            line.employer_name,
            line.identifier,
            districts.get(line.district_kato, line.district_kato),
            *astuple(line.record),
        )
        for line in pledges
    ]
    sums = zip(*(astuple(line.record) for line in pledges), strict=True)
    lines.append((gettext("Total"), None, None, *(map(sum, sums) if pledges else [0] * 5)))
    columns = [
        Column(gettext("Employer")),
        Column(gettext("BIN or IIN")),
        Column(gettext("District")),
        Column(gettext("Public money received"), "tenge"),
        Column(gettext("Places pledged"), "count"),
        Column(gettext("Places owed by decree"), "count"),
        Column(gettext("Filled"), "count"),
        Column(gettext("Days worked"), "count"),
    ]
    name = word("report", "pledges")
    return Said([Grid(name, word("report_lead", "pledges"), columns, lines, total=True)])


def _letters(answers: MonthAnswers, districts: Mapping[str, str]) -> Grid:
    lines: list[Sequence[Value]] = [
        (districts.get(code, code), hide(count)) for code, count in answers.districts.items()
    ]
    lines.append((gettext("Total"), hide(answers.sent)))
    columns = [Column(gettext("District")), Column(gettext("Letters issued"), "count")]
    return Grid(
        gettext("Letters"), gettext("Letters issued in the month"), columns, lines, total=True
    )


def _counts(title: str, label: str, counts: Mapping[str, int | None], kind: str) -> Grid:
    columns = [Column(label), Column(gettext("Letters"), "count")]
    lines = [(word(kind, code), hide(count)) for code, count in counts.items()]
    return Grid(title, title, columns, lines)


def _late(answers: MonthAnswers, districts: Mapping[str, str]) -> Grid:
    lines: list[Sequence[Value]] = [
        (row.employer_name, districts.get(row.district, row.district), row.number, row.days)
        for row in answers.late
    ]
    lines.append((gettext("Total"), None, answers.overdue, None))
    columns = [
        Column(gettext("Employer")),
        Column(gettext("District")),
        Column(gettext("Answers overdue"), "count"),
        Column(gettext("Days late at most"), "count"),
    ]
    return Grid(gettext("Overdue"), gettext("Overdue answers"), columns, lines, total=True)


def _tally_columns() -> list[Column]:
    return [
        Column(gettext("Owed"), "count"),
        Column(gettext("Filled at the start"), "count"),
        Column(gettext("Counted"), "count"),
        Column(pgettext("tally", "Hired"), "count"),
        Column(gettext("Left"), "count"),
        Column(gettext("Filled at the end"), "count"),
        Column(gettext("Filled"), "per_cent"),
        Column(gettext("Days worked"), "count"),
    ]


def _tally_cells(tally: Tally) -> tuple[int | None, ...]:
    return (
        tally.owed,
        tally.filled_at_start,
        tally.counted,
        tally.hired,
        tally.left,
        tally.filled_at_end,
        tally.per_cent,
        tally.days,
    )


def _name(row: DistrictQuota, districts: Mapping[str, str]) -> str:
    return districts.get(row.district, row.district) if row.district else gettext("Total")
