"""The funnel: how many came how far, and for each step why the others did not take it.

Every person on the register counts once: at the farthest step reached in the period, under one reason
why the next was not. So the reached of a step are the reached of the next and its reasons together.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from matching import cells
from matching.candidates import Readiness
from matching.placements import FOLLOW_UP_MONTHS, add_months
from matching.ways import Job, Offer, Way

KEPT = {months: f"kept_{months}" for months in FOLLOW_UP_MONTHS}
STEPS = (
    "registered",
    "surveyed",
    "ready",
    "proposed",
    "approved",
    "referred",
    "hired",
    *KEPT.values(),
)
_LAST = len(STEPS) - 1


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both included; without `since` from the beginning."""

    until: date
    since: date | None = None

    def holds(self, day: date | None) -> bool:
        return day is not None and day <= self.until and (self.since is None or day >= self.since)


@dataclass(frozen=True, slots=True)
class Step:
    """`reached` and the numbers of `missed` (by reason, the largest first) are None where hidden."""

    code: str
    reached: int | None
    missed: tuple[tuple[str, int | None], ...]


def count_steps(ways: Iterable[Way], period: Period) -> list[Step]:
    """The funnel of those registered by the end of the period, small cells hidden."""
    missed: list[Counter[str]] = [Counter() for _ in STEPS]
    for way in ways:
        if way.registered_on <= period.until:
            step, reason = find_farthest(way, period)
            missed[step][reason] += 1
    numbers = [sum(sum(c.values()) for c in missed[step:]) for step in range(len(STEPS))]
    shown = cells.thin(numbers)
    reasons = _hide_reasons(missed, shown)
    return [
        Step(code, shown[step], _in_order(missed[step], reasons[step]) if step < _LAST else ())
        for step, code in enumerate(STEPS)
    ]


def find_farthest(way: Way, period: Period) -> tuple[int, str]:
    """The number of the farthest step reached in the period, and why the next one was not."""
    best = (0, _why_not_surveyed(way))
    if period.holds(way.surveyed_on):
        best = (1, _why_not_ready(way))
    if period.holds(way.ready_on):
        best = (2, _why_not_proposed(way))
    made = (_follow(o, period) for o in way.offers if period.holds(o.proposed_on))
    # Of two offers that came equally far the later one says why.
    for found in made:
        best = found if found[0] >= best[0] else best
    return best


def _follow(offer: Offer, period: Period) -> tuple[int, str]:
    found = (3, offer.state if offer.approved_on is None else "awaits_review")
    if period.holds(offer.approved_on):
        found = (4, _why_not_referred(offer))
    if period.holds(offer.referred_on):
        found = (5, offer.referral if offer.job is None else "awaits_answer")
    if offer.job is not None and period.holds(offer.job.starts_on):
        found = _follow_job(offer.job, period)
    return found


def _follow_job(job: Job, period: Period) -> tuple[int, str]:
    kept = [months for months, day in job.kept.items() if period.holds(day)]
    last = max(kept, default=0)
    step = STEPS.index(KEPT[last]) if last else STEPS.index("hired")
    later = [months for months in FOLLOW_UP_MONTHS if months > last]
    if not later:
        return step, ""
    if period.holds(job.ends_on):
        return step, "left"
    due = add_months(job.starts_on, later[0])
    return step, "too_early" if due > period.until else "not_asked"


def _why_not_surveyed(way: Way) -> str:
    known = {
        Readiness.EMPLOYED: "in_work",
        Readiness.OUT_OF_SCOPE: "out_of_scope",
        Readiness.DECLINED: "declined",
    }
    return known.get(Readiness(way.readiness), "not_surveyed")


def _why_not_ready(way: Way) -> str:
    known = {
        Readiness.NEEDS_SUPPORT: "needs_support",
        Readiness.DECLINED: "declined",
        Readiness.EMPLOYED: "in_work",
        Readiness.OUT_OF_SCOPE: "out_of_scope",
    }
    return known.get(Readiness(way.readiness), "not_ready")


def _why_not_proposed(way: Way) -> str:
    if way.readiness != Readiness.READY:
        return _why_not_ready(way)
    if not way.consented:
        return "no_consent"
    return way.missed or "no_round"


def _why_not_referred(offer: Offer) -> str:
    if offer.state == "approved":
        return "awaits_consent"
    return {"refused": "consent_refused", "expired": "consent_late"}.get(offer.consent, "withdrawn")


def _hide_reasons(
    missed: Sequence[Counter[str]], shown: Sequence[int | None]
) -> list[dict[str, int | None]]:
    """Reasons between two shown steps are hidden together: the difference of the steps is their total."""
    result: list[dict[str, int | None]] = [{} for _ in missed]
    span: dict[tuple[int, str], int] = {}
    for step, reasons in enumerate(missed):
        span |= {(step, reason): number for reason, number in reasons.items()}
        if step == _LAST or shown[step + 1] is not None:
            for (at, reason), number in cells.hide(span).items():
                result[at][reason] = number
            span = {}
    return result


def _in_order(
    reasons: Counter[str], shown: dict[str, int | None]
) -> tuple[tuple[str, int | None], ...]:
    order = sorted(reasons, key=lambda reason: (-(shown[reason] or 0), reason))
    return tuple((reason, shown[reason]) for reason in order)
