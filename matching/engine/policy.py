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
    where a way to work stops earning points (they exclude nobody: no law sets a distance); at most
    `case_limit` of those who have to be kept apart may be at one employer; `course_budget` bounds what
    the courses of one round cost, in whole tenge (None: no bound)."""

    similarity: int = 40
    taught_similarity: int = 70
    hold_days: int = 60
    course_days: int = 180
    travel_minutes: int = 120
    travel_km: int = 60
    full_experience_years: int = 5
    case_limit: int = 1
    course_budget: int | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """`tiers` are settled one after another, each a name of TIERS (`promises` are the locked pairs).
    `rank_shares` say in per cent what the first, second ... choice of a profession is worth (the
    last holds for all further ones), `course_share` a profession that a course teaches.
    `prior_replies` of `prior_referrals` stand in for an employer's record until it has one.

    A point chosen otherwise than by the order alone: `least` are (goal, value) that a plan has to
    reach, `patient` among the goals counting people placed who waited `patient_days` or more;
    `preference_share` (per cent, 0: off) lets each in turn have the best wish with which that share
    of the best plan's people and points is still reached. Reserves are lined up until a place is
    filled with `reserve_target` per cent chance."""

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
    least: tuple[tuple[str, int], ...] = ()
    patient_days: int = 0
    preference_share: int = 0
    reserve_target: int = 90

    @property
    def settles_by_order(self) -> bool:
        """Whether the order of goals alone says which plan is best."""
        return not (self.least or self.preference_share)


STANDARD = Policy()
