"""Reply records: own cases and the mean of all, and what few cases are worth."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from matching import answers
from matching.replies import NEUTRAL_RATE, Replies, read_replies, shrink
from quota.errors import NotFound
from quota.rights import Actor, Role
from tests.factories import make_employer
from tests.matching.journey import Journey


@given(st.integers(0, 1000), st.data(), st.integers(0, 1000))
def test_a_shrunk_rate_lies_between_the_own_and_the_mean(cases: int, data, mean: int) -> None:
    good = data.draw(st.integers(0, cases))
    shrunk = shrink(1000 * good, cases, mean)
    own = 1000 * good / cases if cases else mean
    assert min(own, mean) - 1 <= shrunk <= max(own, mean) + 1


@given(st.integers(0, 1000), st.integers(0, 500))
def test_more_cases_of_the_same_share_trust_it_more(mean: int, cases: int) -> None:
    fewer, more = (shrink(1000 * n, n, mean) for n in (cases, cases + 1))
    assert fewer <= more <= 1000


def test_none_of_own_is_the_mean() -> None:
    assert [shrink(0, 0, mean) for mean in (0, 437, 1000)] == [0, 437, 1000]


def test_one_silence_and_one_answer_move_little(session: Session, now: datetime) -> None:
    journey = Journey(session, now)
    quiet = make_employer(session, centre_id=journey.centre.id)
    journey.employer.referrals_sent, journey.employer.referrals_answered = 95, 75
    quiet.referrals_sent = 5
    session.flush()
    found = read_replies(session, journey.staff, quiet, now=now)
    assert found == Replies(
        sent=5, answered=0, hired=0, rate=375, mean_rate=750, pace=None, mean_pace=None, few=False
    )


def test_pace_counts_the_days_from_issue_to_answer(session: Session, now: datetime) -> None:
    journey = Journey(session, now)
    referral = journey.issue()
    before = read_replies(session, journey.boss, journey.employer, now=now)
    assert (before.rate, before.mean_rate, before.pace) == (0, 0, None)
    journey.wait(3)
    answers.accept(session, journey.boss, referral.key, now=journey.now)
    found = read_replies(session, journey.boss, journey.employer, now=journey.now)
    assert (found.answered, found.rate, found.pace, found.few) == (1, 1000, 30, True)


def test_nobody_was_asked_yet(session: Session, now: datetime) -> None:
    journey = Journey(session, now)
    found = read_replies(session, journey.boss, journey.employer, now=now)
    assert (found.rate, found.mean_rate, found.pace) == (NEUTRAL_RATE, NEUTRAL_RATE, None)


def test_an_employer_reads_only_its_own_record(session: Session, now: datetime) -> None:
    journey = Journey(session, now)
    other = Actor(Role.EMPLOYER, employer_id=journey.employer.id + 1)
    with pytest.raises(NotFound):
        read_replies(session, other, journey.employer, now=now)
