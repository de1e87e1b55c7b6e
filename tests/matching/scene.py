"""A centre with two masons and one place for one of them, and the staff who run its rounds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from matching import rounds, solving, studies
from matching.candidates import Candidate
from matching.choices import Choice, choose_professions
from matching.consents import MATCHING, Consent
from matching.rounds import Round
from quota.centres import Centre
from quota.employers import Employer
from quota.rates import load_rates
from quota.rights import SYSTEM, Actor, Role
from quota.slots import Slot, Source, open_slots
from quota.vacancies import Vacancy
from tests import factories
from tests.factories import OPENED, make_centre, make_employer


@dataclass(frozen=True, slots=True)
class Scene:
    centre: Centre
    staff: Actor
    employer: Employer
    vacancy: Vacancy
    first: Candidate
    second: Candidate


def make_scene(session: Session) -> Scene:
    """`first` wants a mason's job most, `second` names it as the second choice."""
    load_rates(session)
    centre = make_centre(session)
    employer = make_employer(session, centre_id=centre.id)
    return Scene(
        centre=centre,
        staff=Actor(Role.STAFF, centre_id=centre.id, territory=centre.territory),
        employer=employer,
        vacancy=make_opening(session, employer),
        first=make_mason(session, centre),
        second=make_mason(session, centre, wishes=("9412", "7112")),
    )


def make_mason(
    session: Session,
    centre: Centre,
    *,
    wishes: tuple[str, ...] = ("7112",),
    consented: bool = True,
    **given: Any,
) -> Candidate:
    """A ready candidate with ranked professions and a written consent to matching."""
    candidate = factories.make_candidate(session, centre.id, **given)
    choices = [Choice(title=code, isco08=code) for code in wishes]
    choose_professions(session, SYSTEM, candidate, choices, now=OPENED)
    state = "given" if consented else "asked"
    session.add(Consent(candidate_id=candidate.id, scope=MATCHING, state=state, asked_at=OPENED))
    session.flush()
    return candidate


def make_opening(session: Session, employer: Employer, **given: Any) -> Vacancy:
    """A listed job for a mason, with one place beyond any quota."""
    values = {"title": "Қалаушы", "isco08": "7112"} | given
    vacancy = factories.make_vacancy(session, employer, **values)
    pattern = Slot(source=Source.BEYOND, vacancy_id=vacancy.id)
    open_slots(session, SYSTEM, employer, pattern, count=1, now=OPENED)
    return vacancy


def solve_round(session: Session, scene: Scene, now: datetime) -> Round:
    """A solved round of the scene, without another process."""
    opened = rounds.open_round(session, scene.staff, centre_id=scene.centre.id, now=now)
    solving.queue_round(session, scene.staff, opened.key, now=now)
    return solve_queued(session, scene, opened, now)


def solve_queued(session: Session, scene: Scene, queued: Round, now: datetime) -> Round:
    problem = solving.start_round(session, scene.staff, queued.key, worker="w", now=now)
    solution = solving.solve_problem(problem)
    solved = solving.finish_round(session, scene.staff, queued.key, solution, now=now)
    studies.ask_prices(session, scene.staff, solved.key, now=now)
    return solved


def work_off(session: Session, now: datetime) -> None:
    """Every study that waits, without another process."""
    while (key := studies.next_study(session)) is not None:
        task = studies.start_study(session, SYSTEM, key, worker="w", now=now)
        studies.finish_study(session, SYSTEM, key, studies.work_out(task), now=now)
