"""What the open format tells of people and jobs beside the options: where an option comes from.

The solver needs none of it. Where a document has it, points are told part by part, and the rules that
keep a person from a vacancy are counted.
"""

import math
from typing import Any

import numpy as np

from matching.engine.instance import Ints

_PEOPLE = ("region", "x", "y", "professions", "wage_min", "restrictions", "schedule", "commute")
_JOBS = ("profession", "x", "y", "wage", "conflicts", "schedule", "employer")
_FAMILY, _LICENSED = 8, 5
_RANK_WORTH, _COURSE_WORTH = (1.0, 0.7, 0.4), 0.8
RULES = ("region", "distance", "pay", "conditions", "hours", "profession")


class Attributes:
    """The columns of a `matching-instance/1` document as arrays; see `read_attributes`."""

    def __init__(self, people: dict[str, Any], jobs: dict[str, Any], region: Ints) -> None:
        self.people, self.jobs, self.region = people, jobs, region

    def tell_parts(self, i: int, j: int, *, by_course: bool) -> dict[str, float]:
        """The parts of an option's points, to a tenth; their sum rounds to the score."""
        worth, likeness = (_COURSE_WORTH, 100) if by_course else self._match(i, j)
        least = float(self.people["wage_min"][i])
        commute = float(self.people["commute"][i])
        pay = min(1.0, (float(self.jobs["wage"][j]) - least) / least) if least else 1.0
        near = 1 - float(self._away(i)[j]) / commute if commute else 0.0
        parts = {"profession": 500 * worth, "pay": 200 * pay, "distance": 200 * near}
        return {name: round(points, 1) for name, points in parts.items()} | {
            "similarity": float(likeness)
        }

    def count_rules(self, i: int) -> dict[str, dict[str, int]]:
        """Each rule with how many vacancies it keeps away alone, and together with others."""
        people, jobs = self.people, self.jobs
        away = self._away(i)
        matches = [self._match(i, j)[1] > 0 for j in range(len(jobs["wage"]))]
        barred = np.array(
            [
                self.region != people["region"][i],
                away > people["commute"][i],
                jobs["wage"] < people["wage_min"][i],
                (jobs["conflicts"] & people["restrictions"][i]) != 0,
                (jobs["schedule"] & people["schedule"][i]) == 0,
                ~np.array(matches, bool),
            ]
        )
        single = barred.sum(axis=0) == 1
        counts = {
            rule: {"alone": int((row & single).sum()), "together": int(row.sum())}
            for rule, row in zip(RULES, barred, strict=True)
        }
        return {rule: count for rule, count in counts.items() if count["together"]}

    def _away(self, i: int) -> Any:
        people, jobs = self.people, self.jobs
        return np.hypot(jobs["x"] - people["x"][i], jobs["y"] - people["y"][i])

    def _match(self, i: int, j: int) -> tuple[float, int]:
        """What the first chosen profession like the job's is worth, and how alike they are."""
        offered = int(self.jobs["profession"][j])
        for rank, own in enumerate(self.people["professions"][i]):
            if likeness := _compare(own, offered):
                return _RANK_WORTH[min(rank, len(_RANK_WORTH) - 1)], likeness
        return 0.0, 0


def read_attributes(content: Any) -> Attributes | None:
    """The attributes of a document that was read as an instance; None unless all are there as numbers."""
    people, jobs = content["candidates"], content["vacancies"]
    if not set(_PEOPLE) <= set(people) or not set(_JOBS) <= set(jobs):
        return None
    if "region" not in content["employers"]:
        return None
    try:
        own = {n: np.array(people[n]) for n in _PEOPLE if n != "professions"}
        there = {n: np.array(jobs[n]) for n in _JOBS}
        region = np.array(content["employers"]["region"])[there["employer"]]
        ranked = [[int(p) for p in row] for row in people["professions"]]
    except (TypeError, ValueError, IndexError):
        return None
    columns = [*own.values(), *there.values(), region]
    if any(column.dtype.kind not in "iuf" or column.ndim != 1 for column in columns):
        return None
    if not all(math.isfinite(float(np.sum(column))) for column in columns):
        return None
    return Attributes({**own, "professions": ranked}, there, region)


def _compare(own: int, offered: int) -> int:
    """Likeness of two professions from 0 to 100: the same, or near in one family and not licensed."""
    if own == offered:
        return 100
    near = own // _FAMILY == offered // _FAMILY and abs(own - offered) <= 2
    free = own % _FAMILY < _LICENSED and offered % _FAMILY < _LICENSED
    return 80 if near and free else 0
