"""Employment against the register, as the prosecutor reports it: by district, and by status."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from matching import cells
from matching.candidates import Readiness, Status
from matching.ways import Way


@dataclass(frozen=True, slots=True)
class Share:
    """People on the register and those in work; None where hidden. `code` is empty for the total."""

    code: str
    register: int | None
    employed: int | None

    @property
    def per_cent(self) -> int | None:
        """Rounded down."""
        if not self.register or self.employed is None:
            return None
        return 100 * self.employed // self.register


BY: dict[str, Callable[[Way], str]] = {
    "district": lambda way: way.district,
    "status": lambda way: way.status,
}


def count_shares(ways: Iterable[Way], *, by: str, day: date) -> list[Share]:
    """Shares by one of BY, the total last: of those registered by the day and not off the register.

    Work is what the register says today.
    """
    numbers: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for way in ways:
        if way.registered_on <= day and way.status != Status.OFF_REGISTER:
            numbers[BY[by](way)][way.readiness != Readiness.EMPLOYED] += 1
    hidden = cells.find_hidden(numbers)
    rows = [
        Share(code, None, None) if code in hidden else Share(code, sum(pair), pair[0])
        for code, pair in sorted(numbers.items())
    ]
    employed, others = (sum(pair[part] for pair in numbers.values()) for part in (0, 1))
    small = cells.is_small(employed) or cells.is_small(others)
    total = Share("", None, None) if small else Share("", employed + others, employed)
    return [*rows, total]
