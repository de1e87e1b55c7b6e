"""What a paused or full desk means to a round and to a referral."""

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import publication, referrals
from matching.rounds import Proposal
from quota import desks
from quota.desks import Break
from quota.errors import WrongState
from quota.rights import SYSTEM
from tests.matching.journey import Journey
from tests.matching.scene import make_opening, make_scene, solve_round

TODAY = date(2026, 11, 23)


def test_a_round_sends_nobody_to_a_paused_desk(session: Session, now: datetime) -> None:
    scene = make_scene(session)
    desks.pause_desk(session, scene.staff, scene.employer.key, Break(TODAY, None, "r"), now=now)
    found = solve_round(session, scene, now)
    assert found.plan is not None
    publication.publish_round(session, scene.staff, found.key, now=now)
    assert session.scalars(select(Proposal)).all() == []


def test_a_round_sends_no_more_than_a_desk_takes_at_once(session: Session, now: datetime) -> None:
    scene = make_scene(session)
    make_opening(session, scene.employer)
    desks.limit_desk(session, scene.staff, scene.employer.key, 1, now=now)
    found = solve_round(session, scene, now)
    publication.publish_round(session, scene.staff, found.key, now=now)
    assert len(session.scalars(select(Proposal)).all()) == 1


def test_a_plan_is_out_of_date_once_the_desk_is_paused(session: Session, now: datetime) -> None:
    scene = make_scene(session)
    found = solve_round(session, scene, now)
    desks.pause_desk(session, SYSTEM, scene.employer.key, Break(TODAY, None, "r"), now=now)
    with pytest.raises(WrongState, match="plan_out_of_date"):
        publication.publish_round(session, scene.staff, found.key, now=now)


def test_no_referral_to_a_paused_or_full_desk(session: Session, now: datetime) -> None:
    journey = Journey(session, now)
    journey.consent()
    key, firm = journey.proposal.key, journey.employer.key
    pause = desks.pause_desk(session, journey.boss, firm, Break(TODAY, None, "r"), now=now)
    with pytest.raises(WrongState, match="desk_paused"):
        referrals.issue(session, journey.staff, key, now=now)
    desks.resume_desk(session, journey.boss, firm, pause.key, now=now)
    desks.limit_desk(session, journey.staff, firm, 1, now=now)
    assert referrals.issue(session, journey.staff, key, now=now).state == "issued"
    with pytest.raises(WrongState, match="desk_full"):
        desks.need_open(session, journey.employer.id, now=now)
