"""Records for tests: each function makes one whole, ordinary record; what matters is an argument."""

import os
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.candidates import Candidate, Readiness, Status, add_candidate
from matching.courses import Course, add_course
from matching.identities import Person
from matching.rounds import Proposal, Round
from quota.accounts import Account
from quota.calendar import deadline
from quota.centres import Body, BodyKind, Centre
from quota.employers import Employer
from quota.memoranda import Memorandum
from quota.places import Place
from quota.rights import SYSTEM, Role
from quota.slots import Slot, Source, move_slot, open_slots
from quota.vacancies import Vacancy

PASSWORD = "steppe-wind-42"
# As weak as argon2 lets it be: a hash says how it was made, and thousands of tests sign in.
_WEAK_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
# How many damaged files and rows are tried; 0 means as few as each test says.
FUZZ = int(os.environ.get("SENIM_TEST_FUZZ", "0"))
# How many histories are tried; 0 means as few as each test says, anything else the tests at full length.
HISTORIES = int(os.environ.get("SENIM_TEST_HISTORIES", "0"))
REGION = "/190000000/"
OPENED = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
_numbers = count(1)
_BODIES = {
    Role.PROBATION: BodyKind.PROBATION,
    Role.PROSECUTOR: BodyKind.PROSECUTOR,
    Role.SPECIALIST: BodyKind.SPECIALISTS,
    Role.CLERK: BodyKind.AKIMAT,
    Role.ADMINISTRATOR: BodyKind.OPERATOR,
    Role.OFFICER: BodyKind.OPERATOR,
}


def make_centre(session: Session, *, territory: str = REGION) -> Centre:
    number = next(_numbers)
    centre = Centre(
        name_kk=f"{number}-орталық",
        name_ru=f"Центр {number}",
        name_en=f"Centre {number}",
        territory=territory,
    )
    session.add(centre)
    session.flush()
    return centre


def make_body(session: Session, kind: BodyKind, *, territory: str | None = REGION) -> Body:
    number = next(_numbers)
    body = Body(
        kind=kind.value,
        name_kk=f"{number}-орган",
        name_ru=f"Орган {number}",
        name_en=f"Body {number}",
        territory=territory,
    )
    session.add(body)
    session.flush()
    return body


def make_place(
    session: Session, *, kato: str = "196200000", path: str = f"{REGION}196200000/"
) -> Place:
    place = session.scalar(select(Place).where(Place.kato == kato))
    if place is None:
        place = Place(kato=kato, kind="district", name_ru="Талгар", name_kk="Талғар", path=path)
        session.add(place)
        session.flush()
    return place


def make_employer(session: Session, *, centre_id: int | None = None, **given: Any) -> Employer:
    """An employer in Talgar district under an identifier that can belong to nobody."""
    number = next(_numbers)
    place = make_place(session)
    values = {"name": f"ТОО Жаңа {number}", "identifier": f"0000400{number:05}"} | given
    employer = Employer(
        centre_id=centre_id or make_centre(session).id,
        created_at=OPENED,
        **{"kato": place.kato, "territory": place.path} | values,
    )
    session.add(employer)
    session.flush()
    return employer


def make_account(session: Session, role: Role, **given: Any) -> Account:
    """An open account with PASSWORD; its home is made unless one of the three is given."""
    homes = {"centre_id", "body_id", "employer_id"}
    if not homes & given.keys():
        given |= _make_home(session, role)
    account = Account(
        login=given.pop("login", f"{role.value}{next(_numbers)}"),
        password_hash=_WEAK_HASH,
        role=role.value,
        name=given.pop("name", f"Айгүл {role.value}"),
        locale=given.pop("locale", "kk"),
        opened_at=OPENED,
        **given,
    )
    session.add(account)
    session.flush()
    return account


def _make_home(session: Session, role: Role) -> dict[str, int]:
    if role is Role.STAFF:
        return {"centre_id": make_centre(session).id}
    if role is Role.EMPLOYER:
        return {"employer_id": make_employer(session).id}
    return {"body_id": make_body(session, _BODIES[role]).id}


def make_slots(session: Session, employer: Employer, count: int = 1, **given: Any) -> list[Slot]:
    """Places pledged by a memorandum, each open."""
    memorandum = Memorandum(
        employer_id=employer.id,
        number=str(next(_numbers)),
        signed_on=OPENED.date(),
        pledged=count,
        state="active",
    )
    session.add(memorandum)
    session.flush()
    pattern = Slot(source=Source.MEMORANDUM, memorandum_id=memorandum.id, **given)
    return open_slots(session, SYSTEM, employer, pattern, count=count, now=OPENED)


def make_vacancy(session: Session, employer: Employer, **given: Any) -> Vacancy:
    values = {"title": "Сварщик", "isco08": "7212", "pay_from": 180_000, "state": "listed"} | given
    vacancy = Vacancy(
        employer_id=employer.id,
        pay_to=values["pay_from"],
        created_at=OPENED,
        **{"kato": employer.kato, "flags": [], "shifts": [], "licences": []} | values,
    )
    session.add(vacancy)
    session.flush()
    return vacancy


def make_candidate(session: Session, centre_id: int, **given: Any) -> Candidate:
    """A ready person on probation in Talgar district; the identity is sealed by the session's keyring."""
    person = given.pop("person", Person(family_name="Сапарова", given_name="Айгерім"))
    fields = {
        "kato": make_place(session).kato,
        "status": Status.ON_PROBATION,
        "readiness": Readiness.READY,
        "pay_accepted": 150_000,
    }
    return add_candidate(session, SYSTEM, person, fields | given, centre_id=centre_id, now=OPENED)


def make_course(session: Session, centre_id: int, **given: Any) -> Course:
    """A course of twelve seats for welders in Talgar district that ends within two months."""
    values = {
        "kato": make_place(session).kato,
        "starts_on": OPENED.date() + timedelta(days=330),
        "ends_on": OPENED.date() + timedelta(days=380),
        "seats": 12,
        "least": 1,
        "cost": 90_000,
        "provider": "Талғар колледжі",
        "title": "Сварщик, 2 разряд",
        "isco08": "7212",
    } | given
    return add_course(session, SYSTEM, Course(centre_id=centre_id, **values), now=OPENED)


def make_proposal(
    session: Session, candidate: Candidate, vacancy: Vacancy, *, now: datetime, **given: Any
) -> Proposal:
    """A published proposal; its slot is opened under the vacancy and reserved."""
    employer = session.get_one(Employer, vacancy.employer_id)
    slot = make_slots(session, employer, vacancy_id=vacancy.id)[0]
    category = next(iter(candidate.categories), None)
    move_slot(session, SYSTEM, slot, "reserve", now=now, holder=(candidate.key, category))
    run = Round(
        centre_id=candidate.centre_id,
        territory=REGION,
        number=next(_numbers),
        state="published",
        opened_at=now,
    )
    session.add(run)
    session.flush()
    values = {"score": 500, "supervised": candidate.supervised, "due_at": deadline(session, now, 3)}
    proposal = Proposal(
        round_id=run.id,
        candidate_id=candidate.id,
        vacancy_id=vacancy.id,
        slot_id=slot.id,
        category=category,
        state="proposed",
        proposed_at=now,
        **values | given,
    )
    session.add(proposal)
    session.flush()
    return proposal
