"""A policy: what a round puts first, what each part of a score is worth, and where limits lie.

A policy is a named, dated record chosen by a person with a reason; a round keeps the one it used.
`STANDARD` is only where an office starts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields

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

# The least and the most that each number may be: beyond these a score or a search would fail, or say
# nothing. Together the parts of a score give no more than MOST_POINTS.
RANGES: Mapping[str, tuple[int, int]] = {
    "profession": (0, 1000),
    "pay": (0, 1000),
    "travel": (0, 1000),
    "experience": (0, 1000),
    "replies": (0, 1000),
    "share": (0, 100),
    "course_share": (0, 100),
    "similarity": (1, 100),
    "taught_similarity": (1, 100),
    "hold_days": (0, 365),
    "course_days": (0, 730),
    "travel_minutes": (1, 600),
    "travel_km": (1, 2000),
    "full_experience_years": (1, 50),
    "case_limit": (1, 100),
    "course_budget": (0, 10**11),
    "prior_replies": (0, 100),
    "prior_referrals": (1, 100),
    "reserve_target": (1, 100),
    "preference_share": (50, 100),
}
MOST_POINTS = 1000
SHARES = ("share1", "share2", "share3", "share4", "share5")

Numbers = Mapping[str, int | None]


def range_of(name: str) -> tuple[int, int]:
    """The least and the most of a number by its name; all shares of ranks have the same."""
    return RANGES[name.rstrip("0123456789")]


def numbers_of(policy: Policy) -> dict[str, int | None]:
    """Every number of a policy by its name, `share1` and so on for ranks of wishes; None for no bound, and
    for a choice that is off."""
    return {
        **asdict(policy.weights),
        **{f"share{rank}": share for rank, share in enumerate(policy.rank_shares, 1)},
        **asdict(policy.limits),
        "course_share": policy.course_share,
        "prior_replies": policy.prior_replies,
        "prior_referrals": policy.prior_referrals,
        "reserve_target": policy.reserve_target,
        "preference_share": policy.preference_share or None,
    }


def make_policy(
    name: str, since: str, reason: str, tiers: Sequence[str], numbers: Numbers
) -> Policy:
    """The policy of an order of goals and the numbers that `numbers_of` names; a share of a rank that is
    None is left out."""
    given = {known: value for known, value in numbers.items() if value is not None}
    ranks = [given[share] for share in SHARES if share in given]
    return Policy(
        name,
        since,
        reason,
        tuple(tiers),
        Weights(**_pick(given, Weights)),
        Limits(**_pick(given, Limits)),
        tuple(ranks),
        course_share=given["course_share"],
        prior_replies=given["prior_replies"],
        prior_referrals=given["prior_referrals"],
        reserve_target=given["reserve_target"],
        preference_share=given.get("preference_share", 0),
    )


def out_of_range(policy: Policy) -> Iterator[tuple[str, int, int]]:
    """The numbers that are not from the least to the most they may be: (name, least, most)."""
    for name, value in numbers_of(policy).items():
        least, most = range_of(name)
        if name == "prior_replies":
            most = min(most, policy.prior_referrals)
        if value is not None and not least <= value <= most:
            yield name, least, most


def _pick(given: Mapping[str, int], shape: type) -> dict[str, int]:
    return {part.name: given[part.name] for part in fields(shape) if part.name in given}
