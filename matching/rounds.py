"""Rounds: their tables, and the verbs around solving: open, find, cancel, close.

The row of the round is the truth: state, progress, heartbeat and the request to cancel live in it, so
that the page, the solving process and a restart all read the same.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.candidates import Candidate
from matching.engine.policy import STANDARD, Policy
from matching.engine.records import canonical, from_json
from matching.states import PROPOSAL, ROUND, WAITING
from quota import journal, rights
from quota.centres import Centre
from quota.employers import Employer
from quota.errors import Invalid, NotFound, WrongState, fault
from quota.rights import Actor, Scope
from quota.tables import Code, Keyed, Table
from quota.vacancies import Vacancy

EDITED_IN = ("draft", "failed", "cancelled", "solved")  # a new snapshot may be taken
FIXES = ("locked", "forbidden")


class Round(Keyed, Table):
    """One run. `problem`, `plan` and `run` (the matching-run/1 document with the proof) are canonical
    JSON text; `problem_sha256` is of `problem`. What is worked out of it later is a Study.

    `locked` and `forbidden` are pairs [candidate key, vacancy key] fixed by a person. `worker` names
    the process that solves; `failure` is a code.
    """

    __tablename__ = "rounds"
    WORKFLOW = ROUND

    centre_id: Mapped[int] = mapped_column(ForeignKey("centres.id"), index=True)
    territory: Mapped[str] = mapped_column(String(80))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(12), default="draft")
    opened_at: Mapped[datetime]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    seed: Mapped[int] = mapped_column(default=1)
    policy: Mapped[dict[str, Any]] = mapped_column(default=dict)
    problem: Mapped[str | None] = mapped_column(Text, deferred=True)
    problem_sha256: Mapped[str | None] = mapped_column(String(64))
    plan: Mapped[str | None] = mapped_column(Text, deferred=True)
    run: Mapped[str | None] = mapped_column(Text, deferred=True)
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict)
    versions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    progress: Mapped[dict[str, Any]] = mapped_column(default=dict)
    locked: Mapped[list[Any]] = mapped_column(default=list)
    forbidden: Mapped[list[Any]] = mapped_column(default=list)
    attempt: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str] = mapped_column(String(80), default="")
    heartbeat_at: Mapped[datetime | None]
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    failure: Mapped[str] = mapped_column(String(300), default="")
    published_at: Mapped[datetime | None]

    def scope(self) -> Scope:
        return Scope(centre_id=self.centre_id, territory=self.territory)


class Proposal(Keyed, Table):
    """The solver's suggestion: one candidate, one slot of a vacancy, perhaps a course before it.

    `parts` are the named parts of the score; `reasons` what the explanation says of this choice.
    `first_by` is the first inspector, where two have to approve.
    """

    __tablename__ = "proposals"
    __table_args__ = (Index("ix_proposals_state_due_at", "state", "due_at"),)
    WORKFLOW = PROPOSAL

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    vacancy_id: Mapped[int] = mapped_column(ForeignKey("vacancies.id"), index=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id"))
    category: Mapped[Code | None]
    score: Mapped[int]
    parts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(String(12), default="proposed")
    supervised: Mapped[bool]
    first_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    due_at: Mapped[datetime]
    escalated_at: Mapped[datetime | None]


class Unplaced(Table):
    """Why a candidate of a round was not placed: the kind (no_option, full, displaced), and codes with
    parameters, most telling first."""

    __tablename__ = "unplaced"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    kind: Mapped[Code]
    reasons: Mapped[list[Any]] = mapped_column(default=list)


def open_round(
    session: Session,
    actor: Actor,
    *,
    centre_id: int,
    now: datetime,
    title: str = "",
    policy: Policy = STANDARD,
) -> Round:
    """A draft of a centre, numbered within it. Raises NotAllowed or NotFound."""
    rights.check(actor, "rounds.run", Scope(centre_id=centre_id))
    centre = session.get(Centre, centre_id)
    if centre is None:
        raise NotFound("not_found")
    last = session.scalar(select(func.max(Round.number)).where(Round.centre_id == centre_id))
    opened = Round(
        centre_id=centre_id,
        territory=centre.territory,
        number=(last or 0) + 1,
        title=title.strip(),
        opened_at=now,
        opened_by=actor.account_id,
        policy=asdict(policy),
    )
    session.add(opened)
    session.flush()
    journal.write(session, actor, "open", opened, now=now, policy=policy.name)
    return opened


def find_round(session: Session, actor: Actor, key: str, *, right: str = "rounds.read") -> Round:
    """The round with this key. Raises NotAllowed, or NotFound also when out of reach."""
    found = session.scalar(select(Round).where(Round.key == key))
    if found is None:
        raise NotFound("not_found")
    rights.check(actor, right, found.scope())
    return found


def fix_pair(
    session: Session,
    actor: Actor,
    key: str,
    pair: tuple[str, str],
    *,
    fixed: str | None,
    now: datetime,
) -> Round:
    """Locks or forbids a pair (candidate key, vacancy key) for the next snapshot of the round, or frees it.

    `fixed` is one of FIXES or None. A locked pair is kept before anything else that the policy names,
    as far as rules and places let it. Raises NotAllowed, NotFound (also for another centre's pair),
    Invalid or WrongState.
    """
    found = find_round(session, actor, key, right="rounds.run")
    if found.state not in EDITED_IN:
        raise WrongState("wrong_state", noun="round", state=found.state, verb="fix")
    if fixed not in (*FIXES, None):
        raise Invalid(fault("fixed", "unknown_choice"))
    _find_pair(session, found, pair)
    for name in FIXES:
        others = [row for row in getattr(found, name) if tuple(row) != pair]
        setattr(found, name, [*others, list(pair)] if name == fixed else others)
    session.flush()
    journal.write(session, actor, "fix", found, now=now, pair=list(pair), fixed=fixed)
    return found


def cancel_round(session: Session, actor: Actor, key: str, *, now: datetime) -> Round:
    """Cancels at once what no process works on, and asks the process otherwise.

    Raises NotAllowed, NotFound or WrongState.
    """
    found = find_round(session, actor, key, right="rounds.run")
    if found.state == "solving":
        found.cancel_asked = True
        journal.write(session, actor, "ask_cancel", found, now=now)
        session.flush()
    else:
        journal.move(session, actor, found, "cancel", now=now)
    return found


def close_round(session: Session, actor: Actor, key: str, *, now: datetime) -> Round:
    """Closes a published round whose proposals are all decided. Raises NotAllowed, NotFound or
    WrongState (`undecided` with their number)."""
    found = find_round(session, actor, key, right="rounds.run")
    undecided = session.scalar(
        select(func.count())
        .select_from(Proposal)
        .where(Proposal.round_id == found.id, Proposal.state.in_(WAITING))
    )
    if undecided:
        raise WrongState("undecided", noun="round", number=undecided)
    journal.move(session, actor, found, "close", now=now)
    return found


def undo_close(session: Session, actor: Actor, key: str, *, note: str, now: datetime) -> Round:
    """Opens a closed round again, say to bring one of its proposals back. Raises NotAllowed, NotFound,
    Invalid without a note, or WrongState."""
    found = find_round(session, actor, key, right="rounds.run")
    if not note.strip():
        raise Invalid(fault("note", "required"))
    journal.move(session, actor, found, "undo_close", now=now, reason=note.strip())
    return found


def _find_pair(session: Session, found: Round, pair: tuple[str, str]) -> None:
    candidate = session.scalar(select(Candidate.centre_id).where(Candidate.key == pair[0]))
    vacancy = session.scalar(
        select(Employer.centre_id)
        .join(Vacancy, Vacancy.employer_id == Employer.id)
        .where(Vacancy.key == pair[1])
    )
    if (candidate, vacancy) != (found.centre_id, found.centre_id):
        raise NotFound("not_found")


def policy_of(found: Round) -> Policy:
    return from_json(Policy, canonical(found.policy))
