"""A seat on a course, taken or declined by the person on the own page."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from matching import enrolments
from matching.candidates import Candidate
from matching.codes import Purpose, issue_code
from matching.courses import Enrolment
from matching.seats import answer_day
from quota.rates import load_rates
from quota.rights import SYSTEM
from tests.factories import REGION, make_candidate, make_centre, make_course, make_place


@pytest.fixture
def person(fill) -> Candidate:
    with fill() as session:
        load_rates(session)
        return make_candidate(session, make_centre(session).id)


@pytest.fixture
def page(fill, person, now) -> str:
    with fill() as session:
        return f"/me/{issue_code(session, SYSTEM, person.key, Purpose.PAGE, now=now).text}"


def offer(fill, person: Candidate, now, **given) -> str:
    with fill() as session:
        course = make_course(session, person.centre_id, **given)
        return enrolments.offer(session, SYSTEM, course.key, person.key, now=now).key


def load(fill) -> Enrolment:
    with fill() as session:
        return session.scalars(select(Enrolment)).one()


@pytest.mark.parametrize(
    ("language", "said"),
    [("kk", "Орынды аламын"), ("ru", "Занять место"), ("en", "Take the seat")],
)
def test_an_offered_seat_is_shown_without_scripts(
    visit, fill, person, page, now, language, said
) -> None:
    offer(fill, person, now)
    phone = visit()
    phone.headers["accept-language"] = language
    shown = phone.get(page).text
    assert said in shown and "Сварщик, 2 разряд" in shown
    assert "<script" not in shown


def test_the_person_takes_the_seat_with_the_day_as_written_consent(
    visit, fill, person, page, now
) -> None:
    key, phone = offer(fill, person, now), visit()
    assert phone.submit(page, step="take_seat", seat=key).status_code == 303
    shown = phone.get(page).text
    assert "You took the seat." in shown
    assert "Take the seat" not in shown
    seat = load(fill)
    assert (seat.state, seat.consent_on, seat.consent_paper) == ("accepted", now.date(), "")
    assert phone.submit(page, step="take_seat", seat=key).status_code == 409


def test_the_person_declines_the_seat_and_says_why(visit, fill, person, page, now) -> None:
    key, phone = offer(fill, person, now), visit()
    for leaving in ("", "custody", "absence", "nosuch"):
        refused = phone.submit(page, step="decline_seat", seat=key, leaving=leaving)
        assert (refused.status_code, 'id="leaving-fault"' in refused.text) == (422, True)
    assert load(fill).state == "offered"
    done = phone.submit(page, step="decline_seat", seat=key, leaving="not_suited")
    assert done.status_code == 303
    assert "You declined the seat" in phone.get(page).text
    assert (load(fill).state, load(fill).reason) == ("left", "not_suited")
    assert phone.submit(page, step="take_seat", seat=key).status_code == 409


def test_a_course_in_another_district_waits_for_probation(visit, fill, person, page, now) -> None:
    with fill() as session:
        make_place(session, kato="196400000", path=f"{REGION}196400000/")
    key, phone = offer(fill, person, now, kato="196400000"), visit()
    shown = phone.get(page).text
    assert "probation has to consent first" in shown
    assert "Take the seat" not in shown and "Decline the seat" in shown
    assert phone.submit(page, step="take_seat", seat=key).status_code == 409


def test_the_last_day_to_answer_is_the_day_before_the_offer_ends(fill, person, now) -> None:
    offer(fill, person, now)
    with fill() as session:
        last = answer_day(session, session.scalars(select(Enrolment)).one())
        for day, ended in ((last, 0), (last + timedelta(days=1), 1)):
            then = now + timedelta(days=(day - now.date()).days)
            assert enrolments.expire_offers(session, SYSTEM, now=then) == ended


def test_nobody_answers_for_another(visit, fill, person, page, now) -> None:
    with fill() as session:
        other = make_candidate(session, person.centre_id)
    key, phone = offer(fill, other, now), visit()
    assert "Take the seat" not in phone.get(page).text
    assert phone.submit(page, step="take_seat", seat=key).status_code == 404
    given = {"step": "decline_seat", "leaving": "health"}
    assert phone.submit(page, seat=key, **given).status_code == 404
    assert load(fill).state == "offered"
