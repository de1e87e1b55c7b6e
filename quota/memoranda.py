"""Memoranda: an employer's signed pledge of places. A recommendation, not a quota."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota import journal, rights
from quota.employers import Employer
from quota.errors import Invalid, NotFound, fault
from quota.rights import Actor
from quota.states import MEMORANDUM
from quota.tables import Keyed, Table


class Memorandum(Keyed, Table):
    __tablename__ = "memoranda"
    WORKFLOW = MEMORANDUM

    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    basis_id: Mapped[int | None] = mapped_column(ForeignKey("bases.id"))
    number: Mapped[str] = mapped_column(String(60))
    signed_on: Mapped[date]
    ends_on: Mapped[date | None]
    parties: Mapped[str] = mapped_column(String(500), default="")
    pledged: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="draft")


def add_memorandum(
    session: Session, actor: Actor, employer: Employer, memorandum: Memorandum, *, now: datetime
) -> Memorandum:
    """Enters a draft. Raises NotAllowed, NotFound, or Invalid with every faulty field."""
    rights.check(actor, "memoranda.edit", employer.scope())
    faults = []
    if not memorandum.number.strip():
        faults.append(fault("number", "required"))
    if memorandum.pledged < 1:
        faults.append(fault("pledged", "at_least", least=1))
    if memorandum.ends_on and memorandum.ends_on < memorandum.signed_on:
        faults.append(fault("ends_on", "before_start"))
    if faults:
        raise Invalid(*faults)
    memorandum.employer_id = employer.id
    memorandum.state = "draft"
    session.add(memorandum)
    session.flush()
    journal.write(session, actor, "add", memorandum, now=now, pledged=memorandum.pledged)
    return memorandum


def find_memorandum(
    session: Session, actor: Actor, key: str, *, right: str = "memoranda.read"
) -> Memorandum:
    """The memorandum with this key. Raises NotAllowed, or NotFound also when out of reach."""
    row = session.execute(
        select(Memorandum, Employer)
        .join(Employer, Employer.id == Memorandum.employer_id)
        .where(Memorandum.key == key)
    ).one_or_none()
    if row is None:
        raise NotFound("not_found")
    rights.check(actor, right, row[1].scope())
    return row[0]


def list_memoranda(session: Session, employer: Employer) -> list[Memorandum]:
    return list(
        session.scalars(
            select(Memorandum)
            .where(Memorandum.employer_id == employer.id)
            .order_by(Memorandum.signed_on.desc(), Memorandum.id)
        )
    )
