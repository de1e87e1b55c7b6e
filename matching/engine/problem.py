"""A round's problem: people, jobs and courses on one day, under pseudonymous keys.

Everything that depends on the day is already resolved: days count from the snapshot (`free_in` 0
means today), restrictions and priorities are those in force on it. `None` means unknown and is
never taken for no. Lists stand in the order of stable keys, so that the order in which rows were
read can never change a plan; `put_in_order` sees to it.
"""

from dataclasses import dataclass, replace
from operator import attrgetter

from matching.engine.policy import Policy
from matching.engine.records import digest, from_json, to_json

FORMAT = "senim-problem/1"


@dataclass(frozen=True, slots=True)
class Span:
    """A weekly span: `days` from Monday 1 to Sunday 7, times "HH:MM"; an end that is not after its
    start lies on the next day."""

    days: str
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Wish:
    """A profession chosen (a unit group of ISCO-08) and the years worked in it."""

    isco08: str
    years: int = 0


@dataclass(frozen=True, slots=True)
class Restriction:
    """What law or court forbids or requires, as a code of `rules.RESTRICTIONS` with what it needs:
    `spans` (home hours, reporting, treatment), `places` (KATO codes), `professions` (ISCO-08 codes
    or their beginnings)."""

    code: str
    spans: tuple[Span, ...] = ()
    places: tuple[str, ...] = ()
    professions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """`wishes` in order of wish; pay in whole tenge a month; `hours` when the person can work (none
    stated: any time); `avoids` work conditions; `priorities` reasons by law; `waiting_days` since
    the person became ready; `case` is a group of whom only so many may meet at one employer, a number
    that says nothing else."""

    key: str
    kato: str
    district: str | None = None
    located: bool = False
    wishes: tuple[Wish, ...] = ()
    categories: tuple[str, ...] = ()
    pay_wanted: int | None = None
    pay_accepted: int | None = None
    hours: tuple[Span, ...] = ()
    licences: tuple[str, ...] = ()
    avoids: tuple[str, ...] = ()
    max_minutes: int | None = None
    max_km: int | None = None
    may_move: bool = False
    experience_years: int = 0
    retraining: str | None = None
    restrictions: tuple[Restriction, ...] = ()
    priorities: tuple[str, ...] = ()
    waiting_days: int = 0
    free_in: int = 0
    supervised: bool = False
    consented: bool = True
    case: int | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """Open slots of one kind at a vacancy: for one category (None: anyone), owed under a quota or
    pledged (`quota`), or offered beyond."""

    category: str | None
    quota: bool
    count: int


@dataclass(frozen=True, slots=True)
class Vacancy:
    """`within` are the KATO codes of its place and of all above it; pay in whole tenge a month;
    `closes_in` days until the listing ends."""

    key: str
    employer: str
    isco08: str
    kato: str
    within: tuple[str, ...] = ()
    district: str | None = None
    pay_from: int = 0
    pay_to: int = 0
    shifts: tuple[Span, ...] = ()
    flags: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    experience_years: int = 0
    housing: bool = False
    transport: bool = False
    closes_in: int | None = None
    places: tuple[Places, ...] = ()


@dataclass(frozen=True, slots=True)
class Employer:
    """`quota_open` places are owed or pledged and not filled; the rest is its reply record."""

    key: str
    quota_open: int = 0
    referrals_sent: int = 0
    referrals_answered: int = 0
    referrals_hired: int = 0


@dataclass(frozen=True, slots=True)
class Course:
    """`cost` in whole tenge for one participant; a course that opens has at least `least` of them."""

    key: str
    isco08: str
    kato: str
    seats: int
    district: str | None = None
    least: int = 1
    cost: int = 0
    starts_in: int = 0
    ends_in: int = 0


@dataclass(frozen=True, slots=True)
class Leg:
    """The way from a home to a work place: minutes recorded, kilometres as the crow flies. `by_district`:
    the minutes are those recorded for the district of the home, of the work place, or of both."""

    home: str
    work: str
    minutes: int | None = None
    km: int | None = None
    by_district: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """`similarity` rows are (one ISCO-08 code, another, 0 to 100), the smaller code first, zeros left
    out. `forbidden` and `locked` pairs are (candidate, vacancy): rejected or refused before, or
    fixed by a person. `budget` bounds the cost of courses (None: no bound). `gated` are people who would
    enter if what has to come first for them (a support gate) were settled."""

    day: str
    policy: Policy
    candidates: tuple[Candidate, ...] = ()
    vacancies: tuple[Vacancy, ...] = ()
    employers: tuple[Employer, ...] = ()
    courses: tuple[Course, ...] = ()
    legs: tuple[Leg, ...] = ()
    similarity: tuple[tuple[str, str, int], ...] = ()
    forbidden: tuple[tuple[str, str], ...] = ()
    locked: tuple[tuple[str, str], ...] = ()
    budget: int | None = None
    gated: tuple[Candidate, ...] = ()
    format: str = FORMAT


def put_in_order(problem: Problem) -> Problem:
    """The same problem with every list whose order says nothing sorted by its keys."""
    by_key = attrgetter("key")
    return replace(
        problem,
        candidates=tuple(sorted(problem.candidates, key=by_key)),
        gated=tuple(sorted(problem.gated, key=by_key)),
        vacancies=tuple(sorted(problem.vacancies, key=by_key)),
        employers=tuple(sorted(problem.employers, key=by_key)),
        courses=tuple(sorted(problem.courses, key=by_key)),
        legs=tuple(sorted(problem.legs, key=attrgetter("home", "work"))),
        similarity=tuple(sorted(problem.similarity)),
        forbidden=tuple(sorted(set(problem.forbidden))),
        locked=tuple(sorted(set(problem.locked))),
    )


def write_problem(problem: Problem) -> tuple[str, str]:
    """Canonical JSON of the problem in order, and its SHA-256."""
    text = to_json(put_in_order(problem))
    return text, digest(text)


def read_problem(text: str) -> Problem:
    """The problem in order. Raises ValueError when the text is none of this format."""
    problem = put_in_order(from_json(Problem, text))
    if problem.format != FORMAT:
        raise ValueError(f"not {FORMAT}: {problem.format}")
    return problem
