"""Policies: named, dated orders of goals, each recorded by a person with a reason, and chosen for a round.

A recorded policy never changes; whoever wants another records another. A round keeps a copy of the
one it uses.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ForeignKey, Select, String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.engine.policy import (
    MOST_POINTS,
    SHARES,
    STANDARD,
    TIERS,
    Policy,
    make_policy,
    numbers_of,
    out_of_range,
)
from matching.engine.policy import range_of as range_of
from matching.engine.records import canonical, from_json
from matching.engine.rules import RULES
from matching.rounds import Round, find_round
from quota import journal, rights
from quota.calendar import local_day
from quota.errors import Fault, Invalid, NotFound, WrongState, fault
from quota.rights import Actor, Scope
from quota.tables import Keyed, Table

CHOSEN_IN = ("draft", "failed", "cancelled")  # a solved round takes another order with its plan
NAME_LENGTH, REASON_LENGTH = 80, 500
GOALS, RANKS = TIERS, SHARES


class StoredPolicy(Keyed, Table):
    """`content` is the engine's Policy as a dictionary; without a centre it is everybody's. `copied_id` is
    the policy it was written from."""

    __tablename__ = "policies"

    centre_id: Mapped[int | None] = mapped_column(ForeignKey("centres.id"), index=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    since: Mapped[date]
    content: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH), default="")
    copied_id: Mapped[int | None] = mapped_column(ForeignKey("policies.id"))
    chosen_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    chosen_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A policy as lists show it: its goals, the first one first, its numbers by name (see the engine's
    `numbers_of`), and the key of the policy it was copied from."""

    key: str
    name: str
    since: date
    reason: str
    chosen_at: datetime
    goals: tuple[str, ...]
    numbers: Mapping[str, int | None]
    copied: str | None


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order of goals as somebody wishes it, with every number of the policy, and the key of the policy
    it was written from ("" for none)."""

    name: str
    since: date
    reason: str
    goals: tuple[str, ...]
    numbers: Mapping[str, int | None]
    copied: str = ""


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A hard rule, which no policy changes: its code, the neutral code of its reasons, and the legal act it
    follows ("" where the office's, the employer's or the person's own word stands behind it)."""

    code: str
    shown_as: str
    act: str


def list_rules() -> list[RuleRow]:
    """What bars a person from a job, in the order it is looked at."""
    return [RuleRow(rule.code, rule.shown_as, rule.act) for rule in RULES.values()]


def load_policies(session: Session) -> None:
    """Adds the order an office starts with, if the table lacks it."""
    if session.scalar(select(StoredPolicy.id).where(StoredPolicy.centre_id.is_(None))):
        return
    since = date.fromisoformat(STANDARD.since)
    begun = datetime.combine(since, time(), UTC)
    session.add(
        StoredPolicy(name=STANDARD.name, since=since, content=asdict(STANDARD), chosen_at=begun)
    )
    session.flush()


def record_policy(
    session: Session,
    actor: Actor,
    policy: Policy,
    *,
    centre_id: int,
    now: datetime,
    copied: StoredPolicy | None = None,
) -> StoredPolicy:
    """Records a policy for a centre; `policy.since` is the day from which it can be chosen, `copied` the one
    it was written from.

    Raises NotAllowed, NotFound, or Invalid (a name taken, no reason, goals twice or unknown, a number
    out of range).
    """
    rights.check(actor, "rounds.run", Scope(centre_id=centre_id))
    policy = replace(policy, name=policy.name.strip(), reason=policy.reason.strip())
    if faults := list(_find_faults(session, policy, centre_id)):
        raise Invalid(*faults)
    stored = StoredPolicy(
        centre_id=centre_id,
        name=policy.name,
        since=date.fromisoformat(policy.since),
        content=asdict(policy),
        reason=policy.reason,
        copied_id=copied.id if copied else None,
        chosen_by=actor.account_id,
        chosen_at=now,
    )
    session.add(stored)
    session.flush()
    kept = {"tiers": list(policy.tiers), **numbers_of(policy)}
    journal.write(session, actor, "record", stored, now=now, **kept)
    return stored


def record_order(
    session: Session, actor: Actor, order: NewOrder, *, centre_id: int, now: datetime
) -> StoredPolicy:
    """As `record_policy`, of what somebody wrote. Raises Invalid also for a policy to copy that is not
    there."""
    copied = session.scalar(_of(centre_id).where(StoredPolicy.key == order.copied))
    if order.copied and copied is None:
        raise Invalid(fault("copied", "unknown_choice"))
    since = order.since.isoformat()
    policy = make_policy(order.name, since, order.reason, order.goals, order.numbers)
    return record_policy(session, actor, policy, centre_id=centre_id, copied=copied, now=now)


