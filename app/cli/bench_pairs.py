"""What `senim bench engine` sets eligibility and scoring against: a Polars join of the same rules.

Both get the same invented people and jobs, the engine as records and Polars as ready columns, and
must find the same options with the same sum of scores.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from matching.engine.eligibility import find_options
from matching.engine.facets import Facets
from matching.engine.policy import STANDARD
from matching.engine.problem import Candidate, Leg, Places, Problem, Restriction, Vacancy, Wish
from matching.engine.scoring import replies, score_options

PEOPLE, JOBS = 40_000, 5_000
_CODES, _FAMILY, _TOWNS = 240, 4, 60


def compare_pairs(people: int, jobs: int, seed: int, repeat: int) -> Iterator[tuple[str, float]]:
    """(who, median seconds) of the engine and of Polars. Raises AssertionError if they disagree."""
    problem = draw_problem(people, jobs, seed)
    frames = make_frames(problem)
    ways: tuple[tuple[str, Callable[[], tuple[int, int]]], ...] = (
        ("engine", lambda: by_engine(problem)),
        ("polars", lambda: by_polars(problem, frames)),
    )
    answers = {who: way() for who, way in ways}
    if len(set(answers.values())) > 1:
        raise AssertionError(f"the engine and Polars disagree: {answers}")
    for who, way in ways:
        runs = []
        for _ in range(repeat):
            begin = time.perf_counter()
            way()
            runs.append(time.perf_counter() - begin)
        yield who, statistics.median(runs)


def by_engine(problem: Problem) -> tuple[int, int]:
    """(options, sum of their scores)."""
    facets = Facets(problem)
    options = find_options(facets)
    return len(options), int(score_options(facets, options).total.sum())


def draw_problem(people: int, jobs: int, seed: int) -> Problem:
    """People and jobs of one country, with what the measured rules read."""
    draw = np.random.default_rng([seed, people, jobs])
    towns = [f"1{n:08}" for n in range(_TOWNS)]
    codes = [f"{1000 + n}" for n in range(_CODES)]
    return Problem(
        day="2026-01-05",
        policy=STANDARD,
        candidates=tuple(_draw_person(draw, n, codes, towns) for n in range(people)),
        vacancies=tuple(_draw_job(draw, n, codes, towns) for n in range(jobs)),
        legs=tuple(
            Leg(home, work, km=abs(a - b) * 9)
            for a, home in enumerate(towns)
            for b, work in enumerate(towns)
        ),
        similarity=tuple(
            (codes[a], codes[b], 80 - 10 * (b - a))
            for a in range(_CODES)
            for b in range(a + 1, _CODES)
            if a // _FAMILY == b // _FAMILY
        ),
    )


def _draw_person(draw: Any, n: int, codes: list[str], towns: list[str]) -> Candidate:
    wishes = draw.choice(_CODES, draw.integers(1, 4), replace=False)
    years = draw.integers(0, 15, 3)
    barred = draw.choice(["", "minors", "driving", "money"], p=[0.7, 0.1, 0.1, 0.1])
    wanted = int(draw.integers(90, 260)) * 1000
    return Candidate(
        key=f"p{n:06}",
        kato=towns[draw.integers(_TOWNS)],
        wishes=tuple(Wish(codes[w], int(y)) for w, y in zip(wishes, years, strict=False)),
        pay_wanted=wanted,
        pay_accepted=wanted - 30_000,
        max_km=int(draw.choice([40, 80, 150])),
        licences=("B",) if draw.random() < 0.4 else (),
        restrictions=(Restriction(str(barred)),) if barred else (),
    )


def _draw_job(draw: Any, n: int, codes: list[str], towns: list[str]) -> Vacancy:
    pay = int(draw.integers(85, 300)) * 1000
    return Vacancy(
        key=f"v{n:05}",
        employer="",
        isco08=codes[draw.integers(_CODES)],
        kato=towns[draw.integers(_TOWNS)],
        pay_from=pay,
        pay_to=pay + 40_000,
        flags=tuple(f for f in ("minors", "driving", "money") if draw.random() < 0.15),
        licences=("B",) if draw.random() < 0.2 else (),
        experience_years=int(draw.integers(0, 6)),
        places=(Places(None, True, 1),),
    )


def make_frames(problem: Problem) -> dict[str, Any]:
    """The problem's columns as Polars frames."""
    import polars as pl

    people, jobs = problem.candidates, problem.vacancies
    flags = ("minors", "driving", "money")
    wishes = [
        (i, w.isco08, rank, w.years)
        for i, c in enumerate(people)
        for rank, w in enumerate(c.wishes)
    ]
    alike = [*problem.similarity, *((b, a, value) for a, b, value in problem.similarity)]
    alike += [(code, code, 100) for code in {v.isco08 for v in jobs}]
    person = {
        "person": range(len(people)),
        "home": [c.kato for c in people],
        "max_km": [c.max_km for c in people],
        "wanted": [c.pay_wanted for c in people],
        "accepted": [c.pay_accepted for c in people],
        "licensed": [bool(c.licences) for c in people],
        **{f"no_{f}": [any(r.code == f for r in c.restrictions) for c in people] for f in flags},
    }
    job = {
        "job": range(len(jobs)),
        "offered": [v.isco08 for v in jobs],
        "work": [v.kato for v in jobs],
        "pay": [v.pay_from for v in jobs],
        "pay_to": [v.pay_to for v in jobs],
        "asked": [v.experience_years for v in jobs],
        "licence": [bool(v.licences) for v in jobs],
        **{f: [f in v.flags for v in jobs] for f in flags},
    }
    return {
        "wishes": pl.DataFrame(wishes, ["person", "wish", "rank", "years"], orient="row"),
        "alike": pl.DataFrame(alike, ["wish", "offered", "likeness"], orient="row"),
        "people": pl.DataFrame(person),
        "jobs": pl.DataFrame(job),
        "legs": pl.DataFrame(
            [(leg.home, leg.work, leg.km) for leg in problem.legs],
            ["home", "work", "km"],
            orient="row",
        ),
    }


