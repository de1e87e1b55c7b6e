"""Openings: what a centre has to offer on one day, as the engine takes it: vacancies with their open
slots, their employers, courses with free seats, and the ways there."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.barriers import read_span
from matching.courses import Course, Enrolment
from matching.engine import problem as engine
from quota.desks import keep_within_limits, paused_on
from quota.employers import Employer
from quota.places import Place, distance_km, travel_table
from quota.slots import Slot, Source
from quota.vacancies import Vacancy

_SEATED = ("offered", "accepted", "attending", "completed")


@dataclass(frozen=True, slots=True)
class Ground:
    """What every record of one snapshot is read against."""

    day: date
    places: Mapping[str, Place]

    def days_until(self, day: date | None) -> int | None:
        return None if day is None else (day - self.day).days

    def district(self, kato: str) -> str | None:
        return self.places[kato].district_kato


def load_vacancies(session: Session, centre_id: int, *, day: date) -> list[Vacancy]:
    """Listed vacancies of the centre's employers, of a known profession, open on the day, those of
    paused desks left out."""
    return list(
        session.scalars(
            select(Vacancy)
            .join(Employer, Employer.id == Vacancy.employer_id)
            .where(
                Employer.centre_id == centre_id,
                Vacancy.state == "listed",
                Employer.id.not_in(paused_on(day)),
                Vacancy.isco08.is_not(None),
                Vacancy.expires_on.is_(None) | (Vacancy.expires_on >= day),
            )
            .order_by(Vacancy.key)
        )
    )


def read_vacancies(
    session: Session, rows: Sequence[Vacancy], ground: Ground
) -> list[engine.Vacancy]:
    """Vacancies that have an open slot within the employer's limit of people sent at once."""
    places = _count_places(session, [row.id for row in rows])
    names = _employer_keys(session, {row.employer_id for row in rows})
    return [
        _read_vacancy(row, names[row.employer_id], places[row.id], ground)
        for row in rows
        if places[row.id]
    ]


def _read_vacancy(
    row: Vacancy, employer: str, places: Sequence[engine.Places], ground: Ground
) -> engine.Vacancy:
    assert row.isco08 is not None
    return engine.Vacancy(
        key=row.key,
        employer=employer,
        isco08=row.isco08,
        kato=row.kato,
        within=tuple(ground.places[row.kato].path.strip("/").split("/")),
        district=ground.district(row.kato),
        pay_from=row.pay_from,
        pay_to=row.pay_to,
        shifts=tuple(sorted((read_span(shift) for shift in row.shifts), key=str)),
        flags=tuple(sorted(row.flags)),
        licences=tuple(sorted(row.licences)),
        experience_years=row.experience_years,
        housing=row.housing,
        transport=row.transport,
        closes_in=ground.days_until(row.expires_on),
        places=tuple(places),
    )


def _count_places(session: Session, ids: Sequence[int]) -> dict[int, list[engine.Places]]:
    counts: Counter[tuple[int, str | None, bool]] = Counter()
    statement = select(Slot).where(Slot.state == "open", Slot.vacancy_id.in_(ids))
    for slot in keep_within_limits(session, session.scalars(statement)):
        assert slot.vacancy_id is not None
        counts[slot.vacancy_id, slot.category, slot.source != Source.BEYOND] += 1
    found = defaultdict(list)
    for (vacancy_id, category, quota), count in sorted(counts.items(), key=str):
        found[vacancy_id].append(engine.Places(category, quota, count))
    return found


def _employer_keys(session: Session, ids: set[int]) -> dict[int, str]:
    rows = session.execute(select(Employer.id, Employer.key).where(Employer.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def read_employers(session: Session, ids: set[int]) -> tuple[engine.Employer, ...]:
    owed = session.execute(
        select(Slot.employer_id, func.count())
        .where(Slot.state == "open", Slot.source != Source.BEYOND, Slot.employer_id.in_(ids))
        .group_by(Slot.employer_id)
    )
    open_places = {row[0]: row[1] for row in owed}
    return tuple(
        engine.Employer(
            e.key,
            open_places.get(e.id, 0),
            e.referrals_sent,
            e.referrals_answered,
            e.referrals_hired,
        )
        for e in session.scalars(select(Employer).where(Employer.id.in_(ids)))
    )


def load_courses(session: Session, centre_id: int, *, day: date) -> list[Course]:
    """Courses of the centre that have not begun and are not cancelled."""
    statement = select(Course).where(
        Course.centre_id == centre_id, Course.starts_on >= day, Course.cancelled_at.is_(None)
    )
    return list(session.scalars(statement.order_by(Course.key)))


def read_courses(session: Session, rows: Sequence[Course], ground: Ground) -> list[engine.Course]:
    taken = session.execute(
        select(Enrolment.course_id, func.count())
        .where(Enrolment.state.in_(_SEATED))
        .group_by(Enrolment.course_id)
    )
    seated = {row[0]: row[1] for row in taken}
    return [
        engine.Course(
            key=row.key,
            isco08=row.isco08,
            kato=row.kato,
            district=ground.district(row.kato),
            seats=max(0, row.seats - seated.get(row.id, 0)),
            least=max(0, row.least - seated.get(row.id, 0)),
            cost=row.cost,
            starts_in=(row.starts_on - ground.day).days,
            ends_in=(row.ends_on - ground.day).days,
        )
        for row in rows
    ]


def load_places(session: Session, codes: set[str]) -> dict[str, Place]:
    found = session.scalars(select(Place).where(Place.kato.in_(codes)))
    return {place.kato: place for place in found}


def measure(
    session: Session,
    ground: Ground,
    people: Sequence[engine.Candidate],
    sites: Sequence[engine.Vacancy | engine.Course],
) -> tuple[engine.Leg, ...]:
    minutes = travel_table(session)
    legs = []
    for home in sorted({c.kato for c in people}):
        for work in sorted({site.kato for site in sites}):
            a, b = ground.places[home], ground.places[work]
            known, by_district = _find_minutes(minutes, a, b)
            legs.append(engine.Leg(home, work, known, distance_km(a, b), by_district))
    return tuple(leg for leg in legs if (leg.minutes, leg.km) != (None, None))


def _find_minutes(
    table: Mapping[tuple[str, str], int], home: Place, work: Place
) -> tuple[int | None, bool]:
    """What is recorded between the two places, or else for the district of either or both; and whether it
    was for a district."""
    if (own := table.get((home.kato, work.kato))) is not None:
        return own, False
    ways = ((home.kato, work.district), (home.district, work.kato), (home.district, work.district))
    recorded = next((table[way] for way in ways if way in table), None)
    return recorded, recorded is not None
