"""A plan read back into the problem's terms: who has which option, and what is left."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from matching.engine.counterfactuals import Cost
from matching.engine.eligibility import NO_COURSE, Options
from matching.engine.facets import Facets
from matching.engine.instance import Ints
from matching.engine.positions import Layout
from matching.engine.problem import Problem
from matching.engine.scoring import Scores


@dataclass(frozen=True, eq=False)
class Outcome:
    """Everything an explanation looks at. `chosen` are rows of the layout's instance; `costs` say what
    an option not chosen would cost the plan, where that is known."""

    facets: Facets
    options: Options
    scores: Scores
    layout: Layout
    chosen: Ints
    costs: Mapping[int, Cost] = field(default_factory=dict)

    @property
    def problem(self) -> Problem:
        return self.facets.problem

    @cached_property
    def total(self) -> Ints:
        return self.scores.total

    @cached_property
    def row_of(self) -> dict[int, int]:
        """{candidate: chosen row of the instance}."""
        rows = self.chosen.tolist()
        return {int(self.layout.instance.candidate[row]): row for row in rows}

    @cached_property
    def occupants(self) -> dict[int, list[int]]:
        """{position: candidates placed on it}."""
        found: dict[int, list[int]] = {}
        for candidate, row in sorted(self.row_of.items()):
            found.setdefault(int(self.layout.instance.vacancy[row]), []).append(candidate)
        return found

    @cached_property
    def participants(self) -> Ints:
        """Per course how many were given a seat."""
        taken = self.layout.instance.course[self.chosen]
        return np.bincount(taken[taken != NO_COURSE], minlength=len(self.problem.courses))

    def points_of(self, candidate: int) -> int:
        """The score of a placed candidate's option."""
        return int(self.total[self.layout.option[self.row_of[candidate]]])

    def options_of(self, candidate: int) -> list[int]:
        """The candidate's options, best score first, then in their order."""
        first, last = np.searchsorted(self.options.candidate, [candidate, candidate + 1])
        return sorted(range(int(first), int(last)), key=lambda row: (-self.total[row], row))

    def positions_of(self, option: int) -> list[int]:
        rows = np.flatnonzero(self.layout.option == option)
        return [int(position) for position in self.layout.instance.vacancy[rows]]

    def is_full(self, position: int) -> bool:
        return len(self.occupants.get(position, ())) >= self.layout.positions[position][1].count
