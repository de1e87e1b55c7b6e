"""The planner: whom the centre should meet next, and why, read from the registry alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from quota import rights
from quota.calendar import local_day
from quota.employers import Employer
from quota.meetings import Meeting
from quota.memoranda import Memorandum
from quota.rights import Actor
from quota.slots import Slot

LAPSES_WITHIN = timedelta(days=60)
LONG_UNMET_DAYS = 180


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason to meet: a code with its number or day, and what it weighs."""

    code: str
    weight: int
    number: int = 0
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """An employer to meet, when somebody last did, and for when a meeting is planned."""

    employer_key: str
    employer_name: str
    last_met: date | None
    planned: date | None
    causes: tuple[Cause, ...]

    @property
    def weight(self) -> int:
        return sum(cause.weight for cause in self.causes)


def plan_next(session: Session, actor: Actor, *, now: datetime, limit: int = 10) -> list[Due]:
    """Employers within reach by what speaks for a meeting, the weightiest first; those without a
    cause, or with a meeting planned, are left out. Six queries however many employers.

    A promised day weighs 40, a pledge about to lapse 30, open places that no vacancy lists 20, an
    answer owed 20, never met 15, long unmet 10; equal weights go by the longest unmet, then by id.
    Raises NotAllowed.
    """
    statement = rights.limit(
        select(Employer).where(Employer.merged_into_id.is_(None)),
        actor,
        "meetings.edit",
        centre=Employer.centre_id,
    )
    facts = _Facts(session, local_day(now))
    found = [facts.judge(e) for e in session.scalars(statement.order_by(Employer.id))]
    asking = [due for due in found if due.causes and due.planned is None]
    return sorted(asking, key=_rank)[:limit]


class _Facts:
    """What the registry knows of every employer; one query for each fact."""

    def __init__(self, session: Session, today: date) -> None:
        self._session, self._today = session, today
        self._met = self._group(Meeting.employer_id, func.max(Meeting.at), Meeting.state == "held")
        self._planned = self._group(
            Meeting.employer_id, func.min(Meeting.at), Meeting.state == "planned"
        )
        self._lapses = self._group(
            Memorandum.employer_id,
            func.min(Memorandum.ends_on),
            Memorandum.state == "active",
            Memorandum.ends_on.between(today, today + LAPSES_WITHIN),
        )
        self._idle = self._group(
            Slot.employer_id, func.count(), Slot.state == "open", Slot.vacancy_id.is_(None)
        )
        held = select(Meeting.employer_id, Meeting.next_on).where(Meeting.state == "held")
        latest_last = held.order_by(Meeting.at, Meeting.id)
        self._promised = {row[0]: row[1] for row in session.execute(latest_last)}

    def judge(self, employer: Employer) -> Due:
        met, planned = self._met.get(employer.id), self._planned.get(employer.id)
        last = local_day(met) if met else None
        return Due(
            employer_key=employer.key,
            employer_name=employer.name,
            last_met=last,
            planned=local_day(planned) if planned else None,
            causes=tuple(self._find_causes(employer, last)),
        )

    def _find_causes(self, employer: Employer, last: date | None) -> Iterator[Cause]:
        promised = self._promised.get(employer.id)
        if promised and promised <= self._today + timedelta(days=7):
            yield Cause("meeting_promised", 40, day=promised)
        if lapses := self._lapses.get(employer.id):
            yield Cause("pledge_lapses", 30, day=lapses)
        if idle := self._idle.get(employer.id):
            yield Cause("places_unlisted", 20, number=idle)
        if (owed := employer.referrals_sent - employer.referrals_answered) > 0:
            yield Cause("answers_owed", 20, number=owed)
        if last is None:
            yield Cause("never_met", 15)
        elif (days := (self._today - last).days) > LONG_UNMET_DAYS:
            yield Cause("long_unmet", 10, number=days)

    def _group(
        self, owner: InstrumentedAttribute[int], value: Any, *conditions: ColumnElement[bool]
    ) -> dict[int, Any]:
        rows = self._session.execute(select(owner, value).where(*conditions).group_by(owner))
        return {row[0]: row[1] for row in rows}


def _rank(due: Due) -> tuple[int, date, str]:
    return -due.weight, due.last_met or date.min, due.employer_key
