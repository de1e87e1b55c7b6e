"""What a better plan is: tiers, each settled before the next is looked at.

A tier measures a plan by one whole number. An `OptionTier` sums a weight over the options chosen
and wants it high (placements: 1 an option; score: the option's points; promises already made,
priority by law, days of waiting: whatever the builder writes per option). A `ShortageTier` looks
at the places the quotas ask for, `max(0, min_fill - filled)` per employer, and wants it low; when
convex an employer short of s places counts 1 + 2 + ... + s, so that no one employer bears all.

Inside the solver every tier is a *gain* (shortage negated), so that more is always better.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.engine.instance import Instance, Ints


@dataclass(frozen=True, eq=False)
class OptionTier:
    """Maximise the sum of `weight` (a whole number per option of the instance) over the plan."""

    name: str
    weight: Ints


@dataclass(frozen=True, eq=False)
class ShortageTier:
    """Minimise the places missing from the employers' `min_fill`, convex or plain."""

    name: str
    convex: bool = False


Tier = OptionTier | ShortageTier


def format_tiers(instance: Instance) -> tuple[Tier, ...]:
    """The order of the open format: least shortage, most placements, highest sum of scores."""
    return (
        ShortageTier("shortage"),
        OptionTier("placements", np.ones(instance.options, np.int64)),
        OptionTier("score", instance.score),
    )


def gain_of(value: int, tier: Tier) -> int:
    """A tier's value as a gain, and a gain as the tier's value."""
    return -value if isinstance(tier, ShortageTier) else value


def shortages(instance: Instance, chosen: Ints) -> Ints:
    """Per employer the places missing when these options are chosen."""
    filled = np.bincount(instance.employer[instance.vacancy[chosen]], minlength=instance.employers)
    missing: Ints = np.maximum(0, instance.min_fill - filled)
    return missing


def value_of(instance: Instance, tier: Tier, chosen: Ints) -> int:
    """The tier's value of a plan given by its options."""
    if isinstance(tier, OptionTier):
        return int(tier.weight[chosen].sum())
    missing = shortages(instance, chosen)
    return int((missing * (missing + 1) // 2).sum() if tier.convex else missing.sum())


def value_all(instance: Instance, tiers: Sequence[Tier], chosen: Ints) -> tuple[int, ...]:
    return tuple(value_of(instance, tier, chosen) for tier in tiers)
