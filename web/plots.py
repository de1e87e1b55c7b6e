"""Pictures of numbers: bars, a falling line, a map of points; each with its words, drawn as SVG.

Templates draw them by `plots.html`; beside each stands a table with the same numbers. Coordinates are
whole units of the view box; colours and strokes are classes of the style sheet.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 420, 260
_BAR_ROW = 38
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 12, 14, 36


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    text: str
    y: int
    width: int
    hidden: bool


@dataclass(frozen=True, slots=True)
class Bars:
    """`kind` names the macro that draws it."""

    bars: Sequence[Bar]
    height: int
    kind: str = "bars"


@dataclass(frozen=True, slots=True)
class Tick:
    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Dot:
    x: int
    y: int
    label: str


@dataclass(frozen=True, slots=True)
class Frame:
    """Axes with their words and ticks."""

    x_name: str
    y_name: str
    x_ticks: Sequence[Tick]
    y_ticks: Sequence[Tick]


@dataclass(frozen=True, slots=True)
class Line:
    frame: Frame
    dots: Sequence[Dot]
    kind: str = "line"

    @property
    def path(self) -> str:
        return " ".join(f"{dot.x},{dot.y}" for dot in self.dots)


@dataclass(frozen=True, slots=True)
class Scatter:
    """Points of two amounts, and the line on which both are equal, where they are of one kind."""

    frame: Frame
    dots: Sequence[Dot]
    equal: tuple[int, int, int, int] | None
    kind: str = "scatter"


Picture = Bars | Line | Scatter


def draw_bars(rows: Sequence[tuple[str, int | None, str]]) -> Bars:
    """One bar a row of (label, number, text); a number that is None is hidden."""
    most = max((number for _, number, _ in rows if number), default=1)
    bars = [
        Bar(label, text, index * _BAR_ROW, (number or 0) * WIDTH // most, number is None)
        for index, (label, number, text) in enumerate(rows)
    ]
    return Bars(bars, len(rows) * _BAR_ROW)


def draw_line(points: Sequence[tuple[int, int, str]], names: tuple[str, str], *, most: int) -> Line:
    """A line of (x from 0 to `most`, per cent, label); `names` are those of the axes."""
    across, up = (0, most), (0, 100)
    dots = [Dot(_x(x, across), _y(y, up), label) for x, y, label in points]
    frame = Frame(
        *names,
        [Tick(_x(x, across), str(x)) for x, _, _ in points],
        [Tick(_y(y, up), f"{y}") for y in (0, 25, 50, 75, 100)],
    )
    return Line(frame, dots)


def draw_scatter(
    points: Sequence[tuple[int, int, str]], names: tuple[str, str], ticks: Sequence[tuple[int, str]]
) -> Scatter:
    """A map of (x, y, label) over the span of `ticks`, the same for both axes."""
    span = (ticks[0][0], ticks[-1][0])
    dots = [Dot(_x(x, span), _y(y, span), label) for x, y, label in points]
    frame = Frame(
        *names,
        [Tick(_x(at, span), text) for at, text in ticks],
        [Tick(_y(at, span), text) for at, text in ticks],
    )
    return Scatter(
        frame, dots, (_x(span[0], span), _y(span[0], span), _x(span[1], span), _y(span[1], span))
    )


def draw_points(
    points: Sequence[tuple[int, int, str]], names: tuple[str, str], tell: Callable[[int], str]
) -> Scatter:
    """Points of (x, y, label), each axis over the span of its own numbers, which `tell` writes."""
    across = choose_ticks([x for x, _, _ in points], step=1)
    heights = [y for _, y, _ in points]
    up = choose_ticks([*heights, max(heights) + 1 + (max(heights) - min(heights)) // 5], step=1)
    wide, high = (across[0], across[-1]), (up[0], up[-1])
    frame = Frame(
        *names,
        [Tick(_x(at, wide), tell(at)) for at in across],
        [Tick(_y(at, high), tell(at)) for at in up[:-1]],  # the axis' name stands there
    )
    return Scatter(frame, [Dot(_x(x, wide), _y(y, high), told) for x, y, told in points], None)


def choose_ticks(numbers: Sequence[int], *, step: int) -> list[int]:
    """Round numbers around all of `numbers`: four to eight steps apart by a multiple of `step`."""
    low, high = min(numbers), max(numbers)
    stride = step * max(1, -(-(high - low) // (6 * step)))
    first = low // stride * stride
    last = max(first + stride, -(-high // stride) * stride)
    return list(range(first, last + 1, stride))


def _x(value: int, span: tuple[int, int]) -> int:
    return _LEFT + (value - span[0]) * (WIDTH - _LEFT - _RIGHT) // (span[1] - span[0])


def _y(value: int, span: tuple[int, int]) -> int:
    return HEIGHT - _BOTTOM - (value - span[0]) * (HEIGHT - _TOP - _BOTTOM) // (span[1] - span[0])
