"""Priorities: by law and waiting, each with its day, never by a refusal."""

from datetime import date, timedelta

import pytest

from matching.candidates import Candidate, Restriction, Status
from matching.priorities import BY_LAW, find_priorities

TODAY = date(2026, 11, 23)


def codes(candidate: Candidate, *restrictions: Restriction) -> list[str]:
    return [p.code for p in find_priorities(candidate, restrictions, day=TODAY)]


def make(status: str = "on_probation", **given: object) -> Candidate:
    return Candidate(status=status, **{"registered_on": TODAY} | given)


@pytest.mark.parametrize(("days", "near"), [(59, False), (60, True), (90, True), (120, True)])
def test_corrective_labour_is_pressing_near_its_three_jobless_months(days: int, near: bool) -> None:
    since = TODAY - timedelta(days=days)
    rule = Restriction(rule="corrective_labour", params={"jobless_since": since.isoformat()})
    found = find_priorities(make(), [rule], day=TODAY)
    assert [(p.code, p.until) for p in found] == (
        [("corrective_labour_term", since + timedelta(days=90))] if near else []
    )


def test_corrective_labour_of_somebody_at_work_is_not_pressing() -> None:
    assert codes(make(), Restriction(rule="corrective_labour", params={})) == []


@pytest.mark.parametrize(
    ("entered", "began", "left", "since"),
    [
        ("2026-06-01", None, date(2026, 9, 20), date(2026, 9, 20)),  # a job in between
        ("2026-09-20", None, date(2026, 6, 1), date(2026, 9, 20)),
        (
            None,
            date(2026, 1, 1),
            date(2026, 9, 20),
            date(2026, 9, 20),
        ),  # at work when it was entered
        (
            None,
            date(2026, 10, 1),
            date(2026, 9, 20),
            None,
        ),  # lost before it began: probation's to enter
        ("2026-06-01", None, date(2026, 11, 1), None),  # the term has only begun again
    ],
)
def test_the_term_of_corrective_labour_begins_anew_with_each_job_lost(
    entered: str | None, began: date | None, left: date, since: date | None
) -> None:
    params = {"jobless_since": entered} if entered else {}
    rule = Restriction(rule="corrective_labour", params=params, starts_on=began)
    found = find_priorities(make(), [rule], day=TODAY, left=left)
    assert [p.since for p in found] == ([since] if since else [])


def test_whoever_works_is_without_no_work_and_owes_no_forced_labour() -> None:
    rules = [
        Restriction(rule="forced_labour", params={}),
        Restriction(rule="corrective_labour", params={"jobless_since": "2026-06-01"}),
    ]
    worker = make(readiness="employed", registered_on=date(2025, 1, 1), released_on=TODAY)
    assert codes(worker, *rules) == ["released_within_year"]


def test_forced_labour_due_gives_priority_while_it_is_in_force() -> None:
    rule = Restriction(rule="forced_labour", params={}, ends_on=TODAY)
    assert codes(make(), rule) == ["forced_labour_due"]
    rule.ends_on = TODAY - timedelta(days=1)
    assert codes(make(), rule) == []


@pytest.mark.parametrize(("days", "held"), [(0, True), (365, True), (366, False), (-1, False)])
def test_the_first_year_after_release_counts(days: int, held: bool) -> None:
    on = TODAY - timedelta(days=days)
    assert codes(make(Status.RELEASED, status_since=on)) == ["released_within_year"] * held
    assert codes(make(released_on=on)) == ["released_within_year"] * held
    assert codes(make(Status.LAST_YEAR, status_since=on)) == []


def test_a_year_without_work_counts() -> None:
    year = TODAY - timedelta(days=365)
    assert codes(make(registered_on=year)) == ["long_without_work"]
    assert codes(make(jobless_since=year)) == ["long_without_work"]
    assert codes(make(registered_on=year, jobless_since=TODAY)) == []
    assert find_priorities(make(registered_on=year), [], day=TODAY, left=TODAY) == ()


def test_reasons_that_tell_the_sentence_are_shown_as_by_law() -> None:
    rules = [
        Restriction(rule="forced_labour", params={}),
        Restriction(rule="corrective_labour", params={"jobless_since": "2026-06-01"}),
    ]
    found = find_priorities(make(registered_on=date(2025, 1, 1)), rules, day=TODAY)
    assert [p.shown_as for p in found] == [BY_LAW, BY_LAW, "long_without_work"]
