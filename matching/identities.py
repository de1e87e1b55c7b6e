"""Identities: who a candidate is, sealed and apart, with keyed tokens to find a person by.

The rest of the house knows a candidate by a pseudonymous key: destroying the identity row and the
tokens erases the person and leaves totals, journal and stored rounds true.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota import identifiers
from quota.calendar import local_day
from quota.errors import Fault, fault
from quota.installation import is_demonstration
from quota.sealing import Keyring, keyring_of
from quota.spelling import normalise
from quota.tables import AT_ONCE, Table

_SHOWN = "shown"
SHORTEST, LONGEST = 3, 8  # letters of a name's beginning that find it

# Names are typed with and without the Kazakh letters; both find the person.
_FOLDED = str.maketrans("әғқңөұүһіё", "агкноууние")


class Identity(Table):
    """Who the candidate is, sealed. Destroying the row erases the person."""

    __tablename__ = "identities"

    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), unique=True)
    family_name: Mapped[str] = mapped_column(String(400))
    given_name: Mapped[str] = mapped_column(String(400))
    patronymic: Mapped[str] = mapped_column(String(400), default="")
    iin: Mapped[str | None] = mapped_column(String(400))
    iin_token: Mapped[str | None] = mapped_column(String(32), unique=True)
    phone: Mapped[str | None] = mapped_column(String(400))


class NameToken(Table):
    """Keyed tokens of a name's words and first letters, for searches that open nothing."""

    __tablename__ = "name_tokens"
    __table_args__ = (UniqueConstraint("token", "candidate_id"),)

    token: Mapped[str] = mapped_column(String(32))
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)


@dataclass(frozen=True, slots=True)
class Person:
    """The opened identity, for those who may see it."""

    family_name: str
    given_name: str
    patronymic: str = ""
    iin: str | None = None
    phone: str | None = None

    @property
    def full_name(self) -> str:
        return " ".join(
            part for part in (self.family_name, self.given_name, self.patronymic) if part
        )


_NAMED = (
    *(Identity.candidate_id, Identity.family_name),
    *(Identity.given_name, Identity.patronymic),
)
SEALED = ("family_name", "given_name", "patronymic", "iin", "phone")


def check_person(
    session: Session, person: Person, *, now: datetime, holder_id: int | None = None
) -> list[Fault]:
    """What is wrong with a person's names and number; `holder_id` may keep the number it has."""
    return check_persons(session, [person], now=now, holder_id=holder_id)[0]


def check_persons(
    session: Session, persons: Sequence[Person], *, now: datetime, holder_id: int | None = None
) -> list[list[Fault]]:
    """What is wrong with each; two queries however many they are."""
    numbers = [person.iin for person in persons if person.iin]
    allow_future = bool(numbers) and is_demonstration(session)
    holders = find_holders(session, numbers)
    checked = []
    for person in persons:
        faults = _check_names(person)
        if person.iin:
            number = identifiers.check_person_number(
                person.iin, today=local_day(now), allow_future=allow_future
            )
            taken = not number and holders.get(person.iin) not in (None, holder_id)
            faults += number or ([fault("iin", "taken")] if taken else [])
        checked.append(faults)
    return checked


def _check_names(person: Person) -> list[Fault]:
    names = ("family_name", "given_name")
    faults = [fault(name, "required") for name in names if not getattr(person, name).strip()]
    return faults + [
        fault(name, "too_long", most=100)
        for name in SEALED
        if len(getattr(person, name) or "") > 100
    ]


def store_identities(session: Session, persons: Mapping[int, Person]) -> None:
    """Seals the identities of people who have none stored, by candidate id, in two statements. Rights and
    checks are the caller's."""
    ring = keyring_of(session)
    sealed = [_seal_all(ring, *item) for item in persons.items()]
    session.execute(insert(Identity), sealed, execution_options=AT_ONCE)
    rows = [
        {"token": token, "candidate_id": candidate_id}
        for candidate_id, person in persons.items()
        for token in sorted({ring.token("name", part) for part in name_parts(person.full_name)})
    ]
    if rows:
        session.execute(insert(NameToken), rows)


