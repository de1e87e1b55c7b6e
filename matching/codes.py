"""Personal codes: how a candidate without an account opens the survey or the own page.

A code is shown once, when it is issued; the table keeps its keyed token only. A new code of one
purpose ends the older ones; a code for the survey ends when the survey is handed in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.candidates import Candidate, find_candidate, need_open
from quota import journal
from quota.errors import NotFound, WrongState
from quota.rights import Actor, Role
from quota.sealing import keyring_of
from quota.tables import Keyed, Table, make_key

# 31 letters to the 12th: 59 bits, shown in three groups of four.
LENGTH = 12


class Purpose(StrEnum):
    SURVEY = "survey"
    PAGE = "page"


LIFETIMES = {Purpose.SURVEY: timedelta(days=14), Purpose.PAGE: timedelta(days=180)}


class PersonalCode(Keyed, Table):
    __tablename__ = "personal_codes"

    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    purpose: Mapped[str] = mapped_column(String(8))
    issued_at: Mapped[datetime]
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    expires_at: Mapped[datetime]
    first_used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Issued:
    """A code that was just made: `text` is known here and nowhere else."""

    text: str
    purpose: Purpose
    expires_at: datetime


def issue_code(
    session: Session, actor: Actor, key: str, purpose: Purpose, *, now: datetime
) -> Issued:
    """Makes a code and ends the person's older ones of this purpose.

    Raises NotAllowed, NotFound, or WrongState for a blocked or erased record.
    """
    candidate = find_candidate(session, actor, key, right="codes.issue")
    need_open(candidate)
    end_codes(session, actor, candidate, purpose, reason="replaced", now=now)
    text = make_key(LENGTH)
    code = PersonalCode(
        candidate_id=candidate.id,
        token=_token(session, text),
        purpose=purpose.value,
        issued_at=now,
        issued_by=actor.account_id,
        expires_at=now + LIFETIMES[purpose],
    )
    session.add(code)
    session.flush()
    journal.write(session, actor, "issue_code", candidate, now=now, purpose=purpose.value)
    return Issued(text, purpose, code.expires_at)


def revoke_codes(
    session: Session, actor: Actor, key: str, purpose: Purpose, *, now: datetime
) -> int:
    """Ends the person's codes of a purpose. Raises NotAllowed, NotFound, or WrongState if there is none."""
    candidate = find_candidate(session, actor, key, right="codes.issue")
    ended = end_codes(session, actor, candidate, purpose, reason="revoked", now=now)
    if not ended:
        raise WrongState("no_code", noun="code")
    return ended


def end_codes(
    session: Session,
    actor: Actor,
    candidate: Candidate,
    purpose: Purpose,
    *,
    reason: str,
    now: datetime,
) -> int:
    """Ends what is open and tells how many. Rights are the caller's."""
    open_codes = list_codes(session, candidate, now=now)
    ended = [code for code in open_codes if code.purpose == purpose]
    for code in ended:
        code.ended_at = now
    if ended:
        journal.write(session, actor, "end_code", candidate, now=now, reason=reason)
    return len(ended)


def enter(session: Session, text: str, *, now: datetime) -> tuple[Actor, Candidate, Purpose]:
    """Who stands behind a code, as the candidate who acts on the own record.

    Raises NotFound for a code that is unknown, ended or expired, or whose record is closed.
    """
    code = session.scalar(
        select(PersonalCode).where(
            PersonalCode.token == _token(session, text),
            PersonalCode.ended_at.is_(None),
            PersonalCode.expires_at > now,
        )
    )
    candidate = session.get_one(Candidate, code.candidate_id) if code else None
    if code is None or candidate is None or candidate.erased_at or candidate.merged_into_id:
        raise NotFound("no_such_code")
    actor = Actor(Role.CANDIDATE, candidate_id=candidate.id)
    return actor, candidate, Purpose(code.purpose)


def mark_used(session: Session, actor: Actor, text: str, *, now: datetime) -> None:
    """Notes the first use of a code. Raises NotFound."""
    code = session.scalar(select(PersonalCode).where(PersonalCode.token == _token(session, text)))
    if code is None or code.candidate_id != actor.candidate_id:
        raise NotFound("no_such_code")
    code.first_used_at = code.first_used_at or now


def list_codes(session: Session, candidate: Candidate, *, now: datetime) -> list[PersonalCode]:
    """The open codes of a person, newest first. Rights are the caller's."""
    return list(
        session.scalars(
            select(PersonalCode)
            .where(
                PersonalCode.candidate_id == candidate.id,
                PersonalCode.ended_at.is_(None),
                PersonalCode.expires_at > now,
            )
            .order_by(PersonalCode.issued_at.desc(), PersonalCode.id.desc())
        )
    )


def tidy(text: str) -> str:
    """A code as it was issued: people type what is printed in groups, in any case."""
    return "".join(c for c in text.casefold() if c.isalnum())


def _token(session: Session, text: str) -> str:
    return keyring_of(session).token("code", tidy(text))
