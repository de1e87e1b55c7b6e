"""The bar of a score: its named parts side by side, each as long as its points."""

from collections.abc import Mapping
from dataclasses import dataclass

WIDTH = 200


@dataclass(frozen=True, slots=True)
class Segment:
    """A part with `points` of `most`; `start` and `width` in units of the drawing."""

    name: str
    points: int
    most: int
    start: int
    width: int


@dataclass(frozen=True, slots=True)
class Bar:
    total: int
    most: int
    segments: tuple[Segment, ...]


def draw_score(parts: Mapping[str, int], weights: Mapping[str, int]) -> Bar:
    """The bar of a score in the order of the policy's weights; its whole length is the most possible."""
    most = sum(weights.values())
    segments = []
    begun = 0
    for name, weight in weights.items():
        points = parts.get(name, 0)
        start, begun = begun, begun + points
        width = _place(begun, most) - _place(start, most)
        segments.append(Segment(name, points, weight, _place(start, most), width))
    return Bar(begun, most, tuple(segments))


def _place(points: int, most: int) -> int:
    return WIDTH * points // max(1, most)
