"""The caseload: who is in reach, narrowed by the filters that matter, or found by name or number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from matching.candidates import Candidate, Readiness, Status
from matching.checks import lacks_location, lacks_profession
from matching.choices import Choice
from matching.courses import Course, Enrolment
from matching.identities import NameToken, find_holder, open_names, tokens_of
from matching.programmes import Measure
from matching.referrals import Referral
from matching.standings import Kind, came_to
from matching.states import UNSETTLED
from quota import rights
from quota.calendar import local_day
from quota.errors import Invalid, fault
from quota.places import names_of
from quota.rights import Actor
from quota.spelling import order_key

PAGE = 50
UNPLACED_DAYS = 30
SHORTEST_SEARCH = 2


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list shows: a readiness, a status, a district and one mark of MARKS; empty means all."""

    readiness: str = ""
    status: str = ""
    kato: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class CandidateRow:
    key: str
    number: str
    full_name: str | None
    place: dict[str, str]
    status: str
    readiness: str
    since: date
    first_choice: str


def browse(
    session: Session, actor: Actor, asked: Filter, *, now: datetime, offset: int = 0
) -> list[CandidateRow]:
    """One page of the caseload, in the order of registration. Raises NotAllowed or Invalid."""
    page = _narrow(actor, asked, local_day(now)).order_by(Candidate.id)
    return _read(session, session.scalars(page.offset(offset).limit(PAGE)).all())


def count(session: Session, actor: Actor, asked: Filter, *, now: datetime) -> int:
    """How many `browse` would show in all. Raises NotAllowed or Invalid."""
    statement = _narrow(actor, asked, local_day(now))
    return session.scalar(statement.with_only_columns(func.count(Candidate.id))) or 0


def count_marks(session: Session, actor: Actor, *, now: datetime) -> dict[str, int]:
    """How many people carry each mark, in one query. Raises NotAllowed."""
    rights.reach(actor, "candidates.read")
    today = local_day(now)
    reach, number = _within_reach(actor), func.count(Candidate.id)

    def count_mark(mark: str) -> ColumnElement[int]:
        says = MARKS[mark](today)
        if mark in _OF_FEW:
            return reach.where(says).with_only_columns(number).scalar_subquery()
        return number.filter(says)

    numbers = session.execute(reach.with_only_columns(*map(count_mark, MARKS))).one()
    return dict(zip(MARKS, numbers, strict=True))


def search(session: Session, actor: Actor, query: str) -> list[CandidateRow]:
    """People within reach whose name has all the words of `query` (whole or as first letters, without
    case or Kazakh letters), or whose register or identifier number it is; at most a page of them.

    Raises NotAllowed, or Invalid for a query too short.
    """
    query = query.strip()
    if len(query) < SHORTEST_SEARCH:
        raise Invalid(fault("query", "too_short", least=SHORTEST_SEARCH))
    found = _within_reach(actor).where(_is_meant(session, query)).order_by(Candidate.id)
    rows = _read(session, session.scalars(found.limit(PAGE)).all())
    # Sealed names have no order in the database; the few that were opened have one here.
    return sorted(rows, key=lambda row: order_key(row.full_name or ""))


def _is_meant(session: Session, query: str) -> ColumnElement[bool]:
    if query.isdigit() and len(query) == 12:
        return Candidate.id == (find_holder(session, query) or 0)
    if any(c.isdigit() for c in query):
        return Candidate.number == query
    tokens = tokens_of(session, query)
    found = select(NameToken.candidate_id).where(NameToken.token.in_(tokens))
    found = found.group_by(NameToken.candidate_id).having(
        func.count(NameToken.id) == len(set(tokens))
    )
    return or_(Candidate.id.in_(found), Candidate.number == query)


def _within_reach(actor: Actor) -> Select[int]:
    statement = select(Candidate.id).where(
        Candidate.erased_at.is_(None), Candidate.merged_into_id.is_(None)
    )
    return rights.limit(
        statement,
        actor,
        "candidates.browse",
        centre=Candidate.centre_id,
        territory=Candidate.territory,
        supervised=Candidate.status == Status.ON_PROBATION,
    )


