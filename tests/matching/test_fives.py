"""Fives: of no two reports, however narrowed, does the difference tell a number too small to show."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from matching import fives
from matching.cells import is_small
from matching.funnel import Period, count_steps
from matching.shares import count_shares
from matching.survival import estimate_survival, measure_waits
from matching.wages import map_wages
from matching.ways import Way, choose
from tests.matching.test_reports import DAY, JOB, REFERRED, WAY

DISTRICTS, SOURCES = ("a", "b", "c"), ("decree", "memorandum")
EVERYTHING = ("", "", Period(DAY))
days = st.integers(0, 120).map(lambda number: DAY - timedelta(days=number))


@st.composite
def people(draw: st.DrawFn) -> Way:
    registered = draw(days)
    surveyed = draw(st.none() | days)
    offers = ()
    if surveyed and draw(st.booleans()):
        job = replace(JOB, starts_on=draw(days)) if draw(st.booleans()) else None
        said = draw(st.sampled_from(["hired", "declined", "refused"]))
        source = draw(st.sampled_from(SOURCES))
        offers = (replace(REFERRED, source=source, job=job, referral=said),)
    return replace(
        WAY,
        district=draw(st.sampled_from(DISTRICTS)),
        registered_on=registered,
        surveyed_on=surveyed,
        ready_on=surveyed,
        offers=offers,
    )


registers = st.lists(people(), min_size=5, max_size=60)
filters = st.tuples(
    st.sampled_from(("", *DISTRICTS)),
    st.sampled_from(("", *SOURCES)),
    st.builds(Period, days | st.just(DAY), st.none() | days),
)
Narrowed = tuple[str, str, Period]


def narrow(ways: list[Way], asked: Narrowed) -> list[Way]:
    return choose(ways, district=asked[0], source=asked[1])


def tell(ways: list[Way], asked: Narrowed) -> Iterator[tuple[object, int | None]]:
    """Every number of people that the reports publish under a filter, by where it stands."""
    in_fives = asked != EVERYTHING
    chosen, period = narrow(ways, asked), asked[2]
    steps = count_steps(chosen, period)
    shares = count_shares(chosen, by="district", day=period.until)
    wages = map_wages(chosen, [], by="district")
    waits, points = measure_waits(chosen, period), estimate_survival(chosen, period)
    if in_fives:
        steps, shares = fives.round_steps(steps), fives.round_shares(shares)
        wages, waits = fives.round_wages(wages), fives.round_waits(waits)
        points = fives.round_points(points)
    for step in steps:
        yield ("step", step.code), step.reached
        yield from (((step.code, reason), number) for reason, number in step.missed)
    for share in shares:
        yield from (
            (("register", share.code), share.register),
            (("work", share.code), share.employed),
        )
    for row in wages:
        yield from ((("wages", row.code), row.people), (("declined", row.code), row.declined))
    yield from ((("wait", bound), number) for bound, number in waits.rows)
    yield from ((("watched", point.months), point.watched) for point in points)


def could_be(shown: int, *, in_fives: bool) -> set[int]:
    """What a reader who knows all the rules can make of a shown number."""
    if not in_fives:
        return {shown}
    near = range(max(0, shown - fives.STEP), shown + fives.STEP)
    return {n for n in near if not is_small(n) and fives.round_number(n) == shown}


@settings(max_examples=60, deadline=None)
@given(registers, filters, filters | st.just(EVERYTHING))
def test_no_subtraction_tells_a_small_number(
    ways: list[Way], narrow_one: Narrowed, wide_one: Narrowed
) -> None:
    narrow_one = narrow_one if narrow_one != EVERYTHING else ("a", "", Period(DAY))
    wide = dict(tell(ways, wide_one))
    for cell, shown in tell(ways, narrow_one):
        other = wide.get(cell)
        if shown is None or other is None:
            continue
        pairs = product(
            could_be(other, in_fives=wide_one != EVERYTHING), could_be(shown, in_fives=True)
        )
        differences = {more - less for more, less in pairs if more >= less}
        assert not (len(differences) == 1 and is_small(min(differences))), cell


@settings(max_examples=25, deadline=None)
@given(registers, filters)
def test_a_narrowed_report_knows_fives_alone(ways: list[Way], asked: Narrowed) -> None:
    if asked != EVERYTHING:
        assert all(not (number or 0) % fives.STEP for _, number in tell(ways, asked))


def test_shares_and_medians_need_enough_people() -> None:
    def work(number: int) -> list[Way]:
        return [replace(WAY, readiness="employed" if n % 2 else "ready") for n in range(number)]

    few, enough = (
        fives.round_shares(count_shares(work(n), by="district", day=DAY))[-1] for n in (22, 24)
    )
    assert (few.register, few.employed, few.per_cent) == (20, None, None)
    assert (enough.register, enough.employed, enough.per_cent) == (25, 10, 40)
    few_paid, paid = (fives.round_wages(map_wages(work(n), [], by="district"))[-1] for n in (7, 8))
    assert (few_paid.people, few_paid.accepted) == (5, None)
    assert (paid.people, paid.accepted) == (10, 200_000)


def test_numbers_go_to_the_nearest_five() -> None:
    assert [fives.round_number(n) for n in (0, 5, 7, 8, 12, 13, None)] == [
        0,
        5,
        5,
        10,
        10,
        15,
        None,
    ]
    assert date(2026, 11, 23) == DAY
