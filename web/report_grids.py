"""Reports as grids and pictures: what matching counted, in the reader's words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from matching import fives, funnel, shares, survival, wages
from matching.equity import FACETS, Evening, Group, list_behind
from matching.funnel import Period, Step
from matching.ways import Way
from quota.professions import load_classifier
from web import plots
from web.grids import HIDDEN, Column, Grid, Value, hide
from web.i18n import get_locale, gettext, number, tenge
from web.plots import Picture
from web.words import word

UNKNOWN = "?"
Rows = TypeVar("Rows")


@dataclass(frozen=True, slots=True)
class Said:
    """A report to be shown: its tables and at most one picture."""

    grids: Sequence[Grid]
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """What the reports on people are made of. `districts` names the districts by code; where a filter has
    `narrowed` them people are told in fives."""

    ways: Sequence[Way]
    openings: Sequence[wages.Opening]
    period: Period
    districts: Mapping[str, str]
    narrowed: bool = False

    def tell(self, rows: Rows, in_fives: Callable[[Rows], Rows]) -> Rows:
        return in_fives(rows) if self.narrowed else rows


def tell_funnel(counted: Counted) -> Said:
    steps = counted.tell(funnel.count_steps(counted.ways, counted.period), fives.round_steps)
    lines: list[Sequence[Value]] = [
        (word("funnel", step.code), hide(step.reached), _tell_missed(step)) for step in steps
    ]
    reasons = [
        (word("funnel", step.code), word("missed", reason), hide(count))
        for step in steps
        for reason, count in step.missed
    ]
    name = word("report", "funnel")
    reached = gettext("Reached")
    main = Grid(
        name,
        gettext("How far people came"),
        [
            Column(gettext("Step")),
            Column(reached, "count"),
            Column(gettext("The next step not reached because")),
        ],
        lines,
    )
    why = Grid(
        gettext("Reasons"),
        gettext("Why the next step was not reached"),
        [Column(gettext("Step")), Column(gettext("Reason")), Column(gettext("People"), "count")],
        reasons,
    )
    bars = [(word("funnel", s.code), s.reached, _count(s.reached)) for s in steps]
    return Said([main, why], plots.draw_bars(bars))


def tell_outcomes(counts: Mapping[str, int | None]) -> Grid:
    """Where people went otherwise, by kind."""
    columns = [Column(gettext("Outcome")), Column(gettext("People"), "count")]
    lines = [(word("outcome_kind", kind), hide(count)) for kind, count in counts.items()]
    return Grid(
        gettext("Other outcomes"), gettext("Outcomes besides a quota place"), columns, lines
    )


def tell_employment(counted: Counted) -> Said:
    day = counted.period.until
    by_district, by_status = (
        counted.tell(shares.count_shares(counted.ways, by=by, day=day), fives.round_shares)
        for by in ("district", "status")
    )
    grids = [
        _share_grid(gettext("District"), by_district, counted.districts),
        _share_grid(
            gettext("Status"),
            by_status,
            {r.code: word("status", r.code) for r in by_status if r.code},
        ),
    ]
    bars = [
        (_name(row.code, counted.districts), row.per_cent, _per_cent(row.per_cent))
        for row in by_district
    ]
    return Said(grids, plots.draw_bars(bars))


def tell_wages(counted: Counted) -> Said:
    by_profession, by_district = (
        counted.tell(wages.map_wages(counted.ways, counted.openings, by=by), fives.round_wages)
        for by in wages.BY
    )
    names = name_professions(row.code for row in by_profession)
    return Said(
        [
            _wage_grid(gettext("Profession"), by_profession, names),
            _wage_grid(gettext("District"), by_district, counted.districts),
        ],
        _draw_wages(by_profession, names),
    )


def tell_waits(counted: Counted) -> Said:
    waits = counted.tell(survival.measure_waits(counted.ways, counted.period), fives.round_waits)
    rows = [(_say_bound(bound), count) for bound, count in waits.rows]
    lines: list[Sequence[Value]] = [(label, hide(count)) for label, count in rows]
    lines.append((gettext("Total"), hide(waits.number)))
    lines.append(
        (gettext("Half of them within, days"), hide(waits.median_days) if waits.number else None)
    )
    grid = Grid(
        word("report", "waits"),
        word("report_lead", "waits"),
        [Column(gettext("Days")), Column(gettext("People"), "count")],
        lines,
    )
    return Said([grid], plots.draw_bars([(label, count, _count(count)) for label, count in rows]))


def tell_survival(counted: Counted) -> Said:
    points = counted.tell(
        survival.estimate_survival(counted.ways, counted.period), fives.round_points
    )
    lines = [(p.months, hide(p.watched), hide(p.per_cent)) for p in points]
    grid = Grid(
        word("report", "survival"),
        word("report_lead", "survival"),
        [
            Column(gettext("Months"), "count"),
            Column(gettext("Jobs watched so long"), "count"),
            Column(gettext("Kept"), "per_cent"),
        ],
        lines,
    )
    shown = [
        (p.months, p.per_cent, f"{p.months}: {p.per_cent} %")
        for p in points
        if p.per_cent is not None
    ]
    names = (gettext("Months"), gettext("Kept, %"))
    return Said([grid], plots.draw_line(shown, names, most=12) if shown else None)


def tell_mirror(mirror: Mapping[str, Sequence[Group]], districts: Mapping[str, str]) -> list[Grid]:
    """The equity mirror of a round as one grid a facet."""
    return [
        Grid(
            word("facet", facet),
            word("facet", facet),
            [
                Column(word("facet", facet)),
                Column(gettext("Entered"), "count"),
                Column(gettext("Placed"), "count"),
                Column(gettext("Share"), "per_cent"),
                Column(gettext("Median pay"), "tenge"),
            ],
            [
                (
                    name_group(facet, g.code, districts) if g.code else gettext("Total"),
                    hide(g.entered),
                    hide(g.placed),
                    hide(g.per_cent) if g.entered is None else g.per_cent,
                    hide(g.pay) if g.entered is None else g.pay,
                )
                for g in mirror[facet]
            ],
            total=True,
        )
        for facet in FACETS
    ]


def name_group(facet: str, code: str, districts: Mapping[str, str]) -> str:
    """A group of the mirror in words."""
    if facet == "sex":
        return word("sex", code)
    if facet == "district":
        return districts.get(code, code)
    if facet == "language":
        return {"kk": "Қазақша", "ru": "Русский"}.get(code, code)
    return word("age", code) if code == UNKNOWN else code


def name_behind(
    mirror: Mapping[str, Sequence[Group]], districts: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """Groups placed less often than everybody: (facet, code, words)."""
    return [
        (facet, group.code, f"{word('facet', facet)}: {name_group(facet, group.code, districts)}")
        for facet in FACETS
        for group in list_behind(mirror[facet])
    ]


def tell_evening(cost: Evening, districts: Mapping[str, str]) -> Grid:
    """Goal by goal what the plan is worth now, and with the group evened out."""
    caption = gettext("%(group)s: %(asked)s people placed instead of %(placed)s") % {
        "group": name_group(cost.facet, cost.code, districts),
        "asked": number(cost.asked),
        "placed": number(cost.placed),
    }
    columns = [
        Column(gettext("Goal")),
        Column(gettext("Plan"), "count"),
        Column(gettext("Evened out"), "count"),
        Column(gettext("Change"), "count"),
    ]
    lines = [(word("goal", goal), now, then, then - now) for goal, now, then in cost.tiers]
    return Grid(gettext("Evened out"), caption, columns, lines)


PEOPLE: Mapping[str, Callable[[Counted], Said]] = {
    "funnel": tell_funnel,
    "employment": tell_employment,
    "wages": tell_wages,
    "waits": tell_waits,
    "survival": tell_survival,
}


def name_professions(codes: Sequence[str] | object) -> dict[str, str]:
    """ISCO-08 codes with their titles in the reader's language."""
    classifier, locale = load_classifier(), get_locale()
    named = {}
    for code in codes:  # type: ignore[attr-defined]
        if code and code != UNKNOWN:
            titles = classifier.titles(code)
            named[code] = f"{titles[locale] or titles['ru']} ({code})"
    return named


