"""Where registry and people meet: the quota by district, and what the month's report says of referrals."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import cells, fives
from matching.candidates import Candidate
from matching.funnel import Period
from matching.outcomes import KINDS, Outcome
from matching.referrals import Referral
from quota import rights
from quota.calendar import local_day
from quota.compliance import MonthReport, Tally, month_bounds
from quota.employers import Employer
from quota.errors import Invalid, fault
from quota.journal import Entry
from quota.places import Place
from quota.rights import Actor


@dataclass(frozen=True, slots=True)
class DistrictQuota:
    """Places of a district from one source; `district` is empty for the whole."""

    district: str
    source: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Late:
    """An employer that owes answers: how many, and how many days the oldest is over its term."""

    employer_key: str
    employer_name: str
    district: str
    number: int
    days: int


@dataclass(frozen=True, slots=True)
class MonthAnswers:
    """What the month's report adds of the letters issued in the month: all, by district, by their state
    at its end, refusals by reason; None where hidden. And who owes answers."""

    sent: int | None
    districts: Mapping[str, int | None]
    states: Mapping[str, int | None]
    refusals: Mapping[str, int | None]
    late: tuple[Late, ...]

    @property
    def overdue(self) -> int:
        return sum(row.number for row in self.late)


def read_month(text: str, *, now: datetime) -> tuple[int, int]:
    """Year and month of `2026-11`; without text the running one. Raises Invalid, also for one to come."""
    today = local_day(now)
    if not text:
        return today.year, today.month
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Invalid(fault("month", "not_a_month")) from None
    if first > today or first.year < 2000:
        raise Invalid(fault("month", "not_a_month"))
    return first.year, first.month


def sum_districts(report: MonthReport) -> list[DistrictQuota]:
    """The month's rows summed by district and source, then for each source the report's total."""
    tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for row in report.rows:
        tallies[row.district_kato, row.source] += row.tally
    rows = [DistrictQuota(*place, tally) for place, tally in sorted(tallies.items())]
    return rows + [DistrictQuota("", source, t) for source, t in sorted(report.totals.items())]


def follow_month(
    session: Session, actor: Actor, *, year: int, month: int, now: datetime
) -> MonthAnswers:
    """Referrals of the month as they stood at its end, or now if it runs; two queries.

    Raises NotAllowed.
    """
    start, end = month_bounds(year, month)
    end = max(start, min(end, now))
    found = _find_referrals(session, actor, end)
    states = _states_at(session, [row[0] for row in found], end)
    fresh = [(sent, district) for sent, _, district in found if sent.issued_at >= start]
    refused = [sent for sent, _ in fresh if states[sent.key] == "refused"]
    by_state = _count(states[sent.key] for sent, _ in fresh)
    by_reason = _count(sent.reason or "" for sent in refused)
    return MonthAnswers(
        sent=cells.show(len(fresh)),
        districts=_count(district for _, district in fresh),
        states=by_state,
        # Reasons add up to a state: where that is hidden they are.
        refusals=by_reason if by_state.get("refused") else dict.fromkeys(by_reason),
        late=_find_late(found, states, last=local_day(end - timedelta(microseconds=1))),
    )


def count_outcomes(
    session: Session, actor: Actor, period: Period, *, district: str = "", narrowed: bool = False
) -> dict[str, int | None]:
    """How many people went each way in the period, small numbers hidden, in fives where `narrowed`; one
    query. Raises NotAllowed."""
    statement = (
        select(Outcome.kind, Outcome.candidate_id)
        .join(Candidate, Candidate.id == Outcome.candidate_id)
        .join(Place, Place.kato == Candidate.kato)
        .where(Outcome.state != "annulled", Outcome.starts_on <= period.until)
        .distinct()
    )
    if period.since is not None:
        statement = statement.where(Outcome.starts_on >= period.since)
    if district:
        statement = statement.where(Place.district_kato == district)
    reached = rights.limit(
        statement,
        actor,
        "reports.read",
        centre=Candidate.centre_id,
        territory=Candidate.territory,
    )
    counted = Counter(kind for kind, _ in session.execute(reached))
    shown = cells.hide({kind: counted[kind] for kind in KINDS})
    return fives.round_counts(shown) if narrowed else shown


Found = tuple[Referral, Employer, str]


def _find_referrals(session: Session, actor: Actor, end: datetime) -> list[Found]:
    statement = (
        select(Referral, Employer, Place.district_kato)
        .join(Employer, Employer.id == Referral.employer_id)
        .join(Place, Place.kato == Employer.kato)
        .where(Referral.issued_at < end)
        .order_by(Referral.id)
    )
    reached = rights.limit(
        statement,
        actor,
        "reports.read",
        centre=Employer.centre_id,
        territory=Employer.territory,
    )
    return [(sent, employer, d or employer.kato) for sent, employer, d in session.execute(reached)]


def _states_at(session: Session, sent: Sequence[Referral], end: datetime) -> dict[str, str]:
    """The state of each referral just before `end`, from the journal."""
    states = {row.key: "issued" for row in sent}
    moves = session.execute(
        select(Entry.record_key, Entry.state_to)
        .where(Entry.noun == Referral.__tablename__, Entry.state_to.is_not(None), Entry.at < end)
        .order_by(Entry.id)
    )
    states |= {key: state for key, state in moves if key in states and state}
    return states


def _count(codes: Iterable[str]) -> dict[str, int | None]:
    return cells.hide(dict(sorted(Counter(codes).items())))


def _find_late(
    found: Sequence[Found], states: Mapping[str, str], *, last: date
) -> tuple[Late, ...]:
    """Employers with unanswered letters whose term was over on the last day, the latest first."""
    waiting: dict[int, list[Found]] = defaultdict(list)
    for row in found:
        if states[row[0].key] in ("issued", "presented") and row[0].answer_by < last:
            waiting[row[1].id].append(row)
    late = [
        Late(
            rows[0][1].key,
            rows[0][1].name,
            rows[0][2],
            len(rows),
            max((last - sent.answer_by).days for sent, _, _ in rows),
        )
        for rows in waiting.values()
    ]
    return tuple(sorted(late, key=lambda row: (-row.days, row.employer_name, row.employer_key)))
