"""What can be exported, by noun; candidates masked unless a purpose is stated."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.candidates import Candidate, Choice, Status
from matching.consents import MATCHING, Consent
from matching.identities import Person, open_persons
from matching.imports.candidates import COLUMNS
from quota import columns as col
from quota import rights
from quota.columns import Column
from quota.errors import Invalid, fault
from quota.exchange import export_for_exchange
from quota.exports import (
    Lines,
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
# What names a person, or leads to one outside of Senim.
NAMING = (
    "number",
    "iin",
    "family_name",
    "given_name",
    "patronymic",
    "phone",
    "consent_paper",
)


def export_candidates(
    session: Session,
    actor: Actor,
    *,
    locale: str,
    now: datetime,
    purpose: str = "",
) -> Lines:
    """People within reach with their survey. Without a purpose the table is masked: a record's key in
    place of names and numbers. With one, it names them, and the journal keeps the purpose.

    Erased, merged and blocked records are left out. Raises NotAllowed, or Invalid for a long purpose.
    """
    purpose = purpose.strip()
    if len(purpose) > MOST_PURPOSE:
        raise Invalid(fault("purpose", "too_long", most=MOST_PURPOSE))
    records = _read(session, actor, locale, named=bool(purpose))
    shown = COLUMNS if purpose else (KEY, *(c for c in COLUMNS if c.code not in NAMING))
    lines = lay_out(shown, records, locale)
    return take_out(
        session, actor, "candidates", lines, now=now, named=bool(purpose), reason=purpose
    )


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
    given = select(Consent).where(Consent.scope == MATCHING, Consent.state == "given")
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
    "candidates": export_candidates,
    "travel": export_travel,
}
