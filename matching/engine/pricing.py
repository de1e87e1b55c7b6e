"""The linear relaxation of a part, by column generation.

The program holds a few thousand of the options; after each run every option is priced with numpy
and the best missing ones are added, until none would help. A row that a restricted set of columns
may fail to meet (a candidate who must be placed, a course that must run, a floor) has a slack at a
penalty, so that the program itself is never infeasible.
"""

from collections.abc import Callable
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from matching.engine.bounds import Goal, Numbers, Prices, Region, reduced_gains
from matching.engine.components import Part
from matching.engine.instance import Ints
from matching.engine.warmstart import Basis

Stop = Callable[[], bool]
_INF = highspy.kHighsInf
_PER_CANDIDATE = 3
_HIGHEST_PENALTY = 1e14
_FRACTION = 1e-6
_DUAL_SIMPLEX = 1  # after bounds have moved: the old basis still prices right
_PRIMAL_SIMPLEX = 4  # after columns or costs have changed: the old plan still holds


class RelaxationError(RuntimeError):
    """The linear programming library gave up."""


class Relaxation:
    """The linear program of one part and goal, kept warm from node to node."""

    def __init__(self, part: Part, goal: Goal, start: Ints) -> None:
        self.part, self.goal = part, goal
        self.weight = goal.weight(part)
        self._column_of = np.full(len(part.option), -1, np.int64)
        self._slack_of: dict[int, int] = {}
        self._least_penalty = _penalty_above(self.weight)
        self._penalty = self._least_penalty
        self._tolerance = 1e-6 + 1e-14 * self._penalty
        self._region: Region | None = None
        self._program = _new_program()
        self._columns = 0
        self._add_rows()
        self._add_steps()
        self._add_courses()
        self.add(start)

    def begin_at(self, basis: Basis) -> None:
        """Start from this basis of the network; every other row begins with its slack."""
        status = highspy.HighsBasisStatus
        start = highspy.HighsBasis()
        held = np.full(self._columns, status.kLower, object)
        steps = np.where(
            basis.steps, status.kBasic, np.where(basis.missing, status.kUpper, status.kLower)
        )
        held[: len(steps)] = steps
        used = self.part.course[basis.chosen]
        held[self._courses_from + used[used >= 0]] = status.kUpper
        own = self.held()
        held[self._column_of[own]] = np.where(basis.options[own], status.kBasic, status.kLower)
        rows = np.full(self._program.getNumRow(), status.kBasic, object)
        for name, flags, bound in (
            ("candidate", basis.candidates, status.kUpper),
            ("vacancy", basis.vacancies, status.kUpper),
            ("quota", basis.quotas, status.kLower),
        ):
            first = self._rows[name]
            rows[first : first + len(flags)] = np.where(flags, status.kBasic, bound)
        start.col_status, start.row_status = held.tolist(), rows.tolist()
        start.valid = True
        self._program.setBasis(start)
        self._program.setOptionValue("dual_simplex_cost_perturbation_multiplier", 0.0)

    def restrict(self, region: Region) -> None:
        """Allow only the plans of this region from now on."""
        part, old = self.part, self._region
        self._region = region
        self._set_penalty(self._least_penalty)
        if old is None or region.allowed is not old.allowed:
            held = self.held()
            self._bound(self._column_of[held], np.where(region.allowed[held], _INF, 0.0))
        taught = self._rows["course"] + np.arange(part.courses)
        moved = np.flatnonzero(
            (region.least != old.least) | (region.most != old.most) if old else taught + 1
        )
        self._range(taught[moved], region.least[moved], region.most[moved])
        if old is None or region.must is not old.must:
            people = np.arange(part.candidates)
            self._range(people, np.where(region.must, 1.0, -_INF), np.ones(part.candidates))
        must = np.flatnonzero(region.must)
        self._allow_slack(np.concatenate([must, taught[region.least > 0], self._floor_rows()]))

    def _allow_slack(self, rows: Ints) -> None:
        """Let these rows be missed at a penalty, and no others."""
        for row in rows.tolist():
            self._ensure_slack(row)
        known = np.array(list(self._slack_of), np.int64)
        self._bound(self._slacks(), np.where(np.isin(known, rows), _INF, 0.0))

    def _slacks(self) -> Ints:
        return np.array(list(self._slack_of.values()), np.int64)

    def run(self, stop: Stop) -> None:
        """Solve, and add columns until no option of the region would help (or time is over: the
        prices then still bound, only less well)."""
        assert self._region is not None
        self._optimise(_DUAL_SIMPLEX)
        while len(found := self._violators()) and not stop():
            self.add(found)
            self._optimise(_PRIMAL_SIMPLEX)

    def aim_at(self, goal: Goal) -> None:
        """Turn to the next goal, whose floors hold what the goals before have reached."""
        part, program = self.part, self._program
        known = len(self.goal.floors)
        self.goal, self.weight = goal, goal.weight(part)
        self._least_penalty = _penalty_above(self.weight)
        own = self.held()
        columns = np.concatenate([np.arange(len(part.step_quota)), self._column_of[own]])
        costs = np.concatenate([-goal.step_weight(part), -self.weight[own]]).astype(float)
        program.changeColsCost(len(columns), columns.astype(np.int32), costs)
        for tier, gain in goal.floors[known:]:
            gains = np.concatenate([part.step_gains[tier], part.gains[tier][own]])
            used = np.flatnonzero(gains)
            at = columns[used].astype(np.int32)
            unit = self._floor_unit(tier)
            program.addRow(gain / unit, _INF, len(at), at, gains[used] / unit)

    def raise_penalty(self) -> bool:
        """Make it dearer to miss a row: the plan may only have bought itself off. False once that
        would ask more of floating point than it can give."""
        if self._penalty > _HIGHEST_PENALTY:
            return False
        self._set_penalty(self._penalty * 64)
        return True

    def slack_used(self) -> bool:
        """Some row is only met by paying the penalty."""
        return bool(self._x[self._slacks()].max(initial=0.0) > _FRACTION)

    def levels(self) -> NDArray[np.float64]:
        """Per option how much of it the relaxation uses, from 0 to 1."""
        held = self.held()
        x = self._x[self._column_of[held]]
        levels = np.zeros(len(self._column_of))
        levels[held] = np.where(np.abs(x - np.rint(x)) < _FRACTION, np.rint(x), x)
        return levels

    def prices(self) -> Prices:
        part, rows = self.part, self._rows
        take = [
            self._y[rows[name] : rows[name] + size]
            for name, size in (
                ("vacancy", len(part.slots)),
                ("course", part.courses),
                ("case", part.cases),
                ("quota", len(part.fill)),
                ("budget", int(part.budget is not None)),
                ("floor", len(self.goal.floors)),
                ("cohort", part.courses),
                ("pair", len(part.pair_course)),
            )
        ]
        vacancy, course, case, quota, price, floors, cohort, pair = take
        units = np.array([self._floor_unit(tier) for tier, _ in self.goal.floors])
        return Prices(vacancy, course, case, quota, price, floors / units, -cohort, pair)

    def held(self) -> Ints:
        """The options the program has columns for."""
        return np.flatnonzero(self._column_of >= 0)

    def add(self, options: Ints) -> None:
        """Give these options a column (those that have one already are left out)."""
        part, rows = self.part, self._rows
        options = np.unique(options[self._column_of[options] < 0])
        if not len(options):
            return
        blocks: list[tuple[Ints, Any]] = [
            (part.candidate[options], 1.0),
            (rows["vacancy"] + part.vacancy[options], 1.0),
        ]
        taught = part.course[options]
        blocks.append((np.where(taught >= 0, rows["cohort"] + taught, -1), 1.0))
        for name in ("course", "case", "quota", "pair"):
            held = getattr(part, name)[options]
            blocks.append((np.where(held >= 0, rows[name] + held, -1), 1.0))
        if part.budget is not None:
            course = part.course[options]
            cost = np.append(part.cost, 0)[course]
            blocks.append((np.where(cost > 0, rows["budget"], -1), cost))
        for at, (tier, _) in enumerate(self.goal.floors):
            gain = part.gains[tier][options]
            share = gain / self._floor_unit(tier)
            blocks.append((np.where(gain != 0, rows["floor"] + at, -1), share))
        index = np.stack([np.broadcast_to(r, len(options)) for r, _ in blocks], axis=1)
        value = np.stack([np.broadcast_to(v, len(options)) for _, v in blocks], axis=1)
        upper = np.full(len(options), _INF)
        if self._region is not None:
            upper[~self._region.allowed[options]] = 0.0
        first = self._add_columns(-self.weight[options], upper, index, value)
        self._column_of[options] = first + np.arange(len(options))

    def _add_rows(self) -> None:
        part = self.part
        budget = [] if part.budget is None else [part.budget]
        lower: list[Numbers] = []
        upper: list[Numbers] = []
        self._rows: dict[str, int] = {}
        for name, low, high in (
            ("candidate", np.full(part.candidates, -_INF), np.ones(part.candidates)),
            ("vacancy", np.full(len(part.slots), -_INF), part.slots),
            ("course", np.full(part.courses, -_INF), part.seats),
            ("case", np.full(part.cases, -_INF), np.full(part.cases, part.case_limit)),
            ("quota", part.fill, np.full(len(part.fill), _INF)),
            ("cohort", np.zeros(part.courses), np.full(part.courses, _INF)),
            ("pair", np.full(len(part.pair_course), -_INF), np.zeros(len(part.pair_course))),
            ("budget", [-_INF] * len(budget), budget),
            ("floor", [], []),
        ):
            self._rows[name] = sum(len(rows) for rows in lower)
            lower.append(np.asarray(low, float))
            upper.append(np.asarray(high, float))
        low, high = np.concatenate(lower), np.concatenate(upper)
        none = np.zeros(0, np.int32)
        empty = np.zeros(len(low), np.int32)
        self._program.addRows(len(low), low, high, 0, empty, none, np.zeros(0))

    def _add_steps(self) -> None:
        index = self._rows["quota"] + self.part.step_quota[:, None]
        if len(index):
            cost = -self.goal.step_weight(self.part)
            self._add_columns(cost, np.ones(len(index)), index, np.ones(index.shape))

    def _add_courses(self) -> None:
        """A column per course, from 0 to 1: how far it runs. Its participants are no fewer than its
        least cohort as far as it runs, and nobody uses it farther. Without this the relaxation
        would run a course for the one person who gains most by it."""
        part = self.part
        self._courses_from = self._columns
        every, pairs = np.arange(part.courses), np.arange(len(part.pair_course))
        of = np.append(every, part.pair_course)
        order = np.argsort(of, kind="stable")
        rows = np.append(self._rows["cohort"] + every, self._rows["pair"] + pairs)[order]
        value = np.append(-part.min_cohort, np.full(len(pairs), -1))[order]
        starts = np.searchsorted(of[order], every)
        self._program.addCols(
            part.courses, np.zeros(part.courses), np.zeros(part.courses), np.ones(part.courses),
            len(of), starts.astype(np.int32), rows.astype(np.int32), value.astype(float),
        )  # fmt: skip
        self._columns += part.courses

    def _ensure_slack(self, row: int) -> None:
        if row not in self._slack_of:
            one = np.ones((1, 1))
            self._slack_of[row] = self._add_columns(
                np.array([self._penalty]), np.array([_INF]), one.astype(np.int64) * row, one
            )

    def _set_penalty(self, penalty: float) -> None:
        if penalty != self._penalty:
            self._penalty = penalty
            columns = self._slacks().astype(np.int32)
            self._program.changeColsCost(len(columns), columns, np.full(len(columns), penalty))

    def _floor_unit(self, tier: int) -> float:
        """Floors are told in units of the tier's largest gain, to keep the program well scaled."""
        return float(np.abs(self.part.gains[tier]).max(initial=1))

    def _floor_rows(self) -> Ints:
        return self._rows["floor"] + np.arange(len(self.goal.floors))

    def _add_columns(self, cost: Numbers, upper: Numbers, index: Ints, value: Numbers) -> int:
        """Columns from a table of (row, value) entries, row -1 meaning none; the first's number."""
        used = index >= 0
        starts = np.concatenate([[0], np.cumsum(used.sum(axis=1))[:-1]]).astype(np.int32)
        entries = int(used.sum())
        self._program.addCols(
            len(cost), cost.astype(float), np.zeros(len(cost)), upper, entries, starts,
            index[used].astype(np.int32), value[used].astype(float),
        )  # fmt: skip
        self._columns += len(cost)
        return self._columns - len(cost)

    def _bound(self, columns: Ints, upper: Numbers) -> None:
        if len(columns):
            lower = np.zeros(len(columns))
            self._program.changeColsBounds(len(columns), columns.astype(np.int32), lower, upper)

    def _range(self, rows: Ints, lower: Numbers, upper: Numbers) -> None:
        if len(rows):
            self._program.changeRowsBounds(
                len(rows), rows.astype(np.int32), lower.astype(float), upper.astype(float)
            )

    def _optimise(self, strategy: int) -> None:
        self._program.setOptionValue("simplex_strategy", strategy)
        if not self._runs() and not self._runs_afresh():
            raise RelaxationError(str(self._program.getModelStatus()))
        solution = self._program.getSolution()
        self._x = np.array(solution.col_value)
        self._y = -np.array(solution.row_dual)

    def _runs(self) -> bool:
        self._program.run()
        return bool(self._program.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def _runs_afresh(self) -> bool:
        """Again without the old basis, which may have become numerically bad."""
        self._program.clearSolver()
        self._program.setOptionValue("simplex_strategy", _DUAL_SIMPLEX)
        self._program.setOptionValue("dual_simplex_cost_perturbation_multiplier", 1.0)
        return self._runs()

    def _violators(self) -> Ints:
        """The best missing options of each candidate that would improve the program."""
        assert self._region is not None
        part = self.part
        gains = reduced_gains(part, self.goal, self.weight.astype(float), self.prices())
        gains -= self._y[part.candidate]
        found = np.flatnonzero(gains > self._tolerance)
        found = found[(self._column_of[found] < 0) & self._region.allowed[found]]
        order = np.lexsort((-gains[found], part.candidate[found]))
        found = found[order]
        people = part.candidate[found]
        rank = np.arange(len(found)) - np.searchsorted(people, people)
        return found[rank < _PER_CANDIDATE]


def _penalty_above(weight: Ints) -> float:
    """More than any option is worth."""
    return 4.0 * (1 + float(np.abs(weight).max(initial=0)))


def _new_program() -> "highspy.Highs":
    program = highspy.Highs()
    for name, value in (
        ("output_flag", False),
        ("threads", 1),
        ("parallel", "off"),
        ("random_seed", 0),
        ("presolve", "off"),
    ):
        program.setOptionValue(name, value)
    return program
