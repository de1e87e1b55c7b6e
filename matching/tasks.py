"""Notes and tasks: what somebody wrote down about a candidate, and what is to be done until when.

Texts are sealed: they are about a person. A task is for the people of one role within reach.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.candidates import Candidate, Status, find_candidate, need_open
from quota import journal, rights
from quota.errors import Invalid, NotFound, WrongState, fault
from quota.rights import Actor
from quota.sealing import keyring_of
from quota.tables import Code, Keyed, Table

MOST_TEXT = 2000
OWN = "own"  # a task somebody wrote
NEXT_BEST = "next_best"  # after a rejection, until the centre publishes a round again
OBJECTION = "objection"  # a person's own words; others are raised by the system, once each


class Note(Keyed, Table):
    __tablename__ = "notes"

    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    role: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)


class Task(Keyed, Table):
    """`code` and `params` say what the system asks for; `text` is what a person added, sealed."""

    __tablename__ = "tasks"
    __table_args__ = (Index("ix_tasks_role_done_at_due_on", "role", "done_at", "due_on"),)

    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    code: Mapped[Code]
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    text: Mapped[str] = mapped_column(Text, default="")
    role: Mapped[str] = mapped_column(String(20))
    due_on: Mapped[date]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


@dataclass(frozen=True, slots=True)
class NoteRow:
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class TaskRow:
    key: str
    candidate_key: str
    code: str
    params: Mapping[str, Any]
    text: str
    due_on: date
    done_at: datetime | None


def add_note(session: Session, actor: Actor, key: str, text: str, *, now: datetime) -> Note:
    """Writes a note about a candidate. Raises NotAllowed, NotFound, WrongState or Invalid."""
    candidate = find_candidate(session, actor, key, right="tasks.do")
    need_open(candidate)
    sealed = keyring_of(session).seal(_check_text(text))
    note = Note(candidate_id=candidate.id, at=now, role=actor.role.value, text=sealed)
    note.account_id = actor.account_id
    session.add(note)
    session.flush()
    journal.write(session, actor, "note", candidate, now=now)
    return note


def add_task(
    session: Session, actor: Actor, key: str, text: str, *, due_on: date, now: datetime
) -> Task:
    """Writes down what the own role has to do until a day. Raises NotAllowed, NotFound, WrongState or
    Invalid."""
    candidate = find_candidate(session, actor, key, right="tasks.do")
    need_open(candidate)
    task = Task(candidate_id=candidate.id, code=OWN, role=actor.role.value, due_on=due_on)
    task.text = keyring_of(session).seal(_check_text(text))
    return raise_task(session, actor, task, now=now)


def raise_task(session: Session, actor: Actor, task: Task, *, now: datetime) -> Task:
    """Adds a task; an open one of the same code and params for the same person stands for it.

    Rights are the caller's.
    """
    same = session.scalars(
        select(Task).where(
            Task.candidate_id == task.candidate_id,
            Task.code == task.code,
            Task.role == task.role,
            Task.done_at.is_(None),
        )
    )
    standing = next((t for t in same if t.params == (task.params or {})), None)
    if task.code not in (OWN, OBJECTION) and standing is not None:
        return standing
    task.made_at, task.made_by = now, actor.account_id
    session.add(task)
    session.flush()
    journal.write(session, actor, "raise", task, now=now, code=task.code)
    return task


def finish_task(session: Session, actor: Actor, key: str, *, now: datetime) -> Task:
    """Marks a task done. Raises NotAllowed, NotFound, or WrongState when it is done already."""
    task = _find_task(session, actor, key)
    if task.done_at is not None:
        raise WrongState("already_done", noun="task")
    task.done_at, task.done_by = now, actor.account_id
    journal.write(session, actor, "finish", task, now=now)
    return task


def settle_tasks(
    session: Session,
    actor: Actor,
    about: tuple[int, str],
    params: Mapping[str, Any],
    *,
    now: datetime,
) -> None:
    """Marks open tasks done that `about` (candidate id, code) and `params` name, since what they asked
    for has happened. Rights are the caller's."""
    candidate_id, code = about
    mine = select(Task).where(Task.candidate_id == candidate_id, Task.code == code)
    for task in session.scalars(mine.where(Task.done_at.is_(None))).all():
        if task.params == params:
            task.done_at, task.done_by = now, actor.account_id
            journal.write(session, actor, "finish", task, now=now)


