"""The job behind a drawn case: opened to the inspector on a stated purpose, and written down first.

Only stays in a drawn sample open, only while their campaign runs, and nothing but the job: no status,
no restriction, no survey.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.candidates import Candidate
from matching.identities import open_persons
from matching.placements import Placement
from quota import journal
from quota.cases import Case, Inspection, find_case
from quota.errors import Invalid, WrongState, fault
from quota.inspections import Campaign
from quota.rights import Actor
from quota.slots import Slot
from quota.vacancies import Vacancy

SHORTEST_PURPOSE = 5  # characters


@dataclass(frozen=True, slots=True)
class Job:
    """What the register knows of the stay: "" and None where it knows nothing, as of an opening
    balance. `pay` is whole tenge a month."""

    name: str
    title: str
    contract_number: str
    contract_on: date | None
    starts_on: date | None
    ends_on: date | None
    pay: int | None


def reveal_job(session: Session, actor: Actor, key: str, *, purpose: str, now: datetime) -> Job:
    """Opens the job of a drawn case. Raises NotAllowed, NotFound, Invalid without a purpose, or
    WrongState when the campaign has ended."""
    case = find_case(session, actor, key)
    if len(purpose.strip()) < SHORTEST_PURPOSE:
        raise Invalid(fault("purpose", "too_short", least=SHORTEST_PURPOSE))
    campaign = _campaign_of(session, case)
    if campaign.state != "drawn":
        raise WrongState("campaign_ended", noun="campaign", state=campaign.state)
    journal.write(session, actor, "reveal_job", case, now=now, reason=purpose.strip())
    row = session.execute(
        select(Placement, Candidate.id, Vacancy.title)
        .join(Candidate, Candidate.id == Placement.candidate_id)
        .outerjoin(Vacancy, Vacancy.id == Placement.vacancy_id)
        .where(Placement.slot_id == case.slot_id, Candidate.key == case.holder_key)
        .where(Placement.state != "annulled")
        .order_by(Placement.id.desc())
    ).first()
    if row is None:
        return Job("", _title_of(session, case), "", None, case.filled_on, case.left_on, None)
    placement, candidate_id, title = row
    person = open_persons(session, [candidate_id]).get(candidate_id)
    return Job(
        name=person.full_name if person else "",
        title=title or "",
        contract_number=placement.contract_number,
        contract_on=placement.contract_on,
        starts_on=placement.starts_on,
        ends_on=placement.ends_on,
        pay=placement.pay,
    )


def name_places(session: Session, cases: list[Case]) -> dict[int, str]:
    """The title of the vacancy each case's place is listed under, by slot id; "" without one."""
    rows = session.execute(
        select(Slot.id, Vacancy.title)
        .outerjoin(Vacancy, Vacancy.id == Slot.vacancy_id)
        .where(Slot.id.in_([case.slot_id for case in cases]))
    )
    return {slot_id: title or "" for slot_id, title in rows}


def _campaign_of(session: Session, case: Case) -> Campaign:
    inspection = session.get_one(Inspection, case.inspection_id)
    return session.get_one(Campaign, inspection.campaign_id)


def _title_of(session: Session, case: Case) -> str:
    return name_places(session, [case])[case.slot_id]
