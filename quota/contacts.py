"""Contacts: the people of an employer whom the centre talks to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota import journal, rights
from quota.employers import Employer
from quota.errors import Invalid, NotFound, WrongState, fault
from quota.rights import Actor
from quota.tables import Keyed, Table


class Contact(Keyed, Table):
    """Somebody to call. `gone_at` tells since when the person is no longer the one to call."""

    __tablename__ = "contacts"

    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    post: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(60), default="")
    email: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    gone_at: Mapped[datetime | None]


EDITABLE = ("name", "post", "phone", "email", "note")


def add_contact(
    session: Session, actor: Actor, employer: Employer, fields: Mapping[str, Any], *, now: datetime
) -> Contact:
    """Adds a person with EDITABLE fields; the name is needed. Raises NotAllowed, NotFound or Invalid."""
    rights.check(actor, "contacts.edit", employer.scope())
    _refuse(fields)
    contact = Contact(employer_id=employer.id, **fields)
    session.add(contact)
    session.flush()
    journal.write(session, actor, "add", contact, now=now, employer=employer.key)
    return contact


def change_contact(
    session: Session, actor: Actor, key: str, fields: Mapping[str, Any], *, now: datetime
) -> Contact:
    """Changes some EDITABLE fields. Raises NotAllowed, NotFound or Invalid."""
    contact = find_contact(session, actor, key)
    _refuse({"name": contact.name, **fields})
    changed = sorted(name for name in fields if getattr(contact, name) != fields[name])
    for name in changed:
        setattr(contact, name, fields[name])
    if changed:
        journal.write(session, actor, "change", contact, now=now, fields=changed)
    return contact


def dismiss_contact(session: Session, actor: Actor, key: str, *, now: datetime) -> Contact:
    """Marks a person as gone; old meetings keep the name. Raises NotAllowed, NotFound or WrongState."""
    contact = find_contact(session, actor, key)
    if contact.gone_at is not None:
        raise WrongState("already_closed", noun="contact")
    contact.gone_at = now
    journal.write(session, actor, "dismiss", contact, now=now)
    return contact


def recall_contact(session: Session, actor: Actor, key: str, *, now: datetime) -> Contact:
    """Undoes a dismissal. Raises NotAllowed, NotFound or WrongState."""
    contact = find_contact(session, actor, key)
    if contact.gone_at is None:
        raise WrongState("already_open", noun="contact")
    contact.gone_at = None
    journal.write(session, actor, "recall", contact, now=now)
    return contact


def find_contact(session: Session, actor: Actor, key: str) -> Contact:
    """The person with this key, for change. Raises NotAllowed, or NotFound also when out of reach."""
    contact = session.scalar(select(Contact).where(Contact.key == key))
    if contact is None:
        raise NotFound("not_found")
    rights.check(actor, "contacts.edit", session.get_one(Employer, contact.employer_id).scope())
    return contact


def list_contacts(session: Session, actor: Actor, employer: Employer) -> list[Contact]:
    """Those to call now first. Raises NotAllowed or NotFound."""
    rights.check(actor, "contacts.read", employer.scope())
    order = (Contact.gone_at.is_not(None), Contact.id)
    mine = select(Contact).where(Contact.employer_id == employer.id)
    return list(session.scalars(mine.order_by(*order)))


def find_addresses(session: Session, employer: Employer) -> tuple[str, str]:
    """E-mail and telephone: the employer's own, else those of the first contact who has one; "" for
    none. For messages: rights are the caller's."""
    people = session.scalars(
        select(Contact)
        .where(Contact.employer_id == employer.id, Contact.gone_at.is_(None))
        .order_by(Contact.id)
    ).all()
    emails = [employer.contact_email, *(one.email for one in people)]
    phones = [employer.contact_phone, *(one.phone for one in people)]
    return next(filter(None, emails), ""), next(filter(None, phones), "")


def _refuse(fields: Mapping[str, Any]) -> None:
    faults = [fault(name, "unknown_field") for name in fields if name not in EDITABLE]
    if not str(fields.get("name") or "").strip():
        faults.append(fault("name", "required"))
    if faults:
        raise Invalid(*faults)
