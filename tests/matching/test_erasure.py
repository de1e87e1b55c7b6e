"""Erasing: nothing that was written freely about a person is left, nor the numbers of the person's papers."""

from sqlalchemy import String, select

from app.schema import METADATA
from matching import privacy, reviews
from matching.reviews import Review, Ruling
from quota.rights import Actor, Role
from tests.factories import make_candidate
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
