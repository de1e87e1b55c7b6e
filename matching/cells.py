"""Small cells: numbers of people so few that somebody could be recognised are not shown.

A number that follows from shown ones by subtraction counts as shown: what is hidden always sums up to
nothing or to at least LEAST people, and never stands alone beside a shown total.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

LEAST = 5
Key = TypeVar("Key")


def is_small(number: int) -> bool:
    return 0 < number < LEAST


def show(number: int) -> int | None:
    """The number, or None when it is too small to be shown."""
    return None if is_small(number) else number


def find_hidden(rows: Mapping[Key, Sequence[int]]) -> frozenset[Key]:
    """The rows to be hidden, each a row of people's numbers that never overlap, beside a shown total.

    Hidden are rows with a small number, and as many of the next smallest as keep the former from
    following from the total. When every row is hidden, the total has to be looked at with `show`.
    """
    hidden = {key for key, numbers in rows.items() if any(map(is_small, numbers))}
    others = sorted(
        (key for key in rows if key not in hidden and any(rows[key])),
        key=lambda key: (sum(rows[key]), str(key)),
    )
    for key in others:
        if not hidden or not _tells(rows, hidden):
            break
        hidden.add(key)
    return frozenset(hidden)


def hide(counts: Mapping[Key, int]) -> dict[Key, int | None]:
    """The counts with None for each that has to be hidden beside their shown sum."""
    hidden = find_hidden({key: (number,) for key, number in counts.items()})
    return {key: None if key in hidden else number for key, number in counts.items()}


def thin(levels: Sequence[int]) -> tuple[int | None, ...]:
    """Falling numbers of people, each a part of the one before: None for a level that is small itself
    or would tell of a small number between it and the level shown before."""
    shown: list[int | None] = []
    last: int | None = None
    for level in levels:
        tells = is_small(level) or (last is not None and is_small(last - level))
        shown.append(None if tells else level)
        last = last if tells else level
    return tuple(shown)


def coarsen(rows: Sequence[tuple[str, ...]]) -> list[tuple[str | None, ...]]:
    """Each row with its last parts left out, as few as make at least LEAST rows alike; the parts stand
    from the widest to the narrowest. Fewer than LEAST rows in all tell nothing.

    What is left out with too few others takes the smallest group along: nobody stands in it alone.
    """
    width = len(rows[0]) if rows else 0
    left = set(range(len(rows)))
    told: dict[tuple[str | None, ...], list[int]] = {}
    for length in range(width, 0, -1):
        alike: dict[tuple[str, ...], list[int]] = {}
        for number in sorted(left):
            alike.setdefault(rows[number][:length], []).append(number)
        for part, group in alike.items():
            if len(group) >= LEAST:
                told[part + (None,) * (width - length)] = group
                left -= set(group)
    if told and is_small(len(left)):
        del told[min(told, key=lambda part: (len(told[part]), str(part)))]
    shown: list[tuple[str | None, ...]] = [(None,) * width] * len(rows)
    for parts, group in told.items():
        for number in group:
            shown[number] = parts
    return shown


def _tells(rows: Mapping[Key, Sequence[int]], hidden: Iterable[Key]) -> bool:
    """Whether the sum of the hidden rows tells one of their small numbers."""
    chosen = [rows[key] for key in hidden]
    return len(chosen) < 2 or any(is_small(sum(column)) for column in zip(*chosen, strict=True))
