"""Snapshots: the tables of a centre on one day, as a problem for the engine.

Only ready candidates with written consent to matching who hold no slot enter: whoever has a live
proposal, referral or placement holds one. Whoever waits for a support step stays out until it is done.
Nothing that names a person goes in.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from matching import standings
from matching.apart import case_of, count_met
from matching.bans import list_banned_pairs
from matching.barriers import read_restriction, read_span
from matching.candidates import Candidate, Readiness, Restriction
from matching.choices import Choice
from matching.consents import Consent, matching_stands
from matching.engine import problem as engine
from matching.engine.policy import Policy
from matching.openings import (
    Ground,
    load_courses,
    load_places,
    load_vacancies,
    measure,
    read_courses,
    read_employers,
    read_vacancies,
)
from matching.priorities import find_priorities
from matching.programmes import waits_for_support
from matching.restrictions import APART, is_in_force
from matching.standings import Kind
from quota.professions import similarity
from quota.slots import Slot
from quota.vacancies import Vacancy

Pair = tuple[str, str]


def take_snapshot(
    session: Session,
    centre_id: int,
    policy: Policy,
    *,
    day: date,
    locked: Iterable[Pair] = (),
    forbidden: Iterable[Pair] = (),
) -> tuple[engine.Problem, dict[str, int]]:
    """The problem of a centre on `day`, and how many people were held out of it by which reason
    (no_consent, in_progress, waits_for_support, unread_restriction, unread_hours)."""
    people, waiting, held_out = sort_ready(session, centre_id)
    jobs = load_vacancies(session, centre_id, day=day)
    courses = load_courses(session, centre_id, day=day)
    codes = (
        {c.kato for c in (*people, *waiting)}
        | {job.kato for job in jobs}
        | {c.kato for c in courses}
    )
    ground = Ground(day, load_places(session, codes))
    entering = _read_candidates(session, people, ground, held_out)
    gated = _read_candidates(session, waiting, ground, Counter())
    everybody = [*entering, *gated]
    vacancies = read_vacancies(session, jobs, ground)
    retraining = read_courses(session, courses, ground)
    banned = _read_bans(session, centre_id, [*people, *waiting], day=day)
    met = _read_meetings(session, [*people, *waiting], jobs, day=day)
    problem = engine.Problem(
        day=day.isoformat(),
        policy=policy,
        candidates=tuple(entering),
        vacancies=tuple(vacancies),
        employers=read_employers(session, {job.employer_id for job in jobs}),
        courses=tuple(retraining),
        legs=measure(session, ground, everybody, [*vacancies, *retraining]),
        similarity=_compare(everybody, [*vacancies, *retraining]),
        forbidden=(*banned, *met, *forbidden),
        locked=tuple(locked),
        budget=policy.limits.course_budget,
        gated=tuple(gated),
    )
    return engine.put_in_order(problem), dict(held_out)


def take_pair(
    session: Session, candidate: Candidate, vacancy: Vacancy, policy: Policy, *, day: date
) -> engine.Problem:
    """The problem of one person and one vacancy alone; without the person when something stands in the
    record that cannot be read, without the vacancy when it has no open slot."""
    ground = Ground(day, load_places(session, {candidate.kato, vacancy.kato}))
    entering = _read_candidates(session, [candidate], ground, Counter())
    vacancies = read_vacancies(session, [vacancy], ground)
    banned = _read_bans(session, candidate.centre_id, [candidate], day=day)
    met = _read_meetings(session, [candidate], [vacancy], day=day)
    problem = engine.Problem(
        day=day.isoformat(),
        policy=policy,
        candidates=tuple(entering),
        vacancies=tuple(vacancies),
        employers=read_employers(session, {vacancy.employer_id}),
        courses=(),
        legs=measure(session, ground, entering, vacancies),
        similarity=_compare(entering, vacancies),
        forbidden=(*(pair for pair in banned if pair[1] == vacancy.key), *met),
        locked=(),
    )
    return engine.put_in_order(problem)


def find_entrants(session: Session, centre_id: int) -> tuple[list[Candidate], Counter[str]]:
    """The ready candidates who may enter, and the number of others by reason."""
    entering, _, held_out = sort_ready(session, centre_id)
    return entering, held_out


def sort_ready(
    session: Session, centre_id: int
) -> tuple[list[Candidate], list[Candidate], Counter[str]]:
    """The ready candidates who may enter, those who would but wait for support, and the number of all
    others by reason."""
    ready = list(
        session.scalars(
            select(Candidate)
            .where(_of(centre_id), Candidate.readiness == Readiness.READY)
            .order_by(Candidate.key)
        )
    )
    ids = {c.id for c in ready}
    consented = set(session.scalars(select(Consent.candidate_id).where(matching_stands())))
    holders = set(session.scalars(select(Slot.holder_key).where(Slot.holder_key.is_not(None))))
    engaged = {c.id for c in ready if c.key in holders}
    free = (ids & consented) - engaged
    waiting = set(session.scalars(select(Candidate.id).where(_of(centre_id), waits_for_support())))
    held_out = Counter(
        no_consent=len(ids - consented),
        in_progress=len((ids & consented) & engaged),
        waits_for_support=len(free & waiting) + _count_unready(session, centre_id),
    )
    gated = [c for c in ready if c.id in free & waiting]
    return [c for c in ready if c.id in free - waiting], gated, held_out


def _of(centre_id: int) -> ColumnElement[bool]:
    return and_(Candidate.centre_id == centre_id, is_open())


def _count_unready(session: Session, centre_id: int) -> int:
    """Those whose survey says that something comes first."""
    waits = Candidate.readiness == Readiness.NEEDS_SUPPORT
    return session.scalar(select(func.count(Candidate.id)).where(_of(centre_id), waits)) or 0


def is_open() -> ColumnElement[bool]:
    """Nobody blocked, erased or merged into another record."""
    closed = (Candidate.blocked_at, Candidate.erased_at, Candidate.merged_into_id)
    return and_(*(column.is_(None) for column in closed))


def _read_candidates(
    session: Session, people: Sequence[Candidate], ground: Ground, held_out: Counter[str]
) -> list[engine.Candidate]:
    wishes = _group(session.scalars(select(Choice).order_by(Choice.rank)))
    restrictions = _group(session.scalars(select(Restriction).order_by(Restriction.id)))
    ready = standings.find_last(session, Kind.READINESS, Readiness.READY)
    left = standings.find_left(session)
    found = []
    for person in people:
        try:
            read = _read_candidate(person, wishes[person.id], restrictions[person.id], ground)
            waits = _count_waiting(person, ready.get(person.id), ground.day)
            first = find_priorities(
                person, restrictions[person.id], day=ground.day, left=left.get(person.id)
            )
            codes = tuple(priority.code for priority in first)
            found.append(replace(read, waiting_days=waits, priorities=codes))
        except Unread as unread:
            held_out[unread.code] += 1
    return found


def _count_waiting(row: Candidate, ready: date | None, day: date) -> int:
    """Days since the person became ready: whoever answers the survey anew has not waited less, and
    whoever comes back from a job has not waited while at work."""
    return max(0, (day - (ready or row.surveyed_on or row.registered_on)).days)


class Unread(ValueError):  # noqa: N818
    """What stands in a record cannot be read: the person is held out, not matched without it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _read_candidate(
    row: Candidate, wishes: Sequence[Choice], restrictions: Sequence[Restriction], ground: Ground
) -> engine.Candidate:
    return engine.Candidate(
        key=row.key,
        kato=row.kato,
        district=ground.district(row.kato),
        located=ground.places[row.kato].located,
        wishes=tuple(engine.Wish(w.isco08, w.years) for w in wishes if w.isco08),
        categories=row.categories,
        pay_wanted=row.pay_wanted,
        pay_accepted=row.pay_accepted,
        hours=_read_hours(row.hours),
        licences=tuple(sorted(row.licences)),
        avoids=tuple(sorted(row.avoids)),
        max_minutes=row.max_minutes,
        max_km=row.max_km,
        may_move=row.may_move,
        experience_years=row.experience_years,
        retraining=row.retraining_isco08,
        restrictions=_read_restrictions(restrictions, ground.day),
        free_in=max(0, ground.days_until(row.earliest_start) or 0),
        supervised=row.supervised,
        consented=True,
        case=_read_case(restrictions, ground.day),
    )


