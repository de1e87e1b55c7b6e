"""The slot ledger: every place owed, pledged or offered beyond, with its history.

A slot knows its holder as an opaque key and one category, never as a person. After any sequence of
verbs owed or pledged = open + reserved + held + referred + filled + closed: a slot is always in
exactly one state, and states change by compare-and-set (`journal.move`).
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota import journal, rights
from quota.calendar import local_day
from quota.employers import Employer
from quota.errors import Invalid, NotFound, WrongState, fault
from quota.rights import Actor
from quota.states import SLOT
from quota.tables import Code, Keyed, Table

STAFF = "staff"  # closed by hand


class Source(StrEnum):
    DECREE = "decree"
    MEMORANDUM = "memorandum"
    BEYOND = "beyond"  # offered by the employer beyond any quota


class Slot(Keyed, Table):
    __tablename__ = "slots"
    __table_args__ = (Index("ix_slots_vacancy_id_state", "vacancy_id", "state"),)
    WORKFLOW = SLOT

    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    source: Mapped[str] = mapped_column(String(12))
    memorandum_id: Mapped[int | None] = mapped_column(ForeignKey("memoranda.id"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("decree_lines.id"))
    pledge_id: Mapped[int | None] = mapped_column(ForeignKey("pledges.id"))
    category: Mapped[Code | None]
    vacancy_id: Mapped[int | None] = mapped_column(ForeignKey("vacancies.id"))
    state: Mapped[str] = mapped_column(String(12), default="open")
    holder_key: Mapped[str | None] = mapped_column(String(16))
    holder_category: Mapped[Code | None]
    since: Mapped[datetime]
    # What closed it, or closes a taken one once it is free; the same thing ending reopens it.
    closed_for: Mapped[Code | None]

    @property
    def is_taken(self) -> bool:
        """Whether somebody else has it, or staff closed it: what was undone cannot come back here."""
        closed_by_hand = self.state == "closed" and self.closed_for in (None, STAFF)
        return closed_by_hand or self.state not in ("open", "closed")


class SlotEvent(Table):
    """One line of the ledger: what happened to a slot, when it was entered, for which holder.

    `holds_from` is the first day of the new state where that is another than the day of entry: of a
    hire told late, or a leaving. Lines stand in the order of `at`; days are counted by `holds_from`.
    """

    __tablename__ = "slot_events"

    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    holds_from: Mapped[date | None]
    verb: Mapped[str] = mapped_column(String(20))
    state_from: Mapped[str | None] = mapped_column(String(12))
    state_to: Mapped[str] = mapped_column(String(12))
    holder_key: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(500), default="")


def open_slots(
    session: Session, actor: Actor, employer: Employer, pattern: Slot, *, count: int, now: datetime
) -> list[Slot]:
    """Opens `count` slots like `pattern` (source, its record, category). Raises NotAllowed, NotFound,
    or Invalid when the source and its record do not fit together."""
    right = "vacancies.edit" if pattern.source == Source.BEYOND else "slots.edit"
    rights.check(actor, right, employer.scope())
    if not _source_fits(pattern) or count < 1:
        raise Invalid(fault("source", "unknown_choice"))
    slots = [
        Slot(
            employer_id=employer.id,
            source=pattern.source,
            memorandum_id=pattern.memorandum_id,
            line_id=pattern.line_id,
            pledge_id=pattern.pledge_id,
            category=pattern.category,
            vacancy_id=pattern.vacancy_id,
            state="open",
            since=now,
        )
        for _ in range(count)
    ]
    session.add_all(slots)
    session.flush()
    for slot in slots:
        _record(session, slot, "open", None, now=now)
    journal.write(
        session, actor, "open_slots", employer, now=now, count=count, source=pattern.source
    )
    return slots


def move_slot(
    session: Session,
    actor: Actor,
    slot: Slot,
    verb: str,
    *,
    now: datetime,
    holder: tuple[str, str | None] | None = None,
    holds_from: date | None = None,
    reason: str = "",
) -> Slot:
    """Takes a slot through its workflow and writes its line. `holder` is (opaque key, category);
    `holds_from` the first day of the new state, if not today.

    A place that is free while its paper is not in force closes at once, and opens for what is undone.
    Rights are the calling verb's: a slot moves because of a round, an answer or a placement.
    Raises WrongState when the table has no such row or another writer was first, or when a slot of
    one category is to be held by another.
    """
    if verb.startswith("undo_") and slot.state == "closed" and not slot.is_taken:
        SLOT.next("open", verb)
        _step(session, actor, slot, "reopen", now=now, reason=reason)
    _step(session, actor, slot, verb, now=now, holder=holder, holds_from=holds_from, reason=reason)
    if slot.state == "open" and slot.closed_for is not None:
        _step(session, actor, slot, "close", now=now, reason=slot.closed_for)
    return slot


def _step(
    session: Session,
    actor: Actor,
    slot: Slot,
    verb: str,
    *,
    now: datetime,
    holder: tuple[str, str | None] | None = None,
    holds_from: date | None = None,
    reason: str = "",
) -> None:
    old = slot.state
    to = SLOT.next(old, verb)
    key, category = _holder_after(slot, to, holder)
    if key and slot.category and category and slot.category != category:
        raise WrongState("other_category", noun="slot", category=slot.category)
    # A writer who began earlier may come later: the lines of a slot never run backwards.
    at = max(now, slot.since)
    changes = {"holder_key": key, "holder_category": category, "since": at}
    journal.move(session, actor, slot, verb, now=now, reason=reason, **changes)
    session.expire(slot, ["closed_for"])  # its paper may have ended meanwhile
    _record(session, slot, verb, old, now=at, holds_from=holds_from, reason=reason)


def count_opening(
    session: Session, actor: Actor, slot: Slot, *, on: date, document: str, now: datetime
) -> Slot:
    """Counts somebody who worked there before as filling an open slot.

    Confirmed by staff with the date since when and the employer's document; employees are never
    asked. Raises NotAllowed, NotFound, Invalid without a document or with a date to come, WrongState.
    """
    paper = _check_by_hand(session, actor, slot, "document", document)
    if on > local_day(now):
        raise Invalid(fault("on", "date_in_future"))
    reason = f"{on.isoformat()} {paper}"
    return move_slot(session, actor, slot, "count_opening", now=now, holds_from=on, reason=reason)


def undo_opening(session: Session, actor: Actor, slot: Slot, *, reason: str, now: datetime) -> Slot:
    """Takes it back that somebody who worked there before was counted: the slot is open again.

    Raises NotAllowed, NotFound, Invalid without a reason, or WrongState for a slot filled by a hire.
    """
    said = _check_by_hand(session, actor, slot, "reason", reason)
    if slot.holder_key is not None:
        raise WrongState("filled_by_hire", noun="slot")
    return move_slot(session, actor, slot, "undo_opening", now=now, reason=said)


def close_slot(session: Session, actor: Actor, slot: Slot, *, reason: str, now: datetime) -> Slot:
    """Takes an open slot out of the ledger, with a reason. Raises NotAllowed, NotFound, Invalid or
    WrongState (only an open slot closes)."""
    return _close_or_reopen(session, actor, slot, "close", reason=reason, now=now)


def reopen_slot(session: Session, actor: Actor, slot: Slot, *, reason: str, now: datetime) -> Slot:
    """Undoes a closing by hand, with a reason. Raises NotAllowed, NotFound, Invalid or WrongState, also
    for a place that closed with its paper or vacancy: it opens with that again."""
    return _close_or_reopen(session, actor, slot, "reopen", reason=reason, now=now)


def list_listed(session: Session, vacancy_id: int) -> list[Slot]:
    mine = select(Slot).where(Slot.vacancy_id == vacancy_id)
    return list(session.scalars(mine.order_by(Slot.id)))


def list_events(session: Session, slot: Slot) -> list[SlotEvent]:
    """A slot's history, oldest first."""
    mine = select(SlotEvent).where(SlotEvent.slot_id == slot.id)
    return list(session.scalars(mine.order_by(SlotEvent.id)))


