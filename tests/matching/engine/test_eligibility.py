"""Each hard rule by itself, allowed and barred; and what courses open."""

from dataclasses import replace
from typing import Any

import pytest

from matching.engine.eligibility import check_pair, course_suits, find_options
from matching.engine.facets import Facets
from matching.engine.ground import Ground
from matching.engine.policy import Limits, Policy
from matching.engine.problem import (
    Candidate,
    Course,
    Leg,
    Places,
    Problem,
    Restriction,
    Span,
    Vacancy,
    Wish,
)
from matching.engine.rules import BARRING, DUTIES, RULES, Reason

HOME, NEAR, WORK, FAR = "196220100", "196220200", "196230100", "198000000"
OFFICE = Span("12345", "08:00", "17:00")
NIGHT_AT_HOME = Span("1234567", "22:00", "06:00")
MASON = Candidate(
    key="c", kato=HOME, wishes=(Wish("7112", 3),), categories=("probation",), free_in=0
)
JOB = Vacancy(
    key="v",
    employer="e",
    isco08="7112",
    kato=WORK,
    within=("190000000", "196230000", WORK),
    pay_from=200_000,
    pay_to=250_000,
    shifts=(OFFICE,),
    places=(Places(None, False, 1),),
)
LEGS = (
    Leg(HOME, WORK, 50, 30),
    Leg(HOME, FAR, None, 90),
    Leg(NEAR, WORK, 55, None, by_district=True),
)


def ground_of(**limits: int) -> Ground:
    policy = Policy(limits=Limits(**limits))
    likeness = (("7112", "7114", 70), ("7112", "7411", 40))
    return Ground(Problem("2026-11-23", policy, legs=LEGS, similarity=likeness))


def restricted(code: str, **needs: Any) -> dict[str, Any]:
    return {"restrictions": (Restriction(code, **needs),)}


def shift(days: str, start: str, end: str) -> dict[str, Any]:
    return {"shifts": (Span(days, start, end),)}


