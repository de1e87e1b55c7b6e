"""The generator: the same seed, the same instance; every constraint is in play."""

import numpy as np
import pytest

from matching.engine.generator import SIZES, generate, without_side_rows
from matching.engine.openformat import format_instance


@pytest.mark.parametrize("size", ["tiny", "today"])
def test_a_seed_gives_one_instance(size):
    first, again, other = generate(size, 1), generate(size, 1), generate(size, 2)
    assert format_instance(first) == format_instance(again)
    assert format_instance(first) != format_instance(other)


@pytest.mark.parametrize("size", ["tiny", "today", "full"])
def test_sizes_are_kept(size):
    instance, wanted = generate(size, 3), SIZES[size]
    found = (instance.candidates, instance.vacancies, instance.slots.sum(), instance.employers)
    assert found == (wanted.candidates, wanted.vacancies, wanted.slots, wanted.employers)
    assert instance.courses == wanted.courses


def test_every_constraint_is_in_play():
    instance = generate("full", 1)
    assert (instance.course >= 0).any() and (instance.min_fill > 0).any()
    assert (instance.case >= 0).any() and instance.budget > 0
    assert len(instance.pinned) and len(instance.forbidden)
    assert instance.score.min() >= 1 and instance.score.max() <= 1000


def test_a_person_has_a_vacancy_directly_or_by_a_course_but_not_both():
    instance = generate("full", 2)
    pair = instance.candidate * instance.vacancies + instance.vacancy
    assert len(np.unique(pair)) == len(pair)


def test_the_pure_problem_has_no_side_rows():
    pure = without_side_rows(generate("today", 1))
    assert (pure.course < 0).all() and not pure.min_fill.any() and not len(pure.pinned)