def _seal_all(ring: Keyring, candidate_id: int, person: Person) -> dict[str, Any]:
    sealed: dict[str, Any] = {name: _seal(ring, getattr(person, name)) for name in SEALED}
    sealed["patronymic"] = sealed["patronymic"] or ""
    token = ring.token("iin", person.iin) if person.iin else None
    return {**sealed, "candidate_id": candidate_id, "iin_token": token}


def replace_identity(session: Session, candidate_id: int, person: Person) -> None:
    """Seals a person's identity in place of the one stored before."""
    erase_identity(session, candidate_id)
    store_identities(session, {candidate_id: person})


def erase_identity(session: Session, candidate_id: int) -> None:
    """Destroys the identity row and the tokens: the person can no longer be found or named."""
    for table in (NameToken, Identity):
        session.execute(delete(table).where(table.candidate_id == candidate_id))


def open_person(session: Session, candidate_id: int) -> Person | None:
    """The opened identity, or None when it was erased. Rights are the caller's."""
    return open_persons(session, [candidate_id]).get(candidate_id)


def open_persons(session: Session, candidate_ids: Iterable[int]) -> dict[int, Person]:
    """Opened identities by candidate id, to be shown, in one query; erased ones are missing. Rights are
    the caller's."""
    found = read_persons(session, candidate_ids)
    note_shown(session, found)
    return found


def open_names(session: Session, candidate_ids: Iterable[int]) -> dict[int, str]:
    """Full names by candidate id, to be shown, in one query: number and phone stay sealed; erased ones are
    missing. Rights are the caller's."""
    named = Identity.candidate_id.in_(set(candidate_ids))
    ring = keyring_of(session)
    names = {
        candidate_id: " ".join(ring.open(part) for part in parts if part)
        for candidate_id, *parts in session.execute(select(*_NAMED).where(named))
    }
    note_shown(session, names)
    return names


def note_shown(session: Session, candidate_ids: Iterable[int]) -> None:
    """Remembers whose names were opened to be shown, for `matching.looks` to write down."""
    session.info.setdefault(_SHOWN, set()).update(candidate_ids)


def list_shown(session: Session) -> frozenset[int]:
    """The ids of the people whose names this session opened to be shown."""
    return frozenset(session.info.get(_SHOWN, ()))


def read_persons(session: Session, candidate_ids: Iterable[int]) -> dict[int, Person]:
    """Opened identities by candidate id, to compare or to send to the person, shown to nobody."""
    rows = session.scalars(select(Identity).where(Identity.candidate_id.in_(set(candidate_ids))))
    ring = keyring_of(session)
    return {row.candidate_id: _open(ring, row) for row in rows}


def find_holder(session: Session, iin: str) -> int | None:
    """The candidate id under this identifier number, by its keyed index; a blank one matches nobody."""
    return find_holders(session, [iin]).get(iin) if iin else None


def find_holders(session: Session, iins: Sequence[str]) -> dict[str, int]:
    """The candidate ids under these identifier numbers, by number; those nobody has are missing."""
    if not iins:
        return {}
    ring = keyring_of(session)
    tokens = {ring.token("iin", iin): iin for iin in iins}
    columns = select(Identity.iin_token, Identity.candidate_id)
    rows = session.execute(columns.where(Identity.iin_token.in_(tokens)))
    return {tokens[token]: holder for token, holder in rows if token}


def tokens_of(session: Session, query: str) -> list[str]:
    """One token for each word of `query`: a person found has all of them, as words or first letters."""
    ring = keyring_of(session)
    return [ring.token("name", word) for word in fold(query).split()]


def name_parts(name: str) -> set[str]:
    """What a name can be found by: each word and its first letters, folded."""
    words = fold(name).split()
    beginnings = {w[:n] for w in words for n in range(SHORTEST, LONGEST + 1) if len(w) >= n}
    return beginnings | set(words)


def fold(name: str) -> str:
    """A name without case, ё and the letters Kazakh has beyond Russian."""
    return normalise(name).translate(_FOLDED)


def _seal(ring: Keyring, text: str | None) -> str | None:
    return ring.seal(text) if text else None


def _open(ring: Keyring, row: Identity) -> Person:
    opened = {name: ring.open(text) if (text := getattr(row, name)) else text for name in SEALED}
    return Person(**opened)