def by_polars(problem: Problem, frames: dict[str, Any]) -> tuple[int, int]:
    """The rules that bite here, and all parts of the score, one join after the other (left to
    itself, a lazy query builds far larger tables on the way)."""
    import polars as pl

    policy, col = problem.policy, pl.col
    weights, limits = policy.weights, policy.limits
    shares = pl.lit(pl.Series(list(policy.rank_shares)))
    barred = [col(f) & col(f"no_{f}") for f in ("minors", "driving", "money")]
    trades = (
        frames["wishes"]
        .with_columns(share=shares.gather(col("rank").clip(0, len(policy.rank_shares) - 1)))
        .join(frames["alike"].filter(col("likeness") >= limits.similarity), on="wish")
        .group_by("person", "offered")
        .agg((col("likeness") * col("share")).max().alias("best"), col("years").max())
    )
    pairs = (
        trades.join(frames["people"], on="person")
        .join(frames["jobs"], on="offered")
        .filter((~col("licence") | col("licensed")) & (col("pay_to") >= col("accepted")))
        .filter(~pl.any_horizontal(barred))
        .join(frames["legs"], on=["home", "work"])
        .filter(col("km") <= col("max_km"))
    )
    span = (col("wanted") - col("accepted")).clip(1)
    enough = pl.when(col("asked") > 0).then("asked").otherwise(limits.full_experience_years)
    partly = weights.pay * (col("pay") - col("accepted")).clip(0) // span
    found = pairs.select(
        weights.profession * col("best") // 10_000
        + pl.when(col("pay") >= col("wanted")).then(weights.pay).otherwise(partly)
        + weights.travel * (limits.travel_km - col("km")).clip(0) // limits.travel_km
        + weights.experience * pl.min_horizontal("years", enough) // enough
    )
    return len(found), int(found.to_series().sum()) + len(found) * _neutral_replies(problem)


def _neutral_replies(problem: Problem) -> int:
    """What an employer without a record earns."""
    from matching.engine.ground import Ground
    from matching.engine.problem import Employer

    return replies(Employer(""), Ground(problem))
