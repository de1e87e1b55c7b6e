"""Reports: each person counted once, totals that add up, small cells hidden, the same few queries."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.orm import Session

from matching import placements, reports
from matching.candidates import Readiness
from matching.equity import (
    FACETS,
    Entrant,
    band_of,
    compare,
    cost_evening,
    list_behind,
    mirror_round,
)
from matching.funnel import STEPS, Period, count_steps, find_farthest
from matching.placements import add_months
from matching.shares import count_shares
from matching.survival import estimate_survival, measure_waits
from matching.wages import Opening, load_openings, map_wages
from matching.ways import Job, Offer, Way, choose, load_ways
from quota.calendar import local_day
from quota.compliance import report_month
from quota.errors import Invalid, NotAllowed, NotFound
from quota.rights import SYSTEM, Actor, Role
from tests.factories import REGION, make_candidate, make_centre
from tests.matching.journey import Journey
from tests.matching.scene import make_mason, make_opening, make_scene, solve_round

DAY = date(2026, 11, 23)
UNTIL = Period(DAY)
WAY = Way(
    district="196200000",
    sex="m",
    birth_year=1990,
    language="kk",
    status="on_probation",
    readiness=Readiness.READY,
    registered_on=date(2025, 1, 10),
    surveyed_on=date(2026, 1, 10),
    ready_on=date(2026, 1, 10),
    profession="7112",
    pay_accepted=200_000,
    consented=True,
    missed=None,
)
OFFER = Offer("memorandum", "7112", "196200000", date(2026, 2, 1), "proposed", by_course=False)
REFERRED = replace(
    OFFER,
    state="referred",
    approved_on=date(2026, 2, 3),
    consent="given",
    referred_on=date(2026, 2, 5),
    referral="hired",
)
JOB = Job(date(2026, 2, 10), None, 200_000, {})


def hired(**job: object) -> Way:
    return replace(WAY, offers=(replace(REFERRED, job=replace(JOB, **job)),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("way", "step", "reason"),
    [
        (replace(WAY, surveyed_on=None, ready_on=None), "registered", "not_surveyed"),
        (
            replace(WAY, surveyed_on=None, ready_on=None, readiness="employed"),
            "registered",
            "in_work",
        ),
        (replace(WAY, ready_on=None, readiness="needs_support"), "surveyed", "needs_support"),
        (replace(WAY, consented=False), "ready", "no_consent"),
        (replace(WAY, missed="full"), "ready", "full"),
        (WAY, "ready", "no_round"),
        (replace(WAY, offers=(replace(OFFER, state="rejected"),)), "proposed", "rejected"),
        (
            replace(WAY, offers=(replace(REFERRED, referred_on=None, state="approved"),)),
            "approved",
            "awaits_consent",
        ),
        (
            replace(WAY, offers=(replace(REFERRED, referral="declined"),)),
            "referred",
            "declined",
        ),
        (hired(), "hired", "not_asked"),
        (hired(starts_on=date(2026, 11, 1)), "hired", "too_early"),
        (hired(ends_on=date(2026, 3, 1)), "hired", "left"),
        (hired(kept={1: date(2026, 3, 12), 3: date(2026, 5, 12)}), "kept_3", "not_asked"),
        (hired(kept={1: date(2026, 3, 12), 12: date(2027, 2, 12)}), "kept_1", "not_asked"),
    ],
)
def test_a_person_counts_at_the_farthest_step(way: Way, step: str, reason: str) -> None:
    found = find_farthest(way, UNTIL)
    assert (STEPS[found[0]], found[1]) == (step, reason)


def test_a_step_outside_the_period_was_not_reached() -> None:
    early = Period(date(2026, 2, 4))
    assert STEPS[find_farthest(hired(), early)[0]] == "approved"


WAYS = st.sampled_from(
    [
        replace(WAY, surveyed_on=None, ready_on=None),
        replace(WAY, ready_on=None, readiness="needs_support"),
        WAY,
        replace(WAY, missed="full"),
        replace(WAY, offers=(OFFER,)),
        replace(WAY, offers=(replace(REFERRED, referral="refused"),)),
        hired(),
        hired(ends_on=date(2026, 3, 1)),
        hired(kept={1: date(2026, 3, 12)}),
    ]
)


@given(st.lists(WAYS, max_size=80))
def test_reached_and_missed_add_up_and_nothing_small_is_told(ways: list[Way]) -> None:
    steps = count_steps(ways, UNTIL)
    truth = Counter(find_farthest(way, UNTIL)[0] for way in ways)
    for number, step in enumerate(steps):
        reached = sum(count for at, count in truth.items() if at >= number)
        assert step.reached in (None, reached)
        assert step.reached is None or not 0 < step.reached < 5
        assert all(count is None or count >= 5 for _, count in step.missed)
        told = [count for _, count in step.missed]
        if None not in told:
            after = steps[number + 1].reached if number + 1 < len(steps) else 0
            if step.reached is not None and after is not None and number + 1 < len(steps):
                assert step.reached == after + sum(c for c in told if c is not None)


def test_survival_is_the_product_limit() -> None:
    """Worked by hand: 20 begin; 5 leave at day 20, 5 are watched only to day 40, 5 leave at day 80."""
    start = DAY - timedelta(days=100)
    left_early = [hired(starts_on=start, ends_on=start + timedelta(days=20))] * 5
    young = [hired(starts_on=DAY - timedelta(days=40))] * 5
    left_late = [hired(starts_on=start, ends_on=start + timedelta(days=80))] * 5
    kept = [hired(starts_on=start)] * 5
    points = estimate_survival([*left_early, *young, *left_late, *kept], UNTIL)
    # (1 - 5/20), then (1 - 5/20) * (1 - 5/10).
    assert [(p.months, p.watched, p.per_cent) for p in points[:3]] == [
        (0, 20, 100),
        (1, 15, 75),
        (3, 5, 38),
    ]
    assert points[3].per_cent is None


def test_a_handful_of_leavers_is_not_told() -> None:
    ways = [hired(starts_on=date(2026, 2, 10))] * 20
    ways += [hired(starts_on=date(2026, 2, 10), ends_on=date(2026, 2, 20))] * 2
    assert [p.per_cent for p in estimate_survival(ways, UNTIL)][:2] == [100, None]


def test_waits_run_from_survey_to_the_first_job() -> None:
    waits = measure_waits([hired()] * 9 + [WAY], UNTIL)
    assert (waits.number, waits.median_days) == (9, 31)
    assert dict(waits.rows)[60] == 9
    assert measure_waits([hired()] * 3, UNTIL).median_days is None


def test_shares_of_small_districts_are_hidden_with_a_second_one() -> None:
    employed = replace(WAY, readiness="employed")
    ways = [employed] * 10 + [WAY] * 20
    ways += [replace(WAY, district="b")] * 40 + [replace(employed, district="b")] * 3
    ways += [replace(WAY, district="c")] * 90 + [replace(employed, district="c")] * 60
    rows = {row.code: row for row in count_shares(ways, by="district", day=DAY)}
    assert rows["b"].register is None
    assert rows["196200000"].register is None
    assert (rows["c"].register, rows["c"].employed, rows["c"].per_cent) == (150, 60, 40)
    assert (rows[""].register, rows[""].employed, rows[""].per_cent) == (223, 73, 32)


def test_the_wage_map_sets_medians_side_by_side() -> None:
    over = replace(REFERRED, referral="declined", reason="pay_below_accepted")
    far = replace(over, reason="too_far")
    ways = [replace(WAY, offers=(over,))] * 6 + [replace(WAY, offers=(far,))] * 5
    ways += [replace(WAY, profession="5120", pay_accepted=150_000)] * 3
    openings = [Opening("7112", "196200000", 160_000, 3), Opening("7112", "x", 180_000, 1)]
    rows = {row.code: row for row in map_wages(ways, openings, by="profession")}
    mason = rows["7112"]
    assert mason.people is None  # beside the total it would tell of the three cooks
    assert (mason.places, mason.offered) == (4, 160_000)
    assert (mason.declined, mason.over_pay) == (11, 6)
    assert rows["5120"].people is None
    assert (rows[""].people, rows[""].accepted, rows[""].gap) == (14, 200_000, 40_000)


def test_the_mirror_compares_groups() -> None:
    men = [Entrant("m", "25-34", "a", "kk", 200_000)] * 10 + [
        Entrant("m", "25-34", "a", "kk", None)
    ] * 10
    women = [Entrant("f", "25-34", "a", "ru", 150_000)] * 5 + [
        Entrant("f", "25-34", "a", "ru", None)
    ] * 20
    rows = {group.code: group for group in compare(men + women, "sex")}
    assert (rows["m"].per_cent, rows["m"].pay) == (50, 200_000)
    assert (rows["f"].per_cent, rows["f"].pay) == (20, 150_000)
    assert (rows[""].entered, rows[""].placed) == (45, 15)
    few = compare(men + women[:2], "sex")
    assert {group.code: group.entered for group in few} == {"m": None, "f": None, "": 22}


@pytest.mark.parametrize(
    ("born", "band"), [(2005, "-24"), (2001, "25-34"), (1971, "55+"), (None, "?")]
)
def test_age_bands(born: int | None, band: str) -> None:
    assert band_of(born, year=2026) == band


def test_a_way_is_read_from_the_tables(session: Session, now) -> None:
    journey = Journey(session, now)
    hire = journey.hire()
    journey.now += timedelta(days=40)
    placements.keep(session, journey.boss, hire.key, now=journey.now)
    (way,) = load_ways(session, journey.staff)
    (offer,) = way.offers
    assert (way.district, way.readiness) == ("196200000", "employed")
    assert (offer.source, offer.referral) == ("memorandum", "hired")
    assert offer.job is not None
    assert offer.job.kept == {1: local_day(journey.now)}
    period = Period(local_day(journey.now))
    assert STEPS[find_farthest(way, period)[0]] == "kept_1"
    assert choose([way], source="decree")[0].offers == ()
    assert choose([way], district="other") == []


def test_a_hire_taken_back_is_no_job(session: Session, now) -> None:
    journey = Journey(session, now)
    referral = journey.issue()
    journey.hire(referral)
    placements.undo_hire(session, journey.boss, referral.key, note="қате", now=now)
    (way,) = load_ways(session, journey.staff)
    assert way.offers[0].job is None


def test_the_number_of_queries_does_not_depend_on_the_rows(session: Session, now) -> None:
    def count() -> int:
        statements: list[str] = []

        def note(*args: object) -> None:
            statements.append(str(args[2]))

        event.listen(session.get_bind(), "before_cursor_execute", note)
        load_ways(session, SYSTEM)
        load_openings(session, SYSTEM)
        year, month = reports.read_month("", now=now)
        report_month(session, SYSTEM, year=year, month=month, now=now)
        reports.follow_month(session, SYSTEM, year=year, month=month, now=now)
        event.remove(session.get_bind(), "before_cursor_execute", note)
        return len(statements)

    Journey(session, now).hire()
    session.flush()
    one = count()
    for _ in range(2):
        Journey(session, now).hire()
    session.flush()
    assert count() == one


def test_reports_end_where_the_reader_s_reach_ends(session: Session, now) -> None:
    journey = Journey(session, now)
    journey.hire()
    other = make_centre(session, territory="/750000000/")
    stranger = Actor(Role.STAFF, centre_id=other.id, territory=other.territory)
    assert load_ways(session, stranger) == []
    assert load_openings(session, stranger) == []
    assert len(load_ways(session, Actor(Role.PROSECUTOR, territory=REGION))) == 1
    for role in (Role.EMPLOYER, Role.CLERK, Role.ADMINISTRATOR):
        with pytest.raises(NotAllowed):
            load_ways(session, Actor(role))


def test_the_month_tells_of_letters_and_of_answers_overdue(session: Session, now) -> None:
    journey = Journey(session, now)
    journey.issue()
    soon = now + timedelta(minutes=1)
    told = reports.follow_month(session, journey.staff, year=2026, month=11, now=soon)
    assert told.sent is None  # one letter is one person
    assert told.states == {"issued": None}
    assert told.late == ()
    later = now + timedelta(days=30)
    told = reports.follow_month(session, journey.staff, year=2026, month=12, now=later)
    assert told.sent == 0
    assert [(row.employer_key, row.number) for row in told.late] == [(journey.employer.key, 1)]
    assert told.overdue == 1
    # A month that is over is told as it stood: nothing was late in November.
    assert reports.follow_month(session, SYSTEM, year=2026, month=11, now=later).late == ()


def test_reasons_do_not_add_up_to_a_hidden_state(session: Session, now) -> None:
    for number in range(9):
        journey = Journey(session, now)
        journey.bring("refused") if number < 6 else journey.issue()
    soon = now + timedelta(minutes=1)
    told = reports.follow_month(session, SYSTEM, year=2026, month=11, now=soon)
    assert (told.sent, told.states) == (9, {"issued": None, "refused": None})
    assert told.refusals == {"qualification": None}
    for _ in range(2):
        Journey(session, now).issue()
    told = reports.follow_month(session, SYSTEM, year=2026, month=11, now=soon)
    assert (told.states, told.refusals) == ({"issued": 5, "refused": 6}, {"qualification": 6})


def test_districts_add_up_to_the_ledger(session: Session, now) -> None:
    for _ in range(3):
        Journey(session, now).hire()
    report = report_month(session, SYSTEM, year=2026, month=11, now=now + timedelta(hours=1))
    rows = reports.sum_districts(report)
    parts = [row.tally for row in rows if row.district]
    (total,) = [row.tally for row in rows if not row.district]
    assert sum(tally.hired for tally in parts) == total.hired == 3
    assert total == report.totals["memorandum"]


@pytest.mark.parametrize("text", ["2026", "2026-13", "2027-01", "1999-01", "x"])
def test_a_month_must_be_one_that_has_begun(text: str, now) -> None:
    with pytest.raises(Invalid):
        reports.read_month(text, now=now)
    assert reports.read_month("2026-10", now=now) == (2026, 10)


def test_the_mirror_of_a_round(session: Session, now) -> None:
    scene = make_scene(session)
    for _ in range(9):
        make_candidate(session, scene.centre.id)
    found = solve_round(session, scene, now)
    mirror = mirror_round(session, scene.staff, found.key, year=2026)
    assert tuple(mirror) == FACETS
    assert all(group.entered is None for groups in mirror.values() for group in groups)


def test_follow_ups_fall_on_the_same_day_of_a_month() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)


def test_what_evening_a_group_out_costs(session: Session, now) -> None:
    scene = make_scene(session)
    scene.first.sex, scene.second.sex = "m", "f"
    for _ in range(15):
        make_mason(session, scene.centre, sex="m")
        make_mason(session, scene.centre, sex="f", wishes=("9412", "7112"))
    for _ in range(20):
        make_opening(session, scene.employer)
    found = solve_round(session, scene, now)
    mirror = mirror_round(session, scene.staff, found.key, year=2026)
    assert [group.code for group in list_behind(mirror["sex"])] == ["f"]
    cost = cost_evening(session, scene.staff, found.key, "sex", "f", year=2026)
    assert (cost.placed, cost.asked, cost.reached) == (5, 11, 11)
    change = {goal: then - before for goal, before, then in cost.tiers}
    assert (change["placements"], change["score"] < 0) == (0, True)
    for facet, code in (("sex", "m"), ("sex", "?"), ("faith", "f")):
        with pytest.raises(NotFound):
            cost_evening(session, scene.staff, found.key, facet, code, year=2026)
    with pytest.raises(NotAllowed):
        cost_evening(session, Actor(Role.PROSECUTOR), found.key, "sex", "f", year=2026)
