"""What can be exported, by noun; candidates masked unless a purpose is stated."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import courses
from matching.candidates import Candidate, Status
from matching.cells import coarsen
from matching.choices import Choice
from matching.consents import Consent, matching_stands
from matching.courses import Course
from matching.equity import UNKNOWN, band_of
from matching.identities import Person, open_persons
from matching.imports import courses as taught
from matching.imports.candidates import COLUMNS
from matching.imports.survey import RANKS
from quota import columns as col
from quota import rights
from quota.calendar import local_day
from quota.columns import Column
from quota.employers import Employer
from quota.errors import Invalid, fault
from quota.exchange import export_for_exchange
from quota.exports import (
    Lines,
    export_annexes,
    export_clauses,
    export_employers,
    export_memoranda,
    export_travel,
    export_vacancies,
    lay_out,
    locate,
    take_out,
    with_places,
)
from quota.rights import Actor

MOST_PURPOSE = 500
KEY = Column("key", col.text(16), "Жазба кілті", "Ключ записи")
AGE = Column("age", col.text(10), "Жас тобы", "Возрастная группа")
DISTRICT = Column("district", col.text(200), "Аудан", "Район")
STATUS, SEX = (next(c for c in COLUMNS if c.code == code) for code in ("status", "sex"))
_COURSE_STATE = Column(
    "state",
    col.choice({"open": ("болады", "состоится"), "cancelled": ("болмайды", "отменён")}),
    "Күйі",
    "Состояние",
)
# What a neighbour knows of somebody, from the widest to the narrowest: told only of several alike.
COARSE = ("status", "district", "age", "sex")
# What names nobody and is known to nobody outside: the survey's answers, without words typed freely.
PLAIN = (
    "readiness",
    *(f"{name}_{rank}" for rank in RANKS for name in ("isco08", "years")),
    "retraining_isco08",
    *("pay_wanted", "pay_accepted", "max_minutes", "max_km", "may_move", "hours"),
    *("licences", "avoids", "experience_years"),
)
MASKED = (KEY, STATUS, DISTRICT, AGE, SEX, *(c for c in COLUMNS if c.code in PLAIN))


def export_candidates(
    session: Session,
    actor: Actor,
    *,
    locale: str,
    now: datetime,
    purpose: str = "",
) -> Lines:
    """People within reach with their survey. Without a purpose the table is masked: a record's key in
    place of names and numbers, no days, no village, and status, district, age band and sex only as far
    as at least `cells.LEAST` people share them. With one, it names them, and the journal keeps the purpose.

    Erased, merged and blocked records are left out. Raises NotAllowed, or Invalid for a long purpose.
    """
    purpose = purpose.strip()
    if len(purpose) > MOST_PURPOSE:
        raise Invalid(fault("purpose", "too_long", most=MOST_PURPOSE))
    records = _read(session, actor, locale, named=bool(purpose))
    if not purpose:
        records = _mask(records, year=local_day(now).year)
    lines = lay_out(COLUMNS if purpose else MASKED, records, locale)
    return take_out(
        session, actor, "candidates", lines, now=now, named=bool(purpose), reason=purpose
    )


def export_courses(session: Session, actor: Actor, *, locale: str, now: datetime) -> Lines:
    """Courses within reach, by provider, title and first day. Raises NotAllowed."""
    statement = with_places(select(Course), Course.kato).add_columns(Employer.identifier)
    statement = rights.limit(
        statement.outerjoin(Employer, Employer.id == Course.pledged_by),
        actor,
        "courses.read",
        centre=Course.centre_id,
        territory=Course.territory,
    )
    order = (Course.provider, Course.title, Course.starts_on, Course.id)
    records = [
        {name: getattr(course, name) for name in courses.EDITABLE}
        | {**locate(place, district, locale), "pledged_by": pledged_by}
        | {"state": "cancelled" if course.cancelled_at else "open"}
        for course, place, district, pledged_by in session.execute(statement.order_by(*order))
    ]
    shown = (*taught.COLUMNS, _COURSE_STATE)
    return take_out(session, actor, "courses", lay_out(shown, records, locale), now=now)


def _mask(records: Sequence[dict[str, Any]], *, year: int) -> list[dict[str, Any]]:
    """The records with what a neighbour knows told only of several alike."""
    known = [
        (r["status"], r["area"], band_of(r["birth_year"], year=year), r["sex"]) for r in records
    ]
    told = coarsen([tuple(part or UNKNOWN for part in parts) for parts in known])
    return [
        record
        | {
            name: None if part == UNKNOWN else part
            for name, part in zip(COARSE, parts, strict=True)
        }
        for record, parts in zip(records, told, strict=True)
    ]


def _read(session: Session, actor: Actor, locale: str, *, named: bool) -> list[dict[str, Any]]:
    statement = rights.limit(
        with_places(select(Candidate), Candidate.kato),
        actor,
        "candidates.read",
        centre=Candidate.centre_id,
        territory=Candidate.territory,
        supervised=Candidate.status == Status.ON_PROBATION,
    ).where(
        Candidate.erased_at.is_(None),
        Candidate.merged_into_id.is_(None),
        Candidate.blocked_at.is_(None),
    )
    rows = session.execute(statement.order_by(Candidate.id)).all()
    wishes, consents = _load_wishes(session), _load_consents(session)
    persons = _open([candidate.id for candidate, *_ in rows], session) if named else {}
    return [
        {column.name: getattr(candidate, column.name) for column in Candidate.__table__.columns}
        | {**locate(place, district, locale), "retraining": candidate.retraining_title}
        | {"area": (district or place).names()[locale]}
        | wishes[candidate.id]
        | consents.get(candidate.id, {})
        | (asdict(persons[candidate.id]) if candidate.id in persons else {})
        for candidate, place, district in rows
    ]


def _open(ids: Sequence[int], session: Session) -> dict[int, Person]:
    """Opened identities, asked for in parts: a database takes only so many values at once."""
    parts = [ids[start : start + 5_000] for start in range(0, len(ids), 5_000)]
    return {key: person for part in parts for key, person in open_persons(session, part).items()}


def _load_wishes(session: Session) -> defaultdict[int, dict[str, Any]]:
    told: defaultdict[int, dict[str, Any]] = defaultdict(dict)
    for choice in session.scalars(select(Choice)):
        named = {"profession": choice.title, "isco08": choice.isco08, "years": choice.years}
        told[choice.candidate_id] |= {f"{k}_{choice.rank}": v for k, v in named.items()}
    return told


def _load_consents(session: Session) -> dict[int, dict[str, Any]]:
    """The standing consents to matching that were given on paper."""
    given = select(Consent).where(matching_stands())
    return {
        consent.candidate_id: {
            "consent_on": consent.given_on,
            "consent_paper": consent.paper_number,
        }
        for consent in session.scalars(given)
    }


NOUNS: Mapping[str, Callable[..., Lines]] = {
    "employers": export_employers,
    "vacancies": export_vacancies,
    "vacancies-exchange": export_for_exchange,
    "memoranda": export_memoranda,
    "decree": export_annexes,
    "clauses": export_clauses,
    "candidates": export_candidates,
    "courses": export_courses,
    "travel": export_travel,
}
