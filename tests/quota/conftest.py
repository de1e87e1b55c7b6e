"""A centre with one employer, for tests of the registry."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from quota.centres import Centre
from quota.employers import Employer
from quota.imports.report import Report
from quota.memoranda import Memorandum
from quota.places import Place
from quota.rights import Actor, Role
from quota.sheets import Cell
from quota.slots import Slot, Source
from tests.importing import Import, prepare_centre, to_sheet


def add_place(session: Session) -> Place:
    place = Place(
        kato="196220100",
        kind="town",
        name_ru="г.Талгар",
        name_kk="Талғар қ.",
        path="/190000000/196200000/196220100/",
        district_kato="196200000",
    )
    session.add(place)
    session.flush()
    return place


def add_centre(session: Session) -> Centre:
    centre = Centre(name_kk="О", name_ru="Ц", name_en="C", territory="/190000000/")
    session.add(centre)
    session.flush()
    return centre


def add_employer(session: Session, centre: Centre, now: datetime, identifier: str) -> Employer:
    employer = Employer(
        identifier=identifier,
        name="ЖШС Бірінші",
        centre_id=centre.id,
        kato="196220100",
        territory="/190000000/196200000/196220100/",
        created_at=now,
    )
    session.add(employer)
    session.flush()
    return employer


def add_pledge(session: Session, employer: Employer, now: datetime) -> Slot:
    """A memorandum's slot to copy: the pattern of its places."""
    memorandum = Memorandum(
        employer_id=employer.id, number="1", signed_on=now.date(), pledged=1, state="active"
    )
    session.add(memorandum)
    session.flush()
    return Slot(source=Source.MEMORANDUM, memorandum_id=memorandum.id)


@pytest.fixture
def place(session: Session) -> Place:
    return add_place(session)


@pytest.fixture
def centre(session: Session, place: Place) -> Centre:
    return add_centre(session)


@pytest.fixture
def staff(centre: Centre) -> Actor:
    return Actor(Role.STAFF, centre_id=centre.id, territory=centre.territory)


@pytest.fixture
def employer(session: Session, centre: Centre, now: datetime) -> Employer:
    return add_employer(session, centre, now, "500340000004")


@pytest.fixture
def office(session: Session) -> Actor:
    """Somebody of a new centre, with the reference books filled."""
    return prepare_centre(session)


@pytest.fixture
def bring(session: Session, office: Actor, now: datetime) -> Import:
    """Brings rows in by an importer, as that office."""

    def run(verb: Import, *rows: dict[str, Cell | None], **options: Any) -> Report:
        centre_id = options.pop("centre_id", office.centre_id)
        return verb(session, office, to_sheet(*rows), centre_id=centre_id, now=now, **options)

    return run
