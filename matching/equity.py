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
from matching.engine.answer import Answer, prepare
from matching.engine.evening import even_out
from matching.engine.problem import read_problem
from matching.engine.records import from_json
from matching.rounds import find_round
from quota.errors import NotFound
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


@dataclass(frozen=True, slots=True)
class Evening:
    """What it costs that the group's share is no longer below everybody's: `asked` of its people placed
    instead of `placed`; `reached` is the most that any plan places, where that is less. `tiers` are
    (goal, value in the plan, value then); None when a limit was reached before the answer."""

    facet: str
    code: str
    placed: int
    asked: int
    reached: int | None
    tiers: tuple[tuple[str, int, int], ...]


def mirror_round(
    session: Session, actor: Actor, key: str, *, year: int
) -> Mapping[str, list[Group]]:
    """The mirror of a solved round's plan, in a constant number of queries; ages as of `year`.

    Raises NotAllowed or NotFound.
    """
    entrants = list(_load_entrants(session, actor, key, year=year).values())
    return {facet: compare(entrants, facet) for facet in FACETS}


def list_behind(groups: Iterable[Group]) -> list[Group]:
    """The shown groups of a facet that are placed less often than everybody."""
    rows = list(groups)
    total = next((group for group in rows if not group.code), None)
    if total is None or not total.entered or total.placed is None:
        return []
    return [
        group
        for group in rows
        if group.code
        and group.entered
        and group.placed is not None
        and group.placed * total.entered < total.placed * group.entered
    ]


def cost_evening(
    session: Session, actor: Actor, key: str, facet: str, code: str, *, year: int
) -> Evening:
    """What evening the gap of one group out would cost the plan, solved for this answer.

    Raises NotAllowed, or NotFound for a group that is not behind or too small to be shown.
    """
    found = find_round(session, actor, key, right="rounds.run")
    entrants = _load_entrants(session, actor, key, year=year)
    groups = compare(entrants.values(), facet) if facet in FACETS else []
    group = next((one for one in list_behind(groups) if one.code == code), None)
    if group is None or found.problem is None or found.plan is None:
        raise NotFound("not_found")
    total = groups[-1]
    assert total.entered and total.placed is not None
    assert group.entered and group.placed is not None
    asked = -(-group.entered * total.placed // total.entered)
    members = {one for one, entrant in entrants.items() if getattr(entrant, facet) == code}
    evened = even_out(prepare(read_problem(found.problem)), members, least=asked)
    now_worth = {tier.name: tier.value for tier in from_json(Answer, found.plan).tiers}
    tiers = tuple((name, now_worth[name], then) for name, then in evened.tiers) if evened else ()
    return Evening(facet, code, group.placed, asked, evened.placed if evened else None, tiers)


def _load_entrants(session: Session, actor: Actor, key: str, *, year: int) -> dict[str, Entrant]:
    """Everybody who entered the round, by key. Raises NotAllowed or NotFound."""
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
    return {
        person.key: Entrant(
            sex=person.sex or UNKNOWN,
            age=band_of(person.birth_year, year=year),
            district=district or person.kato,
            language=person.language,
            pay=pays[jobs[person.key]] if person.key in jobs else None,
        )
        for person, district in rows
    }


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
