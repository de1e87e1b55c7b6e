"""The lines of a stored round, named for staff, from the record of referrals."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from matching import reserves, rounds
from quota.errors import NotAllowed, WrongState
from quota.rights import Actor, Role
from tests.matching.scene import make_scene, solve_round


def test_whoever_has_no_place_is_the_reserve_of_it(session: Session, now: datetime) -> None:
    scene = make_scene(session)
    solved = solve_round(session, scene, now)
    (line,) = reserves.list_reserves(session, scene.staff, solved.key)
    assert line.people[0][0] == scene.second.key
    assert line.people[0][1].startswith("Сапарова")
    assert (line.vacancy_key, line.chance, line.reached) == (scene.vacancy.key, 50, 75)
    assert reserves.count_answers(session, {scene.vacancy.key}) == {}


def test_only_a_solved_round_has_lines_and_only_for_its_staff(
    session: Session, now: datetime
) -> None:
    scene = make_scene(session)
    opened = rounds.open_round(session, scene.staff, centre_id=scene.centre.id, now=now)
    with pytest.raises(WrongState):
        reserves.list_reserves(session, scene.staff, opened.key)
    prosecutor = Actor(Role.PROSECUTOR, territory=scene.centre.territory)
    with pytest.raises(NotAllowed):
        reserves.list_reserves(session, prosecutor, opened.key)
