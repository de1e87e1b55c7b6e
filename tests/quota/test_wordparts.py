"""The second reading of titles, by parts of words."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from quota.professions import load_classifier
from quota.terms import read_jobs
from quota.wordparts import PartsReader

TERMS = ["сварщик", "электросварщик", "сварка труб", "повар", "пекарь", "повар горячего цеха"]
GROUPS = [0, 0, 0, 1, 1, 1]


def read(text: str) -> list[tuple[str, float]]:
    return [pair for job in read_jobs(text) for pair in job]


READER = PartsReader([read(term) for term in TERMS], GROUPS)


def test_a_word_no_term_has_is_read_by_its_parts() -> None:
    scores = READER.score([read("газосварщица"), read("поваренок"), read("xyz"), []])
    assert scores.shape == (4, 2)
    assert scores[0, 0] > 2 * abs(scores[0, 1])
    assert scores[1, 1] > 2 * abs(scores[1, 0])
    assert not scores[2:].any()


@settings(max_examples=8, deadline=None)
@given(st.permutations(range(len(TERMS))))
def test_the_order_of_the_terms_does_not_matter(order: list[int]) -> None:
    other = PartsReader([read(TERMS[n]) for n in order], [GROUPS[n] for n in order])
    asked = [read("газосварщица"), read("труба")]
    assert np.allclose(other.score(asked), READER.score(asked), atol=1e-3)


def test_a_group_is_found_though_no_term_says_the_word() -> None:
    assert load_classifier().resolve("сварщица-электродница").hits[0].isco08 == "7212"
