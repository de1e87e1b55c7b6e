"""What to look at before a round is solved, and whom the caseload lists for it."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from matching import caseload, rounds
from matching.candidates import Readiness
from matching.caseload import Filter
from matching.checks import list_checks
from tests.matching.scene import Scene, make_mason, make_scene


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session)


def test_checks_say_what_to_mend_before_solving(
    session: Session, scene: Scene, now: datetime
) -> None:
    make_mason(session, scene.centre, consented=False)
    make_mason(session, scene.centre, wishes=())
    opened = rounds.open_round(session, scene.staff, centre_id=scene.centre.id, now=now)
    checks = {c.code: (c.number, c.level) for c in list_checks(session, scene.staff, opened.key)}
    assert checks == {
        "enter": (3, "good"),
        "no_consent": (1, "warn"),
        "no_profession": (1, "warn"),
        "no_location": (4, "warn"),
        "vacancies": (1, "good"),
        "open_places": (1, "good"),
    }


def test_a_check_counts_those_whom_the_caseload_lists_by_its_mark(
    session: Session, scene: Scene, now: datetime
) -> None:
    bare = make_mason(session, scene.centre, wishes=())
    for state in (Readiness.EMPLOYED, Readiness.NEEDS_SUPPORT):
        make_mason(session, scene.centre, wishes=(), readiness=state)
    make_mason(session, scene.centre, wishes=()).blocked_at = now
    opened = rounds.open_round(session, scene.staff, centre_id=scene.centre.id, now=now)
    counted = {c.code: c.number for c in list_checks(session, scene.staff, opened.key)}
    expected = {"no_profession": [bare], "no_location": [scene.first, scene.second, bare]}
    for mark, people in expected.items():
        shown = caseload.browse(session, scene.staff, Filter(mark=mark), now=now)
        assert [row.key for row in shown] == [person.key for person in people]
        assert counted[mark] == len(people)
