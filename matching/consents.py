"""Consents: a candidate's written yes to one disclosure, with scope, date and withdrawal.

Nobody who takes part in probation from outside the state bodies, an employer among them, hears of a
person without the person's written consent: Probation Law of 30.12.2016 No. 38-VI, Art. 11(2).
A yes is taken back in `matching.withdrawals`, since more than the consent ends with it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, String, and_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching import proposals
from matching.candidates import Candidate, find_candidate
from matching.rounds import Proposal
from matching.states import CONSENT
from quota import journal, rates, rights
from quota.calendar import add_working_days, local_day
from quota.errors import Fault, Invalid, NotFound, WrongState, fault
from quota.rights import Actor, Role
from quota.tables import Code, Keyed, Table
from quota.vacancies import Vacancy

MATCHING = "matching"  # the survey and taking part in rounds
DISCLOSURE = "disclosure"  # one proposal's employer hears of the person
_UNDO = {
    "given": "undo_give",
    "refused": "undo_refuse",
    "expired": "undo_expire",
    "withdrawn": "undo_withdraw",
}
UNDONE_FROM = tuple(_UNDO)
# Whoever takes surveys also records the consent to them.
_RIGHTS = {MATCHING: "surveys.take", DISCLOSURE: "consents.record"}


class Form(StrEnum):
    PAPER = "paper"  # signed on paper, kept under its number
    CODE = "code"  # given by the person's own code


class Consent(Keyed, Table):
    __tablename__ = "consents"
    WORKFLOW = CONSENT

    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    scope: Mapped[Code]
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id"), index=True)
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employers.id"))
    state: Mapped[str] = mapped_column(String(12), default="asked")
    asked_at: Mapped[datetime]
    given_at: Mapped[datetime | None]
    given_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    form: Mapped[str] = mapped_column(String(20), default=Form.PAPER)
    paper_number: Mapped[str] = mapped_column(String(60), default="")


@dataclass(frozen=True, slots=True)
class Evidence:
    """How a yes was given: on paper with its number and date, or by the person's own code."""

    form: Form
    on: date
    paper_number: str = ""


def matching_stands() -> ColumnElement[bool]:
    """Whether a consent is one to matching that was given and not taken back."""
    return and_(Consent.scope == MATCHING, Consent.state == "given")


def ask_matching(session: Session, actor: Actor, candidate_key: str, *, now: datetime) -> Consent:
    """Asks for consent to the survey and to rounds; returns the one that stands, asked or given, if any.

    Raises NotAllowed or NotFound.
    """
    candidate = find_candidate(session, actor, candidate_key, right=_RIGHTS[MATCHING])
    return _ask(session, actor, Consent(candidate_id=candidate.id, scope=MATCHING), now=now)


def ask_disclosure(session: Session, actor: Actor, proposal_key: str, *, now: datetime) -> Consent:
    """Asks for consent to an approved proposal's disclosure; returns the one that stands, if any.

    Raises NotAllowed, NotFound, or WrongState when the proposal is not approved.
    """
    right = "consents.record"
    proposal = proposals.find_proposal(session, actor, proposal_key, right=right)
    return ask_for(session, actor, proposal, now=now)


def ask_for(session: Session, actor: Actor, proposal: Proposal, *, now: datetime) -> Consent:
    """The question that follows an approval. Rights are the caller's. Raises WrongState."""
    _need_approved(proposal, "ask")
    vacancy = session.get_one(Vacancy, proposal.vacancy_id)
    asked = Consent(
        candidate_id=proposal.candidate_id,
        scope=DISCLOSURE,
        proposal_id=proposal.id,
        employer_id=vacancy.employer_id,
    )
    return _ask(session, actor, asked, now=now)


def give(session: Session, actor: Actor, key: str, evidence: Evidence, *, now: datetime) -> Consent:
    """Writes down a yes with its form and date.

    Raises NotAllowed, NotFound, WrongState (not asked, or its proposal is not approved any more), or
    Invalid with every faulty field: a paper needs its number and a date that is not to come, and only
    the person gives consent by code.
    """
    consent = find_consent(session, actor, key)
    if consent.proposal_id is not None:
        _need_approved(session.get_one(Proposal, consent.proposal_id), "give")
    faults = _check(actor, evidence, today=local_day(now))
    if faults:
        raise Invalid(*faults)
    journal.move(
        session,
        actor,
        consent,
        "give",
        now=now,
        given_at=now,
        given_on=evidence.on,
        form=evidence.form,
        paper_number=evidence.paper_number.strip(),
    )
    note_part(session, consent.candidate_id)
    return consent


def refuse(session: Session, actor: Actor, key: str, *, now: datetime) -> Consent:
    """Writes down a no; the proposal it was about is withdrawn and its slot freed.

    Raises NotAllowed, NotFound or WrongState.
    """
    consent = find_consent(session, actor, key)
    journal.move(session, actor, consent, "refuse", now=now, ended_at=now)
    _drop_proposal(session, actor, consent, reason="consent_refused", now=now)
    return consent