def _close_or_reopen(
    session: Session, actor: Actor, slot: Slot, verb: str, *, reason: str, now: datetime
) -> Slot:
    said = _check_by_hand(session, actor, slot, "reason", reason)
    if verb == "reopen" and slot.closed_for not in (None, STAFF):
        raise WrongState("closed_with_paper", noun="slot")
    SLOT.next(slot.state, verb)
    slot.closed_for = STAFF if verb == "close" else None
    return move_slot(session, actor, slot, verb, now=now, reason=said)


def _check_by_hand(session: Session, actor: Actor, slot: Slot, field: str, written: str) -> str:
    """What staff write to a step taken by hand. Raises NotAllowed, NotFound, or Invalid for nothing."""
    employer = session.get_one(Employer, slot.employer_id)
    rights.check(actor, "slots.edit", employer.scope())
    if not written.strip():
        raise Invalid(fault(field, "required"))
    return written.strip()


def attach_slots(
    session: Session, actor: Actor, slots: Iterable[Slot], *, vacancy_id: int, now: datetime
) -> None:
    """Lists open slots under a vacancy. Raises WrongState for a slot that is taken or listed elsewhere,
    also by a writer who was faster."""
    session.flush()
    for slot in slots:
        done = session.execute(
            update(Slot)
            .where(Slot.id == slot.id, Slot.state == "open")
            .where(or_(Slot.vacancy_id.is_(None), Slot.vacancy_id == vacancy_id))
            .values(vacancy_id=vacancy_id)
            .execution_options(synchronize_session=False)
        )
        session.expire(slot, ["vacancy_id", "state"])
        if done.rowcount != 1:  # type: ignore[attr-defined]
            raise WrongState("slot_taken", noun="slot")
        journal.write(session, actor, "attach", slot, now=now)


