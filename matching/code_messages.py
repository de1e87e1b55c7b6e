"""Personal codes by SMS: somebody asks, and the code is made in the moment in which it is sent.

So a code lies in no row of the outbox, not even sealed: each try makes a new one, and ends the one that
did not arrive.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching import codes, outbox
from matching.candidates import Candidate, find_candidate, need_open
from matching.codes import PersonalCode, Purpose
from matching.identities import read_persons
from matching.outbox import Outgoing
from quota import journal
from quota.centres import Centre
from quota.errors import WrongState
from quota.rights import SYSTEM, Actor


class CodeMessage(Outgoing):
    """That a code was asked for; `code` is its purpose, never the code itself."""

    __tablename__ = "code_messages"

    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


@dataclass(frozen=True, slots=True)
class CodeText:
    """What the text is written from, and where it goes. It is held in memory alone."""

    key: str
    purpose: str
    locale: str
    phone: str
    personal_code: str
    expires_at: datetime
    centre: dict[str, str]
    centre_phone: str


def ask(
    session: Session, actor: Actor, key: str, purpose: Purpose, *, now: datetime
) -> CodeMessage:
    """Has a code sent to the person's telephone; one that waits already stands for it.

    Raises NotAllowed, NotFound, or WrongState for a record that is closed or without a telephone.
    """
    candidate = find_candidate(session, actor, key, right="codes.issue")
    need_open(candidate)
    if not _phone_of(session, candidate):
        raise WrongState("no_phone", noun="candidate")
    waiting = next((m for m in _list(session, candidate) if m.state == "waits"), None)
    if waiting is not None and waiting.code == purpose:
        return waiting
    message = CodeMessage(
        candidate_id=candidate.id,
        code=purpose.value,
        asked_by=actor.account_id,
        due_at=now,
        made_at=now,
    )
    session.add(message)
    session.flush()
    journal.write(session, actor, "send_code", candidate, now=now, purpose=purpose.value)
    return message


def compose(session: Session, key: str, *, now: datetime) -> CodeText | None:
    """Claims the message and makes the code that it carries.

    None when another timer has it, or when it lost its point (record closed, telephone gone, a slip
    printed since) and was dropped.
    """
    message = outbox.claim(session, CodeMessage, key, now=now)
    if message is None:
        return None
    candidate = session.get_one(Candidate, message.candidate_id)
    phone = _phone_of(session, candidate)
    if not phone or _is_closed(candidate) or _slip_since(session, message):
        outbox.drop(session, message, now=now)
        return None
    issued = codes.issue_code(session, SYSTEM, candidate.key, Purpose(message.code), now=now)
    centre = session.get_one(Centre, candidate.centre_id)
    return CodeText(
        key=key,
        purpose=message.code,
        locale=candidate.language,
        phone=phone,
        personal_code=issued.text,
        expires_at=issued.expires_at,
        centre=centre.names(),
        centre_phone=centre.phone,
    )


def last_of(session: Session, candidate: Candidate) -> CodeMessage | None:
    """The message asked for last. Rights are the caller's."""
    return next(iter(_list(session, candidate)), None)


def _list(session: Session, candidate: Candidate) -> list[CodeMessage]:
    mine = select(CodeMessage).where(CodeMessage.candidate_id == candidate.id)
    return list(session.scalars(mine.order_by(CodeMessage.id.desc())))


def _phone_of(session: Session, candidate: Candidate) -> str:
    person = read_persons(session, [candidate.id]).get(candidate.id)
    return (person.phone or "") if person else ""


def _is_closed(candidate: Candidate) -> bool:
    return any((candidate.blocked_at, candidate.erased_at, candidate.merged_into_id))


def _slip_since(session: Session, message: CodeMessage) -> bool:
    """Whether somebody handed out a code of this purpose meanwhile: the person has that one."""
    slip = select(PersonalCode.id).where(
        PersonalCode.candidate_id == message.candidate_id,
        PersonalCode.purpose == message.code,
        PersonalCode.issued_by.is_not(None),
        PersonalCode.issued_at >= message.made_at,
    )
    return session.scalar(slip.limit(1)) is not None
