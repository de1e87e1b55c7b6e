"""What may be said in favour of a choice, in the person's own terms: numbers for whole sentences."""

from matching.engine.eligibility import NO_COURSE
from matching.engine.ground import Ground
from matching.engine.outcome import Outcome
from matching.engine.problem import Candidate, Vacancy

Facts = tuple[tuple[str, int], ...]


def facts_of(outcome: Outcome, candidate: int, option: int) -> Facts:
    """Named numbers about one option of a candidate, sorted by name; what is unknown is left out.

    `minutes` or `km` to work, `by_district` where the minutes are those of a district, `options` the
    jobs that suit, `farther` how many of these are farther; `rank` of the profession among the wishes,
    from 1 (not for a course's); `pay` and `wanted` in tenge.
    """
    problem, ground = outcome.problem, outcome.facets.ground
    person = problem.candidates[candidate]
    job = problem.vacancies[outcome.options.vacancy[option]]
    suitable = {int(outcome.options.vacancy[row]) for row in outcome.options_of(candidate)}
    found = {"options": len(suitable), "pay": job.pay_from}
    found |= _way(person, job, [problem.vacancies[j] for j in suitable], ground)
    if person.pay_wanted is not None:
        found["wanted"] = person.pay_wanted
    if person.wishes and outcome.options.course[option] == NO_COURSE:
        found["rank"] = _rank(person, job, ground)
    return tuple(sorted(found.items()))


def _way(person: Candidate, job: Vacancy, others: list[Vacancy], ground: Ground) -> dict[str, int]:
    if job.transport:
        return {}
    leg = ground.leg(person.kato, job.kato)
    unit, known = ("minutes", leg.minutes) if leg.minutes is not None else ("km", leg.km)
    if known is None:
        return {}
    ways = (getattr(ground.leg(person.kato, other.kato), unit) for other in others)
    farther = sum(way is not None and way > known for way in ways)
    by_district = {"by_district": 1} if unit == "minutes" and leg.by_district else {}
    return {unit: known, "farther": farther, **by_district}


def _rank(person: Candidate, job: Vacancy, ground: Ground) -> int:
    likeness = [ground.similarity(wish.isco08, job.isco08) for wish in person.wishes]
    return 1 + likeness.index(max(likeness))
