"""Inspections of drawn employers: evidence, case by case results, a reply before anything is found.

Evidence can be added and taken off while the employer is asked or questioned; while inspectors read it
is frozen. An employer that stays silent is read as it is, and questioned before anything is found.
"""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota import attachments, inspections, journal, rates, rights
from quota.attachments import Attachment, Upload
from quota.calendar import add_working_days, local_day
from quota.employers import Employer
from quota.errors import Invalid, NotFound, WrongState, fault
from quota.inspections import Campaign, Drawn
from quota.rights import SYSTEM, Actor
from quota.states import INSPECTION
from quota.tables import Code, Keyed, Table

WAITING = ("asked", "questioned")  # on the employer; evidence is open
READING = ("reading", "rereading")  # by the inspectors; evidence is frozen
DOUBTS = (
    "no_contract",
    "no_pay",
    "never_came",
    "left_early",
    "other_person",
    "counted_twice",
    "other",
)
MEASURES = ("remark", "places_not_counted", "certificate_annulled", "representation", "proceedings")
NOTE_LENGTH = 2000


class Inspection(Keyed, Table):
    """A drawn employer. `note` is what it says to its evidence; `measure` of MEASURES once found."""

    __tablename__ = "inspections"
    WORKFLOW = INSPECTION

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), index=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    stratum: Mapped[str] = mapped_column(String(120))
    patterns: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(String(12), default="asked")
    due_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text, default="")
    measure: Mapped[Code | None]
    decided_at: Mapped[datetime | None]


class Case(Keyed, Table):
    """One stay on one place. `confirmed` is None until it was read; `doubt` is of DOUBTS."""

    __tablename__ = "inspection_cases"

    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"), index=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"))
    holder_key: Mapped[str | None] = mapped_column(String(16))
    filled_on: Mapped[date]
    left_on: Mapped[date | None]
    confirmed: Mapped[bool | None]
    doubt: Mapped[Code | None]
    note: Mapped[str] = mapped_column(Text, default="")


def start_campaign(
    session: Session, actor: Actor, key: str, *, seed: str = "", now: datetime
) -> Campaign:
    """Draws the sample and asks each drawn employer for its evidence. Raises as `draw_sample` does."""
    campaign, drawn = inspections.draw_sample(session, actor, key, seed=seed, now=now)
    due_on = _term(session, rates.INSPECTION_DAYS, now)
    for one in drawn:
        _ask(session, actor, campaign, one, due_on=due_on, now=now)
    session.flush()
    return campaign


def submit(session: Session, actor: Actor, key: str, *, note: str, now: datetime) -> Inspection:
    """The employer hands in its evidence or its reply; from then on it is frozen.

    Raises NotAllowed, NotFound, WrongState, or Invalid with neither a file nor a word.
    """
    inspection = find_inspection(session, actor, key, right="inspections.answer")
    _need_running(session, inspection)
    note = note.strip()
    if len(note) > NOTE_LENGTH:
        raise Invalid(fault("note", "too_long", most=NOTE_LENGTH))
    if not note and not attachments.list_attachments(session, inspection):
        raise Invalid(fault("note", "required"))
    said = "\n\n".join(part for part in (inspection.note, note) if part)
    journal.move(session, actor, inspection, "submit", now=now, note=said)
    return inspection


def attach_evidence(
    session: Session, actor: Actor, key: str, upload: Upload, *, folder: Path, now: datetime
) -> Attachment:
    """Adds a file while the evidence is open. Raises NotAllowed, NotFound, Invalid for a wrong file, or
    WrongState (`evidence_frozen`)."""
    inspection = _find_open(session, actor, key)
    return attachments.attach(session, actor, inspection, upload, folder=folder, now=now)


def detach_evidence(
    session: Session, actor: Actor, key: str, file: str, *, reason: str, now: datetime
) -> Attachment:
    """Takes a file off while the evidence is open. Raises NotAllowed, NotFound, Invalid without a reason
    or WrongState (`evidence_frozen`)."""
    inspection = _find_open(session, actor, key)
    return attachments.detach(session, actor, inspection, file, reason=reason, now=now)


def judge_case(
    session: Session, actor: Actor, key: str, case_key: str, *, doubt: str, note: str, now: datetime
) -> Case:
    """Writes down what the inspector makes of a case: confirmed with an empty `doubt`, or one of DOUBTS.

    Raises NotAllowed, NotFound, WrongState when nothing is read, or Invalid for an unknown doubt and
    for `other` without a word.
    """
    inspection = find_inspection(session, actor, key, right="inspections.run")
    case = session.scalar(
        select(Case).where(Case.key == case_key, Case.inspection_id == inspection.id)
    )
    if case is None:
        raise NotFound("not_found")
    _need_running(session, inspection)
    if inspection.state not in READING:
        raise WrongState("wrong_state", noun="inspection", state=inspection.state, verb="judge")
    if doubt and doubt not in DOUBTS:
        raise Invalid(fault("doubt", "unknown_choice"))
    if len(note) > NOTE_LENGTH:
        raise Invalid(fault("note", "too_long", most=NOTE_LENGTH))
    if doubt == "other" and not note.strip():
        raise Invalid(fault("note", "required"))
    case.confirmed, case.doubt, case.note = not doubt, doubt or None, note.strip()
    journal.write(session, actor, "judge", case, now=now, confirmed=case.confirmed)
    session.flush()
    return case


