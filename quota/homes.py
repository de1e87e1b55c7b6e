"""Homes of accounts: every account belongs to one centre, state body or employer."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from quota import rights
from quota.accounts import home_field
from quota.centres import Body, BodyKind, Centre
from quota.employers import Employer
from quota.errors import Invalid, fault
from quota.rights import Actor, Role, Scope

BODY_KINDS = {
    Role.PROBATION: BodyKind.PROBATION,
    Role.PROSECUTOR: BodyKind.PROSECUTOR,
    Role.SPECIALIST: BodyKind.SPECIALISTS,
    Role.CLERK: BodyKind.AKIMAT,
    Role.ADMINISTRATOR: BodyKind.OPERATOR,
    Role.OFFICER: BodyKind.OPERATOR,
}
_TABLES: dict[str, type[Centre | Body | Employer]] = {
    "centre_id": Centre,
    "body_id": Body,
    "employer_id": Employer,
}


@dataclass(frozen=True, slots=True)
class Home:
    """An office or firm as a list shows it; `kind` is centre, employer or the kind of a body."""

    key: str
    kind: str
    names: dict[str, str]


def list_homes(session: Session, actor: Actor) -> list[Home]:
    """Everything an account can belong to: centres, bodies, employers. Raises NotAllowed."""
    rights.check(actor, "accounts.manage", Scope())
    centres = session.scalars(select(Centre).order_by(Centre.name_ru, Centre.id))
    bodies = session.scalars(select(Body).order_by(Body.kind, Body.name_ru, Body.id))
    employers = session.execute(
        select(Employer.key, Employer.name).order_by(Employer.name_order, Employer.id)
    )
    return [
        *(Home(centre.key, "centre", centre.names()) for centre in centres),
        *(Home(body.key, body.kind, body.names()) for body in bodies),
        *(
            Home(key, "employer", dict.fromkeys(("kk", "ru", "en"), name))
            for key, name in employers
        ),
    ]


def find_home(session: Session, role: Role, key: str) -> dict[str, int]:
    """The home with this key as the field of an account that fits the role.

    Raises Invalid when the key names nothing of the kind the role belongs to.
    """
    field = home_field(role)
    home = session.scalar(select(_TABLES[field]).where(_TABLES[field].key == key))
    if home is None or (isinstance(home, Body) and home.kind != BODY_KINDS[role]):
        raise Invalid(fault("home", "wrong_home"))
    return {field: home.id}


def ensure_operator(session: Session) -> Body:
    """The body that runs the installation, made at its first use by the command line."""
    body = session.scalar(select(Body).where(Body.kind == BodyKind.OPERATOR.value))
    if body is None:
        body = Body(
            kind=BodyKind.OPERATOR.value,
            name_kk="Жүйе операторы",
            name_ru="Оператор системы",
            name_en="Operator",
        )
        session.add(body)
        session.flush()
    return body
