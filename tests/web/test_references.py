"""Reference books as pages: rates, travel times, moved days, and where places lie."""

from typing import Any

import pytest
from sqlalchemy import select

from quota.places import Place, PlaceFilter, TravelTime, count_places, load_places
from quota.rates import Rate
from quota.rights import ACCOUNT_ROLES, Role
from tests.factories import make_account, make_candidate, make_employer, make_vacancy
from tests.visits import Visitor


@pytest.fixture
def staff(fill, sign_in) -> Visitor:
    with fill() as session:
        load_places(session)
    return sign_in(Role.STAFF)


def send(visitor: Visitor, path: str, **data: Any) -> None:
    answer = visitor.submit(path, **data)
    assert answer.status_code == 303, answer.text


def one(fill, table: Any, **where: Any) -> Any:
    with fill() as session:
        return session.scalars(select(table).filter_by(**where)).one()


def test_reference_books_are_closed_to_employers_and_edited_by_the_office(
    staff, fill, sign_in
) -> None:
    rate = {"code": "minimum_wage", "valid_from": "2027-01-01", "value": "92000", "unit": "tenge"}
    assert staff.submit("/reference", step="rate", **rate).status_code == 422
    send(staff, "/reference", step="rate", **rate, act="Law on the budget for 2027")
    assert one(fill, Rate, value=92_000).act == "Law on the budget for 2027"
    time = {"start": "Талгар", "end": "Конаев", "means": "bus", "minutes": "70"}
    send(staff, "/reference", step="time", **time)
    day = {"day": "2026-12-12", "works": "yes", "act": "No. 1"}
    send(staff, "/reference", step="day", **day)
    shown = staff.get("/reference").text
    assert "92,000" in shown and 'value="70"' in shown and "12 Dec 2026" in shown
    key = shown.split('name="key" value="')[1].split('"')[0]
    send(staff, "/reference", step="change_time", key=key, minutes="65")
    assert one(fill, TravelTime, from_kato="191010000").minutes == 65
    wrong = staff.submit("/reference", step="change_time", key=key, minutes="soon")
    assert (wrong.status_code, "Write a whole number" in wrong.text) == (422, True)
    assert staff.submit("/reference", step="change_time", key="x", minutes="5").status_code == 404
    send(staff, "/reference", step="remove_time", key=key)
    send(staff, "/reference", step="remove_day", day="2026-12-12")
    assert "No travel time is recorded yet." in staff.get("/reference").text
    for role in ACCOUNT_ROLES:
        visitor = sign_in(role)
        read = 403 if role is Role.EMPLOYER else 200
        assert visitor.get("/reference").status_code == read
        edits = role in (Role.STAFF, Role.ADMINISTRATOR)
        status = visitor.submit("/reference", step="day", **day).status_code
        assert status == (303 if edits else 403)


ONLY = "only the district&#39;s centre is known"
TOWN = "196220100"


def test_where_a_place_lies_is_told_and_what_stands_in_for_it(staff, fill) -> None:
    with fill() as session:
        lost = session.scalars(
            select(Place).where(~Place.located, Place.lat.is_not(None), Place.path.like("/19%/%"))
        ).first()
        assert lost is not None
        lost_kato, district = lost.kato, lost.district_kato
        count = count_places(session, "/190000000/", PlaceFilter(point="district"))
    all_of_it = staff.get("/reference/places").text
    assert "Page 1 of" in all_of_it
    found = staff.get(f"/reference/places?district={district}&point=district").text
    assert lost_kato in found and ONLY in found
    assert f"{lost.lat:.4f}, {lost.lon:.4f}" in found
    own = staff.get("/reference/places?district=196200000&point=own").text
    assert TOWN in own and "its own</span>" in own
    assert "No place fits." in staff.get("/reference/places?district=750000000&point=none").text
    assert count > 0
    part = staff.swap("/reference/places?point=own")
    assert part.text.strip().startswith('<div id="rows">')
    assert part.text.strip() in staff.get("/reference/places?point=own").text


def test_a_place_without_a_point_of_its_own_says_so_wherever_its_distance_counts(
    staff, fill, sign_in
) -> None:
    centre_id = staff.account.centre_id
    with fill() as session:
        lost = session.scalars(select(Place).where(~Place.located, Place.lat.is_not(None))).first()
        assert lost is not None
        lost.path = f"/190000000/196200000/{lost.kato}/"
        firm = make_employer(session, centre_id=centre_id, kato=lost.kato, territory=lost.path)
        job = make_vacancy(session, firm, sites=[{"kato": lost.kato, "address": "1"}])
        person = make_candidate(session, centre_id, kato=lost.kato)
        own = make_account(session, Role.EMPLOYER, employer_id=firm.id, locale="en")
    assert ONLY in staff.get(f"/employers/{firm.key}").text
    assert staff.get(f"/vacancies/{job.key}").text.count(ONLY) == 2
    assert ONLY in staff.get(f"/candidates/{person.key}").text
    assert ONLY not in sign_in(own).get(f"/vacancies/{job.key}").text


def test_unit_groups_are_listed_with_the_national_codes_below_them(staff, fill) -> None:
    with fill() as session:
        firm = make_employer(session)
        for suffix in ("02", "01-003", "01-003", ""):
            make_vacancy(session, firm, isco08_suffix=suffix)
    welders = staff.get("/reference/occupations?major=7&page=1").text
    assert "7212-01-003, 7212-02<" in welders and "Welders" in welders
    assert "0110" in staff.get("/reference/occupations").text
    assert "7212" not in staff.swap("/reference/occupations?major=8").text