def conclude(
    session: Session, actor: Actor, key: str, *, measure: str, now: datetime
) -> Inspection:
    """Ends a phase by what the cases say: all confirmed is accepted; a doubt is put to the employer
    with a new term the first time, and found with a `measure` of MEASURES the second.

    Raises NotAllowed, NotFound, WrongState (`cases_unread` while one is not judged), or Invalid without
    a measure where one is due.
    """
    inspection = find_inspection(session, actor, key, right="inspections.run")
    _need_running(session, inspection)
    cases = list_cases(session, inspection)
    if any(case.confirmed is None for case in cases):
        raise WrongState("cases_unread", noun="inspection")
    if all(case.confirmed for case in cases):
        journal.move(session, actor, inspection, "accept", now=now, decided_at=now)
    elif inspection.state != "rereading":
        due_on = _term(session, rates.INSPECTION_REPLY_DAYS, now)
        journal.move(session, actor, inspection, "question", now=now, due_on=due_on)
    elif measure not in MEASURES:
        raise Invalid(fault("measure", "required"))
    else:
        journal.move(session, actor, inspection, "find", now=now, measure=measure, decided_at=now)
    return inspection


UNDO = {"accepted": "undo_accept", "found": "undo_find", "questioned": "undo_question"}


def take_back(
    session: Session, actor: Actor, key: str, *, reason: str, now: datetime
) -> Inspection:
    """Takes back the last conclusion, or hands what is read back to the employer with a new term.

    Raises NotAllowed, NotFound, WrongState or Invalid without a reason.
    """
    inspection = find_inspection(session, actor, key, right="inspections.run")
    _need_running(session, inspection)
    if not reason.strip():
        raise Invalid(fault("reason", "required"))
    verb = UNDO.get(inspection.state, "hand_back")
    changes: dict[str, Any] = {"measure": None, "decided_at": None}
    if verb == "hand_back":
        rate = (
            rates.INSPECTION_DAYS if inspection.state == "reading" else rates.INSPECTION_REPLY_DAYS
        )
        changes["due_on"] = _term(session, rate, now)
    journal.move(session, actor, inspection, verb, now=now, reason=reason.strip(), **changes)
    return inspection


def lapse_due(session: Session, *, now: datetime) -> int:
    """Hands to the inspectors whatever employers left unanswered past their term; how many."""
    late = session.scalars(
        select(Inspection)
        .join(Campaign, Campaign.id == Inspection.campaign_id)
        .where(
            Inspection.state.in_(WAITING),
            Inspection.due_on < local_day(now),
            Campaign.state == "drawn",
        )
        .order_by(Inspection.id)
    ).all()
    for inspection in late:
        journal.move(session, SYSTEM, inspection, "lapse", now=now)
    return len(late)


def find_inspection(
    session: Session, actor: Actor, key: str, *, right: str = "inspections.read"
) -> Inspection:
    """The inspection with this key. Raises NotAllowed, or NotFound also when out of reach."""
    row = session.execute(
        select(Inspection, Employer)
        .join(Employer, Employer.id == Inspection.employer_id)
        .where(Inspection.key == key)
    ).one_or_none()
    if row is None:
        rights.reach(actor, right)
        raise NotFound("not_found")
    rights.check(actor, right, row[1].scope())
    return row[0]


def find_case(session: Session, actor: Actor, key: str) -> Case:
    """A case for those who inspect. Raises NotAllowed, or NotFound also when out of reach."""
    case = session.scalar(select(Case).where(Case.key == key))
    if case is None:
        rights.reach(actor, "inspections.run")
        raise NotFound("not_found")
    inspection = session.get_one(Inspection, case.inspection_id)
    find_inspection(session, actor, inspection.key, right="inspections.run")
    return case


def list_cases(session: Session, inspection: Inspection) -> list[Case]:
    mine = select(Case).where(Case.inspection_id == inspection.id)
    return list(session.scalars(mine.order_by(Case.filled_on, Case.id)))


def _ask(
    session: Session, actor: Actor, campaign: Campaign, one: Drawn, *, due_on: date, now: datetime
) -> None:
    inspection = Inspection(
        campaign_id=campaign.id,
        employer_id=one.employer.id,
        stratum=one.stratum,
        patterns=list(one.patterns),
        due_on=due_on,
    )
    session.add(inspection)
    session.flush()
    session.add_all(
        Case(
            inspection_id=inspection.id,
            slot_id=stay.slot_id,
            holder_key=stay.holder_key,
            filled_on=stay.filled,
            left_on=stay.left,
        )
        for stay in one.stays
    )
    journal.write(session, actor, "ask", inspection, now=now, employer=one.employer.key)


def _find_open(session: Session, actor: Actor, key: str) -> Inspection:
    inspection = find_inspection(session, actor, key, right="inspections.answer")
    _need_running(session, inspection)
    if inspection.state not in WAITING:
        raise WrongState("evidence_frozen", noun="inspection", state=inspection.state)
    return inspection


def _need_running(session: Session, inspection: Inspection) -> None:
    campaign = session.get_one(Campaign, inspection.campaign_id)
    if campaign.state != "drawn":
        raise WrongState("campaign_ended", noun="campaign", state=campaign.state)


def _term(session: Session, rate: str, now: datetime) -> date:
    today = local_day(now)
    return add_working_days(session, today, rates.rate_on(session, rate, today))
