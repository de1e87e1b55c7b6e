"""Inspections as lists show them: the employer, its term, and how its cases were read."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quota import rights
from quota.calendar import local_day
from quota.cases import WAITING, Case, Inspection
from quota.employers import Employer
from quota.inspections import Campaign
from quota.rights import Actor


@dataclass(frozen=True, slots=True)
class InspectionRow:
    """An inspection as lists show it. `late` when the employer's term is over."""

    key: str
    campaign: str
    employer_key: str
    employer_name: str
    state: str
    due_on: date
    late: bool
    patterns: tuple[str, ...]
    measure: str | None
    confirmed: int
    doubted: int
    cases: int


def list_inspections(
    session: Session,
    actor: Actor,
    *,
    campaign: Campaign | None = None,
    states: Collection[str] = (),
    now: datetime,
) -> list[InspectionRow]:
    """Inspections within reach, of one campaign or of all, by term and employer; two queries.

    Raises NotAllowed.
    """
    statement = (
        select(Inspection, Employer, Campaign.title)
        .join(Employer, Employer.id == Inspection.employer_id)
        .join(Campaign, Campaign.id == Inspection.campaign_id)
        .order_by(Inspection.due_on, Employer.name_order, Inspection.id)
    )
    if campaign is not None:
        statement = statement.where(Inspection.campaign_id == campaign.id)
    else:
        statement = statement.where(Campaign.state == "drawn")
    if states:
        statement = statement.where(Inspection.state.in_(states))
    reached = rights.limit(
        statement,
        actor,
        "inspections.read",
        centre=Employer.centre_id,
        employer=Employer.id,
        territory=Employer.territory,
    )
    rows = session.execute(reached).all()
    counts = _count_cases(session, [inspection.id for inspection, _, _ in rows])
    today = local_day(now)
    return [
        InspectionRow(
            key=one.key,
            campaign=title,
            employer_key=employer.key,
            employer_name=employer.name,
            state=one.state,
            due_on=one.due_on,
            late=one.state in WAITING and one.due_on < today,
            patterns=tuple(one.patterns) if rights.has(actor, "inspections.run") else (),
            measure=one.measure,
            confirmed=counts.get((one.id, True), 0),
            doubted=counts.get((one.id, False), 0),
            cases=sum(counts.get((one.id, said), 0) for said in (True, False, None)),
        )
        for one, employer, title in rows
    ]


def _count_cases(
    session: Session, inspection_ids: Iterable[int]
) -> Mapping[tuple[int, bool | None], int]:
    rows = session.execute(
        select(Case.inspection_id, Case.confirmed, func.count())
        .where(Case.inspection_id.in_(list(inspection_ids)))
        .group_by(Case.inspection_id, Case.confirmed)
    )
    return {(inspection_id, confirmed): number for inspection_id, confirmed, number in rows}
