"""Invitations: how the first person of an employer comes to an account, without an administrator.

Staff hand out a code once; the table keeps its keyed token only. Whoever has it chooses a login and a
password, once and before the code expires. A new invitation of an employer replaces the open ones.

A code begins with the public key of its invitation, so that wrong tries count against that one link,
from wherever they come: nobody else who shares an address has to wait, and nobody gains by having many.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota import accounts, journal
from quota.accounts import Account, NewAccount
from quota.employers import Employer, find_employer
from quota.errors import NotFound, WrongState
from quota.rights import SYSTEM, Actor, Role
from quota.sealing import keyring_of
from quota.states import INVITATION
from quota.tables import Keyed, Table, make_key

LENGTH = 24  # of 31 letters behind the key: 118 bits, nobody types it
LIFETIME = timedelta(days=14)


class DeskInvitation(Keyed, Table):
    __tablename__ = "desk_invitations"
    WORKFLOW = INVITATION

    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    state: Mapped[str] = mapped_column(String(12), default="open")
    issued_at: Mapped[datetime]
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    expires_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation that was just made: `text` is known here and nowhere else."""

    text: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Choice:
    """What the person invited chooses."""

    login: str
    password: str
    name: str
    locale: str = "kk"


@dataclass(frozen=True, slots=True)
class Knock:
    """Whose door a code opens, or how many seconds to wait before the next try."""

    invitation: DeskInvitation | None
    wait_seconds: int = 0


def invite(session: Session, actor: Actor, employer_key: str, *, now: datetime) -> Invited:
    """Makes a code for the employer and ends its open ones. Raises NotAllowed, NotFound, or WrongState
    for a record merged into another."""
    employer = find_employer(session, actor, employer_key, right="desk.manage")
    if employer.merged_into_id is not None:
        raise WrongState("merged", noun="employer")
    for older in list_invitations(session, employer):
        if older.state == "open":
            journal.move(session, actor, older, "withdraw", now=now, reason="replaced")
    key = make_key()
    text = key + make_key(LENGTH)
    invitation = DeskInvitation(
        key=key,
        employer_id=employer.id,
        token=_token(session, text),
        state="open",
        issued_at=now,
        issued_by=actor.account_id,
        expires_at=now + LIFETIME,
    )
    session.add(invitation)
    session.flush()
    journal.write(session, actor, "issue", invitation, now=now, employer=employer.key)
    return Invited(text, invitation.expires_at)


def withdraw_invitation(
    session: Session, actor: Actor, employer_key: str, key: str, *, now: datetime
) -> DeskInvitation:
    """Ends an open code. Raises NotAllowed, NotFound or WrongState."""
    employer = find_employer(session, actor, employer_key, right="desk.manage")
    found = [one for one in list_invitations(session, employer) if one.key == key]
    if not found:
        raise NotFound("not_found")
    journal.move(session, actor, found[0], "withdraw", now=now)
    return found[0]


def knock(session: Session, text: str, *, now: datetime) -> Knock:
    """Looks a code up. A wrong one counts against the invitation that it names, at which everybody has
    to wait after a few: the caller keeps the try, so this is an answer and no refusal."""
    key = text.strip().casefold()[:-LENGTH]
    invitation = session.scalar(
        select(DeskInvitation).where(
            DeskInvitation.key == key,
            DeskInvitation.state == "open",
            DeskInvitation.expires_at > now,
        )
    )
    if invitation is None:
        return Knock(None)
    door = f"invitation {key}"
    if wait := accounts.seconds_to_wait(session, door, now=now):
        return Knock(None, wait)
    if hmac.compare_digest(invitation.token, _token(session, text)):
        return Knock(invitation)
    accounts.count_attempt(session, door, now=now)
    return Knock(None)


def accept_invitation(
    session: Session, invitation: DeskInvitation, chosen: Choice, *, now: datetime
) -> Account:
    """Opens the employer's account and uses the invitation up. Raises WrongState when somebody was
    faster, or Invalid with every faulty field."""
    INVITATION.next(invitation.state, "accept")
    new = NewAccount(
        chosen.login,
        chosen.password,
        Role.EMPLOYER,
        chosen.name,
        employer_id=invitation.employer_id,
        locale=chosen.locale,
    )
    account = accounts.open_account(session, SYSTEM, new, now=now)
    actor = accounts.actor_of(session, account)
    journal.move(session, actor, invitation, "accept", now=now, account_id=account.id)
    return account


def list_invitations(session: Session, employer: Employer) -> list[DeskInvitation]:
    """Newest first. Rights are the caller's."""
    mine = select(DeskInvitation).where(DeskInvitation.employer_id == employer.id)
    return list(
        session.scalars(mine.order_by(DeskInvitation.issued_at.desc(), DeskInvitation.id.desc()))
    )


def _token(session: Session, text: str) -> str:
    return keyring_of(session).token("invitation", text.strip().casefold())
