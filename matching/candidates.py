"""Candidates: people who seek work. Identity lies sealed and apart; restrictions are rule codes.

The rest of the house knows a candidate by a pseudonymous key: erasing the identity row destroys the
link and leaves totals, journal and stored rounds true.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota import identifiers, journal, rights
from quota.errors import Fault, Invalid, NotFound, fault
from quota.installation import is_demonstration
from quota.places import find_place
from quota.rights import Actor, Scope
from quota.sealing import Keyring, keyring_of
from quota.tables import Code, Keyed, Table, Tenge


class Status(StrEnum):
    ON_PROBATION = "on_probation"
    LAST_YEAR = "last_year"  # of prison
    RELEASED = "released"
    OFF_REGISTER = "off_register"


class Readiness(StrEnum):
    NOT_SURVEYED = "not_surveyed"
    NEEDS_SUPPORT = "needs_support"
    READY = "ready"
    DECLINED = "declined"
    EMPLOYED = "employed"
    OUT_OF_SCOPE = "out_of_scope"


class Candidate(Keyed, Table):
    """`hours` lists when the person can work, like the shifts of a vacancy; empty means any time."""

    __tablename__ = "candidates"

    number: Mapped[str] = mapped_column(String(40), default="", index=True)
    centre_id: Mapped[int] = mapped_column(ForeignKey("centres.id"), index=True)
    kato: Mapped[str] = mapped_column(ForeignKey("places.kato"))
    territory: Mapped[str] = mapped_column(String(80), index=True)
    sex: Mapped[str] = mapped_column(String(1), default="")
    birth_year: Mapped[int | None]
    language: Mapped[str] = mapped_column(String(2), default="kk")
    status: Mapped[str] = mapped_column(String(20))
    status_since: Mapped[date | None]
    earliest_start: Mapped[date | None]
    readiness: Mapped[str] = mapped_column(String(20), default=Readiness.NOT_SURVEYED, index=True)
    registered_on: Mapped[date]
    surveyed_on: Mapped[date | None]
    pay_wanted: Mapped[Tenge | None]
    pay_accepted: Mapped[Tenge | None]
    max_minutes: Mapped[int | None]
    max_km: Mapped[int | None]
    may_move: Mapped[bool] = mapped_column(default=False)
    hours: Mapped[list[Any]] = mapped_column(default=list)
    licences: Mapped[list[Any]] = mapped_column(default=list)
    avoids: Mapped[list[Any]] = mapped_column(default=list)  # work conditions, from health limits
    experience_years: Mapped[int] = mapped_column(default=0)
    retraining_isco08: Mapped[str | None] = mapped_column(String(4))
    created_at: Mapped[datetime]

    def scope(self) -> Scope:
        return Scope(centre_id=self.centre_id, candidate_id=self.id, territory=self.territory)

    @property
    def supervised(self) -> bool:
        return self.status == Status.ON_PROBATION

    @property
    def categories(self) -> tuple[str, ...]:
        """The quota categories the person counts for; a slot uses one of them."""
        if self.status == Status.ON_PROBATION:
            return ("probation",)
        return ("released",) if self.status in (Status.RELEASED, Status.LAST_YEAR) else ()


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


class Choice(Table):
    """A profession the candidate chose, as said and as confirmed, in order of wish from 1."""

    __tablename__ = "choices"
    __table_args__ = (UniqueConstraint("candidate_id", "rank"),)

    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    rank: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    isco08: Mapped[str | None] = mapped_column(String(4))
    years: Mapped[int] = mapped_column(default=0)


class Restriction(Keyed, Table):
    """What law or court forbids or requires. `params` are what the rule needs, such as home hours."""

    __tablename__ = "restrictions"

    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    rule: Mapped[Code]
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    legal_basis: Mapped[str] = mapped_column(String(300), default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    entered_at: Mapped[datetime]


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


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A candidate as the caseload shows one."""

    key: str
    full_name: str
    kato: str
    status: str
    readiness: str
    registered_on: date
    first_choice: str


