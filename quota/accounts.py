"""Accounts: opened, closed and reset by an administrator; passwords with argon2; guessing slowed down."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import ForeignKey, String, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota import journal, rights
from quota.centres import Body, Centre
from quota.errors import Fault, Invalid, NotFound, WrongState, fault
from quota.rights import ACCOUNT_ROLES, Actor, Role, Scope
from quota.tables import Keyed, Table

MIN_PASSWORD = 10
FREE_ATTEMPTS = 5
ATTEMPT_WINDOW = timedelta(minutes=15)
# OWASP's second recommended argon2id setting: 19 MiB, two passes.
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_NOBODY = _hasher.hash("nobody signs in with this")
_CENTRE_ROLES = (Role.STAFF,)


class Account(Keyed, Table):
    __tablename__ = "accounts"

    login: Mapped[str] = mapped_column(String(60), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(2), default="kk")
    centre_id: Mapped[int | None] = mapped_column(ForeignKey("centres.id"))
    body_id: Mapped[int | None] = mapped_column(ForeignKey("bodies.id"))
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employers.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class SignInAttempt(Table):
    """A failed sign-in; the login is kept as a hash, since people type passwords there."""

    __tablename__ = "sign_in_attempts"

    login_hash: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What an administrator fills in; exactly one of the three homes, by role."""

    login: str
    password: str
    role: Role
    name: str
    centre_id: int | None = None
    body_id: int | None = None
    employer_id: int | None = None
    locale: str = "kk"


@dataclass(frozen=True, slots=True)
class SignIn:
    """The outcome of a sign-in: an account, or how many seconds to wait before the next try."""

    account: Account | None
    wait_seconds: int = 0


def open_account(session: Session, actor: Actor, new: NewAccount, *, now: datetime) -> Account:
    """Opens an account. Raises NotAllowed, or Invalid with every faulty field."""
    rights.check(actor, "accounts.manage", Scope())
    faults = _find_faults(session, new)
    if faults:
        raise Invalid(*faults)
    account = Account(
        login=_normal_login(new.login),
        password_hash=_hasher.hash(new.password),
        role=new.role.value,
        name=new.name.strip(),
        locale=new.locale,
        centre_id=new.centre_id,
        body_id=new.body_id,
        employer_id=new.employer_id,
        opened_at=now,
    )
    session.add(account)
    session.flush()
    journal.write(session, actor, "open", account, now=now, role_given=new.role.value)
    return account


def close_account(
    session: Session, actor: Actor, key: str, *, reason: str, now: datetime
) -> Account:
    """Closes an open account at once. Raises NotAllowed, NotFound, or WrongState if already closed
    or if it is the actor's own."""
    rights.check(actor, "accounts.manage", Scope())
    account = find_account(session, key)
    if account.id == actor.account_id:
        raise WrongState("own_account", noun="account")
    if account.closed_at is not None:
        raise WrongState("already_closed", noun="account")
    account.closed_at = now
    journal.write(session, actor, "close", account, now=now, reason=reason)
    return account


def reopen_account(
    session: Session, actor: Actor, key: str, *, reason: str, now: datetime
) -> Account:
    """Undoes a closing. Raises NotAllowed, NotFound, or WrongState if it is open."""
    rights.check(actor, "accounts.manage", Scope())
    account = find_account(session, key)
    if account.closed_at is None:
        raise WrongState("already_open", noun="account")
    account.closed_at = None
    journal.write(session, actor, "reopen", account, now=now, reason=reason)
    return account


def reset_password(
    session: Session, actor: Actor, key: str, password: str, *, now: datetime
) -> Account:
    """Sets a new password and forgets failed attempts. Raises NotAllowed, NotFound or Invalid."""
    rights.check(actor, "accounts.manage", Scope())
    account = find_account(session, key)
    if len(password) < MIN_PASSWORD:
        raise Invalid(fault("password", "too_short", least=MIN_PASSWORD))
    account.password_hash = _hasher.hash(password)
    _forget_attempts(session, account.login)
    journal.write(session, actor, "reset_password", account, now=now)
    return account


def choose_locale(session: Session, actor: Actor, locale: str) -> None:
    """Remembers the language in which the actor reads."""
    session.execute(update(Account).where(Account.id == actor.account_id).values(locale=locale))


def sign_in(session: Session, login: str, password: str, *, now: datetime) -> SignIn:
    """Checks a login and password. Returns no account for a wrong pair or a closed account, and the
    seconds still to wait after too many failures within a quarter of an hour, growing with each."""
    login = _normal_login(login)
    wait = seconds_to_wait(session, login, now=now)
    if wait > 0:
        return SignIn(None, wait)
    account = session.scalar(select(Account).where(Account.login == login))
    if _matches(account, password) and account is not None and account.closed_at is None:
        _forget_attempts(session, login)
        journal.write(session, actor_of(session, account), "sign_in", account, now=now)
        return SignIn(account)
    count_attempt(session, login, now=now)
    return SignIn(None, seconds_to_wait(session, login, now=now))


