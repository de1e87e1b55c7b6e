"""Surveys: answers saved step by step and looked over, refused or dropped.

Three ways in: at the desk, by the person through a one-time code, and a paper form keyed twice
(`matching.keying`). A draft lives in its row, so it can be taken up again after a break or a restart, on
another device too. `matching.intake` hands it in.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching import questions
from matching.candidates import (
    Candidate,
    Readiness,
    find_candidate,
    need_open,
    set_fields,
)
from matching.consents import Consent, matching_stands
from matching.questions import STEPS, YES
from matching.states import SURVEY
from quota import journal, rights
from quota.calendar import local_day
from quota.errors import Fault, Invalid, NotFound, WrongState, fault
from quota.places import Place
from quota.rights import Actor, Role
from quota.tables import Code, Keyed, Table

REFUSALS = ("has_work", "studies", "health", "cares", "moves_away", "no_trust", "no_wish")
KEEP = (Readiness.EMPLOYED, Readiness.OUT_OF_SCOPE)


class Way(StrEnum):
    DESK = "desk"
    LINK = "link"
    PAPER = "paper"


class Survey(Keyed, Table):
    """One survey. `answers` hold what was saved, by step; `second` the second keying of a paper form,
    and `keyed_by` who ended the first."""

    __tablename__ = "surveys"
    WORKFLOW = SURVEY

    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    way: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(12), default="draft")
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    second: Mapped[dict[str, Any]] = mapped_column(default=dict)
    begun_at: Mapped[datetime]
    begun_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    keyed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    saved_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reason: Mapped[Code | None]

    @property
    def keyed(self) -> Mapping[str, Any]:
        """The answers being entered: the second keying once the first is finished."""
        return self.second if self.state == "keyed" else self.answers


def begin(session: Session, actor: Actor, candidate_key: str, way: Way, *, now: datetime) -> Survey:
    """The person's open survey, or a new one that starts from the answers handed in last.

    Raises NotAllowed, NotFound, WrongState for a closed record, or Invalid for another's way in.
    """
    candidate = find_candidate(session, actor, candidate_key, right="surveys.take")
    need_open(candidate)
    if (way is Way.LINK) != (actor.role is Role.CANDIDATE):
        raise Invalid(fault("way", "unknown_choice"))
    survey = find_open(session, candidate)
    if survey is not None:
        return survey
    survey = Survey(
        candidate_id=candidate.id,
        way=way.value,
        state="draft",
        answers=_start_from(session, candidate) if way is not Way.PAPER else {},
        second={},
        begun_at=now,
        begun_by=actor.account_id,
        saved_at=now,
    )
    session.add(survey)
    session.flush()
    journal.write(session, actor, "begin", survey, now=now, way=way.value)
    return survey


def save(
    session: Session, actor: Actor, key: str, step: str, answers: Any, *, now: datetime
) -> Survey:
    """Saves one step's answers. Raises NotAllowed, NotFound, WrongState, or Invalid with every fault."""
    survey, candidate = find_draft(session, actor, key, "save")
    need_second_person(survey, actor)
    faults = questions.check(answers, today=local_day(now))
    faults += _check_with_tables(session, actor, candidate, answers)
    if isinstance(answers, questions.Meaning):
        faults += questions.check_meaning(answers, survey.keyed.get("wishes", {}))
    if faults:
        raise Invalid(*faults)
    kept = {**survey.keyed, step: questions.store(answers)}
    if step == "wishes" and kept[step] != survey.keyed.get(step):
        kept.pop("meaning", None)
        if not any(kept[step].get(title) for title in questions.MEANINGS):
            kept["meaning"] = questions.store(questions.Meaning())
    if survey.state == "keyed":
        survey.second = kept
    else:
        survey.answers = kept
    survey.saved_at = now
    session.flush()
    return survey


def refuse(session: Session, actor: Actor, key: str, *, reason: str, now: datetime) -> Candidate:
    """Writes down that the person takes no part, and why. Raises NotAllowed, NotFound, WrongState or
    Invalid without one of REFUSALS."""
    survey, candidate = find_draft(session, actor, key, "refuse")
    if reason not in REFUSALS:
        raise Invalid(fault("reason", "unknown_choice" if reason else "required"))
    journal.move(session, actor, survey, "refuse", now=now, ended_at=now, reason=reason)
    survey.reason = reason
    if candidate.readiness not in KEEP:
        fields = {"readiness": Readiness.DECLINED}
        set_fields(session, actor, candidate, fields, reason=reason, now=now)
    return candidate


