"""Check-ins as pages show them: a week at a glance, the clerk's day, one person, and the person's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from matching.candidates import Candidate, Restriction, Status, find_candidate
from matching.checkins import CheckIn, CheckInOrder, find_order, list_coarse_places
from matching.identities import open_names, open_person
from matching.placement_rows import IN_WORK
from matching.placements import Placement
from matching.restrictions import is_in_force
from quota import journal, rights
from quota.calendar import local_day
from quota.places import names_of
from quota.rights import Actor

PAGE = 50
SHOWN = 60  # check-ins on a person's page


@dataclass(frozen=True, slots=True)
class CheckInRow:
    """`place` names the coarse place, where the person agreed to tell it."""

    key: str
    due_on: date
    state: str
    start: str
    end: str
    confirmed_at: datetime | None
    way: str
    place: Mapping[str, str] | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class PersonWeek:
    candidate_key: str
    name: str
    by_day: Mapping[date, CheckInRow]


@dataclass(frozen=True, slots=True)
class Week:
    """`counts` are numbers of check-ins by state, over everybody within reach."""

    days: Sequence[date]
    rows: Sequence[PersonWeek]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PersonCheckIns:
    """`reporting` is what the person's reporting days are now: days, start, end. `at_work_since` and the
    placement's key are a plain fact beside, no check-in."""

    name: str
    order: CheckInOrder | None
    rows: Sequence[CheckInRow]
    reporting: Mapping[str, Any]
    at_work_since: date | None
    placement_key: str | None


@dataclass(frozen=True, slots=True)
class OwnCheckIns:
    """`today` is awaited now or later today; `places` are offered where the person agreed to tell one."""

    order: CheckInOrder
    today: CheckInRow | None
    coming: Sequence[CheckInRow]
    past: Sequence[CheckInRow]
    places: Sequence[tuple[str, Mapping[str, str]]]


def count_people(session: Session, actor: Actor, day: date) -> int:
    """How many people check in in the week of `day`. Raises NotAllowed."""
    within = _within_week(actor, _days_of(day))
    return (
        session.scalar(within.with_only_columns(func.count(CheckIn.candidate_id.distinct()))) or 0
    )


def see_week(session: Session, actor: Actor, day: date, *, offset: int = 0) -> Week:
    """The week of `day` from Monday, a page of people within reach; four queries however many. Raises
    NotAllowed."""
    days = _days_of(day)
    within = _within_week(actor, days)
    counts = within.with_only_columns(CheckIn.state, func.count(CheckIn.id))
    shown = (
        within.with_only_columns(CheckIn.candidate_id)
        .distinct()
        .order_by(CheckIn.candidate_id)
        .offset(offset)
        .limit(PAGE)
    )
    rows = within.where(CheckIn.candidate_id.in_(shown.scalar_subquery()))
    return Week(
        days,
        _by_person(session, rows),
        dict(session.execute(counts.group_by(CheckIn.state)).all()),
    )


def list_today(session: Session, actor: Actor, *, now: datetime) -> list[tuple[str, CheckInRow]]:
    """Names and check-ins of one day within reach, those awaited first. Raises NotAllowed."""
    rows = session.execute(
        _within_reach(actor)
        .where(CheckIn.due_on == local_day(now))
        .order_by(CheckIn.state != "due", CheckIn.id)
        .limit(200)
    ).all()
    names = open_names(session, {row[1].id for row in rows})
    read = _read(session, rows)
    return [(names.get(row[1].id, ""), one) for row, one in zip(rows, read, strict=True)]


def see_person(session: Session, actor: Actor, key: str, *, now: datetime) -> PersonCheckIns:
    """What probation decided and what came of it, for one person; the look is journalled. Raises
    NotAllowed or NotFound."""
    candidate = find_candidate(session, actor, key, right="checkins.decide")
    journal.write(session, actor, "view", candidate, now=now, part="check_ins")
    person = open_person(session, candidate.id)
    job = session.scalar(
        select(Placement)
        .where(Placement.candidate_id == candidate.id, Placement.state.in_(IN_WORK))
        .order_by(Placement.id.desc())
        .limit(1)
    )
    return PersonCheckIns(
        name=person.full_name if person else "",
        order=find_order(session, candidate, day=local_day(now)),
        rows=_list_of(session, candidate),
        reporting=_reporting(session, candidate, local_day(now)),
        at_work_since=job.starts_on if job else None,
        placement_key=job.key if job else None,
    )


