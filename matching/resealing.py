"""New keys for old data: every sealed text under the newest key, every token under a new index key."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from matching.candidates import Restriction
from matching.codes import PersonalCode
from matching.identities import SEALED, Identity, NameToken, name_parts, read_persons
from matching.restrictions import group_of
from matching.tasks import Note, Task
from quota.sealing import Keyring, keyring_of

# Every column of the house that holds sealed text.
COLUMNS: Sequence[tuple[Any, Sequence[str]]] = (
    (Identity, SEALED),
    (Restriction, ("legal_basis", "case_number")),
    (Note, ("text",)),
    (Task, ("text",)),
)
_BATCH = 1000


def reseal(session: Session) -> int:
    """Brings every sealed text under the newest key and returns how many there were. Only for the
    command line; running it again is harmless."""
    ring = keyring_of(session)
    number = 0
    for table, names in COLUMNS:
        for row in session.scalars(select(table).execution_options(yield_per=_BATCH)):
            for name in names:
                if sealed := getattr(row, name):
                    setattr(row, name, ring.reseal(sealed))
                    number += 1
        session.flush()
    return number


def rebuild_tokens(session: Session, ring: Keyring, *, now: Any) -> int:
    """Makes the tokens of names, identifier numbers and cases anew with `ring`, and returns how many
    people have them. Personal codes cannot be remade: all open ones end. Only for the command line."""
    session.execute(delete(NameToken))
    ids = session.scalars(select(Identity.candidate_id).order_by(Identity.candidate_id)).all()
    for start in range(0, len(ids), _BATCH):
        _rebuild(session, ring, ids[start : start + _BATCH])
    _regroup(session, ring)
    open_codes = update(PersonalCode).where(PersonalCode.ended_at.is_(None))
    session.execute(open_codes.values(ended_at=now))
    return len(ids)


def _regroup(session: Session, ring: Keyring) -> None:
    old = keyring_of(session)
    for row in session.scalars(select(Restriction).where(Restriction.case_number != "")):
        row.params = {"group": group_of(ring, old.open(row.case_number))}
    session.flush()


def _rebuild(session: Session, ring: Keyring, ids: Sequence[int]) -> None:
    for candidate_id, person in read_persons(session, ids).items():
        tokens = {ring.token("name", part) for part in name_parts(person.full_name)}
        session.add_all(NameToken(token=t, candidate_id=candidate_id) for t in sorted(tokens))
        iin = ring.token("iin", person.iin) if person.iin else None
        held = update(Identity).where(Identity.candidate_id == candidate_id)
        session.execute(held.values(iin_token=iin))
    session.flush()
