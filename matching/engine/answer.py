"""The whole way from a problem to its answer: options, scores, plan, reasons.

answer = answer_problem(problem)
answer.choices    who is to be sent where, with the parts of the score
answer.unplaced   everyone else, each with the one reason why
"""

from dataclasses import dataclass
from functools import cached_property

from matching.engine.choosing import choose_plan, make_goals
from matching.engine.counterfactuals import (
    NOT_SAMPLED,
    Alternatives,
    Sample,
    find_alternatives,
)
from matching.engine.explain import Choice, Unplaced, explain_choices, explain_unplaced
from matching.engine.outcome import Outcome
from matching.engine.plan import Plan
from matching.engine.policy import STANDARD
from matching.engine.prepared import Prepared as Prepared
from matching.engine.prepared import prepare as prepare
from matching.engine.problem import Problem, write_problem
from matching.engine.progress import Progress, Tell, keep_silent
from matching.engine.solver import Limits, solve

FORMAT = "senim-answer/1"


@dataclass(frozen=True, slots=True)
class Tier:
    """What the plan has of a tier, and what no plan can beat."""

    name: str
    value: int
    bound: int


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` is `optimal`, `feasible` (a limit was reached) or `infeasible`; `options` counts the
    admissible choices; `sample` how many of what the reasons say of costs was solved again."""

    status: str
    tiers: tuple[Tier, ...]
    choices: tuple[Choice, ...]
    unplaced: tuple[Unplaced, ...]
    options: int
    sample: Sample = NOT_SAMPLED
    format: str = FORMAT


@dataclass(frozen=True, eq=False)
class Solved:
    """A problem with its plan; `answer` says it in the problem's own keys."""

    prepared: Prepared
    plan: Plan

    @cached_property
    def alternatives(self) -> Alternatives | None:
        """What the choices not made would cost. The problem's digest draws the sample."""
        made = self.prepared
        seed = int(write_problem(made.problem)[1][:8], 16)
        return find_alternatives(made.layout, made.tiers, self.plan, seed=seed)

    @cached_property
    def outcome(self) -> Outcome:
        made, known = self.prepared, self.alternatives
        costs = known.costs if known else {}
        return Outcome(made.facets, made.options, made.scores, made.layout, self.plan.chosen, costs)


def solve_prepared(
    prepared: Prepared,
    limits: Limits | None = None,
    *,
    progress: Tell = keep_silent,
) -> Solved:
    """The best plan by the tiers, or the one its policy chooses otherwise, beside the bounds of the
    best. Raises BrokenPlanError if the independent check refuses it."""
    plan = solve(prepared.layout.instance, prepared.tiers, limits, progress=progress)
    return Solved(prepared, choose_plan(prepared, plan, progress=progress))


def place_by_standard(
    prepared: Prepared,
    limits: Limits | None = None,
    *,
    progress: Tell = keep_silent,
) -> Tier | None:
    """How many people the standard order of goals would place, by the policy's own points and limits; None
    where that order is the policy's."""
    policy = prepared.problem.policy
    if policy.settles_by_order and policy.tiers == STANDARD.tiers:
        return None
    goals = make_goals(prepared, STANDARD.tiers, policy)

    def tell(told: Progress) -> None:
        progress(Progress("standard order", told.done, told.total))

    found = solve(prepared.layout.instance, goals, limits, progress=tell)
    placed = (Tier(t.name, t.value, t.bound) for t in found.tiers if t.name == "placements")
    return next(placed, None)


def explain_solved(solved: Solved) -> Answer:
    """The plan with reasons for everybody."""
    outcome, plan = solved.outcome, solved.plan
    return Answer(
        status=plan.status,
        tiers=tuple(Tier(t.name, t.value, t.bound) for t in plan.tiers),
        choices=explain_choices(outcome),
        unplaced=explain_unplaced(outcome),
        options=len(solved.prepared.options),
        sample=solved.alternatives.sample if solved.alternatives else NOT_SAMPLED,
    )


def answer_problem(problem: Problem, limits: Limits | None = None) -> Answer:
    """The best plan of the problem by its policy, with reasons for everybody.

    The same problem has the same answer in whatever order its lists come. Raises BrokenPlanError if
    the independent check refuses the plan.
    """
    return explain_solved(solve_prepared(prepare(problem), limits))
