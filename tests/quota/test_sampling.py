"""Samples: drawn again by a second hand from the published list, never more than asked or there is."""

import hashlib
from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quota.errors import Invalid
from quota.sampling import Unit, draw, fingerprint, read_frame, share_out, write_frame

NAMES = st.text("abcdefgh", min_size=1, max_size=3)
WEIGHTS = {"plain": 1, "pattern": 3}
UNITS = st.dictionaries(NAMES, st.sampled_from(sorted(WEIGHTS)), max_size=25).map(
    lambda found: [Unit(key, stratum, WEIGHTS[stratum]) for key, stratum in found.items()]
)


@given(UNITS, st.text(min_size=1, max_size=9), st.integers(0, 30))
def test_a_sample_has_the_size_asked_for_and_each_unit_once(
    units: list[Unit], seed: str, size: int
) -> None:
    drawn = draw(units, seed=seed, size=size)
    assert len(drawn) == len(set(drawn)) == min(size, len(units))
    assert set(drawn) <= {unit.key for unit in units}


@given(UNITS, st.text("abc123", min_size=1), st.integers(0, 30))
def test_the_published_list_gives_the_same_sample_in_any_order(
    units: list[Unit], seed: str, size: int
) -> None:
    published = read_frame(write_frame(units).encode()) if units else []
    assert draw(published, seed=seed, size=size) == draw(units[::-1], seed=seed, size=size)


def test_somebody_else_draws_the_same_by_sha256_alone() -> None:
    units = [Unit(f"k{number}", "one") for number in range(40)]
    by_hand = sorted(
        (unit.key for unit in units),
        key=lambda key: hashlib.sha256(f"lottery 7:{key}".encode()).hexdigest(),
    )
    assert draw(units, seed="lottery 7", size=6) == tuple(by_hand[:6])


def test_heavier_strata_get_more_places() -> None:
    strata = {
        "plain": [Unit(f"a{n}", "plain") for n in range(30)],
        "pattern": [Unit(f"b{n}", "pattern", 3) for n in range(10)],
    }
    assert share_out(strata, seed="s", size=8) == {"pattern": 4, "plain": 4}
    assert share_out(strata, seed="s", size=39) == {"pattern": 10, "plain": 29}


def test_equal_remainders_go_by_the_seed_and_not_by_the_name() -> None:
    strata = {name: [Unit(f"{name}{n}", name) for n in range(5)] for name in "abc"}
    first = Counter(
        next(name for name, number in share_out(strata, seed=str(seed), size=1).items() if number)
        for seed in range(60)
    )
    assert set(first) == {"a", "b", "c"}


def test_a_changed_list_has_another_fingerprint() -> None:
    units = [Unit("k1", "one"), Unit("k2", "two")]
    frames = {fingerprint(write_frame(list(order))) for order in permutations(units)}
    assert len(frames) == 1
    assert fingerprint(write_frame(units[:1])) not in frames


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"unit;stratum\r\nk1;one\r\n",
        b"unit;stratum;weight\r\nk1;one;0\r\n",
        b"unit;stratum;weight\r\nk1;one;-1\r\n",
        b"unit;stratum;weight\r\nk1;;1\r\n",
        b"unit;stratum;weight\r\nk1;one;9999\r\n",
        b"unit;stratum;weight\r\nk1;one;1\r\nk1;one;1\r\n",
    ],
)
def test_a_damaged_list_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid):
        read_frame(content)