def undo_refuse(session: Session, actor: Actor, key: str, *, now: datetime) -> Survey:
    """Takes a refused survey up again. Raises NotAllowed, NotFound, or WrongState also when another
    survey is open."""
    survey, candidate = _find(session, actor, key)
    if find_open(session, candidate) is not None:
        raise WrongState("survey_open", noun="survey")
    journal.move(session, actor, survey, "undo_refuse", now=now, ended_at=None)
    survey.reason = None
    return survey


def discard(session: Session, actor: Actor, key: str, *, now: datetime) -> Survey:
    """Drops a draft. Raises NotAllowed, NotFound or WrongState."""
    survey, _ = find_draft(session, actor, key, "discard")
    journal.move(session, actor, survey, "discard", now=now, ended_at=now, answers={}, second={})
    return survey


def next_step(survey: Survey) -> str | None:
    """The first step not answered yet, or None when only the look over the answers is left."""
    return next((step for step in STEPS if step not in survey.keyed), None)


def find_open(session: Session, candidate: Candidate) -> Survey | None:
    return session.scalar(
        select(Survey)
        .where(Survey.candidate_id == candidate.id, Survey.state.in_(("draft", "keyed")))
        .order_by(Survey.id.desc())
        .limit(1)
    )


def find_person(session: Session, actor: Actor, candidate_key: str) -> Candidate:
    """The candidate, for whoever takes the survey. Raises NotAllowed or NotFound."""
    return find_candidate(session, actor, candidate_key, right="surveys.take")


def find_survey(session: Session, actor: Actor, candidate_key: str) -> tuple[Survey, Candidate]:
    """The open survey of a candidate. Raises NotAllowed or NotFound."""
    candidate = find_person(session, actor, candidate_key)
    survey = find_open(session, candidate)
    if survey is None:
        raise NotFound("no_open_survey")
    return survey, candidate


def find_draft(session: Session, actor: Actor, key: str, verb: str) -> tuple[Survey, Candidate]:
    """The survey still open to `verb`. Raises NotAllowed, NotFound or WrongState."""
    survey, candidate = _find(session, actor, key)
    need_open(candidate)
    if survey.state not in ("draft", "keyed"):
        raise WrongState("wrong_state", noun="survey", state=survey.state, verb=verb)
    return survey, candidate


def need_complete(answers: Mapping[str, Any]) -> None:
    """Raises Invalid naming the steps still missing."""
    missing = [fault(step, "step_missing") for step in STEPS if step not in answers]
    if missing:
        raise Invalid(*missing)


def need_second_person(survey: Survey, actor: Actor) -> None:
    """Raises WrongState for who keyed a paper form the first time: the second time is another's."""
    first = {survey.begun_by, survey.keyed_by} - {None}
    if survey.state == "keyed" and actor.account_id in first:
        raise WrongState("second_person_keys", noun="survey")


def has_consent(session: Session, candidate: Candidate) -> bool:
    """Whether consent to matching is given."""
    given = select(Consent.id).where(Consent.candidate_id == candidate.id, matching_stands())
    return session.scalar(given.limit(1)) is not None


def _find(session: Session, actor: Actor, key: str) -> tuple[Survey, Candidate]:
    row = session.execute(
        select(Survey, Candidate)
        .join(Candidate, Candidate.id == Survey.candidate_id)
        .where(Survey.key == key)
    ).one_or_none()
    if row is None:
        rights.reach(actor, "surveys.take")
        raise NotFound("not_found")
    rights.check(actor, "surveys.take", row[1].scope())
    return row[0], row[1]


def _start_from(session: Session, candidate: Candidate) -> dict[str, Any]:
    last = session.scalar(
        select(Survey.answers)
        .where(Survey.candidate_id == candidate.id, Survey.state == "submitted")
        .order_by(Survey.id.desc())
        .limit(1)
    )
    return {step: answers for step, answers in (last or {}).items() if step != "agreement"}


def _check_with_tables(
    session: Session, actor: Actor, candidate: Candidate, answers: Any
) -> list[Fault]:
    if isinstance(answers, questions.Way):
        known = session.scalar(select(Place.id).where(Place.kato == answers.kato))
        return [] if known else [fault("kato", "unknown_choice")]
    if isinstance(answers, questions.Agreement) and answers.agreed == YES:
        on_paper = actor.role is not Role.CANDIDATE and not has_consent(session, candidate)
        needed = {"paper_number": answers.paper_number.strip(), "signed_on": answers.signed_on}
        return [fault(n, "required") for n, given in needed.items() if on_paper and not given]
    return []
