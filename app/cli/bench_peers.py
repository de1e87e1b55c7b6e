"""What the engine is measured against: other solvers and the simple rules, on the same instance.

Each peer takes an instance and a time limit and answers with the options it chose, a status and
the bound it can show on the weighted value (None: it shows none). The weighted value is that of
the open format's checker: 20,000 a placement, the score, and 400,000 less a missing quota place.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from matching.engine.instance import Instance, Ints

PLACEMENT, MISSING = 20_000, 400_000


@dataclass(frozen=True)
class Found:
    """A peer's answer; `chosen` is None when it found no plan."""

    chosen: Ints | None
    status: str
    bound: float | None = None


Peer = Callable[[Instance, float], Found]


def bare_flow(instance: Instance, limit: float) -> Found:
    """One bulk call of OR-Tools' minimum cost flow over the direct options (no other rows)."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    people, jobs = instance.candidates, instance.vacancies
    person, job, source = np.arange(people), people + np.arange(jobs), people + jobs
    tails = (instance.candidate, np.full(people, source), job)
    heads = (people + instance.vacancy, person, np.full(jobs, source + 1))
    capacities = (np.ones_like(instance.score), np.ones_like(person), instance.slots)
    costs = (-instance.score, np.zeros_like(person), np.zeros_like(job))
    flow = SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        *map(np.concatenate, (tails, heads, capacities, costs))
    )
    flow.set_nodes_supplies(np.array([source, source + 1]), np.array([people, -people]))
    flow.solve_max_flow_with_min_cost()
    return Found(np.flatnonzero(flow.flows(arcs[: instance.options])), "optimal")


def linear_assignment(instance: Instance, limit: float) -> Found:
    """scipy.optimize.linear_sum_assignment on a dense matrix of candidates and slots."""
    from scipy.optimize import linear_sum_assignment

    slot = np.repeat(np.arange(instance.vacancies), instance.slots)
    worth = np.zeros((instance.candidates, instance.vacancies), np.int64)
    worth[instance.candidate, instance.vacancy] = 10**6 + instance.score
    people, slots = linear_sum_assignment(worth[:, slot], maximize=True)
    rows = np.stack([people, slot[slots], np.full(len(people), -1)], axis=1)
    found = instance.find_options(rows)
    return Found(found[found >= 0], "optimal")


def highs_mip(instance: Instance, limit: float) -> Found:
    """HiGHS on all columns, its own mixed-integer search."""
    import highspy

    model = _Model.of(instance)
    program = highspy.Highs()
    for option, value in (("output_flag", False), ("time_limit", limit), ("mip_rel_gap", 0.0)):
        program.setOptionValue(option, value)
    linear = highspy.HighsLp()
    rows, columns = model.matrix.shape
    linear.num_col_, linear.num_row_ = columns, rows
    linear.col_cost_, linear.sense_ = model.weight, highspy.ObjSense.kMaximize
    linear.col_lower_, linear.col_upper_ = model.lower, model.upper
    linear.row_lower_, linear.row_upper_ = model.row_lower, model.row_upper
    matrix = model.matrix.tocsc()
    linear.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    linear.a_matrix_.start_, linear.a_matrix_.index_ = matrix.indptr, matrix.indices
    linear.a_matrix_.value_ = matrix.data
    linear.integrality_ = [highspy.HighsVarType.kInteger] * columns
    program.passModel(linear)
    program.run()
    info = program.getInfo()
    proven = program.getModelStatus() == highspy.HighsModelStatus.kOptimal
    status = "optimal" if proven else "limit"
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Found(None, status, info.mip_dual_bound)
    levels = np.array(program.getSolution().col_value)[: instance.options]
    return Found(np.flatnonzero(levels > 0.5), status, info.mip_dual_bound)


def cp_sat(instance: Instance, limit: float) -> Found:
    """OR-Tools CP-SAT on all columns, two workers."""
    from ortools.sat.python import cp_model

    model, program = _Model.of(instance), cp_model.CpModel()
    variables = [
        program.new_int_var(int(low), int(high), "")
        for low, high in zip(model.lower, model.upper, strict=True)
    ]
    for row in range(model.matrix.shape[0]):
        first, last = model.matrix.indptr[row], model.matrix.indptr[row + 1]
        terms = [variables[at] for at in model.matrix.indices[first:last]]
        total = cp_model.LinearExpr.weighted_sum(
            terms, model.matrix.data[first:last].astype(int).tolist()
        )
        if np.isfinite(model.row_upper[row]):
            program.add(total <= int(model.row_upper[row]))
        if np.isfinite(model.row_lower[row]):
            program.add(total >= int(model.row_lower[row]))
    weights = model.weight.astype(int).tolist()
    program.maximize(cp_model.LinearExpr.weighted_sum(variables, weights))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = limit
    status = solver.solve(program)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Found(None, "limit", solver.best_objective_bound)
    chosen = [at for at in range(instance.options) if solver.value(variables[at])]
    told = "optimal" if status == cp_model.OPTIMAL else "limit"
    return Found(np.array(chosen, np.int64), told, solver.best_objective_bound)


def first_come(instance: Instance, limit: float) -> Found:
    """First come, first served: each in turn takes the best place still free."""
    return Found(_take(instance, np.lexsort((-instance.score, instance.candidate))), "rule")


def best_first(instance: Instance, limit: float) -> Found:
    """The best pair of all that are left, again and again."""
    order = np.lexsort((instance.vacancy, instance.candidate, -instance.score))
    return Found(_take(instance, order), "rule")


def deferred_acceptance(instance: Instance, limit: float) -> Found:
    """Candidates propose down their list, a vacancy keeps the best it can hold (direct options)."""
    direct = np.flatnonzero(instance.course < 0)
    order = direct[np.lexsort((-instance.score[direct], instance.candidate[direct]))]
    lists: dict[int, list[int]] = {}
    for option in order.tolist()[::-1]:
        lists.setdefault(int(instance.candidate[option]), []).append(option)
    held: dict[int, list[int]] = {}
    waiting = sorted(lists, reverse=True)
    while waiting:
        person = waiting.pop()
        if not lists[person]:
            continue
        option = lists[person].pop()
        kept = held.setdefault(int(instance.vacancy[option]), [])
        kept.append(option)
        if len(kept) > instance.slots[instance.vacancy[option]]:
            worst = min(kept, key=lambda o: (instance.score[o], -instance.candidate[o]))
            kept.remove(worst)
            waiting.append(int(instance.candidate[worst]))
    ranked = sorted(option for kept in held.values() for option in kept)
    return Found(_take(instance, np.array(ranked, np.int64)), "rule")


def _take(instance: Instance, order: Ints) -> Ints:
    """Options in this order as far as the rules allow; courses that miss their cohort are dropped
    and the rest made again without them."""
    allowed = instance.allowed()
    pins = instance.find_options(instance.pinned)
    closed: set[int] = set()
    while True:
        chosen = _take_once(instance, [*pins.tolist(), *order[allowed[order]].tolist()], closed)
        people = Counter(int(k) for k in instance.course[chosen] if k >= 0)
        short = {k for k, n in people.items() if n < instance.min_cohort[k]}
        if not short:
            return np.sort(chosen)
        closed |= short


def _take_once(instance: Instance, order: list[int], closed: set[int]) -> Ints:
    slots, seats = instance.slots.tolist(), instance.seats.tolist()
    rows = zip(
        *(c.tolist() for c in (instance.candidate, instance.vacancy, instance.course)), strict=True
    )
    options = list(rows)
    together: Counter[tuple[int, int]] = Counter()
    placed, chosen, money = set(), [], instance.budget
    for option in order:
        person, vacancy, course = options[option]
        if person in placed or not slots[vacancy] or course in closed:
            continue
        group = (int(instance.case[person]), int(instance.house_of[vacancy]))
        if group[0] >= 0 and together[group] >= instance.case_limit:
            continue
        price = int(instance.cost[course]) if course >= 0 else 0
        if course >= 0 and (not seats[course] or money < price):
            continue
        placed.add(person)
        chosen.append(option)
        slots[vacancy] -= 1
        together[group] += 1
        money -= price
        if course >= 0:
            seats[course] -= 1
    return np.array(chosen, np.int64)


@dataclass(frozen=True, eq=False)
class _Model:
    """All options as columns, then one per course (does it run) and quota (places missing)."""

    weight: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    matrix: sp.csr_matrix
    row_lower: np.ndarray
    row_upper: np.ndarray

    @staticmethod
    def of(instance: Instance) -> "_Model":
        m, courses, firms = instance.options, instance.courses, instance.employers
        columns = m + courses + firms
        every, taught = np.arange(m), np.flatnonzero(instance.course >= 0)
        course, runs = instance.course[taught], m + np.arange(courses)
        firm, house = instance.employer[instance.vacancy], instance.house_of[instance.vacancy]
        grouped = np.flatnonzero(instance.case[instance.candidate] >= 0)
        key = instance.case[instance.candidate[grouped]] * firms + house[grouped]
        keys, case = np.unique(key, return_inverse=True)

        def block(rows: Ints, at: Ints, values: np.ndarray, height: int) -> sp.csr_matrix:
            return sp.csr_matrix((values.astype(float), (rows, at)), shape=(height, columns))

        ones, people = np.ones(m), np.r_[course, np.arange(courses)]
        both = np.r_[taught, runs]
        blocks = (
            (block(instance.candidate, every, ones, instance.candidates), -np.inf, 1),
            (block(instance.vacancy, every, ones, instance.vacancies), -np.inf, instance.slots),
            (block(people, both, np.r_[ones[taught], -instance.seats], courses), -np.inf, 0),
            (block(people, both, np.r_[ones[taught], -instance.min_cohort], courses), 0, np.inf),
            (block(0 * taught, taught, instance.cost[course], 1), -np.inf, instance.budget),
            (block(case, grouped, ones[grouped], len(keys)), -np.inf, instance.case_limit),
            (
                block(
                    np.r_[firm, np.arange(firms)],
                    np.r_[every, m + courses + np.arange(firms)],
                    np.ones(m + firms),
                    firms,
                ),
                instance.min_fill,
                np.inf,
            ),
        )
        lower, upper = np.zeros(columns), np.r_[np.ones(m + courses), instance.min_fill]
        lower[instance.find_options(instance.pinned)] = 1
        upper[:m][~instance.allowed()] = 0
        return _Model(
            weight=np.r_[instance.score + PLACEMENT, np.zeros(courses), np.full(firms, -MISSING)],
            lower=lower,
            upper=upper,
            matrix=sp.vstack([matrix for matrix, _, _ in blocks]).tocsr(),
            row_lower=np.concatenate([np.broadcast_to(low, b.shape[0]) for b, low, _ in blocks]),
            row_upper=np.concatenate([np.broadcast_to(high, b.shape[0]) for b, _, high in blocks]),
        )
