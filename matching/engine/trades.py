"""The professions people chose beside those that jobs offer, as arrays: how alike they are, wish by wish."""

from collections.abc import Iterator

import numpy as np

from matching.engine.ground import Ground
from matching.engine.instance import Ints
from matching.engine.problem import Problem

Pairs = tuple[Ints, Ints]


class Trades:
    """`alike` is a table of likeness (0 to 100) from each profession chosen, by its number, to each
    vacancy; the last row, all 0, is that of no wish. `wishes` and `years` hold a row per rank and a
    column per candidate: the number of the wish (-1 for none) and the years worked in it."""

    def __init__(self, problem: Problem, ground: Ground) -> None:
        people = problem.candidates
        codes = sorted({wish.isco08 for person in people for wish in person.wishes})
        offered = sorted({job.isco08 for job in problem.vacancies})
        ranks = max((len(person.wishes) for person in people), default=0)
        number = {code: at for at, code in enumerate(codes)}
        self.wishes = np.full((ranks, len(people)), -1, np.int64)
        self.years = np.zeros((ranks, len(people)), np.int64)
        for rank in range(ranks):
            chosen = [(i, p.wishes[rank]) for i, p in enumerate(people) if rank < len(p.wishes)]
            at = [i for i, _ in chosen]
            self.wishes[rank, at] = [number[wish.isco08] for _, wish in chosen]
            self.years[rank, at] = [wish.years for _, wish in chosen]
        table = [[ground.similarity(own, there) for there in offered] for own in codes]
        at_job = np.searchsorted(offered, [job.isco08 for job in problem.vacancies])
        self.alike = np.zeros((len(codes) + 1, len(problem.vacancies)), np.int64)
        if codes and offered:
            self.alike[:-1] = np.array(table, np.int64)[:, at_job]

    def likeness(self, pairs: Pairs) -> Iterator[Ints]:
        """Rank by rank how alike the candidate's wish and the vacancy's profession are, pair by pair."""
        width = self.alike.shape[1]
        for wish in self.wishes:
            rows = (wish % len(self.alike)) * width
            yield self.alike.ravel()[rows[pairs[0]] + pairs[1]]
