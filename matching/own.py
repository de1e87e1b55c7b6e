"""A person's own page: what is stored, what is offered, and what the person may say to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from matching import seats, surveys, tasks
from matching.candidates import Candidate
from matching.choices import Choice, list_choices
from matching.consents import Consent, matching_stands
from matching.courses import Course, Enrolment
from matching.identities import Person, open_person
from matching.placements import FollowUp, Placement
from matching.referrals import LIVE, Referral
from matching.reviews import Review
from matching.rounds import Proposal
from matching.tasks import OBJECTION, Task
from quota import journal, rates, rights
from quota.calendar import add_working_days, local_day
from quota.centres import Centre
from quota.employers import Employer
from quota.errors import Invalid, fault
from quota.places import Place
from quota.rights import Actor, Role
from quota.sealing import keyring_of
from quota.vacancies import Vacancy


@dataclass(frozen=True, slots=True)
class Offer:
    """A job that waits for the person: a consent asked for, or a referral under way."""

    consent_key: str
    consent_state: str
    referral_key: str | None
    referral_state: str | None
    come_by: date | None
    title: str
    employer: str
    place: Mapping[str, str]
    address: str
    pay_from: int
    pay_to: int
    shifts: Sequence[Mapping[str, Any]]
    course: bool


@dataclass(frozen=True, slots=True)
class OwnJob:
    """A job under way; `asked` while a question about it waits for the person."""

    key: str
    title: str
    employer: str
    starts_on: date
    asked: bool


@dataclass(frozen=True, slots=True)
class Words:
    """What a reviewer wrote to the person about a job."""

    at: datetime
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class OwnSeat:
    """A seat on a course that is offered or taken; `answer_by` while it is offered, `waits` while probation
    has to consent first."""

    key: str
    state: str
    title: str
    provider: str
    place: Mapping[str, str]
    starts_on: date
    ends_on: date
    answer_by: date | None
    waits: bool


@dataclass(frozen=True, slots=True)
class OwnPage:
    person: Person | None
    candidate: Candidate
    place: Mapping[str, str]
    centre: Mapping[str, str]
    centre_phone: str
    choices: Sequence[Choice]
    offers: Sequence[Offer]
    seats: Sequence[OwnSeat]
    jobs: Sequence[OwnJob]
    words: Sequence[Words]
    matching_consent: str | None
    survey_open: bool


def see_own(session: Session, actor: Actor, candidate: Candidate, *, now: datetime) -> OwnPage:
    """The own page; the look is journalled. Raises NotAllowed or NotFound."""
    rights.check(actor, "candidates.own", candidate.scope())
    journal.write(session, actor, "view", candidate, now=now)
    centre = session.get_one(Centre, candidate.centre_id)
    matching = select(Consent.key).where(Consent.candidate_id == candidate.id, matching_stands())
    place = session.scalars(select(Place).where(Place.kato == candidate.kato)).one()
    return OwnPage(
        person=open_person(session, candidate.id),
        candidate=candidate,
        place=place.names(),
        centre=centre.names(),
        centre_phone=centre.phone,
        choices=list_choices(session, candidate),
        offers=list_offers(session, candidate),
        seats=_list_seats(session, candidate),
        jobs=_list_jobs(session, candidate, local_day(now)),
        words=_list_words(session, candidate),
        matching_consent=session.scalar(matching.limit(1)),
        survey_open=surveys.find_open(session, candidate) is not None,
    )


def _list_words(session: Session, candidate: Candidate, most: int = 5) -> list[Words]:
    """The last words for the person; a note for the centre is none of them."""
    rows = session.execute(
        select(Review.at, Vacancy.title, Review.note_for_person)
        .join(Proposal, Proposal.id == Review.proposal_id)
        .join(Vacancy, Vacancy.id == Proposal.vacancy_id)
        .where(Proposal.candidate_id == candidate.id, Review.note_for_person != "")
        .order_by(Review.id.desc())
        .limit(most)
    )
    return [Words(*row) for row in rows]


def list_offers(session: Session, candidate: Candidate) -> list[Offer]:
    """Approved proposals whose consent is asked or given, with the referral if one is under way."""
    live = Referral.state.in_(LIVE)
    rows = session.execute(
        select(Consent, Proposal, Vacancy, Employer.name, Place, Referral)
        .join(Proposal, Proposal.id == Consent.proposal_id)
        .join(Vacancy, Vacancy.id == Proposal.vacancy_id)
        .join(Employer, Employer.id == Vacancy.employer_id)
        .join(Place, Place.kato == Vacancy.kato)
        .outerjoin(Referral, (Referral.consent_id == Consent.id) & live)
        .where(
            Consent.candidate_id == candidate.id,
            Consent.state.in_(("asked", "given")),
            Proposal.state.in_(("approved", "referred")),
        )
        .order_by(Consent.id.desc())
    )
    return [
        Offer(
            consent_key=consent.key,
            consent_state=consent.state,
            referral_key=referral.key if referral else None,
            referral_state=referral.state if referral else None,
            come_by=referral.come_by if referral else None,
            title=vacancy.title,
            employer=employer,
            place=place.names(),
            address=vacancy.address,
            pay_from=vacancy.pay_from,
            pay_to=vacancy.pay_to,
            shifts=vacancy.shifts,
            course=proposal.course_id is not None,
        )
        for consent, proposal, vacancy, employer, place, referral in rows
        if proposal.state == "approved" or referral is not None
    ]


def _list_seats(session: Session, candidate: Candidate) -> list[OwnSeat]:
    """Seats on courses that are offered, taken or attended."""
    rows = session.execute(
        select(Enrolment, Course, Place)
        .join(Course, Course.id == Enrolment.course_id)
        .join(Place, Place.kato == Course.kato)
        .where(Enrolment.candidate_id == candidate.id, Enrolment.state.in_(seats.LIVE))
        .order_by(Enrolment.id)
    )
    return [_to_seat(session, seat, course, place) for seat, course, place in rows]


def _to_seat(session: Session, seat: Enrolment, course: Course, place: Place) -> OwnSeat:
    offered = seat.state == "offered"
    unpermitted = offered and seat.probation_consent_on is None
    return OwnSeat(
        key=seat.key,
        state=seat.state,
        title=course.title,
        provider=course.provider,
        place=place.names(),
        starts_on=course.starts_on,
        ends_on=course.ends_on,
        answer_by=seats.answer_day(session, seat) if offered else None,
        waits=unpermitted and seats.needs_permit(session, seat),
    )


def _list_jobs(session: Session, candidate: Candidate, today: date) -> list[OwnJob]:
    waits = exists().where(
        FollowUp.placement_id == Placement.id,
        FollowUp.person_at.is_(None),
        FollowUp.due_on <= today,
    )
    rows = session.execute(
        select(Placement, Vacancy.title, Employer.name, waits)
        .join(Employer, Employer.id == Placement.employer_id)
        .outerjoin(Vacancy, Vacancy.id == Placement.vacancy_id)
        .where(Placement.candidate_id == candidate.id, Placement.state.in_(("started", "kept")))
        .order_by(Placement.id)
    )
    return [
        OwnJob(job.key, title or "", employer, job.starts_on, asked)
        for job, title, employer, asked in rows
    ]


def object_to(
    session: Session, actor: Actor, candidate: Candidate, text: str, *, now: datetime
) -> Task:
    """An objection of the person to a match or to what is stored: a task for the centre, with a term.

    Raises NotAllowed, NotFound, or Invalid without words.
    """
    rights.check(actor, "candidates.own", candidate.scope())
    said = text.strip()
    if not said or len(said) > tasks.MOST_TEXT:
        raise Invalid(fault("text", "too_long" if said else "required", most=tasks.MOST_TEXT))
    days = rates.rate_on(session, rates.CONSENT_DAYS, local_day(now))
    task = Task(
        candidate_id=candidate.id,
        code=OBJECTION,
        text=keyring_of(session).seal(said),
        role=Role.STAFF.value,
        due_on=add_working_days(session, local_day(now), days),
    )
    return tasks.raise_task(session, actor, task, now=now)
