"""The engine's calls to its linear program, and the libraries that `bench_linear` puts them to."""

import time
from dataclasses import dataclass
from typing import Any, Protocol

import highspy
import numpy as np
import scipy.sparse as sp
from ortools.linear_solver.python.model_builder_helper import (
    ModelBuilderHelper,
    ModelSolverHelper,
    SolveStatus,
)
from ortools.math_opt.python import mathopt

from matching.engine import pricing

VERBS = {
    "addCols": "add_columns",
    "addRow": "add_row",
    "addRows": "add_rows",
    "changeColsBounds": "bound_columns",
    "changeColsCost": "change_costs",
    "changeRowsBounds": "bound_rows",
    "clearSolver": "forget",
    "run": "run",
    "setBasis": "start_at",
    "setOptionValue": "set_option",
}
_STATUS = {
    "kBasic": "BASIC",
    "kLower": "AT_LOWER_BOUND",
    "kUpper": "AT_UPPER_BOUND",
    "kZero": "FREE",
}
_PRIMAL = 4  # HiGHS's number of the primal simplex method
new_program = pricing._new_program


@dataclass(frozen=True)
class Call:
    """One call of the engine to its linear program; `value` is the optimum a run has found."""

    verb: str
    given: tuple[Any, ...]
    value: float | None = None


class Solver(Protocol):
    """A library that takes the calls of a journal; `within` sums the seconds of its solves."""

    within: float

    def apply(self, call: Call) -> None:
        """Change the program."""

    def run(self) -> float | None:
        """Solve and read levels and prices; the optimal value, None if it was not reached."""


class Highs:
    """HiGHS as the engine calls it: each solve from the basis of the last."""

    def __init__(self) -> None:
        self.within = 0.0
        self._program = new_program()

    def apply(self, call: Call) -> None:
        getattr(self._program, call.verb)(*call.given)

    def run(self) -> float | None:
        begin = time.process_time()
        self._program.run()
        self.within += time.process_time() - begin
        solution = self._program.getSolution()
        np.array(solution.col_value), np.array(solution.row_dual)
        return optimum(self._program)


class _Mirror:
    """Takes HiGHS's calls by the names of `VERBS`; what the library has no word for it lets pass."""

    def __init__(self) -> None:
        self.within = 0.0

    def apply(self, call: Call) -> None:
        if change := getattr(self, f"_{VERBS[call.verb]}", None):
            change(*call.given)


