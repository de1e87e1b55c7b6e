"""Programmes: the individual rehabilitation programme as measures with term, executor and result.

Sections are those of the Probation Law, Art. 6; each has its act as a dated row under `programme_<section>`.
A measure holds codes and dates alone: there is no field in which a diagnosis or a drawing could be kept,
only what was done and what is next.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, String, UniqueConstraint, exists, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching import tasks
from matching.candidates import Candidate, Readiness, find_candidate, need_open
from matching.states import MEASURE, UNSETTLED
from matching.tasks import Task
from quota import journal, rights
from quota.accounts import Account
from quota.calendar import local_day
from quota.centres import Body
from quota.errors import Fault, Invalid, NotFound, fault
from quota.rights import Actor, Role, Scope
from quota.tables import Code, Keyed, Table

SECTIONS: Mapping[str, Sequence[str]] = {
    "medical": ("medical_screening", "doctor"),
    "schooling": ("school",),
    "profession": ("training", "upgrading"),
    "employment": ("job_search", "contract"),
    "psychological": ("individual_work", "group_work"),
    "benefits": ("benefit", "childcare_place"),
    "social_ties": ("family", "patronage"),
    "household": ("lodging", "documents", "leisure"),
    "legal": ("legal_consultation", "debts"),
}
SECTION_OF = {kind: section for section, kinds in SECTIONS.items() for kind in kinds}
GROUP_WORK = "group_work"
# The measure that answers to what a person named in the survey as coming first.
FOR_NEED = {
    "documents": "documents",
    "housing": "lodging",
    "health": "medical_screening",
    "legal": "legal_consultation",
    "childcare": "childcare_place",
    "debts": "debts",
    "psychological": "individual_work",
}
RESULTS = ("carried_out", "paper_received", "place_found", "enrolled")
NEXT_STEPS = ("nothing", "once_more", "other_specialist", "papers", "training", "job_search")
SUPPORT_DONE = "support_done"
# What a measure says once it is done, taken back.
NOTHING_DONE: Mapping[str, Any] = dict.fromkeys(
    ("result", "next_step", "next_on", "closed_at", "closed_by")
)


class Measure(Keyed, Table):
    """One measure of a candidate's programme. A `gate` holds the candidate out of rounds until it is settled.

    `booked_at` is the time with a specialist, whose `executor_id` it is; `proposed_by` asked to close it
    without doing, `closed_by` is the other person who confirmed.
    """

    __tablename__ = "measures"
    __table_args__ = (UniqueConstraint("executor_id", "booked_at"),)
    WORKFLOW = MEASURE

    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    section: Mapped[Code]
    kind: Mapped[Code]
    gate: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(12), default="planned")
    executor_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    due_on: Mapped[date]
    booked_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
    result: Mapped[Code | None]
    next_step: Mapped[Code | None]
    next_on: Mapped[date | None]
    reason: Mapped[Code | None]
    refusal_paper: Mapped[str] = mapped_column(String(60), default="")
    refused_on: Mapped[date | None]
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    closed_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class NewMeasure:
    """What is planned: a kind of SECTION_OF, its term, and the key of the account that does it."""

    kind: str
    due_on: date
    executor: str
    gate: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done, one of RESULTS, and what is next, one of NEXT_STEPS, with its day."""

    result: str
    next_step: str = "nothing"
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class Executor:
    id: int
    key: str
    name: str
    role: str


def plan(session: Session, actor: Actor, key: str, new: NewMeasure, *, now: datetime) -> Measure:
    """Plans a measure for a candidate. Raises NotAllowed, NotFound, WrongState for a closed record, or
    Invalid for an unknown kind, a term that has passed, or an executor who is not offered."""
    candidate = find_candidate(session, actor, key, right="programmes.edit")
    need_open(candidate)
    executors = {one.key: one for one in list_executors(session, candidate)}
    faults = []
    if new.kind not in SECTION_OF:
        faults.append(fault("kind", "unknown_choice"))
    if new.due_on < local_day(now):
        faults.append(fault("due_on", "date_passed"))
    if new.executor not in executors:
        faults.append(fault("executor", "unknown_choice"))
    if faults:
        raise Invalid(*faults)
    measure = Measure(
        candidate_id=candidate.id,
        section=SECTION_OF[new.kind],
        kind=new.kind,
        gate=new.gate,
        executor_id=executors[new.executor].id,
        due_on=new.due_on,
        made_at=now,
    )
    session.add(measure)
    session.flush()
    journal.write(session, actor, "plan", measure, now=now, kind=new.kind, gate=new.gate)
    return measure


