"""A problem made ready for the solver: who may go where, for how many points, and what is better."""

from dataclasses import dataclass

from matching.engine import objective
from matching.engine.eligibility import Options, find_options
from matching.engine.facets import Facets
from matching.engine.positions import Layout, lay_out, make_tiers
from matching.engine.problem import Problem, put_in_order
from matching.engine.scoring import Scores, score_options


@dataclass(frozen=True, eq=False)
class Prepared:
    """A problem in order as the solver sees it: who may go where, for how many points."""

    facets: Facets
    options: Options
    scores: Scores
    layout: Layout
    tiers: tuple[objective.Tier, ...]

    @property
    def problem(self) -> Problem:
        return self.facets.problem


def prepare(problem: Problem) -> Prepared:
    """Options, scores and tiers of a problem. Raises InstanceError when a number is beyond what the
    arrays hold, KeyError for a tier without a name in TIERS."""
    facets = Facets(put_in_order(problem))
    options = find_options(facets)
    scores = score_options(facets, options)
    layout = lay_out(facets.problem, options, scores.total)
    return Prepared(facets, options, scores, layout, make_tiers(facets.problem, options, layout))
