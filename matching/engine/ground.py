"""What the rules look up: how like two professions are, and how far a home is from a job."""

from matching.engine.policy import Policy
from matching.engine.problem import Leg, Problem


class Ground:
    """The look-ups of one problem, built once."""

    def __init__(self, problem: Problem) -> None:
        self.policy: Policy = problem.policy
        self._similarity = {(a, b): value for a, b, value in problem.similarity}
        self._legs = {(leg.home, leg.work): leg for leg in problem.legs}

    def similarity(self, one: str, other: str) -> int:
        """0 to 100."""
        if one == other:
            return 100
        return self._similarity.get((min(one, other), max(one, other)), 0)

    def leg(self, home: str, work: str) -> Leg:
        """The way, with what is known of it."""
        return self._legs.get((home, work)) or Leg(home, work)
