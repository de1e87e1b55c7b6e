"""Vacancies as pages: written, their profession confirmed, listed, paused, withdrawn, copied."""

from typing import Any

import pytest
from sqlalchemy import select

from quota.places import load_places
from quota.rates import MINIMUM_WAGE, Rate, load_rates
from quota.rights import ACCOUNT_ROLES, SYSTEM, Role
from quota.slots import Slot, Source, list_listed, open_slots
from quota.vacancies import Vacancy
from tests.factories import make_account, make_centre, make_employer
from tests.quota.conftest import add_pledge

JOB = {"title": "эл.сварщик", "place": "Талгар", "pay_from": "180 000", "pay_to": "240000"}


@pytest.fixture
def desk(fill, sign_in, now) -> dict[str, Any]:
    """A centre's staff, an employer with three pledged places, and its account."""
    with fill() as session:
        load_places(session)
        load_rates(session)
        centre = make_centre(session)
        employer = make_employer(session, centre_id=centre.id)
        open_slots(session, SYSTEM, employer, add_pledge(session, employer, now), count=3, now=now)
        staff = make_account(session, Role.STAFF, centre_id=centre.id, locale="en")
        own = make_account(session, Role.EMPLOYER, employer_id=employer.id, locale="en")
    return {"employer": employer, "staff": sign_in(staff), "own": sign_in(own)}


def write(desk: dict[str, Any], who: str = "staff", **given: str) -> str:
    answer = desk[who].submit("/vacancies/new", employer=desk["employer"].key, **{**JOB, **given})
    assert answer.status_code == 303, answer.text
    location: str = answer.headers["location"]
    return location.removesuffix("/profession")


def confirm(desk: dict[str, Any], page: str) -> None:
    answer = desk["staff"].submit(f"{page}/profession", isco08="7212")
    assert answer.status_code == 303, answer.text


def vacancy_of(fill, page: str) -> Vacancy:
    with fill() as session:
        return session.scalars(select(Vacancy).where(Vacancy.key == page.split("/")[-1])).one()


@pytest.mark.parametrize("who", ["staff", "own"])
def test_a_vacancy_goes_from_a_typed_title_to_the_list(desk, fill, who: str) -> None:
    page = write(desk, who)
    visitor = desk[who]
    offered = visitor.get(f"{page}/profession").text
    assert "7212" in offered and "of 100" in offered
    assert visitor.submit(f"{page}/profession", isco08="7212").status_code == 303
    answer = visitor.submit(page, step="list", any="2", beyond="1")
    assert answer.status_code == 303, answer.text
    shown = visitor.get(page).text
    assert shown.count('<li><a class="place" data-state="open"') == 3
    assert "180,000" in shown and "listed" in shown
    assert "эл.сварщик" in visitor.get("/vacancies").text


def test_the_steps_of_its_life(desk, fill) -> None:
    page, staff = write(desk), desk["staff"]
    confirm(desk, page)
    staff.submit(page, step="list", any="3")
    for step, state in (("pause", "paused"), ("resume", "listed"), ("withdraw", "withdrawn")):
        assert staff.submit(page, step=step, reason="no more orders").status_code == 303
        assert vacancy_of(fill, page).state == state
    with fill() as session:
        assert list_listed(session, vacancy_of(fill, page).id) == []
    assert staff.submit(page, step="undo_withdraw").status_code == 303
    with fill() as session:
        assert len(list_listed(session, vacancy_of(fill, page).id)) == 3
    assert staff.submit(page, step="renew", expires_on="2027-01-31").status_code == 303
    copied = staff.submit(page, step="copy").headers["location"]
    assert copied != page and vacancy_of(fill, copied).state == "draft"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"pay_from": "84999", "pay_to": ""}, "minimum wage of 85,000"),
        ({"pay_from": "190000", "pay_to": "180000"}, "below the lower"),
        ({"title": ""}, "Fill this in."),
        ({"place": "Атлантида"}, "place"),
        ({"shift0_days": "1", "shift0_start": "8 утра"}, "08:00"),
        ({"regime": "never"}, "Choose one"),
        ({"experience_years": "70"}, "from 0 to 50"),
    ],
)
def test_what_does_not_fit_is_said_beside_the_field(desk, given: dict[str, str], said: str) -> None:
    answer = desk["staff"].submit(
        "/vacancies/new", employer=desk["employer"].key, **{**JOB, **given}
    )
    assert answer.status_code == 422
    assert said in answer.text
    assert "эл.сварщик" in answer.text or "title" in given


