"""Erasing: nothing that was written freely about a person is left, nor the numbers of the person's papers.
Blocking: no employer is told of the person while it lasts."""

import pytest
from sqlalchemy import String, select

from app.schema import METADATA
from matching import privacy, referrals, reviews
from matching.disclosures import see_person
from matching.letters import print_letter
from matching.placement_rows import IN_WORK, list_placements, show_placement
from matching.referral_rows import list_referrals, show_referral
from matching.reviews import Review, Ruling
from matching.viewers import list_viewers
from quota.errors import NotFound, WrongState
from quota.rights import Actor, Role
from tests.factories import make_account, make_candidate
from tests.matching.journey import Journey

OFFICER = Actor(Role.OFFICER)


def test_every_free_text_about_a_person_is_emptied_or_kept_for_a_reason() -> None:
    kept = {
        *("identities", "personal_codes", "name_tokens"),  # destroyed, ended
        "placements.contract_number",  # the firm's paper, by which an inspection counts the place as filled
        "placements.address",  # the workplace
        "placement_moves.post",  # the firm's post
        "referrals.territory",
        "placements.territory",
    }
    emptied = {
        f"{table.__tablename__}.{name}"
        for table, values in privacy.EMPTIED.items()
        for name in values
    }
    links = {"candidate_id", "proposal_id", "placement_id"}
    free = {
        f"{table.name}.{column.name}"
        for table in METADATA.sorted_tables
        if links & set(table.c.keys()) and table.name not in kept
        for column in table.c
        if isinstance(column.type, String) and (column.type.length or 1000) > 40
    }
    assert free - kept - emptied == set()
    assert emptied - free == {"surveys.answers", "surveys.second"}


def test_what_was_written_in_a_review_goes_with_the_person(session, now) -> None:
    journey = Journey(session, now)
    ruling = Ruling(note="Мұхаммедәлиева сенімді", note_for_person="Гүлжан, келіңіз")
    reviews.approve(session, journey.probation, journey.proposal.key, ruling, now=now)
    other = journey.propose(make_candidate(session, journey.centre.id))
    reviews.approve(session, journey.probation, other.key, ruling, now=now)
    privacy.erase(session, OFFICER, journey.candidate.key, reason="өтініш № 4", now=now)
    left = session.execute(select(Review.note, Review.note_for_person).order_by(Review.id)).all()
    assert left == [("", ""), (ruling.note, ruling.note_for_person)]


def test_no_employer_is_told_of_a_blocked_person(session, now) -> None:
    journey = Journey(session, now)
    journey.consent()
    staff, boss, candidate = journey.staff, journey.boss, journey.candidate
    privacy.block(session, staff, candidate.key, reason="өтініш № 5", now=now)
    with pytest.raises(WrongState, match="blocked"):
        referrals.issue(session, staff, journey.proposal.key, now=now)
    assert journey.slot.state == "reserved"
    privacy.unblock(session, staff, candidate.key, reason="шешілді", now=now)
    referral = referrals.issue(session, staff, journey.proposal.key, now=now)

    def list_told() -> list[str]:
        shown = [*list_referrals(session, boss, now=now)]
        shown.append(show_referral(session, boss, referral.key, now=now))
        seen = see_person(session, boss, referral.key, now=now)
        offices = [one.role for one in list_viewers(session, candidate)]
        firm = [role for role in offices if role == Role.EMPLOYER]
        return [*(row.name for row in shown), seen.first_name if seen else "", *firm]

    make_account(session, Role.EMPLOYER, employer_id=journey.employer.id)
    name = "Айгерім"
    assert list_told() == [name, name, name, "employer"]
    assert referrals.find_by_answer_code(session, referral.answer_code)[0] is referral
    privacy.block(session, staff, candidate.key, reason="өтініш № 6", now=now)
    assert list_told() == ["", "", ""]
    with pytest.raises(WrongState, match="blocked"):
        print_letter(session, staff, referral.key, form="pdf", now=now)
    with pytest.raises(NotFound):
        referrals.find_by_answer_code(session, referral.answer_code)
    assert list_referrals(session, staff, now=now)[0].name.startswith("Сапарова")


def test_no_employer_reads_the_name_of_a_blocked_person_at_work(session, now) -> None:
    journey = Journey(session, now)
    journey.bring("hired")
    staff, boss, candidate = journey.staff, journey.boss, journey.candidate

    def list_told(actor: Actor) -> list[tuple[str, bool]]:
        rows = list_placements(session, actor, states=("hired", *IN_WORK), now=now)
        rows.append(show_placement(session, actor, rows[0].key, now=now))
        return [(row.name, row.withheld) for row in rows]

    assert list_told(boss) == [("Айгерім", False)] * 2
    privacy.block(session, staff, candidate.key, reason="өтініш № 7", now=now)
    assert list_told(boss) == [("", True)] * 2
    assert all(name.startswith("Сапарова") for name, _ in list_told(staff))
    privacy.unblock(session, staff, candidate.key, reason="шешілді", now=now)
    assert list_told(boss) == [("Айгерім", False)] * 2
