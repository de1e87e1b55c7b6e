"""Small cells: none is shown, and none follows from what is shown."""

from collections import Counter
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from matching.cells import LEAST, coarsen, find_hidden, hide, is_small, show, thin

COUNTS = st.dictionaries(st.integers(0, 30), st.integers(0, 40), max_size=8)
ROWS = st.dictionaries(
    st.integers(0, 30), st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8
)


@given(COUNTS)
def test_what_is_hidden_sums_up_to_enough_people(counts: dict[int, int]) -> None:
    shown = hide(counts)
    hidden = [key for key in counts if shown[key] is None]
    assert all(not is_small(number) for number in shown.values() if number is not None)
    rest = sum(counts[key] for key in hidden)
    everybody = sum(1 for key in counts if counts[key]) == len(hidden)
    assert not hidden or everybody or (rest >= LEAST and len(hidden) > 1)


@given(COUNTS)
def test_a_shown_total_tells_nothing_small(counts: dict[int, int]) -> None:
    """Total less everything shown is what a reader can work out."""
    total = show(sum(counts.values()))
    told = [number for number in hide(counts).values() if number is not None]
    if total is not None:
        assert not is_small(total - sum(told))


@given(ROWS)
def test_no_column_tells_of_a_hidden_row(rows: dict[int, tuple[int, int]]) -> None:
    hidden = find_hidden(rows)
    small = {key for key, numbers in rows.items() if any(map(is_small, numbers))}
    assert small <= hidden
    full = {key for key in rows if any(rows[key])}
    if hidden and full - hidden:
        assert not any(is_small(sum(rows[key][part] for key in hidden)) for part in (0, 1))


@given(st.lists(st.integers(0, 60), max_size=12).map(lambda drops: _fall(drops)))
def test_shown_levels_differ_by_nothing_small(levels: list[int]) -> None:
    told = [level for level in thin(levels) if level is not None]
    assert not any(map(is_small, told))
    assert not any(is_small(a - b) for a, b in pairwise(told))


def _fall(drops: list[int]) -> list[int]:
    return [sum(drops[i:]) for i in range(len(drops))]


def test_one_small_number_takes_the_next_with_it() -> None:
    assert hide({"a": 3, "b": 20, "c": 9}) == {"a": None, "b": 20, "c": None}
    assert hide({"a": 3, "b": 0}) == {"a": None, "b": 0}
    assert hide({"a": 7, "b": 20}) == {"a": 7, "b": 20}
    assert thin([205, 202, 100]) == (205, None, 100)


PEOPLE = st.lists(st.tuples(*[st.sampled_from("ab?")] * 3), max_size=60)


@given(PEOPLE)
def test_no_row_stands_out_by_what_is_told_of_it(rows: list[tuple[str, ...]]) -> None:
    told = coarsen(rows)
    sizes = Counter(told)
    nothing = (None, None, None)
    assert all(size >= LEAST for parts, size in sizes.items() if parts != nothing)
    assert sizes[nothing] >= LEAST or not sizes[nothing] or len(rows) < LEAST
    for row, parts in zip(rows, told, strict=True):
        kept = [part for part in parts if part is not None]
        assert list(row[: len(kept)]) == kept
        assert parts[len(kept) :] == (None,) * (3 - len(kept))


@given(PEOPLE, st.randoms(use_true_random=False))
def test_the_order_of_rows_tells_nothing(rows: list[tuple[str, ...]], draw: Random) -> None:
    shuffled = draw.sample(rows, len(rows))
    assert Counter(zip(rows, coarsen(rows), strict=True)) == Counter(
        zip(shuffled, coarsen(shuffled), strict=True)
    )


def test_as_little_as_possible_is_left_out() -> None:
    rows = [("a", "x", "m")] * 6 + [("a", "x", "f")] * 3 + [("a", "y", "f")] * 2
    assert Counter(coarsen(rows)) == {("a", "x", "m"): 6, ("a", None, None): 5}
    assert coarsen([]) == []
