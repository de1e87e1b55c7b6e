"""Reserves of a solved round: who comes next for each place, by the record of answers so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from matching.cockpit import find_round_with_people, name_vacancies, open_names
from matching.engine.reserves import Reserves, line_up
from matching.engine.runs import read_solved
from matching.referrals import Referral
from matching.rounds import Round
from quota import rates
from quota.errors import WrongState
from quota.rights import Actor
from quota.vacancies import Vacancy

UNDER_WAY = ("issued", "presented", "accepted", "cancelled")  # say nothing about the vacancy


@dataclass(frozen=True, slots=True)
class Lineup:
    """The lines of a round by keys alone; `target` is the per cent chance of filling a place that they
    aim at, `most_sent` how many people may be sent for one place."""

    target: int
    most_sent: int
    lines: tuple[Reserves, ...]


@dataclass(frozen=True, slots=True)
class ReserveRow:
    """The line for the places of one kind at a vacancy; `people` are (key, name) in order; chances are
    whole per cent of one place being filled by its first person, and with the reserves."""

    vacancy_key: str
    vacancy_title: str
    employer_name: str
    category: str | None
    places: int
    people: tuple[tuple[str, str], ...]
    chance: int
    reached: int


def list_reserves(session: Session, actor: Actor, key: str) -> list[ReserveRow]:
    """The lines of a solved round. Raises NotAllowed, NotFound or WrongState."""
    return name_lines(session, show_lineup(session, actor, key).lines)


def show_lineup(session: Session, actor: Actor, key: str) -> Lineup:
    """The lines of a solved round, by keys alone. Raises NotAllowed, NotFound or WrongState."""
    found = find_round_with_people(session, actor, key)
    if found.run is None:
        raise WrongState("wrong_state", noun="round", state=found.state, verb="line_up")
    return _line_up(session, found.run)


def name_lines(session: Session, lines: Sequence[Reserves]) -> list[ReserveRow]:
    """These lines with the names of vacancies and people. Rights are the caller's."""
    jobs = name_vacancies(session, {line.vacancy for line in lines})
    names = open_names(session, {person for line in lines for person in line.candidates})
    return [
        ReserveRow(
            line.vacancy,
            jobs[line.vacancy][0],
            jobs[line.vacancy][2],
            line.category,
            line.places,
            tuple((person, names.get(person, "")) for person in line.candidates),
            line.chance,
            line.reached,
        )
        for line in lines
        if line.vacancy in jobs
    ]


def line_up_round(session: Session, found: Round) -> tuple[Reserves, ...]:
    """The lines of a solved round, by keys alone, for at most SENT_PER_SLOT people a place by
    the rate of the problem's day. Rights are the caller's."""
    assert found.run is not None
    return _line_up(session, found.run).lines


def _line_up(session: Session, run: str) -> Lineup:
    solved = read_solved(run)
    problem = solved.prepared.problem
    most = rates.rate_on(session, rates.SENT_PER_SLOT, date.fromisoformat(problem.day))
    records = count_answers(session, {job.key for job in problem.vacancies})
    lines = line_up(solved, records, most_sent=most)
    return Lineup(problem.policy.reserve_target, most, lines)


def count_answers(session: Session, keys: set[str]) -> dict[str, tuple[int, int]]:
    """{vacancy key: (people sent whose referral came to an end, people hired)}."""
    hired = func.sum(case((Referral.state == "hired", 1), else_=0))
    rows = session.execute(
        select(Vacancy.key, func.count(), hired)
        .join(Referral, Referral.vacancy_id == Vacancy.id)
        .where(Vacancy.key.in_(keys), Referral.state.not_in(UNDER_WAY))
        .group_by(Vacancy.key)
    )
    return {key: (sent, count) for key, sent, count in rows}
