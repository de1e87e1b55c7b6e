"""Ways to work: how far each person came and when, as rows that every report counts.

One loader asks a constant number of queries, whatever the number of people. A row holds no name and
no key: only what reports group by, and the dates of the steps.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from matching.candidates import Candidate, Readiness
from matching.choices import Choice
from matching.consents import Consent, matching_stands
from matching.placements import FollowUp, Placement
from matching.referrals import Referral
from matching.reviews import Review
from matching.rounds import Proposal, Unplaced
from matching.standings import Kind, Standing
from quota import rights
from quota.calendar import local_day
from quota.places import Place
from quota.rights import Actor
from quota.slots import Slot
from quota.vacancies import Vacancy


@dataclass(frozen=True, slots=True)
class Job:
    """A job begun. `kept` are the days on which follow-ups were answered, by months."""

    starts_on: date
    ends_on: date | None
    pay: int | None
    kept: Mapping[int, date]


@dataclass(frozen=True, slots=True)
class Offer:
    """A proposal and what became of it; `source` is the place's: decree, memorandum or beyond.

    `profession` and `district` are the vacancy's. The states are those of today.
    """

    source: str
    profession: str | None
    district: str
    proposed_on: date
    state: str
    by_course: bool
    approved_on: date | None = None
    consent: str = ""
    referred_on: date | None = None
    referral: str = ""
    reason: str | None = None
    job: Job | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """One person. `district` and `profession` (the first wish, ISCO-08) are codes; pay is in tenge a month.

    `missed` is why the last round left the person without a place (no_option, full, displaced).
    """

    district: str
    sex: str
    birth_year: int | None
    language: str
    status: str
    readiness: str
    registered_on: date
    surveyed_on: date | None
    ready_on: date | None
    profession: str | None
    pay_accepted: int | None
    consented: bool
    missed: str | None
    offers: tuple[Offer, ...] = ()


def load_ways(session: Session, actor: Actor) -> list[Way]:
    """Everybody on the register within reach who was not merged into another record; ten queries.

    An erased person stays counted. Raises NotAllowed.
    """
    people = session.execute(_select_people(actor)).all()
    ready = _first_ready(session)
    consented = set(session.scalars(select(Consent.candidate_id).where(matching_stands())))
    wishes = dict(
        session.execute(select(Choice.candidate_id, Choice.isco08).where(Choice.rank == 1)).all()
    )
    missed = dict(
        session.execute(select(Unplaced.candidate_id, Unplaced.kind).order_by(Unplaced.id)).all()
    )
    offers = _load_offers(session)
    return [
        Way(
            district=district or person.kato,
            sex=person.sex,
            birth_year=person.birth_year,
            language=person.language,
            status=person.status,
            readiness=person.readiness,
            registered_on=person.registered_on,
            surveyed_on=person.surveyed_on,
            ready_on=ready.get(person.id),
            profession=wishes.get(person.id),
            pay_accepted=person.pay_accepted,
            consented=person.id in consented,
            missed=missed.get(person.id),
            offers=tuple(offers[person.id]),
        )
        for person, district in people
    ]


def choose(ways: Iterable[Way], *, district: str = "", source: str = "") -> list[Way]:
    """The people of a district, with only the offers of one source of places; empty means all."""
    chosen = [way for way in ways if district in ("", way.district)]
    if not source:
        return chosen
    return [_narrow(way, source) for way in chosen]


def list_jobs(ways: Iterable[Way]) -> list[tuple[Way, Job]]:
    return [(way, offer.job) for way in ways for offer in way.offers if offer.job]


def _narrow(way: Way, source: str) -> Way:
    parts = {name: getattr(way, name) for name in Way.__slots__}
    parts["offers"] = tuple(offer for offer in way.offers if offer.source == source)
    return Way(**parts)


def _select_people(actor: Actor) -> Select[Candidate, str | None]:
    return rights.limit(
        select(Candidate, Place.district_kato)
        .join(Place, Place.kato == Candidate.kato)
        .where(Candidate.merged_into_id.is_(None))
        .order_by(Candidate.id),
        actor,
        "reports.read",
        centre=Candidate.centre_id,
        territory=Candidate.territory,
    )


def _first_ready(session: Session) -> dict[int, date]:
    """The day on which each person was first ready."""
    rows = session.execute(
        select(Standing.candidate_id, Standing.since, Standing.at)
        .where(Standing.kind == Kind.READINESS, Standing.value_to == Readiness.READY)
        .order_by(Standing.at.desc(), Standing.id.desc())
    )
    return {candidate: since or local_day(at) for candidate, since, at in rows}


def _load_offers(session: Session) -> dict[int, list[Offer]]:
    approved = _approvals(session)
    asked = dict(
        session.execute(
            select(Consent.proposal_id, Consent.state)
            .where(Consent.proposal_id.is_not(None))
            .order_by(Consent.id)
        ).all()
    )
    referrals = {r.proposal_id: r for r in session.scalars(select(Referral).order_by(Referral.id))}
    jobs = _load_jobs(session)
    rows = session.execute(
        select(Proposal, Slot.source, Vacancy.isco08, Place.district_kato)
        .join(Slot, Slot.id == Proposal.slot_id)
        .join(Vacancy, Vacancy.id == Proposal.vacancy_id)
        .join(Place, Place.kato == Vacancy.kato)
        .order_by(Proposal.id)
    )
    offers: dict[int, list[Offer]] = defaultdict(list)
    for proposal, source, profession, district in rows:
        sent = referrals.get(proposal.id)
        offers[proposal.candidate_id].append(
            Offer(
                source=source,
                profession=profession,
                district=district or "",
                proposed_on=local_day(proposal.proposed_at),
                state=proposal.state,
                by_course=proposal.course_id is not None,
                approved_on=approved.get(proposal.id),
                consent=asked.get(proposal.id, ""),
                referred_on=local_day(sent.issued_at) if sent else None,
                referral=sent.state if sent else "",
                reason=sent.reason if sent else None,
                job=jobs.get(sent.id) if sent else None,
            )
        )
    return offers


def _approvals(session: Session) -> dict[int, date]:
    """The day of each approval that was not taken back."""
    rows = session.execute(
        select(Review.proposal_id, Review.decision, Review.at)
        .where(Review.decision.in_(("approve", "undo_approve")))
        .order_by(Review.id)
    )
    days: dict[int, date] = {}
    for proposal, decision, at in rows:
        days[proposal] = local_day(at)
        if decision == "undo_approve":
            del days[proposal]
    return days


def _load_jobs(session: Session) -> dict[int, Job]:
    """Jobs by the referral that led to them, without those taken back."""
    kept: dict[int, dict[int, date]] = defaultdict(dict)
    answered = select(FollowUp.placement_id, FollowUp.months, FollowUp.kept_at)
    for placement, months, at in session.execute(answered):
        if at is not None:
            kept[placement][months] = local_day(at)
    rows = session.scalars(select(Placement).where(Placement.state != "annulled"))
    return {
        p.referral_id: Job(p.starts_on, p.ends_on, p.pay, kept[p.id])
        for p in rows
        if p.referral_id is not None
    }