def _tell_missed(step: Step) -> str:
    return "; ".join(f"{word('missed', reason)}: {_count(n)}" for reason, n in step.missed)


def _share_grid(label: str, rows: Sequence[shares.Share], names: Mapping[str, str]) -> Grid:
    lines = [
        (
            _name(row.code, names),
            hide(row.register),
            hide(row.employed),
            HIDDEN if row.employed is None else row.per_cent,
        )
        for row in rows
    ]
    columns = [
        Column(label),
        Column(gettext("On the register"), "count"),
        Column(gettext("In work"), "count"),
        Column(gettext("Share"), "per_cent"),
    ]
    return Grid(
        label, gettext("People in work: %(by)s") % {"by": label}, columns, lines, total=True
    )


def _wage_grid(label: str, rows: Sequence[wages.WageRow], names: Mapping[str, str]) -> Grid:
    lines = [
        (
            _name(row.code, names),
            hide(row.people),
            HIDDEN if row.people is None else row.accepted,
            row.places,
            row.offered,
            HIDDEN if row.people is None else row.gap,
            hide(row.declined),
            hide(row.over_pay),
        )
        for row in rows
    ]
    columns = [
        Column(label),
        Column(gettext("People"), "count"),
        Column(gettext("Would accept"), "tenge"),
        Column(gettext("Places"), "count"),
        Column(gettext("Offered from"), "tenge"),
        Column(gettext("Lacking"), "tenge"),
        Column(gettext("Declined"), "count"),
        Column(gettext("of these over pay"), "count"),
    ]
    return Grid(label, gettext("Pay: %(by)s") % {"by": label}, columns, lines, total=True)


def _draw_wages(rows: Sequence[wages.WageRow], names: Mapping[str, str]) -> Picture | None:
    known = [
        (row.offered, row.accepted, names.get(row.code, "?"))
        for row in rows
        if row.code and row.offered is not None and row.accepted is not None
    ]
    if not known:
        return None
    amounts = [amount for offered, accepted, _ in known for amount in (offered, accepted)]
    ticks = [(t, number(t // 1000)) for t in plots.choose_ticks(amounts, step=20_000)]
    points = [
        (offered, accepted, f"{name}: {tenge(accepted)} / {tenge(offered)}")
        for offered, accepted, name in known
    ]
    names_of_axes = (gettext("Offered, thousand ₸"), gettext("Accepted, thousand ₸"))
    return plots.draw_scatter(points, names_of_axes, ticks)


def _name(code: str, names: Mapping[str, str]) -> str:
    if not code:
        return gettext("Total")
    return names.get(code, gettext("not known") if code == UNKNOWN else code)


def _say_bound(bound: int | None) -> str:
    if bound is None:
        return gettext("More than %(days)s") % {"days": survival.BOUNDS[-1]}
    return gettext("Up to %(days)s") % {"days": bound}


def _count(value: int | None) -> str:
    return gettext("not shown") if value is None else number(value)


def _per_cent(value: int | None) -> str:
    return gettext("not shown") if value is None else f"{value} %"
