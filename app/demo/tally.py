"""What a simulated year came to: the published figures beside ours, and whether the books add up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.candidates import Candidate, Readiness
from matching.courses import Enrolment
from matching.placements import Placement
from matching.referrals import Referral
from quota.calendar import local_day
from quota.compliance import MonthReport, report_month
from quota.memoranda import Memorandum
from quota.rights import SYSTEM
from quota.slots import Slot


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    reached: int
    published: str


class BooksDiffer(Exception):  # noqa: N818
    """Two books of the year tell different numbers."""


def count_figures(session: Session) -> list[Figure]:
    register = _count(session, Candidate.id)
    employed = _count(session, Candidate.id, Candidate.readiness == Readiness.EMPLOYED)
    seats = select(func.count(Enrolment.candidate_id.distinct()))
    retrained = session.scalar(seats.where(Enrolment.consent_on.is_not(None))) or 0
    hired = select(func.count(Placement.candidate_id.distinct()))
    return [
        Figure("people on the register", register, "over 2,500"),
        Figure("of them in work, per cent", round(100 * employed / register), "a third"),
        Figure(
            "surveyed", _count(session, Candidate.id, Candidate.surveyed_on.is_not(None)), "205"
        ),
        Figure("hired", session.scalar(hired.where(Placement.state != "annulled")) or 0, "87"),
        Figure(
            "sent to retraining",
            retrained,
            "18",
        ),
        Figure(
            "organisations with a memorandum",
            session.scalar(select(func.count(Memorandum.employer_id.distinct()))) or 0,
            "over 30",
        ),
    ]


def check_books(session: Session, *, since: datetime, until: datetime) -> Sequence[MonthReport]:
    """Every month's report from `since` to `until`, each of which adds up and begins as the one before
    ended. Raises BooksDiffer, or DoesNotAddUp naming the employer."""
    reports = [
        report_month(session, SYSTEM, year=year, month=month, now=until)
        for year, month in _months(since, until)
    ]
    for before, after in pairwise(reports):
        for source, tally in after.totals.items():
            start = before.totals[source].filled_at_end if source in before.totals else 0
            _same(f"{after.year}-{after.month} {source} at start", tally.filled_at_start, start)
    hired = sum(tally.hired for report in reports for tally in report.totals.values())
    left = sum(tally.left for report in reports for tally in report.totals.values())
    jobs = _count(session, Placement.id, Placement.state != "annulled")
    ended = _count(session, Placement.id, Placement.state == "ended")
    _same("hired by ledger and by placements", hired, jobs)
    _same("left by ledger and by placements", left, ended)
    _same(
        "letters hired and placements",
        _count(session, Referral.id, Referral.state == "hired"),
        jobs,
    )
    filled = _count(session, Slot.id, Slot.state == "filled")
    _same("places filled and people at work", filled, jobs - ended)
    owed = sum(report.owed for report in reports[-1].totals.values())
    _same("places of the last report", owed, _count(session, Slot.id, Slot.state != "closed"))
    return reports


def _months(since: datetime, until: datetime) -> Iterator[tuple[int, int]]:
    first, last = local_day(since), local_day(until)
    number = first.year * 12 + first.month - 1
    while number <= last.year * 12 + last.month - 1:
        yield number // 12, number % 12 + 1
        number += 1


def _count(session: Session, column: object, *conditions: object) -> int:
    statement = select(func.count(column)).where(*conditions)  # type: ignore[arg-type]
    return session.scalar(statement) or 0


def _same(what: str, one: int, other: int) -> None:
    if one != other:
        raise BooksDiffer(f"{what}: {one} and {other}")
