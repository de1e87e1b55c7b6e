"""What lists, pages and Today read: constant queries, right clocks, and nothing an employer must not see."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from matching import answers, referral_rows, review_rows, today, withdrawals
from matching.candidates import Restriction
from matching.choices import Choice, choose_professions
from matching.consents import Consent
from matching.disclosures import see_person
from matching.identities import Person
from matching.placement_rows import list_placements, show_placement
from matching.referral_rows import list_referrals, show_referral
from matching.review_rows import Alternative, list_queue, show_proposal
from matching.reviews import Ruling, send_back
from matching.states import PROPOSAL, REFERRAL
from quota.errors import NotAllowed, NotFound
from quota.journal import Entry
from quota.rights import SYSTEM, Actor, Role
from tests.factories import make_candidate, make_vacancy
from tests.matching.journey import Journey

MARKER = "МАРКЕР"
PERSON = Person(
    family_name=f"{MARKER}ова",
    given_name="Айгерім",
    patronymic=f"{MARKER}қызы",
    iin=None,
    phone=f"+7 {MARKER}",
)


@pytest.fixture
def journey(session: Session, now: datetime) -> Journey:
    journey = Journey(
        session, now, candidate_fields={"person": PERSON, "number": MARKER, "hours": []}
    )
    session.add(
        Restriction(
            candidate_id=journey.candidate.id,
            rule="minors",
            params={"note": MARKER},
            legal_basis=MARKER,
            entered_at=now,
        )
    )
    choices = [Choice(title=f"{MARKER} сварщик", isco08="7212"), Choice(title=MARKER)]
    choose_professions(session, SYSTEM, journey.candidate, choices, now=now)
    return journey


@contextmanager
def count_queries(session: Session) -> Iterator[list[str]]:
    session.flush()
    session.expunge_all()
    seen: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        seen.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_an_employer_reads_first_name_skills_hours_and_dates_and_nothing_else(
    journey: Journey,
) -> None:
    session, now = journey.session, journey.now
    referral = journey.issue()
    seen = see_person(session, journey.boss, referral.key, now=now)
    assert seen is not None
    assert set(asdict(seen)) == {
        "first_name",
        "professions",
        "experience_years",
        "hours",
        "come_by",
        "answer_by",
    }
    assert (seen.first_name, seen.professions) == ("Айгерім", ("7212",))
    rows = [
        seen,
        show_referral(session, journey.boss, referral.key, now=now),
        *list_referrals(session, journey.boss, now=now),
    ]
    placement = journey.hire(referral)
    rows += [
        show_placement(session, journey.boss, placement.key, now=now),
        *list_placements(session, journey.boss, now=now),
    ]
    texts = [str(asdict(row)) for row in rows]
    assert len(texts) == 5
    assert not any(MARKER in text or "minors" in text for text in texts)


def test_every_look_at_a_person_is_in_the_journal(journey: Journey) -> None:
    referral = journey.issue()
    see_person(journey.session, journey.boss, referral.key, now=journey.now)
    looks = select(Entry).where(Entry.verb == "see_person")
    entry = journey.session.scalars(looks).one()
    assert (entry.role, entry.record_key, entry.detail) == ("employer", referral.key, {})


def test_every_page_about_a_person_says_so_in_the_persons_own_journal(journey: Journey) -> None:
    session, now = journey.session, journey.now
    show_proposal(session, journey.probation, journey.proposal.key, now=now)
    referral = journey.issue()
    show_referral(session, journey.boss, referral.key, now=now)
    placement = journey.hire(referral)
    show_placement(session, journey.boss, placement.key, now=now)
    looks = select(Entry.role, Entry.detail).where(
        Entry.verb == "view", Entry.record_key == journey.candidate.key
    )
    assert [
        (role, detail["part"]) for role, detail in session.execute(looks.order_by(Entry.id))
    ] == [
        ("probation", "proposal"),
        ("employer", "referral"),
        ("employer", "placement"),
    ]


def test_after_withdrawal_there_is_nothing_to_read(journey: Journey) -> None:
    session, now = journey.session, journey.now
    referral = journey.issue()
    consent = session.get_one(Consent, referral.consent_id)
    withdrawals.withdraw_consent(session, journey.person, consent.key, now=now)
    assert see_person(session, journey.boss, referral.key, now=now) is None
    assert show_referral(session, journey.boss, referral.key, now=now).name == ""
    assert show_referral(session, journey.staff, referral.key, now=now).name != ""


def test_no_other_employer_reads_a_person(journey: Journey) -> None:
    referral = journey.issue()
    for actor in (
        Actor(Role.EMPLOYER, employer_id=journey.employer.id + 1),
        Actor(Role.STAFF, centre_id=journey.centre.id + 1),
    ):
        with pytest.raises(NotFound):
            see_person(journey.session, actor, referral.key, now=journey.now)
        assert list_referrals(journey.session, actor, now=journey.now) == []
    for role in (Role.PROSECUTOR, Role.CLERK, Role.ADMINISTRATOR, Role.CANDIDATE):
        with pytest.raises(NotAllowed):
            list_referrals(journey.session, Actor(role, territory="/"), now=journey.now)


def test_the_queue_tells_the_working_days_left_and_who_decides(journey: Journey) -> None:
    session = journey.session
    row = list_queue(session, journey.probation, now=journey.now)[0]
    assert (row.key, row.days_left, row.mine) == (journey.proposal.key, 3, True)
    assert not list_queue(session, journey.staff, now=journey.now)[0].mine
    journey.wait(5)
    assert list_queue(session, journey.probation, now=journey.now)[0].days_left == -2
    far = Actor(Role.PROBATION, territory="/750000000/")
    assert list_queue(session, far, now=journey.now) == []
    with pytest.raises(NotAllowed):
        list_queue(session, journey.boss, now=journey.now)


def test_probation_is_shown_nobody_who_is_not_under_supervision(journey: Journey) -> None:
    """Having work to be offered, a letter or a job makes no released person known to an inspector; what
    was proposed under supervision still waits for the inspector, since nobody else may decide it."""
    session, probation, key = journey.session, journey.probation, journey.proposal.key
    args = {"now": journey.now}

    def list_shown() -> list[str]:
        lists = (
            list_queue(session, probation, states=tuple(PROPOSAL.states), **args),
            list_referrals(session, probation, states=tuple(REFERRAL.states), **args),
            list_placements(session, probation, **args),
        )
        return [row.key for rows in lists for row in rows]

    journey.candidate.status = "released"
    assert list_shown() == [key] and show_proposal(session, probation, key, **args)
    journey.candidate.status = "on_probation"
    referral = journey.issue()
    placement = journey.hire(referral)
    assert list_shown() == [key, referral.key, placement.key]
    journey.candidate.status = "released"
    assert list_shown() == []
    for show, found in (
        (show_proposal, key),
        (show_referral, referral.key),
        (show_placement, placement.key),
    ):
        with pytest.raises(NotFound):
            show(session, probation, found, **args)
        assert show(session, journey.staff, found, **args)


def test_a_proposal_on_one_screen(journey: Journey) -> None:
    session, key = journey.session, journey.proposal.key
    page = show_proposal(session, journey.probation, key, now=journey.now)
    assert (page.state, page.consent_state, page.banned_until) == ("proposed", None, None)
    assert [row.rule for row in page.rules] == ["minors"]
    assert {"profession", "hours", "workplace", "pay"} <= set(page.tested)
    assert (page.may_review, page.days_left, page.history) == (True, 3, ())
    send_back(session, journey.probation, key, Ruling(note="?"), now=journey.now)
    page = show_proposal(session, journey.staff, key, now=journey.now)
    assert [(r.decision, r.note) for r in page.history] == [("send_back", "?")]
    assert page.rules == ()
    assert [effect.code for effect in page.effects] == ["not_every_workplace"]
    assert MARKER not in str([page.rules, page.reasons, page.parts])


def test_a_proposal_names_the_next_best_option_and_its_score(journey: Journey) -> None:
    session, proposal = journey.session, journey.proposal
    other = make_vacancy(session, journey.employer, title="Слесарь")
    second = {"vacancy": other.key, "course": None, "behind": -40}
    proposal.reasons = [
        {"code": "hours_unknown", "params": {}},
        {"code": "runner_up", "params": second},
    ]
    page = show_proposal(session, journey.probation, proposal.key, now=journey.now)
    assert page.alternative == Alternative("Слесарь", journey.employer.name, 540)
    assert [mark["code"] for mark in page.reasons] == ["hours_unknown"]


LISTS = {
    "queue": lambda j: review_rows.list_queue(j.session, j.staff, now=j.now),
    "referrals": lambda j: referral_rows.list_referrals(j.session, j.boss, now=j.now),
    "placements": lambda j: list_placements(j.session, j.boss, now=j.now),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_three_asks_no_more_than_a_list_of_one(journey: Journey, name: str) -> None:
    numbers = []
    for _ in range(3):
        with count_queries(journey.session) as seen:
            rows = LISTS[name](journey)
        numbers.append((len(rows), len(seen)))
        journey.candidate = make_candidate(journey.session, journey.centre.id)
        journey.proposal = journey.propose(journey.candidate)
        if name == "referrals":
            journey.issue()
        if name == "placements":
            journey.hire()
    rows_by_turn, queries = zip(*numbers, strict=True)
    assert rows_by_turn[2] == rows_by_turn[0] + 2
    assert queries[1] == queries[2] <= 5


def due(journey: Journey, actor: Actor) -> dict[str, tuple[int, int]]:
    return {
        d.code: (d.number, d.late) for d in today.list_due(journey.session, actor, now=journey.now)
    }


def test_today_moves_on_with_every_step(journey: Journey) -> None:
    assert due(journey, journey.probation) == {"to_review": (1, 0)}
    assert due(journey, journey.staff) == {"with_probation": (1, 0)}
    assert due(journey, journey.boss) == {}
    journey.wait(4)
    assert due(journey, journey.probation) == {"to_review": (1, 1)}
    referral = journey.issue()
    assert due(journey, journey.staff) == {"with_employers": (1, 0)}
    assert due(journey, journey.boss) == {"to_answer": (1, 0)}
    journey.wait(6)
    assert due(journey, journey.boss) == {"to_answer": (1, 1)}
    answers.accept(journey.session, journey.boss, referral.key, now=journey.now)
    assert due(journey, journey.boss) == {"contracts": (1, 0)}
    journey.hire(referral)
    assert due(journey, journey.boss) == {}
    journey.wait(30)
    assert due(journey, journey.boss) == due(journey, journey.staff) == {"follow_ups": (1, 0)}
    assert due(journey, Actor(Role.CLERK, territory="/")) == {}


def test_today_names_the_consents_to_record_and_the_referrals_to_issue(journey: Journey) -> None:
    journey.consent()
    assert due(journey, journey.staff) == {"to_refer": (1, 0)}
    second = Journey(journey.session, journey.now)
    second.approve()
    assert due(second, second.staff) == {"consents_asked": (1, 0)}
