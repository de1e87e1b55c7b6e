"""Other outcomes: work found alone, a subsidised job, public works, an own business, study.

They are no placement on a quota place and move no slot, but they are what the work was for: the person
is no longer looking, and whatever else was under way is closed as by a hire.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching import others, standings
from matching.candidates import Candidate, Readiness, find_candidate, need_open, set_readiness
from matching.states import OUTCOME
from quota import journal, rights
from quota.calendar import local_day
from quota.errors import Invalid, NotFound, WrongState, fault
from quota.rights import Actor
from quota.tables import Code, Keyed, Table

# What the person is once it has begun. Social Code: subsidised jobs (Art. 98 and further), public works,
# grants for an own business; the articles are to be checked against the current text.
KINDS = {
    "own_work": Readiness.EMPLOYED,
    "subsidised_job": Readiness.EMPLOYED,
    "public_works": Readiness.EMPLOYED,
    "own_business": Readiness.EMPLOYED,
    "study": Readiness.OUT_OF_SCOPE,
}
NOTE_LENGTH = 200


class Outcome(Keyed, Table):
    """`paper` is the contract, grant or order that shows it; `before` the readiness it took the place
    of."""

    __tablename__ = "outcomes"
    WORKFLOW = OUTCOME

    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    kind: Mapped[Code]
    state: Mapped[str] = mapped_column(String(12), default="current")
    starts_on: Mapped[date] = mapped_column(index=True)
    ends_on: Mapped[date | None]
    paper: Mapped[str] = mapped_column(String(NOTE_LENGTH), default="")
    before: Mapped[str] = mapped_column(String(20))
    recorded_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class NewOutcome:
    kind: str
    starts_on: date
    paper: str = ""


def record_outcome(
    session: Session, actor: Actor, key: str, new: NewOutcome, *, now: datetime
) -> Outcome:
    """Writes down where the person went; other proposals and referrals close and free their slots.

    Raises NotAllowed, NotFound, WrongState (`already_employed`, or a closed record), or Invalid with
    every faulty field.
    """
    candidate = find_candidate(session, actor, key, right="candidates.edit")
    need_open(candidate)
    faults = [] if new.kind in KINDS else [fault("kind", "unknown_choice")]
    if new.starts_on > local_day(now):
        faults.append(fault("starts_on", "date_in_future"))
    if len(new.paper) > NOTE_LENGTH:
        faults.append(fault("paper", "too_long", most=NOTE_LENGTH))
    if faults:
        raise Invalid(*faults)
    if candidate.readiness == Readiness.EMPLOYED:
        raise WrongState("already_employed", noun="candidate")
    outcome = Outcome(
        candidate_id=candidate.id,
        kind=new.kind,
        starts_on=new.starts_on,
        paper=new.paper.strip(),
        before=candidate.readiness,
        recorded_at=now,
    )
    session.add(outcome)
    session.flush()
    journal.write(session, actor, "record", outcome, now=now)
    set_readiness(session, actor, candidate, KINDS[new.kind], reason=new.kind, now=now)
    others.close_others(session, actor, candidate.id, now=now)
    return outcome


def end_outcome(
    session: Session, actor: Actor, key: str, *, on: date, reason: str, now: datetime
) -> Outcome:
    """It has ended on a day; the person looks for work again. Raises NotAllowed, NotFound, WrongState,
    or Invalid without a reason or with a day before the first or to come."""
    outcome, candidate = _find(session, actor, key)
    faults = [] if reason.strip() else [fault("reason", "required")]
    if on < outcome.starts_on:
        faults.append(fault("on", "before_start"))
    if on > local_day(now):
        faults.append(fault("on", "date_in_future"))
    if faults:
        raise Invalid(*faults)
    journal.move(session, actor, outcome, "end", now=now, reason=reason.strip(), ends_on=on)
    why, since = standings.OUTCOME_ENDED, standings.day_after(on, now=now)
    set_readiness(session, actor, candidate, Readiness.READY, reason=why, since=since, now=now)
    return outcome


def take_back(session: Session, actor: Actor, key: str, *, reason: str, now: datetime) -> Outcome:
    """Undoes the last step: an ending that was none, or an outcome recorded by mistake, whose closed
    proposals and referrals open again as far as their slots are free.

    Raises NotAllowed, NotFound, WrongState or Invalid without a reason.
    """
    outcome, candidate = _find(session, actor, key)
    if not reason.strip():
        raise Invalid(fault("reason", "required"))
    if outcome.state == "ended":
        if candidate.readiness == Readiness.EMPLOYED:
            raise WrongState("already_employed", noun="candidate")
        journal.move(
            session, actor, outcome, "undo_end", now=now, reason=reason.strip(), ends_on=None
        )
        after = KINDS[outcome.kind]
    else:
        journal.move(session, actor, outcome, "annul", now=now, reason=reason.strip())
        after = Readiness(outcome.before)
    set_readiness(session, actor, candidate, after, reason="taken_back", now=now)
    if outcome.state == "annulled":
        others.reopen_others(
            session, actor, candidate.id, hired_at=outcome.recorded_at, note=reason, now=now
        )
    return outcome


def list_outcomes(session: Session, actor: Actor, key: str) -> list[Outcome]:
    """A person's outcomes, the latest first. Raises NotAllowed or NotFound."""
    candidate = find_candidate(session, actor, key, right="candidates.read")
    mine = select(Outcome).where(Outcome.candidate_id == candidate.id)
    return list(session.scalars(mine.order_by(Outcome.id.desc())))


def _find(session: Session, actor: Actor, key: str) -> tuple[Outcome, Candidate]:
    row = session.execute(
        select(Outcome, Candidate)
        .join(Candidate, Candidate.id == Outcome.candidate_id)
        .where(Outcome.key == key)
    ).one_or_none()
    if row is None:
        rights.reach(actor, "candidates.edit")
        raise NotFound("not_found")
    rights.check(actor, "candidates.edit", row[1].scope())
    need_open(row[1])
    return row[0], row[1]
