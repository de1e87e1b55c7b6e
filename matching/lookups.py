"""Look-ups by the whole identifier number: how probation finds somebody who stands in no list of its own.

Who is not under supervision can be under a ban all the same (Labour Code, Art. 26: work with minors after
past convictions too), but a number can also be tried at random. So each try is written down, whether
somebody was found or not, and after a few misses of an account the next one has to wait.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from matching.candidates import Candidate
from matching.identities import find_holder
from quota import accounts, journal, rights
from quota.rights import Actor

NOUN = "lookups"  # of entries about misses: they name no number and no person
MOST_OF_A_TABLE = 50  # misses in one table, before the rest of it is not looked up


@dataclass(frozen=True, slots=True)
class Found:
    """Whom a number led to, or how many seconds to wait before the next try."""

    candidate: Candidate | None
    wait_seconds: int = 0


def look_up(session: Session, actor: Actor, iin: str, *, now: datetime) -> Found:
    """The person with this whole number, for whoever may restrict: nobody for a number that is not here,
    out of reach, or of somebody who neither is supervised nor takes part. A miss is counted, so this is
    an answer and no refusal. Raises NotAllowed."""
    rights.reach(actor, "restrictions.edit")
    if wait := seconds_to_wait(session, actor, now=now):
        return Found(None, wait)
    candidate = find_known(session, actor, iin)
    if candidate is None:
        count_misses(session, actor, 1, now=now)
    write_down(session, actor, [candidate] if candidate else [], int(candidate is None), now=now)
    return Found(candidate)


def find_known(session: Session, actor: Actor, iin: str) -> Candidate | None:
    """The same without a trace: whoever asks writes it down."""
    candidate = find_by_iin(session, iin.strip())
    known = candidate and rights.covers(actor, "restrictions.edit", candidate.scope())
    return candidate if known else None


def find_by_iin(session: Session, iin: str) -> Candidate | None:
    """The candidate with this identifier number, by its keyed index; a blank one matches nobody."""
    holder = find_holder(session, iin)
    return session.get(Candidate, holder) if holder is not None else None


def seconds_to_wait(session: Session, actor: Actor, *, now: datetime) -> int:
    return accounts.seconds_to_wait(session, _door(actor), now=now)


def count_misses(session: Session, actor: Actor, misses: int, *, now: datetime) -> None:
    for _ in range(misses):
        accounts.count_attempt(session, _door(actor), now=now)


def write_down(
    session: Session, actor: Actor, found: Sequence[Candidate], misses: int, *, now: datetime
) -> None:
    """Entries about those found, and one about the misses."""
    for candidate in found:
        journal.write(session, actor, "look_up", candidate, now=now)
    if misses:
        journal.note(session, actor, "look_up", (NOUN, ""), now=now, misses=misses)


def _door(actor: Actor) -> str:
    # No login holds a space, so no sign-in is slowed down by this.
    return f"numbers {actor.account_id}"
