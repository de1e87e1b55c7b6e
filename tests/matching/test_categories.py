"""Quota categories of people: somebody released early who is on probation counts for both, and uses one."""

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import publication
from matching.candidates import Candidate
from matching.imports.candidates import CandidateImport
from matching.rounds import Proposal
from quota.memoranda import Memorandum
from quota.rights import SYSTEM
from quota.slots import Slot, Source, open_slots
from tests.importing import PERSON, prepare_centre, statuses, to_sheet
from tests.matching.scene import make_mason, make_scene, solve_round


@pytest.mark.parametrize(
    ("status", "released_on", "categories"),
    [
        ("on_probation", None, ("probation",)),
        ("on_probation", date(2026, 5, 1), ("probation", "released")),
        ("released", date(2026, 5, 1), ("released",)),
        ("last_year", None, ("released",)),
        ("off_register", date(2026, 5, 1), ()),
    ],
)
def test_for_which_quota_a_person_counts(
    status: str, released_on: date | None, categories: tuple[str, ...]
) -> None:
    assert Candidate(status=status, released_on=released_on).categories == categories


@pytest.mark.parametrize("free", [["probation"], ["released"], ["released", "probation"]])
def test_a_person_covered_by_two_uses_one_place(
    session: Session, now: datetime, free: list[str]
) -> None:
    scene = make_scene(session)
    for other in (scene.first, scene.second):
        other.readiness = "declined"
    person = make_mason(session, scene.centre, released_on=date(2026, 5, 1))
    (beyond,) = session.scalars(select(Slot)).all()
    beyond.state = "closed"
    paper = Memorandum(
        employer_id=scene.employer.id, number="1", signed_on=now.date(), pledged=3, state="active"
    )
    session.add(paper)
    session.flush()
    for category in free:
        pattern = Slot(
            source=Source.MEMORANDUM,
            memorandum_id=paper.id,
            vacancy_id=scene.vacancy.id,
            category=category,
        )
        open_slots(session, SYSTEM, scene.employer, pattern, count=1, now=now)
    found = solve_round(session, scene, now)
    publication.publish_round(session, scene.staff, found.key, now=now)
    (proposal,) = session.scalars(select(Proposal)).all()
    assert proposal.candidate_id == person.id
    (held,) = session.scalars(select(Slot).where(Slot.holder_key == person.key)).all()
    assert held.holder_category == held.category == proposal.category


def test_the_day_of_an_early_release_is_brought_in(session: Session, now: datetime) -> None:
    office = prepare_centre(session)
    where = {"actor": office, "centre_id": office.centre_id, "now": now}
    sheet = to_sheet(PERSON | {"Дата освобождения": date(2026, 5, 1)})
    assert statuses(CandidateImport.bring(session, sheet=sheet, **where)) == ["created"]
    candidate = session.scalars(select(Candidate)).one()
    assert candidate.released_on == date(2026, 5, 1)
    assert candidate.categories == ("probation", "released")