class Glop(_Mirror):
    """OR-Tools' GLOP from arrays, every program solved from nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._columns = np.zeros((3, 0))  # cost, least, most
        self._rows = np.zeros((2, 0))  # least, most
        self._entries = np.zeros((3, 0))  # row, column, value

    def _add_rows(self, count: int, low: Any, high: Any, *_: Any) -> None:
        self._rows = np.hstack([self._rows, [low, high]])

    def _add_row(self, low: float, high: float, count: int, at: Any, value: Any) -> None:
        row = np.full(count, self._rows.shape[1])
        self._entries = np.hstack([self._entries, [row, at, value]])
        self._rows = np.hstack([self._rows, [[low], [high]]])

    def _add_columns(self, count: int, cost: Any, low: Any, high: Any, *entries: Any) -> None:
        number, first, row, value = entries
        of = self._columns.shape[1] + np.repeat(np.arange(count), np.diff(first, append=number))
        self._entries = np.hstack([self._entries, [row, of, value]])
        self._columns = np.hstack([self._columns, [cost, low, high]])

    def _change_costs(self, count: int, at: Any, cost: Any) -> None:
        self._columns[0, at] = cost

    def _bound_columns(self, count: int, at: Any, low: Any, high: Any) -> None:
        self._columns[1:, at] = low, high

    def _bound_rows(self, count: int, at: Any, low: Any, high: Any) -> None:
        self._rows[:, at] = low, high

    def run(self) -> float | None:
        row, column, value = self._entries
        shape = (self._rows.shape[1], self._columns.shape[1])
        matrix = sp.csr_matrix((value, (row.astype(int), column.astype(int))), shape)
        model, solver = ModelBuilderHelper(), ModelSolverHelper("glop")
        cost, low, high = self._columns
        model.fill_model_from_sparse_data(low, high, cost, *self._rows, matrix)
        begin = time.process_time()
        solver.solve(model)
        self.within += time.process_time() - begin
        if solver.status() != SolveStatus.OPTIMAL:
            return None
        np.array(solver.variable_values()), np.array(solver.dual_values())
        return float(solver.objective_value())


class MathOpt(_Mirror):
    """GLOP behind MathOpt's incremental solver: each solve from the basis of the last."""

    def __init__(self) -> None:
        super().__init__()
        self._model = mathopt.Model()
        self._columns: list[mathopt.Variable] = []
        self._rows: list[mathopt.LinearConstraint] = []
        self._solver: mathopt.IncrementalSolver | None = None
        self._basis: highspy.HighsBasis | None = None
        self._method = mathopt.LPAlgorithm.DUAL_SIMPLEX

    def _add_rows(self, count: int, low: Any, high: Any, *_: Any) -> None:
        for least, most in zip(low.tolist(), high.tolist(), strict=True):
            self._rows.append(self._model.add_linear_constraint(lb=least, ub=most))

    def _add_row(self, low: float, high: float, count: int, at: Any, value: Any) -> None:
        self._rows.append(self._model.add_linear_constraint(lb=low, ub=high))
        for column, share in zip(at.tolist(), value.tolist(), strict=True):
            self._rows[-1].set_coefficient(self._columns[column], share)

    def _add_columns(self, count: int, cost: Any, low: Any, high: Any, *entries: Any) -> None:
        number, first, row, value = entries
        begun = len(self._columns)
        for least, most in zip(low.tolist(), high.tolist(), strict=True):
            self._columns.append(self._model.add_variable(lb=least, ub=most))
        self._change_costs(count, np.arange(begun, begun + count), cost)
        of = begun + np.repeat(np.arange(count), np.diff(first, append=number))
        for at, column, share in zip(row.tolist(), of.tolist(), value.tolist(), strict=True):
            self._rows[at].set_coefficient(self._columns[column], share)

    def _change_costs(self, count: int, at: Any, cost: Any) -> None:
        for column, price in zip(at.tolist(), cost.tolist(), strict=True):
            self._model.objective.set_linear_coefficient(self._columns[column], price)

    def _bound_columns(self, count: int, at: Any, low: Any, high: Any) -> None:
        for column, least, most in zip(at.tolist(), low.tolist(), high.tolist(), strict=True):
            variable = self._columns[column]
            variable.lower_bound, variable.upper_bound = least, most

    def _bound_rows(self, count: int, at: Any, low: Any, high: Any) -> None:
        for row, least, most in zip(at.tolist(), low.tolist(), high.tolist(), strict=True):
            limits = self._rows[row]
            limits.lower_bound, limits.upper_bound = least, most

    def _start_at(self, basis: highspy.HighsBasis) -> None:
        self._basis = basis

    def _set_option(self, name: str, value: Any) -> None:
        if name == "simplex_strategy":
            algorithm = mathopt.LPAlgorithm
            self._method = algorithm.PRIMAL_SIMPLEX if value == _PRIMAL else algorithm.DUAL_SIMPLEX

    def run(self) -> float | None:
        if self._solver is None:
            self._solver = mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)
        parameters = mathopt.SolveParameters(
            threads=1, lp_algorithm=self._method, presolve=mathopt.Emphasis.OFF
        )
        found = self._solver.solve(params=parameters, model_params=self._take_start())
        self.within += found.solve_time().total_seconds()
        if found.termination.reason != mathopt.TerminationReason.OPTIMAL:
            return None
        found.variable_values(self._columns), found.dual_values(self._rows)
        return found.objective_value()

    def _take_start(self) -> mathopt.ModelSolveParameters:
        """The basis the engine gave, for the one solve after it."""
        basis, self._basis = self._basis, None
        if basis is None:
            return mathopt.ModelSolveParameters()
        since = len(self._columns) - len(basis.col_status)
        status = highspy.HighsBasisStatus
        columns = [_named(held) for held in [*basis.col_status, *[status.kLower] * since]]
        rows = [_named(held) for held in basis.row_status]
        start = mathopt.Basis(
            variable_status=dict(zip(self._columns, columns, strict=True)),
            constraint_status=dict(zip(self._rows, rows, strict=True)),
        )
        return mathopt.ModelSolveParameters(initial_basis=start)


def _named(status: highspy.HighsBasisStatus) -> mathopt.BasisStatus:
    return getattr(mathopt.BasisStatus, _STATUS[status.name])


def optimum(program: highspy.Highs) -> float | None:
    """The value of the last solve, None if it is not proven."""
    if program.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return float(program.getInfo().objective_function_value)
