"""Memoranda: an employer's signed pledge of places. A recommendation, not a quota."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota import journal, rights
from quota.calendar import local_day
from quota.employers import Employer
from quota.errors import Invalid, NotFound, WrongState, fault
from quota.places import find_place
from quota.rights import Actor
from quota.states import MEMORANDUM
from quota.tables import Keyed, Table


class Memorandum(Keyed, Table):
    __tablename__ = "memoranda"
    WORKFLOW = MEMORANDUM

    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    basis_id: Mapped[int | None] = mapped_column(ForeignKey("bases.id"))
    number: Mapped[str] = mapped_column(String(60))
    signed_on: Mapped[date]
    ends_on: Mapped[date | None]
    parties: Mapped[str] = mapped_column(String(500), default="")
    pledged: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="draft")


class Pledge(Keyed, Table):
    """A line of a memorandum: so many places of a profession at a place; both may be left open."""

    __tablename__ = "pledges"

    memorandum_id: Mapped[int] = mapped_column(ForeignKey("memoranda.id"), index=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    isco08: Mapped[str | None] = mapped_column(String(4))
    kato: Mapped[str | None] = mapped_column(ForeignKey("places.kato"))
    number: Mapped[int]


EDITABLE = ("number", "signed_on", "ends_on", "parties", "pledged", "basis_id")


def add_memorandum(
    session: Session, actor: Actor, employer: Employer, memorandum: Memorandum, *, now: datetime
) -> Memorandum:
    """Enters a draft. Raises NotAllowed, NotFound, or Invalid with every faulty field."""
    rights.check(actor, "memoranda.edit", employer.scope())
    _refuse({name: getattr(memorandum, name) for name in EDITABLE})
    memorandum.employer_id = employer.id
    memorandum.state = "draft"
    session.add(memorandum)
    session.flush()
    journal.write(session, actor, "add", memorandum, now=now, pledged=memorandum.pledged)
    return memorandum


def change_memorandum(
    session: Session,
    actor: Actor,
    memorandum: Memorandum,
    fields: Mapping[str, Any],
    *,
    now: datetime,
) -> Memorandum:
    """Changes some EDITABLE fields. A signed pledge may grow, not shrink: its places are taken out
    of the ledger one by one, with a reason. Raises NotAllowed, NotFound or Invalid."""
    employer = session.get_one(Employer, memorandum.employer_id)
    rights.check(actor, "memoranda.edit", employer.scope())
    old = {name: getattr(memorandum, name) for name in EDITABLE}
    _refuse(old | dict(fields))
    if (
        memorandum.state != "draft"
        and fields.get("pledged", memorandum.pledged) < memorandum.pledged
    ):
        raise Invalid(fault("pledged", "not_lowered", least=memorandum.pledged))
    changed = sorted(name for name in fields if old[name] != fields[name])
    for name in changed:
        setattr(memorandum, name, fields[name])
    if changed:
        journal.write(session, actor, "change", memorandum, now=now, fields=changed)
    return memorandum


def add_pledge(
    session: Session, actor: Actor, memorandum: Memorandum, pledge: Pledge, *, now: datetime
) -> Pledge:
    """Says of some of a draft's places what and where they are. Raises NotAllowed, NotFound (also for
    an unknown place), WrongState when signed, or Invalid (more lines than places)."""
    _check_draft(session, actor, memorandum, "add_pledge")
    named = sum(line.number for line in list_pledges(session, memorandum))
    if pledge.number < 1:
        raise Invalid(fault("number", "at_least", least=1))
    if named + pledge.number > memorandum.pledged:
        raise Invalid(fault("number", "more_than_pledged", most=memorandum.pledged - named))
    if pledge.kato:
        find_place(session, pledge.kato)
    pledge.memorandum_id = memorandum.id
    session.add(pledge)
    session.flush()
    journal.write(session, actor, "add_pledge", memorandum, now=now, number=pledge.number)
    return pledge


def remove_pledge(
    session: Session, actor: Actor, memorandum: Memorandum, key: str, *, now: datetime
) -> None:
    """Takes a line out of a draft. Raises NotAllowed, NotFound or WrongState when signed."""
    _check_draft(session, actor, memorandum, "remove_pledge")
    pledge = next((p for p in list_pledges(session, memorandum) if p.key == key), None)
    if pledge is None:
        raise NotFound("not_found")
    session.delete(pledge)
    session.flush()
    journal.write(session, actor, "remove_pledge", memorandum, now=now, number=pledge.number)


def list_pledges(session: Session, memorandum: Memorandum) -> list[Pledge]:
    mine = select(Pledge).where(Pledge.memorandum_id == memorandum.id)
    return list(session.scalars(mine.order_by(Pledge.id)))


def list_lapsing(
    session: Session, actor: Actor, *, within: timedelta, now: datetime
) -> list[tuple[Memorandum, Employer]]:
    """Memoranda in force that end within this time and those past their day, the soonest first: to
    be renewed or ended. Raises NotAllowed."""
    statement = rights.limit(
        select(Memorandum, Employer).join(Employer, Employer.id == Memorandum.employer_id),
        actor,
        "memoranda.read",
        centre=Employer.centre_id,
        employer=Employer.id,
        territory=Employer.territory,
    ).where(Memorandum.state == "active", Memorandum.ends_on <= local_day(now) + within)
    rows = session.execute(statement.order_by(Memorandum.ends_on, Memorandum.id))
    return [(row[0], row[1]) for row in rows]


def sign_memorandum(
    session: Session, actor: Actor, memorandum: Memorandum, *, now: datetime
) -> Memorandum:
    """Puts a draft in force; `ledger.open_pledged` then opens its places. Raises NotAllowed, NotFound
    or WrongState."""
    employer = session.get_one(Employer, memorandum.employer_id)
    rights.check(actor, "memoranda.edit", employer.scope())
    journal.move(session, actor, memorandum, "sign", now=now)
    return memorandum


def find_memorandum(
    session: Session, actor: Actor, key: str, *, right: str = "memoranda.read"
) -> Memorandum:
    """The memorandum with this key. Raises NotAllowed, or NotFound also when out of reach."""
    row = session.execute(
        select(Memorandum, Employer)
        .join(Employer, Employer.id == Memorandum.employer_id)
        .where(Memorandum.key == key)
    ).one_or_none()
    if row is None:
        raise NotFound("not_found")
    rights.check(actor, right, row[1].scope())
    return row[0]


def list_memoranda(session: Session, employer: Employer) -> list[Memorandum]:
    return list(
        session.scalars(
            select(Memorandum)
            .where(Memorandum.employer_id == employer.id)
            .order_by(Memorandum.signed_on.desc(), Memorandum.id)
        )
    )


def _refuse(fields: Mapping[str, Any]) -> None:
    faults = [fault(name, "unknown_field") for name in fields if name not in EDITABLE]
    if not str(fields["number"]).strip():
        faults.append(fault("number", "required"))
    if fields["pledged"] < 1:
        faults.append(fault("pledged", "at_least", least=1))
    if fields["ends_on"] and fields["ends_on"] < fields["signed_on"]:
        faults.append(fault("ends_on", "before_start"))
    if faults:
        raise Invalid(*faults)


def _check_draft(session: Session, actor: Actor, memorandum: Memorandum, verb: str) -> None:
    rights.check(actor, "memoranda.edit", session.get_one(Employer, memorandum.employer_id).scope())
    if memorandum.state != "draft":
        raise WrongState("wrong_state", noun="memorandum", state=memorandum.state, verb=verb)
