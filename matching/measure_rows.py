"""Measures as pages show them: a person's programme by sections, a specialist's own tasks, a group."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from matching.candidates import Candidate, find_candidate
from matching.gatherings import Gathering, Invitation, find_gathering, list_invited
from matching.identities import open_names, open_person
from matching.programmes import (
    FOR_NEED,
    GROUP_WORK,
    SECTIONS,
    Executor,
    Measure,
    list_executors,
    scope_of,
)
from matching.states import UNSETTLED
from quota import journal, rights
from quota.accounts import Account
from quota.acts import act_on
from quota.calendar import local_day, midnight
from quota.errors import NotFound
from quota.places import names_of
from quota.rights import Actor

MOST = 200
SETTLED_DAYS = 7  # a specialist still sees what was settled within them, to take a slip back


@dataclass(frozen=True, slots=True)
class MeasureRow:
    key: str
    kind: str
    gate: bool
    state: str
    executor: str
    due_on: date
    late: bool
    booked_at: datetime | None
    result: str | None
    next_step: str | None
    next_on: date | None
    reason: str | None
    signed_paper: str
    signed_on: date | None
    mine_to_confirm: bool


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section of the law with its act; an act that is not `verified` is for the office to check."""

    code: str
    act: str
    verified: bool
    measures: Sequence[MeasureRow]


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    """`waits`: a gate is not settled. `wanted` are kinds that answer to needs of the survey and are not
    planned yet."""

    name: str
    sections: Sequence[SectionRow]
    executors: Sequence[Executor]
    waits: bool
    wanted: Sequence[str]


@dataclass(frozen=True, slots=True)
class OwnRow:
    """One of a specialist's tasks: whose, what, until when; nothing else of the person."""

    measure: MeasureRow
    name: str
    place: dict[str, str]


@dataclass(frozen=True, slots=True)
class OwnTask:
    row: OwnRow
    phone: str | None
    language: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    key: str
    topic: str
    starts_at: datetime
    seats: int
    state: str
    invited: int


@dataclass(frozen=True, slots=True)
class GroupPage:
    """`invited` are (measure key, name, came); `others` could still be invited: (measure key, name)."""

    row: GroupRow
    invited: Sequence[tuple[str, str, bool | None]]
    others: Sequence[tuple[str, str]]


def see_programme(session: Session, actor: Actor, key: str, *, now: datetime) -> ProgrammePage:
    """A person's programme; the look is journalled. Raises NotAllowed or NotFound."""
    candidate = find_candidate(session, actor, key, right="programmes.read")
    journal.write(session, actor, "view", candidate, now=now, part="programme")
    rows = list(
        session.execute(
            _select_measures()
            .where(Measure.candidate_id == candidate.id)
            .order_by(Measure.due_on, Measure.id)
        )
    )
    open_kinds = {m.kind for m, *_ in rows}
    wanted = dict.fromkeys(FOR_NEED[need] for need in candidate.needs if need in FOR_NEED)
    person = open_person(session, candidate.id)
    return ProgrammePage(
        name=person.full_name if person else "",
        sections=[_read_section(session, actor, code, rows, now=now) for code in SECTIONS],
        executors=list_executors(session, candidate)
        if rights.has(actor, "programmes.edit")
        else (),
        waits=any(m.gate and m.state in UNSETTLED for m, *_ in rows),
        wanted=[kind for kind in wanted if kind not in open_kinds],
    )


def list_own(session: Session, actor: Actor, *, now: datetime) -> list[OwnRow]:
    """A specialist's tasks: unsettled ones by their time or term, then those settled lately. Raises
    NotAllowed."""
    since = now - timedelta(days=SETTLED_DAYS)
    statement = _limit_own(actor).where(Measure.state.in_(UNSETTLED) | (Measure.closed_at >= since))
    rows = list(session.execute(statement.order_by(Measure.due_on, Measure.id).limit(MOST)))
    found = _read_own(session, actor, rows, now=now)
    return sorted(found, key=_urgency)


def see_own_task(session: Session, actor: Actor, key: str, *, now: datetime) -> OwnTask:
    """One of a specialist's tasks with how to reach the person; the look is journalled. Raises NotAllowed
    or NotFound."""
    rows = list(session.execute(_limit_own(actor).where(Measure.key == key)))
    if not rows:
        raise NotFound("not_found")
    candidate: Candidate = rows[0][1]
    rights.check(actor, "receptions.hold", scope_of(rows[0][0], candidate))
    journal.write(session, actor, "view", candidate, now=now, part="task")
    person = open_person(session, candidate.id)
    row = _read_own(session, actor, rows, now=now)[0]
    return OwnTask(row, person.phone if person else None, candidate.language)


