"""The hard rules: each a small function that says whether it bars this person from this job, and why.

A rule names what it reads of both sides; nothing else may reach its answer, because pairs that agree
in it are answered once. Restrictions by law or court answer with a neutral reason (`place`,
`workplace`, `hours`), shared with wishes of the person's own, so that nobody who reads a reason
learns that there is a restriction; which one it is stays with those who may see the source.

Each names the act it follows (where only the office's or the employer's word stands behind it, none).
The acts are cited as they stood when last read, most of them before the Social Code of 2023.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from matching.engine.ground import Ground
from matching.engine.problem import Candidate, Restriction, Span, Vacancy
from matching.engine.week import week_of

# Restrictions a job can clash with, and those that only bring duties or priority.
APPOINTMENTS = ("reporting", "treatment")
FLAGGED = ("minors", "driving", "money", "state_sector")
BARRING = ("home_hours", *APPOINTMENTS, "barred_places", "banned_professions", *FLAGGED)
DUTIES = ("notice_to_leave", "tag", "labour_hours", "forced_labour", "corrective_labour")
APART = "apart"  # bars nobody from a job, only from being there with others: see `positions`
RESTRICTIONS = (*BARRING, *DUTIES, APART)

SUITABLE_WORK = (
    "Employment Law of 06.04.2016 No. 482-V, Art. 1 (suitable work);"
    " the Social Code's wording is to be checked"
)
QUOTA_CATEGORIES = (
    "Employment Law of 06.04.2016 No. 482-V, Art. 9(7)-(8), 27(1);"
    " the Social Code's wording is to be checked"
)
PERSONAL_DATA = "Law of 21.05.2013 No. 94-V on personal data; Probation Law, Art. 11(2)"
COURT_DUTIES = "Criminal Code, Art. 44(2)"
REPORTING = "Criminal Code, Art. 44(2); Penal Execution Code, Art. 66(1)(6), 69(2)(2)"
BARRED_PLACES = "Criminal Code, Art. 44(2); Penal Execution Code, Art. 66(1)(3)"
BANNED_POSTS = "Criminal Code, Art. 50(2)"
WORK_WITH_MINORS = "Labour Code, Art. 26(2)(3); Criminal Code, Art. 50(2)"
STATE_HOLDINGS = "Labour Code, Art. 26(2)(2); Criminal Code, Art. 50(2)"

UNSKILLED = "9"  # elementary occupations, for those who name no profession


@dataclass(frozen=True, slots=True)
class Reason:
    """A code with parameters, for the catalogue to say in words."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