EDITABLE = (
    "number",
    "kato",
    "sex",
    "birth_year",
    "language",
    "status",
    "status_since",
    "earliest_start",
    "readiness",
    "registered_on",
    "surveyed_on",
    "pay_wanted",
    "pay_accepted",
    "max_minutes",
    "max_km",
    "may_move",
    "hours",
    "licences",
    "avoids",
    "experience_years",
    "retraining_isco08",
)


def add_candidate(
    session: Session,
    actor: Actor,
    person: Person,
    fields: Mapping[str, Any],
    *,
    centre_id: int,
    now: datetime,
) -> Candidate:
    """Registers a person. `fields` are of EDITABLE; kato and status are needed.

    Raises NotAllowed, NotFound for another centre, or Invalid with every faulty field.
    """
    rights.check(actor, "candidates.edit", Scope(centre_id=centre_id))
    faults = _check_person(session, person, now=now) + check_fields(fields)
    faults += [fault(n, "required") for n in ("kato", "status") if not fields.get(n)]
    if faults:
        raise Invalid(*faults)
    candidate = Candidate(
        centre_id=centre_id,
        territory=find_place(session, fields["kato"]).path,
        created_at=now,
        **{"registered_on": now.date(), **fields},
    )
    session.add(candidate)
    session.flush()
    _store_identity(session, candidate, person)
    journal.write(session, actor, "add", candidate, now=now)
    return candidate


def change_candidate(
    session: Session, actor: Actor, key: str, fields: Mapping[str, Any], *, now: datetime
) -> Candidate:
    """Changes some EDITABLE fields. Raises NotAllowed, NotFound or Invalid."""
    candidate = find_candidate(session, actor, key, right="candidates.edit")
    faults = check_fields(fields)
    if faults:
        raise Invalid(*faults)
    changed = sorted(name for name in fields if getattr(candidate, name) != fields[name])
    for name in changed:
        setattr(candidate, name, fields[name])
    if changed:
        candidate.territory = find_place(session, candidate.kato).path
        journal.write(session, actor, "change", candidate, now=now, fields=changed)
    return candidate


def set_person(
    session: Session, actor: Actor, key: str, person: Person, *, now: datetime
) -> Candidate:
    """Corrects names, number or phone. Raises NotAllowed, NotFound or Invalid."""
    candidate = find_candidate(session, actor, key, right="candidates.edit")
    faults = _check_person(session, person, now=now, holder_id=candidate.id)
    if faults:
        raise Invalid(*faults)
    for table in (NameToken, Identity):
        session.execute(delete(table).where(table.candidate_id == candidate.id))
    _store_identity(session, candidate, person)
    journal.write(session, actor, "change_person", candidate, now=now)
    return candidate


def choose_professions(
    session: Session,
    actor: Actor,
    candidate: Candidate,
    choices: Sequence[Choice],
    *,
    now: datetime,
) -> None:
    """Replaces the ranked choices (order of the sequence). Raises NotAllowed or NotFound."""
    rights.check(actor, "candidates.edit", candidate.scope())
    for old in list_choices(session, candidate):
        session.delete(old)
    session.flush()
    for rank, choice in enumerate(choices, start=1):
        choice.candidate_id, choice.rank = candidate.id, rank
        session.add(choice)
    session.flush()
    journal.write(session, actor, "choose_professions", candidate, now=now, number=len(choices))


def add_restriction(
    session: Session, actor: Actor, candidate: Candidate, restriction: Restriction, *, now: datetime
) -> Restriction:
    """Enters a dated restriction. Raises NotAllowed, NotFound or Invalid."""
    rights.check(actor, "restrictions.edit", candidate.scope())
    if (
        restriction.starts_on
        and restriction.ends_on
        and restriction.ends_on < restriction.starts_on
    ):
        raise Invalid(fault("ends_on", "before_start"))
    restriction.candidate_id, restriction.entered_at = candidate.id, now
    session.add(restriction)
    session.flush()
    journal.write(session, actor, "restrict", candidate, now=now)
    return restriction


def find_candidate(
    session: Session, actor: Actor, key: str, *, right: str = "candidates.read"
) -> Candidate:
    """The candidate with this key. Raises NotAllowed, or NotFound also when out of reach."""
    candidate = session.scalar(select(Candidate).where(Candidate.key == key))
    if candidate is None:
        raise NotFound("not_found")
    rights.check(actor, right, candidate.scope())
    return candidate


