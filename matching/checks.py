"""What to look at before a round is solved: what would stop it, and what is worth mending first."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from matching.candidates import Candidate, Readiness
from matching.choices import Choice
from matching.rounds import find_round
from matching.snapshots import find_entrants, is_open
from quota.employers import Employer
from quota.places import Place
from quota.rights import Actor
from quota.slots import Slot
from quota.vacancies import Vacancy


@dataclass(frozen=True, slots=True)
class Check:
    """Something to look at before solving: `number` records. `level` is `stop` (a plan would
    be empty), `warn` (mend it and more people are placed) or `good`."""

    code: str
    number: int
    level: str


def list_checks(session: Session, actor: Actor, key: str) -> list[Check]:
    """What to look at before a round of this centre is solved. Raises NotAllowed or NotFound."""
    centre_id = find_round(session, actor, key, right="rounds.run").centre_id
    entrants, held_out = find_entrants(session, centre_id)
    mine = Candidate.centre_id == centre_id
    vacancies, places = _count_openings(session, centre_id)
    counts = (
        ("enter", len(entrants), "stop"),
        ("no_consent", held_out["no_consent"], "warn"),
        ("waits_for_support", held_out["waits_for_support"], "warn"),
        ("in_progress", held_out["in_progress"], "good"),
        ("no_profession", _count(session, mine, lacks_profession()), "warn"),
        ("no_location", _count(session, mine, lacks_location()), "warn"),
        ("vacancies", vacancies, "stop"),
        ("open_places", places, "stop"),
    )
    return [
        Check(code, number, _level(number, level))
        for code, number, level in counts
        if number or level == "stop"
    ]


def lacks_profession() -> ColumnElement[bool]:
    """Ready, and no profession is confirmed."""
    chosen = select(Choice.candidate_id).where(Choice.isco08.is_not(None))
    return and_(_is_ready(), Candidate.id.not_in(chosen))


def lacks_location() -> ColumnElement[bool]:
    """Ready, and at home where no distance is known."""
    unlocated = select(Place.kato).where(Place.located.is_(False))
    return and_(_is_ready(), Candidate.kato.in_(unlocated))


def _is_ready() -> ColumnElement[bool]:
    return and_(Candidate.readiness == Readiness.READY, is_open())


def _level(number: int, level: str) -> str:
    return "good" if level == "stop" and number else level


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Candidate).where(*conditions)) or 0


def _count_openings(session: Session, centre_id: int) -> tuple[int, int]:
    row = session.execute(
        select(func.count(Slot.vacancy_id.distinct()), func.count())
        .join(Vacancy, Vacancy.id == Slot.vacancy_id)
        .join(Employer, Employer.id == Vacancy.employer_id)
        .where(Employer.centre_id == centre_id, Vacancy.state == "listed", Slot.state == "open")
    ).one()
    return row[0], row[1]
