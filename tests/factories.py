"""Records for tests: each function makes one whole, ordinary record; what matters is an argument."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from quota.accounts import Account, NewAccount, open_account
from quota.centres import Body, BodyKind, Centre
from quota.employers import Employer
from quota.places import Place
from quota.rights import SYSTEM, Role

PASSWORD = "steppe-wind-42"
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
        name_search=values["name"].casefold(),
        centre_id=centre_id or make_centre(session).id,
        kato=place.kato,
        territory=place.path,
        created_at=OPENED,
        **values,
    )
    session.add(employer)
    session.flush()
    return employer


def make_account(session: Session, role: Role, **given: Any) -> Account:
    """An open account with PASSWORD; its home is made unless one of the three is given."""
    homes = {"centre_id", "body_id", "employer_id"}
    if not homes & given.keys():
        given |= _make_home(session, role)
    new = NewAccount(
        login=given.pop("login", f"{role.value}{next(_numbers)}"),
        password=PASSWORD,
        role=role,
        name=given.pop("name", f"Айгүл {role.value}"),
        **given,
    )
    return open_account(session, SYSTEM, new, now=OPENED)


def _make_home(session: Session, role: Role) -> dict[str, int]:
    if role is Role.STAFF:
        return {"centre_id": make_centre(session).id}
    if role is Role.EMPLOYER:
        return {"employer_id": make_employer(session).id}
    return {"body_id": make_body(session, _BODIES[role]).id}
