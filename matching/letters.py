"""Letters: what stands on the paper which a candidate carries to the employer, or to a course.

Neither the employer's answer code nor a quota category, a restriction or where either comes from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.candidates import Candidate
from matching.courses import Course, Enrolment
from matching.enrolments import find_enrolment
from matching.identities import open_person
from matching.referrals import LIVE, Referral, find_referral
from quota import journal, rates
from quota.calendar import local_day
from quota.centres import Centre
from quota.employers import Employer
from quota.errors import NotFound, WrongState
from quota.places import Place, find_place
from quota.rights import Actor
from quota.vacancies import Vacancy


@dataclass(frozen=True, slots=True)
class Letter:
    """`pay_from` and `pay_to` are whole tenge a month; `come_act` and `answer_act` the acts of the dated
    rates by which the two terms were counted; names come by language."""

    number: int
    issued_on: date
    centre: Mapping[str, str]
    centre_address: str
    centre_phone: str
    person: str
    employer: str
    vacancy: str
    place: Mapping[str, str]
    address: str
    pay_from: int
    pay_to: int
    come_by: date
    answer_by: date
    come_act: str
    answer_act: str


def print_letter(
    session: Session, actor: Actor, referral_key: str, *, form: str, now: datetime
) -> Letter:
    """The letter of a referral under way, and a line in the journal that it was printed as `form`.

    Raises NotAllowed, NotFound (also once the person was erased), or WrongState when the referral has
    ended or the record is blocked.
    """
    referral = find_referral(session, actor, referral_key, right="referrals.issue")
    if referral.state not in LIVE:
        raise WrongState("wrong_state", noun="referral", state=referral.state, verb="print_letter")
    _need_unblocked(session, referral.candidate_id)
    letter = _compose(session, referral)
    journal.write(session, actor, "print_letter", referral, now=now, form=form)
    return letter


@dataclass(frozen=True, slots=True)
class SeatLetter:
    """What stands on the paper for a course: the number runs within the centre; `isco08` is the
    profession taught; `consent_on` and `consent_paper` are those of the person's written yes."""

    number: int
    issued_on: date
    centre: Mapping[str, str]
    centre_address: str
    centre_phone: str
    person: str
    provider: str
    course: str
    isco08: str
    place: Mapping[str, str]
    starts_on: date
    ends_on: date
    consent_on: date
    consent_paper: str


def print_seat_letter(
    session: Session, actor: Actor, enrolment_key: str, *, form: str, now: datetime
) -> SeatLetter:
    """The letter to a course for a seat taken in writing, and a line in the journal that it was printed as
    `form`.

    Raises NotAllowed, NotFound (also once the person was erased), or WrongState before the person's yes,
    after the seat's end and while the record is blocked.
    """
    enrolment = find_enrolment(session, actor, enrolment_key, right="courses.edit")
    if enrolment.state not in ("accepted", "attending") or enrolment.consent_on is None:
        raise WrongState(
            "wrong_state", noun="enrolment", state=enrolment.state, verb="print_letter"
        )
    _need_unblocked(session, enrolment.candidate_id)
    letter = _compose_seat(session, enrolment, enrolment.consent_on, local_day(now))
    journal.write(session, actor, "print_letter", enrolment, now=now, form=form)
    return letter


def _need_unblocked(session: Session, candidate_id: int) -> None:
    if session.get_one(Candidate, candidate_id).blocked_at is not None:
        raise WrongState("blocked", noun="candidate")


def _compose_seat(
    session: Session, enrolment: Enrolment, consent_on: date, today: date
) -> SeatLetter:
    person = open_person(session, enrolment.candidate_id)
    if person is None:
        raise NotFound("not_found")
    course = session.get_one(Course, enrolment.course_id)
    centre = session.get_one(Centre, course.centre_id)
    return SeatLetter(
        number=_count_seats(session, enrolment, centre.id),
        issued_on=today,
        centre=centre.names(),
        centre_address=centre.address,
        centre_phone=centre.phone,
        person=f"{person.family_name} {person.given_name}",
        provider=course.provider,
        course=course.title,
        isco08=course.isco08,
        place=_name_place(session, course.kato),
        starts_on=course.starts_on,
        ends_on=course.ends_on,
        consent_on=consent_on,
        consent_paper=enrolment.consent_paper,
    )


def _count_seats(session: Session, enrolment: Enrolment, centre_id: int) -> int:
    # Seats are never deleted, so a seat keeps its place in the count.
    count = (
        select(func.count())
        .select_from(Enrolment)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Course.centre_id == centre_id, Enrolment.id <= enrolment.id)
    )
    return session.scalar(count) or 0


def _compose(session: Session, referral: Referral) -> Letter:
    person = open_person(session, referral.candidate_id)
    if person is None:
        raise NotFound("not_found")
    centre = session.get_one(Centre, referral.centre_id)
    vacancy = session.get_one(Vacancy, referral.vacancy_id)
    day = local_day(referral.issued_at)
    return Letter(
        number=referral.number,
        issued_on=day,
        centre=centre.names(),
        centre_address=centre.address,
        centre_phone=centre.phone,
        person=f"{person.family_name} {person.given_name}",
        employer=session.get_one(Employer, referral.employer_id).name,
        vacancy=vacancy.title,
        place=_name_place(session, vacancy.kato),
        address=vacancy.address,
        pay_from=vacancy.pay_from,
        pay_to=vacancy.pay_to,
        come_by=referral.come_by,
        answer_by=referral.answer_by,
        come_act=rates.act_of(session, rates.REFERRAL_DAYS_CANDIDATE, day),
        answer_act=rates.act_of(session, rates.REFERRAL_DAYS_EMPLOYER, day),
    )


def _name_place(session: Session, kato: str) -> dict[str, str]:
    """The place under the district it lies in, where that is another."""
    place = find_place(session, kato)
    above = session.scalar(select(Place).where(Place.kato == place.district_kato))
    places = [above, place] if above and above.kato != place.kato else [place]
    named = [p.names() for p in places]
    return {locale: ", ".join(names[locale] for names in named) for locale in ("kk", "ru")}
