"""Every verb tried from every state of its workflow, and by every role: the tables as they are lived.

A ground is one record with everything around it, made once; a state is reached by the verbs themselves,
each try happens inside a savepoint.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from quota.errors import NotAllowed, NotFound, SenimError
from quota.journal import Entry
from quota.rights import ACCOUNT_ROLES, RIGHTS, SYSTEM, Actor, Role
from quota.states import Workflow

ROLES = (*ACCOUNT_ROLES, Role.CANDIDATE)


@dataclass
class Ground:
    """`actors` are those who stand near the record; a role that is not named stands as near as any."""

    session: Session
    now: datetime
    table: type
    key: str
    near: Actor
    actors: dict[Role, Actor] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def record(self) -> Any:
        return self.session.scalars(select(self.table).where(self.table.key == self.key)).one()

    @property
    def state(self) -> str:
        self.refresh()
        return self.record.state

    def refresh(self) -> None:
        self.session.flush()
        self.session.expire_all()

    def actor(self, role: Role) -> Actor:
        near = self.near
        return self.actors.get(role) or Actor(
            role,
            account_id=near.account_id,
            centre_id=near.centre_id,
            employer_id=near.employer_id,
            candidate_id=near.candidate_id,
            territory=near.territory,
        )

    def snapshot(self) -> tuple[str, int]:
        entries = self.session.scalar(select(func.count()).select_from(Entry)) or 0
        return self.state, entries


Call = Callable[[Ground, Actor], object]


@dataclass(frozen=True)
class Act:
    """A function and the rows of the table it may take. Without a `right` nobody calls it: the timer
    does, and what is not due it leaves alone. `later` moves the clock first; in a state of `stays` it is
    allowed and leaves the state, in one of `barred` a further rule forbids what the table allows."""

    verbs: tuple[str, ...]
    right: str
    call: Call
    later: timedelta = timedelta()
    prepare: Callable[[Ground], object] = lambda ground: None
    stays: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()


def act(verbs: str, right: str, call: Call, *, days: float = 0, **more: Any) -> Act:
    return Act(tuple(verbs.split()), right, call, timedelta(days=days), **more)


@dataclass(frozen=True)
class Lived:
    """A workflow with its acts. `apart` names verbs that happen inside another noun's verb, `forced`
    states that only a dated setting leads to, each taken from the state before it."""

    workflow: Workflow
    make: Callable[[Session, datetime], Ground]
    acts: tuple[Act, ...]
    apart: tuple[str, ...] = ()
    forced: tuple[tuple[str, str], ...] = ()

    def targets(self, one: Act, state: str) -> set[str]:
        rows = self.workflow.rows
        found = {new for verb, old, new in rows if old == state and verb in one.verbs}
        return set() if state in one.barred else found | ({state} & {*one.stays})

    def allows(self, one: Act, state: str) -> bool:
        return bool(self.targets(one, state))


def try_everything(lived: Lived, session: Session, now: datetime) -> None:
    """Pairs first, then roles, in every state that the acts reach."""
    ground = lived.make(session, now)
    known = {verb for one in lived.acts for verb in one.verbs} | set(lived.apart)
    assert known == {verb for verb, _, _ in lived.workflow.rows}, "a verb nobody tries"
    paths = _find_paths(lived, ground.state)
    for state in paths:
        with _aside(ground):
            _bring(lived, ground, paths, state)
            assert ground.state == state
            for one in lived.acts:
                _try_pair(lived, ground, one, state)
                if one.right and lived.allows(one, state):
                    _try_roles(ground, one, state)


def _try_pair(lived: Lived, ground: Ground, one: Act, state: str) -> None:
    wanted, named = lived.targets(one, state), f"{'/'.join(one.verbs)} from {state}"
    with _aside(ground):
        ground.now += one.later
        if wanted:
            one.prepare(ground)
        before = ground.snapshot()
        if wanted:
            one.call(ground, _doer(ground, one))
            reached = ground.state
            assert reached in wanted or not one.right, named
            return
        try:
            one.call(ground, _doer(ground, one))
        except SenimError as refusal:
            assert not isinstance(refusal, NotAllowed), named
        else:
            assert not one.right, f"{named} was not refused"
        assert ground.snapshot()[0] == state, f"{named} changed the state"
        assert ground.snapshot() == before or not one.right, f"{named} left a trace"


def _try_roles(ground: Ground, one: Act, state: str) -> None:
    for role in ROLES:
        with _aside(ground):
            ground.now += one.later
            one.prepare(ground)
            ground.refresh()
            before, named = ground.snapshot(), f"{one.verbs} from {state} by {role.value}"
            if role in RIGHTS[one.right]:
                one.call(ground, ground.actor(role))
                assert ground.snapshot()[1] > before[1], f"{named} left no line"
                continue
            with pytest.raises((NotAllowed, NotFound)):
                one.call(ground, ground.actor(role))
            assert ground.snapshot() == before, f"{named} was refused and changed something"


def _doer(ground: Ground, one: Act) -> Actor:
    return ground.actor(next(iter(RIGHTS[one.right]))) if one.right else SYSTEM


def _find_paths(lived: Lived, start: str) -> dict[str, list[Act | str]]:
    """The shortest way to each state, by acts or by force."""
    paths: dict[str, list[Act | str]] = {start: []}
    waiting = deque([start])
    while waiting:
        state = waiting.popleft()
        steps: list[tuple[Act | str, set[str]]] = [
            (one, lived.targets(one, state)) for one in lived.acts
        ]
        steps += [(new, {new}) for old, new in lived.forced if old == state]
        for step, reached in steps:
            if isinstance(step, Act) and len(reached) != 1:
                continue  # which of several it takes is the function's to choose
            for new in reached - paths.keys():
                paths[new] = [*paths[state], step]
                waiting.append(new)
    assert set(paths) == set(lived.workflow.states), set(lived.workflow.states) - set(paths)
    return paths


def _bring(lived: Lived, ground: Ground, paths: dict[str, list[Act | str]], state: str) -> None:
    for step in paths[state]:
        if isinstance(step, str):
            name = ground.table.__tablename__
            change = text(f"UPDATE {name} SET state = :state WHERE key = :key")
            ground.session.execute(change, {"state": step, "key": ground.key})
            continue
        ground.now += step.later
        step.prepare(ground)
        ground.refresh()
        step.call(ground, _doer(ground, step))


@contextmanager
def _aside(ground: Ground) -> Iterator[None]:
    """A savepoint that is taken back, clock and all."""
    now = ground.now
    ground.session.flush()
    with ground.session.begin_nested() as point:
        yield
        point.rollback()
    ground.session.expire_all()
    ground.now = now
