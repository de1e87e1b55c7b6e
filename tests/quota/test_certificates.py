"""Certificates: figures frozen on their day, and an open page that says yes or no and nothing else."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from quota import certificates, slots
from quota.certificates import Record
from quota.employers import Basis, Employer
from quota.errors import Invalid, NotAllowed, NotFound, WrongState
from quota.rights import SYSTEM, Actor, Role
from quota.slots import Slot
from tests.quota.conftest import add_pledge


@pytest.fixture
def worked(session: Session, employer: Employer, now: datetime) -> list[Slot]:
    """Two places, one filled for ten days and left."""
    early = now - timedelta(days=20)
    pattern = add_pledge(session, employer, now)
    places = slots.open_slots(session, SYSTEM, employer, pattern, count=2, now=early)
    for verb in ("reserve", "refer", "fill"):
        slots.move_slot(session, SYSTEM, places[0], verb, now=early, holder=("k", None))
    session.add(Basis(employer_id=employer.id, kind="subsidy", amount=5_000_000))
    session.add(Basis(employer_id=employer.id, kind="procurement", amount=7_000_000))
    session.add(Basis(employer_id=employer.id, kind="goodwill", amount=1))
    session.flush()
    return places


def test_the_line_leads_from_public_money_to_days(
    session: Session, employer: Employer, worked: list[Slot], now: datetime
) -> None:
    record = certificates.read_record(session, employer, now=now)
    assert record == Record(money=12_000_000, pledged=1, owed_by_decree=0, filled=1, days=20)


def test_figures_stay_as_they_were_on_the_day(
    session: Session, employer: Employer, staff: Actor, worked: list[Slot], now: datetime
) -> None:
    issued = certificates.issue_certificate(session, staff, employer, now=now)
    slots.move_slot(session, SYSTEM, worked[0], "vacate", now=now)
    session.expire_all()
    assert issued.figures["filled"] == 1
    assert certificates.list_certificates(session, employer) == [issued]


def test_every_employer_with_money_or_places_has_a_line(
    session: Session, employer: Employer, staff: Actor, worked: list[Slot], now: datetime
) -> None:
    (line,) = certificates.list_pledges(session, staff, now=now)
    assert line.record == certificates.read_record(session, employer, now=now)
    assert (line.employer_key, line.record.money > 0, line.record.days > 0) == (
        employer.key,
        True,
        True,
    )
    assert certificates.list_pledges(session, Actor(Role.STAFF, centre_id=-1), now=now) == []


def test_a_code_is_true_until_it_is_annulled(
    session: Session, employer: Employer, staff: Actor, now: datetime
) -> None:
    issued = certificates.issue_certificate(session, staff, employer, now=now)
    assert certificates.verify_code(session, f" {issued.code.upper()} ") == now
    assert certificates.verify_code(session, issued.key) is None
    with pytest.raises(Invalid):
        certificates.annul_certificate(session, staff, issued.key, reason=" ", now=now)
    certificates.annul_certificate(session, staff, issued.key, reason="wrong sum", now=now)
    assert certificates.verify_code(session, issued.code) is None
    with pytest.raises(WrongState):
        certificates.annul_certificate(session, staff, issued.key, reason="again", now=now)


def test_only_the_centre_issues_and_annuls(
    session: Session, employer: Employer, staff: Actor, now: datetime
) -> None:
    issued = certificates.issue_certificate(session, staff, employer, now=now)
    own = Actor(Role.EMPLOYER, employer_id=employer.id)
    assert certificates.find_certificate(session, own, issued.key) is issued
    with pytest.raises(NotAllowed):
        certificates.issue_certificate(session, own, employer, now=now)
    with pytest.raises(NotFound):
        certificates.find_certificate(session, Actor(Role.STAFF, centre_id=-1), issued.key)
