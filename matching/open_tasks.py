"""Open tasks on Today: what a code asks for or somebody wrote, whom it is about, and where it is done."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from matching import duties, tasks
from matching.cockpit import open_names
from quota import rights
from quota.calendar import local_day
from quota.rights import Actor

_PLACES = {
    "next_best": "/proposals/{proposal}/next",
    "no_reserve": "/vacancies/{vacancy}",
    "issue_letter": "/proposals/{about}",
    "contract_missing": "/referrals/{about}",
    "says_left": "/placements/{about}",
    "seat_begin": "/courses/{about}",
    "seat_result": "/courses/{about}",
    "support_done": "/candidates/{candidate}/programme",
    "check_in_missed": "/candidates/{candidate}/checkins",
}


@dataclass(frozen=True, slots=True)
class TaskDue:
    """An open task: what the code asks for or somebody wrote, whom it is about, where it is done."""

    code: str
    text: str
    name: str
    due_on: date
    late: bool
    path: str


def list_tasks(session: Session, actor: Actor, *, now: datetime, most: int = 20) -> list[TaskDue]:
    """The most urgent open tasks of the reader's role within reach; those that a law asks for stand in
    `duties`. Three queries however many; empty for a role without tasks."""
    if not rights.has(actor, "tasks.do"):
        return []
    today = local_day(now)
    found = tasks.list_due(session, actor, until=date.max, most=5 * most)
    mine = [task for task in found if task.code not in duties.CODES][:most]
    names = open_names(session, {task.candidate_key for task in mine})
    return [
        TaskDue(
            code=task.code,
            text=task.text,
            name=names.get(task.candidate_key, ""),
            due_on=task.due_on,
            late=task.due_on < today,
            path=_path_of(task),
        )
        for task in mine
    ]


def _path_of(task: tasks.TaskRow) -> str:
    place = _PLACES.get(task.code, "/candidates/{candidate}")
    return place.format(candidate=task.candidate_key, **task.params)
