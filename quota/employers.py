"""Employers: who is asked to hire, on which basis, and how well they answer."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column, validates

from quota import identifiers, journal, rights
from quota.calendar import local_day
from quota.errors import Fault, Invalid, NotFound, fault
from quota.installation import is_demonstration
from quota.places import find_place
from quota.rights import Actor, Scope
from quota.spelling import order_key
from quota.tables import Keyed, OrderKey, Table, Tenge


class BasisKind(StrEnum):
    PROCUREMENT = "procurement"
    SUBSIDY = "subsidy"
    DECREE = "decree"
    GOODWILL = "goodwill"


class Employer(Keyed, Table):
    """An organisation or sole proprietor. `centre_id` is the centre that works with it."""

    __tablename__ = "employers"

    identifier: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    name_search: Mapped[str] = mapped_column(String(300))
    name_order: Mapped[OrderKey] = mapped_column(index=True)
    centre_id: Mapped[int] = mapped_column(ForeignKey("centres.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("employers.id"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("employers.id"))
    kato: Mapped[str] = mapped_column(ForeignKey("places.kato"))
    territory: Mapped[str] = mapped_column(String(80), index=True)
    address: Mapped[str] = mapped_column(String(300), default="")
    activity: Mapped[str] = mapped_column(String(200), default="")
    headcount: Mapped[int | None]
    contact_name: Mapped[str] = mapped_column(String(200), default="")
    contact_phone: Mapped[str] = mapped_column(String(60), default="")
    contact_email: Mapped[str] = mapped_column(String(200), default="")
    locale: Mapped[str] = mapped_column(String(2), default="ru")
    notes: Mapped[str] = mapped_column(Text, default="")
    most_sent: Mapped[int | None]  # people on the way at once, as `desks` keeps it
    created_at: Mapped[datetime]
    # The reply record, written down here by the verbs of matching that learn it.
    referrals_sent: Mapped[int] = mapped_column(default=0)
    referrals_answered: Mapped[int] = mapped_column(default=0)
    referrals_hired: Mapped[int] = mapped_column(default=0)

    @validates("name")
    def _follow_name(self, _: str, name: str) -> str:
        # Folding may lengthen a name: ß becomes ss.
        self.name_search, self.name_order = name.casefold()[:300], order_key(name)
        return name

    def scope(self) -> Scope:
        return Scope(centre_id=self.centre_id, employer_id=self.id, territory=self.territory)


class Basis(Keyed, Table):
    """Why an employer is asked: a contract, a subsidy, a decree or its own goodwill."""

    __tablename__ = "bases"

    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    number: Mapped[str] = mapped_column(String(100), default="")
    subject: Mapped[str] = mapped_column(String(300), default="")
    amount: Mapped[Tenge | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]


EDITABLE = (
    "name",
    "kato",
    "address",
    "activity",
    "headcount",
    "contact_name",
    "contact_phone",
    "contact_email",
    "locale",
    "notes",
)


def add_employer(
    session: Session,
    actor: Actor,
    identifier: str,
    fields: Mapping[str, Any],
    *,
    centre_id: int,
    now: datetime,
) -> Employer:
    """Registers an employer under a BIN or IIN. `fields` are of EDITABLE; name and kato are needed.

    Raises NotAllowed, NotFound for another centre, or Invalid with every faulty field.
    """
    rights.check(actor, "employers.edit", Scope(centre_id=centre_id))
    _refuse(check_identifier(session, identifier, now=now) + check_fields(fields, whole=True))
    place = find_place(session, str(fields["kato"]))
    employer = Employer(
        identifier=identifier,
        centre_id=centre_id,
        territory=place.path,
        created_at=now,
        **fields,
    )
    session.add(employer)
    session.flush()
    journal.write(session, actor, "add", employer, now=now)
    return employer


def change_employer(
    session: Session, actor: Actor, key: str, fields: Mapping[str, Any], *, now: datetime
) -> Employer:
    """Changes some EDITABLE fields. Raises NotAllowed, NotFound or Invalid."""
    employer = find_employer(session, actor, key, right="employers.edit")
    _refuse(check_fields(fields, whole=False))
    changed = {name: value for name, value in fields.items() if getattr(employer, name) != value}
    if not changed:
        return employer
    for name, value in changed.items():
        setattr(employer, name, value)
    employer.territory = find_place(session, employer.kato).path
    journal.write(session, actor, "change", employer, now=now, fields=sorted(changed))
    return employer


def add_basis(
    session: Session, actor: Actor, employer: Employer, basis: Basis, *, now: datetime
) -> Basis:
    """Adds one more reason why the employer is asked. Raises NotAllowed, NotFound or Invalid."""
    rights.check(actor, "employers.edit", employer.scope())
    _refuse(_check_basis(basis.amount, basis.starts_on, basis.ends_on))
    basis.employer_id = employer.id
    session.add(basis)
    session.flush()
    journal.write(session, actor, "add", basis, now=now, employer=employer.key)
    return basis


BASIS_EDITABLE = ("number", "subject", "amount", "starts_on", "ends_on")


def change_basis(
    session: Session, actor: Actor, basis: Basis, fields: Mapping[str, Any], *, now: datetime
) -> Basis:
    """Changes some of BASIS_EDITABLE. Raises NotAllowed, NotFound or Invalid."""
    employer = session.get_one(Employer, basis.employer_id)
    rights.check(actor, "employers.edit", employer.scope())
    _refuse([fault(name, "unknown_field") for name in fields if name not in BASIS_EDITABLE])
    together = {name: getattr(basis, name) for name in BASIS_EDITABLE} | dict(fields)
    _refuse(_check_basis(together["amount"], together["starts_on"], together["ends_on"]))
    changed = sorted(name for name in fields if getattr(basis, name) != fields[name])
    for name in changed:
        setattr(basis, name, fields[name])
    if changed:
        journal.write(session, actor, "change", basis, now=now, fields=changed)
    return basis


def find_employer(
    session: Session, actor: Actor, key: str, *, right: str = "employers.read"
) -> Employer:
    """The employer with this key. Raises NotAllowed, or NotFound also when out of reach."""
    employer = session.scalar(select(Employer).where(Employer.key == key))
    if employer is None:
        raise NotFound("not_found")
    rights.check(actor, right, employer.scope())
    return employer


def find_by_identifier(
    session: Session, actor: Actor, identifier: str, *, right: str = "employers.read"
) -> Employer:
    """The employer with this BIN or IIN; of a merged record, the one it was merged into. Raises
    NotAllowed, or Invalid for a number that no employer within reach has."""
    unknown = Invalid(fault("identifier", "unknown_employer"))
    employer = session.scalar(select(Employer).where(Employer.identifier == identifier))
    while employer is not None and employer.merged_into_id is not None:
        employer = session.get_one(Employer, employer.merged_into_id)
    if employer is None:
        rights.reach(actor, right)
        raise unknown
    try:
        rights.check(actor, right, employer.scope())
    except NotFound:
        raise unknown from None
    return employer


def set_parent(
    session: Session, actor: Actor, key: str, parent: Employer | None, *, now: datetime
) -> Employer:
    """Makes an employer a branch of another, or of none. Raises NotAllowed, NotFound, or Invalid when
    it would be its own head, near or far."""
    employer = find_employer(session, actor, key, right="employers.edit")
    above = parent
    while above is not None:
        if above.id == employer.id:
            raise Invalid(fault("parent", "same_record"))
        above = session.get(Employer, above.parent_id) if above.parent_id else None
    employer.parent_id = parent.id if parent else None
    head = parent.key if parent else None
    journal.write(session, actor, "set_parent", employer, now=now, parent=head)
    return employer


def list_branches(session: Session, employer: Employer) -> list[Employer]:
    mine = select(Employer).where(Employer.parent_id == employer.id)
    return list(session.scalars(mine.order_by(Employer.name_order, Employer.id)))


def list_bases(session: Session, employer: Employer) -> list[Basis]:
    return list(
        session.scalars(
            select(Basis).where(Basis.employer_id == employer.id).order_by(Basis.kind, Basis.id)
        )
    )


def check_identifier(session: Session, identifier: str, *, now: datetime) -> list[Fault]:
    faults = identifiers.check_employer_number(
        identifier, today=local_day(now), allow_future=is_demonstration(session)
    )
    taken = select(Employer.id).where(Employer.identifier == identifier)
    if not faults and session.scalar(taken) is not None:
        faults.append(fault("identifier", "taken"))
    return faults


def check_fields(fields: Mapping[str, Any], *, whole: bool) -> list[Fault]:
    """What is wrong with EDITABLE fields; `whole` also asks for those that must not be missing."""
    faults = [fault(name, "unknown_field") for name in fields if name not in EDITABLE]
    needed = [n for n in ("name", "kato") if whole or n in fields]
    faults += [
        fault(name, "required") for name in needed if not str(fields.get(name) or "").strip()
    ]
    headcount = fields.get("headcount")
    if isinstance(headcount, int) and headcount < 0:
        faults.append(fault("headcount", "not_negative"))
    if fields.get("locale", "ru") not in ("kk", "ru", "en"):
        faults.append(fault("locale", "unknown_choice"))
    return faults


def _check_basis(amount: int | None, starts_on: date | None, ends_on: date | None) -> list[Fault]:
    faults = []
    if amount is not None and amount < 0:
        faults.append(fault("amount", "not_negative"))
    if starts_on and ends_on and ends_on < starts_on:
        faults.append(fault("ends_on", "before_start"))
    return faults


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise Invalid(*faults)