def seconds_to_wait(session: Session, login: str, *, now: datetime) -> int:
    """How long whoever tries under this name still has to wait."""
    count, last = session.execute(
        select(func.count(), func.max(SignInAttempt.at)).where(
            SignInAttempt.login_hash == _hash_login(login), SignInAttempt.at > now - ATTEMPT_WINDOW
        )
    ).one()
    if count < FREE_ATTEMPTS:
        return 0
    pause = min(2 ** (count - FREE_ATTEMPTS + 1), int(ATTEMPT_WINDOW.total_seconds()))
    return max(0, round((last + timedelta(seconds=pause) - now).total_seconds()))


def count_attempt(session: Session, login: str, *, now: datetime) -> None:
    """Notes a failed try under a name; only its hash is kept."""
    session.add(SignInAttempt(login_hash=_hash_login(login), at=now))
    session.flush()


def actor_of(session: Session, account: Account) -> Actor:
    """The actor behind an account, with the territory of its centre or body."""
    home = (
        session.get(Centre, account.centre_id)
        if account.centre_id is not None
        else session.get(Body, account.body_id)
        if account.body_id is not None
        else None
    )
    return Actor(
        role=Role(account.role),
        account_id=account.id,
        centre_id=account.centre_id,
        employer_id=account.employer_id,
        territory=home.territory if home is not None else None,
    )


def find_account(session: Session, key: str) -> Account:
    account = session.scalar(select(Account).where(Account.key == key))
    if account is None:
        raise NotFound("not_found")
    return account


def show_account(session: Session, actor: Actor, key: str) -> Account:
    """One account. Raises NotAllowed or NotFound."""
    rights.check(actor, "accounts.manage", Scope())
    return find_account(session, key)


def find_key(session: Session, login: str) -> str:
    """The key of the account with this login. Raises NotFound."""
    key = session.scalar(select(Account.key).where(Account.login == _normal_login(login)))
    if key is None:
        raise NotFound("not_found")
    return key


def list_accounts(session: Session, actor: Actor) -> list[Account]:
    """All accounts, open ones first, by login. Raises NotAllowed."""
    rights.check(actor, "accounts.manage", Scope())
    return list(
        session.scalars(select(Account).order_by(Account.closed_at.is_not(None), Account.login))
    )


def _find_faults(session: Session, new: NewAccount) -> list[Fault]:
    faults = []
    login = _normal_login(new.login)
    if not 3 <= len(login) <= 60 or any(c.isspace() for c in login):
        faults.append(fault("login", "login_shape"))
    elif session.scalar(select(Account.id).where(Account.login == login)) is not None:
        faults.append(fault("login", "taken"))
    if len(new.password) < MIN_PASSWORD:
        faults.append(fault("password", "too_short", least=MIN_PASSWORD))
    if not new.name.strip():
        faults.append(fault("name", "required"))
    if new.role not in ACCOUNT_ROLES:
        faults.append(fault("role", "unknown_choice"))
    elif home_field(new.role) != _filled_home(new):
        faults.append(fault(home_field(new.role), "one_home"))
    return faults


def count_guessed(session: Session, actor: Actor, *, now: datetime) -> int:
    """How many logins are slowed down by failed attempts at the moment. Raises NotAllowed."""
    rights.check(actor, "accounts.manage", Scope())
    logins = (
        select(SignInAttempt.login_hash)
        .where(SignInAttempt.at > now - ATTEMPT_WINDOW)
        .group_by(SignInAttempt.login_hash)
        .having(func.count() >= FREE_ATTEMPTS)
    )
    return session.scalar(select(func.count()).select_from(logins.subquery())) or 0


def home_field(role: Role) -> str:
    """Which of the three homes an account of this role has."""
    if role in _CENTRE_ROLES:
        return "centre_id"
    return "employer_id" if role is Role.EMPLOYER else "body_id"


def _filled_home(new: NewAccount) -> str | None:
    filled = [f for f in ("centre_id", "body_id", "employer_id") if getattr(new, f) is not None]
    return filled[0] if len(filled) == 1 else None


def _matches(account: Account | None, password: str) -> bool:
    # An unknown login costs the same time as a known one.
    try:
        return _hasher.verify(account.password_hash if account else _NOBODY, password)
    except VerificationError:
        return False


def _forget_attempts(session: Session, login: str) -> None:
    session.execute(delete(SignInAttempt).where(SignInAttempt.login_hash == _hash_login(login)))


def _normal_login(login: str) -> str:
    return login.strip().casefold()


def _hash_login(login: str) -> str:
    return hashlib.sha256(login.encode()).hexdigest()
