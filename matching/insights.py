"""What a solved round teaches: whom to call first, and what would give one person a place."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from matching.cockpit import find_round_with_people, name_courses, name_vacancies, open_names
from matching.engine.answer import Answer
from matching.engine.problem import Problem, read_problem
from matching.engine.records import canonical, from_json
from matching.engine.remedies import Remedy, find_remedies
from matching.engine.runs import read_solved
from matching.engine.vacant import Vacant as Vacant
from matching.rounds import Round, find_round
from matching.studies import PRICES, latest_study
from quota.errors import NotFound, WrongState
from quota.places import names_of
from quota.rights import Actor

GROUPS = ("vacancy", "employer", "profession", "district")


@dataclass(frozen=True, slots=True)
class PriceRow:
    """What one more is worth at the best vacancy of a group. `kind` is slot, seat, pay, budget or gate;
    `name` is the person's (of a gate), the title of the vacancy or course, the employer's name, the
    profession's code or the place's KATO code with `names` by language; `gains` are (goal, amount), the
    deciding one first; `exact` as of the engine's prices; `step` in tenge for pay and budget."""

    kind: str
    key: str
    name: str
    employer_name: str
    category: str | None
    quota: bool
    gains: tuple[tuple[str, int], ...]
    exact: bool
    step: int
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RemedyRow:
    """One change that would give the person a place: `needed` as codes, `titles` of the vacancy and
    course by key, `gains` what the whole plan would have more."""

    code: str
    vacancy_key: str
    course_key: str | None
    needed: tuple[Mapping[str, Any], ...]
    titles: Mapping[str, str]
    gains: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class VacantRow:
    """Places left open at a vacancy: `why` as the engine tells it, naming nobody."""

    vacancy_key: str
    title: str
    employer_name: str
    why: Vacant


def list_prices(
    session: Session, actor: Actor, key: str, *, by: str = "vacancy", limit: int = 50
) -> list[PriceRow]:
    """The call list of a solved round, best first; of each group and kind the best vacancy's row.

    Nothing while it is not worked out: see `show_study`. Raises NotAllowed, NotFound, or WrongState when
    the round has no plan.
    """
    found = find_round(session, actor, key, right="rounds.run")
    problem = _read_problem(found)
    study = latest_study(session, found, PRICES)
    prices = json.loads(study.outcome)["prices"] if study and study.outcome else []
    groups = _group_by(session, problem, by)
    jobs = name_vacancies(session, {p["key"] for p in prices})
    courses = name_courses(session, {p["key"] for p in prices if p["kind"] == "seat"})
    people = open_names(session, {p["key"] for p in prices if p["kind"] == "gate"})
    katos = {group for group, _ in groups.values()} if by == "district" else set()
    names = names_of(session, katos)
    rows: dict[tuple[str, str, object], PriceRow] = {}
    for price in prices:
        unplaced = courses.get(price["key"]) or people.get(price["key"], "")
        title, _, employer = jobs.get(price["key"], (unplaced, "", ""))
        group, name = groups.get(price["key"], (price["key"], title))
        apart = (price["category"], price["quota"]) if by == "vacancy" else None
        row = _to_row(price, (group, name or title), employer, names.get(group, {}))
        rows.setdefault((price["kind"], group, apart), row)
    return list(rows.values())[:limit]


def list_held(session: Session, actor: Actor, key: str) -> list[tuple[str, int]]:
    """Courses that the plan of a solved round runs, which most prices hold as they are: (title, people).

    Raises NotAllowed or NotFound.
    """
    found = find_round(session, actor, key, right="rounds.run")
    choices = from_json(Answer, found.plan).choices if found.plan else ()
    people = Counter(choice.course for choice in choices if choice.course)
    titles = name_courses(session, set(people))
    return sorted((titles.get(course, ""), number) for course, number in people.items())


def list_vacant(session: Session, actor: Actor, key: str) -> list[VacantRow]:
    """Places that the plan of a solved round leaves open, each with why; nothing while the call list is
    not worked out. Raises NotAllowed or NotFound."""
    found = find_round(session, actor, key, right="rounds.run")
    study = latest_study(session, found, PRICES)
    told = json.loads(study.outcome).get("vacant", []) if study and study.outcome else []
    rows = [from_json(Vacant, canonical(row)) for row in told]
    jobs = name_vacancies(session, {row.vacancy for row in rows})
    return [
        VacantRow(row.vacancy, *jobs[row.vacancy][::2], row) for row in rows if row.vacancy in jobs
    ]


def list_remedies(session: Session, actor: Actor, key: str, candidate: str) -> list[RemedyRow]:
    """Changes that would place this person, each solved again now, the easiest first; of somebody who waits
    for support too.

    Raises NotAllowed, NotFound (also for somebody who is not in the round), or WrongState.
    """
    found = find_round_with_people(session, actor, key)
    if found.run is None:
        raise WrongState("wrong_state", noun="round", state=found.state, verb="price")
    try:
        remedies = find_remedies(read_solved(found.run), candidate)
    except KeyError:
        raise NotFound("not_found") from None
    jobs = name_vacancies(session, {remedy.vacancy for remedy in remedies})
    courses = name_courses(session, {r.course for r in remedies if r.course})
    titles = {job: row[0] for job, row in jobs.items()} | courses
    return [_tell(remedy, titles) for remedy in remedies]


def _tell(remedy: Remedy, titles: Mapping[str, str]) -> RemedyRow:
    needed = tuple({"code": r.code, "params": dict(r.params)} for r in remedy.needed)
    mine = {k: titles[k] for k in (remedy.vacancy, remedy.course or "") if k in titles}
    return RemedyRow(remedy.code, remedy.vacancy, remedy.course, needed, mine, remedy.gains)


def _to_row(
    price: Mapping[str, Any], group: tuple[str, str], employer: str, names: Mapping[str, str]
) -> PriceRow:
    return PriceRow(
        kind=price["kind"],
        key=group[0],
        name=group[1],
        employer_name=employer,
        category=price["category"],
        quota=price["quota"],
        gains=tuple((goal, amount) for goal, amount in price["gains"]),
        exact=price["exact"],
        step=price["step"],
        names=names,
    )


def _group_by(session: Session, problem: Problem, by: str) -> dict[str, tuple[str, str]]:
    """{key of a vacancy, or of a course or person where they have such a group: (group key, its name)};
    none for lists vacancy by vacancy."""
    jobs, courses, gated = problem.vacancies, problem.courses, problem.gated
    match by:
        case "employer":
            names = name_vacancies(session, {job.key for job in jobs})
            return {job.key: (job.employer, names[job.key][2]) for job in jobs if job.key in names}
        case "profession":
            first = {person.key: person.wishes[0].isco08 for person in gated if person.wishes}
            codes = first | {job.key: job.isco08 for job in jobs}
            codes |= {course.key: course.isco08 for course in courses}
            return {key: (code, code) for key, code in codes.items()}
        case "district":
            places = [
                *((job.key, job.district or job.kato) for job in jobs),
                *((course.key, course.district or course.kato) for course in courses),
                *((person.key, person.district or person.kato) for person in gated),
            ]
            return {key: (place, place) for key, place in places}
    return {}


def _read_problem(found: Round) -> Problem:
    if found.plan is None or found.problem is None:
        raise WrongState("wrong_state", noun="round", state=found.state, verb="price")
    return read_problem(found.problem)
