"""Employers as pages: the list with its filters and search, one page an employer, the form."""

from typing import Any

import pytest
from sqlalchemy import select

from quota.decrees import Decree, Line
from quota.employers import Employer
from quota.installation import mark_demonstration
from quota.places import load_places
from quota.rights import ACCOUNT_ROLES, SYSTEM, Role
from quota.slots import move_slot, open_slots
from tests.factories import make_account, make_centre, make_employer
from tests.quota.conftest import add_pledge

READERS = (Role.STAFF, Role.PROBATION, Role.PROSECUTOR, Role.EMPLOYER)
RECORD = {"identifier": "500340000004", "name": "ЖШС «Үлгі Құрылыс»", "place": "Талгар"}


@pytest.fixture
def desk(fill, sign_in, now) -> dict[str, Any]:
    """Staff of a centre with one employer that pledged four places, one of them filled."""
    with fill() as session:
        load_places(session)
        mark_demonstration(session)
        centre = make_centre(session)
        employer = make_employer(
            session, centre_id=centre.id, name="ТОО Береке", contact_phone="+7 700 111 22 33"
        )
        slots = open_slots(
            session, SYSTEM, employer, add_pledge(session, employer, now), count=4, now=now
        )
        for verb in ("reserve", "refer", "fill"):
            move_slot(session, SYSTEM, slots[0], verb, now=now, holder=("k", "probation"))
        decree = Decree(title="Act", akimat="A", territory="/190000000/", centre_id=centre.id)
        session.add(decree)
        session.flush()
        session.add(
            Line(decree_id=decree.id, employer_id=employer.id, category="released", stated=2)
        )
        account = make_account(session, Role.STAFF, centre_id=centre.id, locale="en")
    return {"employer": employer, "centre": centre, "staff": sign_in(account)}


def test_the_list_leads_to_each_employer_with_its_figures(desk) -> None:
    text = desk["staff"].get("/employers").text
    assert f'href="/employers/{desk["employer"].key}"' in text
    assert "ТОО Береке" in text and "1 employer" in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("district=196200000", True),
        ("district=750000000", False),
        ("basis=subsidy", False),
        ("attention=open", True),
        ("attention=unfilled", False),
        ("attention=unmet&order=met", True),
        ("order=open", True),
        ("page=99", True),
    ],
)
def test_filters_stay_in_the_address_and_a_swap_equals_a_reload(desk, query, found) -> None:
    whole = desk["staff"].get(f"/employers?{query}")
    assert whole.status_code == 200
    assert ("ТОО Береке" in whole.text) is found
    swapped = desk["staff"].swap(f"/employers?{query}").text
    assert swapped.strip() in whole.text and "<html" not in swapped


def test_an_unknown_filter_is_refused(desk) -> None:
    assert desk["staff"].get("/employers?order=bad").status_code == 422


@pytest.mark.parametrize(
    ("phrase", "found"),
    [("береке", True), ("BEREKE", True), ("0000400", True), ("4000", False), ("жоқ", False)],
)
def test_a_name_or_number_is_searched_by_post_and_never_in_an_address(desk, phrase, found) -> None:
    answer = desk["staff"].submit("/employers", phrase=phrase)
    assert answer.status_code == 200
    assert ("ТОО Береке" in answer.text) is found


def test_a_page_shows_places_papers_and_history(desk) -> None:
    text = desk["staff"].get(f"/employers/{desk['employer'].key}").text
    assert text.count('data-state="filled" data-tone="kept" href=') == 1
    assert text.count('data-state="open" data-tone="plain" href=') == 3
    assert "released from prison" in text and "places opened" in text


def test_an_employer_is_entered_and_changed(desk, fill) -> None:
    staff = desk["staff"]
    answer = staff.submit("/employers/new", **RECORD, headcount="84", locale="kk")
    assert answer.status_code == 303, answer.text
    page = answer.headers["location"]
    assert "The employer is entered." in staff.get(page).text
    assert 'value="84"' in staff.get(f"{page}/edit").text
    changed = {"name": "ЖШС «Үлгі»", "place": "Талғар қ. (196220100)", "locale": "ru"}
    assert staff.submit(f"{page}/edit", **changed).status_code == 303
    with fill() as session:
        employer = session.scalars(select(Employer).where(Employer.key == page[11:])).one()
        assert (employer.name, employer.kato, employer.headcount) == (
            "ЖШС «Үлгі»",
            "196220100",
            None,
        )
        assert employer.territory == "/190000000/196200000/196220000/196220100/"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"identifier": "500340000005"}, "control digit"),
        ({"identifier": "12"}, "welve digits"),
        ({"name": " "}, "Fill this in."),
        ({"place": "Нигде"}, "place"),
        ({"headcount": "много"}, "whole number"),
        ({"headcount": "-1"}, "below zero"),
        ({"locale": "de"}, "Choose one"),
        ({"notes": "\x00"}, "cannot be stored"),
    ],
)
def test_what_does_not_fit_is_said_and_kept(desk, fill, given, said) -> None:
    answer = desk["staff"].submit("/employers/new", **{**RECORD, "locale": "kk", **given})
    assert answer.status_code == 422
    assert said in answer.text
    with fill() as session:
        assert len(session.scalars(select(Employer)).all()) == 1


def test_a_likely_duplicate_is_shown_first_and_entered_when_it_is_another(desk) -> None:
    again = {**RECORD, "name": "Береке ЖШС", "contact_phone": "8 700 1112233", "locale": "kk"}
    answer = desk["staff"].submit("/employers/new", **again)
    assert answer.status_code == 422
    assert "This may be entered already" in answer.text
    assert "same name, same telephone" in answer.text
    assert desk["staff"].submit("/employers/new", **again, different="1").status_code == 303
    assert desk["staff"].submit("/employers/new", **again, different="1").status_code == 422


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_each_role_comes_as_far_as_its_right(desk, sign_in, role: Role) -> None:
    visitor, page = sign_in(role), f"/employers/{desk['employer'].key}"
    assert visitor.get("/employers").status_code == (200 if role in READERS else 403)
    inside = role in (Role.PROBATION, Role.PROSECUTOR)
    expected = 200 if inside else 404 if role in READERS else 403
    assert visitor.get(page).status_code == expected
    assert ("ТОО Береке" in visitor.get("/employers").text) is inside
    edits = 404 if role is Role.STAFF else 403
    assert visitor.get(f"{page}/edit").status_code == edits
    assert visitor.submit(f"{page}/edit", **RECORD).status_code == edits
    assert visitor.get("/employers/new").status_code == (200 if role is Role.STAFF else 403)
    assert visitor.get("/employers/nothing").status_code == (404 if role in READERS else 403)


def test_an_employer_sees_its_own_page_without_the_centre_s_notes(desk, fill, sign_in) -> None:
    with fill() as session:
        employer = session.get_one(Employer, desk["employer"].id)
        employer.notes = "slow to answer"
        account = make_account(session, Role.EMPLOYER, employer_id=employer.id, locale="en")
    text = sign_in(account).get(f"/employers/{desk['employer'].key}").text
    assert "slow to answer" not in text and "Meetings and calls" not in text
    assert "Merge" not in text


def test_a_longer_list_needs_no_more_queries(desk, fill, count_queries) -> None:
    with count_queries() as one:
        desk["staff"].get("/employers")
    with fill() as session:
        for _ in range(2):
            make_employer(session, centre_id=desk["centre"].id)
    with count_queries() as three:
        desk["staff"].get("/employers")
    assert len(one) == len(three)
