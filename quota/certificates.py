"""Certificates: what an employer has done for its pledge, frozen on a day, under a code anyone can verify.

The open page tells whether a code is true and of which day, and nothing of the employer.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota import journal, rights
from quota.compliance import tally_employer
from quota.employers import Basis, BasisKind, Employer
from quota.errors import Invalid, NotFound, WrongState, fault
from quota.memoranda import Memorandum
from quota.rights import Actor
from quota.slots import Source
from quota.tables import Keyed, Table, make_key

_PUBLIC_MONEY = (BasisKind.PROCUREMENT.value, BasisKind.SUBSIDY.value)


class Certificate(Keyed, Table):
    """`figures` is a Record as it stood when the certificate was issued."""

    __tablename__ = "certificates"

    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    issued_at: Mapped[datetime]
    annulled_at: Mapped[datetime | None]
    figures: Mapped[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Record:
    """From public money to working days: tenge received, places pledged and owed, filled, days worked."""

    money: int
    pledged: int
    owed_by_decree: int
    filled: int
    days: int


def read_record(session: Session, employer: Employer, *, now: datetime) -> Record:
    """The employer's line of today. The caller has checked that the employer may be read."""
    money = select(func.coalesce(func.sum(Basis.amount), 0)).where(
        Basis.employer_id == employer.id, Basis.kind.in_(_PUBLIC_MONEY)
    )
    pledged = select(func.coalesce(func.sum(Memorandum.pledged), 0)).where(
        Memorandum.employer_id == employer.id, Memorandum.state == "active"
    )
    tallies = tally_employer(session, employer.id, now=now)
    return Record(
        money=int(session.scalar(money) or 0),
        pledged=int(session.scalar(pledged) or 0),
        owed_by_decree=tallies[Source.DECREE].owed,
        filled=sum(tally.filled_at_end for tally in tallies.values()),
        days=sum(tally.days for tally in tallies.values()),
    )


def issue_certificate(
    session: Session, actor: Actor, employer: Employer, *, now: datetime
) -> Certificate:
    """Freezes the employer's line under a new code. Raises NotAllowed or NotFound."""
    rights.check(actor, "employers.edit", employer.scope())
    figures = asdict(read_record(session, employer, now=now))
    certificate = Certificate(
        employer_id=employer.id, code=make_key(12), issued_at=now, figures=figures
    )
    session.add(certificate)
    session.flush()
    journal.write(session, actor, "issue", certificate, now=now, employer=employer.key)
    return certificate


def annul_certificate(
    session: Session, actor: Actor, key: str, *, reason: str, now: datetime
) -> Certificate:
    """Makes a certificate untrue. Raises NotAllowed, NotFound, Invalid without a reason or WrongState."""
    certificate = find_certificate(session, actor, key, right="employers.edit")
    if not reason.strip():
        raise Invalid(fault("reason", "required"))
    if certificate.annulled_at is not None:
        raise WrongState("already_closed", noun="certificate")
    certificate.annulled_at = now
    journal.write(session, actor, "annul", certificate, now=now, reason=reason.strip())
    return certificate


def find_certificate(
    session: Session, actor: Actor, key: str, *, right: str = "employers.read"
) -> Certificate:
    """The certificate with this key. Raises NotAllowed, or NotFound also when out of reach."""
    certificate = session.scalar(select(Certificate).where(Certificate.key == key))
    if certificate is None:
        raise NotFound("not_found")
    rights.check(actor, right, session.get_one(Employer, certificate.employer_id).scope())
    return certificate


def list_certificates(session: Session, employer: Employer) -> list[Certificate]:
    mine = select(Certificate).where(Certificate.employer_id == employer.id)
    return list(session.scalars(mine.order_by(Certificate.issued_at.desc(), Certificate.id.desc())))


def verify_code(session: Session, code: str) -> datetime | None:
    """When the certificate of this code was issued, or None when there is none in force. Open to all."""
    return session.scalar(
        select(Certificate.issued_at).where(
            Certificate.code == code.strip().lower(), Certificate.annulled_at.is_(None)
        )
    )
