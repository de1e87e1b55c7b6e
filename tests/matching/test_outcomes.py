"""Other outcomes: the person stops looking, the rest closes and comes back, and reports count them."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from matching import outcomes, reports
from matching.candidates import Readiness
from matching.funnel import Period
from matching.outcomes import KINDS, NewOutcome
from quota.calendar import local_day
from quota.errors import Invalid, NotAllowed, NotFound, WrongState
from quota.rights import SYSTEM, Actor, Role
from tests.factories import make_candidate
from tests.matching.journey import Journey


@pytest.fixture
def journey(session: Session, now) -> Journey:
    return Journey(session, now)


def record(journey: Journey, kind: str = "own_work") -> outcomes.Outcome:
    new = NewOutcome(kind, local_day(journey.now), "Д-7")
    return outcomes.record_outcome(
        journey.session, journey.staff, journey.candidate.key, new, now=journey.now
    )


@pytest.mark.parametrize("kind", KINDS)
def test_an_outcome_ends_the_search_and_what_was_under_way(journey: Journey, kind: str) -> None:
    outcome = record(journey, kind)
    assert journey.candidate.readiness == KINDS[kind]
    assert (journey.proposal.state, outcome.before) == ("withdrawn", "ready")


def test_one_recorded_by_mistake_brings_the_rest_back(journey: Journey) -> None:
    outcome = record(journey)
    later = journey.now + timedelta(hours=1)
    verb = {"session": journey.session, "actor": journey.staff, "key": outcome.key}
    with pytest.raises(Invalid):
        outcomes.take_back(**verb, reason=" ", now=later)
    outcomes.take_back(**verb, reason="another person", now=later)
    assert (outcome.state, journey.candidate.readiness) == ("annulled", Readiness.READY)
    assert journey.proposal.state == "proposed"
    with pytest.raises(WrongState):
        outcomes.take_back(**verb, reason="again", now=later)


def test_one_that_ends_leads_back_to_the_search_and_the_ending_can_be_undone(
    journey: Journey,
) -> None:
    outcome = record(journey, "public_works")
    day = local_day(journey.now)
    verb = {"session": journey.session, "actor": journey.staff, "key": outcome.key}
    for on, reason in ((day - timedelta(days=1), "over"), (day + timedelta(days=1), "over")):
        with pytest.raises(Invalid):
            outcomes.end_outcome(**verb, on=on, reason=reason, now=journey.now)
    outcomes.end_outcome(**verb, on=day, reason="the term is over", now=journey.now)
    assert (outcome.ends_on, journey.candidate.readiness) == (day, Readiness.READY)
    outcomes.take_back(**verb, reason="prolonged", now=journey.now)
    assert (outcome.state, outcome.ends_on) == ("current", None)
    assert journey.candidate.readiness == Readiness.EMPLOYED


def test_whoever_has_work_gets_no_other_outcome(journey: Journey) -> None:
    journey.hire()
    with pytest.raises(WrongState):
        record(journey)


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (lambda day: NewOutcome("luck", day), "kind"),
        (lambda day: NewOutcome("study", day + timedelta(days=1)), "starts_on"),
        (lambda day: NewOutcome("study", day, "п" * 201), "paper"),
    ],
)
def test_what_makes_no_sense_is_refused(journey: Journey, new, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        outcomes.record_outcome(
            journey.session,
            journey.staff,
            journey.candidate.key,
            new(local_day(journey.now)),
            now=journey.now,
        )
    assert [fault.field for fault in refusal.value.faults] == [field]
    assert journey.candidate.readiness == Readiness.READY


def test_only_the_person_s_own_centre_records(journey: Journey) -> None:
    new = NewOutcome("study", local_day(journey.now))
    key = journey.candidate.key
    with pytest.raises(NotFound):
        outcomes.record_outcome(
            journey.session, Actor(Role.STAFF, centre_id=-1), key, new, now=journey.now
        )
    for role in (Role.PROBATION, Role.EMPLOYER, Role.PROSECUTOR, Role.SPECIALIST):
        with pytest.raises(NotAllowed):
            outcomes.record_outcome(journey.session, Actor(role), key, new, now=journey.now)


def test_reports_count_people_and_hide_small_numbers(journey: Journey) -> None:
    day = local_day(journey.now)
    for number in range(11):
        person = make_candidate(journey.session, journey.centre.id)
        new = NewOutcome("own_work" if number < 6 else "study", day)
        outcomes.record_outcome(journey.session, SYSTEM, person.key, new, now=journey.now)
    args = (journey.session, journey.staff)
    told = reports.count_outcomes(*args, Period(day))
    assert told == {
        "own_work": 6,
        "subsidised_job": 0,
        "public_works": 0,
        "own_business": 0,
        "study": 5,
    }
    record(journey, "public_works")
    told = reports.count_outcomes(*args, Period(day))
    assert told["public_works"] is None
    assert reports.count_outcomes(*args, Period(day), narrowed=True)["own_work"] in (None, 5)
    assert not any(reports.count_outcomes(*args, Period(day - timedelta(days=1))).values())