def _narrow(actor: Actor, asked: Filter, today: date) -> Select[int]:
    if asked.status or asked.mark:  # who only takes surveys learns neither by narrowing the list
        rights.reach(actor, "candidates.read")
    statement = _within_reach(actor)
    for column, value in ((Candidate.readiness, asked.readiness), (Candidate.status, asked.status)):
        if value:
            statement = statement.where(column == value)
    if asked.kato:
        statement = statement.where(
            Candidate.territory.contains(f"/{asked.kato}/", autoescape=True)
        )
    if asked.mark:
        if asked.mark not in MARKS:
            raise Invalid(fault("mark", "unknown_choice"))
        statement = statement.where(MARKS[asked.mark](today))
    return statement


def _unplaced_long(today: date) -> ColumnElement[bool]:
    """Ready for over a month, by the day the person became ready, and nobody works."""
    lately = came_to(Kind.READINESS, Readiness.READY, today - timedelta(days=UNPLACED_DAYS))
    return (Candidate.readiness == Readiness.READY) & Candidate.id.not_in(lately)


def _refused_twice(today: date) -> ColumnElement[bool]:
    declined = (
        select(Referral.candidate_id)
        .where(Referral.state == "declined", Referral.counted, Referral.settled_at.is_(None))
        .group_by(Referral.candidate_id)
        .having(func.count(Referral.id) >= 2)
    )
    return Candidate.id.in_(declined)


def _course_ends(today: date) -> ColumnElement[bool]:
    """On a course that ends this month."""
    first = today.replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    attending = (
        select(Enrolment.candidate_id)
        .join(Course, Course.id == Enrolment.course_id)
        .where(
            Enrolment.state.in_(("accepted", "attending")),
            Course.ends_on >= first,
            Course.ends_on < after,
        )
    )
    return Candidate.id.in_(attending)


def _gate_open(today: date) -> ColumnElement[bool]:
    """Something has to be sorted out first."""
    held = select(Measure.candidate_id).where(Measure.gate, Measure.state.in_(UNSETTLED))
    return or_(Candidate.readiness == Readiness.NEEDS_SUPPORT, Candidate.id.in_(held))


def _closing_asked(today: date) -> ColumnElement[bool]:
    """A measure is to be closed without being done, and somebody else has to confirm it."""
    asked = select(Measure.candidate_id).where(Measure.state == "closing")
    return Candidate.id.in_(asked)


def _measure_late(today: date) -> ColumnElement[bool]:
    """A measure of the programme is past its term."""
    late = select(Measure.candidate_id).where(Measure.state.in_(UNSETTLED), Measure.due_on < today)
    return Candidate.id.in_(late)


def _without_consent(today: date) -> ColumnElement[bool]:
    """Surveyed, and no consent to matching stands."""
    return Candidate.surveyed_on.is_not(None) & Candidate.takes_part.is_(False)


MARKS: dict[str, Callable[[date], ColumnElement[bool]]] = {
    "unplaced_long": _unplaced_long,
    "refused_twice": _refused_twice,
    "course_ends": _course_ends,
    "gate_open": _gate_open,
    "no_consent": _without_consent,
    "no_profession": lambda _: lacks_profession(),
    "no_location": lambda _: lacks_location(),
    "closing_asked": _closing_asked,
    "measure_late": _measure_late,
}
# Who is in a short list: looked up from it, where the others are counted in one pass over the caseload.
_OF_FEW = frozenset({"refused_twice", "course_ends", "closing_asked", "measure_late"})


# Columns and not records: those hold much that no list shows.
_ROWS = select(
    *(Candidate.id, Candidate.key, Candidate.number, Candidate.kato, Candidate.status),
    *(Candidate.readiness, Candidate.surveyed_on, Candidate.registered_on),
)


def _read(session: Session, ids: Sequence[int]) -> list[CandidateRow]:
    """The rows of these people, by id. A page's ids are found first: whole rows are long to step over."""
    rows = session.execute(_ROWS.where(Candidate.id.in_(ids)).order_by(Candidate.id)).all()
    names = open_names(session, ids)
    places = names_of(session, {row.kato for row in rows})
    wishes = select(Choice.candidate_id, Choice.title).where(
        Choice.rank == 1, Choice.candidate_id.in_(ids)
    )
    first = dict(session.execute(wishes).all())
    return [
        CandidateRow(
            key=row.key,
            number=row.number,
            full_name=names.get(row.id),
            place=places[row.kato],
            status=row.status,
            readiness=row.readiness,
            since=row.surveyed_on or row.registered_on,
            first_choice=first.get(row.id, ""),
        )
        for row in rows
    ]
