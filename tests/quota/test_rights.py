"""Rights: every role against every right, and how far each reach goes."""

from dataclasses import replace

import pytest
from sqlalchemy import Integer, String, column, select, table
from sqlalchemy.dialects import sqlite

from quota import rights
from quota.errors import NotAllowed, NotFound
from quota.rights import RIGHTS, SYSTEM, Actor, Reach, Role, Scope

HERE = Scope(
    centre_id=1,
    employer_id=2,
    candidate_id=3,
    executor_id=4,
    territory="/190000000/196200000/",
    supervised=True,
)
ELSEWHERE = Scope(
    centre_id=9, employer_id=9, candidate_id=9, executor_id=9, territory="/750000000/"
)
RECORDS = table("records", column("centre_id", Integer), column("e", Integer), column("t", String))


def make_actor(role: Role) -> Actor:
    return Actor(
        role,
        account_id=4,
        centre_id=1,
        employer_id=2,
        candidate_id=3,
        territory="/190000000/",
    )


@pytest.mark.parametrize("right", RIGHTS)
@pytest.mark.parametrize("role", [r for r in Role if r is not Role.SYSTEM])
def test_a_role_has_the_right_within_its_reach_or_not_at_all(role: Role, right: str) -> None:
    actor = make_actor(role)
    if role not in RIGHTS[right]:
        assert not rights.has(actor, right)
        with pytest.raises(NotAllowed):
            rights.check(actor, right, HERE)
        return
    rights.check(actor, right, HERE)
    if RIGHTS[right][role] is not Reach.ALL:
        with pytest.raises(NotFound):
            rights.check(actor, right, ELSEWHERE)


@pytest.mark.parametrize("right", RIGHTS)
def test_an_actor_without_a_home_reaches_nothing_that_has_one(right: str) -> None:
    for role, how_far in RIGHTS[right].items():
        if how_far is not Reach.ALL:
            with pytest.raises(NotFound):
                rights.check(Actor(role), right, HERE)
            with pytest.raises(NotFound):
                rights.check(Actor(role), right, Scope())


def test_of_people_without_supervision_only_who_takes_part_is_known() -> None:
    inspector, here = make_actor(Role.PROBATION), "/190000000/196200000/"
    free = Scope(territory=here)
    assert not rights.covers(inspector, "restrictions.read", free)
    assert rights.covers(inspector, "restrictions.read", replace(free, takes_part=True))
    assert rights.covers(inspector, "restrictions.read", replace(free, supervised=True))
    away = Scope(territory="/750000000/", takes_part=True)
    assert not rights.covers(inspector, "restrictions.read", away)


def test_the_system_may_everything() -> None:
    for right in RIGHTS:
        rights.check(SYSTEM, right, ELSEWHERE)


def render(role: Role, right: str) -> str:
    statement = rights.limit(
        select(RECORDS.c.centre_id),
        make_actor(role),
        right,
        centre=RECORDS.c.centre_id,
        employer=RECORDS.c.e,
        territory=RECORDS.c.t,
    )
    return str(statement.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))


def test_lists_are_narrowed_by_the_reach() -> None:
    assert "centre_id = 1" in render(Role.STAFF, "vacancies.read")
    assert "records.e = 2" in render(Role.EMPLOYER, "vacancies.read")
    assert "LIKE '/190000000/' || '%'" in render(Role.PROBATION, "vacancies.read")


def test_a_list_that_cannot_be_narrowed_is_empty() -> None:
    statement = rights.limit(select(RECORDS.c.e), make_actor(Role.STAFF), "vacancies.read")
    assert "0 = 1" in str(statement) or "false" in str(statement)
