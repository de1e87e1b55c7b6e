"""Decrees: every shape an act comes in is kept whole; spans, overlaps, grace; the annex in the ledger."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from quota import annexes, decrees, slots
from quota.annexes import Exemption
from quota.centres import Centre
from quota.clauses import (
    Rounding,
    Rule,
    add_months,
    compute_places,
    compute_span,
    find_overlaps,
    read_per_cent,
)
from quota.decrees import Decree, Line
from quota.employers import Employer
from quota.errors import Invalid, NotAllowed, NotFound, WrongState
from quota.rates import load_rates
from quota.rights import Actor, Role

# The shapes in which acts and reports about them reach an office; names and numbers are invented.
ACTS: list[dict[str, Any]] = [
    {
        "kind": "decree_rule",
        "title": "Об установлении квоты рабочих мест для отдельных категорий граждан",
        "akimat": "Солнечная область",
        "oblast": "Солнечная область",
        "dated": date(2010, 11, 26),
        "number": "326",
        "registry_id": "V10X0001764",
        "registered": "2010-12-15",
        "status": "в редакции от 2012-08-03 № 207",
        "source": "https://acts.example/V10X0001764",
        "rules": [
            {"category": code, "basis_points": 100, "counted": "общая численность рабочих мест"}
            for code in ("probation", "released", "minors_from_boarding_institutions")
        ],
    },
    {
        "kind": "decree_rule",
        "title": "Об установлении квоты рабочих мест для инвалидов",
        "akimat": "Степной район",
        "oblast": "Озёрная (ныне Речная) область",
        "dated": None,
        "number": "",
        "registry_id": "V17X0003991",
        "registered": "",
        "status": "утратило силу 2017-08-28 № 194",
        "source": "https://acts.example/V17X0003991",
        "note": "title inferred from the clause; tier bounds overlap in the text itself",
        "rules": [
            {
                "category": "disabled",
                "headcount_from": 50,
                "headcount_to": 100,
                "basis_points": 200,
            },
            {
                "category": "disabled",
                "headcount_from": 100,
                "headcount_to": 250,
                "basis_points": 300,
            },
            {
                "category": "disabled",
                "headcount_from": 250,
                "basis_points": 400,
                "counted": "списочная численность",
                "excludes": "тяжёлые, вредные, опасные работы",
                "note": "the last tier of the text",
            },
        ],
    },
    {
        "kind": "decree_rule",
        "title": "",
        "akimat": "Лесной район",
        "rules": [
            {"category": "disabled", "basis_points": 200, "basis_points_to": 400},
            {
                "category": "disabled",
                "headcount_from": 50,
                "headcount_to": 100,
                "basis_points": 200,
            },
        ],
    },
    {
        "kind": "decree_header_only",
        "title": "Об установлении квоты",
        "akimat": "Горный район",
        "dated": date(2017, 1, 10),
        "number": "03",
        "note": "percentages were not in the stored excerpt",
        "rules": [{"category": "disabled"}],
    },
    {
        "kind": "press_statement",
        "title": "",
        "akimat": "Западная область",
        "dated": date(2017, 1, 6),
        "note": "press report, not a decree: quota raised from 3 to 5 percent",
        "rules": [
            {"category": "released", "basis_points": 500, "counted": "общее число рабочих мест"}
        ],
    },
]


def enter(
    session: Session, staff: Actor, centre: Centre, now: datetime, act: dict[str, Any]
) -> Decree:
    fields = {name: value for name, value in act.items() if name != "rules"}
    decree = Decree(**fields, centre_id=centre.id, territory=centre.territory)
    rules = [Rule(**rule) for rule in act["rules"]]
    return decrees.add_decree(session, staff, decree, rules, now=now)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act["akimat"])
def test_an_act_is_kept_without_loss(
    session: Session, staff: Actor, centre: Centre, now: datetime, act: dict[str, Any]
) -> None:
    decree = enter(session, staff, centre, now, act)
    session.expire_all()
    kept = decrees.find_decree(session, staff, decree.key)
    assert {name: getattr(kept, name) for name in act if name != "rules"} == {
        name: value for name, value in act.items() if name != "rules"
    }
    rules = decrees.list_rules(session, kept)
    assert [
        {name: getattr(r, name) for name in g} for r, g in zip(rules, act["rules"], strict=True)
    ] == (act["rules"])


def rule(**given: Any) -> Rule:
    return Rule(**{"category": "released", "rounding": "down", **given})


def line(headcount: int | None, **given: Any) -> Line:
    return Line(**{"category": "released", "headcount": headcount, "excluded": 0, **given})


TIERS = [
    rule(headcount_from=50, headcount_to=100, basis_points=200),
    rule(headcount_from=100, headcount_to=250, basis_points=300),
    rule(headcount_from=250, basis_points=400),
]


@pytest.mark.parametrize(
    ("headcount", "span"),
    [
        (49, None),
        (50, (1, 1)),
        (99, (1, 1)),
        (100, (2, 3)),
        (101, (3, 3)),
        (250, (7, 10)),
        (251, (10, 10)),
    ],
)
def test_tiers_that_overlap_give_a_span(headcount: int, span: tuple[int, int] | None) -> None:
    assert compute_span(TIERS, line(headcount)) == span
    assert compute_places(TIERS, line(headcount)) == (span[0] if span else None)


def test_overlaps_are_told_by_category_and_only_of_tiers() -> None:
    assert find_overlaps(TIERS) == [(TIERS[0], TIERS[1]), (TIERS[1], TIERS[2])]
    other = rule(category="probation", headcount_from=60, headcount_to=70, basis_points=100)
    general = rule(basis_points=100)
    assert find_overlaps([TIERS[0], other, general]) == []


def test_a_tier_goes_before_a_general_clause_and_a_range_widens() -> None:
    general = rule(basis_points=200, basis_points_to=400)
    tier = rule(headcount_from=50, headcount_to=100, basis_points=300)
    assert compute_span([general, tier], line(100)) == (3, 3)
    assert compute_span([general, tier], line(200)) == (4, 8)
    assert compute_span([general], line(200, basis_points=100)) == (2, 2)
    assert compute_span([rule()], line(200)) is compute_span([], line(200)) is None
    assert compute_span([general], line(None)) is None


@given(st.integers(0, 100_000), st.integers(0, 100_000), st.integers(1, 10_000))
def test_rounding_is_by_the_rule_and_never_off_by_one(
    headcount: int, excluded: int, points: int
) -> None:
    exact = max(0, headcount - excluded) * points
    for rounding in Rounding:
        [places] = {
            *(
                compute_span(
                    [rule(basis_points=points, rounding=rounding)],
                    line(headcount, excluded=excluded),
                )
                or ()
            )
        }
        assert abs(places * 10_000 - exact) < 10_000
        assert rounding is not Rounding.UP or places * 10_000 >= exact
        assert rounding is not Rounding.DOWN or places * 10_000 <= exact
        assert rounding is not Rounding.NEAREST or abs(places * 10_000 - exact) <= 5_000


@pytest.mark.parametrize(("stated", "difference"), [(None, None), (1, -1), (2, 0), (3, 0), (5, 2)])
def test_the_stated_number_counts_and_its_difference_is_shown(
    stated: int | None, difference: int | None
) -> None:
    entry = line(100, stated=stated, computed=2, computed_to=3)
    assert entry.difference == difference
    assert entry.owed == (2 if stated is None else stated)
    assert line(100, stated=None, computed=None).owed == 0


@pytest.mark.parametrize(
    ("text", "points"), [("1", 100), ("1,5", 150), ("0.25 %", 25), ("", None), ("100", 10_000)]
)
def test_per_cent_is_read_as_people_write_it(text: str, points: int | None) -> None:
    assert read_per_cent("per_cent", text) == points


@pytest.mark.parametrize("text", ["много", "-1", "101", "0.001", "NaN", "1e9", "Infinity"])
def test_nonsense_is_no_per_cent(text: str) -> None:
    with pytest.raises(Invalid):
        read_per_cent("per_cent", text)


def test_months_end_on_the_last_day() -> None:
    assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert add_months(date(2026, 1, 15), 12) == date(2027, 1, 15)


def test_places_are_due_after_the_grace_of_the_act_or_of_the_rates(
    session: Session, staff: Actor, centre: Centre, now: datetime
) -> None:
    load_rates(session)
    act = {**ACTS[4], "valid_from": date(2026, 3, 1)}
    decree = enter(session, staff, centre, now, act)
    assert decrees.due_on(session, decree, line(10)) == date(2026, 9, 1)
    annexes.add_clause(session, staff, decree.key, rule(grace_months=2), now=now)
    assert decrees.due_on(session, decree, line(10)) == date(2026, 5, 1)
    undated = enter(session, staff, centre, now, ACTS[2])
    assert decrees.due_on(session, undated, line(10)) is None


@pytest.fixture
def decree(session: Session, staff: Actor, centre: Centre, now: datetime) -> Decree:
    return enter(session, staff, centre, now, ACTS[4])


def states(session: Session, employer: Employer) -> dict[str, int]:
    return dict(slots.count_states(session, employer.id)["decree"])


def exemption(now: datetime, **given: Any) -> Exemption:
    fields = {"excuse": "liquidation", "document": "order 5", "starts_on": now.date()}
    return Exemption(**{**fields, **given})


def test_a_line_opens_its_places_and_a_new_clause_computes_it_anew(
    session: Session, staff: Actor, employer: Employer, decree: Decree, now: datetime
) -> None:
    entry = annexes.enter_line(session, staff, decree, employer, line(100), now=now)
    assert (entry.computed, entry.owed) == (5, 5)
    assert states(session, employer) == {"open": 5}
    annexes.add_clause(session, staff, decree.key, rule(basis_points=600), now=now)
    assert (entry.computed, entry.computed_to) == (5, 6)
    annexes.amend_line(session, staff, entry.key, {"stated": 7}, now=now)
    assert states(session, employer) == {"open": 7}


def test_an_exemption_closes_open_places_for_its_term(
    session: Session, staff: Actor, employer: Employer, decree: Decree, now: datetime
) -> None:
    entry = annexes.enter_line(session, staff, decree, employer, line(None, stated=3), now=now)
    first = annexes.list_line_slots(session, entry)[0]
    slots.count_opening(session, staff, first, on=now.date(), document="list", now=now)
    ends = now.date() + timedelta(days=10)
    annexes.exempt(session, staff, entry.key, exemption(now, ends_on=ends), now=now)
    assert states(session, employer) == {"filled": 1, "closed": 2}
    [row] = annexes.list_annex(session, staff, decree)
    assert row.exemption is not None
    assert annexes.lift_ended(session, staff, now=now + timedelta(days=10)) == 0
    assert annexes.lift_ended(session, staff, now=now + timedelta(days=11)) == 1
    assert annexes.lift_ended(session, staff, now=now + timedelta(days=12)) == 0
    assert states(session, employer) == {"filled": 1, "open": 2}
    with pytest.raises(WrongState):
        annexes.lift_exemption(session, staff, entry.key, reason="again", now=now)


def test_a_place_closed_by_hand_stays_closed_when_an_exemption_ends(
    session: Session, staff: Actor, employer: Employer, decree: Decree, now: datetime
) -> None:
    entry = annexes.enter_line(session, staff, decree, employer, line(None, stated=2), now=now)
    slots.close_slot(
        session, staff, annexes.list_line_slots(session, entry)[0], reason="sold", now=now
    )
    annexes.exempt(session, staff, entry.key, exemption(now), now=now)
    annexes.lift_exemption(session, staff, entry.key, reason="over", now=now)
    assert states(session, employer) == {"open": 1, "closed": 1}


@pytest.mark.parametrize(
    "given",
    [
        {"excuse": "weather"},
        {"document": " "},
        {"starts_on": date(2027, 1, 1)},
        {"ends_on": date(2026, 1, 1)},
    ],
)
def test_an_exemption_needs_its_reason_paper_and_term(
    session: Session,
    staff: Actor,
    employer: Employer,
    decree: Decree,
    now: datetime,
    given: dict[str, Any],
) -> None:
    entry = annexes.enter_line(session, staff, decree, employer, line(None, stated=1), now=now)
    with pytest.raises(Invalid):
        annexes.exempt(session, staff, entry.key, exemption(now, **given), now=now)


def test_an_employer_reads_the_act_that_names_it_and_no_other(
    session: Session, staff: Actor, employer: Employer, decree: Decree, now: datetime
) -> None:
    actor = Actor(Role.EMPLOYER, employer_id=employer.id)
    with pytest.raises(NotFound):
        decrees.find_decree(session, actor, decree.key)
    assert decrees.list_decrees(session, actor) == []
    annexes.enter_line(session, staff, decree, employer, line(None, stated=1), now=now)
    assert decrees.find_decree(session, actor, decree.key) is decree
    [row] = decrees.list_decrees(session, actor)
    assert (row.lines, row.owed) == (1, 1)
    with pytest.raises(NotAllowed):
        annexes.recompute(session, actor, decree, now=now)


@pytest.mark.parametrize(
    "wrong",
    [
        {"headcount_from": 100, "headcount_to": 50},
        {"basis_points": 400, "basis_points_to": 200},
        {"category": " "},
        {"headcount_from": -1},
    ],
)
def test_a_clause_turned_round_is_refused(
    session: Session, staff: Actor, decree: Decree, now: datetime, wrong: dict[str, Any]
) -> None:
    with pytest.raises(Invalid):
        decrees.add_rule(session, staff, decree.key, rule(**wrong), now=now)
