"""Who may see a person: told by the same rights that open the person's pages."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from matching import access, consents
from matching.candidates import find_candidate
from matching.viewers import list_offices, list_viewers
from quota.accounts import actor_of
from quota.centres import BodyKind
from quota.errors import NotAllowed, NotFound
from quota.rights import ACCOUNT_ROLES, SYSTEM, Actor, Role
from tests.factories import OPENED, make_account, make_body, make_employer
from tests.matching.journey import Journey


@pytest.fixture
def journey(session: Session, now: datetime) -> Journey:
    return Journey(session, now)


def names(journey: Journey) -> set[str]:
    return {one.name for one in list_viewers(journey.session, journey.candidate)}


def test_everybody_whose_rights_reach_the_person_is_listed_and_nobody_else(journey) -> None:
    session = journey.session
    own = {
        Role.STAFF: {"centre_id": journey.centre.id},
        Role.EMPLOYER: {"employer_id": journey.employer.id},
    }
    for role in ACCOUNT_ROLES:
        make_account(session, role, name=f"near {role}", **own.get(role, {}))
        away = {"body_id": make_body(session, BodyKind.PROBATION, territory="/75/").id}
        far = {Role.PROBATION: away, Role.EMPLOYER: {"employer_id": make_employer(session).id}}
        make_account(session, role, name=f"far {role}", **far.get(role, {}))
    seen = names(journey) - {"Айгүл"}
    near = {"near staff", "near probation", "near clerk", "near officer"}
    assert seen - {"far clerk", "far officer"} == near
    journey.issue()
    assert names(journey) - seen - {"Айгүл"} == {"near employer"}


def test_the_list_agrees_with_the_door_to_the_person(journey) -> None:
    session = journey.session
    accounts = [make_account(session, role, name=role.value) for role in ACCOUNT_ROLES]
    accounts.append(
        make_account(session, Role.STAFF, centre_id=journey.centre.id, name="colleague")
    )
    for account in accounts:
        try:
            find_candidate(session, actor_of(session, account), journey.candidate.key)
        except (NotAllowed, NotFound):
            assert account.name not in names(journey) or account.role in ("clerk", "officer")
        else:
            assert account.name in names(journey)


def test_an_employer_is_listed_only_while_the_consent_stands(journey) -> None:
    session = journey.session
    make_account(session, Role.EMPLOYER, employer_id=journey.employer.id, name="boss")
    assert "boss" not in names(journey)
    referral = journey.issue()
    (boss,) = [v for v in list_viewers(session, journey.candidate) if v.name == "boss"]
    assert (boss.home["kk"], boss.since) == (journey.employer.name, referral.issued_at)
    session.get_one(consents.Consent, referral.consent_id).state = "withdrawn"
    assert "boss" not in names(journey)


def test_a_closed_account_and_an_erased_person_have_no_line(journey) -> None:
    session = journey.session
    staff = make_account(session, Role.STAFF, centre_id=journey.centre.id, name="gone")
    assert "gone" in names(journey)
    staff.closed_at = OPENED
    assert "gone" not in names(journey)
    journey.candidate.erased_at = journey.now
    assert names(journey) == set()


def test_the_person_is_told_offices_and_no_names(journey) -> None:
    session, key = journey.session, journey.candidate.key
    for name in ("Айдана", "Болат"):
        make_account(session, Role.STAFF, centre_id=journey.centre.id, name=name)
    mine = Actor(Role.CANDIDATE, candidate_id=journey.candidate.id)
    (office,) = access.report_on(session, mine, key, now=journey.now).viewers
    assert (office.role, office.home, office.name) == ("staff", journey.centre.names(), "")
    told = access.report_on(session, SYSTEM, key, now=journey.now).viewers
    assert {"Айдана", "Болат"} <= {one.name for one in told}
    assert office == list_offices(list(told))[0]
