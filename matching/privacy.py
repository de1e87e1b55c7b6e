"""Privacy: what a person may ask about the own data (`matching.access` tells it), and what is done about it.

Facts: Law of 21.05.2013 No. 94-V on personal data (access, blocking, destruction on request). Erasing
destroys the identity and every free text; keys, counts, the journal and stored rounds stay true.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matching import withdrawals
from matching.access import find_stored
from matching.candidates import Candidate, Readiness, Restriction, need_open, set_readiness
from matching.checkins import CheckInOrder
from matching.choices import Choice
from matching.codes import PersonalCode
from matching.consents import Consent
from matching.courses import Enrolment
from matching.identities import erase_identity
from matching.outcomes import Outcome as OtherOutcome
from matching.placements import Placement
from matching.programmes import Measure
from matching.reviews import Review
from matching.rounds import Proposal
from matching.subject_requests import SubjectRequest
from matching.surveys import Survey
from matching.tasks import Note, Task
from quota import journal, rights
from quota.calendar import add_working_days, local_day
from quota.errors import Invalid, NotFound, WrongState, fault
from quota.evidence import close_evidence
from quota.rights import Actor

ANSWER_DAYS = 3  # working days to answer a request


# What erasing empties: all that is written freely about a person, and the numbers of the person's papers.
EMPTIED: Mapping[Any, Mapping[str, Any]] = {
    CheckInOrder: {"number": ""},
    Choice: {"title": ""},
    Consent: {"paper_number": ""},
    Enrolment: {"consent_paper": "", "probation_paper": "", "certificate_number": ""},
    Measure: {"refusal_paper": ""},
    Note: {"text": ""},
    OtherOutcome: {"paper": ""},
    Restriction: {"legal_basis": "", "case_number": ""},
    Review: {"note": "", "note_for_person": ""},
    Survey: {"answers": {}, "second": {}},
    Task: {"text": ""},
}


class Kind(StrEnum):
    ACCESS = "access"
    CORRECTION = "correction"
    BLOCKING = "blocking"
    ERASURE = "erasure"


class Outcome(StrEnum):
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RequestRow:
    key: str
    candidate_key: str
    kind: str
    asked_on: date
    due_on: date
    answered_at: datetime | None
    outcome: str | None


def enter_request(
    session: Session, actor: Actor, key: str, kind: Kind, *, asked_on: date, now: datetime
) -> SubjectRequest:
    """Writes down what a person asked. Raises NotAllowed, NotFound, or Invalid for a day to come."""
    candidate = find_stored(session, actor, key, right="persons.ask")
    if asked_on > local_day(now):
        raise Invalid(fault("asked_on", "date_in_future"))
    request = SubjectRequest(
        candidate_id=candidate.id,
        kind=kind.value,
        asked_on=asked_on,
        due_on=add_working_days(session, asked_on, ANSWER_DAYS),
        entered_at=now,
    )
    session.add(request)
    session.flush()
    journal.write(session, actor, "enter", request, now=now, kind=kind.value)
    return request


def answer_request(
    session: Session, actor: Actor, key: str, *, outcome: Outcome, now: datetime
) -> SubjectRequest:
    """Closes a request with what came of it. Raises NotAllowed, NotFound, or WrongState when closed."""
    row = session.execute(
        select(SubjectRequest, Candidate)
        .join(Candidate, Candidate.id == SubjectRequest.candidate_id)
        .where(SubjectRequest.key == key)
    ).one_or_none()
    if row is None:
        rights.reach(actor, "persons.block")
        raise NotFound("not_found")
    rights.check(actor, "persons.block", row[1].scope())
    request: SubjectRequest = row[0]
    if request.answered_at is not None:
        raise WrongState("already_done", noun="request")
    request.answered_at, request.outcome = now, outcome.value
    journal.write(session, actor, "answer", request, now=now, outcome=outcome.value)
    return request


def list_requests(session: Session, actor: Actor, *, candidate_key: str = "") -> list[RequestRow]:
    """Requests within reach, open ones first by their term. Raises NotAllowed."""
    statement = rights.limit(
        select(SubjectRequest, Candidate.key)
        .join(Candidate, Candidate.id == SubjectRequest.candidate_id)
        .order_by(SubjectRequest.answered_at.is_not(None), SubjectRequest.due_on),
        actor,
        "persons.block",
        centre=Candidate.centre_id,
    )
    if candidate_key:
        statement = statement.where(Candidate.key == candidate_key)
    return [
        RequestRow(r.key, key, r.kind, r.asked_on, r.due_on, r.answered_at, r.outcome)
        for r, key in session.execute(statement.limit(200))
    ]


def block(session: Session, actor: Actor, key: str, *, reason: str, now: datetime) -> Candidate:
    """Stops all work with a record until it is lifted. Raises NotAllowed, NotFound, Invalid without a
    reason, or WrongState when it is blocked or erased already."""
    candidate = find_stored(session, actor, key, right="persons.block")
    need_open(candidate)
    candidate.blocked_at = now
    journal.write(session, actor, "block", candidate, now=now, reason=_need(reason))
    return candidate


def unblock(session: Session, actor: Actor, key: str, *, reason: str, now: datetime) -> Candidate:
    """Lifts a block. Raises NotAllowed, NotFound, Invalid without a reason, or WrongState."""
    candidate = find_stored(session, actor, key, right="persons.block")
    if candidate.blocked_at is None:
        raise WrongState("not_blocked", noun="candidate")
    candidate.blocked_at = None
    journal.write(session, actor, "unblock", candidate, now=now, reason=_need(reason))
    return candidate


def erase(session: Session, actor: Actor, key: str, *, reason: str, now: datetime) -> Candidate:
    """Destroys the link to the person and every free text; what was counted stays. It cannot be undone.

    Consents end first, and with them proposals and referrals under way. Raises NotAllowed, NotFound,
    Invalid without a reason, or WrongState for somebody at work or erased already.
    """
    candidate = find_stored(session, actor, key, right="persons.erase")
    reason = _need(reason)
    if candidate.erased_at is not None:
        raise WrongState("erased", noun="candidate")
    if _at_work(session, candidate):
        raise WrongState("still_employed", noun="candidate")
    withdrawals.end_everything(session, actor, candidate.id, now=now)
    _forget(session, candidate, now=now)
    close_evidence(session, actor, _list_placements(session, candidate), now=now)
    set_readiness(session, actor, candidate, Readiness.OUT_OF_SCOPE, reason="erased", now=now)
    candidate.erased_at, candidate.blocked_at = now, None
    journal.write(session, actor, "erase", candidate, now=now, reason=reason)
    return candidate


def erase_expired(session: Session, actor: Actor, *, now: datetime) -> int:
    """For the timer: erases everybody whose retention date has passed and who is not at work. Returns how
    many; doing it twice changes nothing more. Raises NotAllowed."""
    erased = 0
    for key in list_expired(session, actor, now=now):
        candidate = find_stored(session, actor, key, right="persons.erase")
        if not _at_work(session, candidate):
            erase(session, actor, key, reason="retention_over", now=now)
            erased += 1
    return erased


def list_expired(session: Session, actor: Actor, *, now: datetime) -> list[str]:
    """Keys of people whose retention date has passed. Raises NotAllowed."""
    rights.reach(actor, "persons.erase")
    return list(
        session.scalars(
            select(Candidate.key)
            .where(Candidate.retain_until < local_day(now), Candidate.erased_at.is_(None))
            .order_by(Candidate.retain_until, Candidate.id)
        )
    )


def _forget(session: Session, candidate: Candidate, *, now: datetime) -> None:
    erase_identity(session, candidate.id)
    proposals = select(Proposal.id).where(Proposal.candidate_id == candidate.id)
    for table, values in (*EMPTIED.items(), (PersonalCode, {"ended_at": now})):
        of_person = (
            table.proposal_id.in_(proposals)
            if table is Review
            else table.candidate_id == candidate.id
        )
        mine = update(table).where(of_person).values(**values)
        session.execute(mine.execution_options(synchronize_session="fetch"))
    candidate.number = candidate.certificates = candidate.retraining_title = ""
    candidate.birth_year = None


def _list_placements(session: Session, candidate: Candidate) -> Sequence[str]:
    mine = select(Placement.key).where(Placement.candidate_id == candidate.id)
    return session.scalars(mine.order_by(Placement.id)).all()


def _at_work(session: Session, candidate: Candidate) -> bool:
    live = select(Placement.id).where(
        Placement.candidate_id == candidate.id, Placement.state.in_(("started", "kept"))
    )
    return session.scalar(live.limit(1)) is not None


def _need(reason: str) -> str:
    if not reason.strip():
        raise Invalid(fault("reason", "required"))
    return reason.strip()
