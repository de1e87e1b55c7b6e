"""The independent check: does a plan keep every rule? No solver code, no shared shortcuts."""

from collections import Counter
from collections.abc import Iterable

import numpy as np

from matching.engine.instance import Instance

Choice = tuple[int, int, int]


def violations(instance: Instance, choices: Iterable[Choice]) -> list[tuple[str, int]]:
    """Every rule the plan breaks, as (rule, id of the candidate, vacancy, course or employer).

    Rules: `option` (not an admissible option), `candidate` (chosen twice), `slots`, `seats`,
    `cohort`, `case`, `budget` (id 0), `pinned` and `forbidden` (id of the candidate).
    """
    plan = list(choices)
    return [
        *_unknown_options(instance, plan),
        *_overfull(instance, plan),
        *_bad_courses(instance, plan),
        *_crowded_cases(instance, plan),
        *_broken_locks(instance, plan),
    ]


def _unknown_options(instance: Instance, plan: list[Choice]) -> list[tuple[str, int]]:
    wide = (instance.vacancies + 1, instance.courses + 1)
    known = (instance.candidate * wide[0] + instance.vacancy) * wide[1] + instance.course + 1
    rows = np.array(plan, np.int64).reshape(-1, 3)
    asked = (rows[:, 0] * wide[0] + rows[:, 1]) * wide[1] + rows[:, 2] + 1
    inside = (rows >= (0, 0, -1)) & (rows[:, 1:2] < wide[0]) & (rows[:, 2:3] < wide[1] - 1)
    good = np.isin(asked, known, kind="sort") & inside.all(axis=1)
    return [("option", plan[i][0]) for i in np.flatnonzero(~good).tolist()]


def _overfull(instance: Instance, plan: list[Choice]) -> list[tuple[str, int]]:
    used = Counter(v for _, v, _ in plan)
    twice = Counter(c for c, _, _ in plan)
    return [("candidate", c) for c, times in sorted(twice.items()) if times > 1] + [
        ("slots", v) for v, times in sorted(used.items()) if times > instance.slots[v]
    ]


def _bad_courses(instance: Instance, plan: list[Choice]) -> list[tuple[str, int]]:
    taken = sorted(Counter(k for _, _, k in plan if k >= 0).items())
    spent = sum(int(instance.cost[k]) * people for k, people in taken)
    return (
        [("seats", k) for k, people in taken if people > instance.seats[k]]
        + [("cohort", k) for k, people in taken if people < instance.min_cohort[k]]
        + ([("budget", 0)] if spent > instance.budget else [])
    )


def _crowded_cases(instance: Instance, plan: list[Choice]) -> list[tuple[str, int]]:
    together = Counter(
        (int(instance.case[c]), int(instance.employer[v]))
        for c, v, _ in plan
        if instance.case[c] >= 0
    )
    return [
        ("case", employer)
        for (_, employer), people in sorted(together.items())
        if people > instance.case_limit
    ]


def _broken_locks(instance: Instance, plan: list[Choice]) -> list[tuple[str, int]]:
    chosen = set(plan)
    pairs = {(c, v) for c, v, _ in plan}
    return [("pinned", c) for c, v, k in instance.pinned.tolist() if (c, v, k) not in chosen] + [
        ("forbidden", c) for c, v in instance.forbidden.tolist() if (c, v) in pairs
    ]
