"""Candidates: people who seek work, what they can, and what law or court restricts.

Identity lies sealed and apart (`matching.identities`): here a person is a pseudonymous key.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.fields import check_fields
from matching.identities import (
    Person,
    check_person,
    check_persons,
    replace_identity,
    store_identities,
)
from matching.standings import Kind, Standing, keep_until, write_all_down, write_down
from quota import journal, rights
from quota.calendar import local_day
from quota.errors import Fault, Invalid, NotFound, WrongState, fault
from quota.places import find_paths, find_place
from quota.rights import Actor, Scope
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


PRESENT = text("erased_at IS NULL AND merged_into_id IS NULL")


class Candidate(Keyed, Table):
    """`hours` lists when the person can work, like the shifts of a vacancy; empty means any time.

    `needs` are what has to be sorted out first. `released_on` also stands for people released early
    who are on probation. `takes_part`: a consent to matching stands, as `matching.consents` writes down.
    `blocked_at`: nothing is done with the record until the block is lifted.
    """

    __tablename__ = "candidates"
    __table_args__ = (
        Index("ix_candidates_centre_id_readiness", "centre_id", "readiness"),
        # All that the list of a centre narrows by, so that it steps over no whole rows.
        Index(
            "ix_candidates_caseload",
            *("centre_id", "id", "readiness", "status", "surveyed_on", "takes_part"),
            sqlite_where=PRESENT,
            postgresql_where=PRESENT,
        ),
    )

    number: Mapped[str] = mapped_column(String(40), default="", index=True)
    centre_id: Mapped[int] = mapped_column(ForeignKey("centres.id"))
    kato: Mapped[str] = mapped_column(ForeignKey("places.kato"))
    territory: Mapped[str] = mapped_column(String(80), index=True)
    sex: Mapped[str] = mapped_column(String(1), default="")
    birth_year: Mapped[int | None]
    language: Mapped[str] = mapped_column(String(2), default="kk")
    status: Mapped[str] = mapped_column(String(20))
    status_since: Mapped[date | None]
    earliest_start: Mapped[date | None]
    released_on: Mapped[date | None]
    readiness: Mapped[str] = mapped_column(String(20), default=Readiness.NOT_SURVEYED)
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
    retraining_title: Mapped[str] = mapped_column(String(200), default="")
    means: Mapped[str] = mapped_column(String(10), default="")
    education: Mapped[str] = mapped_column(String(20), default="")
    certificates: Mapped[str] = mapped_column(String(500), default="")
    cares: Mapped[list[Any]] = mapped_column(default=list)
    needs: Mapped[list[Any]] = mapped_column(default=list)
    jobless_since: Mapped[date | None]
    takes_part: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    blocked_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    retain_until: Mapped[date | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("candidates.id"))

    def scope(self) -> Scope:
        return Scope(
            centre_id=self.centre_id,
            candidate_id=self.id,
            territory=self.territory,
            supervised=self.supervised,
            takes_part=self.takes_part,
        )

    @property
    def supervised(self) -> bool:
        return self.status == Status.ON_PROBATION

    @property
    def categories(self) -> tuple[str, ...]:
        """The quota categories the person counts for, both for somebody released early who is on
        probation; a slot uses one of them."""
        released = self.status in (Status.RELEASED, Status.LAST_YEAR)
        early = self.supervised and self.released_on is not None
        probation = ("probation",) if self.supervised else ()
        return (*probation, "released") if released or early else probation


class Restriction(Keyed, Table):
    """What law or court forbids or requires. `params` are what the rule needs, such as home hours.

    `legal_basis` and `case_number` are sealed texts: only `matching.restrictions` opens them, on a stated
    purpose.
    """

    __tablename__ = "restrictions"

    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    rule: Mapped[Code]
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    legal_basis: Mapped[str] = mapped_column(Text, default="")
    case_number: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    entered_at: Mapped[datetime]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


_DATED = {"status": Kind.STATUS, "readiness": Kind.READINESS}


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
    newcomers = [(person, fields)]
    return add_candidates(session, actor, newcomers, centre_id=centre_id, now=now)[0]


def add_candidates(
    session: Session,
    actor: Actor,
    newcomers: Sequence[tuple[Person, Mapping[str, Any]]],
    *,
    centre_id: int,
    now: datetime,
) -> list[Candidate]:
    """Registers people as `add_candidate` does, in few statements however many they are. Raises as it
    does, Invalid for the first who has a faulty field; then nobody is registered."""
    rights.check(actor, "candidates.edit", Scope(centre_id=centre_id))
    told = check_persons(session, [person for person, _ in newcomers], now=now)
    for (_, fields), faults in zip(newcomers, told, strict=True):
        faults += _check(fields)
        faults += [fault(n, "required") for n in ("kato", "status") if not fields.get(n)]
        if faults:
            raise Invalid(*faults)
    paths = find_paths(session, (fields["kato"] for _, fields in newcomers))
    usual = {"registered_on": local_day(now), "readiness": Readiness.NOT_SURVEYED}
    people = [
        Candidate(
            centre_id=centre_id,
            territory=paths[fields["kato"]],
            created_at=now,
            **{**usual, **fields},
        )
        for _, fields in newcomers
    ]
    session.add_all(people)
    session.flush()
    persons = (person for person, _ in newcomers)
    store_identities(session, dict(zip((c.id for c in people), persons, strict=True)))
    changes = [_stand(candidate, name, None, now=now) for candidate in people for name in _DATED]
    write_all_down(session, actor, changes, now=now)
    journal.write_all(session, actor, "add", people, now=now)
    return people


def change_candidate(
    session: Session,
    actor: Actor,
    key: str,
    fields: Mapping[str, Any],
    *,
    reason: str = "",
    now: datetime,
) -> Candidate:
    """Changes some EDITABLE fields; `reason` is a code for the history. Raises NotAllowed, NotFound,
    WrongState for a blocked record, or Invalid."""
    candidate = find_candidate(session, actor, key, right="candidates.edit")
    need_open(candidate)
    faults = _check(fields)
    if faults:
        raise Invalid(*faults)
    set_fields(session, actor, candidate, fields, reason=reason, now=now)
    return candidate


def set_fields(
    session: Session,
    actor: Actor,
    candidate: Candidate,
    fields: Mapping[str, Any],
    *,
    reason: str = "",
    since: date | None = None,
    now: datetime,
) -> None:
    """Sets checked EDITABLE fields and keeps the history of the dated ones; `since` is the day from which
    the readiness holds, where it is an earlier one. Rights are the caller's."""
    old = {name: getattr(candidate, name) for name in fields}
    changed = sorted(name for name in fields if old[name] != fields[name])
    for name in changed:
        setattr(candidate, name, fields[name])
    if "status" in changed:
        off = candidate.status == Status.OFF_REGISTER
        since = candidate.status_since or local_day(now)
        candidate.retain_until = keep_until(session, since) if off else None
    if "kato" in changed:
        candidate.territory = find_place(session, candidate.kato).path
    for name in _DATED.keys() & set(changed):
        change = _stand(candidate, name, old[name], reason=reason, since=since, now=now)
        write_down(session, actor, change, now=now)
    if changed:
        journal.write(
            session, actor, "change", candidate, now=now, fields=changed, reason_code=reason
        )


