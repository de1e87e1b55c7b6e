"""The equity mirror: before a plan is published, whom it places and at what pay.

Sex, age, district and language are no input of the score; the mirror shows whether rules, distances
and openings fall unevenly all the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import cells, cockpit
from matching.candidates import Candidate
from quota.places import Place
from quota.rights import Actor
from quota.vacancies import Vacancy

FACETS = ("sex", "age", "district", "language")
AGES = (25, 35, 45, 55)  # a band begins at each, and one before the first
UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Entrant:
    """Somebody who entered the round; `pay` is what the vacancy offers from, None without a place."""

    sex: str
    age: str
    district: str
    language: str
    pay: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """`entered` and `placed` people, the median of their pay in tenge a month; None where hidden.
    `code` is empty for everybody."""

    code: str
    entered: int | None
    placed: int | None
    pay: int | None

    @property
    def per_cent(self) -> int | None:
        """Placed of entered, rounded down."""
        if not self.entered or self.placed is None:
            return None
        return 100 * self.placed // self.entered


def mirror_round(
    session: Session, actor: Actor, key: str, *, year: int
) -> Mapping[str, list[Group]]:
    """The mirror of a solved round's plan, in a constant number of queries; ages as of `year`.

    Raises NotAllowed or NotFound.
    """
    jobs = {
        choice.candidate: choice.vacancy for choice in cockpit.list_choices(session, actor, key)
    }
    missed = {one.candidate for one in cockpit.list_missed(session, actor, key)}
    pays = dict(
        session.execute(
            select(Vacancy.key, Vacancy.pay_from).where(Vacancy.key.in_(set(jobs.values())))
        ).all()
    )
    rows = session.execute(
        select(Candidate, Place.district_kato)
        .join(Place, Place.kato == Candidate.kato)
        .where(Candidate.key.in_(missed | jobs.keys()))
    )
    entrants = [
        Entrant(
            sex=person.sex or UNKNOWN,
            age=band_of(person.birth_year, year=year),
            district=district or person.kato,
            language=person.language,
            pay=pays[jobs[person.key]] if person.key in jobs else None,
        )
        for person, district in rows
    ]
    return {facet: compare(entrants, facet) for facet in FACETS}


def compare(entrants: Iterable[Entrant], facet: str) -> list[Group]:
    """The groups of one of FACETS, everybody last; small cells hidden, of people placed and not."""
    placed: dict[str, list[int]] = defaultdict(list)
    others: dict[str, int] = defaultdict(int)
    for entrant in entrants:
        code = getattr(entrant, facet)
        if entrant.pay is None:
            others[code] += 1
        else:
            placed[code].append(entrant.pay)
    numbers = {code: (len(placed[code]), others[code]) for code in sorted({*placed, *others})}
    hidden = cells.find_hidden(numbers)
    everybody = [pay for code in numbers for pay in placed[code]]
    total = (len(everybody), sum(others.values()))
    rows = [
        Group(code, None, None, None) if code in hidden else _group(code, pair, placed[code])
        for code, pair in numbers.items()
    ]
    if any(map(cells.is_small, total)):
        return [*rows, Group("", None, None, None)]
    return [*rows, _group("", total, everybody)]


def band_of(birth_year: int | None, *, year: int) -> str:
    """An age band such as `25-34`, by the age reached in the year."""
    if birth_year is None:
        return UNKNOWN
    age = year - birth_year
    begins = max((bound for bound in AGES if bound <= age), default=0)
    ends = min((bound for bound in AGES if bound > age), default=0)
    if not begins:
        return f"-{ends - 1}"
    return f"{begins}-{ends - 1}" if ends else f"{begins}+"


def _group(code: str, numbers: tuple[int, int], pays: list[int]) -> Group:
    return Group(code, sum(numbers), numbers[0], round(median(pays)) if pays else None)
