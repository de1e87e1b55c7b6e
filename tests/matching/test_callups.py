"""Reserves called up by the timer, in their order, within the number sent for one place."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching import answers, callups, consents, publication, referrals, reserves, reviews
from matching.candidates import Candidate, Readiness
from matching.consents import Evidence, Form
from matching.pairs import propose_pair
from matching.referrals import Referral
from matching.reviews import Ruling
from matching.rounds import Proposal
from matching.tasks import Task
from quota import references
from quota.errors import WrongState
from quota.journal import Entry
from quota.rates import Rate
from quota.rights import SYSTEM
from tests.matching.scene import Scene, make_mason, make_scene, solve_round

EVIDENCE = Evidence(Form.PAPER, datetime(2026, 11, 20).date(), "С-17")  # noqa: DTZ001


@dataclass
class Line:
    session: Session
    scene: Scene
    people: dict[int, Candidate]
    order: list[str]
    now: datetime

    def send(self) -> Referral:
        """The latest proposal goes its way up to the letter."""
        proposal = self.latest()
        reviews.approve(self.session, SYSTEM, proposal.key, Ruling(), now=self.now)
        asked = consents.ask_disclosure(self.session, SYSTEM, proposal.key, now=self.now)
        consents.give(self.session, SYSTEM, asked.key, EVIDENCE, now=self.now)
        return referrals.issue(self.session, SYSTEM, proposal.key, now=self.now)

    def latest(self) -> Proposal:
        newest = select(Proposal).order_by(Proposal.id.desc()).limit(1)
        return self.session.scalars(newest).one()

    def fall(self, referral: Referral, how: str = "refused") -> None:
        args = (self.session, SYSTEM, referral.key)
        if how == "refused":
            answers.refuse(*args, reason="qualification", now=self.now)
        elif how == "declined":
            answers.decline(*args, reason="too_far", now=self.now)
        elif how == "no_show":
            self.now += timedelta(days=10)
            answers.miss(*args, now=self.now)
        else:
            self.now += timedelta(days=20)
            referrals.expire_referrals(self.session, now=self.now)
        assert referral.state == how

    def call(self) -> int:
        return callups.call_up(self.session, now=self.now)

    def count(self, table: type) -> int:
        return self.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def line(session: Session, now: datetime) -> Line:
    """Four masons and one place: one is proposed, two stand in reserve, the agreed number being three."""
    scene = make_scene(session)
    people = [scene.first, scene.second, *(make_mason(session, scene.centre) for _ in range(2))]
    solved = solve_round(session, scene, now)
    (row,) = reserves.list_reserves(session, scene.staff, solved.key)
    publication.publish_round(session, scene.staff, solved.key, now=now)
    return Line(session, scene, {p.id: p for p in people}, [key for key, _ in row.people], now)


@pytest.mark.parametrize("how", callups.FELL)
def test_the_next_in_line_is_proposed_once(line: Line, how: str) -> None:
    first = line.send()
    line.fall(first, how)
    assert line.call() == 1
    made = line.latest()
    assert line.people[made.candidate_id].key == line.order[0]
    assert (made.state, made.slot_id, made.round_id) == (
        "proposed",
        first.slot_id,
        line.session.get_one(Proposal, first.proposal_id).round_id,
    )
    assert made.reasons[-1]["code"] == "reserve"
    entries = line.count(Entry)
    assert (line.call(), line.count(Entry)) == (0, entries)


def test_at_most_the_agreed_number_is_sent_and_then_the_centre_asked(line: Line) -> None:
    for _ in range(2):
        line.fall(line.send())
        assert line.call() == 1
    assert line.people[line.latest().candidate_id].key == line.order[1]
    line.fall(line.send())
    assert line.call() == 0
    (task,) = line.session.scalars(select(Task))
    assert (task.code, task.params) == ("no_reserve", {"vacancy": line.scene.vacancy.key})


def test_whoever_found_a_place_is_passed_over(line: Line) -> None:
    referral = line.send()
    busy = next(p for p in line.people.values() if p.key == line.order[0])
    busy.readiness = Readiness.EMPLOYED
    line.fall(referral)
    assert line.call() == 1
    assert line.people[line.latest().candidate_id].key == line.order[1]


def test_nobody_is_sent_after_the_employer_says_that_the_place_is_gone(line: Line) -> None:
    referral = line.send()
    answers.refuse(line.session, SYSTEM, referral.key, reason="vacancy_filled", now=line.now)
    assert line.call() == 0
    assert line.count(Task) == 1


def test_an_undone_refusal_is_followed_again_when_it_falls_again(line: Line) -> None:
    referral = line.send()
    line.fall(referral)
    answers.undo_refuse(line.session, SYSTEM, referral.key, note="по ошибке", now=line.now)
    assert line.call() == 0
    line.fall(referral)
    assert line.call() == 1


def test_a_letter_beyond_the_agreed_number_is_refused(line: Line) -> None:
    rate = Rate(code="sent_per_slot", valid_from=line.now.date(), value=1, unit="people", act="№ 1")
    references.set_rate(line.session, SYSTEM, rate, now=line.now)
    line.fall(line.send())
    assert line.call() == 0
    old = line.latest()
    person = next(p for p in line.people.values() if p.key == line.order[0])
    propose_pair(line.session, SYSTEM, old.round_id, (person, line.scene.vacancy), now=line.now)
    with pytest.raises(WrongState, match="enough_sent"):
        line.send()
