"""What an employer or the centre says of a job that goes on: it is about to end, somebody stopped coming.

Everybody's job offers both, so that neither says anything of a person; what follows is for `duties`.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from matching import duties, tasks
from matching.candidates import Candidate
from matching.placements import Placement, find_placement
from matching.states import PLACEMENT
from matching.tasks import Task
from quota import journal
from quota.calendar import add_working_days, local_day
from quota.rights import Actor, Role

SAYS_LEFT = "says_left"


def announce_end(session: Session, actor: Actor, key: str, *, now: datetime) -> Placement:
    """The job is about to end or to change. Raises NotAllowed, NotFound or WrongState."""
    placement, candidate = _find_at_work(session, actor, key)
    journal.write(session, actor, "announce_end", placement, now=now)
    duties.tell_dismissal(session, actor, candidate, placement.key, now=now)
    return placement


def report_absence(session: Session, actor: Actor, key: str, *, now: datetime) -> Placement:
    """The person does not come to work. Raises NotAllowed, NotFound or WrongState."""
    placement, candidate = _find_at_work(session, actor, key)
    journal.write(session, actor, "report_absence", placement, now=now)
    duties.tell_evasion(session, actor, candidate, placement.key, now=now)
    return placement


def say_left(session: Session, actor: Actor, key: str, *, now: datetime) -> Placement:
    """The person says that they do not work there any more: a task for the centre, which asks the
    employer and ends the placement or not. Raises NotAllowed, NotFound or WrongState."""
    placement = find_placement(session, actor, key, right="placements.answer")
    PLACEMENT.next(placement.state, "end")
    journal.write(session, actor, "say_left", placement, now=now)
    task = Task(candidate_id=placement.candidate_id, code=SAYS_LEFT, role=Role.STAFF.value)
    task.params, task.due_on = (
        {"about": placement.key},
        add_working_days(session, local_day(now), 1),
    )
    tasks.raise_task(session, actor, task, now=now)
    return placement


def _find_at_work(session: Session, actor: Actor, key: str) -> tuple[Placement, Candidate]:
    placement = find_placement(session, actor, key, right="placements.record")
    PLACEMENT.next(placement.state, "end")
    return placement, session.get_one(Candidate, placement.candidate_id)
