"""The whole way from a problem to its answer: options, scores, plan, reasons.

answer = answer_problem(problem)
answer.choices    who is to be sent where, with the parts of the score
answer.unplaced   everyone else, each with the one reason why
"""

from collections.abc import Callable
from dataclasses import dataclass

from matching.engine.eligibility import find_options
from matching.engine.explain import Choice, Unplaced, explain_choices, explain_unplaced
from matching.engine.facets import Facets
from matching.engine.outcome import Outcome
from matching.engine.positions import lay_out, make_tiers
from matching.engine.problem import Problem, put_in_order
from matching.engine.scoring import score_options
from matching.engine.solver import Limits, solve

FORMAT = "senim-answer/1"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Tier:
    """What the plan has of a tier, and what no plan can beat."""

    name: str
    value: int
    bound: int


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` is `optimal`, `feasible` (a limit was reached) or `infeasible`; `options` counts the
    admissible choices."""

    status: str
    tiers: tuple[Tier, ...]
    choices: tuple[Choice, ...]
    unplaced: tuple[Unplaced, ...]
    options: int
    format: str = FORMAT


def answer_problem(
    problem: Problem,
    limits: Limits | None = None,
    *,
    progress: Progress = lambda phase, done, total: None,
) -> Answer:
    """The best plan of the problem by its policy, with reasons for everybody.

    The same problem has the same answer in whatever order its lists come. Raises BrokenPlan if the
    independent check refuses the plan.
    """
    problem = put_in_order(problem)
    progress("options", 0, len(problem.candidates))
    facets = Facets(problem)
    options = find_options(facets)
    scores = score_options(facets, options)
    layout = lay_out(problem, options, scores.total)
    plan = solve(layout.instance, make_tiers(problem, options, layout), limits, progress=progress)
    progress("reasons", 0, len(problem.candidates))
    outcome = Outcome(facets, options, scores, layout, plan.chosen)
    return Answer(
        status=plan.status,
        tiers=tuple(Tier(t.name, t.value, t.bound) for t in plan.tiers),
        choices=explain_choices(outcome),
        unplaced=explain_unplaced(outcome),
        options=len(options),
    )
