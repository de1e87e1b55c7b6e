"""Evidence: papers that prove what an employer reported, with the file kept by `attachments`.

A paper is about the employer, or about one of its slots; `about_key` names what an upper room knows
of it, such as a placement, and says nothing here. Staff accept it or return it with a reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota import attachments, journal, rights
from quota.attachments import Upload
from quota.calendar import local_day
from quota.employers import Employer
from quota.errors import Fault, Invalid, NotFound, fault
from quota.rights import Actor
from quota.slots import Slot
from quota.states import EVIDENCE
from quota.tables import Code, Keyed, Table


class Kind(StrEnum):
    CONTRACT = "contract"
    ORDER = "order"
    PAYROLL = "payroll"
    PENSION = "pension"
    TIMESHEET = "timesheet"
    OTHER = "other"


class Evidence(Keyed, Table):
    """`on` is the paper's own date, `reason` why staff returned it."""

    __tablename__ = "evidence"
    WORKFLOW = EVIDENCE

    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("slots.id"), index=True)
    about_key: Mapped[str | None] = mapped_column(String(16), index=True)
    kind: Mapped[Code]
    on: Mapped[date]
    note: Mapped[str] = mapped_column(String(500), default="")
    state: Mapped[str] = mapped_column(String(12), default="sent", index=True)
    sent_at: Mapped[datetime]
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    judged_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(300), default="")


@dataclass(frozen=True, slots=True)
class Paper:
    """What is sent in: of which kind and day, about which slot if any, with the file."""

    kind: Kind
    on: date
    upload: Upload
    note: str = ""
    slot: Slot | None = None
    about_key: str | None = None


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    key: str
    employer_key: str
    employer_name: str
    kind: str
    on: date
    state: str
    sent_at: datetime
    reason: str


def send_evidence(
    session: Session, actor: Actor, employer: Employer, paper: Paper, *, folder: Path, now: datetime
) -> Evidence:
    """Takes a paper in and stores its file in `folder`. Raises NotAllowed, NotFound (a slot of another
    employer among them), or Invalid with every faulty field."""
    rights.check(actor, "evidence.send", employer.scope())
    if paper.slot is not None and paper.slot.employer_id != employer.id:
        raise NotFound("not_found")
    faults = _find_faults(paper, local_day(now))
    if faults:
        raise Invalid(*faults)
    evidence = Evidence(
        employer_id=employer.id,
        slot_id=paper.slot.id if paper.slot else None,
        about_key=paper.about_key,
        kind=paper.kind.value,
        on=paper.on,
        note=paper.note.strip(),
        state="sent",
        sent_at=now,
        sent_by=actor.account_id,
    )
    session.add(evidence)
    session.flush()
    journal.write(session, actor, "send", evidence, now=now, kind=evidence.kind)
    attachments.attach(session, actor, evidence, paper.upload, folder=folder, now=now)
    return evidence


def accept_evidence(session: Session, actor: Actor, key: str, *, now: datetime) -> Evidence:
    """The paper proves what it should. Raises NotAllowed, NotFound or WrongState."""
    evidence = find_evidence(session, actor, key, right="evidence.judge")
    journal.move(session, actor, evidence, "accept", now=now, judged_at=now)
    return evidence


def return_evidence(
    session: Session, actor: Actor, key: str, *, reason: str, now: datetime
) -> Evidence:
    """The paper proves nothing, with the reason. Raises NotAllowed, NotFound, Invalid or WrongState."""
    evidence = find_evidence(session, actor, key, right="evidence.judge")
    reason = reason.strip()
    if not reason:
        raise Invalid(fault("reason", "required"))
    evidence.reason = reason
    journal.move(session, actor, evidence, "send_back", now=now, reason=reason, judged_at=now)
    return evidence


def undo_judgement(session: Session, actor: Actor, key: str, *, now: datetime) -> Evidence:
    """The paper waits again. Raises NotAllowed, NotFound or WrongState."""
    evidence = find_evidence(session, actor, key, right="evidence.judge")
    evidence.reason = ""
    journal.move(session, actor, evidence, "undo", now=now, judged_at=None)
    return evidence


def withdraw_evidence(session: Session, actor: Actor, key: str, *, now: datetime) -> Evidence:
    """Sent by mistake: the sender takes it back before it is looked at, and nobody reads its file any
    more. Raises NotAllowed, NotFound or WrongState."""
    evidence = find_evidence(session, actor, key, right="evidence.send")
    journal.move(session, actor, evidence, "withdraw", now=now)
    for file in attachments.list_attachments(session, evidence):
        attachments.detach(session, actor, evidence, file.key, reason="withdrawn", now=now)
    return evidence


def close_evidence(
    session: Session, actor: Actor, about_keys: Sequence[str], *, now: datetime
) -> int:
    """Takes the files and notes of all papers about these records out of everybody's reach, for an
    erased person; returns how many papers. Rights are the caller's."""
    found = session.scalars(
        select(Evidence).where(Evidence.about_key.in_(about_keys)).order_by(Evidence.id)
    ).all()
    for paper in found:
        paper.note = ""
        attachments.erase(session, actor, paper, now=now)
    session.flush()
    return len(found)


def find_evidence(
    session: Session, actor: Actor, key: str, *, right: str = "evidence.read"
) -> Evidence:
    """The evidence with this key. Raises NotAllowed, or NotFound also when out of reach."""
    rights.reach(actor, right)
    evidence = session.scalar(select(Evidence).where(Evidence.key == key))
    if evidence is None:
        raise NotFound("not_found")
    rights.check(actor, right, session.get_one(Employer, evidence.employer_id).scope())
    return evidence


def read_content(
    session: Session, actor: Actor, key: str, *, folder: Path, now: datetime
) -> tuple[str, str, bytes]:
    """(name, media type, bytes) of the file, and an entry of the journal. Raises NotAllowed or NotFound."""
    evidence = find_evidence(session, actor, key)
    files = attachments.list_attachments(session, evidence)
    if not files:
        raise NotFound("file_missing")
    content = attachments.read_file(files[0], folder=folder)
    journal.write(session, actor, "view", evidence, now=now)
    return attachments.name_file(files[0]), files[0].media_type, content


def list_evidence(
    session: Session, actor: Actor, *, states: Sequence[str], limit: int = 200
) -> list[EvidenceRow]:
    """Papers within reach in these states, the newest first; one query. Raises NotAllowed."""
    statement = rights.limit(
        select(Evidence, Employer)
        .join(Employer, Employer.id == Evidence.employer_id)
        .where(Evidence.state.in_(states)),
        actor,
        "evidence.read",
        centre=Employer.centre_id,
        employer=Employer.id,
        territory=Employer.territory,
    )
    order = (Evidence.sent_at.desc(), Evidence.id.desc())
    return [
        EvidenceRow(e.key, firm.key, firm.name, e.kind, e.on, e.state, e.sent_at, e.reason)
        for e, firm in session.execute(statement.order_by(*order).limit(limit))
    ]


def _find_faults(paper: Paper, today: date) -> list[Fault]:
    faults = []
    if paper.on > today:
        faults.append(fault("on", "date_in_future"))
    try:
        attachments.read_media_type(paper.upload.content)
    except Invalid as refusal:
        faults += refusal.faults
    return faults
