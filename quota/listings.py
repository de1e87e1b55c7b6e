"""The life of a vacancy after it is written: listed, paused, renewed, withdrawn, expired, copied."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quota import journal, ledger, slots
from quota.calendar import local_day
from quota.employers import Employer
from quota.errors import Invalid, WrongState, fault
from quota.rights import Actor
from quota.slots import Slot
from quota.states import VACANCY
from quota.vacancies import (
    EDITABLE,
    Vacancy,
    add_vacancy,
    check_today,
    draw_places,
    find_vacancy,
)


def pause_vacancy(
    session: Session, actor: Actor, key: str, *, reason: str = "", now: datetime
) -> Vacancy:
    """Takes a listed vacancy out of the rounds; its places stay its own. Raises NotAllowed, NotFound
    or WrongState."""
    return _move(session, actor, key, "pause", reason=reason, now=now)


def resume_vacancy(
    session: Session, actor: Actor, key: str, *, reason: str = "", now: datetime
) -> Vacancy:
    """Puts a paused vacancy back. Raises NotAllowed, NotFound, Invalid when it no longer passes, or
    WrongState, also when its term is over: then it has to be renewed."""
    vacancy = find_vacancy(session, actor, key, right="vacancies.edit")
    if vacancy.expires_on and vacancy.expires_on < local_day(now):
        raise WrongState("term_over", noun="vacancy")
    VACANCY.next(vacancy.state, "resume")
    check_today(session, vacancy, now=now)
    _move(session, actor, key, "resume", reason=reason, now=now)
    return mark_filled(session, actor, vacancy, now=now)


def renew_vacancy(
    session: Session, actor: Actor, key: str, *, expires_on: date | None, now: datetime
) -> Vacancy:
    """Gives a vacancy a new term: an expired one is listed again with fresh places, one still out gets
    the later day. Raises NotAllowed, NotFound, Invalid (a day that has passed, or what
    `vacancies.check_today` refuses), WrongState or too few slots as `vacancies.list_vacancy`."""
    vacancy = find_vacancy(session, actor, key, right="vacancies.edit")
    if expires_on is not None and expires_on < local_day(now):
        raise Invalid(fault("expires_on", "date_in_past"))
    if vacancy.state not in ("expired", "listed", "paused"):
        raise WrongState("wrong_state", noun="vacancy", state=vacancy.state, verb="renew")
    check_today(session, vacancy, now=now)
    if vacancy.state == "expired":
        journal.move(session, actor, vacancy, "renew", now=now, listed_at=now)
        draw_places(session, actor, vacancy, now=now)
    else:
        journal.write(session, actor, "renew", vacancy, now=now)
    vacancy.expires_on = expires_on
    return vacancy


def withdraw_vacancy(
    session: Session, actor: Actor, key: str, *, reason: str, now: datetime
) -> Vacancy:
    """Takes a vacancy back. Its open places are free for another; people already referred or at work
    keep theirs. Raises NotAllowed, NotFound, WrongState or Invalid without a reason."""
    if not reason.strip():
        raise Invalid(fault("reason", "required"))
    vacancy = _move(session, actor, key, "withdraw", reason=reason.strip(), now=now)
    ledger.release_listing(session, actor, vacancy.id, now=now)
    return vacancy


def undo_withdraw(session: Session, actor: Actor, key: str, *, now: datetime) -> Vacancy:
    """Brings a withdrawn vacancy back, paused, with places again when there are any. A draft that was
    withdrawn has never had places and comes back without. Raises NotAllowed, NotFound or WrongState."""
    vacancy = _move(session, actor, key, "undo_withdraw", reason="", now=now)
    if vacancy.listed_at is not None:
        draw_places(session, actor, vacancy, now=now, partly=True)
    return vacancy


def expire_due(session: Session, actor: Actor, *, now: datetime) -> int:
    """Expires every vacancy whose last day has passed and frees its places; returns how many. Run by
    the timer; running it again changes nothing."""
    over = select(Vacancy).where(
        Vacancy.state.in_(("listed", "paused")), Vacancy.expires_on < local_day(now)
    )
    vacancies = session.scalars(over.order_by(Vacancy.id)).all()
    for vacancy in vacancies:
        journal.move(session, actor, vacancy, "expire", now=now)
        ledger.release_listing(session, actor, vacancy.id, now=now)
    return len(vacancies)


def follow_slot(session: Session, actor: Actor, slot: Slot, *, now: datetime) -> None:
    """After a verb moved a slot: its vacancy is filled with the last place, and listed again with one
    that is free; a vacancy that is over lets the place go. The right is the calling verb's."""
    if slot.vacancy_id is None:
        return
    vacancy = session.get_one(Vacancy, slot.vacancy_id)
    if vacancy.state in ("withdrawn", "expired"):
        ledger.unlist(session, actor, slot, now=now)
    else:
        mark_filled(session, actor, vacancy, now=now)


def mark_filled(session: Session, actor: Actor, vacancy: Vacancy, *, now: datetime) -> Vacancy:
    """Follows the places: a listed vacancy with none left that can be filled is filled, and a filled
    one with an open place is listed again. The right is the calling verb's."""
    states = {slot.state for slot in slots.list_listed(session, vacancy.id)}
    waiting = states - {"filled", "closed"}
    if vacancy.state == "listed" and "filled" in states and not waiting:
        journal.move(session, actor, vacancy, "fill", now=now)
    elif vacancy.state == "filled" and waiting:
        journal.move(session, actor, vacancy, "reopen", now=now)
    return vacancy


def copy_vacancy(session: Session, actor: Actor, key: str, *, now: datetime) -> Vacancy:
    """A draft with the same text and conditions, without number and term. Raises NotAllowed, NotFound,
    or Invalid when the text no longer passes, such as pay below today's minimum wage."""
    source = find_vacancy(session, actor, key, right="vacancies.edit")
    employer = session.get_one(Employer, source.employer_id)
    fields = {name: getattr(source, name) for name in EDITABLE} | {"number": "", "expires_on": None}
    return add_vacancy(session, actor, employer, fields, now=now)


def _move(
    session: Session, actor: Actor, key: str, verb: str, *, reason: str, now: datetime
) -> Vacancy:
    vacancy = find_vacancy(session, actor, key, right="vacancies.edit")
    journal.move(session, actor, vacancy, verb, now=now, reason=reason.strip())
    return vacancy
