"""The oracle: every plan of a tiny instance, looked at one by one. And tiny instances."""

import itertools
from collections.abc import Iterator

import numpy as np

from matching.engine.instance import Instance, make_instance
from matching.engine.objective import OptionTier, Tier


def every_plan(instance: Instance) -> Iterator[tuple[int, ...]]:
    """All feasible plans, as options; written from FORMAT's sentences, loops only."""
    per_person = [[None] for _ in range(instance.candidates)]
    for option, person in enumerate(instance.candidate.tolist()):
        per_person[person].append(option)
    for picks in itertools.product(*per_person):
        plan = tuple(option for option in picks if option is not None)
        if is_feasible(instance, plan):
            yield plan


def is_feasible(instance: Instance, plan: tuple[int, ...]) -> bool:
    rows = [
        (int(instance.candidate[o]), int(instance.vacancy[o]), int(instance.course[o]))
        for o in plan
    ]
    pairs = [row[:2] for row in rows]
    if any(tuple(pair) in pairs for pair in instance.forbidden.tolist()):
        return False
    if any(tuple(pin) not in rows for pin in instance.pinned.tolist()):
        return False
    for vacancy in range(instance.vacancies):
        if sum(v == vacancy for _, v, _ in rows) > instance.slots[vacancy]:
            return False
    for course in range(instance.courses):
        people = sum(k == course for _, _, k in rows)
        if people > instance.seats[course] or 0 < people < instance.min_cohort[course]:
            return False
    if sum(int(instance.cost[k]) for _, _, k in rows if k >= 0) > instance.budget:
        return False
    houses = [(instance.case[c], instance.house[instance.employer[v]]) for c, v, _ in rows]
    together = [(case, house) for case, house in houses if case >= 0 and house >= 0]
    return all(together.count(key) <= instance.case_limit for key in together)


def worth(
    instance: Instance, plan: tuple[int, ...], tiers: tuple[Tier, ...] = ()
) -> tuple[int, ...]:
    """The gain of every tier; by default (shortage negated, placements, score)."""
    filled = [0] * instance.employers
    for option in plan:
        filled[instance.employer[instance.vacancy[option]]] += 1
    short = [max(0, int(f) - n) for f, n in zip(instance.min_fill, filled, strict=True)]
    if not tiers:
        return (-sum(short), len(plan), sum(int(instance.score[o]) for o in plan))
    return tuple(
        sum(int(tier.weight[o]) for o in plan)
        if isinstance(tier, OptionTier)
        else -sum(sum(range(1, n + 1)) if tier.convex else n for n in short)
        for tier in tiers
    )


def tiny_instance(seed: int) -> Instance:
    """Up to 6 people, 4 vacancies, 2 courses, with every constraint in play."""
    draw = np.random.default_rng(seed)
    people, vacancies, employers, courses = (
        int(draw.integers(a, b)) for a, b in ((1, 7), (1, 5), (1, 4), (0, 3))
    )
    options = []
    for person in range(people):
        for vacancy in range(vacancies):
            for course in range(-1, courses):
                if draw.random() < (0.4 if course < 0 else 0.3):
                    options.append((person, vacancy, course, int(draw.integers(1, 12))))
    options = options[: 4 * people]
    draw.shuffle(options)
    pinned = [row[:3] for row in options if draw.random() < 0.04][:2]
    forbidden = [row[:2] for row in options if draw.random() < 0.06]
    return make_instance(
        options=tuple(zip(*options, strict=True)) if options else ((), (), (), ()),
        vacancies=(draw.integers(0, employers, vacancies), draw.integers(0, 3, vacancies)),
        min_fill=draw.integers(0, 3, employers),
        courses=(
            draw.integers(0, 4, courses),
            draw.integers(0, 4, courses),
            draw.integers(0, 4, courses),
        ),
        case=draw.integers(-1, 2, people),
        budget=int(draw.integers(0, 10)),
        case_limit=int(draw.integers(0, 3)),
        pinned=[list(map(int, row)) for row in pinned],
        forbidden=[list(map(int, row)) for row in forbidden],
        house=draw.integers(-1, employers, employers) if seed % 2 else None,
    )
