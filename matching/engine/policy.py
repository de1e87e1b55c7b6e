"""A policy: what a round puts first, what each part of a score is worth, and where limits lie.

A policy is a named, dated record chosen by a person with a reason; a round keeps the one it used.
`STANDARD` is only where an office starts.
"""

from dataclasses import dataclass

TIERS = ("promises", "priority", "placements", "shortage", "score", "waiting")


@dataclass(frozen=True, slots=True)
class Weights:
    """The most points each part of a score can give."""

    profession: int = 400
    pay: int = 200
    travel: int = 200
    experience: int = 100
    replies: int = 100


@dataclass(frozen=True, slots=True)
class Limits:
    """`similarity` and `taught_similarity` are the least likeness (0 to 100) of professions, chosen
    or taught, to a vacancy's; days count from the snapshot; `travel_minutes` and `travel_km` are
    where a way to work stops earning points (they exclude nobody: no law sets a distance)."""

    similarity: int = 40
    taught_similarity: int = 70
    hold_days: int = 60
    course_days: int = 180
    travel_minutes: int = 120
    travel_km: int = 60
    full_experience_years: int = 5


@dataclass(frozen=True, slots=True)
class Policy:
    """`tiers` are settled one after another, each a name of TIERS (`promises` are the locked pairs).
    `rank_shares` say in per cent what the first, second ... choice of a profession is worth (the
    last holds for all further ones), `course_share` a profession that a course teaches.
    `prior_replies` of `prior_referrals` stand in for an employer's record until it has one."""

    name: str = "standard"
    since: str = "2026-01-01"
    reason: str = ""
    tiers: tuple[str, ...] = TIERS
    weights: Weights = Weights()
    limits: Limits = Limits()
    rank_shares: tuple[int, ...] = (100, 80, 65, 55, 50)
    course_share: int = 70
    prior_replies: int = 2
    prior_referrals: int = 4


STANDARD = Policy()
