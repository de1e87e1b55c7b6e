"""Certificates: what an employer has done for its pledge, frozen on a day, under a code anyone can verify.

The open page tells whether a code is true and of which day, and nothing of the employer.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota import journal, rights
from quota.compliance import employers_in_reach, tally_employers
from quota.employers import Basis, BasisKind, Employer
from quota.errors import Invalid, NotFound, WrongState, fault
from quota.memoranda import Memorandum
from quota.rights import Actor
from quota.slots import Source
from quota.spelling import order_key
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


@dataclass(frozen=True, slots=True)
class PledgeLine:
    """An employer's Record as a report shows it."""

    employer_key: str
    employer_name: str
    identifier: str
    district_kato: str
    record: Record


def read_record(session: Session, employer: Employer, *, now: datetime) -> Record:
    """The employer's line of today. The caller has checked that the employer may be read."""
    return _read_records(session, [employer.id], now=now)[employer.id]


def list_pledges(session: Session, actor: Actor, *, now: datetime) -> list[PledgeLine]:
    """The line of every employer within reach that has had public money or places, the most money
    first, in five queries. Raises NotAllowed."""
    employers = employers_in_reach(session, actor)
    records = _read_records(session, list(employers), now=now)
    lines = [
        PledgeLine(e.key, e.name, e.identifier, district or e.kato, records[e.id])
        for e, district in employers.values()
        if any(asdict(records[e.id]).values())
    ]
    return sorted(lines, key=lambda line: (-line.record.money, order_key(line.employer_name)))


def _read_records(
    session: Session, employer_ids: Sequence[int], *, now: datetime
) -> dict[int, Record]:
    money = select(Basis.employer_id, func.sum(Basis.amount)).where(
        Basis.employer_id.in_(employer_ids), Basis.kind.in_(_PUBLIC_MONEY)
    )
    pledged = select(Memorandum.employer_id, func.sum(Memorandum.pledged)).where(
        Memorandum.employer_id.in_(employer_ids), Memorandum.state == "active"
    )
    received = dict(session.execute(money.group_by(Basis.employer_id)).all())
    promised = dict(session.execute(pledged.group_by(Memorandum.employer_id)).all())
    tallies = tally_employers(session, employer_ids, now=now)
    return {
        key: Record(
            money=int(received.get(key) or 0),
            pledged=int(promised.get(key) or 0),
            owed_by_decree=tallies[key][Source.DECREE].owed,
            filled=sum(tally.filled_at_end for tally in tallies[key].values()),
            days=sum(tally.days for tally in tallies[key].values()),
        )
        for key in employer_ids
    }


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