def set_readiness(
    session: Session,
    actor: Actor,
    candidate: Candidate,
    readiness: Readiness,
    *,
    reason: str,
    since: date | None = None,
    now: datetime,
) -> None:
    """Sets the readiness and keeps its history, with a reason code. Rights are the caller's."""
    fields = {"readiness": readiness}
    set_fields(session, actor, candidate, fields, reason=reason, since=since, now=now)


def set_person(
    session: Session, actor: Actor, key: str, person: Person, *, now: datetime
) -> Candidate:
    """Corrects names, number or phone. Raises NotAllowed, NotFound, WrongState or Invalid."""
    candidate = find_candidate(session, actor, key, right="candidates.edit")
    need_open(candidate)
    faults = check_person(session, person, now=now, holder_id=candidate.id)
    if faults:
        raise Invalid(*faults)
    replace_identity(session, candidate.id, person)
    journal.write(session, actor, "change_person", candidate, now=now)
    return candidate


def need_open(candidate: Candidate) -> None:
    """Raises WrongState for a record that is blocked, erased or merged into another."""
    for code, closed in (
        ("erased", candidate.erased_at),
        ("merged", candidate.merged_into_id),
        ("blocked", candidate.blocked_at),
    ):
        if closed is not None:
            raise WrongState(code, noun="candidate")


def find_candidate(
    session: Session, actor: Actor, key: str, *, right: str = "candidates.read"
) -> Candidate:
    """The candidate with this key. Raises NotAllowed, or NotFound also when out of reach."""
    candidate = session.scalar(select(Candidate).where(Candidate.key == key))
    if candidate is None:
        raise NotFound("not_found")
    rights.check(actor, right, candidate.scope())
    return candidate


def are_supervised(candidate_id: Any) -> ColumnElement[bool]:
    """Whether the people of these ids are under supervision."""
    people = select(Candidate.id).where(Candidate.status == Status.ON_PROBATION)
    supervised: ColumnElement[bool] = candidate_id.in_(people)
    return supervised


def _surveyed_before(candidate: Candidate, old: str | None, now: datetime) -> date | None:
    """The day of the survey that settled the readiness, where it was entered later: a sheet brought in."""
    surveyed = candidate.surveyed_on if old in (None, Readiness.NOT_SURVEYED) else None
    return surveyed if surveyed and surveyed < local_day(now) else None


def _check(fields: Mapping[str, Any]) -> list[Fault]:
    faults = check_fields(fields)
    for name, offered in (("status", list(Status)), ("readiness", list(Readiness))):
        if fields.get(name) is not None and fields[name] not in offered:
            faults.append(fault(name, "unknown_choice"))
    return faults


def _stand(
    candidate: Candidate,
    name: str,
    old: str | None,
    *,
    reason: str = "",
    since: date | None = None,
    now: datetime,
) -> Standing:
    ready_since = since or _surveyed_before(candidate, old, now)
    return Standing(
        candidate_id=candidate.id,
        kind=_DATED[name],
        value_from=old,
        value_to=getattr(candidate, name),
        since=candidate.status_since if name == "status" else ready_since,
        reason=reason,
    )