def undo(session: Session, actor: Actor, key: str, *, note: str, now: datetime) -> Consent:
    """Takes back what was written down: the question stands again, from today, and so does the approved
    proposal if its slot is still free. A yes taken back by the person is never made a yes again by
    somebody else; nor is a yes undone on which a letter rests.

    Raises NotAllowed, NotFound, Invalid without a note, or WrongState (also for consent to matching:
    the next survey asks for a new one).
    """
    consent = find_consent(session, actor, key)
    note = proposals.need(note)
    verb = _UNDO.get(consent.state, "undo_refuse")
    CONSENT.next(consent.state, verb)
    if consent.proposal_id is None:
        raise WrongState("wrong_state", noun="consent", state=consent.state, verb=verb)
    proposal = session.get_one(Proposal, consent.proposal_id)
    if verb == "undo_give":
        _need_approved(proposal, verb)
    else:
        proposals.revive(session, actor, proposal, "reinstate", reason=note, now=now)
    blank: dict[str, Any] = {"asked_at": now, "ended_at": None, "given_at": None, "given_on": None}
    journal.move(session, actor, consent, verb, now=now, reason=note, paper_number="", **blank)
    return consent


def note_part(session: Session, candidate_id: int) -> None:
    """Writes down with the person whether a consent to matching stands: rights ask it there."""
    standing = select(Consent.id).where(Consent.candidate_id == candidate_id, matching_stands())
    candidate = session.get_one(Candidate, candidate_id)
    candidate.takes_part = session.scalar(standing.limit(1)) is not None


def expire_consents(session: Session, actor: Actor, *, now: datetime) -> int:
    """Ends questions nobody answered within CONSENT_DAYS working days and frees their slots."""
    today = local_day(now)
    days = rates.rate_on(session, rates.CONSENT_DAYS, today)
    asked = session.scalars(
        select(Consent)
        .where(Consent.state == "asked", Consent.scope == DISCLOSURE)
        .order_by(Consent.id)
    ).all()
    late = [c for c in asked if add_working_days(session, local_day(c.asked_at), days) < today]
    for consent in late:
        journal.move(session, actor, consent, "expire", now=now, ended_at=now)
        _drop_proposal(session, actor, consent, reason="no_consent_in_time", now=now)
    return len(late)


def find_consent(session: Session, actor: Actor, key: str, *, right: str | None = None) -> Consent:
    """The consent with this key; the right to record it unless another is named.

    Raises NotAllowed, or NotFound also when out of reach.
    """
    row = session.execute(
        select(Consent, Candidate)
        .join(Candidate, Candidate.id == Consent.candidate_id)
        .where(Consent.key == key)
    ).one_or_none()
    if row is None:
        rights.reach(actor, right or _RIGHTS[MATCHING])
        raise NotFound("not_found")
    rights.check(actor, right or _RIGHTS[row[0].scope], row[1].scope())
    return row[0]


def find_given(session: Session, proposal: Proposal) -> Consent:
    """The consent to exactly this proposal's disclosure. Raises WrongState when it is not given."""
    consent = session.scalar(
        select(Consent).where(
            Consent.proposal_id == proposal.id,
            Consent.scope == DISCLOSURE,
            Consent.state == "given",
        )
    )
    if consent is None:
        raise WrongState("no_consent", noun="consent")
    return consent


def _ask(session: Session, actor: Actor, new: Consent, *, now: datetime) -> Consent:
    standing = session.scalar(
        select(Consent).where(
            Consent.candidate_id == new.candidate_id,
            Consent.scope == new.scope,
            Consent.proposal_id == new.proposal_id
            if new.proposal_id is not None
            else Consent.proposal_id.is_(None),
            Consent.state.in_(("asked", "given")),
        )
    )
    if standing is not None:
        return standing
    new.state, new.asked_at = "asked", now
    session.add(new)
    session.flush()
    journal.write(session, actor, "ask", new, now=now, scope=new.scope)
    return new


def _need_approved(proposal: Proposal, verb: str) -> None:
    if proposal.state != "approved":
        raise WrongState("wrong_state", noun="proposal", state=proposal.state, verb=verb)


def _drop_proposal(
    session: Session, actor: Actor, consent: Consent, *, reason: str, now: datetime
) -> None:
    proposal = consent.proposal_id and session.get_one(Proposal, consent.proposal_id)
    if proposal and proposal.state == "approved":
        proposals.withdraw(session, actor, proposal, reason=reason, now=now)


def _check(actor: Actor, evidence: Evidence, *, today: date) -> list[Fault]:
    faults = []
    if evidence.on > today:
        faults.append(fault("on", "date_in_future"))
    if evidence.form is Form.PAPER and not evidence.paper_number.strip():
        faults.append(fault("paper_number", "required"))
    if evidence.form is Form.CODE and actor.role is not Role.CANDIDATE:
        faults.append(fault("form", "own_code_only"))
    return faults