ALLOWED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("profession", {}, {}),
    ("profession", {}, {"isco08": "7114"}),
    ("profession", {"wishes": (Wish("5120"), Wish("7112"))}, {}),
    ("profession", {"wishes": ()}, {"isco08": "9313"}),
    ("category", {}, {"places": (Places("released", True, 1), Places("probation", True, 1))}),
    ("category", {"categories": ()}, {}),
    ("consent", {}, {}),
    ("licence", {"licences": ("B", "C")}, {"licences": ("C",)}),
    ("distance", {"max_minutes": 50, "max_km": 10}, {}),  # minutes are known and go first
    ("distance", {"max_km": 30}, {}),
    ("distance", {"max_minutes": 10, "kato": "197000000"}, {}),  # unknown is not no
    ("distance", {"max_km": 1, "kato": "197000000"}, {}),
    ("distance", {"max_minutes": 10}, {"transport": True}),
    ("distance", {"max_minutes": 10, "may_move": True}, {"housing": True}),
    ("moving", {"may_move": True}, {"flags": ("rotational",)}),
    ("hours", {"hours": (Span("123456", "07:00", "18:00"),)}, {}),
    ("hours", {"hours": (OFFICE,)}, {"shifts": ()}),
    ("home_hours", restricted("home_hours", spans=(NIGHT_AT_HOME,)), {}),
    ("home_hours", {}, shift("12345", "20:00", "04:00")),
    ("home_hours", restricted("home_hours", spans=(NIGHT_AT_HOME,)), shift("1", "10:00", "21:10")),
    ("appointments", restricted("reporting", spans=(Span("1", "09:00", "18:00"),)), {}),
    ("appointments", restricted("treatment", spans=(Span("6", "09:00", "12:00"),)), {}),
    ("appointments", restricted("reporting"), {}),
    ("barred_places", restricted("barred_places", places=(FAR,)), {}),
    ("banned_professions", restricted("banned_professions", professions=("23",)), {}),
    ("minors", restricted("minors"), {"flags": ("money",)}),
    ("driving", {}, {"flags": ("driving",)}),
    ("money", restricted("minors"), {"flags": ("money",)}),
    ("state_sector", restricted("state_sector"), {}),
    ("pay", {"pay_accepted": 250_000}, {}),
    ("pay", {"pay_wanted": 900_000}, {}),
    ("conditions", {"avoids": ("night",)}, {"flags": ("heavy",)}),
    ("dates", {"free_in": 20}, {"closes_in": 20}),
    ("dates", {"free_in": 60}, {}),
]
BARRED: list[tuple[str, dict[str, Any], dict[str, Any], Reason]] = [
    (
        "profession",
        {},
        {"isco08": "5120"},
        Reason("profession", {"isco08": "5120", "similarity": 0}),
    ),
    (
        "profession",
        {"wishes": ()},
        {},
        Reason("profession", {"isco08": "7112", "similarity": 0}),
    ),
    ("category", {}, {"places": (Places("released", True, 1),)}, Reason("category")),
    ("category", {}, {"places": ()}, Reason("category")),
    ("consent", {"consented": False}, {}, Reason("consent")),
    (
        "licence",
        {"licences": ("B",)},
        {"licences": ("B", "C", "CE")},
        Reason("licence", {"missing": ["C", "CE"]}),
    ),
    ("distance", {"max_minutes": 49}, {}, Reason("distance", {"minutes": 50, "most": 49})),
    (
        "distance",
        {"max_minutes": 49, "kato": NEAR},
        {},
        Reason("distance", {"minutes": 55, "most": 49, "by_district": True}),
    ),
    (
        "distance",
        {"max_minutes": 60, "max_km": 40},
        {"kato": FAR},
        Reason("distance", {"km": 90, "most": 40}),
    ),
    (
        "distance",
        {"max_minutes": 10},
        {"housing": True},
        Reason("distance", {"minutes": 50, "most": 10}),
    ),
    ("moving", {}, {"flags": ("rotational",)}, Reason("moving")),
    (
        "hours",
        {"hours": (Span("1234", "08:00", "17:00"),)},
        {},
        Reason("hours", {"minutes": 540}),
    ),
    (
        "home_hours",
        restricted("home_hours", spans=(NIGHT_AT_HOME,)),
        shift("1", "16:00", "23:00"),
        Reason("hours", {"minutes": 110}),  # an hour of work and fifty minutes home
    ),
    (
        "home_hours",
        restricted("home_hours", spans=(NIGHT_AT_HOME,)),
        shift("7", "22:00", "06:00"),  # Sunday night into Monday
        Reason("hours", {"minutes": 480}),
    ),
    (
        "appointments",
        restricted("reporting", spans=(Span("15", "10:00", "11:00"),)),
        {},
        Reason("hours", {"minutes": 60}),
    ),
    (
        "barred_places",
        restricted("barred_places", places=("196230000",)),
        {},
        Reason("place"),
    ),
    (
        "banned_professions",
        restricted("banned_professions", professions=("71",)),
        {},
        Reason("workplace"),
    ),
    ("minors", restricted("minors"), {"flags": ("minors",)}, Reason("workplace")),
    ("driving", restricted("driving"), {"flags": ("driving",)}, Reason("workplace")),
    ("money", restricted("money"), {"flags": ("money",)}, Reason("workplace")),
    (
        "state_sector",
        restricted("state_sector"),
        {"flags": ("state_sector",)},
        Reason("workplace"),
    ),
    (
        "pay",
        {"pay_accepted": 250_001},
        {},
        Reason("pay", {"offered": 250_000, "accepted": 250_001}),
    ),
    (
        "conditions",
        {"avoids": ("heavy", "night")},
        {"flags": ("heavy", "money", "night")},
        Reason("conditions", {"flags": ["heavy", "night"]}),
    ),
    ("dates", {"free_in": 21}, {"closes_in": 20}, Reason("dates", {"free_in": 21, "last": 20})),
    ("dates", {"free_in": 61}, {}, Reason("dates", {"free_in": 61, "last": 60})),
]