def find_by_iin(session: Session, iin: str) -> Candidate | None:
    """The candidate with this identifier number, by its keyed index; a blank one matches nobody."""
    if not iin:
        return None
    token = keyring_of(session).token("iin", iin)
    return session.scalar(
        select(Candidate)
        .join(Identity, Identity.candidate_id == Candidate.id)
        .where(Identity.iin_token == token)
    )


def open_person(session: Session, candidate_id: int) -> Person | None:
    """The opened identity, or None when it was erased. Rights are the caller's."""
    return open_persons(session, [candidate_id]).get(candidate_id)


def open_persons(session: Session, candidate_ids: Iterable[int]) -> dict[int, Person]:
    """Opened identities by candidate id; erased ones are missing. Rights are the caller's."""
    ids = set(candidate_ids)
    rows = session.scalars(select(Identity).where(Identity.candidate_id.in_(ids)))
    ring = keyring_of(session)
    return {row.candidate_id: _open(ring, row) for row in rows}


def _open(ring: Keyring, identity: Identity) -> Person:
    return Person(
        family_name=ring.open(identity.family_name),
        given_name=ring.open(identity.given_name),
        patronymic=ring.open(identity.patronymic) if identity.patronymic else "",
        iin=ring.open(identity.iin) if identity.iin else None,
        phone=ring.open(identity.phone) if identity.phone else None,
    )


def list_choices(session: Session, candidate: Candidate) -> list[Choice]:
    return list(
        session.scalars(
            select(Choice).where(Choice.candidate_id == candidate.id).order_by(Choice.rank)
        )
    )


def list_restrictions(session: Session, actor: Actor, candidate: Candidate) -> list[Restriction]:
    """Restrictions with their source, for those who may read it. Raises NotAllowed or NotFound."""
    rights.check(actor, "restrictions.read", candidate.scope())
    return list(
        session.scalars(
            select(Restriction)
            .where(Restriction.candidate_id == candidate.id)
            .order_by(Restriction.id)
        )
    )


def check_fields(fields: Mapping[str, Any]) -> list[Fault]:
    """What is wrong with EDITABLE fields."""
    faults = [fault(name, "unknown_field") for name in fields if name not in EDITABLE]
    for name, choices in (("status", Status), ("readiness", Readiness)):
        if fields.get(name) is not None and fields[name] not in list(choices):
            faults.append(fault(name, "unknown_choice"))
    for name in ("pay_wanted", "pay_accepted", "max_minutes", "max_km", "experience_years"):
        if (fields.get(name) or 0) < 0:
            faults.append(fault(name, "not_negative"))
    return faults


def _check_person(
    session: Session, person: Person, *, now: datetime, holder_id: int | None = None
) -> list[Fault]:
    faults = [
        fault(name, "required")
        for name in ("family_name", "given_name")
        if not getattr(person, name).strip()
    ]
    if person.iin:
        faults += identifiers.check_person_number(
            person.iin, today=now.date(), allow_future=is_demonstration(session)
        )
        holder = find_by_iin(session, person.iin)
        if not faults and holder is not None and holder.id != holder_id:
            faults.append(fault("iin", "taken"))
    return faults


def _store_identity(session: Session, candidate: Candidate, person: Person) -> None:
    ring = keyring_of(session)
    session.add(
        Identity(
            candidate_id=candidate.id,
            family_name=ring.seal(person.family_name),
            given_name=ring.seal(person.given_name),
            patronymic=ring.seal(person.patronymic) if person.patronymic else "",
            iin=ring.seal(person.iin) if person.iin else None,
            iin_token=ring.token("iin", person.iin) if person.iin else None,
            phone=ring.seal(person.phone) if person.phone else None,
        )
    )
    tokens = {ring.token("name", part) for part in name_parts(person.full_name)}
    session.add_all(NameToken(token=t, candidate_id=candidate.id) for t in sorted(tokens))
    session.flush()


def name_parts(name: str) -> set[str]:
    """What a name can be found by: each word and its first three to six letters, without case."""
    words = [word for word in name.casefold().replace("ё", "е").split() if word]
    return {word[:n] for word in words for n in range(3, 7)} | set(words)