Check = Callable[[Candidate, Vacancy, Ground], Reason | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """`person` and `job` name the fields the check reads; `shown_as` is the code of its reasons; `act` the
    legal act it follows, if any; `movable` tells whether the person, the employer or the office could
    change something about it."""

    code: str
    check: Check
    person: tuple[str, ...]
    job: tuple[str, ...]
    shown_as: str
    act: str
    movable: bool


RULES: dict[str, Rule] = {}


def rule(
    *,
    person: tuple[str, ...],
    job: tuple[str, ...],
    shown_as: str = "",
    act: str = "",
    movable: bool = True,
) -> Callable[[Check], Check]:
    """Registers a check under its name."""

    def register(check: Check) -> Check:
        code = check.__name__
        RULES[code] = Rule(code, check, person, job, shown_as or code, act, movable)
        return check

    return register


@rule(person=("wishes",), job=("isco08",), act=SUITABLE_WORK)
def profession(person: Candidate, job: Vacancy, ground: Ground) -> Reason | None:
    """No chosen profession is like the job's; those who chose none may take unskilled work."""
    if not person.wishes and job.isco08.startswith(UNSKILLED):
        return None
    best = max((ground.similarity(w.isco08, job.isco08) for w in person.wishes), default=0)
    if best >= ground.policy.limits.similarity:
        return None
    return Reason("profession", {"isco08": job.isco08, "similarity": best})


@rule(
    person=("categories",),
    job=("places",),
    movable=False,
    act=QUOTA_CATEGORIES,
)
def category(person: Candidate, job: Vacancy, ground: Ground) -> Reason | None:
    """Every place is for a category the person does not count for."""
    if any(fits_category(person, places.category) for places in job.places):
        return None
    return Reason("category")


def fits_category(person: Candidate, category: str | None) -> bool:
    return category is None or category in person.categories


@rule(person=("consented",), job=(), act=PERSONAL_DATA)
def consent(person: Candidate, job: Vacancy, ground: Ground) -> Reason | None:
    """No written consent to matching."""
    return None if person.consented else Reason("consent")


@rule(person=("licences",), job=("licences",), act=SUITABLE_WORK)
def licence(person: Candidate, job: Vacancy, ground: Ground) -> Reason | None:
    missing = sorted(set(job.licences) - set(person.licences))
    return Reason("licence", {"missing": missing}) if missing else None


@rule(
    person=("kato", "max_minutes", "max_km", "may_move"),
    job=("kato", "housing", "transport"),
    act=SUITABLE_WORK,
)
def distance(person: Candidate, job: Vacancy, ground: Ground) -> Reason | None:
    """Farther than the person said, by minutes where recorded, else by kilometres; unknown stays."""
    if job.transport or (job.housing and person.may_move):
        return None
    leg = ground.leg(person.kato, job.kato)
    if leg.minutes is not None and person.max_minutes is not None:
        known, most, unit = leg.minutes, person.max_minutes, "minutes"
    elif leg.km is not None and person.max_km is not None:
        known, most, unit = leg.km, person.max_km, "km"
    else:
        return None
    if known <= most:
        return None
    by_district = {"by_district": True} if unit == "minutes" and leg.by_district else {}
    return Reason("distance", {unit: known, "most": most, **by_district})


@rule(person=("may_move",), job=("flags",), act=SUITABLE_WORK)
def moving(person: Candidate, job: Vacancy, ground: Ground) -> Reason | None:
    """Rotational work, and the person has not agreed to work away from home."""
    return Reason("moving") if "rotational" in job.flags and not person.may_move else None


@rule(person=("hours",), job=("shifts",), act=SUITABLE_WORK)
def hours(person: Candidate, job: Vacancy, ground: Ground) -> Reason | None:
    """A shift lies outside the hours the person stated."""
    if not person.hours:
        return None
    outside = week_of(job.shifts) & ~week_of(person.hours)
    return _hours(outside)


@rule(
    person=("restrictions", "kato"),
    job=("shifts", "kato"),
    shown_as="hours",
    act=COURT_DUTIES,
)
def home_hours(person: Candidate, job: Vacancy, ground: Ground) -> Reason | None:
    """A shift, with the way to and from it as far as it is recorded, touches hours at home."""
    if not (spans := _spans(person, "home_hours")):
        return None
    way = ground.leg(person.kato, job.kato).minutes or 0
    return _hours(week_of(job.shifts, way) & week_of(spans))


@rule(
    person=("restrictions",),
    job=("shifts",),
    shown_as="hours",
    act=REPORTING,
)
def appointments(person: Candidate, job: Vacancy, ground: Ground) -> Reason | None:
    """A shift covers the whole of a day's time for reporting or treatment."""
    work = week_of(job.shifts)
    spans = _spans(person, *APPOINTMENTS)
    days = (week_of((Span(day, span.start, span.end),)) for span in spans for day in span.days)
    missed = next((day for day in days if not day & ~work), 0)
    return _hours(missed)


@rule(
    person=("restrictions",),
    job=("within",),
    shown_as="place",
    movable=False,
    act=BARRED_PLACES,
)
def barred_places(person: Candidate, job: Vacancy, ground: Ground) -> Reason | None:
    """The job lies in a place that is not to be entered."""
    barred = {place for r in _restrictions(person, "barred_places") for place in r.places}
    return Reason("place") if barred.intersection(job.within) else None


@rule(
    person=("restrictions",), job=("isco08",), shown_as="workplace", movable=False, act=BANNED_POSTS
)
def banned_professions(person: Candidate, job: Vacancy, ground: Ground) -> Reason | None:
    """The post belongs to an occupation that is forbidden."""
    banned = (c for r in _restrictions(person, "banned_professions") for c in r.professions)
    return Reason("workplace") if any(job.isco08.startswith(code) for code in banned) else None


def _flagged(person: Candidate, job: Vacancy, code: str) -> Reason | None:
    return Reason("workplace") if code in job.flags and _restrictions(person, code) else None


@rule(
    person=("restrictions",),
    job=("flags",),
    shown_as="workplace",
    movable=False,
    act=WORK_WITH_MINORS,
)
def minors(person: Candidate, job: Vacancy, ground: Ground) -> Reason | None:
    """Work with minors, barred for life after some offences (past convictions too)."""
    return _flagged(person, job, "minors")


@rule(
    person=("restrictions",), job=("flags",), shown_as="workplace", movable=False, act=BANNED_POSTS
)
def driving(person: Candidate, job: Vacancy, ground: Ground) -> Reason | None:
    return _flagged(person, job, "driving")


@rule(
    person=("restrictions",), job=("flags",), shown_as="workplace", movable=False, act=BANNED_POSTS
)
def money(person: Candidate, job: Vacancy, ground: Ground) -> Reason | None:
    """Work with money or goods entrusted."""
    return _flagged(person, job, "money")


@rule(
    person=("restrictions",),
    job=("flags",),
    shown_as="workplace",
    movable=False,
    act=STATE_HOLDINGS,
)
def state_sector(person: Candidate, job: Vacancy, ground: Ground) -> Reason | None:
    return _flagged(person, job, "state_sector")


@rule(person=("pay_accepted",), job=("pay_to",))
def pay(person: Candidate, job: Vacancy, ground: Ground) -> Reason | None:
    """Even the upper end of the pay is less than the person accepts."""
    if person.pay_accepted is None or job.pay_to >= person.pay_accepted:
        return None
    return Reason("pay", {"offered": job.pay_to, "accepted": person.pay_accepted})


@rule(person=("avoids",), job=("flags",), act=SUITABLE_WORK)
def conditions(person: Candidate, job: Vacancy, ground: Ground) -> Reason | None:
    """Work conditions the person's health does not allow."""
    clash = sorted(set(person.avoids) & set(job.flags))
    return Reason("conditions", {"flags": clash}) if clash else None


@rule(person=("free_in",), job=("closes_in",))
def dates(person: Candidate, job: Vacancy, ground: Ground) -> Reason | None:
    """The person is free only after the listing ends, or later than a place may be kept."""
    most = ground.policy.limits.hold_days
    last = most if job.closes_in is None else min(most, job.closes_in)
    return (
        Reason("dates", {"free_in": person.free_in, "last": last})
        if person.free_in > last
        else None
    )


def _restrictions(person: Candidate, *codes: str) -> list[Restriction]:
    return [restriction for restriction in person.restrictions if restriction.code in codes]


def _spans(person: Candidate, *codes: str) -> tuple[Span, ...]:
    return tuple(span for r in _restrictions(person, *codes) for span in r.spans)


def _hours(clash: int) -> Reason | None:
    return Reason("hours", {"minutes": clash.bit_count()}) if clash else None
