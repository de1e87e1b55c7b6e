"""Scores: how good an option is, in whole points, each part with a name.

Parts say only what the work offers this person and how the employer answers; nothing of the past, no
prediction about a person. What is unknown earns half.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matching.engine.eligibility import NO_COURSE, Options
from matching.engine.facets import Facets
from matching.engine.ground import Ground
from matching.engine.instance import Ints
from matching.engine.problem import Candidate, Employer, Vacancy


@dataclass(frozen=True, eq=False)
class Scores:
    """Per option its points part by part (each from 0 to the part's weight), and their sum."""

    parts: dict[str, Ints]

    @property
    def total(self) -> Ints:
        points: Ints = np.stack(list(self.parts.values())).sum(axis=0, dtype=np.int64)
        return points

    def parts_of(self, option: int) -> dict[str, int]:
        return {name: int(points[option]) for name, points in self.parts.items()}


Part = Callable[[Candidate, Vacancy, Ground], int]


def score_options(facets: Facets, options: Options) -> Scores:
    return Scores(
        {
            "profession": _score_profession(facets, options),
            "pay": facets.count(
                pay, options.pairs, person=("pay_wanted", "pay_accepted"), job=("pay_from",)
            ),
            "travel": facets.count(travel, options.pairs, person=("kato",), job=("kato",)),
            "experience": _score_experience(facets, options),
            "replies": _score_replies(facets, options),
        }
    )


def pay(person: Candidate, job: Vacancy, ground: Ground) -> int:
    """All for the pay wanted, nothing at what is just accepted, in proportion between."""
    most = ground.policy.weights.pay
    if person.pay_wanted is None:
        return most // 2
    least = min(person.pay_accepted or 0, person.pay_wanted)
    if job.pay_from >= person.pay_wanted:
        return most
    # Nothing lies between when no less than the pay wanted is accepted.
    return most * max(0, job.pay_from - least) // max(1, person.pay_wanted - least)


def travel(person: Candidate, job: Vacancy, ground: Ground) -> int:
    """By recorded minutes, else by kilometres."""
    policy, leg = ground.policy, ground.leg(person.kato, job.kato)
    most, limits = policy.weights.travel, policy.limits
    if leg.minutes is not None:
        return most * max(0, limits.travel_minutes - leg.minutes) // limits.travel_minutes
    if leg.km is not None:
        return most * max(0, limits.travel_km - leg.km) // limits.travel_km
    return most // 2


def replies(employer: Employer, ground: Ground) -> int:
    """How often the employer answers and hires, drawn towards the prior when cases are few."""
    policy = ground.policy
    good = employer.referrals_answered + employer.referrals_hired + policy.prior_replies
    asked = 2 * employer.referrals_sent + policy.prior_referrals
    return min(policy.weights.replies, policy.weights.replies * good // max(1, asked))


def _score_profession(facets: Facets, options: Options) -> Ints:
    """The best of the chosen professions, by likeness and by its rank among the wishes."""
    policy = facets.ground.policy
    named = (facets.trades.wishes >= 0).any(axis=0)
    best = np.where(named, 0, 50 * _share(policy.rank_shares, len(policy.rank_shares)))
    best = best[options.candidate]
    for rank, likeness in enumerate(facets.trades.likeness(options.pairs)):
        best = np.maximum(best, likeness * _share(policy.rank_shares, rank))
    points: Ints = policy.weights.profession * best // 10_000
    for row in np.flatnonzero(options.course != NO_COURSE).tolist():
        course = facets.problem.courses[options.course[row]]
        job = facets.problem.vacancies[options.vacancy[row]]
        points[row] = _score_taught(course.isco08, job.isco08, facets.ground)
    return points


def _score_taught(taught: str, isco08: str, ground: Ground) -> int:
    policy = ground.policy
    likeness = ground.similarity(taught, isco08)
    return policy.weights.profession * likeness * policy.course_share // 10_000


def _score_experience(facets: Facets, options: Options) -> Ints:
    """Years in a like profession (or half of those at any work) against those asked for."""
    problem, policy, trades = facets.problem, facets.ground.policy, facets.trades
    limits, most = policy.limits, policy.weights.experience
    years = np.zeros(len(options), np.int64)
    for likeness, worked in zip(trades.likeness(options.pairs), trades.years, strict=True):
        years = np.maximum(
            years, np.where(likeness >= limits.similarity, worked[options.candidate], 0)
        )
    anywhere = np.array([person.experience_years // 2 for person in problem.candidates], np.int64)
    years = np.where(years > 0, years, anywhere[options.candidate])
    asked = [job.experience_years or limits.full_experience_years for job in problem.vacancies]
    enough = np.array(asked, np.int64)[options.vacancy]
    return most * np.minimum(years, enough) // enough


def _score_replies(facets: Facets, options: Options) -> Ints:
    by_key = {e.key: replies(e, facets.ground) for e in facets.problem.employers}
    neutral = replies(Employer(""), facets.ground)
    by_job = [by_key.get(job.employer, neutral) for job in facets.problem.vacancies]
    return np.array(by_job, np.int64)[options.vacancy]


def _share(shares: tuple[int, ...], rank: int) -> int:
    return shares[min(rank, len(shares) - 1)]