def settle_everywhere(
    session: Session, actor: Actor, centre_id: int, code: str, *, now: datetime
) -> None:
    """Marks a centre's open tasks of a code done, since something answered them all at once. Rights are
    the caller's."""
    ours = select(Candidate.id).where(Candidate.centre_id == centre_id)
    mine = select(Task).where(
        Task.code == code, Task.done_at.is_(None), Task.candidate_id.in_(ours)
    )
    for task in session.scalars(mine.order_by(Task.id)).all():
        task.done_at, task.done_by = now, actor.account_id
        journal.write(session, actor, "finish", task, now=now)


def reopen_task(session: Session, actor: Actor, key: str, *, now: datetime) -> Task:
    """Undoes a finishing. Raises NotAllowed, NotFound, or WrongState when it is not done."""
    task = _find_task(session, actor, key)
    if task.done_at is None:
        raise WrongState("not_done", noun="task")
    task.done_at = task.done_by = None
    journal.write(session, actor, "reopen", task, now=now)
    return task


def list_due(session: Session, actor: Actor, *, until: date, most: int = 100) -> list[TaskRow]:
    """Open tasks of the actor's role within reach, due until a day, the oldest first."""
    statement = _within_reach(actor).where(Task.done_at.is_(None), Task.due_on <= until)
    return _read(session, statement.order_by(Task.due_on, Task.id).limit(most))


def list_tasks(session: Session, actor: Actor, candidate: Candidate) -> list[TaskRow]:
    """The tasks of the actor's role about one candidate, open ones first."""
    statement = _within_reach(actor).where(Task.candidate_id == candidate.id)
    return _read(session, statement.order_by(Task.done_at.is_not(None), Task.due_on, Task.id))


def list_notes(session: Session, actor: Actor, candidate: Candidate) -> list[NoteRow]:
    """What the actor's own side wrote about a candidate, newest first. Raises NotAllowed or NotFound.

    Notes of probation and of the centre stay apart: one may know what the other must not read.
    """
    rights.check(actor, "tasks.do", candidate.scope())
    rows = session.execute(
        select(Note.at, Note.text)
        .where(Note.candidate_id == candidate.id, Note.role == actor.role.value)
        .order_by(Note.at.desc(), Note.id.desc())
    )
    unseal = keyring_of(session).open
    return [NoteRow(row.at, unseal(row.text)) for row in rows]


def _find_task(session: Session, actor: Actor, key: str) -> Task:
    row = session.execute(
        select(Task, Candidate)
        .join(Candidate, Candidate.id == Task.candidate_id)
        .where(Task.key == key, Task.role == actor.role.value)
    ).one_or_none()
    if row is None:
        rights.reach(actor, "tasks.do")
        raise NotFound("not_found")
    rights.check(actor, "tasks.do", row[1].scope())
    return row[0]


def _within_reach(actor: Actor) -> Select[Task, str]:
    statement = (
        select(Task, Candidate.key)
        .join(Candidate, Candidate.id == Task.candidate_id)
        .where(Task.role == actor.role.value)
    )
    return rights.limit(
        statement,
        actor,
        "tasks.do",
        centre=Candidate.centre_id,
        territory=Candidate.territory,
        supervised=Candidate.status == Status.ON_PROBATION,
    )


def _read(session: Session, statement: Select[Task, str]) -> list[TaskRow]:
    unseal = keyring_of(session).open
    return [
        TaskRow(
            key=task.key,
            candidate_key=key,
            code=task.code,
            params=task.params,
            text=unseal(task.text) if task.text else "",
            due_on=task.due_on,
            done_at=task.done_at,
        )
        for task, key in session.execute(statement)
    ]


def _check_text(text: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid(fault("text", "required"))
    if len(text) > MOST_TEXT:
        raise Invalid(fault("text", "too_long", most=MOST_TEXT))
    return text
