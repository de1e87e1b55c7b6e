"""What-if: a problem with other places, pay, locks or policy, and who would be elsewhere."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace

from matching.engine.answer import Answer
from matching.engine.policy import Policy
from matching.engine.problem import Employer, Places, Problem, Vacancy

Pair = tuple[str, str]


class UnknownKeyError(ValueError):
    """A change names a record that the problem has not; `args` are the noun and the key."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is supposed. `places` are (vacancy, category, owed under quota, how many more or fewer);
    `pay` (vacancy, from, to) in whole tenge a month; pairs are (candidate, vacancy), `freed` ones
    neither locked nor forbidden; `policy` takes the place of the problem's."""

    places: tuple[tuple[str, str | None, bool, int], ...] = ()
    pay: tuple[tuple[str, int, int], ...] = ()
    locked: tuple[Pair, ...] = ()
    forbidden: tuple[Pair, ...] = ()
    freed: tuple[Pair, ...] = ()
    policy: Policy | None = None

    @property
    def supposes(self) -> bool:
        """Whether it takes for given what is not so yet: places or pay."""
        return bool(self.places or self.pay)


@dataclass(frozen=True, slots=True)
class Measures:
    """What an answer is worth by each goal, whatever the order of goals was. `shortage` is convex
    (an employer short of s places counts 1 + ... + s), `score` in points, `waiting` in days."""

    promises: int
    priority: int
    placements: int
    shortage: int
    score: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Move:
    """Where one person is in either answer: (vacancy, course), or nowhere."""

    candidate: str
    before: tuple[str, str | None] | None
    after: tuple[str, str | None] | None


def apply_changes(problem: Problem, changes: Changes) -> Problem:
    """The problem as it would be. Raises UnknownKeyError for a vacancy or candidate it has not."""
    _expect_known(problem, changes)
    fixed = {*changes.locked, *changes.forbidden, *changes.freed}
    jobs = {job.key: job for job in problem.vacancies}
    owed: Counter[str] = Counter()
    for key, category, quota, count in changes.places:
        jobs[key], added = _add_places(jobs[key], category, quota, count)
        owed[jobs[key].employer] += added if quota else 0
    for key, low, high in changes.pay:
        jobs[key] = replace(jobs[key], pay_from=low, pay_to=high)
    policy = changes.policy
    return replace(
        problem,
        policy=policy or problem.policy,
        budget=policy.limits.course_budget if policy else problem.budget,
        vacancies=tuple(jobs[job.key] for job in problem.vacancies),
        employers=tuple(_owe(e, owed[e.key]) for e in problem.employers),
        locked=_fix(problem.locked, fixed, changes.locked),
        forbidden=_fix(problem.forbidden, fixed, changes.forbidden),
    )


def measure(problem: Problem, answer: Answer) -> Measures:
    """The worth of an answer to this problem."""
    people = {c.key: c for c in problem.candidates}
    placed = [people[choice.candidate] for choice in answer.choices]
    employer = {job.key: job.employer for job in problem.vacancies}
    filled = Counter(employer[choice.vacancy] for choice in answer.choices if choice.quota)
    missing = [max(0, e.quota_open - filled[e.key]) for e in problem.employers]
    locked = set(problem.locked)
    return Measures(
        promises=sum((c.candidate, c.vacancy) in locked for c in answer.choices),
        priority=sum(bool(person.priorities) for person in placed),
        placements=len(placed),
        shortage=sum(short * (short + 1) // 2 for short in missing),
        score=sum(choice.score for choice in answer.choices),
        waiting=sum(person.waiting_days for person in placed),
    )


def list_moves(before: Answer, after: Answer) -> tuple[Move, ...]:
    """Everybody who is elsewhere in the other answer, by key."""
    first, second = _spots(before), _spots(after)
    keys = sorted({*first, *second})
    moves = (Move(key, first.get(key), second.get(key)) for key in keys)
    return tuple(move for move in moves if move.before != move.after)


def _spots(answer: Answer) -> dict[str, tuple[str, str | None]]:
    return {choice.candidate: (choice.vacancy, choice.course) for choice in answer.choices}


def _add_places(job: Vacancy, category: str | None, quota: bool, count: int) -> tuple[Vacancy, int]:
    """The vacancy with more places of a kind (or fewer, down to none), and how many more it has."""
    kind = (category, quota)
    had = sum(p.count for p in job.places if (p.category, p.quota) == kind)
    others = [p for p in job.places if (p.category, p.quota) != kind]
    left = max(0, had + count)
    kept = [*others, Places(category, quota, left)] if left else others
    kept.sort(key=lambda p: (p.category or "", p.quota))
    return replace(job, places=tuple(kept)), left - had


def _owe(employer: Employer, more: int) -> Employer:
    return replace(employer, quota_open=max(0, employer.quota_open + more))


def _fix(pairs: tuple[Pair, ...], fixed: set[Pair], added: tuple[Pair, ...]) -> tuple[Pair, ...]:
    return tuple(sorted({*(pair for pair in pairs if pair not in fixed), *added}))


def _expect_known(problem: Problem, changes: Changes) -> None:
    jobs = {job.key for job in problem.vacancies}
    people = {person.key for person in problem.candidates}
    pairs = (*changes.locked, *changes.forbidden, *changes.freed)
    named = [*(p[0] for p in changes.places), *(p[0] for p in changes.pay), *(v for _, v in pairs)]
    _expect("vacancy", named, jobs)
    _expect("candidate", [person for person, _ in pairs], people)


def _expect(noun: str, named: list[str], known: Collection[str]) -> None:
    for key in named:
        if key not in known:
            raise UnknownKeyError(noun, key)