def see_own(session: Session, candidate: Candidate, *, now: datetime) -> OwnCheckIns | None:
    """The person's own check-ins; None where probation decided on none. Rights are the caller's."""
    today = local_day(now)
    order = find_order(session, candidate, day=today)
    if order is None or not candidate.supervised:
        return None
    rows = _list_of(session, candidate)
    awaited = [row for row in rows if row.state == "due"]
    return OwnCheckIns(
        order,
        next((row for row in awaited if row.due_on == today), None),
        sorted((row for row in awaited if row.due_on > today), key=lambda row: row.due_on),
        [row for row in rows if row.state not in ("due", "called_off")][:5],
        list_coarse_places(session, candidate) if order.place_consent_on else (),
    )


def _days_of(day: date) -> list[date]:
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=n) for n in range(7)]


def _within_week(actor: Actor, days: Sequence[date]) -> Select[CheckIn, Candidate, CheckInOrder]:
    return _within_reach(actor).where(CheckIn.due_on >= days[0], CheckIn.due_on <= days[-1])


def _within_reach(actor: Actor) -> Select[CheckIn, Candidate, CheckInOrder]:
    statement = (
        select(CheckIn, Candidate, CheckInOrder)
        .join(Candidate, Candidate.id == CheckIn.candidate_id)
        .join(CheckInOrder, CheckInOrder.id == CheckIn.order_id)
        .where(CheckIn.state != "called_off", Candidate.status == Status.ON_PROBATION)
        .where(Candidate.erased_at.is_(None), Candidate.merged_into_id.is_(None))
        .where(Candidate.blocked_at.is_(None))
    )
    return rights.limit(
        statement,
        actor,
        "checkins.read",
        territory=Candidate.territory,
        supervised=Candidate.status == Status.ON_PROBATION,
    )


def _by_person(
    session: Session, statement: Select[CheckIn, Candidate, CheckInOrder]
) -> list[PersonWeek]:
    rows = session.execute(statement.order_by(CheckIn.candidate_id, CheckIn.due_on)).all()
    names = open_names(session, {row[1].id for row in rows})
    days: dict[tuple[str, int], dict[date, CheckInRow]] = {}
    for row, one in zip(rows, _read(session, rows), strict=True):
        days.setdefault((row[1].key, row[1].id), {})[one.due_on] = one
    return [PersonWeek(key, names.get(id_, ""), by_day) for (key, id_), by_day in days.items()]


def _list_of(session: Session, candidate: Candidate) -> list[CheckInRow]:
    rows = session.execute(
        select(CheckIn, Candidate, CheckInOrder)
        .join(Candidate, Candidate.id == CheckIn.candidate_id)
        .join(CheckInOrder, CheckInOrder.id == CheckIn.order_id)
        .where(CheckIn.candidate_id == candidate.id)
        .order_by(CheckIn.due_on.desc(), CheckIn.id.desc())
        .limit(SHOWN)
    ).all()
    return _read(session, rows)


def _read(session: Session, rows: Sequence[Any]) -> list[CheckInRow]:
    places = names_of(session, {row[0].kato for row in rows if row[0].kato})
    return [
        CheckInRow(
            key=check_in.key,
            due_on=check_in.due_on,
            state=check_in.state,
            start=order.start,
            end=order.end,
            confirmed_at=check_in.confirmed_at,
            way=check_in.way,
            place=places[check_in.kato] if check_in.kato else None,
            reason=check_in.reason,
        )
        for check_in, _, order in rows
    ]


def _reporting(session: Session, candidate: Candidate, today: date) -> Mapping[str, Any]:
    rules = session.scalars(
        select(Restriction)
        .where(Restriction.candidate_id == candidate.id, Restriction.rule == "reporting")
        .order_by(Restriction.id.desc())
    )
    in_force = (rule.params for rule in rules if is_in_force(rule, today))
    return next(in_force, {})
