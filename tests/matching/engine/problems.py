"""Invented problems with every kind of rule in them, the same for the same seed."""

import random
from dataclasses import replace

from matching.engine.policy import Policy
from matching.engine.problem import (
    Candidate,
    Course,
    Employer,
    Leg,
    Places,
    Problem,
    Restriction,
    Span,
    Vacancy,
    Wish,
)
from matching.engine.rules import BARRING, DUTIES

CODES = ("7112", "7115", "9313", "5120", "8332")
TOWNS = ("190000001", "190000002", "190000003")
FLAGS = ("minors", "driving", "money", "state_sector", "heavy", "night", "rotational")
DAY_SHIFT, LATE_SHIFT = Span("12345", "08:00", "17:00"), Span("12345", "16:00", "23:30")


def make_problem(seed: int, *, people: int, jobs: int, courses: int = 1) -> Problem:
    """A problem with every kind of rule in it, the same for the same seed."""
    draw = random.Random(seed)
    employers = tuple(
        Employer(f"e{i}", draw.randint(0, 2), sent := draw.randint(0, 6), draw.randint(0, sent))
        for i in range(2)
    )
    return Problem(
        day="2026-11-23",
        policy=Policy(),
        candidates=tuple(
            replace(make_candidate(draw, f"c{i}"), case=7 if (seed + i) % 3 == 0 else None)
            for i in range(people)
        ),
        vacancies=tuple(make_vacancy(draw, f"v{i}") for i in range(jobs)),
        employers=employers,
        courses=tuple(make_course(draw, f"k{i}") for i in range(courses)),
        legs=tuple(
            Leg(a, b, draw.choice((None, 20, 70)), draw.choice((None, 15, 60)))
            for a in TOWNS
            for b in TOWNS
        ),
        similarity=(("7112", "7115", 70), ("5120", "9313", 40)),
        forbidden=tuple(
            (f"c{i}", f"v{j}") for i in range(people) for j in range(jobs) if draw.random() < 0.05
        ),
        locked=(("c0", "v0"),) if draw.random() < 0.3 else (),
        budget=draw.choice((None, 0, 100_000)),
    )


def make_candidate(draw: random.Random, key: str) -> Candidate:
    wishes = draw.sample(CODES, draw.randint(0, 3))
    return Candidate(
        key=key,
        kato=draw.choice(TOWNS),
        wishes=tuple(Wish(code, draw.randint(0, 8)) for code in wishes),
        categories=draw.choice((("probation",), ("released",), ())),
        pay_wanted=draw.choice((None, 150_000, 250_000)),
        pay_accepted=draw.choice((None, 120_000, 150_000)),
        hours=draw.choice(((), (), (DAY_SHIFT,))),
        licences=draw.choice(((), ("B",))),
        avoids=draw.choice(((), (), ("heavy",))),
        max_minutes=draw.choice((None, 60)),
        max_km=draw.choice((None, 40)),
        may_move=draw.random() < 0.5,
        retraining=draw.choice((None, *CODES)),
        restrictions=(make_restriction(draw),) if draw.random() < 0.4 else (),
        priorities=draw.choice(((), (), ("released_within_year",))),
        waiting_days=draw.randint(0, 3) * 30,
        free_in=draw.choice((0, 0, 20)),
        supervised=draw.random() < 0.7,
    )


def make_restriction(draw: random.Random) -> Restriction:
    code = draw.choice((*BARRING, *DUTIES))
    return Restriction(
        code,
        spans=(Span("1234567", "22:00", "06:00"),) if code == "home_hours" else (),
        places=(TOWNS[2],) if code == "barred_places" else (),
        professions=("51",) if code == "banned_professions" else (),
    )


def make_vacancy(draw: random.Random, key: str) -> Vacancy:
    pay, kato = draw.choice((100_000, 160_000, 240_000)), draw.choice(TOWNS)
    kinds = draw.sample((None, "probation", "released"), draw.randint(1, 2))
    return Vacancy(
        key=key,
        employer=f"e{draw.randint(0, 1)}",
        isco08=draw.choice(CODES),
        kato=kato,
        within=("190000000", kato),
        pay_from=pay,
        pay_to=pay + 40_000,
        shifts=draw.choice(((), (DAY_SHIFT,), (LATE_SHIFT,))),
        flags=tuple(sorted(draw.sample(FLAGS, draw.randint(0, 1)))),
        licences=draw.choice(((), (), ("B",))),
        experience_years=draw.choice((0, 3)),
        transport=draw.random() < 0.2,
        closes_in=draw.choice((None, 10)),
        places=tuple(Places(kind, draw.random() < 0.6, 1) for kind in kinds),
    )


def make_course(draw: random.Random, key: str) -> Course:
    starts = draw.choice((0, 30))
    return Course(
        key=key,
        isco08=draw.choice(CODES),
        kato=draw.choice(TOWNS),
        seats=2,
        least=draw.choice((1, 2)),
        cost=draw.choice((0, 60_000)),
        starts_in=starts,
        ends_in=starts + 60,
    )