@pytest.mark.parametrize(("code", "person", "job"), ALLOWED)
def test_a_rule_lets_through(code: str, person: dict[str, Any], job: dict[str, Any]) -> None:
    answer = RULES[code].check(replace(MASON, **person), replace(JOB, **job), ground_of())
    assert answer is None


@pytest.mark.parametrize(("code", "person", "job", "reason"), BARRED)
def test_a_rule_bars_and_says_why(
    code: str, person: dict[str, Any], job: dict[str, Any], reason: Reason
) -> None:
    answer = RULES[code].check(replace(MASON, **person), replace(JOB, **job), ground_of())
    assert answer == reason
    assert answer.code == RULES[code].shown_as


def test_every_rule_is_shown_both_ways() -> None:
    assert {code for code, *_ in ALLOWED} == set(RULES)
    assert {code for code, *_ in BARRED} == set(RULES)


def test_every_rule_names_its_act_but_for_the_words_of_people_and_offices() -> None:
    assert {code for code, rule in RULES.items() if not rule.act} == {"pay", "dates"}
    for rule in RULES.values():
        assert rule.act or rule.movable
        assert rule.movable or "Code" in rule.act


def test_every_restriction_that_bars_has_a_rule_and_a_neutral_reason() -> None:
    served = {"home_hours": "home_hours", "reporting": "appointments", "treatment": "appointments"}
    for code in BARRING:
        rule = RULES[served.get(code, code)]
        assert "restrictions" in rule.person
        assert rule.shown_as in ("hours", "place", "workplace")


@pytest.mark.parametrize("code", DUTIES)
def test_a_duty_bars_nobody(code: str) -> None:
    assert check_pair(replace(MASON, **restricted(code)), JOB, ground_of()) == []


def test_several_rules_are_all_named() -> None:
    person = replace(MASON, licences=(), pay_accepted=300_000)
    job = replace(JOB, licences=("C",), isco08="5120")
    found = [code for code, _ in check_pair(person, job, ground_of())]
    assert found == ["profession", "licence", "pay"]


def test_the_floor_of_likeness_is_the_policys() -> None:
    job = replace(JOB, isco08="7411")
    assert check_pair(MASON, job, ground_of(similarity=40)) == []
    assert check_pair(MASON, job, ground_of(similarity=41))


COURSE = Course("k", "7212", WORK, seats=5, starts_in=10, ends_in=90)


@pytest.mark.parametrize(
    ("person", "course", "suits"),
    [
        ({"retraining": "7212"}, {}, True),
        ({}, {}, False),
        ({"retraining": "5120"}, {}, False),
        ({"retraining": "7212"}, {"seats": 0}, False),
        ({"retraining": "7212"}, {"ends_in": 181}, False),
        ({"retraining": "7212", "free_in": 11}, {}, False),
        ({"retraining": "7212", "max_minutes": 49}, {}, False),
    ],
)
def test_a_course_suits_who_asked_for_it_in_reach_and_in_time(
    person: dict[str, Any], course: dict[str, Any], suits: bool
) -> None:
    assert course_suits(replace(MASON, **person), replace(COURSE, **course), ground_of()) is suits


def test_a_course_leads_only_to_jobs_without_a_direct_way() -> None:
    jobs = (replace(JOB, key="v1"), replace(JOB, key="v2", isco08="7212"))
    person = replace(MASON, retraining="7212")
    problem = Problem("2026-11-23", Policy(), (person,), jobs, courses=(COURSE,), legs=LEGS)
    options = find_options(Facets(problem))
    assert options.candidate.tolist() == [0, 0]
    assert options.vacancy.tolist() == [0, 1]
    assert options.course.tolist() == [-1, 0]


def test_a_forbidden_pair_is_no_option() -> None:
    problem = Problem("2026-11-23", Policy(), (MASON,), (JOB,), forbidden=(("c", "v"),))
    assert len(find_options(Facets(problem))) == 0
    assert len(find_options(Facets(replace(problem, forbidden=(("c", "x"),))))) == 1
