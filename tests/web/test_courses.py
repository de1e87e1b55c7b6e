"""Courses in pages: entered, filled, attended, finished, left, called off."""

import pytest
from sqlalchemy import select

from matching.candidates import Candidate
from matching.courses import Course, Enrolment
from matching.identities import Person
from quota.rates import load_rates
from quota.rights import ACCOUNT_ROLES, Role
from tests.factories import (
    REGION,
    make_account,
    make_candidate,
    make_centre,
    make_course,
    make_employer,
    make_place,
)


@pytest.fixture
def person(fill) -> Candidate:
    with fill() as session:
        load_rates(session)
        return make_candidate(
            session,
            make_centre(session).id,
            person=Person("Сейітқали", "Дәурен"),
            retraining_isco08="7212",
        )


@pytest.fixture
def course(fill, person) -> Course:
    from datetime import date

    with fill() as session:
        return make_course(session, person.centre_id, starts_on=date(2026, 11, 16))


@pytest.fixture
def staff(sign_in, fill, person):
    with fill() as session:
        account = make_account(session, Role.STAFF, centre_id=person.centre_id, locale="en")
    return sign_in(account)


def seat_of(fill) -> Enrolment:
    with fill() as session:
        return session.scalars(select(Enrolment)).one()


def test_a_course_is_entered_and_listed(staff, person, fill) -> None:
    assert staff.get("/courses/new").status_code == 200
    given = {"title": "Дәнекерлеуші", "provider": "Колледж", "isco08": "7212"}
    given |= {"kato": person.kato, "seats": "10", "starts_on": "2026-12-01"}
    wrong = staff.submit("/courses/new", ends_on="2026-11-01", **given)
    assert wrong.status_code == 422
    with fill() as session:
        firm = make_employer(session, centre_id=person.centre_id, name="ТОО «Өріс»")
    given |= {"ends_on": "2027-02-01", "payer": "voucher"}
    unknown = staff.submit("/courses/new", identifier="500340000004", **given)
    assert unknown.status_code == 422
    entered = staff.submit("/courses/new", identifier=firm.identifier, **given)
    assert entered.status_code == 303
    assert "Дәнекерлеуші" in staff.get("/courses").text
    shown = staff.get(entered.headers["location"]).text
    assert "a voucher" in shown and "ТОО «Өріс»" in shown
    assert staff.submit("/courses/new", **given | {"payer": "nobody"}).status_code == 422


def test_a_seat_from_offer_to_certificate(staff, person, course, fill) -> None:
    address = f"/courses/{course.key}"
    assert "Сейітқали Дәурен" in staff.get(address).text
    assert staff.submit(address, step="offer", person=person.key).status_code == 303
    key = seat_of(fill).key
    assert staff.submit(address, step="accept", seat=key, on="2026-11-20").status_code == 422
    taken = {"seat": key, "on": "2026-11-20", "paper": "С-5"}
    assert staff.submit(address, step="accept", **taken).status_code == 303
    assert staff.submit(address, step="attend", seat=key).status_code == 303
    marked = staff.submit(address, step="mark", day="2026-11-20", present=[key])
    assert marked.status_code == 303
    assert "1 of 1" in staff.get(address).text
    assert staff.submit(address, step="complete", seat=key, paper="СВ-9").status_code == 303
    assert "СВ-9" in staff.get(address).text
    assert staff.submit(address, step="undo", seat=key, paper="қате").status_code == 303
    assert seat_of(fill).state == "attending"
    assert staff.submit(address, step="leave", seat=key, reason="").status_code == 422
    assert staff.submit(address, step="leave", seat=key, reason="health").status_code == 303
    assert seat_of(fill).state == "left"


def test_a_course_is_called_off(staff, person, course, fill) -> None:
    address = f"/courses/{course.key}"
    staff.submit(address, step="offer", person=person.key)
    assert staff.submit(address, step="cancel", reason="too_few").status_code == 303
    assert "too few people" in staff.get(address).text
    assert seat_of(fill).state == "course_cancelled"
    assert staff.submit(address, step="cancel", reason="too_few").status_code == 409


def test_probation_consents_to_study_in_another_district(staff, sign_in, person, fill) -> None:
    with fill() as session:
        make_place(session, kato="196400000", path=f"{REGION}196400000/")
        far = make_course(session, person.centre_id, kato="196400000")
    address = f"/courses/{far.key}"
    staff.submit(address, step="offer", person=person.key)
    assert "waits for probation" in staff.get(address).text
    inspector = sign_in(Role.PROBATION)
    assert "Record the consent" in inspector.get(address).text
    given = {"seat": seat_of(fill).key, "on": "2026-11-20", "paper": "П-1"}
    assert inspector.submit(address, step="permit", **given).status_code == 303
    assert staff.submit(address, step="accept", **given).status_code == 303


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_other_roles_and_centres_are_kept_out(sign_in, course, person, role: Role) -> None:
    visitor = sign_in(role)
    reads = role in (Role.STAFF, Role.PROBATION)
    assert visitor.get("/courses").status_code == (200 if reads else 403)
    shown = visitor.get(f"/courses/{course.key}")
    assert shown.status_code == {Role.STAFF: 404, Role.PROBATION: 200}.get(role, 403)
    assert visitor.get("/courses/new").status_code == (200 if role is Role.STAFF else 403)
    tried = visitor.submit(f"/courses/{course.key}", step="cancel", reason="too_few")
    assert tried.status_code == (404 if role is Role.STAFF else 403)


def test_lists_ask_as_much_for_many_as_for_one(staff, course, person, fill, count_queries) -> None:
    staff.submit(f"/courses/{course.key}", step="offer", person=person.key)
    with count_queries() as one:
        staff.get("/courses")
        staff.get(f"/courses/{course.key}")
    with fill() as session:
        make_course(session, person.centre_id)
        others = [make_candidate(session, person.centre_id).key for _ in range(2)]
    for key in others:
        staff.submit(f"/courses/{course.key}", step="offer", person=key)
    with count_queries() as many:
        staff.get("/courses")
        staff.get(f"/courses/{course.key}")
    assert len(one) == len(many)