def find_free_slots(session: Session, employer_id: int, *, category: str | None) -> list[Slot]:
    """Open slots of the employer under no vacancy that take this category, decree places first."""
    statement = select(Slot).where(
        Slot.employer_id == employer_id, Slot.state == "open", Slot.vacancy_id.is_(None)
    )
    slots = [s for s in session.scalars(statement) if s.category in (None, category)]
    return sorted(slots, key=lambda s: (s.source != Source.DECREE, s.category is None, s.id))


def list_free_categories(session: Session, employer_id: int) -> list[str]:
    """The categories of the employer's open slots under no vacancy."""
    mine = Slot.employer_id == employer_id, Slot.state == "open", Slot.vacancy_id.is_(None)
    found = select(Slot.category).where(*mine, Slot.category.is_not(None)).distinct()
    return sorted(category for category in session.scalars(found) if category)


def count_unlisted(session: Session, employer_id: int) -> int:
    """How many open places of the employer stand under no vacancy."""
    mine = Slot.employer_id == employer_id, Slot.state == "open", Slot.vacancy_id.is_(None)
    return session.scalar(select(func.count(Slot.id)).where(*mine)) or 0


def find_slot(session: Session, slot_id: int) -> Slot:
    slot = session.get(Slot, slot_id)
    if slot is None:
        raise NotFound("not_found")
    return slot


def find_by_key(session: Session, actor: Actor, key: str, *, right: str = "slots.read") -> Slot:
    """The slot with this key. Raises NotAllowed, or NotFound also when out of reach."""
    slot = session.scalar(select(Slot).where(Slot.key == key))
    if slot is None:
        raise NotFound("not_found")
    rights.check(actor, right, session.get_one(Employer, slot.employer_id).scope())
    return slot


def count_states(session: Session, employer_id: int) -> dict[str, Counter[str]]:
    """{source: {state: number}} of an employer's slots."""
    counts: dict[str, Counter[str]] = {source.value: Counter() for source in Source}
    rows = session.execute(
        select(Slot.source, Slot.state, func.count())
        .where(Slot.employer_id == employer_id)
        .group_by(Slot.source, Slot.state)
    )
    for source, state, number in rows:
        counts[source][state] = number
    return counts


def list_slots(session: Session, employer_id: int) -> list[Slot]:
    return list(
        session.scalars(select(Slot).where(Slot.employer_id == employer_id).order_by(Slot.id))
    )


def _source_fits(slot: Slot) -> bool:
    return (slot.memorandum_id is not None, slot.line_id is not None) == (
        slot.source == Source.MEMORANDUM,
        slot.source == Source.DECREE,
    )


def _holder_after(
    slot: Slot, to: str, holder: tuple[str, str | None] | None
) -> tuple[str | None, str | None]:
    if to in ("open", "closed"):
        return None, None
    return holder or (slot.holder_key, slot.holder_category)


def _record(
    session: Session,
    slot: Slot,
    verb: str,
    old: str | None,
    *,
    now: datetime,
    holds_from: date | None = None,
    reason: str = "",
) -> None:
    session.add(
        SlotEvent(
            slot_id=slot.id,
            at=now,
            holds_from=holds_from,
            verb=verb,
            state_from=old,
            state_to=slot.state,
            holder_key=slot.holder_key,
            reason=reason,
        )
    )
