"""Priorities: why somebody goes first, by law and by waiting only, each with its day.

Nothing here predicts what a person will do, and an earlier refusal lowers nobody. A reason that
would tell the kind of sentence is shown to the centre as `by_law`; the reason itself stays with
probation.

Facts: Penal Execution Code, Art. 54(2) (corrective labour, three months without work); Criminal Code,
Art. 44(1) (forced labour falls away with a permanent job); Employment Law 2016, Art. 1 and 19.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from matching.candidates import Candidate, Readiness, Restriction, Status
from matching.restrictions import is_in_force

# Of the 90 jobless days after which corrective labour counts as evaded.
JOBLESS_DAYS = 90
JOBLESS_DAYS_BEFORE = 30
RELEASED_DAYS = 365
WAITING_DAYS = 365
BY_LAW = "by_law"


@dataclass(frozen=True, slots=True)
class Priority:
    """`until` is the day a term ends, `since` the day a state began; one of them may be unknown."""

    code: str
    since: date | None = None
    until: date | None = None

    @property
    def shown_as(self) -> str:
        """The code for people who may not see what stands behind it."""
        return BY_LAW if self.code in ("corrective_labour_term", "forced_labour_due") else self.code


def find_priorities(
    candidate: Candidate,
    restrictions: Iterable[Restriction],
    *,
    day: date,
    left: date | None = None,
) -> tuple[Priority, ...]:
    """The reasons that hold on `day`, the most pressing first; `left` is the first day after the last job
    recorded here. Whoever works is without no work, and owes no forced labour."""
    released = _released(candidate, day)
    if candidate.readiness == Readiness.EMPLOYED:
        return (released,) if released else ()
    in_force = {r.rule: r for r in restrictions if is_in_force(r, day)}
    found = (
        _corrective_labour(in_force.get("corrective_labour"), day, left),
        _forced_labour(in_force.get("forced_labour")),
        released,
        _without_work(candidate, day, left),
    )
    return tuple(priority for priority in found if priority is not None)


def _corrective_labour(
    restriction: Restriction | None, day: date, left: date | None
) -> Priority | None:
    """By the day that probation entered or, where it is later, that on which a job ended here: the term
    begins anew with each job lost."""
    if restriction is None:
        return None
    entered = restriction.params.get("jobless_since")
    if left and restriction.starts_on and left < restriction.starts_on:
        left = None
    days = [d for d in (date.fromisoformat(entered) if entered else None, left) if d]
    if not days:
        return None
    since = max(days)
    near = since + timedelta(days=JOBLESS_DAYS - JOBLESS_DAYS_BEFORE)
    until = since + timedelta(days=JOBLESS_DAYS)
    return Priority("corrective_labour_term", since, until) if day >= near else None


def _forced_labour(restriction: Restriction | None) -> Priority | None:
    if restriction is None:
        return None
    return Priority("forced_labour_due", restriction.starts_on, restriction.ends_on)


def _released(candidate: Candidate, day: date) -> Priority | None:
    on = candidate.released_on
    if on is None and candidate.status == Status.RELEASED:
        on = candidate.status_since
    if on is None or not on <= day <= on + timedelta(days=RELEASED_DAYS):
        return None
    return Priority("released_within_year", on, on + timedelta(days=RELEASED_DAYS))


def _without_work(candidate: Candidate, day: date, left: date | None) -> Priority | None:
    told = candidate.jobless_since or candidate.registered_on
    since = max(told, left) if left else told
    return Priority("long_without_work", since) if (day - since).days >= WAITING_DAYS else None