def list_groups(session: Session, actor: Actor, *, now: datetime) -> list[GroupRow]:
    """A specialist's meetings, newest first. Raises NotAllowed."""
    statement = rights.limit(
        select(Gathering), actor, "receptions.hold", executor=Gathering.executor_id
    )
    found = session.scalars(statement.order_by(Gathering.starts_at.desc()).limit(50)).all()
    ids = [one.id for one in found]
    invited = session.scalars(
        select(Invitation.gathering_id).where(Invitation.gathering_id.in_(ids))
    ).all()
    return [_to_group(one, invited.count(one.id)) for one in found]


def see_group(session: Session, actor: Actor, key: str, *, now: datetime) -> GroupPage:
    """One meeting with those invited and those who wait for group work. Raises NotAllowed or NotFound."""
    gathering = find_gathering(session, actor, key)
    invited = list_invited(session, gathering)
    waiting = session.scalars(
        select(Measure)
        .where(
            Measure.executor_id == gathering.executor_id,
            Measure.kind == GROUP_WORK,
            Measure.state == "planned",
        )
        .order_by(Measure.due_on, Measure.id)
        .limit(MOST)
    ).all()
    names = open_names(session, [m.candidate_id for m in (*waiting, *(m for _, m in invited))])
    return GroupPage(
        _to_group(gathering, len(invited)),
        [(m.key, names.get(m.candidate_id, ""), a.came) for a, m in invited],
        [(m.key, names.get(m.candidate_id, "")) for m in waiting],
    )


def _select_measures() -> Select[Measure, Candidate, str, datetime]:
    return (
        select(Measure, Candidate, Account.name, Gathering.starts_at)
        .join(Candidate, Candidate.id == Measure.candidate_id)
        .outerjoin(Account, Account.id == Measure.executor_id)
        .outerjoin(
            Invitation, (Invitation.measure_id == Measure.id) & Invitation.came.is_not(False)
        )
        .outerjoin(Gathering, Gathering.id == Invitation.gathering_id)
    )


def _limit_own(actor: Actor) -> Select[Measure, Candidate, str, datetime]:
    own = rights.limit(_select_measures(), actor, "receptions.hold", executor=Measure.executor_id)
    return own.where(
        Candidate.erased_at.is_(None),
        Candidate.merged_into_id.is_(None),
        Candidate.blocked_at.is_(None),
    )


def _read_own(
    session: Session, actor: Actor, rows: Sequence[Any], *, now: datetime
) -> list[OwnRow]:
    names = open_names(session, {candidate.id for _, candidate, *_ in rows})
    places = names_of(session, {candidate.kato for _, candidate, *_ in rows})
    return [
        OwnRow(
            _read_measure(actor, row, now=now),
            names.get(row[1].id, ""),
            places[row[1].kato],
        )
        for row in rows
    ]


def _urgency(row: OwnRow) -> tuple[bool, datetime, str]:
    measure = row.measure
    at = measure.booked_at or midnight(measure.due_on)
    return measure.state not in UNSETTLED, at, measure.key


def _read_section(
    session: Session, actor: Actor, code: str, rows: Sequence[Any], *, now: datetime
) -> SectionRow:
    act = act_on(session, f"programme_{code}", local_day(now))
    measures = [_read_measure(actor, row, now=now) for row in rows if row[0].section == code]
    return SectionRow(code, act.act if act else "", act is not None and act.verified, measures)


def _read_measure(actor: Actor, row: Any, *, now: datetime) -> MeasureRow:
    measure, _, executor, meets_at = row
    asked = measure.state == "closing" and rights.has(actor, "measures.confirm")
    return MeasureRow(
        key=measure.key,
        kind=measure.kind,
        gate=measure.gate,
        state=measure.state,
        executor=executor or "",
        due_on=measure.due_on,
        late=measure.state in UNSETTLED and measure.due_on < local_day(now),
        booked_at=measure.booked_at or meets_at,
        result=measure.result,
        next_step=measure.next_step if measure.next_step != "nothing" else None,
        next_on=measure.next_on,
        reason=measure.reason,
        signed_paper=measure.refusal_paper,
        signed_on=measure.refused_on,
        mine_to_confirm=asked and measure.proposed_by != actor.account_id,
    )


def _to_group(one: Gathering, invited: int) -> GroupRow:
    return GroupRow(one.key, one.topic, one.starts_at, one.seats, one.state, invited)