def _read_case(rows: Sequence[Restriction], day: date) -> int | None:
    try:
        return case_of(rows, day)
    except ValueError:
        raise Unread("unread_restriction") from None


def _read_hours(rows: Sequence[Mapping[str, object]]) -> tuple[engine.Span, ...]:
    try:
        return tuple(sorted((read_span(row) for row in rows), key=str))
    except (ValueError, AttributeError):
        raise Unread("unread_hours") from None


def _read_restrictions(rows: Sequence[Restriction], day: date) -> tuple[engine.Restriction, ...]:
    try:
        held = (r for r in rows if r.rule != APART and is_in_force(r, day))
        in_force = (read_restriction(r.rule, r.params) for r in held)
        return tuple(sorted(set(in_force), key=str))
    except ValueError:
        raise Unread("unread_restriction") from None


def _group(rows: Iterable[Any]) -> Mapping[int, list[Any]]:
    grouped: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.candidate_id].append(row)
    return grouped


def _compare(
    people: Sequence[engine.Candidate], sites: Sequence[engine.Vacancy | engine.Course]
) -> tuple[tuple[str, str, int], ...]:
    codes = {site.isco08 for site in sites} | {w.isco08 for c in people for w in c.wishes}
    codes |= {c.retraining for c in people if c.retraining}
    rows = ((a, b, similarity(a, b)) for a, b in combinations(sorted(codes), 2))
    return tuple(row for row in rows if row[2])


def _read_bans(
    session: Session, centre_id: int, people: Sequence[Candidate], *, day: date
) -> list[Pair]:
    """Pairs banned on the day, of people who enter."""
    keys = {c.id: c.key for c in people}
    pairs = {p for p in list_banned_pairs(session, centre_id, on=day) if p[0] in keys}
    rows = session.execute(
        select(Vacancy.id, Vacancy.key).where(Vacancy.id.in_({vacancy for _, vacancy in pairs}))
    )
    vacancy_keys = {row[0]: row[1] for row in rows}
    return [(keys[candidate], vacancy_keys[vacancy]) for candidate, vacancy in pairs]


def _read_meetings(
    session: Session, people: Sequence[Candidate], jobs: Sequence[Vacancy], *, day: date
) -> list[Pair]:
    """Pairs that would bring somebody to an employer where others of the same case are already."""
    met = {(key, employer_id) for key, employer_id in count_met(session, people, day=day)}
    keys = sorted({key for key, _ in met})
    return [(key, job.key) for key in keys for job in jobs if (key, job.employer_id) in met]
