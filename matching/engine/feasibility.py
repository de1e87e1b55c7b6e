"""The independent check: does a plan keep every rule? No solver code, no shared shortcuts."""

from collections import Counter
from collections.abc import Iterable

import numpy as np

from matching.engine.instance import Instance

Choice = tuple[int, int, int]


def violations(instance: Instance, choices: Iterable[Choice]) -> list[tuple[str, int]]:
    """Every rule the plan breaks, as (rule, id of the candidate, vacancy, course or house).

    Rules: `option` (not an admissible option; then nothing else is looked at), `candidate`
    (chosen twice), `slots`, `seats`, `cohort`, `case`, `budget` (id 0), `pinned` and `forbidden`
    (id of the candidate).
    """
    plan = list(choices)
    return _unknown_options(instance, plan) or [
        *_overfull(instance, plan),
        *_bad_courses(instance, plan),
        *_crowded_cases(instance, plan),
        *_broken_locks(instance, plan),
    ]


def _unknown_options(instance: Instance, plan: list[Choice]) -> list[tuple[str, int]]:
    rows = np.array(plan, np.int64).reshape(-1, 3)
    first, last = (
        np.searchsorted(instance.candidate, rows[:, 0], side) for side in ("left", "right")
    )
    own = last - first
    row = np.repeat(np.arange(len(rows)), own)
    option = np.arange(len(row)) + np.repeat(first - np.cumsum(own) + own, own)
    same = (instance.vacancy[option] == rows[row, 1]) & (instance.course[option] == rows[row, 2])
    known = np.bincount(row[same], minlength=len(rows)) > 0
    return [("option", int(c)) for c in rows[~known, 0]]


def _overfull(instance: Instance, plan: list[Choice]) -> list[tuple[str, int]]:
    people, jobs, _ = np.array(plan, np.int64).reshape(-1, 3).T
    times = np.bincount(people, minlength=instance.candidates)
    used = np.bincount(jobs, minlength=instance.vacancies)
    return [("candidate", int(c)) for c in np.flatnonzero(times > 1)] + [
        ("slots", int(v)) for v in np.flatnonzero(used > instance.slots)
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
        (int(instance.case[c]), int(instance.house_of[v]))
        for c, v, _ in plan
        if instance.case[c] >= 0 and instance.house_of[v] >= 0
    )
    return [
        ("case", house)
        for (_, house), people in sorted(together.items())
        if people > instance.case_limit
    ]


def _broken_locks(instance: Instance, plan: list[Choice]) -> list[tuple[str, int]]:
    chosen = set(plan)
    pairs = {(c, v) for c, v, _ in plan}
    return [("pinned", c) for c, v, k in instance.pinned.tolist() if (c, v, k) not in chosen] + [
        ("forbidden", c) for c, v in instance.forbidden.tolist() if (c, v) in pairs
    ]
