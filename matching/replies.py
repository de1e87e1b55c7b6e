"""How often and how fast an employer answers, drawn towards the mean of all when cases are few.

One answered of one would else be 100 % and none of one 0 %. The next round weighs the same record by
its own prior (`matching.engine.scoring`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.referrals import Referral
from quota import rights
from quota.calendar import local_day
from quota.employers import Employer
from quota.rights import Actor

PRIOR_CASES = 5  # how many average cases stand beside an employer's own
NEUTRAL_RATE = 500  # per mille, while nobody has been asked yet
FEW = 5  # own cases below which the figure says that it is mostly the mean
WINDOW = timedelta(days=365)  # for speed: people at the other end change


@dataclass(frozen=True, slots=True)
class Replies:
    """`rate` and `mean_rate` are per mille, `pace` and `mean_pace` tenths of a day from issue to answer,
    None while no answer is known at all."""

    sent: int
    answered: int
    hired: int
    rate: int
    mean_rate: int
    pace: int | None
    mean_pace: int | None
    few: bool


def shrink(total: int, cases: int, mean: int) -> int:
    """The mean of own `cases` that sum up to `total`, and PRIOR_CASES more at `mean`, in the unit of
    `mean`, rounded half up. Lies between the own mean and `mean`; none of own gives `mean`."""
    weight = cases + PRIOR_CASES
    return (2 * (total + PRIOR_CASES * mean) + weight) // (2 * weight)


def read_replies(session: Session, actor: Actor, employer: Employer, *, now: datetime) -> Replies:
    """The record of one employer beside that of all. Raises NotAllowed or NotFound."""
    rights.check(actor, "employers.read", employer.scope())
    sent, answered = session.execute(
        select(func.sum(Employer.referrals_sent), func.sum(Employer.referrals_answered))
    ).one()
    mean_rate = 1000 * (answered or 0) // sent if sent else NEUTRAL_RATE
    own, everybody = _list_days(session, employer.id, now)
    mean_pace = 10 * sum(everybody) // len(everybody) if everybody else None
    return Replies(
        sent=employer.referrals_sent,
        answered=employer.referrals_answered,
        hired=employer.referrals_hired,
        rate=shrink(1000 * employer.referrals_answered, employer.referrals_sent, mean_rate),
        mean_rate=mean_rate,
        pace=None if mean_pace is None else shrink(10 * sum(own), len(own), mean_pace),
        mean_pace=mean_pace,
        few=employer.referrals_sent < FEW,
    )


def _list_days(
    session: Session, employer_id: int, now: datetime
) -> tuple[Sequence[int], Sequence[int]]:
    """Days from issue to answer within the window: this employer's, and everybody's."""
    rows = session.execute(
        select(Referral.employer_id, Referral.issued_at, Referral.answered_at).where(
            Referral.answered_at.is_not(None), Referral.answered_at > now - WINDOW
        )
    ).all()
    days = [
        (whose, (local_day(answered) - local_day(issued)).days)
        for whose, issued, answered in rows
        if answered is not None
    ]
    return [n for whose, n in days if whose == employer_id], [n for _, n in days]