def complete(
    session: Session, actor: Actor, key: str, outcome: Outcome, *, now: datetime
) -> Measure:
    """Writes down that a measure was done and what is next. Raises NotAllowed, NotFound, WrongState, or
    Invalid for a next step without its day."""
    measure, candidate = find_measure(session, actor, key)
    faults = _check_outcome(outcome, today=local_day(now))
    if faults:
        raise Invalid(*faults)
    journal.move(
        session,
        actor,
        measure,
        "complete",
        now=now,
        result=outcome.result,
        next_step=outcome.next_step,
        next_on=outcome.next_on,
        closed_at=now,
        closed_by=actor.account_id,
    )
    tell_support_done(session, actor, candidate, now=now)
    return measure


def undo_complete(session: Session, actor: Actor, key: str, *, now: datetime) -> Measure:
    """The measure was not done after all. Raises NotAllowed, NotFound or WrongState."""
    measure, _ = find_measure(session, actor, key)
    journal.move(session, actor, measure, "undo_complete", now=now, booked_at=None, **NOTHING_DONE)
    return measure


def set_gate(session: Session, actor: Actor, key: str, *, gate: bool, now: datetime) -> Measure:
    """Says whether the measure has to come before any job. Raises NotAllowed or NotFound."""
    measure, _ = find_measure(session, actor, key, right="programmes.edit")
    measure.gate = gate
    journal.write(session, actor, "set", measure, now=now, gate=gate)
    return measure


def find_measure(
    session: Session, actor: Actor, key: str, *, right: str = "measures.do"
) -> tuple[Measure, Candidate]:
    """A measure within reach and whose it is. Raises NotAllowed, NotFound, or WrongState for a record
    that is blocked, erased or merged."""
    row = session.execute(
        select(Measure, Candidate)
        .join(Candidate, Candidate.id == Measure.candidate_id)
        .where(Measure.key == key)
    ).one_or_none()
    if row is None:
        rights.reach(actor, right)
        raise NotFound("not_found")
    rights.check(actor, right, scope_of(row[0], row[1]))
    need_open(row[1])
    return row[0], row[1]


def scope_of(measure: Measure, candidate: Candidate) -> Scope:
    return replace(candidate.scope(), executor_id=measure.executor_id)


def list_executors(session: Session, candidate: Candidate) -> list[Executor]:
    """Who may be given a measure: colleagues of the centre, and specialists whose territory holds the
    person's home. Rights are the caller's."""
    rows = session.execute(
        select(Account.id, Account.key, Account.name, Account.role, Body.territory)
        .outerjoin(Body, Body.id == Account.body_id)
        .where(
            Account.closed_at.is_(None),
            or_(Account.centre_id == candidate.centre_id, Account.role == Role.SPECIALIST),
        )
        .order_by(Account.role.desc(), Account.name, Account.id)
    )
    return [
        Executor(row.id, row.key, row.name, row.role)
        for row in rows
        if row.role != Role.SPECIALIST or candidate.territory.startswith(row.territory or "?")
    ]


def waits_for_support() -> ColumnElement[bool]:
    """The condition that a candidate has a gate that is not settled."""
    return exists().where(
        Measure.candidate_id == Candidate.id, Measure.gate, Measure.state.in_(UNSETTLED)
    )


def tell_support_done(
    session: Session, actor: Actor, candidate: Candidate, *, now: datetime
) -> None:
    """When the last gate is settled, the centre is asked to look at the person's readiness."""
    gates = select(Measure.state).where(Measure.candidate_id == candidate.id, Measure.gate)
    states = set(session.scalars(gates))
    if states and not states & set(UNSETTLED) and candidate.readiness == Readiness.NEEDS_SUPPORT:
        task = Task(candidate_id=candidate.id, code=SUPPORT_DONE, role=Role.STAFF.value)
        task.due_on = local_day(now)
        tasks.raise_task(session, actor, task, now=now)


def _check_outcome(outcome: Outcome, *, today: date) -> list[Fault]:
    faults = []
    if outcome.result not in RESULTS:
        faults.append(fault("result", "unknown_choice"))
    if outcome.next_step not in NEXT_STEPS:
        faults.append(fault("next_step", "unknown_choice"))
    elif outcome.next_step != "nothing" and outcome.next_on is None:
        faults.append(fault("next_on", "required"))
    if outcome.next_on is not None and outcome.next_on < today:
        faults.append(fault("next_on", "date_passed"))
    return faults
