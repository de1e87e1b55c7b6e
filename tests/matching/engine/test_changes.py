"""What-if: what is supposed comes true in the problem, and measures are those of the solver."""

from dataclasses import replace

import pytest

from matching.engine.answer import answer_problem
from matching.engine.changes import Changes, UnknownKeyError, apply_changes, list_moves, measure
from matching.engine.problem import Places, put_in_order
from tests.matching.engine.problems import make_problem


@pytest.mark.parametrize("seed", range(20))
def test_measures_are_the_values_of_the_goals_whatever_their_order(seed: int) -> None:
    problem = make_problem(seed, people=10, jobs=6)
    for tiers in (problem.policy.tiers, problem.policy.tiers[::-1]):
        other = replace(problem, policy=replace(problem.policy, tiers=tiers))
        answer = answer_problem(other)
        measures = measure(other, answer)
        assert {t.name: t.value for t in answer.tiers} == {
            name: getattr(measures, name) for name in tiers
        }


@pytest.mark.parametrize("seed", range(10))
def test_no_changes_move_nobody_and_one_place_fewer_never_helps(seed: int) -> None:
    problem = put_in_order(make_problem(seed, people=10, jobs=6))
    assert apply_changes(problem, Changes()) == problem
    before = answer_problem(problem)
    assert list_moves(before, answer_problem(problem)) == ()
    job = problem.vacancies[0]
    places = job.places[0]
    fewer = Changes(places=((job.key, places.category, places.quota, -1),))
    after = answer_problem(apply_changes(problem, fewer))
    assert len(after.choices) <= len(before.choices)
    assert len(after.choices) >= len(before.choices) - 1


def test_places_under_a_quota_are_owed_and_places_beyond_it_are_not() -> None:
    problem = make_problem(1, people=3, jobs=1)
    job = replace(problem.vacancies[0], places=(Places(None, True, 1),))
    problem = replace(problem, vacancies=(job,))
    owed = {e.key: e.quota_open for e in problem.employers}
    added = Changes(places=((job.key, None, True, 2), (job.key, "probation", False, 1)))
    changed = apply_changes(problem, added)
    assert changed.vacancies[0].places == (Places(None, True, 3), Places("probation", False, 1))
    now = {e.key: e.quota_open for e in changed.employers}
    assert now == owed | {job.employer: owed[job.employer] + 2}
    gone = apply_changes(problem, Changes(places=((job.key, None, True, -5),)))
    assert gone.vacancies[0].places == ()


def test_locks_are_moved_and_freed() -> None:
    problem = replace(make_problem(2, people=3, jobs=3), locked=(("c0", "v0"),), forbidden=())
    moved = apply_changes(problem, Changes(forbidden=(("c0", "v0"),), locked=(("c1", "v1"),)))
    assert (moved.locked, moved.forbidden) == ((("c1", "v1"),), (("c0", "v0"),))
    freed = apply_changes(moved, Changes(freed=(("c0", "v0"), ("c1", "v1"))))
    assert (freed.locked, freed.forbidden) == ((), ())


def test_unknown_records_are_named() -> None:
    problem = make_problem(2, people=3, jobs=3)
    for changes, at in (
        (Changes(pay=(("x", 1, 2),)), ("vacancy", "x")),
        (Changes(locked=(("x", "v0"),)), ("candidate", "x")),
    ):
        with pytest.raises(UnknownKeyError) as error:
            apply_changes(problem, changes)
        assert error.value.args == at
