"""Reminders: which notices the clocks of referrals ask for, and what one needs to be written."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import notices, outbox
from matching.candidates import Candidate
from matching.identities import open_person
from matching.notices import (
    ANSWER_LATE,
    ANSWER_SOON,
    COME_SOON,
    TO_EMPLOYER,
    Notice,
    NoticeRow,
)
from matching.referrals import Referral, find_referral
from quota.calendar import add_working_days, local_day
from quota.centres import Centre
from quota.contacts import find_addresses
from quota.employers import Employer
from quota.rights import Actor
from quota.vacancies import Vacancy

UNANSWERED = ("issued", "presented")


@dataclass(frozen=True, slots=True)
class Message:
    """What a text is written from, and where it can go. No name of a candidate is in it.

    `answer_code` is the employer's own and empty in what goes to a candidate.
    """

    key: str
    code: str
    locale: str
    email: str
    phone: str
    number: int
    vacancy: str
    employer: str
    term: date
    centre: dict[str, str]
    centre_phone: str
    answer_code: str


def make_reminders(session: Session, *, now: datetime) -> int:
    """For the timer: reminders the working day before a term and on it, and once when it has passed.

    Returns how many were made; doing it twice makes no second one.
    """
    today = local_day(now)
    soon = add_working_days(session, today, 1)
    open_ones = session.scalars(
        select(Referral).where(Referral.state.in_(UNANSWERED)).order_by(Referral.id)
    ).all()
    wanted = [
        (referral.id, code, term)
        for referral in open_ones
        for code, term in _due(referral, today, soon)
    ]
    return notices.make(session, wanted, now=now)


def compose(session: Session, key: str, *, now: datetime) -> Message | None:
    """Claims the notice and reads what its text needs.

    None when another timer has it, or when it lost its point and was dropped.
    """
    notice = outbox.claim(session, Notice, key, now=now)
    if notice is None:
        return None
    referral = session.get_one(Referral, notice.referral_id)
    if not _has_point(referral, notice.code, notice.term):
        outbox.drop(session, notice, now=now)
        return None
    to_employer = notice.code in TO_EMPLOYER
    employer = session.get_one(Employer, referral.employer_id)
    centre = session.get_one(Centre, referral.centre_id)
    email, phone = _find_addresses(session, referral, employer, to_employer=to_employer)
    candidate = session.get_one(Candidate, referral.candidate_id)
    return Message(
        key=key,
        code=notice.code,
        locale=employer.locale if to_employer else candidate.language,
        email=email,
        phone=phone,
        number=referral.number,
        vacancy=session.get_one(Vacancy, referral.vacancy_id).title,
        employer=employer.name,
        term=notice.term,
        centre=centre.names(),
        centre_phone=centre.phone,
        answer_code=referral.answer_code if to_employer else "",
    )


def list_notices(session: Session, actor: Actor, referral_key: str) -> list[NoticeRow]:
    """What was sent about a referral, for the centre. Raises NotAllowed or NotFound."""
    referral = find_referral(session, actor, referral_key, right="referrals.issue")
    return notices.list_of_referral(session, referral.id)


def _due(referral: Referral, today: date, soon: date) -> Iterator[tuple[str, date]]:
    if referral.answer_by < today:
        yield ANSWER_LATE, referral.answer_by
    elif referral.answer_by <= soon:
        yield ANSWER_SOON, referral.answer_by
    if referral.state == "issued" and today <= referral.come_by <= soon:
        yield COME_SOON, referral.come_by


def _has_point(referral: Referral, code: str, term: date) -> bool:
    if code == COME_SOON:
        return referral.state == "issued" and referral.come_by == term
    return referral.state in UNANSWERED and referral.answer_by == term


def _find_addresses(
    session: Session, referral: Referral, employer: Employer, *, to_employer: bool
) -> tuple[str, str]:
    if to_employer:
        return find_addresses(session, employer)
    person = open_person(session, referral.candidate_id)
    return "", (person.phone or "") if person else ""