def test_a_new_title_has_to_be_confirmed_again(desk, fill) -> None:
    page = write(desk)
    assert desk["staff"].submit(f"{page}/profession", isco08="7212-01").status_code == 303
    assert '<span class="code">7212-01</span>' in desk["staff"].get(page).text
    assert 'value="7212-01"' in desk["staff"].get(f"{page}/profession").text
    for wrong in ("7212-", "9999", "7212-x", "7212-01-02-03"):
        assert desk["staff"].submit(f"{page}/profession", isco08=wrong).status_code == 422
    assert (vacancy_of(fill, page).isco08, vacancy_of(fill, page).isco08_suffix) == ("7212", "01")
    changed = {**JOB, "title": "токарь"}
    assert desk["staff"].submit(f"{page}/edit", **changed).status_code == 303
    assert (vacancy_of(fill, page).isco08, vacancy_of(fill, page).isco08_suffix) == (None, "")
    assert "Confirm the profession" in desk["staff"].get(page).text


def test_wording_that_turns_people_away_is_shown_and_not_refused(desk) -> None:
    page = write(desk, duties="Сварка труб. Без судимости.")
    assert "a criminal record" in desk["staff"].get(page).text


def test_too_many_places_are_refused_and_nothing_changes(desk, fill) -> None:
    page = write(desk)
    confirm(desk, page)
    assert desk["staff"].submit(page, step="list", any="4").status_code == 409
    assert desk["staff"].submit(page, step="list").status_code == 422
    assert desk["staff"].submit(page, step="explode").status_code == 422
    assert vacancy_of(fill, page).state == "draft"


def test_places_of_any_category_that_is_owed_can_be_listed(desk, fill, now) -> None:
    with fill() as session:
        pattern = add_pledge(session, desk["employer"], now)
        pattern.category = "disabled"
        open_slots(session, SYSTEM, desk["employer"], pattern, count=1, now=now)
    page = write(desk)
    confirm(desk, page)
    assert 'name="disabled"' in desk["staff"].get(page).text
    assert 'name="disabled"' not in desk["own"].get(page).text
    assert desk["staff"].submit(page, step="list", disabled="1").status_code == 303
    with fill() as session:
        vacancy = session.scalars(select(Vacancy).where(Vacancy.key == page.split("/")[-1])).one()
        assert [slot.category for slot in list_listed(session, vacancy.id)] == ["disabled"]


def test_a_draft_whose_pay_fell_behind_the_minimum_wage_is_not_listed(desk, fill, now) -> None:
    page = write(desk, pay_from="85 000", pay_to="85 000")
    confirm(desk, page)
    with fill() as session:
        session.add(Rate(code=MINIMUM_WAGE, valid_from=now.date(), value=95_000, act="an act"))
    answer = desk["staff"].submit(page, step="list", any="1")
    assert answer.status_code == 422 and "95,000" in answer.text
    assert vacancy_of(fill, page).state == "draft"


def test_an_employer_s_page_names_no_category(desk, fill, now) -> None:
    with fill() as session:
        pattern = Slot(source=Source.BEYOND, category="probation")
        open_slots(session, SYSTEM, desk["employer"], pattern, count=1, now=now)
    page = write(desk, "own")
    desk["own"].submit(f"{page}/profession", isco08="7212")
    for address in (page, "/vacancies", f"{page}/edit"):
        text = desk["own"].get(address).text.casefold()
        assert "probation" not in text and "prison" not in text


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_each_role_comes_as_far_as_its_right(desk, sign_in, role: Role) -> None:
    page, visitor = write(desk), sign_in(role)
    readers = (Role.STAFF, Role.EMPLOYER, Role.PROBATION, Role.PROSECUTOR)
    inside = role in (Role.PROBATION, Role.PROSECUTOR)
    assert visitor.get("/vacancies").status_code == (200 if role in readers else 403)
    expected = 200 if inside else 404 if role in readers else 403
    assert visitor.get(page).status_code == expected
    may_edit = role in (Role.STAFF, Role.EMPLOYER)
    for address in (page, f"{page}/edit", f"{page}/profession"):
        assert visitor.submit(address, step="pause", **JOB).status_code == (
            404 if may_edit else 403
        )
    assert visitor.get(f"{page}/edit").status_code == (404 if may_edit else 403)


def test_filters_stay_in_the_address_and_a_swap_equals_a_reload(desk) -> None:
    page, staff = write(desk), desk["staff"]
    confirm(desk, page)
    staff.submit(page, step="list", any="1")
    write(desk, title="сторож")
    assert "сторож" not in staff.get("/vacancies?state=listed").text
    assert "эл.сварщик" in staff.get("/vacancies?profession=72&district=196200000").text
    assert "No vacancy fits." in staff.get("/vacancies?profession=9").text
    swapped = staff.swap("/vacancies?state=listed&category=released").text
    assert swapped.strip() in staff.get("/vacancies?state=listed&category=released").text
    assert staff.get("/vacancies?order=bad").status_code == 422


def test_a_longer_list_needs_no_more_queries(desk, app, count_queries) -> None:
    write(desk)
    with count_queries() as one:
        desk["staff"].get("/vacancies")
    for number in range(2):
        write(desk, title=f"сторож {number}")
    with count_queries() as three:
        desk["staff"].get("/vacancies")
    assert len(one) == len(three)
