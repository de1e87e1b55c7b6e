"""Policies: named, dated orders of goals, each recorded by a person with a reason, and chosen for a round.

A recorded policy never changes; whoever wants another records another. A round keeps a copy of the
one it uses.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ForeignKey, String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.engine.policy import STANDARD, TIERS, Policy
from matching.engine.records import canonical, from_json
from matching.rounds import Round, find_round
from quota import journal, rights
from quota.calendar import local_day
from quota.errors import Fault, Invalid, NotFound, WrongState, fault
from quota.rights import Actor, Scope
from quota.tables import Keyed, Table

CHOSEN_IN = ("draft", "failed", "cancelled")  # a solved round takes another order with its plan
NAME_LENGTH, REASON_LENGTH = 80, 500
MOST_POINTS = 1000
MOST_BUDGET, MOST_OF_A_CASE = 10**11, 100  # tenge; people
GOALS, RESERVE_TARGET, CASE_LIMIT = TIERS, STANDARD.reserve_target, STANDARD.limits.case_limit


class StoredPolicy(Keyed, Table):
    """`content` is the engine's Policy as a dictionary; without a centre it is everybody's."""

    __tablename__ = "policies"

    centre_id: Mapped[int | None] = mapped_column(ForeignKey("centres.id"), index=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    since: Mapped[date]
    content: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH), default="")
    chosen_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    chosen_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A policy in force, as lists show it."""

    key: str
    name: str
    since: date
    reason: str
    chosen_at: datetime
    policy: Policy


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order of goals as somebody wishes it, with the per cent chance of filling a place that reserves
    aim at, what courses may cost in a round (whole tenge, None: no bound) and how many of those who are
    kept apart may be at one employer; points and other limits stay as an office starts."""

    name: str
    since: date
    reason: str
    goals: tuple[str, ...]
    reserve_target: int = RESERVE_TARGET
    course_budget: int | None = None
    case_limit: int = CASE_LIMIT


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
    session: Session, actor: Actor, policy: Policy, *, centre_id: int, now: datetime
) -> StoredPolicy:
    """Records a policy for a centre; `policy.since` is the day from which it can be chosen.

    Raises NotAllowed, NotFound, or Invalid (a name taken, no reason, goals twice or unknown, points
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
        chosen_by=actor.account_id,
        chosen_at=now,
    )
    session.add(stored)
    session.flush()
    journal.write(session, actor, "record", stored, now=now, tiers=list(policy.tiers))
    return stored


def record_order(
    session: Session, actor: Actor, order: NewOrder, *, centre_id: int, now: datetime
) -> StoredPolicy:
    """As `record_policy`, of an order alone."""
    since = order.since.isoformat()
    policy = replace(
        STANDARD,
        name=order.name,
        since=since,
        reason=order.reason,
        tiers=order.goals,
        reserve_target=order.reserve_target,
        limits=replace(
            STANDARD.limits, course_budget=order.course_budget, case_limit=order.case_limit
        ),
    )
    return record_policy(session, actor, policy, centre_id=centre_id, now=now)


def list_policies(session: Session, actor: Actor, centre_id: int, *, on: date) -> list[PolicyRow]:
    """What a round of this centre can choose from on a day, the oldest first. Raises NotAllowed or
    NotFound."""
    rights.check(actor, "rounds.run", Scope(centre_id=centre_id))
    statement = (
        select(StoredPolicy)
        .where(or_(StoredPolicy.centre_id.is_(None), StoredPolicy.centre_id == centre_id))
        .where(StoredPolicy.since <= on)
        .order_by(StoredPolicy.id)
    )
    return [
        PolicyRow(row.key, row.name, row.since, row.reason, row.chosen_at, _read(row))
        for row in session.scalars(statement)
    ]


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
    if session.scalar(
        select(StoredPolicy.id).where(
            or_(StoredPolicy.centre_id.is_(None), StoredPolicy.centre_id == centre_id),
            StoredPolicy.name == policy.name,
        )
    ):
        yield fault("name", "taken")
    if "placements" not in policy.tiers or len(set(policy.tiers)) < len(policy.tiers):
        yield fault("tiers", "goal_order")
    elif not set(policy.tiers) <= set(TIERS):
        yield fault("tiers", "unknown_choice")
    points = asdict(policy.weights).values()
    if min(points) < 0 or not 0 < sum(points) <= MOST_POINTS:
        yield fault("weights", "between", least=1, most=MOST_POINTS)
    if not 1 <= policy.reserve_target <= 100:
        yield fault("reserve_target", "between", least=1, most=100)
    if not 0 <= (policy.limits.course_budget or 0) <= MOST_BUDGET:
        yield fault("course_budget", "between", least=0, most=MOST_BUDGET)
    if not 1 <= policy.limits.case_limit <= MOST_OF_A_CASE:
        yield fault("case_limit", "between", least=1, most=MOST_OF_A_CASE)


def _read(row: StoredPolicy) -> Policy:
    return from_json(Policy, canonical(row.content))
