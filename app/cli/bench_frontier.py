"""What `senim bench engine --frontier` times: what could be traded in a round of a region's register."""

import random
import time
from collections.abc import Iterator
from dataclasses import replace

from app.cli.bench_pairs import draw_problem
from matching.engine.answer import Solved, solve_prepared
from matching.engine.frontier import find_frontier
from matching.engine.preference import prefer
from matching.engine.prepared import Prepared, prepare
from matching.engine.problem import Candidate, Course, Employer, Places, Problem, Vacancy

PEOPLE, JOBS, COURSES = 2_500, 300, 20
_FIRMS, _CATEGORIES = 75, ("probation", "released")
KEPT = 95  # per cent of the best plan's placements that wishes in turn leave


def time_frontier(seed: int, people: int = PEOPLE, jobs: int = JOBS) -> Iterator[tuple[str, float]]:
    """(what, seconds): the round solved, its frontier, and wishes granted in turn."""
    prepared = prepare(draw_region(seed, people, jobs))
    begin = time.perf_counter()
    solved = solve_prepared(prepared)
    yield f"{len(solved.plan.choices)} of {people:,} placed", time.perf_counter() - begin
    begin = time.perf_counter()
    points = find_frontier(prepared)
    proven = sum(point.proven for point in points)
    yield f"{len(points)} points of the frontier, {proven} proven", time.perf_counter() - begin
    begin = time.perf_counter()
    granted = _grant_wishes(prepared, solved)
    yield f"wishes in turn, {granted} left placed", time.perf_counter() - begin


def draw_region(seed: int, people: int, jobs: int) -> Problem:
    """A region's register in one round, with waits, quotas, categories and courses to trade between."""
    problem, draw = draw_problem(people, jobs, seed), random.Random(seed)
    towns = sorted({job.kato for job in problem.vacancies})
    return replace(
        problem,
        candidates=tuple(_draw_person(draw, person) for person in problem.candidates),
        vacancies=tuple(_draw_job(draw, job) for job in problem.vacancies),
        employers=tuple(Employer(f"e{n:03}", draw.randrange(9)) for n in range(_FIRMS)),
        courses=tuple(
            Course(
                key=f"k{n:02}",
                isco08=_draw_code(draw),
                kato=draw.choice(towns),
                seats=20,
                least=5,
                cost=50_000,
                starts_in=10,
                ends_in=60,
            )
            for n in range(COURSES)
        ),
    )


def _draw_person(draw: random.Random, person: Candidate) -> Candidate:
    return replace(
        person,
        waiting_days=draw.randrange(400),
        priorities=("released_within_year",) if draw.random() < 0.1 else (),
        retraining=_draw_code(draw) if draw.random() < 0.2 else None,
        categories=(draw.choice(_CATEGORIES),),
    )


def _draw_job(draw: random.Random, job: Vacancy) -> Vacancy:
    places = Places(draw.choice((None, *_CATEGORIES)), draw.random() < 0.6, draw.randrange(1, 6))
    return replace(job, employer=f"e{draw.randrange(_FIRMS):03}", places=(places,))


def _draw_code(draw: random.Random) -> str:
    return f"{1000 + draw.randrange(240)}"


def _grant_wishes(prepared: Prepared, solved: Solved) -> int:
    placed = next(tier.value for tier in solved.plan.tiers if tier.name == "placements")
    return len(prefer(prepared, solved.plan.chosen, {"placements": placed * KEPT // 100}))