def list_policies(session: Session, actor: Actor, centre_id: int, *, on: date) -> list[PolicyRow]:
    """What a round of this centre can choose from on a day, the oldest first. Raises NotAllowed or
    NotFound."""
    rights.check(actor, "rounds.run", Scope(centre_id=centre_id))
    statement = _of(centre_id).where(StoredPolicy.since <= on).order_by(StoredPolicy.id)
    found = session.scalars(statement).all()
    keys = {row.id: row.key for row in found}
    return [_to_row(row, keys) for row in found]


def show_policy(session: Session, actor: Actor, centre_id: int, key: str) -> list[PolicyRow]:
    """A policy of this centre, in force or not yet, and after it the one it was copied from, if any.
    Raises NotAllowed or NotFound."""
    rows = {row.key: row for row in list_policies(session, actor, centre_id, on=date.max)}
    if key not in rows:
        raise NotFound("not_found")
    copied = rows.get(rows[key].copied or "")
    return [rows[key], *([copied] if copied else [])]


def choose_policy(
    session: Session, actor: Actor, key: str, policy_key: str, *, reason: str, now: datetime
) -> Round:
    """Lets a round that is not solved use a policy, for a reason that the journal keeps.

    Raises NotAllowed, NotFound (also for a policy not yet in force or another centre's), Invalid
    without a reason, or WrongState.
    """
    found = find_round(session, actor, key, right="rounds.run")
    if found.state not in CHOSEN_IN:
        raise WrongState("wrong_state", noun="round", state=found.state, verb="choose")
    said = check_reason(reason)
    stored = _find_stored(session, found, policy_key, now=now)
    found.policy = dict(stored.content)
    found.problem = found.problem_sha256 = None
    journal.write(session, actor, "choose_policy", found, now=now, reason=said, policy=stored.key)
    session.flush()
    return found


def find_policy(session: Session, found: Round, policy_key: str, *, now: datetime) -> Policy:
    """A policy in force that a round of this centre may use. Raises NotFound."""
    return _read(_find_stored(session, found, policy_key, now=now))


def _find_stored(session: Session, found: Round, policy_key: str, *, now: datetime) -> StoredPolicy:
    stored = session.scalar(select(StoredPolicy).where(StoredPolicy.key == policy_key))
    if (
        stored is None
        or stored.centre_id not in (None, found.centre_id)
        or stored.since > local_day(now)
    ):
        raise NotFound("not_found")
    return stored


def check_reason(reason: str) -> str:
    """The reason without blanks around it. Raises Invalid when there is none, or it is too long."""
    said = reason.strip()
    if not said:
        raise Invalid(fault("reason", "required"))
    if len(said) > REASON_LENGTH:
        raise Invalid(fault("reason", "too_long", most=REASON_LENGTH))
    return said


def _find_faults(session: Session, policy: Policy, centre_id: int) -> Iterator[Fault]:
    if not policy.name:
        yield fault("name", "required")
    if len(policy.name) > NAME_LENGTH:
        yield fault("name", "too_long", most=NAME_LENGTH)
    if not policy.reason:
        yield fault("reason", "required")
    if len(policy.reason) > REASON_LENGTH:
        yield fault("reason", "too_long", most=REASON_LENGTH)
    if session.scalar(_of(centre_id).where(StoredPolicy.name == policy.name)):
        yield fault("name", "taken")
    if "placements" not in policy.tiers or len(set(policy.tiers)) < len(policy.tiers):
        yield fault("tiers", "goal_order")
    elif not set(policy.tiers) <= set(TIERS):
        yield fault("tiers", "unknown_choice")
    yield from find_number_faults(policy)


def find_number_faults(policy: Policy) -> Iterator[Fault]:
    """What is wrong with a policy's numbers: one by one, and once they are right, together."""
    faults = [
        fault(name, "between", least=least, most=most) for name, least, most in out_of_range(policy)
    ]
    yield from faults
    if not policy.rank_shares:
        yield fault(RANKS[0], "required")
    if not faults and not 0 < sum(asdict(policy.weights).values()) <= MOST_POINTS:
        yield fault("profession", "points_in_all", most=MOST_POINTS)
    if not faults and list(policy.rank_shares) != sorted(policy.rank_shares, reverse=True):
        yield fault(RANKS[0], "shares_rise")


def _of(centre_id: int) -> Select[StoredPolicy]:
    """The policies of a centre, and those of everybody."""
    everybody = StoredPolicy.centre_id.is_(None)
    return select(StoredPolicy).where(or_(everybody, StoredPolicy.centre_id == centre_id))


def _to_row(row: StoredPolicy, keys: Mapping[int, str]) -> PolicyRow:
    policy = _read(row)
    return PolicyRow(
        row.key,
        row.name,
        row.since,
        row.reason,
        row.chosen_at,
        policy.tiers,
        numbers_of(policy),
        keys.get(row.copied_id or 0),
    )


def _read(row: StoredPolicy) -> Policy:
    return from_json(Policy, canonical(row.content))
