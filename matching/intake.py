"""Intake: a survey handed in becomes the candidate's record, with consent, choices and readiness."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from matching import codes, consents, keying, questions, surveys
from matching.candidates import Candidate, Readiness, set_fields
from matching.choices import Choice, set_choices
from matching.consents import Evidence, Form
from matching.questions import WISHES, YES
from matching.surveys import KEEP, Way, has_consent
from quota import journal
from quota.calendar import local_day
from quota.errors import Invalid, WrongState, fault
from quota.rights import Actor, Role


def submit(session: Session, actor: Actor, key: str, *, now: datetime) -> Candidate:
    """Hands the survey in: consent, choices and everything answered become the candidate's record.

    Raises NotAllowed, NotFound, WrongState (also for a paper form keyed once or differently), or Invalid
    naming steps still missing or a consent not given.
    """
    survey, candidate = surveys.find_draft(session, actor, key, "submit")
    surveys.need_complete(survey.keyed)
    if survey.way == Way.PAPER and survey.state != "keyed":
        raise WrongState("keyed_once", noun="survey")
    if survey.way == Way.PAPER and keying.compare(survey):
        raise WrongState("keyed_differently", noun="survey")
    steps = {step: questions.read(step, survey.keyed[step]) for step in survey.keyed}
    _record_consent(session, actor, candidate, steps["agreement"], now=now)
    _write_record(session, actor, candidate, steps, now=now)
    codes.end_codes(session, actor, candidate, codes.Purpose.SURVEY, reason="handed_in", now=now)
    journal.move(session, actor, survey, "submit", now=now, ended_at=now)
    return candidate


def _record_consent(
    session: Session,
    actor: Actor,
    candidate: Candidate,
    agreement: questions.Agreement,
    *,
    now: datetime,
) -> None:
    if agreement.agreed != YES:
        raise Invalid(fault("agreement", "needs_consent"))
    if has_consent(session, candidate):
        return
    today = local_day(now)
    evidence = Evidence(Form.PAPER, agreement.signed_on or today, agreement.paper_number)
    if actor.role is Role.CANDIDATE:
        evidence = Evidence(Form.CODE, today)
    asked = consents.ask_matching(session, actor, candidate.key, now=now)
    consents.give(session, actor, asked.key, evidence, now=now)


def _write_record(
    session: Session,
    actor: Actor,
    candidate: Candidate,
    steps: Mapping[str, Any],
    *,
    now: datetime,
) -> None:
    wishes, meaning = steps["wishes"], steps["meaning"]
    wanted = [
        Choice(title=title, isco08=questions.code_of(meaning, f"isco08_{n}"), years=years)
        for n in WISHES
        if (title := getattr(wishes, f"title_{n}"))
        for years in [getattr(wishes, f"years_{n}")]
    ]
    set_choices(session, actor, candidate, wanted, now=now)
    fields = _fields_of(steps, today=local_day(now))
    if candidate.readiness not in KEEP:
        waits = bool(steps["needs"].needs)
        fields["readiness"] = Readiness.NEEDS_SUPPORT if waits else Readiness.READY
    set_fields(session, actor, candidate, fields, reason="surveyed", now=now)


def _fields_of(steps: Mapping[str, Any], *, today: date) -> dict[str, Any]:
    skills, way = steps["skills"], steps["way"]
    return {
        "surveyed_on": today,
        "retraining_title": steps["wishes"].retraining_title,
        "retraining_isco08": questions.code_of(steps["meaning"], "retraining_isco08"),
        "experience_years": skills.experience_years,
        "education": skills.education,
        "certificates": skills.certificates,
        "licences": list(skills.licences),
        "jobless_since": skills.jobless_since,
        "pay_wanted": steps["pay"].pay_wanted,
        "pay_accepted": steps["pay"].pay_accepted,
        "kato": way.kato,
        "means": way.means,
        "max_minutes": way.max_minutes,
        "max_km": way.max_km,
        "may_move": way.may_move,
        "hours": questions.spans_of(steps["hours"]),
        "avoids": list(steps["conditions"].avoids),
        "cares": list(steps["conditions"].cares),
        "needs": list(steps["needs"].needs),
        "earliest_start": steps["needs"].earliest_start,
    }
